"""What a register says of a project, and how the rows of several periods become one project with its history."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.rules.registers.cells import Person, normalised, quoted
from bot.rules.terms import Dimension, Health, ProjectState

FEWEST_DIGITS = 4
"""How many digits two ids must share, and no other, to be one id whose letters changed (DH_0031 became DOH_0031)."""

IDENTITY_LIMIT = 300
"""The longest identity, in characters; some signs become several when case is folded."""

_KEPT = ("external_id", "key", "portfolio", "business_unit", "category", "description", "sponsor", "manager", "deputy")


_GROUPS = ("portfolio", "business_unit")


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """What one row reports of a project for one period; a health that the row does not tell is not set."""

    place: str
    period_end: date | None
    health: Health = Health.NOT_SET
    dimensions: Mapping[Dimension, Health] = field(default_factory=dict)
    comments: Mapping[Dimension, str] = field(default_factory=dict)
    commentary: str | None = None
    achievements: str | None = None
    next_period: str | None = None
    decisions_needed: str | None = None
    finish: date | None = None
    bac: Decimal | None = None
    eac: Decimal | None = None
    actual_cost: Decimal | None = None
    complete: Decimal | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether the row reports nothing for its period: neither a rating nor a word nor a figure."""
        known = (self.finish, self.bac, self.eac, self.actual_cost, self.complete)
        return self.says_figures_alone and all(value is None for value in known)

    @property
    def says_figures_alone(self) -> bool:
        """Whether the row has neither a rating nor a word."""
        told = (self.health, self.dimensions, self.comments, self.commentary, self.achievements, self.next_period,
                self.decisions_needed)  # fmt: skip
        return not any(told)


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A project as a register tells it, with a report for each period it tells of, the oldest first.

    None is not told, never zero. Amounts are in units of currency; `currency` is empty where the register names none.
    Forecast dates and amounts stand under the plain name (`start`, `finish`, `eac`).
    """

    place: str
    name: str
    period_end: date | None = None
    external_id: str | None = None
    key: str | None = None
    portfolio: str | None = None
    business_unit: str | None = None
    category: str | None = None
    description: str | None = None
    sponsor: Person | None = None
    manager: Person | None = None
    deputy: Person | None = None
    state: ProjectState | None = None
    currency: str = ""
    start: date | None = None
    start_baseline: date | None = None
    start_actual: date | None = None
    finish: date | None = None
    finish_baseline: date | None = None
    finish_actual: date | None = None
    bac: Decimal | None = None
    eac: Decimal | None = None
    actual_cost: Decimal | None = None
    year_budget: Decimal | None = None
    year_forecast: Decimal | None = None
    complete: Decimal | None = None
    reports: tuple[ReportEntry, ...] = ()
    former_names: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """By what the project is found again when the register is read again: its id, or its name without case."""
        known = f"id:{identified(self.external_id)}" if self.external_id else f"name:{normalised(self.name)}"
        return known[:IDENTITY_LIMIT]

    @property
    def health(self) -> Health:
        """The rating of the newest period."""
        return self.reports[-1].health if self.reports else Health.NOT_SET


def identified(external_id: str) -> str:
    """An id as it is compared: without case and outer space, for registers write MoD_0109 and MOD_0109."""
    return " ".join(external_id.casefold().split())


def same_id(one: str | None, other: str | None) -> bool:
    """Whether two ids of projects of one name may be one project: one is missing, or they differ in letters only."""
    return (
        not one
        or not other
        or identified(one) == identified(other)
        or bool(_digits(one) and _digits(one) == _digits(other))
    )


def _digits(external_id: str) -> str:
    digits = "".join(sign if sign.isdigit() else " " for sign in external_id)
    return " ".join(digits.split()) if len(digits.replace(" ", "")) >= FEWEST_DIGITS else ""


# --- joining -------------------------------------------------------------------------------------------------


class Projects:
    """The projects of a register, found by id, else by name, as rows are added from the oldest period to the newest."""

    def __init__(self) -> None:
        self.groups: list[dict[date | None, ProjectEntry]] = []
        self._by_id: dict[str, int] = {}
        self._by_digits: dict[tuple[str, str], int] = {}
        self._by_name: dict[str, int] = {}
        self._without_id: dict[str, int] = {}

    def add(self, entry: ProjectEntry) -> ProjectEntry | None:
        """Add a row to its project; the row that tells of the same period already is given back, and counts."""
        at = self._find(entry)
        if at is None:
            at = len(self.groups)
            self.groups.append({})
        group = self.groups[at]
        if entry.period_end in group:
            return group[entry.period_end]
        group[entry.period_end] = entry
        self._know(entry, at)
        return None

    def _find(self, entry: ProjectEntry) -> int | None:
        name = normalised(entry.name)
        if not entry.external_id:
            return self._by_name.get(name)
        ways = (
            self._by_id.get(identified(entry.external_id)),
            self._by_digits.get((name, _digits(entry.external_id))),
            self._without_id.get(name),
        )
        return next((at for at in ways if at is not None), None)

    def _know(self, entry: ProjectEntry, at: int) -> None:
        name = normalised(entry.name)
        self._by_name[name] = at
        if not entry.external_id:
            self._without_id.setdefault(name, at)
            return
        self._by_id[identified(entry.external_id)] = at
        if digits := _digits(entry.external_id):
            self._by_digits[name, digits] = at
        if self._without_id.get(name) == at:
            del self._without_id[name]


def joined(entries: Iterable[ProjectEntry]) -> tuple[list[ProjectEntry], list[tuple[ProjectEntry, ProjectEntry]]]:
    """Projects in the order of the register, and the rows left out with the row that told of the same period before.

    Rows of one id are one project; rows of one name are too, unless their ids say otherwise (see `same_id`).
    """
    projects, repeated = Projects(), list[tuple[ProjectEntry, ProjectEntry]]()
    for entry in sorted(entries, key=lambda entry: entry.period_end or date.min):
        if first := projects.add(entry):
            repeated.append((entry, first))
    found = [_merged(list(group.values())) for group in projects.groups]
    return list(_of_one_spelling(found)), repeated


def _merged(rows: Sequence[ProjectEntry]) -> ProjectEntry:
    """The newest row's values are the project's; what describes it and is missing there is taken from older ones."""
    newest = rows[-1]
    missing: dict[str, Any] = {name: _last(rows, name) for name in _KEPT if getattr(newest, name) is None}
    names = dict.fromkeys(row.name for row in rows if normalised(row.name) != normalised(newest.name))
    reports = tuple(report for row in rows for report in row.reports)
    return replace(newest, **missing, reports=reports, former_names=tuple(names))


def _last(rows: Sequence[ProjectEntry], name: str) -> Any:
    return next((value for row in reversed(rows) if (value := getattr(row, name)) is not None), None)


def _of_one_spelling(entries: Sequence[ProjectEntry]) -> Iterator[ProjectEntry]:
    chosen = {name: _spellings(getattr(entry, name) for entry in entries) for name in _GROUPS}
    for entry in entries:
        told = {name: getattr(entry, name) for name in _GROUPS}
        yield replace(entry, **{name: chosen[name].get(value or "", value) for name, value in told.items()})


def _spellings(names: Iterable[str | None]) -> dict[str, str]:
    """One spelling for names that differ in case, spaces or punctuation only: the one that most rows have."""
    counted = Counter(name for name in names if name)
    chosen: dict[str, str] = {}
    return {name: chosen.setdefault(normalised(name), name) for name, _ in counted.most_common()}


def other_spellings(entries: Iterable[ProjectEntry], projects: Iterable[ProjectEntry]) -> list[str]:
    """Sentences on the portfolios and business units whose spelling was made one."""
    kept = {getattr(project, name) for project in projects for name in _GROUPS}
    by_name = {normalised(name): name for name in kept if name}
    spelled = dict.fromkeys(getattr(entry, name) for entry in entries for name in _GROUPS)
    other = [name for name in spelled if name and name not in kept and normalised(name) in by_name]
    return [f"{quoted(name)} was taken as {quoted(by_name[normalised(name)])}" for name in other]
