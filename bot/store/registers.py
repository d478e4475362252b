"""Registers dropped into a form: claimed, read, shown, and imported once somebody wants that."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import Refused
from bot.rules.terms import RegisterState
from bot.store.tables import RegisterFile
from bot.store.workspaces import served

LEASE = timedelta(minutes=10)
"""For how long whoever works on a register has it alone."""
KEPT = timedelta(days=1)
"""For how long a register waits for somebody to say whether it goes in; then its content is let go."""
OVER = "This register was dealt with already: see above what became of it."


def ask(
    session: Session,
    *,
    file_id: str,
    name: str,
    columns: Mapping[str, str],
    as_of: date | None,
    by: int,
    now: datetime,
) -> RegisterFile:
    """Keep that somebody wants a file of theirs read."""
    register = RegisterFile(
        person_id=by,
        file_id=file_id[:32],
        name=name[:255],
        columns=dict(columns),
        as_of=as_of,
        state=RegisterState.ASKED,
        due_at=now,
        asked_at=now,
    )
    session.add(register)
    session.flush()
    return register


def claim_due(session: Session, now: datetime, *, limit: int) -> Sequence[RegisterFile]:
    """Take the registers with which there is something to do, the oldest first; what another worker has is passed over.

    A claim lasts LEASE; whoever had it and is gone leaves the work to the next.
    """
    query = select(RegisterFile).where(col(RegisterFile.due_at) <= now, served(RegisterFile))
    query = query.order_by(col(RegisterFile.due_at), col(RegisterFile.id)).limit(limit)
    claimed = session.exec(query.with_for_update(skip_locked=True)).all()
    for register in claimed:
        register.due_at = now + LEASE
        register.attempts += 1
    session.flush()
    return claimed


def next_due_at(session: Session) -> datetime | None:
    """The next moment at which there is something to do with a register, or None."""
    return session.exec(select(func.min(RegisterFile.due_at)).where(served(RegisterFile))).one()


def take(session: Session, number: int) -> RegisterFile:
    """A register that was shown, to be wanted or not, its row held; Refused when that was said already."""
    query = select(RegisterFile).where(RegisterFile.id == number).with_for_update()
    register = session.exec(query, execution_options={"populate_existing": True}).one_or_none()
    if register is None or register.state is not RegisterState.SHOWN:
        raise Refused(OVER)
    return register


def shown(
    session: Session, register: RegisterFile, content: bytes, people: Mapping[str, str], *, now: datetime
) -> None:
    """Its preview is before whoever dropped it; it waits for a word, and its names mean whom they meant there."""
    known = {"content": content, "people": dict(people)}
    _set(session, register, state=RegisterState.SHOWN, attempts=0, due_at=now + KEPT, **known)


def wanted(session: Session, register: RegisterFile, *, now: datetime) -> None:
    """It is to go in."""
    _set(session, register, state=RegisterState.WANTED, attempts=0, due_at=now)


def ended(session: Session, register: RegisterFile, state: RegisterState) -> None:
    """It was imported, refused or dropped: its content is let go."""
    _set(session, register, state=state, content=None, due_at=None)


def postponed(session: Session, register: RegisterFile, *, until: datetime) -> None:
    """Slack could not give it now."""
    _set(session, register, due_at=until)


def _set(session: Session, register: RegisterFile, **values: Any) -> None:
    row = session.exec(select(RegisterFile).where(RegisterFile.id == register.id)).one()
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
