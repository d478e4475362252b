"""Risks: raised, changed and closed, each time with what it means for the project's health."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, update

from bot import rules
from bot.errors import Refused
from bot.rules.actors import Actor
from bot.rules.references import Letter, Reference
from bot.rules.risks import Closing, RiskDraft
from bot.rules.terms import RiskState, Severity
from bot.store import audit, health
from bot.store.projects import OVER
from bot.store.tables import Escalation, Person, Project, Risk, RiskEntry

OPEN = [state for state in RiskState if state.is_open]
UNANSWERED = and_(col(Risk.severity) >= Severity.HIGH, or_(col(Risk.owner_id).is_(None), col(Risk.due).is_(None)))
"""Rule `rules.risks.is_unanswered`, as SQL."""


def raise_risk(
    session: Session, draft: RiskDraft, *, project: Project, owner: Person | None, by: Actor, now: datetime
) -> RiskEntry:
    """Keep a new risk of a project, count it there, and have the project's health follow."""
    project = _counted_in(session, project, draft)
    risk = Risk(
        workspace_id=project.workspace_id,
        project_id=project.id,
        ref=rules.references.ref(project.key, Letter.RISK, project.risks_raised),
        owner_id=owner.id if owner else None,
        evidence=draft.evidence,
        raised_by=by.person,
        raised_at=now,
        **_values(draft),
    )
    session.add(risk)
    session.flush()
    told = {**_values(draft), "owner_id": risk.owner_id}
    changes = {name: (None, value) for name, value in told.items() if value is not None}
    audit.record(session, risk, what="raised", by=by.person, now=now, changes=changes)
    return RiskEntry(risk, project, raised_by=by.slack_id, zone=by.zone, owner=owner.slack_id if owner else None)


def take(session: Session, risk_id: int) -> RiskEntry:
    """The risk, to be changed: its project is held, so that all who change risks of one project take turns."""
    project_id = session.execute(select(col(Risk.project_id)).where(col(Risk.id) == risk_id)).scalar_one_or_none()
    if project_id is not None:
        health.hold(session, project_id)
    return get(session, risk_id)


def get(session: Session, risk_id: int) -> RiskEntry:
    """The risk with this number; Refused when it is not there (any more) for whoever asks."""
    row = session.execute(_entries().where(col(Risk.id) == risk_id)).one_or_none()
    if row is None:
        raise Refused("That risk is not here any more. `/pmo risks` lists those that are.")
    return RiskEntry(*row)


def find_by_ref(session: Session, ref: Reference) -> RiskEntry | None:
    """The risk that people call this, or None."""
    row = session.execute(_entries().where(col(Risk.ref) == str(ref))).one_or_none()
    return RiskEntry(*row) if row else None


def list_open(
    session: Session, *, project_id: int | None = None, limit: int | None = None, offset: int = 0
) -> Sequence[RiskEntry]:
    """The open risks of a project, or of all that are not over: the worst first, then the oldest."""
    query = _entries().where(*_open_in(project_id))
    query = query.order_by(col(Risk.score).desc(), col(Risk.raised_at), col(Risk.id)).limit(limit).offset(offset)
    return [RiskEntry(*row) for row in session.execute(query)]


def count_open(session: Session, *, project_id: int | None = None) -> int:
    """How many risks `list_open` has in all."""
    query = select(func.count()).select_from(Risk).join(Project, col(Project.id) == Risk.project_id)
    count: int = session.execute(query.where(*_open_in(project_id))).scalar_one()
    return count


def edit(
    session: Session, entry: RiskEntry, draft: RiskDraft, *, owner: Person | None, by: Actor, now: datetime
) -> RiskEntry:
    """Say it anew: every field of the form, the project aside."""
    state = rules.risks.rescored(entry.risk.state)
    values = {**_values(draft), "owner_id": owner.id if owner else None, "state": state}
    return _change(session, entry, "edited", by=by, now=now, **values)


def rescore(
    session: Session, entry: RiskEntry, probability: int, impact: int, *, by: Actor, now: datetime
) -> RiskEntry:
    """Score it anew."""
    score = rules.risks.score(probability, impact)
    values = {
        "probability": probability,
        "impact": impact,
        "score": score,
        "severity": rules.risks.severity(score),
        "state": rules.risks.rescored(entry.risk.state),
    }
    return _change(session, entry, "scored", by=by, now=now, **values)


def own(session: Session, entry: RiskEntry, *, by: Actor, now: datetime) -> RiskEntry:
    """Whoever acts answers for it from now on."""
    return _change(session, entry, "owned", by=by, now=now, owner_id=by.person)


def close(session: Session, entry: RiskEntry, closing: Closing, *, by: Actor, now: datetime) -> RiskEntry:
    """Say how it ended; Refused when it is over already."""
    values = {
        "state": rules.risks.move(entry.risk.state, RiskState.CLOSED),
        "outcome": closing.outcome,
        "closing_note": closing.note or None,
        "closed_by": by.person,
        "closed_at": now,
    }
    return _change(session, entry, "closed", by=by, now=now, **values)


def undo(session: Session, entry: RiskEntry, *, by: Actor, now: datetime) -> RiskEntry:
    """Take back a risk that was just raised; Refused when it is too late or somebody worked with it."""
    risk = entry.risk
    escalated = session.execute(select(col(Escalation.id)).where(col(Escalation.risk_id) == risk.id).limit(1)).first()
    others = any(change.person_id != risk.raised_by for change in audit.list_of(session, risk))
    state = rules.risks.undone(risk.state, raised_at=risk.raised_at, now=now, is_touched=others or bool(escalated))
    return _change(session, entry, "undone", by=by, now=now, state=state, closed_by=by.person, closed_at=now)


def _values(draft: RiskDraft) -> dict[str, Any]:
    return {
        "event": draft.event,
        "cause": draft.cause or None,
        "effect": draft.effect or None,
        "probability": draft.probability,
        "impact": draft.impact,
        "score": draft.score,
        "severity": draft.severity,
        "due": draft.due,
    }


def _change(session: Session, entry: RiskEntry, what: str, *, by: Actor, now: datetime, **values: Any) -> RiskEntry:
    """Set what differs, note it, and have the project's columns follow; the entry as it is now."""
    changes = audit.change(entry.risk, **values)
    if not changes:
        return entry
    session.flush()
    audit.record(session, entry.risk, what=what, by=by.person, now=now, changes=changes)
    _count_anew(session, entry.project)
    return get(session, entry.risk.id)


def _counted_in(session: Session, project: Project, draft: RiskDraft) -> Project:
    """Count a new risk in its project, in one statement that holds the project's row until the transaction ends."""
    values: dict[Any, Any] = {
        col(Project.risks_raised): col(Project.risks_raised) + 1,
        col(Project.open_risks): col(Project.open_risks) + 1,
        col(Project.worst_risk): _at_least(col(Project.worst_risk), draft.severity),
    }
    if rules.risks.is_unanswered(draft.severity, draft.owner, draft.due):
        values[col(Project.worst_unanswered)] = _at_least(col(Project.worst_unanswered), draft.severity)
    query = update(Project).where(col(Project.id) == project.id).values(values).returning(Project)
    options = {"synchronize_session": False, "populate_existing": True}
    held: Project = session.execute(query, execution_options=options).scalar_one()
    health.recompute(held)
    return held


def _at_least(column: Any, severity: Severity) -> Any:
    return case((column >= severity, column), else_=severity)


def _count_anew(session: Session, project: Project) -> None:
    """Count the project's open risks, and find the worst; the project is held."""
    query = select(
        func.count(), func.max(col(Risk.severity)), func.max(case((UNANSWERED, col(Risk.severity)), else_=None))
    ).where(col(Risk.project_id) == project.id, col(Risk.state).in_(OPEN))
    project.open_risks, project.worst_risk, project.worst_unanswered = session.execute(query).one()
    health.recompute(project)
    session.flush()


def _open_in(project_id: int | None) -> list[Any]:
    """What an open risk is, in one project or in all that are not over."""
    where = ~col(Project.state).in_(OVER) if project_id is None else col(Risk.project_id) == project_id
    return [col(Risk.state).in_(OPEN), where]


def _entries() -> Select[Risk, Project, str, str, str, str]:
    owner, raiser, closer = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(Risk, Project, col(raiser.slack_id), col(raiser.timezone), col(owner.slack_id), col(closer.slack_id))
        .join(Project, col(Project.id) == Risk.project_id)
        .join(raiser, col(raiser.id) == Risk.raised_by)
        .outerjoin(owner, col(owner.id) == Risk.owner_id)
        .outerjoin(closer, col(closer.id) == Risk.closed_by)
    )
