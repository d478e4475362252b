"""Check-ins: one request for a status report a project and period."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import CheckinState
from bot.store.tables.columns import OfProject, within, worded


class Checkin(OfProject, table=True):
    """One project was asked for one period; the unique key makes asking twice impossible.

    `person_id` is who was asked, null when there was nobody to ask. A report that comes after the next check-in was
    opened leaves it missed, and is named here all the same.
    """

    __tablename__ = "checkins"
    __table_args__ = (
        UniqueConstraint("project_id", "period_end"),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_checkins_person_id_state", "person_id", "state"),
        within("projects", "project_id"),
        within("people", "person_id"),
    )

    project_id: int
    person_id: int | None = None
    period_start: date
    period_end: date
    due_at: datetime
    state: CheckinState = Field(default=CheckinState.REQUESTED, sa_type=worded(CheckinState))
    report_id: int | None = None
    answered_at: datetime | None = None

    @property
    def prompt_key(self) -> str:
        """The key of the post that asks, and later is the receipt."""
        return f"checkin:{self.id}:prompt"

    def receipt_key(self, slack_id: str) -> str:
        """The key of the receipt for somebody who answered and was not the one asked."""
        return f"checkin:{self.id}:receipt:{slack_id}"
