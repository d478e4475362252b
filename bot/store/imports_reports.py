"""Imports: the reports of a register become the history of its projects, which is added to and never rewritten."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any, Final

import sqlalchemy
from sqlalchemy import insert
from sqlmodel import Session, col, select

from bot.rules.health import Signals
from bot.rules.registers.entries import ProjectEntry, ReportEntry
from bot.rules.terms import CheckinState, Health
from bot.store import audit, health
from bot.store.imports_found import Pair, parts
from bot.store.tables import Checkin, Project, StatusReport

SHOWN: Final = ("reported_health", "finish_forecast", "budget_forecast")
"""The columns of a project that follow its reports and are told as changes."""

_DAY: Final = timedelta(days=1)
_CONTENT: Final = (
    "overall", "dimensions", "comments", "cause", "finish_forecast", "budget_baseline", "budget_forecast",
    "achievements", "next_steps", "decisions_needed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """A report that stands, without its texts; `content` is what a register says, where that is known."""

    id: int
    author_id: int | None
    period_end: date
    period_start: date
    reported_at: datetime
    overall: Health
    is_unchanged: bool
    finish_forecast: date | None
    budget_forecast: Any
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A report of the register: whose it is, the period it is of, and the one it is new against, if there is any."""

    pair: Pair
    entry: ReportEntry
    period_end: date
    same: _Said | None

    @property
    def content(self) -> dict[str, Any]:
        """What the register says, as a report keeps it."""
        entry = self.entry
        return {
            "overall": entry.health,
            "dimensions": {dimension.value: int(rating) for dimension, rating in entry.dimensions.items()},
            "comments": {dimension.value: comment for dimension, comment in entry.comments.items()},
            "cause": entry.commentary,
            "finish_forecast": entry.finish,
            "budget_baseline": entry.bac,
            "budget_forecast": entry.eac,
            "achievements": entry.achievements,
            "next_steps": entry.next_period,
            "decisions_needed": entry.decisions_needed,
        }


def is_past(entry: ProjectEntry, project: Project, now: datetime) -> bool:
    """Whether the register tells of a time before the newest report of the project."""
    today = now.date()
    return project.period_end is not None and min(entry.period_end or today, today) < project.period_end


def keep(session: Session, pairs: Sequence[Pair], *, now: datetime) -> tuple[int, int]:
    """Keep the reports of a register that say something new; how many are the first of their period, how many correct.

    A report of a period that has not ended, or of none, is of today, and new when it differs from the last import.
    What a person reported of a period stands. The projects' own columns follow.
    """
    standing = _standing(session, [pair.project.id for pair in pairs if not pair.is_new])
    wanted = [each for pair in pairs for each in _wanted(pair, standing.get(pair.project.id, []), now.date())]
    known = _contents(session, [each.same.id for each in wanted if each.same and each.same.author_id is None])
    rows = [row for each in wanted if (row := _row(session, each, standing, known, now))]
    _follow(session, pairs, standing, _added(session, rows))
    return sum(row["supersedes_id"] is None for row in rows), sum(row["supersedes_id"] is not None for row in rows)


# --- what stands ---------------------------------------------------------------------------------------------


def _standing(session: Session, projects: Sequence[int]) -> dict[int, list[_Said]]:
    """The reports of projects that no correction has superseded, the newest period first."""
    found: dict[int, list[_Said]] = {}
    superseded: set[int | None] = set()
    for some in parts(projects):
        for project_id, supersedes_id, *values in session.execute(
            _narrow().where(col(StatusReport.project_id).in_(some))
        ):
            superseded.add(supersedes_id)
            found.setdefault(project_id, []).append(_Said(*values))
    return {number: [said for said in told if said.id not in superseded] for number, told in found.items()}


def _narrow() -> Any:
    said = StatusReport
    columns: tuple[Any, ...] = (
        said.project_id, said.supersedes_id, said.id, said.author_id, said.period_end, said.period_start,
        said.reported_at, said.overall, said.is_unchanged, said.finish_forecast, said.budget_forecast,
    )  # fmt: skip
    return sqlalchemy.select(*columns).order_by(col(said.period_end).desc(), col(said.id).desc())


def _contents(session: Session, reports: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What imported reports say, by their number."""
    columns: tuple[Any, ...] = (StatusReport.id, *(getattr(StatusReport, name) for name in _CONTENT))
    found: dict[int, dict[str, Any]] = {}
    for some in parts(reports):
        for number, *values in session.execute(sqlalchemy.select(*columns).where(col(StatusReport.id).in_(some))):
            found[number] = dict(zip(_CONTENT, values, strict=True))
    return found


# --- what is new ---------------------------------------------------------------------------------------------


def _wanted(pair: Pair, standing: Sequence[_Said], today: date) -> Iterator[_Wanted]:
    """The reports of an entry; of several that are of today, the last counts."""
    current = list[ReportEntry]()
    for report in pair.entry.reports:
        if report.period_end and report.period_end < today:
            yield _Wanted(pair, report, report.period_end, _of(standing, report.period_end))
        else:
            current.append(report)
    for report in current[-1:]:
        yield _Wanted(pair, report, today, next((said for said in standing if said.author_id is None), None))


def _of(standing: Sequence[_Said], period_end: date) -> _Said | None:
    return next((said for said in standing if said.period_end == period_end), None)


def _row(
    session: Session,
    wanted: _Wanted,
    standing: Mapping[int, Sequence[_Said]],
    known: Mapping[int, Mapping[str, Any]],
    now: datetime,
) -> dict[str, Any] | None:
    """The row that has to be added, or None where the register says nothing new or a person has reported."""
    content, end = wanted.content, wanted.period_end
    if wanted.same and known.get(wanted.same.id) == content:
        return None
    there = standing.get(wanted.pair.project.id, [])
    same = _of(there, end)
    if same and same.author_id is not None:
        return None
    computed, because = health.computed(session, _signals(wanted), wanted.entry.health)
    return content | {
        "project_id": wanted.pair.project.id,
        "period_start": same.period_start if same else _start(wanted, there),
        "period_end": end,
        "reported_at": now if end == now.date() else datetime.combine(end, time(12), UTC),
        "supersedes_id": same.id if same else None,
        "computed": computed,
        "computed_because": because,
    }


def _start(wanted: _Wanted, standing: Sequence[_Said]) -> date:
    """The day after the period before; a first report is known to be of its last day only."""
    ends = [said.period_end for said in standing]
    ends += [report.period_end for report in wanted.pair.entry.reports if report.period_end]
    return max((end + _DAY for end in ends if end < wanted.period_end), default=wanted.period_end)


def _signals(wanted: _Wanted) -> Signals:
    entry, project = wanted.entry, wanted.pair.project
    return Signals(
        dimensions=entry.dimensions,
        baseline_finish=project.finish_baseline,
        forecast_finish=entry.finish,
        bac=project.budget_baseline if entry.bac is None else entry.bac,
        eac=entry.eac,
    )


def _added(session: Session, rows: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Add the rows, and give each with its number: the highest of its project and period."""
    if not rows:
        return
    session.execute(insert(StatusReport), rows)
    numbers: dict[tuple[int, date], int] = {}
    for some in parts(sorted({row["project_id"] for row in rows})):
        columns: tuple[Any, ...] = (StatusReport.project_id, StatusReport.period_end, StatusReport.id)
        query = sqlalchemy.select(*columns).where(col(StatusReport.project_id).in_(some))
        for project_id, period_end, number in session.execute(query):
            numbers[project_id, period_end] = max(number, numbers.get((project_id, period_end), 0))
    for row in rows:
        yield numbers[row["project_id"], row["period_end"]], row


# --- what follows for the projects ---------------------------------------------------------------------------


def _follow(
    session: Session,
    pairs: Sequence[Pair],
    standing: dict[int, list[_Said]],
    added: Iterable[tuple[int, Mapping[str, Any]]],
) -> None:
    """Bring the projects' own columns up to date with their reports."""
    told: dict[int, list[_Said]] = {}
    for number, row in added:
        told.setdefault(row["project_id"], []).append(_said(number, row))
    missed = _missed(session) if standing else {}
    for pair in pairs:
        number = pair.project.id
        if number in told:
            history = _history(standing.get(number, []), told[number])
            moved = audit.change(pair.project, **_columns(pair.project, history, missed.get(number, [])))
            pair.changes |= {name: moved[name] for name in SHOWN if name in moved and not pair.is_new}
            pair.changes["reports"] = (None, len(told[number]))


def _said(number: int, row: Mapping[str, Any]) -> _Said:
    return _Said(
        number,
        None,
        row["period_end"],
        row["period_start"],
        row["reported_at"],
        row["overall"],
        False,
        row["finish_forecast"],
        row["budget_forecast"],
        content=row,
    )


def _history(standing: Iterable[_Said], added: Sequence[_Said]) -> list[_Said]:
    """The reports that stand now, the newest period first; each period is said once."""
    by_period = {said.period_end: said for said in (*standing, *added)}
    return sorted(by_period.values(), key=lambda said: said.period_end, reverse=True)


def _columns(project: Project, history: Sequence[_Said], missed: Iterable[date]) -> dict[str, Any]:
    """What the project's columns say of its reports, as `store.reports.columns` reads it from the whole history."""
    newest = history[0]
    same = list(takewhile(lambda said: said.overall is newest.overall, history))
    finishes = [said.finish_forecast for said in history if said.finish_forecast is not None]
    budgets = [said.budget_forecast for said in history if said.budget_forecast is not None]
    values: dict[str, Any] = {
        "report_id": newest.id,
        "reported_at": newest.reported_at,
        "period_end": newest.period_end,
        "reported_health": newest.overall,
        "previous_health": history[1].overall if len(history) > 1 else Health.NOT_SET,
        "health_since": same[-1].period_end,
        "health_runs": len(same),
        "unchanged_runs": len(list(takewhile(lambda said: said.is_unchanged, history))),
        "missed_runs": sum(end > newest.period_end for end in missed),
        "finish_forecast": finishes[0] if finishes else project.finish_forecast,
        "budget_forecast": budgets[0] if budgets else project.budget_forecast,
    }
    return values | _newest_content(newest)


def _newest_content(newest: _Said) -> dict[str, Any]:
    """What only the newest report tells; one that stood there before has been told already."""
    if newest.content is None:
        return {}
    path = dict.fromkeys(("path_action", "path_owner_id", "path_due"))
    return path | {"dimensions": newest.content["dimensions"], "cause": newest.content["cause"]}


def _missed(session: Session) -> dict[int, list[date]]:
    """The periods for which check-ins were missed and not answered late, by project."""
    query = select(col(Checkin.project_id), col(Checkin.period_end)).where(
        Checkin.state == CheckinState.MISSED, col(Checkin.report_id).is_(None)
    )
    found: dict[int, list[date]] = {}
    for project_id, period_end in session.exec(query):
        found.setdefault(project_id, []).append(period_end)
    return found
