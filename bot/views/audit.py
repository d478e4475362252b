"""The audit trail as people read it: what was done, by whom, when, from where, and what it changed."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from bot.rules import health
from bot.rules.audit import CLOCK, IMPORT, OPERATOR, PEOPLE, POINTS_TO, PROJECTS, REFUSED, SLACK, numbers
from bot.rules.terms import Dimension, Health
from bot.store.tables import AuditEntry, Message, Name, Trail
from bot.views import text
from bot.views.blocks import Block, Element, actions, button, context, section
from bot.views.text import cut_mrkdwn, day, escape, join_lines, mention, when

TURN: Final = "audit.turn"
"""Shows another page of the trail; the value says which, and of what."""

SHOWN: Final = 8
"""Changes of one entry; the rest is in the export."""
LONG: Final = 100
"""Characters of one value."""
LIMIT: Final = 1_100
"""Characters of one entry: Slack takes about 13,000 in a message."""

FIELDS: Final[Mapping[str, str]] = {
    "start_baseline": "start",
    "finish_baseline": "finish",
    "finish_forecast": "forecast finish",
    "finish_actual": "actual finish",
    "budget_baseline": "budget",
    "budget_forecast": "forecast cost",
    "budget_actual": "spent",
    "path_action": "path to green",
    "path_owner_id": "owner of the path",
    "path_due": "path due",
    "action": "path to green",
    "action_owner_id": "owner of the path",
    "action_due": "path due",
    "cadence": "check-ins",
    "reported_health": "health",
    "overall": "health",
    "asked": "asked",
    "to": "asked at the level of",
    "impact_if_nothing": "if nothing is done",
    "is_admin": "Slack admin",
    "is_guest": "guest",
    "is_bot": "app",
    "is_stranger": "of another organisation",
    "deactivated_at": "deactivated",
    "dimensions": "dimensions",
}
"""What a field is called where its own name is not a word."""

UNTOLD: Final = frozenset(
    {
        *("identity", "report_id", "reported_at", "period_end", "health_since", "health_runs", "unchanged_runs"),
        *("missed_runs", "previous_health", "answered_at", "closed_at", "closed_by", "acknowledged_at"),
        *("acknowledged_by", "decided_at", "decided_by", "withdrawn_at", "withdrawn_by", "climbed_at", "climbs_at"),
        *("overdue_at", "is_overdue", "stopped_at"),
    }
)
"""What follows from the act itself, or is only kept for the machine's sake; the export tells it too."""

NOTHING: Final = "nothing"
UNNAMED: Final = "to find what is not here, or not theirs to see"
NOBODY: Final[Mapping[str | None, str]] = {
    CLOCK: "by the clock",
    IMPORT: "by an import",
    SLACK: "told by Slack",
    OPERATOR: "by the operator",
}
FROM: Final[Mapping[str, str]] = {
    "action": "with a button",
    "view": "in a form",
    "closed": "in a form",
    "options": "in a menu",
    "shortcut": "with a shortcut",
    "event": "in Slack",
    IMPORT: "with a register",
}
"""From where an act came, by the kind of its interaction; a command is told by its words."""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


def message(trail: Trail, *, zone: str) -> Message:
    """A page of the trail, the newest entry first, for a reader in this zone."""
    of = _record(trail.part.record, trail) if trail.part.record else ""
    title = f"The audit trail of {of}" if of else "The audit trail"
    if not trail.entries:
        return Message(title, [section(_nothing(of))])
    told = [(_headline(entry, trail, zone), entry) for entry in trail.entries]
    return Message(
        text=join_lines(f"{title}, the newest entry first:", *(headline for headline, _ in told)),
        blocks=[
            section(f"*{title}*, the newest entry first"),
            *(section(cut_mrkdwn(_told(headline, entry, trail, zone), LIMIT)) for headline, entry in told),
            *_turns(trail),
            context("Nobody can change or delete an entry. An export of the workspace has them all, in full."),
        ],
    )


def _nothing(of: str) -> str:
    """What stands where there is nothing yet."""
    about = f" about {of}" if of else ""
    told = "what, by whom, when, from what to what, why and from where"
    return f"There is no entry{about} yet. Every change from now on stands here: {told}."


def _headline(entry: AuditEntry, trail: Trail, zone: str) -> str:
    """What was done to which record, by whom, when, from where."""
    return " · ".join(filter(None, [_done(entry, trail), _who(entry, trail), when(entry.at, zone), _from(entry)]))


def _done(entry: AuditEntry, trail: Trail) -> str:
    if entry.what == REFUSED:
        act = str(entry.changes["act"][1])
        where = trail.names.get(f"projects:{entry.project_id}")
        wanted = UNNAMED if act == "find" else escape(act.replace("_", " "))
        return " ".join(filter(None, ["*Refused:*", wanted, f"in {escape(where.word)}" if where else ""]))
    return f"*{_record(entry.record, trail)}* {escape(entry.what)}"


def _who(entry: AuditEntry, trail: Trail) -> str:
    if entry.person_id is None:
        return NOBODY.get(entry.via) or f"by {escape(entry.via or 'the clock or an import')}"
    return f"by {_person(entry.person_id, trail)}"


def _from(entry: AuditEntry) -> str:
    """From where somebody did it; of what nobody did, that was said already."""
    kind, _, name = (entry.via if entry.person_id and entry.via else "").partition(" ")
    if kind == "command":
        return f"`/pmo {escape(name)}`" if name and not name.startswith("<") else "with a reference"
    return FROM.get(kind, "")


def _told(headline: str, entry: AuditEntry, trail: Trail, zone: str) -> str:
    """An entry in full: what was done, what that changed, and why."""
    told = {} if entry.what == REFUSED else entry.changes
    lines = [line for name, pair in told.items() if name not in UNTOLD and (line := _line(name, pair, trail, zone))]
    more = f"• and {text.plural(len(lines) - SHOWN, 'more change')}" if len(lines) > SHOWN else ""
    return join_lines(headline, *lines[:SHOWN], more, f"_{escape(entry.why, LONG)}_" if entry.why else "")


def _field(name: str) -> str:
    return FIELDS.get(name) or escape(name.removesuffix("_id").replace("_", " "))


def _line(name: str, pair: tuple[Any, Any], trail: Trail, zone: str) -> str:
    """From what to what; where there was nothing before, only what is. Nothing for what reads the same on both sides.

    That is so where it differs in a project that this reader does not see.
    """
    before, after = (_value(name, value, trail, zone) for value in pair)
    if before == after:
        return ""
    return f"• {_field(name)}: {after if pair[0] in _EMPTY else f'{before} → {after}'}"


def _value(name: str, value: Any, trail: Trail, zone: str) -> str:
    """A value as people say it; words that somebody typed stay words."""
    if value in _EMPTY:
        return NOTHING
    if name in POINTS_TO and (found := numbers(value)):
        named = [word for number in found if (word := _pointed(POINTS_TO[name], number, trail))]
        return text.listed(named) if named else NOTHING
    if name in SAID:
        return SAID[name](value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return escape(", ".join(map(str, value)), LONG)
    if isinstance(value, dict):
        return escape(", ".join(f"{key.replace('_', ' ')} {each}" for key, each in sorted(value.items())), LONG)
    return _typed(str(value), zone)


def _typed(value: str, zone: str) -> str:
    if _DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    if _MOMENT.fullmatch(value):
        return when(datetime.fromisoformat(value).astimezone(UTC), zone)
    return escape(" ".join(value.split()), LONG)


def _rating(value: Any) -> str:
    return text.health(Health[str(value).upper()])


def _amount(value: Any) -> str:
    return f"{Decimal(value):,.2f}"


def _words(value: Any) -> str:
    return escape(str(value).replace("_", " "))


def _letters(value: Mapping[str, int]) -> str:
    return health.letters({Dimension(name): Health(rank) for name, rank in value.items()})


SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    **dict.fromkeys(("reported_health", "overall"), _rating),
    **dict.fromkeys(("budget_baseline", "budget_forecast", "budget_actual"), _amount),
    **dict.fromkeys(("state", "severity", "level", "to", "outcome", "role"), _words),
    "channel": text.channel_link,
    "dimensions": _letters,
}
"""How the values of some fields are said."""


def _record(record: str, trail: Trail) -> str:
    """What people call a record."""
    table, _, number = record.partition(":")
    name = trail.names.get(record)
    if name is None:
        return "The workspace" if table == "workspaces" else f"{table.removesuffix('s').replace('_', ' ')} {number}"
    return CALLED.get(table, _by_word)(name)


def _by_word(name: Name) -> str:
    return escape(name.word)


def _by_period(what: str) -> Callable[[Name], str]:
    return lambda name: f"{escape(name.word)} {what}{f' up to {day(name.day)}' if name.day else ''}"


CALLED: Final[Mapping[str, Callable[[Name], str]]] = {
    PEOPLE: lambda name: mention(name.word),
    "channels": lambda name: text.channel_link(name.word),
    "portfolios": lambda name: f"Portfolio {escape(name.word)}",
    "digests": lambda name: f"Digest {escape(name.word)}",
    "checkins": _by_period("check-in"),
    "status_reports": _by_period("report"),
}


def _pointed(table: str, number: int, trail: Trail) -> str:
    """What a value points to; nothing for a project that is not there for this reader."""
    if table == PROJECTS and f"{table}:{number}" not in trail.names:
        return ""
    return _person(number, trail) if table == PEOPLE else _record(f"{table}:{number}", trail)


def _person(number: int, trail: Trail) -> str:
    name = trail.names.get(f"{PEOPLE}:{number}")
    return mention(name.word) if name else "somebody"


def _turns(trail: Trail) -> list[Block]:
    """The way to the pages beside this one."""
    first, last = trail.entries[0].id, trail.entries[-1].id
    buttons: list[Element] = []
    if trail.has_newer:
        buttons.append(button("Newer", f"{TURN}:newer", trail.part.newer(first).packed()))
    if trail.has_older:
        buttons.append(button("Older", f"{TURN}:older", trail.part.older(last).packed()))
    return [actions(*buttons)] if buttons else []
