"""Channels the bot was told to speak in."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import Json, Walled, within


class Channel(Walled, table=True):
    """A channel as last seen at `seen_at`; `trouble` is Slack's own word for why nothing can be said there.

    `is_shared` means with another organisation: nothing is said there until `shared_by` allowed it. `members` are the
    ids in Slack of all who read it, as they were at `members_at`; null while nobody had to know.
    """

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"), within("people", "shared_by"))

    slack_id: str = Field(max_length=32)
    name: str = Field(default="", max_length=255)
    is_private: bool = False
    is_shared: bool = False
    shared_by: int | None = None
    shared_at: datetime | None = None
    members: list[str] | None = Field(default=None, sa_type=Json)
    members_at: datetime | None = None
    seen_at: datetime | None = None
    archived_at: datetime | None = None
    trouble: str | None = Field(default=None, max_length=64)

    @property
    def is_held_back(self) -> bool:
        """Whether people of another organisation read it, and nobody has said that they may."""
        return self.is_shared and self.shared_at is None
