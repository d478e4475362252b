"""A probe of the walls: everything the bot can be asked, asked by somebody whose it is not.

Two clients live in one database. In the first, ZEBRA is confidential; OKAPI is the second's. Every text of theirs holds
a secret word, and every record of a target has the same number, so that a number which is tried finds whichever kind it
is taken for. What is tried has to end in one of two ways: denied, and noted in the audit trail; or answered exactly as
for a thing that is not there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from slack_bolt import Ack
from sqlalchemy import Table as Rows
from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlmodel import SQLModel, col, select

from bot import handlers
from bot.errors import Denied, Refused
from bot.handlers import Desk, errors
from bot.handlers.calls import Call
from bot.handlers.routing import Kind, Route, Table
from bot.rules.cadence import CHOICES
from bot.rules.portfolios import Wanted
from bot.rules.terms import EscalationLevel, Health, Role, Severity
from bot.store import Database, audiences, people, roles
from bot.store.tables import (
    AuditEntry,
    Checkin,
    Digest,
    DigestProject,
    Edition,
    Escalation,
    Person,
    Portfolio,
    Post,
    Project,
    ProjectRole,
    Risk,
    Schedule,
    StatusReport,
    Workspace,
)
from tests.factories import NOW, a_workspace

TABLE = Table(route for module in handlers.MODULES for route in module.ROUTES)
LAST = ("setup", "role", "forget", "retention", "export", "register", "channel")
"""What may turn the office itself over is tried when all else has been."""


OWN = ("export",)
"""What takes no target, and is not answered alike twice: somebody waits for three files at the most."""


OWED = {
    "command project add": "a key that is taken is not suggested, whoever has it",
    "action project.named": "a key that is taken is not suggested, whoever has it",
    "action channel.allow": "a channel that a form named is known from then on, by the id that was picked",
    "action channel.hold": "a channel that a form named is known from then on, by the id that was picked",
    "command forget": "whoever was named once is known from then on, by the id that was typed",
    "options forget.who": "whoever was named once is known from then on, by the id that was typed",
    "view project.add": "a key that is taken is refused, whoever has it",
}
"""Where something has to be different, and why; what it shows is looked at all the same."""


@dataclass(frozen=True)
class Target:
    """What is tried: the number of every record of it, what people call it, and the words that must not be seen."""

    number: int
    key: str
    word: str
    person: str
    channel: str

    def forms(self) -> dict[str, str]:
        """What of it may stand in an answer because it stood in the question, and what stands for that."""
        return {
            self.key: "KEY",
            self.key.lower(): "key",
            self.key.title(): "Key",
            str(self.number): "NUMBER",
            self.person: "UPERSON",
            self.channel: "CCHANNEL",
        }


HIDDEN = Target(9001, "ZEBRA", "quagga", "U0HIDDEN", "C0HIDDEN")
ELSEWHERE = Target(5001, "OKAPI", "brocket", "U0ELSE", "C0ELSE")
NOTHING = Target(7001, "NOSUCH", "nothing", "U0NOBODY", "C0NONE")
TARGETS = {"hidden": HIDDEN, "elsewhere": ELSEWHERE}

SEES_HIDDEN = {"admin", "pmo", "pmo of its portfolio", "manager", "deputy", "sponsor", "member"}
OFFICE = (Role.ADMIN, Role.PMO, Role.ANALYST, Role.EXECUTIVE, Role.AUDITOR, Role.FINANCE, Role.RESOURCE_OWNER)
PARTS = (Role.MANAGER, Role.DEPUTY, Role.SPONSOR, Role.MEMBER)
WHO = (
    *(role.value for role in (*OFFICE, Role.SUPPORT, Role.COLLEAGUE)),
    *("manager of another", "pmo of its portfolio", "executive of its portfolio", "analyst of its portfolio"),
    *("guest", "stranger", "app"),
    *(role.value for role in PARTS),
)
"""Everybody who tries: each role of the workspace, of the target's portfolio and of the target, and who holds none."""


def slack_id(who: str) -> str:
    """Somebody's id in Slack."""
    return "U" + "".join(c for c in who.upper() if c.isalnum())


def build(db: Database) -> tuple[Workspace, Workspace]:
    """The two clients."""
    ours, theirs = a_workspace(db, team_id="TOURS", name="Ours"), a_workspace(db, team_id="TTHEIRS", name="brocket Ltd")
    with db.transaction(ours.id) as session:
        session.add(Portfolio(id=1, name="Change", created_at=NOW))
        session.flush()
        staff = {who: _person(who) for who in WHO}
        session.add_all(staff.values())
        session.flush()
        for role in (*OFFICE, Role.SUPPORT):
            until = NOW + timedelta(days=365) if role is Role.SUPPORT else None
            roles.grant(session, staff[role.value], role, by=None, now=NOW, until=until)
        for role in (Role.PMO, Role.EXECUTIVE, Role.ANALYST):
            roles.grant(session, staff[f"{role} of its portfolio"], role, by=None, now=NOW, portfolio=1)
        apollo = Project(
            id=1, key="APOLLO", name="Apollo", currency="GBP", created_at=NOW, channel="CAPOLLO", portfolio_id=1
        )
        session.add(apollo)
        session.flush()
        session.add(ProjectRole(project_id=1, person_id=staff["manager of another"].id, role=Role.MANAGER))
        _records(session, HIDDEN, staff, portfolio=1, confidential=True)
    with db.transaction(theirs.id) as session:
        session.add(Portfolio(id=ELSEWHERE.number, name="OKAPI portfolio", created_at=NOW))
        session.flush()
        staff = {role.value: _person(role.value, name="brocket") for role in PARTS}
        session.add_all(staff.values())
        session.flush()
        _records(session, ELSEWHERE, staff, portfolio=ELSEWHERE.number, confidential=False)
    return ours, theirs


def _person(who: str, name: str = "") -> Person:
    return Person(
        slack_id=slack_id(who),
        name=name or who,
        timezone="Europe/London",
        refreshed_at=NOW,
        is_guest=who == "guest",
        is_stranger=who == "stranger",
        is_bot=who == "app",
    )


def _records(session: Any, target: Target, staff: Mapping[str, Person], *, portfolio: int, confidential: bool) -> None:
    """A project with one record of each kind, all of the same number, each with the secret word in its text."""
    number, key, word = target.number, target.key, target.word
    if not confidential:  # people of one's own workspace are nobody's secret
        session.add(Person(id=number, slack_id=target.person, name=word, timezone="Europe/London", refreshed_at=NOW))
    session.flush()
    project = Project(
        id=number,
        key=key,
        name=f"{word} project",
        currency="GBP",
        created_at=NOW,
        channel=target.channel,
        portfolio_id=portfolio,
        confidential=confidential,
        cause=f"{word} cause",
        reported_health=Health.RED,
        computed_health=Health.RED,
        computed_because=[f"{word} because"],
        path_action=f"{word} path",
        report_id=number,
        reported_at=NOW,
        period_end=date(2026, 11, 13),
        open_risks=1,
        risks_raised=1,
        escalations_raised=1,
    )
    session.add(project)
    session.flush()
    raiser = staff["deputy"]
    session.add_all(ProjectRole(project_id=number, person_id=staff[role.value].id, role=role) for role in PARTS)
    session.add(
        Schedule(
            id=number, project_id=number, rrule="FREQ=WEEKLY;BYDAY=FR", local_time=time(15), anchor=date(2026, 1, 2)
        )
    )
    session.add(
        StatusReport(
            id=number,
            project_id=number,
            author_id=raiser.id,
            period_start=date(2026, 11, 7),
            period_end=date(2026, 11, 13),
            reported_at=NOW,
            overall=Health.RED,
            computed=Health.RED,
            cause=f"{word} cause",
            achievements=f"{word} achievements",
        )
    )
    session.add(
        Risk(
            id=number,
            project_id=number,
            ref=f"{key}-R1",
            event=f"{word} risk",
            probability=4,
            impact=5,
            score=20,
            severity=Severity.VERY_HIGH,
            raised_by=raiser.id,
            raised_at=NOW,
        )
    )
    session.flush()
    session.add(
        Escalation(
            id=number,
            project_id=number,
            ref=f"{key}-E1",
            risk_id=number,
            what=f"{word} escalation",
            ask=f"{word} ask",
            impact_if_nothing=f"{word} impact",
            decide_by=date(2026, 12, 1),
            level=EscalationLevel.PMO,
            raised_by=raiser.id,
            raised_at=NOW,
            asked=[["pmo", slack_id("pmo")]],
        )
    )
    session.add(
        Checkin(
            id=number,
            project_id=number,
            person_id=staff["manager"].id,
            period_start=date(2026, 11, 14),
            period_end=date(2026, 11, 20),
            due_at=NOW,
        )
    )
    digest = 1 if confidential else number  # nor are its digests, but for what they name
    session.add(Digest(id=digest, name=f"{'a' if confidential else word} digest", channel="CBOARD", created_at=NOW))
    session.flush()
    session.add(DigestProject(id=number, digest_id=digest, project_id=number))
    session.add(Edition(id=digest, digest_id=digest, period="2026-W46", due_at=NOW, published_at=NOW, healths={key: 6}))
    session.add(
        AuditEntry(at=NOW, record=f"risks:{number}", what="raised", changes={"event": [None, word]}, project_id=number)
    )
    session.flush()


class Slack:
    """A client that takes everything, and remembers what was shown."""

    base_url = "https://slack.com/api/"
    ssl = None
    proxy = None

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            if method == "users_info":
                return {"user": {"id": arguments["user"], "name": "somebody", "team_id": "TELSEWHERE"}}
            if method == "conversations_info":
                return {"channel": {"id": arguments["channel"], "name": "place", "is_member": True}}
            self.shown.append([method, arguments])
            return {"view": {"id": "V1", "hash": "1"}, "permalink": "https://example.slack.com/p1", "ok": True}

        return call


@dataclass
class Outcome:
    """How an attempt ended: what was shown, and the refusal or failure that ended it."""

    shown: str
    error: BaseException | None = None

    @property
    def is_denied(self) -> bool:
        """Whether it was refused as nobody's right, or as nothing that is there."""
        return isinstance(self.error, Denied)

    def plain(self, target: Target) -> str:
        """What was shown, with what stood in the question taken out of it."""
        said = self.shown
        for form, stands_for in target.forms().items():
            said = said.replace(form, stands_for)
        return said


@dataclass
class Probe:
    """Somebody who tries everything, a minute after a minute."""

    db: Database
    ours: Workspace
    theirs: Workspace
    who: str
    faults: list[str] = field(default_factory=list)
    tried: int = 0
    denied: int = 0
    answered: int = 0

    def __post_init__(self) -> None:
        self._minute = self._sent = 0
        with self.db.reading(self.ours.id) as session:
            found = people.find(session, slack_id(self.who))
        assert found is not None
        self.person = found

    def attempt(self, route: Route, body: Mapping[str, Any], now: datetime) -> Outcome:
        """Do one thing as it comes from Slack, through the desk and its guard."""
        self._sent += 1
        body = _unlike_any(body, self._sent)
        slack, ack, raised = Slack(), Ack(), list[BaseException]()  # type: ignore[no-untyped-call]
        command = str(body.get("command", ""))
        call = Call(
            kind=route.kind,
            id=command or str(body.get("_id") or route.id),
            body=body,
            ack=ack,
            client=slack,  # type: ignore[arg-type]
            db=self.db,
            now=now,
            nudge=lambda: None,
            table=TABLE,
            workspace=self.ours.id,
            user=self.person.slack_id,
            channel=str(body.get("_channel") or "CSOMEWHERE"),
        )
        desk = Desk(TABLE, self.db, lambda: now, lambda: None)

        def answer(asked: Call) -> None:
            try:
                desk._answer(asked)
            except BaseException as error:
                raised.append(error)
                raise

        errors.guard(call, answer)
        told = ack.response.body if ack.response else ""
        shown = json.dumps([told, slack.shown], default=str).replace(f"N{self._sent}N", "")
        return Outcome(shown, raised[0] if raised else None)

    def try_all(self, target: Target, *, noun: str = "") -> None:
        """Try every route, or those of a noun, on a target."""
        tried = [route for route in TABLE if route.id.startswith(noun)]
        routes = sorted(tried, key=lambda route: (route.id.partition(".")[0].split()[0] in LAST, route.kind, route.id))
        for route in routes:
            ways = [*bodies(route)]
            for name, make in ways if self._may(route) else ways[:1]:  # who may not ask at all is not heard out
                self._try(f"{self.who}: {route.kind} {route.id} ({name})", route, make, target)

    def _may(self, route: Route) -> bool:
        with self.db.reading(self.ours.id) as session:
            actor = people.actor(session, self.person.slack_id, now=NOW)
        return route.act is None or (actor is not None and actor.may_ever(route.act))

    def _try(self, what: str, route: Route, make: Callable[[Target], Mapping[str, Any]], target: Target) -> None:
        self._minute += 2
        now = NOW + timedelta(minutes=self._minute)
        before = self._count_denials()
        outcome = self.attempt(route, make(target), now)
        self.tried += 1
        if target.word in outcome.shown.lower():
            self.faults.append(f"{what}: {target.word} was shown")
        if target.key in outcome.shown and target.key not in json.dumps(make(target), default=str):
            self.faults.append(f"{what}: {target.key} was shown")
        if outcome.error is not None and not isinstance(outcome.error, Refused):
            self.faults.append(f"{what}: broke, {outcome.error!r}")
        elif outcome.is_denied:
            self.denied += 1
            if self._count_denials() != before + 1:
                self.faults.append(f"{what}: denied, and not noted")
        elif not route.id.startswith(OWN):
            self.answered += 1
            nothing = self.attempt(route, make(NOTHING), now)
            if outcome.plain(target) != nothing.plain(NOTHING) and f"{route.kind} {route.id}" not in OWED:
                self.faults.append(f"{what}: not answered as for nothing")

    def _count_denials(self) -> int:
        audit = SQLModel.metadata.tables["audit"]
        noted = select_rows(func.count()).where(audit.c.what == "refused", audit.c.person_id == self.person.id)
        with self.db._reading.connect() as connection:
            return int(connection.execute(noted).scalar_one())

    def leaked(self) -> Iterator[str]:
        """Whatever is wanted to be said of the hidden project to somebody who may not see it."""
        with self.db.reading(self.ours.id) as session:
            readers = audiences.list_readers(session, HIDDEN.number, now=NOW)
            for post in session.exec(select(Post).where(~col(Post.withdrawn))):
                if HIDDEN.word in json.dumps(post.wanted).lower() and post.to not in {*readers, HIDDEN.channel}:
                    yield f"{self.who}: {post.key} tells {post.to}"


def rows(db: Database, theirs: Workspace, who: str) -> dict[str, list[Any]]:
    """All that is not somebody's to touch, as it stands in the database: the second client, and what is hidden."""
    found: dict[str, list[Any]] = {}
    with db._reading.connect() as connection:
        for name, table in SQLModel.metadata.tables.items():
            for condition in _not_for(who, table, theirs):
                kept = connection.execute(select_rows(table).where(condition))
                found.setdefault(name, []).extend(tuple(row) for row in kept)
    return found


def _not_for(who: str, table: Rows, theirs: Workspace) -> Iterator[Any]:
    if "workspace_id" in table.c:
        yield table.c.workspace_id == theirs.id
    if who in SEES_HIDDEN:
        return
    if table.name == "projects":
        yield table.c.id == HIDDEN.number
    elif "project_id" in table.c:
        yield table.c.project_id == HIDDEN.number


# --- what is sent


def _unlike_any(body: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The body with keys of its own: Slack never sends two interactions alike."""
    own = f"N{number}N"
    sent = {**body, "trigger_id": own}
    if "actions" in body:
        sent["actions"] = [{**body["actions"][0], "action_ts": own}]
    if body.get("view"):
        sent["view"] = {**body["view"], "id": f"V{own}"}
    if "event" in body:
        sent["event_id"] = own
    return sent


def bodies(route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    """The ways to ask for a route, by name: each makes the body of an interaction about a target."""
    yield from BODIES[route.kind](route)


def _commands(route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    texts: dict[str, Callable[[Target], str]] = {
        "a key": lambda t: t.key,
        "a reference": lambda t: f"{t.key}-R1",
        "an escalation": lambda t: f"{t.key}-E1",
        "a portfolio": lambda t: f"{t.key} portfolio",
        **SAID.get(route.id, {}),
    }
    if route.id == "<reference>":
        texts = {name: texts[name] for name in ("a reference", "an escalation")}
    words = "" if route.id == "<reference>" else f"{route.id} "
    for name, text in {"nothing more": lambda _: "", **texts}.items():
        if words or name != "nothing more":
            yield (
                name,
                lambda t, text=text: {  # type: ignore[misc]
                    "command": "/pmo",
                    "text": f"{words}{text(t)}",
                    "trigger_id": "1",
                    "_channel": t.channel,
                },
            )


SAID: Mapping[str, Mapping[str, Callable[[Target], str]]] = {
    "risk": {"a line": lambda t: f"{t.key} It may happen p4 i5"},
    "escalate": {"a line": lambda t: f"{t.key} we need a decision by fri"},
    "project": {"a form": lambda t: f"{t.key} edit"},
    "team": {
        "somebody new": lambda t: f"{t.key} add <@{slack_id('colleague')}> member",
        "somebody less": lambda t: f"{t.key} remove <@{slack_id('member')}>",
    },
    "role": {
        "theirs": lambda t: f"<@{t.person}> executive",
        "in it": lambda t: f"<@{slack_id('colleague')}> sponsor for {t.key}",
        "of its portfolio": lambda t: f"<@{slack_id('colleague')}> executive for {t.key}",
    },
    "audit": {"somebody": lambda t: f"<@{t.person}>"},
    "export": {"all": lambda _: "all csv", "me": lambda _: "me json"},
    "forget": {"somebody": lambda t: f"<@{t.person}>"},
}


def _actions(route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    values: dict[str, Callable[[Target], str]] = {"a number": lambda t: str(t.number)}
    if "value" in route.wants:
        values |= {
            "a page of it": lambda t: f"{t.number}:0",
            "a reference": lambda t: f"{t.key}-R1",
            "an escalation": lambda t: f"{t.key}-E1",
            "a list": lambda t: Wanted(portfolio=t.number).packed(),
            "a role": lambda t: f"{t.person}:executive:+:{t.number}:",
            "a team": lambda t: f"{t.number};member={slack_id('colleague')}",
            "a channel": lambda t: t.channel,
        }
    for name, value in values.items():
        for suffix in ("", ":0") if "action" in route.wants else ("",):
            yield (
                name + suffix,
                lambda t, value=value, suffix=suffix: {  # type: ignore[misc]
                    "_id": f"{route.id}{suffix}",
                    "actions": [
                        {"type": "button", "action_id": f"{route.id}{suffix}", "value": value(t), "action_ts": "1.1"}
                    ],
                    "container": {"message_ts": "1.0"},
                    "trigger_id": "1",
                    "view": _view(route, t) if "view" in route.wants else {},
                    "_channel": t.channel,
                },
            )


def _views(route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    yield "a form", lambda t: {"view": _view(route, t), "trigger_id": "1"}


def _view(route: Route, target: Target) -> dict[str, Any]:
    ids = ("project", "risk", "escalation", "digest", "checkin", "report", "person")
    kept = {**dict.fromkeys(ids, target.number), "seen": 0, "start": "2026-11-14", "end": "2026-11-20"}
    kept |= {"zone": "Europe/London", "channel": target.channel, "ts": "1.1", "suggested": ""}
    return {
        "id": f"V{target.number}",
        "type": "modal",
        "callback_id": route.id,
        "hash": "1",
        "root_view_id": "V0",
        "private_metadata": json.dumps(kept),
        "blocks": [{"type": "input", "block_id": name} for name in _FIELDS],
        "state": {"values": {name: {name: make(target)} for name, make in _FIELDS.items()}},
    }


def _text(said: str) -> Callable[[Target], dict[str, Any]]:
    return lambda _: {"type": "plain_text_input", "value": said}


def _choice(value: Callable[[Target], str]) -> Callable[[Target], dict[str, Any]]:
    return lambda t: {"type": "static_select", "selected_option": {"value": value(t)}}


def _somebody(who: str) -> Callable[[Target], dict[str, Any]]:
    return lambda _: {"type": "users_select", "selected_user": slack_id(who)}


_FIELDS: Mapping[str, Callable[[Target], dict[str, Any]]] = {
    **{
        name: _text("said")
        for name in (
            *("name", "event", "cause", "effect", "action", "achievements", "next_steps", "decisions_needed", "what"),
            *("ask", "impact_if_nothing", "decision", "reason", "note", "closing_note"),
        )
    },
    "key": lambda t: {"type": "plain_text_input", "value": t.key},
    "project": _choice(lambda t: str(t.number)),
    "portfolio": _choice(lambda t: str(t.number)),
    "overall": _choice(lambda _: "G"),
    "probability": _choice(lambda _: "4"),
    "impact": _choice(lambda _: "5"),
    "to": _choice(lambda _: "pmo"),
    "outcome": _choice(lambda _: "expired"),
    "state": _choice(lambda _: "executing"),
    "cadence": _choice(lambda _: CHOICES[0].id),
    "part": _choice(lambda _: "me"),
    "form": _choice(lambda _: "csv"),
    "manager": _somebody("colleague"),
    "owner": _somebody("colleague"),
    "members": lambda _: {"type": "multi_users_select", "selected_users": [slack_id("colleague")]},
    "who": lambda t: {"type": "users_select", "selected_user": t.person},
    "pilots": lambda t: {"type": "multi_external_select", "selected_options": [{"value": str(t.number)}]},
    "confidential": lambda t: {"type": "multi_external_select", "selected_options": [{"value": str(t.number)}]},
    "channel": lambda t: {"type": "conversations_select", "selected_conversation": t.channel},
    "due": lambda _: {"type": "datepicker", "selected_date": "2027-01-01"},
    "decide_by": lambda _: {"type": "datepicker", "selected_date": "2027-01-01"},
    "time": lambda _: {"type": "timepicker", "selected_time": "09:00"},
    "cadence_time": lambda _: {"type": "timepicker", "selected_time": "09:00"},
}


def _options(route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    typed: dict[str, Callable[[Target], str]] = {"nothing": lambda _: "", "a key": lambda t: t.key.lower()}
    for name, value in typed.items():
        yield (
            name,
            lambda t, value=value: {  # type: ignore[misc]
                "_id": f"{route.id}:{Wanted(portfolio=t.number).packed()}" if route.id == "portfolio.of" else route.id,
                "action_id": f"{route.id}:{Wanted(portfolio=t.number).packed()}",
                "value": value(t),
            },
        )


def _shortcuts(_route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    yield (
        "in its channel",
        lambda t: {
            "trigger_id": "1",
            "message": {"ts": "1.1", "text": "said", "user": slack_id("colleague")},
            "_channel": t.channel,
        },
    )


def _events(route: Route) -> Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]:
    if route.act is None:
        return  # Slack itself tells it
    said: Callable[[Target], str] = lambda t: f"what of {t.key}-R1?"  # noqa: E731
    yield (
        "a reference",
        lambda t: {
            "event_id": f"Ev{route.id}{t.number}",
            "event": {"type": route.id.partition(".")[0], "tab": "home", "text": said(t), "channel": "DME"},
            "_channel": "DME",
        },
    )


BODIES: Mapping[Kind, Callable[[Route], Iterator[tuple[str, Callable[[Target], Mapping[str, Any]]]]]] = {
    Kind.COMMAND: _commands,
    Kind.ACTION: _actions,
    Kind.VIEW: _views,
    Kind.CLOSED: _views,
    Kind.SHORTCUT: _shortcuts,
    Kind.OPTIONS: _options,
    Kind.EVENT: _events,
}
