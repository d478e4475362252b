"""Reply addresses: five uses, thirty minutes, and what may be replaced, deleted or said to all."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.playground import Hands, Message, Playground, Workspace, response_urls
from bot.playground.api import Answer
from tests.playground.conftest import Api, Json, StubBot, actions, button, channel_id, section, user_id


def post(slack: Playground, url: str, **args: Any) -> Answer:
    _, _, _, team, number, secret = urlsplit(url).path.split("/")
    return response_urls.use(slack.services, team, number, secret, args)


@pytest.fixture
def ada(slack: Playground, acme: Workspace, bot: StubBot) -> Hands:
    return slack.as_("ada")


@pytest.fixture
def typed(ada: Hands, bot: StubBot) -> str:
    """The address that came with a command in #apollo."""
    ada.types("/risk", "#apollo")
    return str(bot.last["response_url"])


@pytest.fixture
def message(api: Api, acme: Workspace, ada: Hands) -> Message:
    api("chat.postMessage", channel=channel_id(acme, "apollo"), text="Old", blocks=[actions(button())])
    ada.slack.delivery.settle()
    return ada.reads("#apollo")[-1]


@pytest.fixture
def pressed(ada: Hands, bot: StubBot, message: Message) -> str:
    """The address that came with a press."""
    ada.presses(message, "Go")
    return str(bot.last["response_url"])


def texts(hands: Hands) -> list[str]:
    return [m.shown for m in hands.reads("#apollo")]


def test_the_answer_is_for_the_person_unless_said_otherwise(slack: Playground, ada: Hands, typed: str) -> None:
    assert post(slack, typed, text="For you").status == 200
    assert post(slack, typed, text="For all", response_type="in_channel").status == 200

    assert texts(ada) == ["For you", "For all"]
    assert texts(slack.as_("bob")) == ["For all"]


def test_it_needs_no_membership(slack: Playground, ada: Hands, bot: StubBot) -> None:
    ada.types("/risk", "#secret")

    assert post(slack, bot.last["response_url"], text="Hello", response_type="in_channel").status == 200
    assert [m.text for m in ada.reads("#secret")] == ["Hello"]


def test_five_uses(slack: Playground, typed: str) -> None:
    statuses = [post(slack, typed, text="x").status for _ in range(6)]

    assert statuses == [200] * 5 + [404]
    assert post(slack, typed, text="x").error == "used_url"


def test_thirty_minutes(slack: Playground, typed: str) -> None:
    slack.clock.advance(timedelta(minutes=30))
    assert post(slack, typed, text="x").status == 200
    slack.clock.advance(timedelta(seconds=1))
    assert post(slack, typed, text="x").error == "expired_url"


def test_an_address_must_be_right(slack: Playground, typed: str) -> None:
    assert post(slack, typed + "x", text="x").error == "invalid_url"
    assert response_urls.use(slack.services, "T99", "R1", "x", {}).status == 404


def test_what_was_pressed_may_be_replaced(slack: Playground, ada: Hands, pressed: str) -> None:
    assert post(slack, pressed, blocks=[section("New")], replace_original=True).status == 200
    assert texts(ada) == texts(slack.as_("bob")) == ["New"]
    assert post(slack, pressed, text="Text", replace_original="true").status == 200
    assert texts(ada) == ["Text"]


def test_what_was_pressed_may_be_deleted(slack: Playground, ada: Hands, pressed: str) -> None:
    assert post(slack, pressed, delete_original=True, text="x").error == "invalid_arguments"
    assert post(slack, pressed, delete_original=True).status == 200
    assert texts(ada) == []
    assert post(slack, pressed, delete_original=True).error == "message_not_found"


def test_an_answer_may_go_to_the_thread(slack: Playground, ada: Hands, pressed: str, message: Message) -> None:
    args: Json = {"text": "In the thread", "thread_ts": message.ts}

    assert post(slack, pressed, **args).error == "invalid_arguments"
    assert post(slack, pressed, **args, replace_original=True).error == "invalid_arguments"
    assert post(slack, pressed, **args, response_type="in_channel").status == 200
    assert [m.text for m in ada.reads(thread=message)] == ["Old", "In the thread"]


def test_a_press_in_a_thread_is_answered_there(
    api: Api, slack: Playground, ada: Hands, bot: StubBot, message: Message
) -> None:
    api("chat.postMessage", channel=message.channel, text="x", blocks=[actions(button())], thread_ts=message.ts)
    slack.delivery.settle()
    ada.presses(ada.reads(thread=message)[-1], "Go")
    assert bot.last["container"]["thread_ts"] == message.ts

    post(slack, bot.last["response_url"], text="Done")

    assert [m.text for m in ada.reads(thread=message)][-1] == "Done"


def test_an_ephemeral_is_replaced_but_never_shown_to_all(
    api: Api, slack: Playground, acme: Workspace, ada: Hands, bot: StubBot
) -> None:
    args = {"channel": channel_id(acme, "apollo"), "text": "x", "blocks": [actions(button())]}
    api("chat.postEphemeral", user=user_id(acme, "ada"), **args)
    ada.presses(ada.reads("#apollo")[-1], "Go")
    url = bot.last["response_url"]

    assert bot.last["container"]["is_ephemeral"]
    assert post(slack, url, text="y", replace_original=True, response_type="in_channel").error == "invalid_arguments"
    assert post(slack, url, text="y", replace_original=True).status == 200
    assert texts(ada) == ["y"]
    assert texts(slack.as_("bob")) == []


def test_the_typed_line_cannot_be_replaced(slack: Playground, typed: str) -> None:
    assert post(slack, typed, text="x", replace_original=True).error == "message_not_found"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
        ({"text": "x", "response_type": "loud"}, "invalid_arguments"),
        ({"text": "x", "response_type": "in_channel", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
    ],
)
def test_a_wrong_answer_is_a_400(slack: Playground, typed: str, args: Json, error: str) -> None:
    answer = post(slack, typed, **args)

    assert (answer.status, answer.error) == (400, error)


def test_an_archived_channel_takes_nothing(slack: Playground, acme: Workspace, typed: str) -> None:
    slack.archive(acme, "#apollo")

    assert post(slack, typed, text="x").error == "is_archived"
