"""People who were forgotten, and for a time what brings them back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import Json, Walled, within


class Forgotten(Walled, table=True):
    """Somebody who goes by a pseudonym with this number; `kept` is who they were, null once nobody can undo it.

    `kept` maps a row (`risks:88`) to the values that its columns had, that of the person among them.
    """

    __tablename__ = "forgotten"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("person_id"),
        Index("ix_forgotten_kept_until", "kept_until"),
        within("people", "person_id"),
    )

    person_id: int
    number: int
    forgotten_at: datetime
    kept: dict[str, Any] | None = Field(default=None, sa_type=Json)
    kept_until: datetime | None = None
