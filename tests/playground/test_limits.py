"""Rate limits run on the virtual clock: one message a second and channel, so many calls a minute."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.playground import Clock, Playground, Workspace
from bot.playground.api import METHODS, Answer
from bot.playground.limits import PER_MINUTE
from tests.playground.conftest import MANIFEST, START, channel_id, user_id


@pytest.fixture
def slack() -> Iterator[Playground]:
    playground = Playground(Clock(START), MANIFEST)
    yield playground
    playground.stop()


def call(slack: Playground, acme: Workspace, method: str, **args: str) -> Answer:
    return slack.api.call(method, args, {"authorization": f"Bearer {acme.bot_token}"})


def post(slack: Playground, acme: Workspace, where: str) -> Answer:
    return call(slack, acme, "chat.postMessage", channel=where, text="x")


def test_one_message_a_second_and_channel(slack: Playground, acme: Workspace) -> None:
    apollo, inner = channel_id(acme, "apollo"), channel_id(acme, "inner")

    assert post(slack, acme, apollo).status == 200
    assert post(slack, acme, inner).status == 200
    refused = post(slack, acme, apollo)
    assert (refused.status, refused.error, refused.headers) == (429, "ratelimited", {"retry-after": "1"})

    slack.clock.advance(timedelta(seconds=1))
    assert post(slack, acme, apollo).status == 200


def test_a_refused_method_is_held_in_the_whole_workspace(slack: Playground, acme: Workspace) -> None:
    post(slack, acme, channel_id(acme, "apollo"))
    post(slack, acme, channel_id(acme, "apollo"))

    assert post(slack, acme, channel_id(acme, "inner")).status == 429
    assert call(slack, acme, "auth.test").status == 200
    slack.clock.advance(timedelta(seconds=1))
    assert post(slack, acme, channel_id(acme, "inner")).status == 200


def test_a_person_and_their_direct_messages_are_one(slack: Playground, acme: Workspace) -> None:
    opened = post(slack, acme, user_id(acme, "ada"))
    slack.clock.advance(timedelta(seconds=1))
    assert post(slack, acme, user_id(acme, "ada")).status == 200

    assert post(slack, acme, opened.body["channel"]).status == 429


def test_so_many_calls_a_minute(slack: Playground, acme: Workspace) -> None:
    where = channel_id(acme, "apollo")
    for _ in range(50):
        assert call(slack, acme, "conversations.info", channel=where).status == 200
        slack.clock.advance(timedelta(seconds=0.5))

    refused = call(slack, acme, "conversations.info", channel=where)

    assert (refused.status, refused.headers) == (429, {"retry-after": "35"})
    slack.clock.advance(timedelta(seconds=35))
    assert call(slack, acme, "conversations.info", channel=where).status == 200


def test_workspaces_do_not_share_a_limit(slack: Playground, acme: Workspace) -> None:
    other = slack.add_workspace("Other", ["eve"])
    for _ in range(21):
        call(slack, acme, "users.list", limit="1")

    assert call(slack, acme, "users.list", limit="1").status == 429
    assert call(slack, other, "users.list", limit="1").status == 200


def test_a_clock_moved_back_forgets(slack: Playground, acme: Workspace) -> None:
    where = channel_id(acme, "apollo")
    post(slack, acme, where)
    post(slack, acme, where)

    slack.clock.move_to(START - timedelta(days=1), back=True)

    assert post(slack, acme, where).status == 200


def test_every_method_has_its_limit() -> None:
    assert set(PER_MINUTE) == set(METHODS)
