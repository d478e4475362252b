"""users.*, usergroups.*, team.info, bots.info: who is there, and what a scope hides."""

import pytest

from bot.playground import Playground, Workspace
from tests.playground.conftest import Api, user_id


def test_a_person_has_a_zone_and_an_address(api: Api, acme: Workspace) -> None:
    user = api("users.info", user=user_id(acme, "bob"))["user"]

    assert (user["name"], user["tz"], user["tz_offset"], user["tz_label"]) == (
        "bob",
        "America/New_York",
        -18_000,
        "EST",
    )
    assert user["profile"]["email"] == "bob@acme-ltd.example"
    assert not user["deleted"]


def test_the_address_needs_its_scope(api: Api, acme: Workspace, slack: Playground) -> None:
    slack.install(acme, ["users:read"])

    assert "email" not in api("users.info", user=user_id(acme, "bob"))["user"]["profile"]
    assert api("users.lookupByEmail", email="bob@acme-ltd.example")["error"] == "missing_scope"


def test_people_are_found_by_address_unless_they_left(api: Api, acme: Workspace) -> None:
    assert api("users.lookupByEmail", email="ADA@acme-ltd.example")["user"]["id"] == user_id(acme, "ada")
    for unknown in ("gone@acme-ltd.example", "pmo@acme-ltd.example", "x@y.example"):
        assert api("users.lookupByEmail", email=unknown)["error"] == "users_not_found"


def test_the_unknown_and_the_invisible_are_refused(api: Api, acme: Workspace) -> None:
    assert api("users.info", user="U99")["error"] == "user_not_found"
    assert api("users.info", user=user_id(acme, "stranger"))["error"] == "user_not_visible"
    assert api("users.info")["error"] == "invalid_arguments"


def test_everybody_comes_by_page_the_deactivated_too(api: Api) -> None:
    first = api("users.list", limit=2)
    rest = api("users.list", limit=200, cursor=first["response_metadata"]["next_cursor"])

    assert [u["name"] for u in first["members"] + rest["members"]] == ["ada", "bob", "gone", "pmo"]
    assert rest["response_metadata"]["next_cursor"] == ""
    assert api("users.list")["error"] == "limit_required"


def test_a_page_may_be_short_and_yet_not_the_last(api: Api, acme: Workspace) -> None:
    acme.short_pages = True
    page = api("users.list", limit=4)

    assert len(page["members"]) == 2
    assert page["response_metadata"]["next_cursor"]


def test_groups_are_listed_unless_the_plan_has_none(api: Api, acme: Workspace, slack: Playground) -> None:
    group = slack.add_usergroup(acme, "pmo-staff", ["ada", "nobody"])

    [shown] = api("usergroups.list", include_users=True, include_count=True)["usergroups"]
    assert (shown["handle"], shown["users"], shown["user_count"]) == ("pmo-staff", [user_id(acme, "ada")], 1)
    assert "users" not in api("usergroups.list")["usergroups"][0]
    assert api("usergroups.users.list", usergroup=group.id)["users"] == [user_id(acme, "ada")]
    assert api("usergroups.users.list", usergroup="S99")["error"] == "no_such_subteam"
    acme.usergroups_allowed = False
    assert api("usergroups.list")["error"] == "plan_upgrade_required"


def test_the_workspace_names_itself_and_its_organisation(api: Api, acme: Workspace) -> None:
    assert api("team.info")["team"]["name"] == "Acme Ltd"
    assert api("team.info", team="T99")["error"] == "team_not_found"
    acme.enterprise_id, acme.enterprise_name = "E1", "Acme Group"
    assert api("team.info")["team"]["enterprise_name"] == "Acme Group"


def test_the_bot_names_itself(api: Api, acme: Workspace) -> None:
    assert api("bots.info", bot=acme.bot_id)["bot"]["user_id"] == acme.bot_user
    assert api("bots.info", bot="B99")["error"] == "bot_not_found"


@pytest.mark.parametrize("argument", [["U1"], True, {"a": 1}])
def test_an_argument_of_the_wrong_kind_is_refused(api: Api, argument: object) -> None:
    assert api("users.info", user=argument)["error"] == "invalid_arguments"
