"""Projects: how one is named, what a form says of it, and its lifecycle."""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from itertools import count
from typing import Any, Final

from bot.errors import Refused
from bot.rules import cadence, transitions, words
from bot.rules.cadence import Cadence
from bot.rules.fields import Fields
from bot.rules.references import KEY
from bot.rules.terms import ProjectState

KEY_LENGTH: Final = 10
RESERVED: Final = frozenset({"ADD", "ALL", "EDIT", "HELP", "LIST", "ME", "MINE", "MY", "NEW", "PMO", "PROJECT"})
"""Words of commands, which no project can be called by."""
EMPTY: Final = frozenset({"A", "AN", "AND", "FOR", "IN", "NEW", "OF", "ON", "PROGRAMME", "PROJECT", "THE", "TO"})
"""Words of a name that tell no project from another."""

_FRIDAY_15: Final = time(15)

_ENDS: Final = frozenset({ProjectState.CANCELLED})
MOVES: Final[Mapping[ProjectState, frozenset[ProjectState]]] = {
    ProjectState.PROPOSED: _ENDS | {ProjectState.APPROVED},
    ProjectState.APPROVED: _ENDS | {ProjectState.INITIATING},
    ProjectState.INITIATING: _ENDS | {ProjectState.PLANNING},
    ProjectState.PLANNING: _ENDS | {ProjectState.EXECUTING, ProjectState.ON_HOLD},
    ProjectState.EXECUTING: _ENDS | {ProjectState.CLOSING, ProjectState.ON_HOLD},
    ProjectState.CLOSING: _ENDS | {ProjectState.CLOSED},
    ProjectState.ON_HOLD: _ENDS | {ProjectState.PLANNING, ProjectState.EXECUTING},
    ProjectState.CLOSED: frozenset({ProjectState.POST_REVIEWED}),
    ProjectState.POST_REVIEWED: frozenset(),
    ProjectState.CANCELLED: frozenset(),
}
"""The lifecycle of a project; anything not yet closed can be cancelled."""


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project as a form states it: people and channel by Slack id, the portfolio as the form names it.

    Dates and budget are the baseline, in the project's currency; None is not known, never 0.
    """

    name: str
    key: str
    portfolio: str | None
    manager: str
    sponsor: str | None
    deputy: str | None
    channel: str | None
    cadence: Cadence
    start: date | None = None
    finish: date | None = None
    budget: Decimal | None = None
    state: ProjectState = ProjectState.EXECUTING
    confidential: bool = False


def suggest_key(name: str, taken: Container[str] = ()) -> str:
    """A key for a project of this name that is not taken: its first telling word, its initials, else a number.

    Apollo data platform is APOLLO, then ADP, then APOLLO2. A name without Latin letters is PROJECT1 and on.
    """
    return next(key for key in _keys(name) if key not in taken and key not in RESERVED)


def check_key(text: str, taken: Container[str] = ()) -> str:
    """The key in capitals; Refused unless it has 2 to 10 letters and digits, a letter first, and is free."""
    key = text.strip().upper()
    if not re.fullmatch(KEY, key):
        raise Refused("A key has 2 to 10 letters and digits and begins with a letter, such as APOLLO.", field="key")
    if key in RESERVED:
        raise Refused("This word is a command: choose another key.", field="key")
    if key in taken:
        raise Refused("This key is taken: choose another.", field="key")
    return key


def draft(
    values: Mapping[str, Any],
    today: date,
    *,
    taken: Container[str] = (),
    was: ProjectDraft | None = None,
    held_from: ProjectState | None = None,
) -> ProjectDraft:
    """The project of a sent form; Refused with the faults of all its fields.

    `taken` are the keys in use. When a project is edited, `was` is the project before: it keeps its key, by which
    people know it, and an unchanged cadence its parity; its state may become one of `ways`. The cadence is one of
    cadence.CHOICES under "cadence" and "cadence_time", by default every Friday at 15:00.
    """
    fields = Fields(values)
    project = ProjectDraft(
        name=fields.text("name", needs="Give the project a name.", most=200),
        key=was.key if was else _key(fields, taken),
        portfolio=fields.text("portfolio") or None,
        manager=fields.person("manager", needs="Choose who manages it: the check-in goes to them.") or "",
        sponsor=fields.person("sponsor"),
        deputy=fields.person("deputy"),
        channel=_channel(fields),
        cadence=_cadence(fields, today, was),
        start=fields.day("start"),
        finish=fields.day("finish"),
        budget=fields.amount("budget"),
        state=_state(fields, was, held_from) if was else ProjectState.EXECUTING,
        confidential=_confidential(values, was),
    )
    if project.start and project.finish and project.finish < project.start:
        fields.fault("finish", "It cannot finish before it starts: choose a later date.")
    if project.deputy == project.manager:
        fields.fault("deputy", "A deputy stands in for the manager: choose somebody else.")
    fields.settle()
    return project


def move(state: ProjectState, to: ProjectState, *, held_from: ProjectState | None = None) -> ProjectState:
    """The new state; Refused when the lifecycle has no such step. What is on hold goes back to where it was held."""
    if state is ProjectState.ON_HOLD and held_from and to not in {held_from, ProjectState.CANCELLED}:
        raise Refused(f"This project was put on hold while {held_from.value}: it resumes there.")
    return transitions.step(MOVES, state, to)


def ways(state: ProjectState, held_from: ProjectState | None = None) -> tuple[ProjectState, ...]:
    """The states that a project may go to from this one, in the order of the lifecycle."""
    allowed = MOVES[state]
    if state is ProjectState.ON_HOLD and held_from:
        allowed = allowed & {held_from, ProjectState.CANCELLED}
    return tuple(each for each in ProjectState if each in allowed)


def keep_baseline(was: ProjectDraft, project: ProjectDraft) -> None:
    """Refused, at its field, when a baseline that was set becomes another: only the PMO sets it anew."""
    names = ("start", "finish", "budget")
    moved = [name for name in names if getattr(was, name) not in {None, getattr(project, name)}]
    if moved:
        raise Refused(fields=dict.fromkeys(moved, "Only the PMO changes a baseline that is set: ask them."))


def _keys(name: str) -> Iterator[str]:
    """Keys for a name, best first, without end."""
    said = re.findall(r"[A-Z0-9]+", unicodedata.normalize("NFKD", name.upper()).encode("ascii", "ignore").decode())
    telling = [word for word in said if word not in EMPTY and word[0].isalpha()]
    first = next((word[:KEY_LENGTH] for word in telling if len(word) > 1), "")
    yield from filter(None, (first, "".join(word[0] for word in telling)[:KEY_LENGTH] if len(telling) > 1 else ""))
    stem = first or "PROJECT"
    yield from (f"{stem[: KEY_LENGTH - len(str(number))]}{number}" for number in count(2 if first else 1))


def _key(fields: Fields, taken: Container[str]) -> str:
    typed = fields.text("key", needs="Give the project a key, such as APOLLO.")
    try:
        return check_key(typed, taken)
    except Refused as refused:
        fields.fault("key", refused.message)
        return ""


def _state(fields: Fields, was: ProjectDraft, held_from: ProjectState | None) -> ProjectState:
    """The state that was chosen; that of before when nothing was."""
    offered = {each.value: each for each in (was.state, *ways(was.state, held_from))}
    return fields.choice("state", offered) or was.state


def _confidential(values: Mapping[str, Any], was: ProjectDraft | None) -> bool:
    """Whether the box is ticked; who is not shown it leaves the project as it was."""
    if "confidential" in values:
        return bool(values["confidential"])
    return was is not None and was.confidential


def _channel(fields: Fields) -> str | None:
    picked = fields.text("channel")
    if picked and not re.fullmatch(r"[CG][A-Z0-9]{1,30}", picked):
        fields.fault("channel", "Choose a channel of this workspace.")
    return picked or None


def _cadence(fields: Fields, today: date, was: ProjectDraft | None) -> Cadence:
    """The cadence that was chosen; what was not chosen, and parity where nothing changed, is that of before."""
    before = was.cadence if was else cadence.chosen(cadence.WEEKLY_FRIDAY, _FRIDAY_15, today)
    choice, typed = fields.text("cadence"), fields.text("cadence_time")
    try:
        at = words.clock_time(typed, field="cadence_time") if typed else before.at
        chosen = cadence.chosen(choice, at, today) if choice else replace(before, at=at)
    except Refused as refused:
        for name, message in refused.fields.items():
            fields.fault(name, message)
        return before
    return replace(before, at=at) if chosen.rrule == before.rrule else chosen
