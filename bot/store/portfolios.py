"""Portfolios: finding and naming them, and the paged list of their projects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlmodel import Session, col, select

from bot.errors import NotHere
from bot.rules import fields, portfolios
from bot.rules.portfolios import PAGE, Line, Page, Wanted
from bot.rules.terms import Health
from bot.store import audit
from bot.store.projects import LIVE, OVER
from bot.store.tables import Portfolio, Project


def find(session: Session, portfolio_id: int) -> Portfolio | None:
    """The portfolio with this number, or None."""
    return session.exec(select(Portfolio).where(Portfolio.id == portfolio_id)).one_or_none()


def find_or_add(session: Session, name: str, *, by: int | None, now: datetime) -> Portfolio:
    """The portfolio of this name, in whatever case it is written; a new one when there is none."""
    query = select(Portfolio).where(func.lower(Portfolio.name) == name.lower())
    portfolio = session.exec(query.order_by(col(Portfolio.id))).first()
    if portfolio is None:
        portfolio = Portfolio(name=name, created_at=now)
        session.add(portfolio)
        session.flush()
        audit.record(session, portfolio, what="added", by=by, now=now)
    return portfolio


def chosen(session: Session, picked: str | None, *, by: int, now: datetime) -> Portfolio | None:
    """The portfolio that a form names by its number, or by a new name; Refused when it is not there any more."""
    if picked is None:
        return None
    name = portfolios.new_name(picked)
    if name is not None:
        return find_or_add(session, name, by=by, now=now)
    portfolio = find(session, fields.number(picked, "portfolio"))
    if portfolio is None:
        raise NotHere("That portfolio is not here any more: choose another.", "portfolio")
    return portfolio


def names(session: Session) -> Mapping[str, int]:
    """Every portfolio's number by its name."""
    return dict(session.exec(select(Portfolio.name, Portfolio.id)).all())


def search(session: Session, typed: str, *, limit: int = 50) -> Sequence[tuple[int, str]]:
    """Number and name of the portfolios whose name holds what was typed, by name."""
    query = select(Portfolio.id, Portfolio.name).where(
        func.lower(Portfolio.name).contains(typed.lower(), autoescape=True)
    )
    return session.exec(query.order_by(Portfolio.name).limit(limit)).all()


def page(session: Session, wanted: Wanted) -> Page:
    """A page of the projects that are not over, worst health first, then by key; the last one when it is too far."""
    counts = _counts(session, wanted)
    total = sum(count for health, count in counts.items() if not wanted.healths or health in wanted.healths)
    wanted = replace(wanted, page=min(wanted.page, max(total - 1, 0) // PAGE))
    query = (
        select(*_COLUMNS)  # type: ignore[call-overload]
        .where(*_meant(wanted))
        .order_by(_HEALTH.desc(), col(Project.key))
        .offset(wanted.page * PAGE)
        .limit(PAGE)
    )
    if wanted.healths:
        query = query.where(_HEALTH.in_(wanted.healths))
    named = find(session, wanted.portfolio) if wanted.portfolio else None
    lines = [Line(*row) for row in session.exec(query)]
    return Page(wanted, named.name if named else None, lines, counts, total)


def _counts(session: Session, wanted: Wanted) -> dict[Health, int]:
    query = select(_HEALTH, func.count()).where(*_meant(wanted)).group_by(_HEALTH)
    return {Health(health): count for health, count in session.exec(query)}


def _meant(wanted: Wanted) -> list[ColumnElement[bool]]:
    running = ~col(Project.state).in_(OVER)
    return [running] if wanted.portfolio is None else [running, col(Project.portfolio_id) == wanted.portfolio]


# What a project counts as: without a rating unless it is live.
_HEALTH: Any = case((col(Project.state).in_(LIVE), col(Project.reported_health)), else_=Health.NOT_SET)

# In the order of the fields of a Line.
_COLUMNS = (
    Project.id,
    Project.key,
    Project.name,
    Project.state,
    Project.reported_health,
    Project.previous_health,
    Project.computed_health,
    Project.health_runs,
    Project.finish_baseline,
    Project.finish_forecast,
    Project.currency,
    Project.budget_baseline,
    Project.budget_forecast,
    Project.reported_at,
)
