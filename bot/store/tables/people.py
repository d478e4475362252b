"""People as Slack knows them, and what they may do in the whole workspace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlalchemy.orm import column_property
from sqlmodel import Field, col, select

from bot.rules.terms import Role
from bot.store.tables.columns import Walled, within, worded


class Person(Walled, table=True):
    """Somebody in Slack; `refreshed_at` is null until Slack was asked who that is.

    `is_admin` is Slack's word for its admins and owners; `is_first_admin` is ours for who installed the bot, or is in
    PMO_ADMINS. A stranger is of another organisation, met in a channel that is shared with it.
    """

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
    is_stranger: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    is_first_admin: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    deactivated_at: datetime | None = None
    dm_channel: str | None = Field(default=None, max_length=32)
    refreshed_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether they can hold a role: a full member of this workspace, who has not left."""
        return self.deactivated_at is None and not (self.is_guest or self.is_bot or self.is_stranger)


def slack_id_of(number: Any) -> Any:
    """Whom a person's number means, by the id in Slack: read with the row that holds the number, never kept in it.

    So who somebody is stands in one row, which is all that forgetting them has to change (decision 029).
    """
    named = select(Person.slack_id).where(col(Person.id) == number)
    return column_property(named.correlate_except(Person).scalar_subquery())


class RoleGrant(Walled, table=True):
    """A role somebody holds in the whole workspace, or in one portfolio; `until` is when it ends, null for never."""

    __tablename__ = "role_grants"
    __table_args__ = (
        Index(
            "uq_role_grants_person_id_role",
            *("person_id", "role"),
            unique=True,
            sqlite_where=text("portfolio_id is null"),
            postgresql_where=text("portfolio_id is null"),
        ),
        Index("uq_role_grants_person_id_role_portfolio_id", "person_id", "role", "portfolio_id", unique=True),
        Index("ix_role_grants_workspace_id_role", "workspace_id", "role"),
        within("people", "person_id"),
        within("portfolios", "portfolio_id"),
    )

    person_id: int
    role: Role = Field(sa_type=worded(Role))
    portfolio_id: int | None = None
    granted_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that somebody holds, as the list of roles shows it; the portfolio by its name, None for the workspace."""

    grant: RoleGrant
    slack_id: str
    portfolio: str | None
