"""Home: what concerns one person, read in a fixed number of queries however much there is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from bot.rules import access, cadence
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.delivery import End
from bot.rules.home import (
    SHOWN,
    SOON,
    CheckinLine,
    EscalationLine,
    Home,
    Office,
    ProjectLine,
    RiskLine,
    Some,
)
from bot.rules.terms import CheckinState, EscalationLevel, EscalationState, Health, RiskState, Role, Service
from bot.store import people
from bot.store.projects import LIVE, OVER
from bot.store.tables import Checkin, Escalation, Post, Project, ProjectRole, Risk, Schedule

T = TypeVar("T")

OPEN_RISKS = [state for state in RiskState if state.is_open]
OPEN_ESCALATIONS = [state for state in EscalationState if state.is_open]


def of(session: Session, actor: Actor, *, now: datetime) -> Home:
    """Everything that somebody's Home shows; what is not open any more, or theirs, is left out."""
    today = now.astimezone(cadence.zone_named(actor.zone)).date()
    soon, charter = today + timedelta(days=SOON), actor.charter
    due = and_(col(Risk.owner_id) == actor.person, col(Risk.due) <= soon)
    not_due = or_(col(Risk.owner_id).is_distinct_from(actor.person), col(Risk.due).is_(None), col(Risk.due) > soon)

    def listed(service: Service, make: Callable[[], Some[T]]) -> Some[T]:
        return make() if charter.has(service) else Some()

    def risks(*wanted: Any) -> Some[RiskLine]:
        return listed(Service.RAID, lambda: _some(session, _risks(*wanted), _risk))

    def escalations(wanted: Any) -> Some[EscalationLine]:
        return listed(Service.ESCALATIONS, lambda: _some(session, _escalations(wanted), _escalation))

    return Home(
        projects=_projects(session, actor),
        checkins=listed(Service.CHECKINS, lambda: _checkins(session, actor)),
        risks=risks(due),
        escalations=escalations(_asked_of(actor)),
        raised_risks=risks(Risk.raised_by == actor.person, not_due),
        raised_escalations=escalations(Escalation.raised_by == actor.person),
        office=_office(session) if actor.may(Act.SEE_DELIVERIES) else None,
        ask=[person.slack_id for person in people.list_office(session, now=now)],
        off=charter.off,
        phase=charter.state if actor.may(Act.MANAGE_SETTINGS) and not charter.state.is_live else None,
    )


def _some(session: Session, query: Any, line: Callable[..., T], most: int = SHOWN) -> Some[T]:
    """The first lines of a query, with the number of all in its last column."""
    rows = session.execute(query.add_columns(func.count().over()).limit(most)).all()
    return Some([line(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


def _projects(session: Session, actor: Actor) -> Some[ProjectLine]:
    """The projects somebody has roles in, worst first; a project a line whatever the number of roles."""
    mine = select(ProjectRole.project_id).where(ProjectRole.person_id == actor.person)
    query = (
        select(Project, Schedule.next_due_at)
        .outerjoin(Schedule, col(Schedule.project_id) == Project.id)
        .where(col(Project.id).in_(mine), ~col(Project.state).in_(OVER))
        .order_by(col(Project.reported_health).desc(), col(Project.key))
    )

    def line(project: Project, next_due_at: datetime | None) -> ProjectLine:
        roles = tuple(role for role in Role if role in actor.projects.get(project.id, ()))
        return ProjectLine(
            id=project.id,
            key=project.key,
            name=project.name,
            state=project.state,
            roles=roles,
            health=project.reported_health if project.state.is_live else Health.NOT_SET,
            reported_at=project.reported_at,
            next_due_at=next_due_at if actor.charter.asks(is_pilot=project.is_pilot) else None,
        )

    return _some(session, query, line)


def _checkins(session: Session, actor: Actor) -> Some[CheckinLine]:
    """The check-ins somebody was asked for and has not answered, oldest first."""
    query = (
        select(Checkin.id, Project.id, Project.key, Project.name, Checkin.period_end, Checkin.due_at)  # type: ignore[call-overload]
        .join(Project, col(Project.id) == Checkin.project_id)
        .where(Checkin.person_id == actor.person, Checkin.state == CheckinState.REQUESTED)
        .order_by(col(Checkin.due_at), col(Checkin.id))
    )
    return _some(session, query, CheckinLine)


def _risks(*wanted: Any) -> Any:
    """Open risks, worst first, then the one that is due first."""
    return (
        select(Risk)
        .where(col(Risk.state).in_(OPEN_RISKS), *wanted)
        .order_by(col(Risk.severity).desc(), col(Risk.due).nulls_last(), col(Risk.id))
    )


def _risk(risk: Risk) -> RiskLine:
    return RiskLine(risk.id, risk.ref, risk.event, risk.severity, risk.score, risk.due)


def _escalations(wanted: Any) -> Any:
    """Open escalations, the one to be decided first at the top."""
    return (
        select(Escalation)
        .where(col(Escalation.state).in_(OPEN_ESCALATIONS), wanted)
        .order_by(col(Escalation.decide_by), col(Escalation.id))
    )


def _asked_of(actor: Actor) -> Any:
    """The decisions that are somebody's: asked of them by name, or of the PMO where they lead it; never their own."""
    wanted = [col(Escalation.decider_id) == actor.person]
    of_the_office = and_(col(Escalation.level) == EscalationLevel.PMO, col(Escalation.decider_id).is_(None))
    if access.may_decide(EscalationLevel.PMO, actor.roles):
        wanted.append(of_the_office)
    for share in actor.portfolios.values():
        if access.may_decide(EscalationLevel.PMO, share.roles):
            wanted.append(and_(of_the_office, col(Escalation.project_id).in_(share.projects)))
    return and_(col(Escalation.raised_by) != actor.person, or_(*wanted))


def _escalation(escalation: Escalation) -> EscalationLine:
    return EscalationLine(
        id=escalation.id,
        ref=escalation.ref,
        what=escalation.what,
        decide_by=escalation.decide_by,
        level=escalation.level,
        is_acknowledged=escalation.state is EscalationState.ACKNOWLEDGED,
    )


def _office(session: Session) -> Office:
    """What the PMO looks at every day."""
    live = select(Project.reported_health, func.count()).where(col(Project.state).in_(LIVE))
    owed = select(func.count()).select_from(Checkin).where(Checkin.state == CheckinState.REQUESTED)
    asked = select(func.count()).select_from(Escalation).where(col(Escalation.state).in_(OPEN_ESCALATIONS))
    unsaid = select(func.count()).select_from(Post).where(col(Post.ended).in_((End.GIVEN_UP, End.UNCERTAIN)))
    return Office(
        healths={Health(rating): count for rating, count in session.exec(live.group_by(col(Project.reported_health)))},
        checkins_open=session.exec(owed).one(),
        escalations_open=session.exec(asked).one(),
        posts_in_trouble=session.exec(unsaid).one(),
    )
