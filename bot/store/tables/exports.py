"""Exports: who asked for which file, and how far it is on its way; the file itself is made when it is sent."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.exports import Form, Part
from bot.store.tables.columns import Walled, within, worded


class Export(Walled, table=True):
    """A file somebody asked for; `due_at` is null once it was sent or given up.

    `file` is Slack's id of what was uploaded and is not yet shown to anybody; `is_uncertain` when Slack may have
    shown it although the line broke. `lease_until` is a worker's claim on making it.
    """

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_due_at", "due_at"), within("people", "person_id"))

    person_id: int
    part: Part = Field(sa_type=worded(Part))
    form: Form = Field(sa_type=worded(Form))
    asked_at: datetime
    due_at: datetime | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    file: str | None = Field(default=None, max_length=32)
    is_uncertain: bool = False
    rows: int | None = None
    sent_at: datetime | None = None
    trouble: str | None = Field(default=None, max_length=255)

    @property
    def post_key(self) -> str:
        """The key of the post in which the person reads how far it is."""
        return f"export:{self.id}"
