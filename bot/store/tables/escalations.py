"""Escalations: a decision somebody is asked for, with a clock for each level."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import EscalationLevel, EscalationState
from bot.store.tables.columns import Json, OfProject, within, worded
from bot.store.tables.projects import ProjectName


class Escalation(OfProject, table=True):
    """What is asked of whom; `climbs_at` is when it goes to the next level unless acknowledged, null when it will not.

    `decider_id` is null at a level where several may decide (the PMO). `asked` keeps everybody it was put to, as
    `[level, Slack id]`. `overdue_at` is when the day to decide by is over, null once that was seen to; while it is
    open and `is_overdue`, its project counts it.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        UniqueConstraint("workspace_id", "ref"),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_escalations_climbs_at", "climbs_at"),
        Index("ix_escalations_overdue_at", "overdue_at"),
        Index("ix_escalations_workspace_id_state", "workspace_id", "state"),
        Index("ix_escalations_project_id", "project_id"),
        within("projects", "project_id"),
        within("risks", "risk_id"),
        within("status_reports", "report_id"),
        within("people", "decider_id"),
        within("people", "raised_by"),
        within("people", "acknowledged_by"),
        within("people", "decided_by"),
        within("people", "withdrawn_by"),
    )

    project_id: int
    ref: str = Field(max_length=24)
    risk_id: int | None = None
    report_id: int | None = None
    evidence: str | None = Field(default=None, max_length=1000)
    what: str = Field(max_length=300)
    ask: str = Field(max_length=3000)
    impact_if_nothing: str = Field(max_length=3000)
    decide_by: date
    level: EscalationLevel = Field(sa_type=worded(EscalationLevel))
    decider_id: int | None = None
    state: EscalationState = Field(default=EscalationState.RAISED, sa_type=worded(EscalationState))
    raised_by: int
    raised_at: datetime
    climbs_at: datetime | None = None
    climbed_at: datetime | None = None
    overdue_at: datetime | None = None
    is_overdue: bool = False
    asked: list[list[str]] = Field(default_factory=list, sa_type=Json)
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    decision: str | None = Field(default=None, max_length=3000)
    reason: str | None = Field(default=None, max_length=3000)
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = None

    def asked_key(self, slack_id: str) -> str:
        """The key of the post that asks one decider."""
        return f"escalation:{self.id}:asked:{slack_id}"

    @property
    def progress_key(self) -> str:
        """The key of the post in which the raiser sees each step."""
        return f"escalation:{self.id}:progress"

    @property
    def card_key(self) -> str:
        """The key of the post that tells the project's channel what was decided."""
        return f"escalation:{self.id}:card"

    def put_to(self, level: EscalationLevel) -> list[str]:
        """The Slack ids of those it was put to at a level."""
        return [slack_id for asked_at, slack_id in self.asked if asked_at == level]


@dataclass(frozen=True, slots=True)
class EscalationEntry:
    """An escalation as the register shows it: with its project and risk, and its people by their Slack ids.

    `zone` is the one of whoever raised it: moments are named in it where Slack cannot name them in the reader's own.
    """

    escalation: Escalation
    project: ProjectName
    raised_by: str
    zone: str
    risk: str | None = None
    acknowledged_by: str | None = None
    decided_by: str | None = None
    withdrawn_by: str | None = None
