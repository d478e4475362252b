"""Digests: the snapshot one is made from, in a fixed number of queries, and its editions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, or_, select

from bot.errors import NotHere
from bot.rules.digests import TOP, ClosedLine, DecisionLine, ProjectLine, RiskLine, Snapshot
from bot.rules.terms import (
    CheckinState,
    Dimension,
    EscalationLevel,
    EscalationState,
    Health,
    ProjectState,
    RiskState,
    Service,
)
from bot.store import audit, people, workspaces
from bot.store.projects import LIVE, OVER
from bot.store.tables import (
    Checkin,
    Digest,
    DigestProject,
    Edition,
    Escalation,
    Person,
    Portfolio,
    Project,
    Risk,
    Schedule,
)
from bot.store.wall import beyond

OPEN_RISKS = [state for state in RiskState if state.is_open]
OPEN_ESCALATIONS = [state for state in EscalationState if state.is_open]


@dataclass(frozen=True, slots=True)
class Previous:
    """The edition before: when it was due, and each project's rating then, by the project's key."""

    due_at: datetime
    healths: dict[str, Health]


def snapshot(session: Session, *, portfolio_id: int | None, now: datetime, previous: Previous | None) -> Snapshot:
    """All that a digest of the workspace, or of one portfolio, is made from; seven queries, however many projects."""
    workspace, charter = workspaces.get(session), workspaces.charter(session)
    rated = previous.healths if previous else {}
    lines, closed = _projects(session, portfolio_id, rated, now)
    return Snapshot(
        name=_portfolio_name(session, portfolio_id) or workspace.name,
        as_of=now,
        since=previous.due_at if previous else None,
        projects=[line for line, _ in lines],
        closed=closed,
        decisions=_decisions(session, portfolio_id, now) if charter.has(Service.ESCALATIONS) else [],
        risks=_worst_risks(session, portfolio_id) if charter.has(Service.RAID) else [],
        open_risks=sum(count for _, count in lines),
        off=charter.off,
    )


def _portfolio_name(session: Session, portfolio_id: int | None) -> str | None:
    if portfolio_id is None:
        return None
    return session.exec(select(Portfolio.name).where(Portfolio.id == portfolio_id)).one()


def _of(portfolio_id: int | None) -> list[ColumnElement[bool]]:
    return [] if portfolio_id is None else [col(Project.portfolio_id) == portfolio_id]


PROJECT_COLUMNS: tuple[Any, ...] = (
    *(Project.id, Project.key, Project.name, Project.state, Project.currency, Project.reported_health),
    *(Project.computed_health, Project.computed_because, Project.dimensions, Project.cause, Project.path_action),
    *(Project.path_owner, Project.path_due, Project.finish_baseline, Project.finish_forecast),
    *(
        Project.budget_baseline,
        Project.budget_forecast,
        Project.health_runs,
        Project.missed_runs,
        Project.open_risks,
        Schedule.last_due_at,
    ),
)


def _projects(
    session: Session, portfolio_id: int | None, rated: dict[str, Health], now: datetime
) -> tuple[list[tuple[ProjectLine, int]], list[ClosedLine]]:
    """Live projects with the number of their open risks, and those of the edition before that have ended since."""
    unanswered = set(
        session.exec(
            select(Checkin.project_id).where(Checkin.state == CheckinState.REQUESTED, col(Checkin.due_at) <= now)
        )
    )
    query = (
        sqlalchemy.select(*PROJECT_COLUMNS)
        .outerjoin(Schedule, col(Schedule.project_id) == Project.id)
        .where(or_(col(Project.state).in_(LIVE), col(Project.state).in_(OVER)), *_of(portfolio_id))
    )
    live, closed = [], []
    for row in session.execute(query):
        before = rated.get(row.key)
        if row.state in LIVE:
            live.append((_line(row, before, row.id in unanswered), row.open_risks))
        elif before is not None:
            closed.append(ClosedLine(row.key, row.name, ProjectState(row.state), before))
    return live, closed


def _line(row: Any, previous: Health | None, unanswered: bool) -> ProjectLine:
    return ProjectLine(
        key=row.key,
        name=row.name,
        reported=row.reported_health,
        computed=row.computed_health,
        previous=previous,
        dimensions={Dimension(name): Health(rank) for name, rank in row.dimensions.items()},
        because=tuple(row.computed_because),
        cause=row.cause or "",
        action=row.path_action or "",
        action_owner=row.path_owner,
        action_due=row.path_due,
        baseline_finish=row.finish_baseline,
        forecast_finish=row.finish_forecast,
        currency=row.currency,
        bac=row.budget_baseline,
        eac=row.budget_forecast,
        runs=row.health_runs,
        asked=row.last_due_at is not None,
        missed=row.missed_runs + unanswered,
    )


def _decisions(session: Session, portfolio_id: int | None, now: datetime) -> list[DecisionLine]:
    """Open escalations; at the PMO's level everybody of the PMO is asked."""
    query = (
        select(Escalation, Project.key, Person.slack_id)
        .join(Project, col(Project.id) == Escalation.project_id)
        .outerjoin(Person, col(Person.id) == Escalation.decider_id)
        .where(col(Escalation.state).in_(OPEN_ESCALATIONS), *_of(portfolio_id))
    )
    office = tuple(person.slack_id for person in people.list_office(session, now=now, portfolio=portfolio_id))
    return [
        DecisionLine(
            id=escalation.id,
            ref=escalation.ref,
            project=key,
            what=escalation.what,
            ask=escalation.ask,
            impact_if_nothing=escalation.impact_if_nothing,
            decide_by=escalation.decide_by,
            level=EscalationLevel(escalation.level),
            to=(decider,) if decider else office,
            acknowledged=escalation.state == EscalationState.ACKNOWLEDGED,
        )
        for escalation, key, decider in session.execute(query)
    ]


def _worst_risks(session: Session, portfolio_id: int | None) -> list[RiskLine]:
    """The worst open risks, the older first among equals."""
    query = (
        select(Risk, Project.key, Person.slack_id)
        .join(Project, col(Project.id) == Risk.project_id)
        .outerjoin(Person, col(Person.id) == Risk.owner_id)
        .where(col(Risk.state).in_(OPEN_RISKS), col(Project.state).in_(LIVE), *_of(portfolio_id))
        .order_by(col(Risk.score).desc(), col(Risk.raised_at), col(Risk.id))
        .limit(TOP)
    )
    return [
        RiskLine(
            id=risk.id,
            ref=risk.ref,
            project=key,
            event=risk.event,
            score=risk.score,
            severity=risk.severity,
            state=RiskState(risk.state),
            owner=owner,
            due=risk.due,
        )
        for risk, key, owner in session.execute(query)
    ]


def keep_edition(
    session: Session, digest: Digest, *, period: str, due_at: datetime, now: datetime, of: Snapshot
) -> Edition | None:
    """Keep that this edition is published, with the ratings it told; None when the one due then was before.

    A second one of a period, asked for between two that were due, is that period's number 2.
    """
    told = select(Edition.due_at).where(Edition.digest_id == digest.id, col(Edition.period).startswith(period))
    before = session.exec(told).all()
    if due_at in before:
        return None
    edition = Edition(
        workspace_id=digest.workspace_id,
        digest_id=digest.id,
        period=f"{period}.{len(before) + 1}" if before else period,
        due_at=due_at,
        published_at=now,
        healths={line.key: int(line.reported) for line in of.projects},
    )
    session.add(edition)
    session.flush()
    audit.record(session, digest, what="published", by=None, now=now, changes=audit.new({"edition": edition.period}))
    return edition


def add(session: Session, *, name: str, channel: str, portfolio_id: int | None, now: datetime) -> Digest:
    """Add a digest; its cadence is a schedule of its own."""
    digest = Digest(name=name, channel=channel, portfolio_id=portfolio_id, created_at=now)
    session.add(digest)
    session.flush()
    return digest


def get(session: Session, digest_id: int) -> Digest:
    """The digest with this number; Refused when it is not there (any more)."""
    digest = session.exec(select(Digest).where(Digest.id == digest_id)).one_or_none()
    if digest is None:
        raise NotHere("That digest is not here any more. `/pmo digests` lists those that are.")
    return digest


def list_named(session: Session, digest_id: int) -> Sequence[tuple[int, str, str]]:
    """Number, key and name of the confidential projects that were put into a digest by name, by key."""
    query = (
        select(Project.id, Project.key, Project.name)
        .join(DigestProject, col(DigestProject.project_id) == Project.id)
        .where(DigestProject.digest_id == digest_id)
        .order_by(col(Project.key))
    )
    return session.exec(query).all()


def name(session: Session, digest: Digest, projects: Collection[int]) -> dict[str, tuple[Any, Any]]:
    """Put these confidential projects, and of those that are seen no others, into a digest; what that changed."""
    before = [number for number, _, _ in list_named(session, digest.id)]
    after = sorted(projects)
    if before == after:
        return {}
    session.exec(delete(DigestProject).where(col(DigestProject.digest_id) == digest.id))
    session.add_all(
        DigestProject(workspace_id=digest.workspace_id, digest_id=digest.id, project_id=number) for number in after
    )
    session.flush()
    return {"confidential": (before, after)}


def list_running(session: Session) -> Sequence[tuple[Digest, Schedule]]:
    """The digests that have not been stopped, with their cadence, by name."""
    query = (
        select(Digest, Schedule)
        .join(Schedule, col(Schedule.digest_id) == Digest.id)
        .where(col(Digest.stopped_at).is_(None))
        .order_by(col(Digest.name), col(Digest.id))
    )
    return session.exec(query).all()


def previous_edition(session: Session, digest_id: int) -> Previous | None:
    """The newest edition of a digest, or None before the first."""
    query = select(Edition).where(Edition.digest_id == digest_id).order_by(col(Edition.due_at).desc()).limit(1)
    edition = session.exec(query).first()
    if edition is None:
        return None
    told = edition.healths.keys() - _keys(session, session.info.get("hidden", ()))
    return Previous(edition.due_at, {key: Health(edition.healths[key]) for key in told})


def _keys(session: Session, projects: Collection[int]) -> set[str]:
    """The keys of projects that are hidden from whoever the session works for."""
    if not projects:
        return set()
    with beyond(session):
        return set(session.exec(select(Project.key).where(col(Project.id).in_(projects))))
