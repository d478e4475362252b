"""Schedules: what recurs, and the moment it is next due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from bot.rules import cadence
from bot.rules.cadence import Cadence
from bot.rules.terms import Role, Service, WorkspaceState
from bot.store import workspaces
from bot.store.tables import Person, Project, ProjectRole, Schedule, Workspace
from bot.store.wall import beyond, inside
from bot.store.workspaces import served

DAY: Final = timedelta(days=1)
LISTED: Final = 10
"""So many moments that were passed over are named, the newest."""
KINDS: Final = {"project": col(Schedule.project_id), "digest": col(Schedule.digest_id)}
"""What recurs: the check-ins of a project, and a digest."""


def of_project(session: Session, project_id: int) -> Schedule | None:
    """The cadence of a project's check-ins, or None."""
    return session.exec(select(Schedule).where(Schedule.project_id == project_id)).one_or_none()


def of_digest(session: Session, digest_id: int) -> Schedule | None:
    """The cadence of a digest, or None."""
    return session.exec(select(Schedule).where(Schedule.digest_id == digest_id)).one_or_none()


def cadence_of(schedule: Schedule) -> Cadence:
    """The schedule's rule as the rules know it."""
    return Cadence(schedule.rrule, schedule.local_time, schedule.anchor)


def zone_of(session: Session, schedule: Schedule) -> ZoneInfo:
    """The zone the schedule is kept in: its own, else the project manager's, else the workspace's.

    A zone that is no more goes by the workspace's: what is due is due, whatever became of a name.
    """
    if schedule.timezone is None and schedule.project_id is not None:
        query = (
            select(Person.timezone)
            .join(ProjectRole, col(ProjectRole.person_id) == Person.id)
            .where(ProjectRole.project_id == schedule.project_id, ProjectRole.role == Role.MANAGER)
            .order_by(col(Person.id))
        )
        named = session.exec(query).first()
        if named is not None:
            return cadence.zone_or(named, _home(session, schedule))
    return cadence.zone_or(schedule.timezone, _home(session, schedule))


def _home(session: Session, schedule: Schedule) -> str:
    """The workspace's zone."""
    return session.exec(select(Workspace.timezone).where(Workspace.id == schedule.workspace_id)).one()


def keep(
    session: Session,
    rule: Cadence,
    *,
    now: datetime,
    project_id: int | None = None,
    digest_id: int | None = None,
    timezone: str | None = None,
) -> Schedule:
    """Give a project or a digest this cadence and zone, and plan it anew from now."""
    owner = Schedule.project_id == project_id if digest_id is None else Schedule.digest_id == digest_id
    values: dict[str, Any] = {"rrule": rule.rrule, "local_time": rule.at, "anchor": rule.anchor, "timezone": timezone}
    schedule = session.exec(select(Schedule).where(owner)).one_or_none()
    if schedule is None:
        schedule = Schedule(project_id=project_id, digest_id=digest_id, **values)
    for name, value in values.items():
        setattr(schedule, name, value)
    session.add(schedule)
    session.flush()
    plan(session, schedule, now)
    return schedule


def plan(session: Session, schedule: Schedule, now: datetime) -> None:
    """Set the next due moment to the first one after both now and the last one that was done."""
    after = max(now, schedule.last_due_at) if schedule.last_due_at else now
    calendar = workspaces.charter(session, schedule.workspace_id).calendar
    schedule.next_due_at = cadence.next_due(cadence_of(schedule), zone_of(session, schedule), after, calendar)
    session.flush()


def pause(session: Session, schedule: Schedule) -> None:
    """Nothing is due until it is planned again."""
    schedule.next_due_at = None
    session.flush()


def bring_forward(session: Session, schedule: Schedule, now: datetime) -> None:
    """Make it due now, once; after that it goes on as planned."""
    schedule.next_due_at = now
    session.flush()


def claim_due(session: Session, now: datetime, *, of: str, limit: int) -> Sequence[Schedule]:
    """Take the due schedules of a kind ("project" or "digest"), oldest first; what another worker holds is passed over.

    Whoever claims must `done` them in the same transaction. Passed over are workspaces where the service is off and,
    until they have gone live, all but their pilot projects.
    """
    query = (
        select(Schedule)
        .where(KINDS[of].is_not(None), col(Schedule.next_due_at) <= now, _runs(of))
        .order_by(col(Schedule.next_due_at), col(Schedule.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).all()


def _runs(of: str) -> ColumnElement[bool]:
    """Which schedules of a kind somebody is asked or told by now."""
    live = col(Schedule.workspace_id).in_(select(Workspace.id).where(Workspace.state == WorkspaceState.OPERATING))
    if of == "digest":
        return and_(served(Schedule, Service.DIGESTS), live)
    is_pilot = select(Project.id).where(Project.id == Schedule.project_id, col(Project.is_pilot)).exists()
    return and_(served(Schedule, Service.CHECKINS), or_(live, is_pilot))


@dataclass(frozen=True, slots=True)
class Due:
    """The moment that something is done for, and those before it that were passed over in a long silence."""

    moment: datetime
    passed: tuple[datetime, ...] = ()


def done(session: Session, schedule: Schedule, now: datetime) -> Due:
    """Note that what was due has been dealt with, plan the next moment, and say which one it was: the newest that came.

    What is asked late is asked once.
    """
    rule, zone = cadence_of(schedule), zone_of(session, schedule)
    calendar = workspaces.charter(session, schedule.workspace_id).calendar
    due = [schedule.next_due_at or now]
    while (coming := cadence.next_due(rule, zone, due[-1], calendar)) <= now:
        due.append(coming)
    schedule.last_due_at, schedule.next_due_at = due[-1], coming
    session.flush()
    return Due(due[-1], tuple(due[:-1][-LISTED:]))


def is_ahead(session: Session, now: datetime) -> bool:
    """Whether something last happened more than a day ahead: the clock went back."""
    return session.exec(select(Schedule.id).where(*_ahead(now)).limit(1)).first() is not None


def set_right(session: Session, now: datetime) -> int:
    """Plan anew, in all workspaces, what last happened before the clock went back; how much that is."""
    found = session.exec(select(Schedule).where(*_ahead(now)).with_for_update(skip_locked=True)).all()
    for schedule in found:
        with inside(session, schedule.workspace_id):
            schedule.last_due_at = None
            plan(session, schedule, now)
    return len(found)


def _ahead(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Schedule.last_due_at) > now + DAY, col(Schedule.next_due_at).is_not(None)


def replan_of_manager(session: Session, person_id: int, now: datetime) -> None:
    """Plan anew what is kept in the zone of somebody who moved to another one."""
    query = (
        select(Schedule)
        .join(ProjectRole, col(ProjectRole.project_id) == Schedule.project_id)
        .where(
            ProjectRole.person_id == person_id,
            ProjectRole.role == Role.MANAGER,
            col(Schedule.timezone).is_(None),
            col(Schedule.next_due_at).is_not(None),
        )
    )
    for schedule in session.exec(query).all():
        plan(session, schedule, now)


def replan(session: Session, now: datetime, *, only_past: bool = False) -> None:
    """Plan anew all that is planned, or only what was passed over meanwhile: what has passed is not asked late.

    Schedules that are alike are planned as one, so that it costs the same for ten as for ten thousand.
    """
    managed = and_(col(ProjectRole.project_id) == Schedule.project_id, col(ProjectRole.role) == Role.MANAGER)
    query = (
        select(Schedule, Person.timezone)
        .outerjoin(ProjectRole, managed)
        .outerjoin(Person, col(Person.id) == ProjectRole.person_id)
        .where(col(Schedule.next_due_at) <= now if only_past else col(Schedule.next_due_at).is_not(None))
        .order_by(col(Person.id).desc())
    )
    with beyond(session):
        found = {schedule.id: (schedule, zone) for schedule, zone in session.exec(query)}
    home, calendar = workspaces.get(session).timezone, workspaces.charter(session).calendar

    @cache
    def next_due(rule: Cadence, zone: str, after: datetime) -> datetime:
        return cadence.next_due(rule, cadence.zone_or(zone, home), after, calendar)

    for schedule, zone in found.values():
        after = max(now, schedule.last_due_at) if schedule.last_due_at else now
        schedule.next_due_at = next_due(cadence_of(schedule), schedule.timezone or zone or home, after)
    session.flush()


def next_due_at(session: Session) -> datetime | None:
    """The next moment at which anything recurs, or None."""
    runs = or_(*(and_(column.is_not(None), _runs(of)) for of, column in KINDS.items()))
    query = select(Schedule.next_due_at).where(runs).order_by(col(Schedule.next_due_at).nulls_last())
    return session.exec(query.limit(1)).first()
