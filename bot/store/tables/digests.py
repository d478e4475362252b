"""Digests: a summary for readers of a channel, edition by edition."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.store.tables.columns import Json, OfProject, Walled, within


class Digest(Walled, table=True):
    """A standing summary of the workspace or of one portfolio, for one channel."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("workspace_id", "id"), within("portfolios", "portfolio_id"))

    name: str = Field(max_length=120)
    channel: str = Field(max_length=32)
    portfolio_id: int | None = None
    created_at: datetime
    stopped_at: datetime | None = None


class DigestProject(OfProject, table=True):
    """A confidential project that was put into a digest by name; it is told where every reader may see it."""

    __tablename__ = "digest_projects"
    __table_args__ = (
        UniqueConstraint("digest_id", "project_id"),
        within("digests", "digest_id"),
        within("projects", "project_id"),
    )

    digest_id: int
    project_id: int


class Edition(Walled, table=True):
    """One issue of a digest; `healths` keeps each project's rating then, so that the next can say what changed."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("digest_id", "period"), within("digests", "digest_id"))

    digest_id: int
    period: str = Field(max_length=16)
    due_at: datetime
    published_at: datetime
    healths: dict[str, int] = Field(default_factory=dict, sa_type=Json)
