"""Status reports: kept once, corrected by a row that supersedes, and copied into what is current of their project."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.actors import Actor
from bot.rules.checkins import ReportDraft
from bot.rules.terms import CheckinState, Dimension, Health, Service
from bot.store import audit, health, people, workspaces
from bot.store.tables import Checkin, Digest, Person, Project, Schedule, StatusReport, Version

Period = tuple[date, date]
PAGE = 10


def submit(
    session: Session,
    project: Project,
    draft: ReportDraft,
    *,
    period: Period,
    by: Actor,
    now: datetime,
    unchanged: bool = False,
) -> StatusReport:
    """Keep the first report of a period, and bring its project up to date; the project is held by the caller."""
    report = _report(session, project, draft, period, by=by, now=now)
    report.is_unchanged = unchanged
    return _keep(session, project, report, what="submitted")


def correct(
    session: Session, project: Project, old: StatusReport, draft: ReportDraft, *, by: Actor, now: datetime
) -> StatusReport:
    """Supersede a report by a new row; one that says the same is the old one itself.

    The project is held by the caller.
    """
    said = _said(session, draft)
    changes = {name: (getattr(old, name), value) for name, value in said.items() if getattr(old, name) != value}
    if not changes:
        return old
    report = _report(session, project, draft, (old.period_start, old.period_end), by=by, now=now)
    report.supersedes_id = old.id
    return _keep(session, project, report, what="corrected", changes=changes)


def _report(
    session: Session, project: Project, draft: ReportDraft, period: Period, *, by: Actor, now: datetime
) -> StatusReport:
    """The row of a draft, with what the rules make of its facts; a report ends all silence before it."""
    start, end = period
    facts = replace(
        health.signals(project),
        dimensions={each: rating for each, rating in draft.dimensions.items() if rating is not Health.NOT_SET},
        path_to_green=draft.has_path,
        missed=0,
        forecast_finish=draft.forecast_finish or project.finish_forecast,
        eac=project.budget_forecast if draft.eac is None else draft.eac,
    )
    computed, because = health.computed(session, facts, draft.overall)
    return StatusReport(
        project_id=project.id,
        author_id=by.person,
        period_start=start,
        period_end=end,
        reported_at=now,
        computed=computed,
        computed_because=because,
        **_said(session, draft),
    )


def _said(session: Session, draft: ReportDraft) -> dict[str, Any]:
    """What a draft puts in the row; what was not said is null."""
    return {
        "overall": draft.overall,
        "dimensions": {
            each.value: int(rating) for each, rating in draft.dimensions.items() if rating is not Health.NOT_SET
        },
        "cause": draft.cause or None,
        "action": draft.action or None,
        "action_owner_id": _owner(session, draft),
        "action_due": draft.action_due,
        "finish_forecast": draft.forecast_finish,
        "budget_forecast": draft.eac,
        "achievements": draft.achievements or None,
        "next_steps": draft.next_steps or None,
        "decisions_needed": draft.decisions_needed or None,
    }


def _owner(session: Session, draft: ReportDraft) -> int | None:
    """The number of whoever is to act: a record holds numbers, and `people` alone says who that is."""
    return people.find_or_add(session, draft.action_owner).id if draft.action_owner else None


def _keep(
    session: Session,
    project: Project,
    report: StatusReport,
    *,
    what: str,
    changes: dict[str, tuple[Any, Any]] | None = None,
) -> StatusReport:
    session.add(report)
    session.flush()
    by, now = report.author_id, report.reported_at
    audit.record(session, report, what=what, by=by, now=now, changes=changes)
    moved = audit.change(project, **columns(session, project))
    if moved:
        audit.record(session, project, what="reported", by=by, now=now, changes=moved)
    health.recompute(session, project)
    session.flush()
    return report


def draft_of(report: StatusReport) -> ReportDraft:
    """The report as its author stated it."""
    return ReportDraft(
        overall=report.overall,
        dimensions={each: Health(report.dimensions.get(each.value, Health.NOT_SET)) for each in Dimension},
        cause=report.cause or "",
        action=report.action or "",
        action_owner=report.action_owner,
        action_due=report.action_due,
        forecast_finish=report.finish_forecast,
        eac=report.budget_forecast,
        achievements=report.achievements or "",
        next_steps=report.next_steps or "",
        decisions_needed=report.decisions_needed or "",
    )


def columns(session: Session, project: Project) -> dict[str, Any]:
    """What the project's own columns say of its reports, read from their history alone; {} before the first.

    A forecast that a report left blank is that of the report before it. Check-ins count as missed since the newest
    report's period.
    """
    history = session.exec(_newest_first(project.id)).all()
    if not history:
        return {}
    newest = history[0]
    same = list(takewhile(lambda report: report.overall is newest.overall, history))
    finishes = [report.finish_forecast for report in history if report.finish_forecast is not None]
    budgets = [report.budget_forecast for report in history if report.budget_forecast is not None]
    return {
        "report_id": newest.id,
        "reported_at": newest.reported_at,
        "period_end": newest.period_end,
        "reported_health": newest.overall,
        "previous_health": history[1].overall if len(history) > 1 else Health.NOT_SET,
        "dimensions": newest.dimensions,
        "health_since": same[-1].period_end,
        "health_runs": len(same),
        "unchanged_runs": len(list(takewhile(lambda report: report.is_unchanged, history))),
        "missed_runs": _count_missed(session, project.id, newest.period_end),
        "cause": newest.cause,
        "path_action": newest.action,
        "path_owner_id": newest.action_owner_id,
        "path_due": newest.action_due,
        "finish_forecast": finishes[0] if finishes else project.finish_forecast,
        "budget_forecast": budgets[0] if budgets else project.budget_forecast,
    }


def differences(session: Session, project: Project) -> dict[str, tuple[Any, Any]]:
    """Where the own columns of a project and the history of its reports differ: `{column: (own, history)}`."""
    told = columns(session, project)
    return {name: (getattr(project, name), value) for name, value in told.items() if getattr(project, name) != value}


def _count_missed(session: Session, project_id: int, since: date) -> int:
    """The check-ins after that period that were missed."""
    missed = select(func.count()).where(
        Checkin.project_id == project_id, Checkin.state == CheckinState.MISSED, col(Checkin.period_end) > since
    )
    return session.exec(missed).one()


def find_last(session: Session, project_id: int, *, until: date | None = None) -> StatusReport | None:
    """The newest report of a project, or the newest up to the period that ends on that day; None when there is none."""
    query = _newest_first(project_id)
    if until is not None:
        query = query.where(col(StatusReport.period_end) <= until)
    return session.exec(query.limit(1)).first()


def find_of(session: Session, project_id: int, period_end: date) -> StatusReport | None:
    """The report of one period as it now stands, or None."""
    return session.exec(_newest_first(project_id).where(StatusReport.period_end == period_end)).first()


def versions(session: Session, report: StatusReport) -> Sequence[Version]:
    """Everything that was said of the report's period, the first report first, the newest correction last."""
    query = (
        select(StatusReport, Person.slack_id)
        .outerjoin(Person, col(Person.id) == StatusReport.author_id)
        .where(StatusReport.project_id == report.project_id, StatusReport.period_end == report.period_end)
        .order_by(col(StatusReport.id))
    )
    return [Version(said, author) for said, author in session.exec(query)]


def list_of_project(session: Session, project_id: int, *, page: int = 0) -> tuple[Sequence[Version], int]:
    """A page of a project's reports as they now stand, the newest period first, and how many there are in all."""
    total = select(func.count()).where(StatusReport.project_id == project_id, _stands())
    query = (
        select(StatusReport, Person.slack_id)
        .outerjoin(Person, col(Person.id) == StatusReport.author_id)
        .where(StatusReport.project_id == project_id, _stands())
        .order_by(col(StatusReport.period_end).desc(), col(StatusReport.id).desc())
        .offset(page * PAGE)
        .limit(PAGE)
    )
    return [Version(report, author) for report, author in session.exec(query)], session.exec(total).one()


def next_edition_at(session: Session, project: Project) -> datetime | None:
    """When the next digest that tells of this project comes out, or None where none does."""
    charter = workspaces.charter(session)
    if not (charter.has(Service.DIGESTS) and charter.state.is_live):
        return None
    query = (
        select(func.min(Schedule.next_due_at))
        .join(Digest, col(Digest.id) == Schedule.digest_id)
        .where(
            col(Digest.stopped_at).is_(None),
            or_(col(Digest.portfolio_id).is_(None), Digest.portfolio_id == project.portfolio_id),
        )
    )
    return session.exec(query).one()


def _newest_first(project_id: int) -> SelectOfScalar[StatusReport]:
    """The reports of a project as they now stand, the newest period first."""
    return (
        select(StatusReport)
        .where(StatusReport.project_id == project_id, _stands())
        .order_by(col(StatusReport.period_end).desc(), col(StatusReport.id).desc())
    )


def _stands() -> ColumnElement[bool]:
    """No correction has taken its place."""
    later = aliased(StatusReport)
    return ~select(later.id).where(later.supersedes_id == StatusReport.id).exists()
