"""Exports: asked for, made once by whoever claims it, uploaded, shown, done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select, update

from bot.errors import Refused
from bot.rules.actors import Actor
from bot.rules.exports import KEPT, Form, Part
from bot.store import audit
from bot.store.tables import Export
from bot.store.workspaces import served

LEASE = timedelta(minutes=15)
"""For how long whoever makes a file has it alone: the largest takes minutes."""
AT_ONCE = 3
"""How many files somebody can wait for at a time."""
TOO_MANY = "Three files are on their way to you already. Ask again when they are here."


def ask(session: Session, part: Part, form: Form, *, by: Actor, now: datetime) -> Export:
    """Keep that somebody wants a file; Refused while they wait for several."""
    waiting = select(func.count()).where(Export.person_id == by.person, col(Export.due_at).is_not(None))
    if session.exec(waiting).one() >= AT_ONCE:
        raise Refused(TOO_MANY)
    export = Export(workspace_id=by.workspace, person_id=by.person, part=part, form=form, asked_at=now, due_at=now)
    session.add(export)
    session.flush()
    return export


def claim_due(session: Session, now: datetime, *, limit: int) -> Sequence[Export]:
    """Take what is to be made now, the oldest first; what another worker has is passed over."""
    free = served(Export) & or_(col(Export.lease_until).is_(None), col(Export.lease_until) <= now)
    query = select(Export).where(col(Export.due_at) <= now, free).order_by(col(Export.due_at), col(Export.id))
    claimed = session.exec(query.limit(limit).with_for_update(skip_locked=True)).all()
    for export in claimed:
        export.lease_until = now + LEASE
        export.attempts += 1
    return claimed


def next_due_at(session: Session) -> datetime | None:
    """When the next file is to be made, or None."""
    return session.exec(select(func.min(Export.due_at)).where(served(Export))).one()


def uploaded(session: Session, export: Export, *, file: str, rows: int, now: datetime) -> None:
    """Slack has the bytes, and nobody sees them yet: from here on it is an export, and the audit trail says so."""
    session.exec(update(Export).where(col(Export.id) == export.id).values(file=file, rows=rows))
    changes = {"part": (None, export.part), "form": (None, export.form), "rows": (None, rows)}
    audit.record(session, export, what="exported", by=export.person_id, now=now, changes=changes)


def get(session: Session, export_id: int) -> Export:
    """The export with this number as it is now; the number comes from our own rows."""
    query = select(Export).where(Export.id == export_id)
    return session.exec(query, execution_options={"populate_existing": True}).one()


def sent(session: Session, export: Export, *, now: datetime) -> None:
    """The person has it."""
    _set(session, export, due_at=None, lease_until=None, sent_at=now, trouble=None)


def postponed(session: Session, export: Export, *, until: datetime, why: str, uncertain: bool = False) -> None:
    """It did not work now; `uncertain` when Slack may have shown it all the same."""
    uncertain = uncertain or export.is_uncertain
    _set(session, export, due_at=until, lease_until=None, trouble=why, is_uncertain=uncertain)


def lost(session: Session, export: Export, *, until: datetime) -> None:
    """Slack does not have the bytes any more: they are made and uploaded anew."""
    _set(session, export, due_at=until, lease_until=None, file=None)


def given_up(session: Session, export: Export, *, why: str) -> None:
    """It will never work, or is not theirs any more; the reason is kept."""
    _set(session, export, due_at=None, lease_until=None, trouble=why)


def forget_old(session: Session, now: datetime, *, limit: int) -> int:
    """Drop what is over and was asked for long ago."""
    old = select(Export.id).where(col(Export.due_at).is_(None), col(Export.asked_at) < now - KEPT).limit(limit)
    numbers = session.exec(old).all()
    return session.exec(delete(Export).where(col(Export.id).in_(numbers))).rowcount if numbers else 0


def _set(session: Session, export: Export, **values: object) -> None:
    session.exec(update(Export).where(col(Export.id) == export.id).values(**values))
