"""The audit trail: who changed what, when, from what to what, and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from bot.store.tables.columns import Frozen, Json, within


class AuditEntry(Frozen, table=True):
    """One change of one record; `person_id` is null when the clock or an import did it.

    `record` is the table and number (`risks:88`), `changes` maps a field to `[old, new]`.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_workspace_id_record", "workspace_id", "record"),
        within("people", "person_id"),
    )

    at: datetime
    person_id: int | None = None
    record: str = Field(max_length=64)
    what: str = Field(max_length=64)
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    why: str | None = Field(default=None, max_length=3000)
