"""Posts: what is to be seen in Slack, and how far Slack has it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import Json, Walled


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says: a full sentence for notifications and screen readers, and the blocks that show it."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        """The message as Slack takes it."""
        return {"text": self.text, "blocks": self.blocks}


class Post(Walled, table=True):
    """A wanted message with its version; delivery makes Slack agree: post, update, or delete when withdrawn.

    `to` is a channel or a person in Slack; `under` is the key of the post whose thread this belongs to.
    Slack has it when `delivered_version == version`; `lease_until` is a worker's claim on saying it, `plainness`
    how often Slack refused this version's form.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_posts_due_at", "due_at"),
        Index("ix_posts_workspace_id_to", "workspace_id", "to"),
    )

    key: str = Field(max_length=120)
    to: str = Field(max_length=32)
    under: str | None = Field(default=None, max_length=120)
    wanted: dict[str, Any] = Field(sa_type=Json)
    version: int = 1
    delivered_version: int = 0
    withdrawn: bool = False
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    created_at: datetime
    due_at: datetime | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    plainness: int = 0
    delivered_at: datetime | None = None
    trouble: str | None = Field(default=None, max_length=255)


class Lane(Walled, table=True):
    """When an address may be spoken to again: Slack allows one message a second and channel."""

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("workspace_id", "address"),)

    address: str = Field(max_length=32)
    free_at: datetime
