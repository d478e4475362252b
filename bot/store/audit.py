"""The audit trail: every change of a record leaves one entry in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from bot.store.prepared import Prepared
from bot.store.tables import AuditEntry
from bot.store.tables.columns import Walled


def record(
    session: Session,
    row: Walled,
    *,
    what: str,
    by: int | None,
    now: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    why: str | None = None,
) -> None:
    """Note what was done to a row that has its number already; `by` is a person's number, None for the clock."""
    if row.workspace_id == session.info["workspace"]:
        _RECORD(session, **_entry(row, changes or {}, what=what, by=by, now=now, why=why))
    else:
        record_all(session, [(row, changes or {})], what=what, by=by, now=now, why=why)


def record_all(
    session: Session,
    rows: Iterable[tuple[Walled, Mapping[str, tuple[Any, Any]]]],
    *,
    what: str,
    by: int | None,
    now: datetime,
    why: str | None = None,
) -> None:
    """Note that the same was done to many rows, each with its own changes, in one statement."""
    entries = [
        {"workspace_id": row.workspace_id, **_entry(row, changes, what=what, by=by, now=now, why=why)}
        for row, changes in rows
    ]
    if entries:
        session.execute(insert(AuditEntry), entries)


def change(row: Walled, **values: Any) -> dict[str, tuple[Any, Any]]:
    """Set what differs and say what did, as `{field: (old, new)}`; empty when nothing changed."""
    changes = {name: (getattr(row, name), new) for name, new in values.items() if getattr(row, name) != new}
    for name, (_, new) in changes.items():
        setattr(row, name, new)
    return changes


def list_of(session: Session, row: Walled, *, after: int = 0) -> Sequence[AuditEntry]:
    """Everything done to one row, oldest first; only what came after the entry of that number, when given."""
    query = select(AuditEntry).where(AuditEntry.record == _name(row), col(AuditEntry.id) > after)
    return session.exec(query.order_by(col(AuditEntry.id))).all()


def newest(session: Session, row: Walled) -> int:
    """The number of the newest entry about one row, 0 when there is none: it changes whenever the row is changed."""
    return session.exec(select(func.max(AuditEntry.id)).where(AuditEntry.record == _name(row))).one() or 0


def _entry(
    row: Walled, changes: Mapping[str, tuple[Any, Any]], *, what: str, by: int | None, now: datetime, why: str | None
) -> dict[str, Any]:
    return {
        "at": now,
        "person_id": by,
        "record": _name(row),
        "what": what,
        "changes": {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()},
        "why": why,
    }


_RECORD = Prepared(AuditEntry, insert)


def _name(row: Walled) -> str:
    return f"{row.__tablename__}:{row.id}"


def _plain(value: Any) -> Any:
    """A value as JSON keeps it: enums by their word or letter, moments and dates in ISO 8601, money as text."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
