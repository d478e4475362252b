"""Risks: cause, event, effect, how likely, how bad, whose, until when."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import RiskOutcome, RiskState, Severity
from bot.store.tables.columns import OfProject, Ranked, within, worded
from bot.store.tables.projects import ProjectName


class Risk(OfProject, table=True):
    """A threat to a project; probability and impact are 1 to 5, score is their product, severity its band."""

    __tablename__ = "risks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "ref"),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_risks_project_id_state_severity", "project_id", "state", "severity"),
        Index("ix_risks_owner_id_state", "owner_id", "state"),
        within("projects", "project_id"),
        within("people", "owner_id"),
        within("people", "raised_by"),
        within("people", "closed_by"),
    )

    project_id: int
    ref: str = Field(max_length=24)
    event: str = Field(max_length=300)
    cause: str | None = Field(default=None, max_length=3000)
    effect: str | None = Field(default=None, max_length=3000)
    probability: int
    impact: int
    score: int
    severity: Severity = Field(sa_type=Ranked(Severity))
    state: RiskState = Field(default=RiskState.ASSESSED, sa_type=worded(RiskState))
    owner_id: int | None = None
    due: date | None = None
    evidence: str | None = Field(default=None, max_length=1000)
    raised_by: int
    raised_at: datetime
    closed_by: int | None = None
    closed_at: datetime | None = None
    outcome: RiskOutcome | None = Field(default=None, sa_type=worded(RiskOutcome))
    closing_note: str | None = Field(default=None, max_length=3000)

    @property
    def card_key(self) -> str:
        """The key of the one card that shows this risk."""
        return f"risk:{self.id}:card"


@dataclass(frozen=True, slots=True)
class RiskEntry:
    """A risk as the register shows it: with its project, and its people by their Slack ids.

    `zone` is the one of whoever raised it: moments are named in it where Slack cannot name them in the reader's own.
    """

    risk: Risk
    project: ProjectName
    raised_by: str
    zone: str
    owner: str | None = None
    closed_by: str | None = None
