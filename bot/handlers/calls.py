"""Calls: one interaction each, what its handler may name, and the ways to answer whoever acted."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from http import HTTPStatus
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot import store
from bot.handlers import forms
from bot.handlers.routing import Kind, Route, Table
from bot.rules.actors import Actor
from bot.store import Database
from bot.store.tables import Message
from bot.views import services
from bot.views.blocks import View, modal, section
from bot.views.home import outside

Body = Mapping[str, Any]
Said = str | Message
Nudge = Callable[[], None]
Tell = Callable[[Said], None]  # see Call.tell
Respond = Callable[..., bool]  # see Call.respond
TOLD_WITHIN = 3  # seconds; a response_url answers at once or not at all


@dataclass
class Call:
    """One interaction on its way to its handler."""

    kind: Kind
    id: str
    body: Body
    ack: Ack
    client: WebClient
    db: Database
    now: datetime
    nudge: Nudge
    table: Table
    workspace: int = 0
    user: str = ""
    channel: str = ""
    retry: int = 0
    text: str = ""
    actor: Actor | None = None

    @property
    def view(self) -> Body:
        """The form, or the Home, that was acted in; {} elsewhere."""
        return self.body.get("view") or {}

    @property
    def action(self) -> Body:
        """The button or menu that was used; {} elsewhere."""
        actions: list[Body] = self.body.get("actions") or [{}]
        return actions[0]

    @property
    def value(self) -> Any:
        """What the button carries, the menu chose, or was typed into a menu that asks for suggestions; "" for none."""
        if self.kind is Kind.OPTIONS:
            return forms.clean(self.body.get("value") or "")
        read = forms.READERS.get(self.action.get("type", ""))
        return (read(self.action) if read else self.action.get("value")) or ""

    @property
    def number(self) -> int:
        """The number of the row that the button carries or the menu chose; Refused for anything else."""
        return forms.number(self.value)

    @property
    def event(self) -> Body:
        """What happened, without its envelope; {} elsewhere."""
        return self.body.get("event") or {}

    @property
    def command(self) -> Body:
        """What Slack sent, under the name that a command's or a shortcut's handler expects."""
        return self.body

    shortcut = command

    @property
    def message(self) -> Body:
        """The message that was acted on; {} elsewhere."""
        return self.body.get("message") or {}

    @property
    def trigger(self) -> str:
        """What opens a form, once and within three seconds; empty for events."""
        return str(self.body.get("trigger_id") or "")

    @property
    def passes_by(self) -> bool:
        """Whether there is nothing to answer: a link that was followed, an edit of a message, a bot's message."""
        return bool(self.action.get("url")) or (self.kind is Kind.EVENT and self.id.count(".") > 1)

    @cached_property
    def key(self) -> str:
        """What makes this interaction itself: Slack repeating it has the same key, a second click has another."""
        found = KEYS.get(self.kind, _by_trigger)(self)
        return f"{self.kind}:{found or secrets.token_hex(8)}"

    def respond(self, said: Said, **more: Any) -> bool:
        """Answer over the response_url, for this person only unless told otherwise; whether Slack took it.

        `replace_original=True` puts the answer in the place of the message that was acted on.
        """
        url = self.body.get("response_url")
        if not url:
            return False
        way = WebhookClient(url, timeout=TOLD_WITHIN, ssl=self.client.ssl, proxy=self.client.proxy, retry_handlers=[])
        payload = {"response_type": "ephemeral", "replace_original": False, **_payload(self._offered(said)), **more}
        try:
            return way.send_dict(payload).status_code == HTTPStatus.OK
        except OSError:
            return False

    def tell(self, said: Said) -> None:
        """Say something (mrkdwn, or a message) to the person who acted, in the way this kind of interaction allows.

        A command is answered under it, a form becomes the answer, a click is answered beside the message or in a
        small window, words in a conversation get an answer there. Slack has its acknowledgement with it.
        """
        TELLERS[self.kind](self, self._offered(said))

    def _offered(self, said: Said) -> Said:
        """The same, with nothing to press that belongs to a service that is off here."""
        if isinstance(said, str) or self.actor is None:
            return said
        return Message(said.text, services.without(said.blocks, self.actor.charter.off))


def _by_trigger(call: Call) -> str:
    return call.trigger


def _by_view(call: Call) -> str:
    return str(call.view.get("id") or "")


def _by_click(call: Call) -> str:
    container = call.body.get("container") or {}
    place = call.channel or call.view.get("id") or ""
    at, click = container.get("message_ts") or call.message.get("ts") or "", call.action.get("action_ts")
    return f"{place}:{at}:{click}" if click else ""


def _by_event(call: Call) -> str:
    return str(call.body.get("event_id") or "")


KEYS: dict[Kind, Callable[[Call], str]] = {
    Kind.ACTION: _by_click,
    Kind.VIEW: _by_view,
    Kind.CLOSED: _by_view,
    Kind.EVENT: _by_event,
}


def _payload(said: Said) -> dict[str, Any]:
    if isinstance(said, str):
        return {"text": said}
    return said.payload() if said.blocks else {"text": said.text}


def _tell_typist(call: Call, said: Said) -> None:
    call.ack({"response_type": "ephemeral", **_payload(said)})


def _tell_form(call: Call, said: Said) -> None:
    call.ack(response_action="update", view=notice(said))


def _tell_clicker(call: Call, said: Said) -> None:
    call.ack()
    if call.view.get("type") == "modal":
        call.client.views_push(trigger_id=call.trigger, view=notice(said))
    elif not call.body.get("response_url"):
        call.client.views_open(trigger_id=call.trigger, view=notice(said))
    elif not call.respond(said):
        _whisper(call, said)


def _tell_chooser(call: Call, _said: Said) -> None:
    call.ack(options=[])


def _tell_nobody(call: Call, _said: Said) -> None:
    call.ack()


def _tell_writer(call: Call, said: Said) -> None:
    """Answer who wrote to the bot; what else happens in Slack asked nothing."""
    call.ack()
    if call.event.get("type") in {"message", "app_mention"}:
        _whisper(call, said)
    elif call.event.get("tab") == "home":
        with suppress(SlackApiError):  # of other organisations, whom Slack shows no page of ours
            call.client.views_publish(user_id=call.user, view=outside(said))


def _whisper(call: Call, said: Said) -> None:
    """Show it to this person alone: in their own conversation with the bot, or where they are and nobody else sees."""
    if call.channel.startswith("D"):
        _answer(call, said, partial(call.client.chat_postMessage, channel=call.channel))
    elif call.channel and call.user:
        _answer(call, said, partial(call.client.chat_postEphemeral, channel=call.channel, user=call.user))


def _answer(call: Call, said: Said, say: Callable[..., object]) -> None:
    """Answer somebody where they are; what Slack does not take now is left to delivery, which says it to them alone.

    Slack would bring the words again, but they were heard already.
    """
    try:
        say(**_payload(said))
    except (SlackApiError, OSError):
        message = Message(said) if isinstance(said, str) else said
        with call.db.transaction(call.workspace) as session:
            store.posts.put(session, f"answer:{call.key}", to=call.user, message=message, now=call.now)
        call.nudge()


TELLERS: dict[Kind, Callable[[Call, Said], None]] = {
    Kind.COMMAND: _tell_typist,
    Kind.VIEW: _tell_form,
    Kind.CLOSED: _tell_nobody,
    Kind.ACTION: _tell_clicker,
    Kind.SHORTCUT: _tell_clicker,
    Kind.OPTIONS: _tell_chooser,
    Kind.EVENT: _tell_writer,
}


def notice(said: Said) -> View:
    """A small window that only says something."""
    lines = [section(said)] if isinstance(said, str) else said.blocks or [section(said.text)]
    return modal("PMO Bot", "notice", lines, close="Close")


OFFERED = frozenset(
    {
        *("ack", "tell", "respond", "client"),
        *("actor", "workspace", "channel", "text", "value", "number", "key", "trigger"),
        *("body", "command", "shortcut", "action", "view", "event", "message"),
        *("db", "now", "nudge", "table"),
    }
)


def check(route: Route) -> None:
    """Raise ValueError when a route's function names something that no call can give."""
    if unknown := [name for name in route.wants if name not in OFFERED]:
        raise ValueError(
            f"{route.kind} {route.id!r} wants {', '.join(unknown)}; there is only {', '.join(sorted(OFFERED))}"
        )


def run(route: Route, call: Call) -> None:
    """Call the route's function with what it names."""
    route.run(**{name: getattr(call, name) for name in route.wants})
