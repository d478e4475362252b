"""Risks: raised, changed and closed, each time with what it means for the project's health."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, Update, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot import rules
from bot.errors import NotHere, Refused
from bot.rules.actors import Actor
from bot.rules.references import Letter, Reference
from bot.rules.risks import Closing, RiskDraft
from bot.rules.terms import RiskState, Severity
from bot.store import audit, health
from bot.store.prepared import Prepared
from bot.store.projects import OVER
from bot.store.tables import Escalation, Person, Project, ProjectName, Risk, RiskEntry
from bot.store.tables.columns import written

TOLD = (
    *("id", "workspace_id", "key", "name", "channel", "confidential", "state", "risks_raised"),
    *("reported_health", "computed_health", "computed_because", "dimensions", "path_action", "path_owner_id"),
    *("path_due", "missed_runs", "worst_risk", "worst_unanswered", "overdue_escalations", "finish_baseline"),
    *("finish_forecast", "budget_baseline", "budget_forecast"),
)
"""What is told of a project in which a risk was counted: its name, its place, and the signals of its health."""
OPEN = [state for state in RiskState if state.is_open]
UNANSWERED = and_(col(Risk.severity) >= Severity.HIGH, or_(col(Risk.owner_id).is_(None), col(Risk.due).is_(None)))
"""Rule `rules.risks.is_unanswered`, as SQL."""


def raise_risk(
    session: Session, draft: RiskDraft, *, of: int | str, owner: Person | None, by: Actor, now: datetime
) -> RiskEntry | None:
    """Keep a new risk of a project, count it there, and have the project's health follow.

    `of` is the project's number or its key; None when no project has it. Refused when the project is over.
    """
    project = _counted_in(session, of, draft)
    if project is None:
        return None
    if project.state in OVER:
        raise Refused(f"{project.key} is over. Choose a project that is still going on.", field="project")
    told = {**_values(draft), "owner_id": owner.id if owner else None}
    values = {
        **told,
        "project_id": project.id,
        "ref": rules.references.ref(project.key, Letter.RISK, project.risks_raised),
        "state": RiskState.ASSESSED,
        "evidence": draft.evidence,
        "raised_by": by.person,
        "raised_at": now,
    }
    number = _RAISE(session, **values).scalar_one()
    risk = written(Risk, {**values, "id": number, "workspace_id": project.workspace_id})
    audit.record(session, risk, what="raised", by=by.person, now=now, changes=audit.new(told))
    name = ProjectName(project.id, project.key, project.name, project.channel, project.confidential)
    return RiskEntry(risk, name, raised_by=by.slack_id, zone=by.zone, owner=owner.slack_id if owner else None)


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
        raise NotHere("That risk is not here any more. `/pmo risks` lists those that are.")
    return _entry(row)


def find_by_ref(session: Session, ref: Reference) -> RiskEntry | None:
    """The risk that people call this, or None."""
    row = session.execute(_entries().where(col(Risk.ref) == str(ref))).one_or_none()
    return _entry(row) if row else None


def list_open(
    session: Session, *, project_id: int | None = None, limit: int | None = None, offset: int = 0
) -> Sequence[RiskEntry]:
    """The open risks of a project, or of all that are not over: the worst first, then the oldest."""
    query = _entries().where(*_open_in(project_id))
    query = query.order_by(col(Risk.score).desc(), col(Risk.raised_at), col(Risk.id)).limit(limit).offset(offset)
    return [_entry(row) for row in session.execute(query)]


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
    _count_anew(session, entry.project.id)
    return get(session, entry.risk.id)


def _counted_in(session: Session, of: int | str, draft: RiskDraft) -> Row[Any] | None:
    """Count a new risk in its project, in one statement that holds the project's row until the transaction ends."""
    severity, is_open = draft.severity, rules.risks.is_unanswered(draft.severity, draft.owner, draft.due)
    count = _COUNT_BY_KEY if isinstance(of, str) else _COUNT_BY_ID
    project = count(session, of=of, severity=severity, unanswered=severity if is_open else None).one_or_none()
    if project is not None:
        health.settle(session, project)
    return project


def _count_anew(session: Session, project_id: int) -> None:
    """Count the project's open risks, and find the worst."""
    project = health.hold(session, project_id)
    query = select(
        func.count(), func.max(col(Risk.severity)), func.max(case((UNANSWERED, col(Risk.severity)), else_=None))
    ).where(col(Risk.project_id) == project_id, col(Risk.state).in_(OPEN))
    project.open_risks, project.worst_risk, project.worst_unanswered = session.execute(query).one()
    health.recompute(session, project)
    session.flush()


def _open_in(project_id: int | None) -> list[Any]:
    """What an open risk is, in one project or in all that are not over."""
    where = ~col(Project.state).in_(OVER) if project_id is None else col(Risk.project_id) == project_id
    return [col(Risk.state).in_(OPEN), where]


def _entry(row: Row[Any]) -> RiskEntry:
    risk, number, key, name, channel, confidential, *people = tuple(row)
    return RiskEntry(risk, ProjectName(number, key, name, channel, confidential), *people)


def _entries() -> Select[*tuple[Any, ...]]:
    owner, raiser, closer = aliased(Person), aliased(Person), aliased(Person)
    columns: list[Any] = [
        *(Risk, Project.id, Project.key, Project.name, Project.channel, Project.confidential),
        *(raiser.slack_id, raiser.timezone, owner.slack_id, closer.slack_id),
    ]
    return (
        select(*columns)
        .join(Project, col(Project.id) == Risk.project_id)
        .join(raiser, col(raiser.id) == Risk.raised_by)
        .outerjoin(owner, col(owner.id) == Risk.owner_id)
        .outerjoin(closer, col(closer.id) == Risk.closed_by)
    )


def _worst(column: Any, new: Any) -> Any:
    """The worse of what a column holds and what is new; either may be null."""
    return case((column >= new, column), else_=func.coalesce(new, column))


def _count_in(projects: Table, this: Any) -> Update:
    raised, counted = projects.c.risks_raised + 1, projects.c.open_risks + 1
    severity, unanswered = (bindparam(name, type_=projects.c.worst_risk.type) for name in ("severity", "unanswered"))
    values = {
        "risks_raised": raised,
        "open_risks": counted,
        "worst_risk": _worst(projects.c.worst_risk, severity),
        "worst_unanswered": _worst(projects.c.worst_unanswered, unanswered),
    }
    return (
        update(projects).where(this == bindparam("of")).values(values).returning(*(projects.c[name] for name in TOLD))
    )


_RAISE = Prepared(Risk, lambda risks: insert(risks).returning(risks.c.id))
_COUNT_BY_ID = Prepared(Project, lambda projects: _count_in(projects, projects.c.id))
_COUNT_BY_KEY = Prepared(Project, lambda projects: _count_in(projects, projects.c.key))
