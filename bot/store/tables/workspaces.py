"""A workspace: one client of the PMO, and the wall around everything that is theirs."""

from datetime import datetime

from sqlmodel import Field

from bot.rules.terms import WorkspaceState
from bot.store.tables.columns import Row, worded


class Workspace(Row, table=True):
    """One Slack workspace; its zone and currency are the defaults of what is made in it."""

    __tablename__ = "workspaces"

    team_id: str = Field(max_length=32, unique=True)
    enterprise_id: str | None = Field(default=None, max_length=32)
    name: str = Field(max_length=255)
    bot_user_id: str = Field(max_length=32)
    bot_id: str = Field(max_length=32)
    timezone: str = Field(default="Europe/London", max_length=64)
    currency: str = Field(default="GBP", max_length=3)
    state: WorkspaceState = Field(default=WorkspaceState.OPERATING, sa_type=worded(WorkspaceState))
    created_at: datetime
