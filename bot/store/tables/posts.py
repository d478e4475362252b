"""Posts: what is to be seen in Slack, and how far Slack has it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field

from bot.rules.delivery import End, Priority
from bot.store.tables.columns import Json, PerhapsOfProject, Ranked, Walled, within, worded

WAITING = text("due_at IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says: a full sentence for notifications and screen readers, and the blocks that show it."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        """The message as Slack takes it."""
        return {"text": self.text, "blocks": self.blocks}


class Post(PerhapsOfProject, table=True):
    """A wanted message with its version; delivery makes Slack agree: post, update, or delete when withdrawn.

    `to` is a channel or a person in Slack; `project_id` is the project it tells of, null for what tells of none or of
    many; `under` is the key of the post whose thread this belongs to.
    Slack has it when `delivered_version == version`; `lease_until` is a worker's claim on saying it, `plainness`
    how often Slack refused this version's form. This version is wanted since `wanted_at`, and not said before
    `not_before` nor, for the first time, after `expires_at`; `any_hour` means in the reader's quiet hours too. Since
    `unsure_since` Slack may have it although nobody noted where. What was too much for one message is in `parts`
    replies, which are posts of their own (`:rest:1`, `:rest:2`). How it ended with this version is in `ended`,
    `ended_at` and, where it did not end well, `trouble`.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_posts_due_at", "due_at"),
        Index("ix_posts_workspace_id_to", "workspace_id", "to"),
        Index("ix_posts_project_id", "project_id"),
        Index(
            "ix_posts_withdrawn",
            "created_at",
            sqlite_where=text("withdrawn = 1"),
            postgresql_where=text("withdrawn"),
        ),
        Index("ix_posts_order", "priority", "due_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index(
            "ix_posts_order_at_address",
            *("workspace_id", "to", "priority", "id"),
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        within("projects", "project_id"),
    )

    key: str = Field(max_length=120)
    to: str = Field(max_length=32)
    under: str | None = Field(default=None, max_length=120)
    project_id: int | None = None
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
    priority: Priority = Field(
        default=Priority.NORMAL, sa_type=Ranked(Priority), sa_column_kwargs={"server_default": text("1")}
    )
    wanted_at: datetime | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    any_hour: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    unsure_since: datetime | None = None
    parts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    delivered_at: datetime | None = None
    ended: End | None = Field(default=None, sa_type=worded(End))
    ended_at: datetime | None = None
    trouble: str | None = Field(default=None, max_length=255)

    @property
    def moment(self) -> datetime:
        """When it was to be said."""
        return self.not_before or self.wanted_at or self.created_at


class Lane(Walled, table=True):
    """When an address may be spoken to again, or a method called: Slack allows one message a second and channel.

    Until `limited_until` Slack itself said to wait.
    """

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("workspace_id", "address"), Index("ix_lanes_free_at", "free_at"))

    address: str = Field(max_length=32)
    free_at: datetime
    limited_until: datetime | None = None
