"""Channels the bot was told to speak in."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import Walled


class Channel(Walled, table=True):
    """A channel as last seen; `trouble` is Slack's own word for why nothing can be said there."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    slack_id: str = Field(max_length=32)
    name: str = Field(default="", max_length=255)
    is_private: bool = False
    is_shared: bool = False
    archived_at: datetime | None = None
    trouble: str | None = Field(default=None, max_length=64)
