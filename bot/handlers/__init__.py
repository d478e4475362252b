"""Listen: everything people and Slack do arrives here, and is answered to that person only."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import store
from bot.errors import Denied, Refused
from bot.handlers import (
    audit,
    calls,
    channels,
    checkins,
    digests,
    digests_forms,
    errors,
    escalations,
    escalations_steps,
    exports,
    forgetting,
    forms,
    home,
    installations,
    people,
    portfolios,
    projects,
    projects_forms,
    projects_new,
    references,
    registers,
    reports,
    retention,
    risks,
    risks_cards,
    roles,
    services,
    setup,
    teams,
)
from bot.handlers import help as help_
from bot.handlers.calls import Call, Nudge
from bot.handlers.routing import Kind, Route, Table
from bot.rules import access
from bot.rules.actors import Actor
from bot.rules.audit import SLACK
from bot.rules.fields import TEXT
from bot.store import Database

MODULES: tuple[ModuleType, ...] = (
    projects,
    projects_forms,
    projects_new,
    portfolios,
    checkins,
    reports,
    risks,
    risks_cards,
    escalations,
    escalations_steps,
    digests,
    digests_forms,
    roles,
    setup,
    registers,
    teams,
    exports,
    forgetting,
    retention,
    audit,
    references,
    home,
    people,
    channels,
    installations,
    help_,
)

EVERY = re.compile("")
OLD_FORM = "This form is no longer known here. Copy what you wrote, and open the form anew."
OLD_SHORTCUT = "This shortcut is no longer known here. Try `/pmo help`."
TOO_LONG = f"Keep a command to {TEXT:,} characters; a form takes that much in each of its fields."
NOT_ACTIVE = "Slack says that this account cannot be used here. Ask your PMO to look into it."
STRANGERS = frozenset({"user_not_found", "user_not_visible"})
"""What Slack says of people of other organisations, whom it does not show us; asking again would not help."""
WHO_ARE_YOU = "Slack did not say in time who you are. Please try again."
log = structlog.get_logger(__name__)


def register(
    bolt: App,
    *,
    db: Database,
    clock: Callable[[], datetime],
    nudge: Nudge,
    modules: Iterable[ModuleType] = MODULES,
) -> Table:
    """Put one listener of each kind on Bolt, and the routes of the modules behind them."""
    table = Table(route for module in modules for route in module.ROUTES)
    for route in table:
        calls.check(route)
    desk = Desk(table, db, clock, nudge)
    bolt.command(EVERY)(desk.listener(Kind.COMMAND))
    bolt.action(EVERY)(desk.listener(Kind.ACTION))
    bolt.view(EVERY)(desk.listener(Kind.VIEW))
    bolt.view_closed(EVERY)(desk.listener(Kind.CLOSED))
    bolt.shortcut(EVERY)(desk.listener(Kind.SHORTCUT))
    bolt.options(EVERY)(desk.listener(Kind.OPTIONS))
    bolt.event(EVERY)(desk.listener(Kind.EVENT))
    bolt.error(errors.fallback)
    return table


class Desk:
    """Where every interaction is taken: its route found, the right to it checked, its handler run."""

    def __init__(self, table: Table, db: Database, clock: Callable[[], datetime], nudge: Nudge) -> None:
        self._table = table
        self._db = db
        self._clock = clock
        self._nudge = nudge

    def listener(self, kind: Kind) -> Callable[..., BoltResponse | None]:
        """The one listener for a kind of interaction."""

        def listen(
            ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext, request: BoltRequest
        ) -> BoltResponse | None:
            retry = request.headers.get("x-slack-retry-num", ["0"])[0]
            call = Call(
                kind=kind,
                id=IDS[kind](body),
                body=body,
                ack=ack,
                client=client,
                db=self._db,
                now=self._clock(),
                nudge=self._nudge,
                table=self._table,
                workspace=context.get("workspace", 0),
                user=context.user_id or "",
                channel=context.channel_id or "",
                retry=int(retry) if retry.isdecimal() else 0,
            )
            return errors.guard(call, self._answer)

        return listen

    def _answer(self, call: Call) -> None:
        route = self._route(call)
        if route is None:
            self._unmatched(call)
            return
        self._admit(call, route)
        calls.run(route, call)
        if call.ack.response is None:
            if call.kind is not Kind.EVENT:
                raise errors.NotAcknowledged(f"{route.kind} {route.id}")
            call.ack()

    def _route(self, call: Call) -> Route | None:
        if call.kind is Kind.COMMAND:
            typed = forms.clean(call.body.get("text") or "")
            if len(typed) > TEXT:
                raise Refused(TOO_LONG)
            route, call.text = self._table.command(call.id, typed)
            return route
        call.text = forms.clean(call.event.get("text") or "")
        route = self._table.find(call.kind, call.id)
        is_nobodys = call.kind is Kind.EVENT and not call.user
        return None if route is None or (route.act is not None and is_nobodys) else route

    def _unmatched(self, call: Call) -> None:
        """Acknowledge what nobody listens to, and note it; a form stays open, with what was typed."""
        if not call.passes_by:
            log.warning("unmatched", kind=call.kind, id=call.id[:80], workspace=call.workspace)
        if call.kind is Kind.VIEW:
            raise Refused(OLD_FORM)
        if call.kind in {Kind.SHORTCUT, Kind.COMMAND}:
            raise Refused(OLD_SHORTCUT)
        call.ack(options=[]) if call.kind is Kind.OPTIONS else call.ack()

    def _admit(self, call: Call, route: Route) -> None:
        """Know who acts, and that they may; events that Slack itself tells have no act and nobody acting."""
        if route.act is None:
            return
        call.actor = replace(self._actor(call), via=f"{route.kind} {route.id}")
        if not call.actor.may_ever(route.act):
            raise Denied(access.refusal(route.act), act=route.act)
        services.must_be_on(self._db, call.actor, route.service, call.now)

    def _actor(self, call: Call) -> Actor:
        with self._db.glancing(call.workspace) as glance:
            actor = store.people.actor(glance, call.user, now=call.now)
        return actor or self._introduced(call)

    def _introduced(self, call: Call) -> Actor:
        """Ask Slack who somebody is whom we do not know yet, and keep the answer."""
        try:
            user = call.client.users_info(user=call.user)["user"]
        except (SlackApiError, OSError) as error:
            if isinstance(error, SlackApiError) and error.response.get("error") in STRANGERS:
                raise Refused(NOT_ACTIVE) from None
            if call.kind is Kind.EVENT:
                raise
            raise Refused(WHO_ARE_YOU) from None
        with self._db.transaction(call.workspace, via=SLACK) as session:
            store.people.keep(session, user, now=call.now)
            actor = store.people.actor(session, call.user, now=call.now)
        if actor is None:
            raise Refused(NOT_ACTIVE)
        return actor


def _action_id(body: dict[str, Any]) -> str:
    actions: list[dict[str, Any]] = body.get("actions") or [{}]
    return str(actions[0].get("action_id") or "")


def _callback_id(body: dict[str, Any]) -> str:
    return str(body["view"].get("callback_id") or "")


def _event_id(body: dict[str, Any]) -> str:
    """An event's type; messages are told apart by where they were said, and edits and bots' from people's."""
    event = body["event"]
    if event["type"] != "message":
        return str(event["type"])
    kind = "bot_message" if event.get("bot_id") else event.get("subtype")
    ours = "" if kind in {None, "file_share"} else f".{kind}"
    return f"message.{event.get('channel_type')}{ours}"


IDS: dict[Kind, Callable[[dict[str, Any]], str]] = {
    Kind.COMMAND: lambda body: str(body["command"]),
    Kind.ACTION: _action_id,
    Kind.VIEW: _callback_id,
    Kind.CLOSED: _callback_id,
    Kind.SHORTCUT: lambda body: str(body["callback_id"]),
    Kind.OPTIONS: lambda body: str(body.get("action_id") or ""),
    Kind.EVENT: _event_id,
}
