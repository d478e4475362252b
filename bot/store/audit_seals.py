"""The seals of the audit trail: each entry is chained to the one before, and the chain is looked over.

An entry is sealed just after the transaction that it stands in, not within it: the chain of a workspace has one end,
and who holds it while the disk is written would hold up everybody else who writes (decision 027).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Row, func, insert, text
from sqlmodel import Session, col, delete, or_, select

from bot.rules.audit import seal as seal_of
from bot.store.tables import AuditEntry, AuditSeal, UnsealedEntry, Workspace

LATE: Final = timedelta(minutes=5)
"""For how long an entry may stand without a seal, while the clock is turned each second."""
AT_ONCE: Final = 2_000
"""How many entries are looked over in one query: the whole of a trail is never in memory."""

GUARDS: Final = frozenset(
    {
        *("audit_not_changed", "audit_not_deleted", "audit_waits"),
        *("audit_seals_not_changed", "audit_seals_not_deleted"),
    }
)
GUARDS_OF_ENGINE: Final[Mapping[str, frozenset[str]]] = {
    "sqlite": GUARDS | {"audit_not_replaced", "audit_seals_not_replaced"},
    "postgresql": GUARDS | {"audit_not_emptied", "audit_seals_not_emptied"},
}
"""The triggers by which the database itself refuses to change the trail (migration 0004)."""

_FOUND_BY: Final[Mapping[str, str]] = {
    "sqlite": "select name from sqlite_master where type = 'trigger'",
    "postgresql": "select tgname from pg_trigger where tgenabled in ('O', 'A') and not tgisinternal",
}
_NAMES: Final = tuple(AuditEntry.model_fields)
_COLUMNS: Final[tuple[Any, ...]] = tuple(getattr(AuditEntry, name) for name in _NAMES)


@dataclass(frozen=True, slots=True)
class Chain:
    """How the trail of a workspace was found: how many entries are sealed, with which last hash, and what is wrong.

    `broken` says of the first entry that is not as it was what is wrong with it; it is empty where nothing is.
    """

    sealed: int
    last: str
    broken: str = ""


def waiting(session: Session) -> Sequence[int]:
    """The workspaces that have entries without a seal; for a session across workspaces."""
    return session.exec(select(UnsealedEntry.workspace_id).distinct()).all()


def seal(session: Session, *, limit: int) -> int:
    """Seal the next entries of the workspace, in the order of their numbers; how many, 0 where none is left.

    One at a time does it: what another worker holds is passed over. An entry that was committed after those with
    higher numbers is sealed all the same, behind them.
    """
    if not _hold(session):
        return 0
    entries = session.execute(_next(limit)).all()
    if not entries:
        return 0
    number, last = _end(session)
    seals = []
    for place, entry in enumerate(entries, start=number + 1):
        last = seal_of(last, dict(zip(_NAMES, entry, strict=True)))
        seals.append({"id": entry.id, "number": place, "hash": last})
    session.execute(insert(AuditSeal), seals)
    session.exec(
        delete(UnsealedEntry).where(col(UnsealedEntry.id).in_([entry.id for entry in entries])),
        execution_options={"synchronize_session": False},
    )
    return len(seals)


def verify(session: Session, *, now: datetime) -> Chain:
    """Look the whole trail of the workspace over, entry by entry, in as much memory as a page of it takes."""
    number, last = 0, ""
    for row in _sealed(session):
        if fault := _fault(row, number + 1, last):
            return Chain(number, last, fault)
        number, last = row.number, row.hash
    return Chain(number, last, _left_out(session, now))


def missing_guards(session: Session) -> Sequence[str]:
    """The triggers that ought to keep the trail as it is and are not there, or are switched off."""
    engine = session.get_bind().dialect.name
    there = session.execute(text(_FOUND_BY[engine])).scalars()
    return sorted(GUARDS_OF_ENGINE[engine].difference(there))


def _hold(session: Session) -> bool:
    """Keep other sealers of the workspace out until the transaction ends; False when one is at it.

    The lock is one that leaves everybody free to add rows to the workspace.
    """
    query = select(Workspace.id).where(Workspace.id == session.info["workspace"])
    return session.exec(query.with_for_update(key_share=True, skip_locked=True)).first() is not None


def _end(session: Session) -> tuple[int, str]:
    """The number and the hash of the last seal."""
    last = select(AuditSeal.number, AuditSeal.hash).order_by(col(AuditSeal.number).desc()).limit(1)
    return session.exec(last).first() or (0, "")


def _next(limit: int) -> Any:
    """The first entries of those that wait: only so many of them are looked at, however many there are."""
    some = select(UnsealedEntry.id).order_by(col(UnsealedEntry.id)).limit(limit).subquery()
    return sqlalchemy.select(*_COLUMNS).join(some, some.c.id == AuditEntry.id).order_by(col(AuditEntry.id))


def _sealed(session: Session) -> Iterator[Row[Any]]:
    """Every seal in the order of the chain, with the columns of its entry, null where that is gone."""
    columns: tuple[Any, ...] = (col(AuditSeal.id).label("sealed"), AuditSeal.number, AuditSeal.hash, *_COLUMNS)
    query = (
        sqlalchemy.select(*columns)
        .outerjoin(AuditEntry, col(AuditEntry.id) == AuditSeal.id)
        .order_by(col(AuditSeal.number))
    )
    number = 0
    while rows := session.execute(query.where(col(AuditSeal.number) > number).limit(AT_ONCE)).all():
        yield from rows
        number = rows[-1].number


def _fault(row: Row[Any], number: int, last: str) -> str:
    """What is wrong with an entry that ought to have this number and follow this seal; nothing where it is sound."""
    if row.number != number:
        return f"the entry sealed as number {number}, before entry {row.sealed}, is missing"
    if row.id is None:
        return f"entry {row.sealed} is missing"
    entry = dict(zip(_NAMES, tuple(row)[-len(_NAMES) :], strict=True))
    if row.hash != seal_of(last, entry):
        return f"{_named(row)} is not as it was sealed, or not in its place"
    return ""


def _left_out(session: Session, now: datetime) -> str:
    """What is wrong with the first entry that no seal holds, if anything is; a new one may wait a little."""
    queued = select(UnsealedEntry.id).where(UnsealedEntry.id == AuditEntry.id).exists()
    sealed = select(AuditSeal.id).where(AuditSeal.id == AuditEntry.id).exists()
    late = or_(~queued, col(AuditEntry.at) < now - LATE)
    entry = session.exec(select(AuditEntry).where(~sealed, late).order_by(col(AuditEntry.id)).limit(1)).first()
    if entry is not None:
        return f"{_named(entry)} has no seal"
    there = select(AuditEntry.id).where(AuditEntry.id == UnsealedEntry.id).exists()
    gone = session.exec(select(func.min(UnsealedEntry.id)).where(~there)).one()
    return f"entry {gone} is missing, and was never sealed" if gone else ""


def _named(entry: Any) -> str:
    return f"entry {entry.id} ({entry.record} {entry.what}, {entry.at:%d %b %Y %H:%M} UTC)"
