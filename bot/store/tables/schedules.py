"""When something recurs: a rule, a local time and a zone, with the next moment in UTC."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import PerhapsOfProject, within


class Schedule(PerhapsOfProject, table=True):
    """The cadence of one project's check-ins or of one digest; `next_due_at` is null while it is paused.

    `timezone` null means the zone of the project's manager.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("project_id"),
        UniqueConstraint("digest_id"),
        CheckConstraint("(project_id is null) <> (digest_id is null)", name="of_one_thing"),
        Index("ix_schedules_next_due_at", "next_due_at"),
        within("projects", "project_id"),
        within("digests", "digest_id"),
    )

    project_id: int | None = None
    digest_id: int | None = None
    rrule: str = Field(max_length=255)
    local_time: time
    anchor: date
    timezone: str | None = Field(default=None, max_length=64)
    next_due_at: datetime | None = None
    last_due_at: datetime | None = None
