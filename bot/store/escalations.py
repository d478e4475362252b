"""Escalations: raised, acknowledged, decided, withdrawn, and climbing when nobody acknowledges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot import rules
from bot.errors import NotHere
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.escalations import Decision, EscalationDraft
from bot.rules.references import Letter, Reference
from bot.rules.terms import EscalationLevel, EscalationState, Role, Service
from bot.store import audit, health, people, projects, workspaces
from bot.store.tables import Escalation, EscalationEntry, Person, Project, ProjectName, Risk
from bot.store.workspaces import served

OPEN = [state for state in EscalationState if state.is_open]


def list_deciders(
    session: Session, project_id: int, level: EscalationLevel, *, raiser: int, now: datetime
) -> Sequence[Person]:
    """Who is asked at a level: the project's active sponsors, or everybody who leads the PMO; never who asks.

    Where nobody else leads the PMO its admins are asked.
    """
    if level is EscalationLevel.SPONSOR:
        sponsors = projects.holders(session, project_id).get(Role.SPONSOR, [])
        asked = [[person for person in sponsors if person.is_active]]
    else:
        portfolio = session.execute(select(col(Project.portfolio_id)).where(col(Project.id) == project_id)).scalar_one()
        asked = [
            [*people.list_with(session, Role.PMO, now=now, portfolio=portfolio)],
            [*people.list_with(session, Role.ADMIN, now=now)],
        ]
    others = [[person for person in some if person.id != raiser] for some in asked]
    return next(filter(None, others), [])


def raise_escalation(
    session: Session,
    draft: EscalationDraft,
    *,
    project: Project,
    to: Sequence[Person],
    by: Actor,
    now: datetime,
    risk_id: int | None = None,
    report_id: int | None = None,
) -> EscalationEntry:
    """Keep what is asked of these people at the draft's level, with the moments at which it climbs and is overdue."""
    is_last = rules.escalations.next_level(draft.to) is None
    zone = rules.cadence.zone_named(by.zone if is_last else to[0].timezone)
    escalation = Escalation(
        workspace_id=project.workspace_id,
        project_id=project.id,
        ref=projects.next_ref(session, project, Letter.ESCALATION),
        risk_id=risk_id,
        report_id=report_id,
        evidence=draft.evidence,
        what=draft.what,
        ask=draft.ask,
        impact_if_nothing=draft.impact_if_nothing,
        decide_by=draft.decide_by,
        level=draft.to,
        decider_id=None if is_last else to[0].id,
        raised_by=by.person,
        raised_at=now,
        climbs_at=None if is_last else rules.escalations.acknowledge_by(now, zone, workspaces.charter(session)),
        overdue_at=rules.escalations.overdue_at(draft.decide_by, zone),
        asked=_asked(draft.to, to),
    )
    session.add(escalation)
    session.flush()
    told = {name: getattr(draft, name) for name in ("what", "ask", "impact_if_nothing", "decide_by", "to", "evidence")}
    changes = audit.new({**told, "asked": list(to)})
    audit.record(session, escalation, what="raised", by=by.person, now=now, changes=changes)
    return get(session, escalation.id)


def take(session: Session, escalation_id: int) -> EscalationEntry:
    """The escalation, to be changed: its row is held, so that all who change it, and the clock, take turns."""
    session.execute(select(col(Escalation.id)).where(col(Escalation.id) == escalation_id).with_for_update())
    return get(session, escalation_id)


def get(session: Session, escalation_id: int) -> EscalationEntry:
    """The escalation with this number; Refused when it is not there (any more) for whoever asks."""
    row = session.execute(_entries().where(col(Escalation.id) == escalation_id)).one_or_none()
    if row is None:
        raise NotHere("That escalation is not here any more. `/pmo escalations` lists those that are open.")
    return _entry(row)


def find_by_ref(session: Session, ref: Reference) -> EscalationEntry | None:
    """The escalation that people call this, or None."""
    row = session.execute(_entries().where(col(Escalation.ref) == str(ref))).one_or_none()
    return _entry(row) if row else None


def find_open_of_risk(session: Session, risk_id: int) -> EscalationEntry | None:
    """The open escalation of a risk, the newest when there are several, or None."""
    query = _entries().where(col(Escalation.risk_id) == risk_id, col(Escalation.state).in_(OPEN))
    row = session.execute(query.order_by(col(Escalation.id).desc()).limit(1)).one_or_none()
    return _entry(row) if row else None


def list_open(
    session: Session, actor: Actor, *, limit: int | None = None, offset: int = 0
) -> Sequence[EscalationEntry]:
    """The open escalations somebody may see, or raised, by the day to decide by: so the overdue come first."""
    query = _entries().where(*_open_to(actor)).order_by(col(Escalation.decide_by), col(Escalation.id))
    return [_entry(row) for row in session.execute(query.limit(limit).offset(offset))]


def count_open(session: Session, actor: Actor) -> int:
    """How many escalations `list_open` has in all."""
    count: int = session.execute(select(func.count()).select_from(Escalation).where(*_open_to(actor))).scalar_one()
    return count


def acknowledge(session: Session, entry: EscalationEntry, *, by: Actor, now: datetime) -> EscalationEntry:
    """Whoever decides has seen it: it does not climb any more."""
    state = rules.escalations.move(entry.escalation.state, EscalationState.ACKNOWLEDGED)
    values: dict[str, Any] = {"state": state, "acknowledged_by": by.person, "acknowledged_at": now, "climbs_at": None}
    return _change(session, entry, "acknowledged", by=by, now=now, **values)


def decide(
    session: Session, entry: EscalationEntry, decision: Decision, *, by: Actor, now: datetime
) -> EscalationEntry:
    """Keep what was decided and why."""
    values: dict[str, Any] = {
        "state": rules.escalations.move(entry.escalation.state, EscalationState.DECIDED),
        "decision": decision.decision,
        "reason": decision.reason,
        "decided_by": by.person,
        "decided_at": now,
    }
    _settle(session, entry)
    return _change(session, entry, "decided", by=by, now=now, **values)


def withdraw(session: Session, entry: EscalationEntry, *, by: Actor, now: datetime) -> EscalationEntry:
    """The decision is not needed any more."""
    state = rules.escalations.move(entry.escalation.state, EscalationState.WITHDRAWN)
    _settle(session, entry)
    return _change(session, entry, "withdrawn", by=by, now=now, state=state, withdrawn_by=by.person, withdrawn_at=now)


def claim_unacknowledged(session: Session, now: datetime, *, limit: int) -> Sequence[Escalation]:
    """Take those whose time to be acknowledged is over, the longest over first; what others hold is passed over.

    Whoever claims must `climb` them in the same transaction.
    """
    query = select(Escalation).where(col(Escalation.climbs_at) <= now, col(Escalation.state) == EscalationState.RAISED)
    return session.execute(_claimed(query, col(Escalation.climbs_at), limit)).scalars().all()


def next_due_at(session: Session) -> datetime | None:
    """The next moment at which one climbs or falls overdue, or None."""
    first = select(func.min(col(Escalation.climbs_at)), func.min(col(Escalation.overdue_at))).where(
        served(Escalation, Service.ESCALATIONS)
    )
    return min(filter(None, session.execute(first).one()), default=None)


def climb(session: Session, escalation: Escalation, *, now: datetime) -> EscalationEntry:
    """Nobody acknowledged it: the next level is asked, with a clock of its own where there is one above."""
    level = rules.escalations.climb(escalation.state, escalation.level)
    deciders = list_deciders(session, escalation.project_id, level, raiser=escalation.raised_by, now=now)
    entry = get(session, escalation.id)
    entry.escalation.asked = escalation.asked + _asked(level, deciders)
    values = {"level": level, "decider_id": None, "climbs_at": None, "climbed_at": now}
    return _change(session, entry, "climbed", by=None, now=now, asked=deciders, **values)


def claim_overdue(session: Session, now: datetime, *, limit: int) -> Sequence[Escalation]:
    """Take those whose day to decide by is over, project by project; what others hold is passed over.

    Whoever claims must call `fall_overdue` on them, in this order and in the same transaction: two workers who hold
    the same projects never wait for each other in a ring.
    """
    query = select(Escalation).where(col(Escalation.overdue_at) <= now, col(Escalation.state).in_(OPEN))
    claimed = session.execute(_claimed(query, col(Escalation.overdue_at), limit)).scalars().all()
    return sorted(claimed, key=lambda escalation: escalation.project_id)


def fall_overdue(session: Session, escalation: Escalation, *, now: datetime) -> EscalationEntry:
    """The decision is owed and its day has passed: its project's health follows."""
    _count(session, escalation.project_id, 1)
    entry = get(session, escalation.id)
    return _change(session, entry, "overdue", by=None, now=now, is_overdue=True, overdue_at=None)


def _asked(level: EscalationLevel, deciders: Sequence[Person]) -> list[list[str]]:
    return [[level.value, person.slack_id] for person in deciders]


def _change(
    session: Session,
    entry: EscalationEntry,
    what: str,
    *,
    by: Actor | None,
    now: datetime,
    asked: Sequence[Person] = (),
    **values: Any,
) -> EscalationEntry:
    """Set what differs and note it, with who is asked from now on; the entry as it is now."""
    changes = audit.change(entry.escalation, **values) | audit.new({"asked": list(asked)})
    session.flush()
    audit.record(session, entry.escalation, what=what, by=by.person if by else None, now=now, changes=changes)
    return get(session, entry.escalation.id)


def _settle(session: Session, entry: EscalationEntry) -> None:
    """No clock runs any more, and nothing is owed to the project."""
    if entry.escalation.is_overdue:
        _count(session, entry.escalation.project_id, -1)
    entry.escalation.climbs_at = entry.escalation.overdue_at = None
    entry.escalation.is_overdue = False


def _count(session: Session, project_id: int, more: int) -> None:
    project = health.hold(session, project_id)
    project.overdue_escalations += more
    health.recompute(session, project)
    session.flush()


def _claimed(query: Select[Escalation], moment: Any, limit: int) -> Select[Escalation]:
    due = query.where(served(Escalation, Service.ESCALATIONS)).order_by(moment, col(Escalation.id))
    return due.limit(limit).with_for_update(skip_locked=True)


def _open_to(actor: Actor) -> list[Any]:
    """What is open and somebody may see: in all projects, or in some and what the person raised."""
    is_open = col(Escalation.state).in_(OPEN)
    among = actor.projects_where(Act.SEE_ESCALATIONS)
    if among is None:
        return [is_open]
    return [is_open, or_(col(Escalation.project_id).in_(among), col(Escalation.raised_by) == actor.person)]


def _entry(row: Row[Any]) -> EscalationEntry:
    escalation, number, key, name, channel, confidential, *people = tuple(row)
    return EscalationEntry(escalation, ProjectName(number, key, name, channel, confidential), *people)


def _entries() -> Select[*tuple[Any, ...]]:
    raiser, seen, decided, withdrawn = (aliased(Person) for _ in range(4))
    columns: list[Any] = [
        *(Escalation, Project.id, Project.key, Project.name, Project.channel, Project.confidential),
        *(raiser.slack_id, raiser.timezone, Risk.ref, seen.slack_id, decided.slack_id, withdrawn.slack_id),
    ]
    return (
        select(*columns)
        .join(Project, col(Project.id) == Escalation.project_id)
        .join(raiser, col(raiser.id) == Escalation.raised_by)
        .outerjoin(Risk, col(Risk.id) == Escalation.risk_id)
        .outerjoin(seen, col(seen.id) == Escalation.acknowledged_by)
        .outerjoin(decided, col(decided.id) == Escalation.decided_by)
        .outerjoin(withdrawn, col(withdrawn.id) == Escalation.withdrawn_by)
    )
