"""A workspace: one client of the PMO, and the wall around everything that is theirs."""

from datetime import datetime, time

from sqlalchemy import Index, text
from sqlmodel import Field

from bot.rules.terms import WorkspaceState
from bot.store.tables.columns import Json, Row, worded

WHOLE_ORG = text("team_id IS NULL")
NO_LIST = {"server_default": text("'[]'")}
NO_MAP = {"server_default": text("'{}'")}


class Workspace(Row, table=True):
    """One Slack workspace, or (without a team) all those of an Enterprise Grid org that installed the bot as one.

    Its zone, currency and cadence (one of `rules.cadence.CHOICES`, and a local time) are the defaults of what is made
    in it. `services_off` are the services that it does without, `tolerances` what differs from the defaults of
    `rules.tolerances`, `country` and `closed_days` (ISO dates) its calendar. From `quiet_from` to `quiet_until`, in
    each reader's zone, people are left in peace. `sponsor_id` is a person's number.

    Since `removed_at` the bot is not installed there: nothing is done for it, and after `retention_days` its data goes;
    `state_before` is what it goes back to when the bot is installed again. What was deleted leaves this row, closed and
    without a name: `purged_at`, `purged_rows`.
    """

    __tablename__ = "workspaces"
    __table_args__ = (
        Index(
            "uq_workspaces_enterprise_id_of_org",
            "enterprise_id",
            unique=True,
            sqlite_where=WHOLE_ORG,
            postgresql_where=WHOLE_ORG,
        ),
    )

    team_id: str | None = Field(default=None, max_length=32, unique=True)
    enterprise_id: str | None = Field(default=None, max_length=32)
    name: str = Field(max_length=255)
    bot_user_id: str = Field(max_length=32)
    bot_id: str = Field(max_length=32)
    timezone: str = Field(default="Europe/London", max_length=64)
    currency: str = Field(default="GBP", max_length=3)
    state: WorkspaceState = Field(default=WorkspaceState.OPERATING, sa_type=worded(WorkspaceState))
    scope: str | None = Field(default=None, max_length=3000)
    sponsor_id: int | None = None
    services_off: list[str] = Field(default_factory=list, sa_type=Json, sa_column_kwargs=NO_LIST)
    tolerances: dict[str, str] = Field(default_factory=dict, sa_type=Json, sa_column_kwargs=NO_MAP)
    country: str | None = Field(default=None, max_length=24)
    closed_days: list[str] = Field(default_factory=list, sa_type=Json, sa_column_kwargs=NO_LIST)
    cadence: str = Field(default="weekly_fr", max_length=24, sa_column_kwargs={"server_default": "weekly_fr"})
    cadence_time: str = Field(default="15:00", max_length=5, sa_column_kwargs={"server_default": "15:00"})
    quiet_from: time = Field(default=time(18), sa_column_kwargs={"server_default": "18:00:00"})
    quiet_until: time = Field(default=time(8, 30), sa_column_kwargs={"server_default": "08:30:00"})
    created_at: datetime
    removed_at: datetime | None = None
    state_before: WorkspaceState | None = Field(default=None, sa_type=worded(WorkspaceState, "state_before"))
    retention_days: int = Field(default=30, sa_column_kwargs={"server_default": text("30")})
    purged_at: datetime | None = None
    purged_rows: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})

    @property
    def slack_id(self) -> str:
        """What Slack calls it: the id of its team, or of its org."""
        return self.team_id or self.enterprise_id or ""
