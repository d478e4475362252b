"""Setting up: which steps of the checklist were taken, and by whom."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.rules.setup import Step
from bot.store.tables.columns import Walled, within, worded


class SetupStep(Walled, table=True):
    """A step that was taken, or skipped, the last time it was; none is kept of a step that is still open."""

    __tablename__ = "setup_steps"
    __table_args__ = (UniqueConstraint("workspace_id", "step"), within("people", "person_id"))

    step: Step = Field(sa_type=worded(Step))
    skipped: bool = False
    person_id: int | None = None
    at: datetime
