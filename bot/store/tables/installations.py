"""Installations: what the bot may speak with in each workspace."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field

from bot.store.tables.columns import Json, Row, Walled, within


class Installation(Walled, table=True):
    """How the bot was let into a workspace; its tokens are sealed, and gone as soon as it is removed.

    Without a token of its own the bot speaks with the one of the settings. `version` is raised whenever Slack gives
    other tokens; `renewing_until` is a worker's claim on asking for them. `lost_teams` are the workspaces of an
    Enterprise Grid org that the org's installation may not serve any more.
    """

    __tablename__ = "installations"
    __table_args__ = (UniqueConstraint("workspace_id"), within("people", "installed_by"))

    app_id: str | None = Field(default=None, max_length=32)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    token: str | None = Field(default=None, max_length=2000, repr=False)
    refresh_token: str | None = Field(default=None, max_length=2000, repr=False)
    expires_at: datetime | None = None
    version: int = 1
    renewing_until: datetime | None = None
    lost_teams: list[str] = Field(default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": text("'[]'")})
    installed_by: int | None = None
    installed_at: datetime


class InstallState(Row, table=True):
    """An installation somebody has begun in their browser; only a digest of what Slack is to bring back is kept."""

    __tablename__ = "install_states"

    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime
