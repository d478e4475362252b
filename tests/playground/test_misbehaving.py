"""Misbehaviour on order, as the bot's client meets it on the wire."""

from collections.abc import Iterator
from http.client import RemoteDisconnected
from urllib.error import HTTPError

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.playground import Clock, Playground, Workspace
from tests.playground.conftest import MANIFEST, START, StubBot, channel_id, user_id


@pytest.fixture(scope="module")
def served() -> Iterator[Playground]:
    with Playground(Clock(START), MANIFEST, rate_limits=False) as playground:
        yield playground


@pytest.fixture
def slack(served: Playground) -> Playground:
    served.faults.clear()
    served.world.workspaces.clear()
    return served


@pytest.fixture
def client(slack: Playground, acme: Workspace) -> WebClient:
    return WebClient(token=acme.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=1)


def posted(slack: Playground) -> int:
    return len(slack.as_("ada").reads("#apollo"))


def post(client: WebClient, acme: Workspace) -> None:
    client.chat_postMessage(channel=channel_id(acme, "apollo"), text="x")


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("429", 429, "ratelimited"),
        ("500", 500, "Received a response in a non-JSON format"),
        ("502", 502, "Received a response in a non-JSON format"),
        ("503", 503, "Received a response in a non-JSON format"),
        ("dead_token", 200, "token_revoked"),
        ("fatal_error", 200, "fatal_error"),
    ],
)
def test_refusals(slack: Playground, client: WebClient, how: str, status: int, code: str) -> None:
    acme = next(iter(slack.world.workspaces.values()))
    slack.misbehave("chat.postMessage", how, retry_after=7)

    with pytest.raises(SlackApiError) as raised:
        post(client, acme)
    assert raised.value.response.status_code == status
    assert str(raised.value.response["error"]).startswith(code)
    assert (raised.value.response.headers.get("retry-after") == "7") is (how == "429")
    assert posted(slack) == 0
    post(client, acme)
    assert posted(slack) == 1


@pytest.mark.parametrize(("how", "done"), [("reset_before", 0), ("reset_after_accepting", 1)])
def test_dropped_connections(slack: Playground, acme: Workspace, client: WebClient, how: str, done: int) -> None:
    slack.misbehave("chat.postMessage", how)

    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        post(client, acme)
    assert posted(slack) == done


@pytest.mark.parametrize(("how", "done"), [("timeout_before", 0), ("timeout_after_accepting", 1)])
def test_silence(slack: Playground, acme: Workspace, how: str, done: int) -> None:
    slack.misbehave("chat.postMessage", how)
    args = {"channel": channel_id(acme, "apollo"), "text": "x"}

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            slack.api_url + "chat.postMessage",
            json=args,
            headers={"authorization": f"Bearer {acme.bot_token}"},
            timeout=0.2,
        )
    assert posted(slack) == done


def test_so_often_and_there_only(slack: Playground, acme: Workspace, client: WebClient) -> None:
    slack.misbehave("*", "channel_not_found", times=2, channel=channel_id(acme, "apollo"))

    client.chat_postMessage(channel=user_id(acme, "ada"), text="x")
    for _ in range(2):
        with pytest.raises(SlackApiError, match="channel_not_found"):
            post(client, acme)
    post(client, acme)


def test_reply_addresses_and_uploads_misbehave_too(slack: Playground, acme: Workspace, client: WebClient) -> None:
    bot = StubBot()
    wire, slack.delivery.wire = slack.delivery.wire, bot
    slack.as_("ada").types("/risk", "#apollo")
    slack.delivery.wire = wire
    webhook = WebhookClient(bot.last["response_url"])
    slack.misbehave("response_url", "500")
    slack.misbehave("upload", "500")

    assert webhook.send(text="x").status_code == 500
    assert webhook.send(text="x").status_code == 200
    assert (
        httpx.post(bot.last["response_url"], content="{", headers={"content-type": "application/json"}).status_code
        == 400
    )
    with pytest.raises(HTTPError) as raised:
        client.files_upload_v2(filename="a.png", content=b"abc")
    raised.value.close()


def test_what_broke_is_in_the_log(slack: Playground, acme: Workspace, client: WebClient) -> None:
    slack.misbehave("users.info", "reset_before")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        client.users_info(user=user_id(acme, "ada"))
    slack.as_("ada")
    client.auth_test()

    assert slack.traffic.list("users.info")[-1].error == "reset_before"
