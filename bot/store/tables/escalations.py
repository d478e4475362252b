"""Escalations: a decision somebody is asked for, with a clock for each level."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import EscalationLevel, EscalationState
from bot.store.tables.columns import Walled, within, worded


class Escalation(Walled, table=True):
    """What is asked of whom; `climbs_at` is when it goes to the next level unless acknowledged, null when it will not.

    `decider_id` is null at a level where several may decide (the PMO).
    """

    __tablename__ = "escalations"
    __table_args__ = (
        UniqueConstraint("workspace_id", "ref"),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_escalations_climbs_at", "climbs_at"),
        Index("ix_escalations_workspace_id_state", "workspace_id", "state"),
        Index("ix_escalations_project_id", "project_id"),
        within("projects", "project_id"),
        within("risks", "risk_id"),
        within("status_reports", "report_id"),
        within("people", "decider_id"),
        within("people", "raised_by"),
        within("people", "acknowledged_by"),
        within("people", "decided_by"),
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
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    decision: str | None = Field(default=None, max_length=3000)
    reason: str | None = Field(default=None, max_length=3000)

    def asked_key(self, slack_id: str) -> str:
        """The key of the post that asks one decider."""
        return f"escalation:{self.id}:asked:{slack_id}"

    @property
    def progress_key(self) -> str:
        """The key of the post in which the raiser sees each step."""
        return f"escalation:{self.id}:progress"
