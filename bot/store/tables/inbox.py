"""The inbox: which interactions were already dealt with, and how they were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import Json, Walled


class InboxEntry(Walled, table=True):
    """One interaction by its natural key, kept in the transaction of what it did."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("workspace_id", "key"), Index("ix_inbox_received_at", "received_at"))

    key: str = Field(max_length=255)
    answer: dict[str, Any] | None = Field(default=None, sa_type=Json)
    received_at: datetime
