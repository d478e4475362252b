"""views.*: triggers, stacks, hashes and Homes."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground import Playground, Workspace
from tests.playground.conftest import Api, Json, field, modal, plain, section, user_id

HOME = {"type": "home", "blocks": [section("Hello")]}
NOTE = field("note", {"type": "plain_text_input"}, optional=True)


@pytest.fixture
def trigger(slack: Playground, acme: Workspace) -> str:
    return slack.triggers.issue(acme.id, user_id(acme, "ada"), "C1")


def another(slack: Playground, acme: Workspace) -> str:
    return slack.triggers.issue(acme.id, user_id(acme, "ada"))


class TestTriggers:
    def test_one_opens_one_form(self, api: Api, slack: Playground, trigger: str) -> None:
        opened = api("views.open", trigger_id=trigger, view=modal(external_id="x"))["view"]

        assert slack.as_("ada").modal
        assert slack.as_("bob").modal is None
        assert (opened["external_id"], opened["state"]["values"], opened["root_view_id"]) == ("x", {}, opened["id"])
        assert api("views.open", trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"

    def test_it_lives_three_seconds(self, api: Api, slack: Playground, trigger: str) -> None:
        slack.clock.advance(timedelta(seconds=3.1))

        assert api("views.open", trigger_id=trigger, view=modal())["error"] == "expired_trigger_id"

    def test_the_unknown_and_the_foreign_are_invalid(self, api: Api, slack: Playground, trigger: str) -> None:
        other = slack.add_workspace("Other", ["eve"])
        foreign = slack.triggers.issue(other.id, user_id(other, "eve"))

        assert api("views.open", trigger_id="1.2", view=modal())["error"] == "invalid_trigger_id"
        assert api("views.open", trigger_id=foreign, view=modal())["error"] == "invalid_trigger_id"
        assert api("views.open", view=modal())["error"] == "invalid_arguments"

    def test_old_ones_are_forgotten(self, slack: Playground, acme: Workspace, trigger: str, api: Api) -> None:
        for _ in range(1000):
            another(slack, acme)

        assert api("views.open", trigger_id=trigger, view=modal())["error"] == "invalid_trigger_id"


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (None, "invalid_arguments"),
        ("{", "invalid_arguments"),
        ("[]", "invalid_arguments"),
        (modal(title=plain("x" * 25)), "invalid_arguments"),
        (HOME, "invalid_arguments"),
        (modal(*[section("ä" * 3000)] * 50), "view_too_large"),
    ],
)
def test_a_form_that_breaks_a_limit_is_refused(api: Api, trigger: str, view: Any, error: str) -> None:
    answer = api("views.open", trigger_id=trigger, view=view)

    assert answer["error"] == error


def test_the_problem_is_named_with_its_place(api: Api, trigger: str) -> None:
    answer = api("views.open", trigger_id=trigger, view=modal(section("x" * 3001)))

    expected = "[ERROR] must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]"
    assert answer["response_metadata"]["messages"] == [expected]


class TestPush:
    def test_three_is_the_height_of_the_stack(self, api: Api, slack: Playground, acme: Workspace, trigger: str) -> None:
        first = api("views.open", trigger_id=trigger, view=modal())["view"]
        second = api("views.push", trigger_id=another(slack, acme), view=modal())["view"]
        api("views.push", trigger_id=another(slack, acme), view=modal())

        assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
        assert api("views.push", trigger_id=another(slack, acme), view=modal())["error"] == "push_limit_reached"

    def test_there_must_be_a_form_to_push_upon(self, api: Api, trigger: str) -> None:
        assert api("views.push", trigger_id=trigger, view=modal())["error"] == "not_found"


class TestUpdate:
    @pytest.fixture
    def view(self, api: Api, trigger: str) -> Json:
        found: Json = api("views.open", trigger_id=trigger, view=modal(NOTE, external_id="mine"))["view"]
        return found

    def test_it_finds_the_view_by_either_id(self, api: Api, slack: Playground, view: Json) -> None:
        assert api("views.update", view_id=view["id"], view=modal(section("A")))["ok"]
        assert api("views.update", external_id=view["id"], view=modal(section("B")))["view"]["id"] == view["id"]
        form = slack.as_("ada").modal
        assert form
        assert form.shown == "Form\nB"

    def test_what_was_typed_stays_where_both_ids_stay(self, api: Api, slack: Playground, view: Json) -> None:
        ada = slack.as_("ada")
        ada.fills(note="typed")
        kept = api("views.update", view_id=view["id"], view=modal(NOTE, section("More")))["view"]
        lost = api("views.update", view_id=view["id"], view=modal(NOTE | {"block_id": "other"}))["view"]

        assert kept["state"]["values"]["note"]["note"]["value"] == "typed"
        assert lost["state"]["values"] == {"other": {"note": {"type": "plain_text_input", "value": None}}}

    def test_the_hash_is_that_of_the_last_version(self, api: Api, view: Json) -> None:
        assert api("views.update", view_id=view["id"], view=modal(), hash=view["hash"])["ok"]
        assert api("views.update", view_id=view["id"], view=modal(), hash=view["hash"])["error"] == "hash_conflict"

    def test_it_is_refused(self, api: Api, slack: Playground, view: Json) -> None:
        assert api("views.update", view=modal())["error"] == "invalid_arguments"
        assert api("views.update", view_id="V99", view=modal())["error"] == "not_found"
        assert api("views.update", view_id=view["id"], view=HOME)["error"] == "invalid_arguments"
        slack.as_("ada").closes()
        assert api("views.update", view_id=view["id"], view=modal())["error"] == "not_found"

    def test_an_external_id_belongs_to_one_view(self, api: Api, slack: Playground, acme: Workspace, view: Json) -> None:
        answer = api("views.push", trigger_id=another(slack, acme), view=modal(external_id="mine"))
        assert answer["error"] == "duplicate_external_id"
        assert api("views.update", view_id=view["id"], view=modal(external_id="mine"))["ok"]


class TestPublish:
    def test_each_person_has_their_own(self, api: Api, slack: Playground, acme: Workspace) -> None:
        first = api("views.publish", user_id=user_id(acme, "ada"), view=HOME)["view"]
        again = api("views.publish", user_id=user_id(acme, "ada"), view=HOME, hash=first["hash"])["view"]
        stale = api("views.publish", user_id=user_id(acme, "ada"), view=HOME, hash=first["hash"])

        assert first["id"] == again["id"]
        assert first["hash"] != again["hash"]
        assert stale["error"] == "hash_conflict"
        assert slack.as_("ada").home
        assert slack.as_("bob").home is None
        assert api("views.update", view_id=first["id"], view=HOME)["ok"]

    def test_it_is_refused(self, api: Api, slack: Playground, acme: Workspace) -> None:
        assert api("views.publish", user_id="U99", view=HOME)["error"] == "invalid_arguments"
        assert api("views.publish", user_id=acme.bot_user, view=HOME)["error"] == "invalid_arguments"
        assert api("views.publish", user_id=user_id(acme, "ada"), view=modal())["error"] == "invalid_arguments"
        slack.manifest.source = {}
        assert api("views.publish", user_id=user_id(acme, "ada"), view=HOME)["error"] == "not_enabled"
