"""The audit trail: every change of a record leaves one entry in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

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
    entry = {
        "workspace_id": row.workspace_id,
        "at": now,
        "person_id": by,
        "record": f"{row.__tablename__}:{row.id}",
        "what": what,
        "changes": {name: [_plain(old), _plain(new)] for name, (old, new) in (changes or {}).items()},
        "why": why,
    }
    session.execute(insert(AuditEntry), [entry])


def change(row: Walled, **values: Any) -> dict[str, tuple[Any, Any]]:
    """Set what differs and say what did, as `{field: (old, new)}`; empty when nothing changed."""
    changes = {name: (getattr(row, name), new) for name, new in values.items() if getattr(row, name) != new}
    for name, (_, new) in changes.items():
        setattr(row, name, new)
    return changes


def list_of(session: Session, row: Walled) -> Sequence[AuditEntry]:
    """Everything done to one row, oldest first."""
    name = f"{row.__tablename__}:{row.id}"
    return session.exec(select(AuditEntry).where(AuditEntry.record == name).order_by(col(AuditEntry.id))).all()


def _plain(value: Any) -> Any:
    """A value as JSON keeps it: enums by their word or letter, moments and dates in ISO 8601, money as text."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
