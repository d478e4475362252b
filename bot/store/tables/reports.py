"""Status reports: what was said about a project for a period; never changed, only superseded."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import Health
from bot.store.tables.columns import Frozen, Json, Money, OfProject, Ranked, within
from bot.store.tables.people import slack_id_of


class StatusReport(OfProject, Frozen, table=True):
    """One submitted report with the values of its day; `computed` is what the rules made of the same facts.

    `author_id` is null when the report came from an import. `dimensions` holds the rank of each rated dimension,
    `comments` what was said about one; `action_owner` is the id in Slack of whoever has that number.
    """

    __tablename__ = "status_reports"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("supersedes_id"),
        Index("ix_status_reports_project_id_period_end", "project_id", "period_end"),
        within("projects", "project_id"),
        within("people", "author_id"),
        within("status_reports", "supersedes_id"),
        within("people", "action_owner_id"),
    )

    project_id: int
    author_id: int | None = None
    period_start: date
    period_end: date
    reported_at: datetime
    supersedes_id: int | None = None
    is_unchanged: bool = False
    overall: Health = Field(sa_type=Ranked(Health))
    computed: Health = Field(sa_type=Ranked(Health))
    computed_because: list[str] = Field(default_factory=list, sa_type=Json)
    dimensions: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    comments: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    cause: str | None = Field(default=None, max_length=3000)
    action: str | None = Field(default=None, max_length=3000)
    action_owner_id: int | None = None
    action_owner: ClassVar[str | None]
    action_due: date | None = None
    finish_forecast: date | None = None
    budget_baseline: Decimal | None = Field(default=None, sa_type=Money)
    budget_forecast: Decimal | None = Field(default=None, sa_type=Money)
    achievements: str | None = Field(default=None, max_length=3000)
    next_steps: str | None = Field(default=None, max_length=3000)
    decisions_needed: str | None = Field(default=None, max_length=3000)

    @property
    def card_key(self) -> str:
        """The key of the post that shows what was reported of the period, whichever version of it is the newest."""
        return f"report:{self.project_id}:{self.period_end}:card"


StatusReport.action_owner = slack_id_of(StatusReport.action_owner_id)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report, with its author's id in Slack; None when it came from an import."""

    report: StatusReport
    author: str | None
