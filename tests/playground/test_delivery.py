"""Delivery: retries of events on the virtual clock, commands once, duplicates and losses on order."""

from datetime import timedelta

import pytest

from bot.playground import Playground, Workspace
from bot.playground.wire import NoWire, Reply
from tests.playground.conftest import MANIFEST, StubBot

pytestmark = pytest.mark.usefixtures("acme")


def tries(bot: StubBot) -> list[tuple[int, str]]:
    return [(retry.number, retry.reason) if retry else (0, "") for _, _, retry in bot.heard]


def test_an_event_comes_three_times_more(slack: Playground, bot: StubBot) -> None:
    bot.answer = lambda kind, payload: Reply("http_error", 500)
    ada = slack.as_("ada")
    ada.types("hello")

    assert tries(bot) == [(0, ""), (1, "http_error")]
    ada.waits(timedelta(seconds=59))
    assert len(bot.heard) == 2
    ada.waits(timedelta(seconds=1))
    assert tries(bot)[2:] == [(2, "http_error")]
    ada.waits(timedelta(minutes=4))
    assert tries(bot)[3:] == [(3, "http_error")]
    ada.waits(timedelta(days=1))
    assert len(bot.heard) == 4
    assert len({p["event_id"] for p in bot.payloads("events_api")}) == 1
    assert slack.warnings == ["ada: event: http_error"]


def test_it_ends_with_the_first_success(slack: Playground, bot: StubBot) -> None:
    replies = [Reply("http_timeout", 0), Reply("connection_failed", 0), Reply()]
    bot.answer = lambda kind, payload: replies.pop(0)
    slack.as_("ada").types("hello")

    slack.clock.advance(timedelta(minutes=1))
    assert slack.delivery.redeliver_due() == 1
    slack.clock.advance(timedelta(hours=1))
    assert slack.delivery.redeliver_due() == 0
    assert tries(bot) == [(0, ""), (1, "http_timeout"), (2, "connection_failed")]


def test_a_bot_may_want_no_retries(slack: Playground, bot: StubBot) -> None:
    bot.answer = lambda kind, payload: Reply("http_error", 500, no_retry=True)
    slack.as_("ada").types("hello")

    slack.as_("ada").waits(timedelta(hours=1))
    assert len(bot.heard) == 1


def test_an_event_may_come_twice_or_not_at_all(slack: Playground, bot: StubBot) -> None:
    ada = slack.as_("ada")
    slack.misbehave("event", "twice")
    ada.types("one")
    slack.misbehave("event", "lost")
    ada.types("two")

    assert [e["text"] for e in bot.events()] == ["one", "one", "two"]
    assert tries(bot) == [(0, ""), (1, "http_timeout"), (1, "http_timeout")]


def test_a_command_may_be_lost(slack: Playground, bot: StubBot) -> None:
    slack.misbehave("command", "lost", when=lambda form: form["text"] == "x")
    slack.as_("ada").types("/risk x")
    slack.as_("ada").types("/risk y")

    assert [f["text"] for f in bot.payloads("slash_commands")] == ["y"]
    assert "operation_timeout" in slack.warnings[0]


@pytest.mark.parametrize(("method", "how"), [("event", "500"), ("chat.postMessage", "twice")])
def test_what_cannot_go_wrong_like_that_is_refused(slack: Playground, method: str, how: str) -> None:
    with pytest.raises(ValueError, match="cannot go wrong"):
        slack.misbehave(method, how)


def test_unordered_again_it_behaves(slack: Playground, bot: StubBot) -> None:
    slack.misbehave("*", "lost", times=5)
    slack.faults.clear()
    slack.as_("ada").types("/risk")

    assert len(bot.heard) == 1


def test_only_what_is_subscribed_and_granted_comes(slack: Playground, acme: Workspace, bot: StubBot) -> None:
    slack.install(acme, ["chat:write"])
    slack.as_("ada").types("hello")
    slack.as_("ada").opens_home()
    args = {"channel": slack.as_("ada").dm.id, "text": "x"}
    slack.api.call("chat.postMessage", args, {"authorization": f"Bearer {acme.bot_token}"})
    slack.delivery.settle()
    slack.manifest.source = MANIFEST | {"settings": {"event_subscriptions": {"bot_events": ["poem"]}}}
    slack.as_("ada").opens_home()

    assert [e["type"] for e in bot.events()] == ["app_home_opened"]


def test_with_nobody_listening_it_fails(slack: Playground) -> None:
    slack.delivery.wire = NoWire()
    slack.as_("ada").opens_home()

    assert slack.as_("ada").warning == "⚠ connection_failed"
    assert [e.error for e in slack.traffic.list()] == ["connection_failed"] * 2


def test_shared_channels_are_marked(slack: Playground, acme: Workspace, bot: StubBot) -> None:
    found = acme.channel("apollo")
    assert found
    found.is_ext_shared = True
    slack.as_("ada").types("hello", found)

    assert bot.last["is_ext_shared_channel"]
