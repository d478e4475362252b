"""People as Slack knows them, and what they may do in the whole workspace."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import Role
from bot.store.tables.columns import Walled, within, worded


class Person(Walled, table=True):
    """Somebody in Slack; `refreshed_at` is null until Slack was asked who that is."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slack_id"),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_people_refreshed_at", "refreshed_at"),
    )

    slack_id: str = Field(max_length=32)
    name: str = Field(max_length=255)
    timezone: str = Field(max_length=64)
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deactivated_at: datetime | None = None
    dm_channel: str | None = Field(default=None, max_length=32)
    refreshed_at: datetime | None = None


class RoleGrant(Walled, table=True):
    """A role somebody holds in the whole workspace."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("person_id", "role"), within("people", "person_id"))

    person_id: int
    role: Role = Field(sa_type=worded(Role))
    granted_at: datetime
