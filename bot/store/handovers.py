"""Handovers: what somebody answers for, and how all of it goes to somebody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from bot.rules.forgetting import Held
from bot.rules.terms import CheckinState, EscalationState, RiskState, Role
from bot.store import audit, projects, schedules
from bot.store.projects import OVER
from bot.store.tables import Checkin, Escalation, Person, Project, ProjectRole, Risk

OPEN_RISKS: Final = [state for state in RiskState if state.is_open]
OPEN_ESCALATIONS: Final = [state for state in EscalationState if state.is_open]


@dataclass(frozen=True, slots=True)
class Handover:
    """What went to somebody else: keys of projects, and the numbers of risks and escalations."""

    projects: tuple[str, ...] = ()
    risks: tuple[int, ...] = ()
    escalations: tuple[int, ...] = ()
    checkins: int = 0


def held(session: Session, person: Person) -> Held:
    """What somebody answers for that is not over."""

    def keys(role: Role) -> tuple[str, ...]:
        return tuple(each.key for each, _ in _live_roles(session, person, role))

    def count(kind: Any, *wanted: Any) -> int:
        return session.exec(select(func.count()).select_from(kind).where(*wanted)).one()

    return Held(
        managed=keys(Role.MANAGER),
        sponsored=keys(Role.SPONSOR),
        risks=count(Risk, Risk.owner_id == person.id, col(Risk.state).in_(OPEN_RISKS)),
        checkins=count(Checkin, Checkin.person_id == person.id, Checkin.state == CheckinState.REQUESTED),
        escalations=count(Escalation, Escalation.decider_id == person.id, col(Escalation.state).in_(OPEN_ESCALATIONS)),
    )


def deputy_of(session: Session, person: Person) -> str | None:
    """Who stands in for somebody as manager in all their projects, by the id in Slack; None when that is not one."""
    deputies = [
        {each.slack_id for each in projects.holders(session, project.id).get(Role.DEPUTY, []) if each.is_active}
        for project, _ in _live_roles(session, person, Role.MANAGER)
    ]
    common = set.intersection(*deputies) - {person.slack_id} if deputies else set()
    return common.pop() if len(common) == 1 else None


def hand_over(session: Session, person: Person, to: Person, *, by: int, now: datetime) -> Handover:
    """Everything that somebody answers for goes to somebody else: projects, open risks, check-ins and decisions."""
    roles = [*_live_roles(session, person, Role.MANAGER), *_live_roles(session, person, Role.SPONSOR)]
    for project, role in roles:
        _appoint(session, project, role, person, to, by=by, now=now)
    checkins = update(Checkin).where(col(Checkin.person_id) == person.id, col(Checkin.state) == CheckinState.REQUESTED)
    return Handover(
        projects=tuple(dict.fromkeys(project.key for project, _ in roles)),
        risks=tuple(_hand_over_risks(session, person, to, by=by, now=now)),
        escalations=tuple(_hand_over_escalations(session, person, to, by=by, now=now)),
        checkins=session.exec(checkins.values(person_id=to.id)).rowcount,
    )


def _live_roles(session: Session, person: Person, role: Role) -> Sequence[tuple[Project, Role]]:
    query = (
        select(Project)
        .join(ProjectRole, col(ProjectRole.project_id) == Project.id)
        .where(ProjectRole.person_id == person.id, ProjectRole.role == role, ~col(Project.state).in_(OVER))
        .order_by(col(Project.key))
    )
    return [(project, role) for project in session.exec(query)]


def _appoint(
    session: Session, project: Project, role: Role, person: Person, to: Person, *, by: int, now: datetime
) -> None:
    """The role goes over; a manager who stood in for the manager until now does so no more."""
    others = [each for each in projects.holders(session, project.id).get(role, []) if each.id not in {person.id, to.id}]
    projects.appoint(session, project, role, [*others, to])
    if role is Role.MANAGER:
        deputies = projects.holders(session, project.id).get(Role.DEPUTY, [])
        projects.appoint(session, project, Role.DEPUTY, [each for each in deputies if each.id != to.id])
        schedule = schedules.of_project(session, project.id)
        if schedule is not None and project.state.is_live:
            schedules.plan(session, schedule, now)
    changes = {role.value: (person.id, to.id)}
    audit.record(session, project, what="handed over", by=by, now=now, changes=changes)


def _hand_over_risks(session: Session, person: Person, to: Person, *, by: int, now: datetime) -> Iterator[int]:
    query = select(Risk).where(Risk.owner_id == person.id, col(Risk.state).in_(OPEN_RISKS)).order_by(col(Risk.id))
    for risk in session.exec(query.with_for_update()).all():
        changes = audit.change(risk, owner_id=to.id)
        session.flush()
        audit.record(session, risk, what="handed over", by=by, now=now, changes=changes)
        yield risk.id


def _hand_over_escalations(session: Session, person: Person, to: Person, *, by: int, now: datetime) -> Iterator[int]:
    query = select(Escalation).where(Escalation.decider_id == person.id, col(Escalation.state).in_(OPEN_ESCALATIONS))
    for escalation in session.exec(query.order_by(col(Escalation.id)).with_for_update()).all():
        changes = audit.change(escalation, decider_id=to.id)
        escalation.asked = [*escalation.asked, [escalation.level.value, to.slack_id]]
        session.flush()
        audit.record(session, escalation, what="handed over", by=by, now=now, changes=changes)
        yield escalation.id
