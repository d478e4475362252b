"""A workspace to try things in: Ada, Bob who left, and channels of each kind; no network unless a test asks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.playground import Channel, Clock, Hands, Person, Playground, Workspace
from bot.playground.manifest import BOT_SCOPES, EVENT_SCOPES
from bot.playground.wire import Envelope, Reply, Retry

Json = dict[str, Any]
Api = Callable[..., Json]
Opens = Callable[[Json], Hands]

START = datetime(2026, 11, 20, 9, tzinfo=UTC)

MANIFEST: Json = {
    "display_information": {"name": "PMO Bot"},
    "features": {
        "bot_user": {"display_name": "pmo"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "slash_commands": [
            {"command": "/risk", "description": "Raise a risk", "should_escape": True},
            {"command": "/plain", "description": "As typed"},
        ],
        "shortcuts": [
            {"name": "Raise a risk", "type": "message", "callback_id": "raise", "description": "From a message"},
            {"name": "Check in", "type": "global", "callback_id": "checkin", "description": "From anywhere"},
        ],
    },
    "oauth_config": {"scopes": {"bot": BOT_SCOPES}, "redirect_urls": ["http://bot.example/slack/oauth_redirect"]},
    "settings": {
        "event_subscriptions": {"bot_events": sorted(EVENT_SCOPES)},
        "interactivity": {"is_enabled": True},
    },
}


class StubBot:
    """A bot that answers at once what a test says, and keeps what it was sent."""

    seconds = 3.0

    def __init__(self) -> None:
        self.heard: list[tuple[Envelope, Json, Retry | None]] = []
        self.answer: Callable[[Envelope, Json], Any] = lambda kind, payload: None

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        self.heard.append((kind, payload, retry))
        answer = self.answer(kind, payload)
        return answer if isinstance(answer, Reply) else Reply(body=answer)

    def payloads(self, kind: Envelope = "interactive") -> list[Json]:
        return [payload for envelope, payload, _ in self.heard if envelope == kind]

    @property
    def last(self) -> Json:
        return self.heard[-1][1]

    def events(self, name: str = "") -> list[Json]:
        inner = [payload["event"] for payload in self.payloads("events_api")]
        return [event for event in inner if name in ("", event["type"])]


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def slack(clock: Clock) -> Iterator[Playground]:
    """A playground that is not served, without rate limits."""
    playground = Playground(clock, MANIFEST, rate_limits=False)
    yield playground
    playground.stop()


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    return slack.add_workspace(
        "Acme Ltd",
        people=[
            Person("ada", "Ada Lovelace", tz="Europe/London", is_admin=True),
            Person("bob", "Bob Hope", tz="America/New_York"),
            Person("gone", deleted=True),
            Person("stranger", is_stranger=True),
        ],
        channels=[
            "#apollo",
            Channel("open", members=["ada"]),
            Channel("secret", "private", members=["ada"]),
            Channel("inner", "private", members=["ada", "bob", "pmo"]),
            Channel("old", is_archived=True, members=["ada", "pmo"]),
            Channel("news", is_read_only=True, members=["ada", "pmo"]),
        ],
    )


@pytest.fixture
def bot(slack: Playground) -> StubBot:
    stub = StubBot()
    slack.delivery.wire = stub
    return stub


@pytest.fixture
def api(slack: Playground, acme: Workspace) -> Api:
    """Call a Web API method with the bot's token, or another; returns the answer's JSON."""

    def call(method: str, *, token: str | None = None, **args: Any) -> Json:
        headers = {"authorization": f"Bearer {acme.bot_token if token is None else token}"}
        return slack.api.call(method, args, headers).body

    return call


@pytest.fixture
def opens(api: Api, slack: Playground, acme: Workspace, bot: StubBot) -> Opens:
    """Open a form before Ada."""

    def open_(view: Json) -> Hands:
        answer = api("views.open", trigger_id=slack.triggers.issue(acme.id, user_id(acme, "ada"), "C1"), view=view)
        assert answer["ok"], answer
        return slack.as_("ada")

    return open_


def held(hands: Hands, name: str) -> Json:
    assert hands.modal
    found: Json = hands.modal.values[name][name]
    return found


def channel_id(workspace: Workspace, name: str) -> str:
    found = workspace.channel(name)
    assert found
    return found.id


def user_id(workspace: Workspace, name: str) -> str:
    found = workspace.person(name)
    assert found
    return found.id


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "Go", action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(name: str, element: Json, **more: Any) -> Json:
    element = {"action_id": name, **element}
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


def options(*labels: str) -> list[Json]:
    return [{"text": plain(label), "value": label.lower()} for label in labels]


def modal(*blocks: Json, **more: Any) -> Json:
    content = {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "callback_id": "form"}
    return content | {"blocks": list(blocks) or [section()]} | more
