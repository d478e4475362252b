"""Portfolios: projects that are steered together."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.rules.terms import PortfolioState
from bot.store.tables.columns import Walled, worded


class Portfolio(Walled, table=True):
    """A named set of projects."""

    __tablename__ = "portfolios"
    __table_args__ = (UniqueConstraint("workspace_id", "name"), UniqueConstraint("workspace_id", "id"))

    name: str = Field(max_length=120)
    state: PortfolioState = Field(default=PortfolioState.ACTIVE, sa_type=worded(PortfolioState))
    created_at: datetime
