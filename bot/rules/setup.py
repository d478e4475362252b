"""Setting up: the steps by which a PMO comes into being in a workspace, and where it stands.

The four phases are those of PMO as a service (brief 001): preparation agrees on the scope, design on structure and
processes, deployment sets them up and starts delivering, monitoring keeps looking at what it is worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final

from bot.errors import Refused
from bot.rules import cadence, calendars, money, words
from bot.rules.cadence import Choice
from bot.rules.fields import TEXT, Fields, number
from bot.rules.terms import Role, WorkspaceState

MOST_PEOPLE: Final = 30
"""How many people can be given one role in the form."""
MOST_PILOTS: Final = 20
REGISTER_MB: Final = 5
"""The size of a register that is taken in a form."""
TOO_LIVE: Final = "Everybody is asked already: this workspace has gone live."
NOT_LIVE: Final = "This workspace has not gone live yet, so there is nothing to take back."


class Step(StrEnum):
    """One line of the checklist."""

    SCOPE = "scope"
    SERVICES = "services"
    ROLES = "roles"
    DEFAULTS = "defaults"
    CALENDAR = "calendar"
    TOLERANCES = "tolerances"
    REGISTER = "register"
    PILOTS = "pilots"
    DIGEST = "digest"
    GO_LIVE = "go_live"
    REVIEW = "review"


PHASES: Final[Mapping[WorkspaceState, tuple[Step, ...]]] = {
    WorkspaceState.PREPARATION: (Step.SCOPE, Step.SERVICES),
    WorkspaceState.DESIGN: (Step.ROLES, Step.DEFAULTS, Step.CALENDAR, Step.TOLERANCES),
    WorkspaceState.DEPLOYMENT: (Step.REGISTER, Step.PILOTS, Step.DIGEST, Step.GO_LIVE),
    WorkspaceState.OPERATING: (Step.REVIEW,),
}
"""Which steps make up a phase, in the order in which they are best taken."""

ALWAYS: Final = frozenset({Step.GO_LIVE})
"""Steps that cannot be skipped: nobody is asked before they are taken."""
QUIET: Final = ("quiet_from", "quiet_until")
REVIEWED_DAYS: Final = 28
"""How far a review looks back."""


class Standing(StrEnum):
    """How a step stands."""

    DONE = "done"
    SKIPPED = "skipped"
    NEXT = "next"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that somebody, by Slack id, has taken or skipped; `by` is None for somebody who is not kept any more."""

    step: Step
    skipped: bool
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: the step, how it stands, and who took it when."""

    step: Step
    standing: Standing
    taken: Taken | None = None

    @property
    def may_skip(self) -> bool:
        """Whether the step can be left out."""
        return self.step not in ALWAYS


def checklist(taken: Sequence[Taken], *, is_live: bool) -> dict[WorkspaceState, list[Line]]:
    """Every step by its phase; the first one open is next, whatever was done after it.

    A workspace that was live before anybody set it up has that step behind it.
    """
    done: dict[Step, Taken | None] = {each.step: each for each in taken}
    if is_live:
        done.setdefault(Step.GO_LIVE, None)
    following = next((step for steps in PHASES.values() for step in steps if step not in done), None)

    def line(step: Step) -> Line:
        if step in done:
            how = done[step]
            return Line(step, Standing.SKIPPED if how and how.skipped else Standing.DONE, how)
        return Line(step, Standing.NEXT if step is following else Standing.NOT_YET)

    return {phase: [line(step) for step in steps] for phase, steps in PHASES.items()}


def begins(state: WorkspaceState, taken: Sequence[Taken], *, has_live_projects: bool) -> bool:
    """Whether the first step that is taken makes a workspace one that has not gone live yet.

    One that runs projects already stays live: setting it up changes nothing for those who work in it.
    """
    return state is WorkspaceState.OPERATING and not taken and not has_live_projects


def phase(taken: Sequence[Taken]) -> WorkspaceState:
    """The phase of a workspace that has not gone live: the first one with an open step, deployment at the latest."""
    done = {each.step for each in taken}
    unfinished = (phase for phase, steps in PHASES.items() if not done.issuperset(steps))
    first = next(unfinished, WorkspaceState.DEPLOYMENT)
    return WorkspaceState.DEPLOYMENT if first is WorkspaceState.OPERATING else first


# --- what the forms say --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """What the PMO is there for, and who stands behind it, by Slack id."""

    scope: str
    sponsor: str | None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What new projects begin with: how often and when their check-ins are due, in which zone, in which currency.

    From `quiet_from` to `quiet_until`, in each reader's zone, only what cannot wait is said.
    """

    choice: str
    at: str
    zone: str
    currency: str
    quiet_from: time
    quiet_until: time


def scope(values: Mapping[str, Any]) -> Scope:
    """The scope of a sent form; Refused when it says nothing."""
    fields = Fields(values)
    found = Scope(
        scope=fields.text("scope", needs="Say what this PMO does, and for whom.", most=TEXT),
        sponsor=fields.person("sponsor"),
    )
    fields.settle()
    return found


def roles(values: Mapping[str, Any]) -> dict[Role, tuple[str, ...]]:
    """Who is to hold each role of the workspace, by Slack id; Refused without anybody of the PMO."""
    faults: dict[str, str] = {}
    found: dict[Role, tuple[str, ...]] = {}
    for role in (Role.PMO, Role.EXECUTIVE, Role.AUDITOR):
        found[role] = tuple(dict.fromkeys(values.get(role.value) or ()))
        if len(found[role]) > MOST_PEOPLE:
            faults[role.value] = f"Choose {MOST_PEOPLE} people at most; `/pmo role` makes more."
    if not found[Role.PMO]:
        faults[Role.PMO.value] = "Choose one at least: somebody has to run the PMO."
    if faults:
        raise Refused(fields=faults)
    return found


def defaults(values: Mapping[str, Any]) -> Defaults:
    """The defaults of a sent form; Refused with the faults of all its fields."""
    fields = Fields(values)
    choices: dict[str, Choice] = {each.id: each for each in cadence.CHOICES}
    choice = fields.choice("cadence", choices, needs="Choose how often.")
    at = _kept(fields, "time", lambda: f"{_clock(values.get('time')):%H:%M}")
    zone = _kept(fields, "zone", lambda: cadence.zone_named(str(values.get("zone") or "")).key)
    currency = _kept(fields, "currency", lambda: money.currency(str(values.get("currency") or "")))
    quiet = [_kept(fields, name, lambda name=name: _clock(values.get(name)).isoformat()) for name in QUIET]
    fields.settle()
    return Defaults(choice.id if choice else "", at, zone, currency, *map(time.fromisoformat, quiet))


def calendar(values: Mapping[str, Any], today: date) -> tuple[str | None, list[str]]:
    """The country or region, and the closed days of its own as ISO dates, of a sent form; Refused else."""
    place = values.get("country") or None
    if place is not None:
        calendars.check_place(place)
    closed = calendars.read_days(str(values.get("closed") or ""), today)
    return place, sorted(day.isoformat() for day in closed)


def pilots(values: Mapping[str, Any]) -> list[int]:
    """The numbers of the projects that are asked before all others; Refused when they are too many."""
    chosen = list(dict.fromkeys(number(each, "pilots") for each in values.get("pilots") or ()))
    if len(chosen) > MOST_PILOTS:
        raise Refused(f"Keep it to {MOST_PILOTS} pilots: they are there to learn from.", field="pilots")
    return chosen


def mapping(values: Mapping[str, Any]) -> dict[str, str]:
    """What columns of a register mean, as typed a line each: Column title = field; Refused for a line without `=`."""
    found: dict[str, str] = {}
    lines = filter(None, map(str.strip, str(values.get("columns") or "").splitlines()))
    for count, line in enumerate(lines, 1):
        title, equals, field = line.rpartition("=")
        if not equals or not title.strip() or not field.strip():
            raise Refused(f"Line {count} has no =. Write it like Budget (£m) = bac (£m).", field="columns")
        found[title.strip()] = field.strip()
    return found


def _clock(value: Any) -> time:
    return value if isinstance(value, time) else words.clock_time(str(value or ""))


def _kept(fields: Fields, name: str, read: Any) -> str:
    try:
        return str(read())
    except Refused as refused:
        fields.fault(name, refused.message)
        return ""


# --- what settings and reviews tell --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last change of a setting: the audit entry that notes it, who made it (by Slack id) and when."""

    entry: int
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What the PMO's services came to in so many days."""

    days: int
    asked: int = 0
    answered: int = 0
    missed: int = 0
    risks: int = 0
    risks_closed: int = 0
    escalations: int = 0
    decided: int = 0
    editions: int = 0
