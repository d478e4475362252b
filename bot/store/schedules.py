"""Schedules: what recurs, and the moment it is next due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.rules import cadence
from bot.rules.cadence import Cadence
from bot.rules.terms import Role
from bot.store.tables import Person, ProjectRole, Schedule, Workspace


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
    """The zone the schedule is kept in: its own, else the project manager's, else the workspace's."""
    if schedule.timezone is None and schedule.project_id is not None:
        query = (
            select(Person.timezone)
            .join(ProjectRole, col(ProjectRole.person_id) == Person.id)
            .where(ProjectRole.project_id == schedule.project_id, ProjectRole.role == Role.MANAGER)
            .order_by(col(Person.id))
        )
        named = session.exec(query).first()
        if named is not None:
            return cadence.zone_named(named)
    home = select(Workspace.timezone).where(Workspace.id == schedule.workspace_id)
    return cadence.zone_named(schedule.timezone or session.exec(home).one())


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
    schedule.next_due_at = cadence.next_due(cadence_of(schedule), zone_of(session, schedule), after)
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

    Whoever claims must `done` them in the same transaction.
    """
    column = {"project": col(Schedule.project_id), "digest": col(Schedule.digest_id)}[of]
    query = (
        select(Schedule)
        .where(column.is_not(None), col(Schedule.next_due_at) <= now)
        .order_by(col(Schedule.next_due_at), col(Schedule.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).all()


def done(session: Session, schedule: Schedule, now: datetime) -> datetime:
    """Note that the moment that was due has been dealt with, plan the next one, and say which moment it was.

    After a long silence the moments in between are passed over: what is asked late is asked once.
    """
    due = schedule.next_due_at or now
    schedule.last_due_at = due
    plan(session, schedule, now)
    return due


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


def next_due_at(session: Session) -> datetime | None:
    """The next moment at which anything recurs, or None."""
    return session.exec(select(Schedule.next_due_at).order_by(col(Schedule.next_due_at).nulls_last()).limit(1)).first()
