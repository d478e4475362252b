"""Imports: a register of projects goes in, once or again; what is there already is found again and left alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session

from bot.rules.registers.cells import normalised
from bot.rules.registers.entries import ProjectEntry
from bot.rules.registers.keys import Keys
from bot.rules.terms import ProjectState
from bot.store import audit, health, imports_found, imports_people, imports_reports, portfolios, workspaces
from bot.store.imports_found import Pair, Unplaced
from bot.store.projects import OVER
from bot.store.tables import Project

DESCRIBING: Final = ("business_unit", "category", "description")
"""What describes a project; where it is not known, it is taken also from a register of a period long past."""

FIGURES: Final = {
    "start_baseline": "start_baseline",
    "start": "start_forecast",
    "start_actual": "start_actual",
    "finish_baseline": "finish_baseline",
    "finish_actual": "finish_actual",
    "bac": "budget_baseline",
    "actual_cost": "budget_actual",
}
"""The dates and amounts of a register, and the columns of a project they go to; forecasts go by its reports."""

NOT_KEPT: Final = frozenset({"year_budget", "year_forecast", "complete"})
"""Fields of a register that are read, and for which a project has no place yet."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a register in one workspace."""

    added: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    unchanged: int
    portfolios: tuple[str, ...]
    reports: int
    corrected: int
    unplaced: tuple[Unplaced, ...]


def keep_projects(
    session: Session, entries: Sequence[ProjectEntry], *, source: str, now: datetime, by: int | None = None
) -> Imported:
    """Add the projects of a register that are not there, bring the others up to date, and keep their reports.

    A project is found again by its identity, else by its name where no other id speaks against it. A blank changes
    nothing, and a register of a period before the newest report adds only its reports. What a person reported of a
    period stands. Twice the same register changes nothing.
    """
    placed, opened = _portfolios(session, entries, by=by, now=now)
    found = imports_found.find(session, entries)
    named: dict[int | None, str] = {number: name for name, number in portfolios.names(session).items()}
    there = [Pair(entry, project) for entry, project in zip(entries, found.projects, strict=True) if project]
    new = [entry for entry, project in zip(entries, found.projects, strict=True) if project is None]
    with session.no_autoflush:
        pairs = [*_added(session, new, placed, Keys(found.keys), now), *there]
        for pair in there:
            _bring_up_to_date(pair, placed, named, now)
        unplaced = [*found.doubtful, *_other_keys(pairs), *imports_people.appoint(session, pairs, now=now)]
        kept, corrected = imports_reports.keep(session, pairs, now=now)
        _note(session, pairs, by=by, now=now, why=f"imported from {source}")
    session.flush()
    changed = tuple(pair for pair in there if pair.changes)
    return Imported(
        added=tuple(pairs[: len(new)]),
        changed=changed,
        unchanged=len(there) - len(changed),
        portfolios=tuple(opened),
        reports=kept,
        corrected=corrected,
        unplaced=tuple(unplaced),
    )


# --- portfolios and figures ----------------------------------------------------------------------------------


def _portfolios(
    session: Session, entries: Iterable[ProjectEntry], *, by: int | None, now: datetime
) -> tuple[dict[str, int], list[str]]:
    """Every portfolio's number by its name as names are compared, and the names of those that are new.

    A register that names no portfolio but a business unit means that one.
    """
    placed = {normalised(name): number for name, number in sorted(portfolios.names(session).items(), reverse=True)}
    opened = list[str]()
    for name in dict.fromkeys(filter(None, map(_portfolio, entries))):
        if normalised(name) not in placed:
            placed[normalised(name)] = portfolios.find_or_add(session, name, by=by, now=now).id
            opened.append(name)
    return placed, opened


def _portfolio(entry: ProjectEntry) -> str | None:
    return entry.portfolio or entry.business_unit


def _added(
    session: Session, entries: Sequence[ProjectEntry], placed: Mapping[str, int], keys: Keys, now: datetime
) -> list[Pair]:
    """New projects, in one statement, each under a key of its own."""
    currency = workspaces.get(session).currency
    defaults = dict.fromkeys([*DESCRIBING, *FIGURES.values(), "portfolio_id"])
    rows: list[dict[str, Any]] = [
        defaults
        | {"currency": currency, "state": ProjectState.EXECUTING, "identity": entry.identity, "created_at": now}
        | {"key": keys.take(entry.name, entry.key), "closed_at": _closed_at(entry.state, entry, now)}
        | _describing(entry, placed)
        | _told(entry)
        for entry in entries
    ]
    if not rows:
        return []
    session.execute(insert(Project), rows)
    added = {project.key: project for project in imports_found.list_with_keys(session, [row["key"] for row in rows])}
    return [
        Pair(entry, added[row["key"]], is_new=True, changes={"key": (None, row["key"])})
        for entry, row in zip(entries, rows, strict=True)
    ]


def _bring_up_to_date(pair: Pair, placed: Mapping[str, int], named: Mapping[int | None, str], now: datetime) -> None:
    """Set what the register tells: all of it, or only what describes where the project is known to be further."""
    entry, project = pair.entry, pair.project
    values = _describing(entry, placed)
    if imports_reports.is_past(entry, project, now):
        values = {column: value for column, value in values.items() if getattr(project, column) is None}
    else:
        values |= _told(entry)
    is_known = project.identity or entry.key == project.key  # a key never changes: it finds the project again
    if entry.external_id or not is_known:
        values["identity"] = entry.identity
    pair.changes |= audit.change(project, **values)
    if moved := pair.changes.pop("portfolio_id", None):
        pair.changes["portfolio"] = (named.get(moved[0]), named.get(moved[1]))
    if "state" in pair.changes:
        project.closed_at = _closed_at(project.state, None, now)


def _describing(entry: ProjectEntry, placed: Mapping[str, int]) -> dict[str, Any]:
    name = _portfolio(entry)
    values = {column: getattr(entry, column) for column in DESCRIBING}
    values["portfolio_id"] = placed[normalised(name)] if name else None
    return {column: value for column, value in values.items() if value is not None}


def _told(entry: ProjectEntry) -> dict[str, Any]:
    values = {column: getattr(entry, name) for name, column in FIGURES.items()}
    values |= {"name": entry.name, "state": entry.state, "currency": entry.currency or None}
    return {column: value for column, value in values.items() if value is not None}


def _closed_at(state: ProjectState | None, entry: ProjectEntry | None, now: datetime) -> datetime | None:
    """When it was over: now, or for one that comes in closed, at the end of the last period it was told of."""
    if state not in OVER:
        return None
    ended = entry.period_end if entry else None
    return min(now, datetime.combine(ended, time(), UTC)) if ended else now


# --- what is told of it --------------------------------------------------------------------------------------


def _other_keys(pairs: Iterable[Pair]) -> Iterator[Unplaced]:
    for pair in pairs:
        if pair.entry.key not in (None, pair.project.key):
            why = f"is not its key here: it goes by {pair.project.key}"
            yield Unplaced(pair.entry.place, "key", pair.entry.key or "", why)


def _note(session: Session, pairs: Iterable[Pair], *, by: int | None, now: datetime, why: str) -> None:
    """Compute the health anew, and leave an audit entry for every project that is new or changed."""
    touched = [pair for pair in pairs if pair.changes]
    for pair in touched:
        health.recompute(session, pair.project)
    for is_new, what in ((True, "added"), (False, "edited")):
        rows = [(pair.project, pair.changes) for pair in touched if pair.is_new is is_new]
        audit.record_all(session, rows, what=what, by=by, now=now, why=why)
