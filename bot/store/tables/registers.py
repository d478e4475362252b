"""Registers that somebody dropped into a form: to be read, shown, and imported if that is wanted."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from bot.rules.terms import RegisterState
from bot.store.tables.columns import Json, Walled, within, worded


class RegisterFile(Walled, table=True):
    """A file by its id in Slack, with what its columns mean where that has to be said, and whom its names mean there.

    `due_at` is when there is something to do with it, null when not. `content` is kept from its reading until it was
    imported or is not wanted, and no longer.
    """

    __tablename__ = "register_files"
    __table_args__ = (Index("ix_register_files_due_at", "due_at"), within("people", "person_id"))

    person_id: int
    file_id: str = Field(max_length=32)
    name: str = Field(max_length=255)
    columns: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    people: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    as_of: date | None = None
    state: RegisterState = Field(sa_type=worded(RegisterState))
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    attempts: int = 0
    due_at: datetime | None = None
    asked_at: datetime

    @property
    def post_key(self) -> str:
        """The key of the post that tells whoever dropped it how it stands."""
        return f"register:{self.id}"
