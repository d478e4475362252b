"""A playground survives a restart; what is watched is told of changes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground import Channel, Playground, Workspace
from bot.playground.wire import Reply
from tests.playground.conftest import MANIFEST, START, Api, StubBot, field, modal, section, user_id


@pytest.fixture
def saved(api: Api, slack: Playground, acme: Workspace, bot: StubBot, tmp_path: Path) -> Path:
    slack.add_usergroup(acme, "staff", ["ada"])
    ada = slack.as_("ada")
    ada.types("hello", "#apollo")
    trigger = slack.triggers.issue(acme.id, ada.me.id)
    api("views.open", trigger_id=trigger, view=modal(field("note", {"type": "plain_text_input"})))
    ada.fills(note="typed")
    api("views.publish", user_id=ada.me.id, view={"type": "home", "blocks": [section("Home")]})
    bot.answer = lambda kind, payload: Reply("http_error", 500)
    ada.types("failing")
    path = tmp_path / "slack.json"
    slack.save(path)
    return path


def test_everything_is_as_it_was(slack: Playground, acme: Workspace, saved: Path) -> None:
    again = Playground.load(saved, MANIFEST, rate_limits=False)
    [found] = again.world.workspaces.values()
    ada = again.as_("ada")

    assert again.clock() == START
    assert not again.clock.running
    assert (found.id, found.bot_token, found.app_token) == (acme.id, acme.bot_token, acme.app_token)
    assert [m.text for m in ada.reads("#apollo")] == ["hello"]
    assert ada.modal
    assert ada.modal.values["note"]["note"]["value"] == "typed"
    assert ada.home
    assert again.world.state == slack.world.state
    again.stop()


def test_what_was_to_be_redelivered_still_is(saved: Path) -> None:
    again = Playground.load(saved, MANIFEST)
    bot = StubBot()
    again.delivery.wire = bot
    again.as_("ada").waits(timedelta(minutes=1))

    assert bot.events()[0]["text"] == "failing"
    again.stop()


def test_ids_and_times_go_on(slack: Playground, saved: Path) -> None:
    again = Playground.load(saved, MANIFEST, running=True)

    assert again.clock.running
    assert again.world.new_id("U") == slack.world.new_id("U")
    assert float(again.world.next_ts()) > slack.world.state.last_ts / 1_000_000
    again.stop()


def test_nothing_partial_is_left(saved: Path) -> None:
    assert [p.name for p in saved.parent.iterdir()] == ["slack.json"]


def test_watchers_are_told(slack: Playground, acme: Workspace, bot: StubBot) -> None:
    told: list[int] = []
    slack.on_change(lambda: told.append(1))

    slack.as_("ada").types("hello", "#apollo")

    assert told


def test_times_never_go_back(slack: Playground, acme: Workspace) -> None:
    first = slack.world.next_ts()
    slack.clock.move_to(START - timedelta(days=1), back=True)

    assert first == "1795165200.000000"
    assert slack.world.next_ts() == "1795165200.000001"


def test_people_are_found_by_any_name(slack: Playground, acme: Workspace) -> None:
    ada = user_id(acme, "ada")

    for name in (ada, "ada", "@ada", "Ada Lovelace", "@ADA"):
        found = acme.person(name)
        assert found
        assert found.id == ada
    assert acme.person("nobody") is None
    assert acme.view("V99") is None
    assert acme.people[acme.bot_user].name == "PMO Bot"
    assert slack.add_channel(acme, Channel("late", members=["pmo"])).members == [acme.bot_user]
    assert slack.add_channel(acme, "#wide").name == "wide"
