"""Digests: what executives are told of a portfolio, in the order in which they can act on it.

A digest answers three questions: where are we, where are we going, what do you need from me. Blank is X, never green
and never zero; ratios are sums over sums (FEMA), never means of ratios.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from bot.rules import cadence, health, money, words
from bot.rules.cadence import Cadence
from bot.rules.fields import Fields
from bot.rules.health import Change
from bot.rules.terms import Dimension, EscalationLevel, Health, ProjectState, RiskState, Service, Severity

TOP: Final = 5
"""How many decisions and risks a digest begins with; the rest is in the thread."""
ORDER: Final = tuple(sorted(Health, reverse=True))
"""Ratings as they are listed, worst first."""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One live project as of now.

    `previous` is what was reported in the edition before, None when the project was not in it. `missed` counts
    reports missing in a row up to now (0 when the newest was given); `asked` is whether one was ever due. `runs` is
    for how many reports in a row it has been rated as it is. `because` is what speaks against it by its signals.
    """

    key: str
    name: str
    reported: Health = Health.NOT_SET
    computed: Health = Health.NOT_SET
    previous: Health | None = None
    dimensions: Mapping[Dimension, Health] = field(default_factory=dict)
    because: tuple[str, ...] = ()
    cause: str = ""
    action: str = ""
    action_owner: str | None = None
    action_due: date | None = None
    baseline_finish: date | None = None
    forecast_finish: date | None = None
    currency: str = ""
    bac: Decimal | None = None
    eac: Decimal | None = None
    runs: int = 0
    asked: bool = True
    missed: int = 0

    @property
    def change(self) -> Change:
        """How the reported health moved since the edition before; the same when there was none."""
        return Change.SAME if self.previous is None else health.change(self.previous, self.reported)


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A project that ended since the edition before, with the rating it had then."""

    key: str
    name: str
    state: ProjectState
    previous: Health = Health.NOT_SET


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """An open escalation: what is asked of whom by when, and what waiting costs; `to` are Slack ids."""

    id: int
    ref: str
    project: str
    what: str
    ask: str
    impact_if_nothing: str
    decide_by: date
    level: EscalationLevel
    to: tuple[str, ...] = ()
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class RiskLine:
    """An open risk; `owner` is a Slack id."""

    id: int
    ref: str
    project: str
    event: str
    score: int
    severity: Severity
    state: RiskState
    owner: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a digest is made from: live projects, what ended since the edition before, open decisions and risks.

    `since` is when the edition before was due, None for the first. `risks` may be the worst only; `open_risks` is the
    number of all. Of services that are `off` there is nothing.
    """

    name: str
    as_of: datetime
    since: datetime | None
    projects: Sequence[ProjectLine] = ()
    closed: Sequence[ClosedLine] = ()
    decisions: Sequence[DecisionLine] = ()
    risks: Sequence[RiskLine] = ()
    open_risks: int = 0
    off: frozenset[Service] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved since the edition before; empty in the first."""

    worse: tuple[ProjectLine, ...] = ()
    better: tuple[ProjectLine, ...] = ()
    new: tuple[ProjectLine, ...] = ()
    closed: tuple[ClosedLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.worse or self.better or self.new or self.closed)


@dataclass(frozen=True, slots=True)
class Funds:
    """The money of the projects in one currency.

    `bac` is the sum of the budgets that are known, by how many projects; `shares` is what part of it lies in projects
    of each rating. `eac` and `eac_bac` are the sums over the projects that have both, None when none has; `overrun`
    is their relative difference. Nothing is rounded.
    """

    currency: str
    projects: int
    with_bac: int
    bac: Decimal
    shares: Mapping[Health, Decimal]
    with_eac: int
    eac: Decimal | None
    eac_bac: Decimal | None

    @property
    def overrun(self) -> Decimal | None:
        """The forecast cost against the budget of the same projects, 0.061 for 6.1 % over; None when not known."""
        if self.eac is None or self.eac_bac is None:
            return None
        return money.ratio(self.eac - self.eac_bac, self.eac_bac)


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told, in the order in which it is told.

    `counts` is how many projects have each rating, worst first. `attention` are the red and newly amber projects,
    `steady_ambers` the number of the other ambers. `not_admitted` are rated worse by their signals than by people.
    `missing` are the projects without the report they were asked for. `..._rest` is what comes after the first five.
    """

    name: str
    as_of: datetime
    since: datetime | None
    received: int
    expected: int
    decisions: tuple[DecisionLine, ...]
    decisions_rest: tuple[DecisionLine, ...]
    changes: Changes
    live: int
    counts: Mapping[Health, int]
    funds: tuple[Funds, ...]
    attention: tuple[ProjectLine, ...]
    steady_ambers: int
    not_admitted: tuple[ProjectLine, ...]
    risks: tuple[RiskLine, ...]
    open_risks: int
    missing: tuple[ProjectLine, ...]
    off: frozenset[Service] = frozenset()


def summarise(snapshot: Snapshot) -> Digest:
    """The digest of a snapshot; every list is sorted by what needs action first, and walked a fixed number of times."""
    projects = sorted(snapshot.projects, key=_urgency)
    decisions = tuple(sorted(snapshot.decisions, key=lambda each: (each.decide_by, each.ref)))
    asked = [each for each in projects if each.asked] if Service.CHECKINS not in snapshot.off else []
    ambers = [each for each in projects if is_amber(each.reported)]
    news = [each for each in ambers if is_newly_amber(each)]
    return Digest(
        name=snapshot.name,
        as_of=snapshot.as_of,
        since=snapshot.since,
        received=sum(not each.missed for each in asked),
        expected=len(asked),
        decisions=decisions[:TOP],
        decisions_rest=decisions[TOP:],
        changes=_changes(projects, snapshot.closed) if snapshot.since else Changes(),
        live=len(projects),
        counts=_counts(projects),
        funds=_funds(projects),
        attention=tuple([each for each in projects if each.reported is Health.RED] + news),
        steady_ambers=len(ambers) - len(news),
        not_admitted=tuple(each for each in projects if health.is_watermelon(each.reported, each.computed)),
        risks=tuple(sorted(snapshot.risks, key=lambda each: (-each.score, each.ref))[:TOP]),
        open_risks=max(snapshot.open_risks, len(snapshot.risks)),
        missing=tuple(sorted((each for each in asked if each.missed), key=lambda each: (-each.missed, each.key))),
        off=snapshot.off,
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest as a form states it; `portfolio` is what the form names it by, `confidential` the projects it may tell.

    `confidential` is None for whoever was not asked.
    """

    name: str
    channel: str
    portfolio: str
    cadence: Cadence
    confidential: tuple[str, ...] | None = None


def draft(values: Mapping[str, Any], today: date) -> Draft:
    """The digest of a sent form; Refused with the faults of all its fields."""
    fields = Fields(values)
    name = fields.text("name", needs="Give the digest a name.", most=120)
    channel = fields.text("channel", needs="Choose the channel it goes to.")
    portfolio = fields.text("portfolio", needs="Choose what it is about.")
    choice = fields.text("cadence", needs="Choose how often it is posted.")
    typed = fields.text("time", needs="Choose the time.")
    fields.settle()
    named = tuple(values["confidential"] or ()) if "confidential" in values else None
    return Draft(name, channel, portfolio, cadence.chosen(choice, words.clock_time(typed), today), named)


def period(due: datetime) -> str:
    """The week an edition belongs to, by the local day it is due (ISO 8601): 2026-W48."""
    year, week, _ = due.isocalendar()
    return f"{year}-W{week:02}"


def is_amber(rating: Health) -> bool:
    """Amber or amber/red: not red, but owing a path to green."""
    return rating.needs_path_to_green and rating is not Health.RED


def is_newly_amber(line: ProjectLine) -> bool:
    """Amber now, and rated otherwise in the edition before or not in it."""
    return is_amber(line.reported) and line.reported is not line.previous


def age(line: ProjectLine) -> str:
    """For how long a project has been rated as it is: red 2 runs."""
    return f"{health.colour(line.reported)} {line.runs} {'run' if line.runs == 1 else 'runs'}"


def _urgency(line: ProjectLine) -> tuple[int, Decimal, str]:
    """Worst rating first, then the largest budget, one not known last, then the key."""
    return -line.reported, -(line.bac if line.bac is not None else Decimal(-1)), line.key


def _changes(projects: Iterable[ProjectLine], closed: Sequence[ClosedLine]) -> Changes:
    """Worse, better and new in the order of urgency, and what ended."""
    moved: dict[Change, list[ProjectLine]] = {Change.WORSE: [], Change.BETTER: []}
    new = []
    for each in projects:
        if each.previous is None:
            new.append(each)
        elif each.change in moved:
            moved[each.change].append(each)
    return Changes(tuple(moved[Change.WORSE]), tuple(moved[Change.BETTER]), tuple(new), tuple(closed))


def _counts(projects: Iterable[ProjectLine]) -> dict[Health, int]:
    """How many projects have each rating that occurs, worst first."""
    counted = Counter(each.reported for each in projects)
    return {rating: counted[rating] for rating in ORDER if counted[rating]}


def _funds(projects: Iterable[ProjectLine]) -> tuple[Funds, ...]:
    """The money by currency, the largest number of projects first; a project without any amount is in none."""
    by_currency: dict[str, list[ProjectLine]] = {}
    for each in projects:
        if each.bac is not None or each.eac is not None:
            by_currency.setdefault(each.currency, []).append(each)
    funds = [_funds_in(currency, lines) for currency, lines in by_currency.items()]
    return tuple(sorted(funds, key=lambda each: (-each.projects, each.currency)))


def _funds_in(currency: str, lines: Collection[ProjectLine]) -> Funds:
    """The money in one currency."""
    budgets = [(each.reported, each.bac) for each in lines if each.bac is not None]
    both = [(each.bac, each.eac) for each in lines if each.bac is not None and each.eac is not None]
    bac = sum((budget for _, budget in budgets), Decimal(0))
    return Funds(
        currency=currency,
        projects=len(lines),
        with_bac=len(budgets),
        bac=bac,
        shares=_shares(budgets, bac),
        with_eac=len(both),
        eac=sum((eac for _, eac in both), Decimal(0)) if both else None,
        eac_bac=sum((budget for budget, _ in both), Decimal(0)) if both else None,
    )


def _shares(budgets: Iterable[tuple[Health, Decimal]], whole: Decimal) -> dict[Health, Decimal]:
    """What part of the whole budget lies in projects of each rating, worst first; none when there is no budget."""
    sums: dict[Health, Decimal] = dict.fromkeys(ORDER, Decimal(0))
    for rating, budget in budgets:
        sums[rating] += budget
    return {rating: part / whole for rating, part in sums.items() if part} if whole else {}
