"""Roles: given for the whole workspace or for one portfolio, for good or for a time, and taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import Refused
from bot.rules.terms import Role
from bot.store import audit
from bot.store.people import ACTIVE
from bot.store.tables import Holding, Person, Portfolio, RoleGrant

LAST_ADMIN = "That is the last PMO admin here: somebody else has to be one first. Write `/pmo role @ann admin`."


def grant(
    session: Session,
    person: Person,
    role: Role,
    *,
    by: int | None,
    now: datetime,
    portfolio: int | None = None,
    until: datetime | None = None,
) -> bool:
    """Give somebody a role in the whole workspace, or in one portfolio; whether that changed anything.

    Given anew it has the end that is said now.
    """
    held = _find(session, person, role, portfolio)
    if held is not None and held.until == until:
        return False
    changes: dict[str, tuple[Any, Any]] = {"portfolio_id": (None, portfolio)} if portfolio else {}
    if until or held:
        changes["until"] = (held.until if held else None, until)
    if held is None:
        held = RoleGrant(workspace_id=person.workspace_id, person_id=person.id, role=role, granted_at=now)
        held.portfolio_id = portfolio
    held.until = until
    session.add(held)
    session.flush()
    audit.record(session, person, what=f"granted {role}", by=by, now=now, changes=changes)
    return True


def revoke(
    session: Session, person: Person, role: Role, *, by: int | None, now: datetime, portfolio: int | None = None
) -> bool:
    """Take a role back; whether that changed anything. Refused for the last admin who can act."""
    held = _find(session, person, role, portfolio)
    if held is None:
        return False
    if role is Role.ADMIN and not _list_other_admins(session, person):
        raise Refused(LAST_ADMIN)
    session.delete(held)
    session.flush()
    changes = {"portfolio_id": (portfolio, None)} if portfolio else {}
    audit.record(session, person, what=f"revoked {role}", by=by, now=now, changes=changes)
    return True


def make_first_admin(session: Session, person: Person, *, now: datetime) -> None:
    """Have somebody be a PMO admin until one is named: who installed the bot, or is in PMO_ADMINS."""
    changes = audit.change(person, is_first_admin=True)
    if changes:
        session.flush()
        audit.record(session, person, what="first admin", by=None, now=now, changes=changes)


def is_admin_named(session: Session) -> bool:
    """Whether there is a named admin who can act; else Slack's own admins, and the first ones, are admins."""
    return bool(_list_other_admins(session, None))


def list_held(session: Session, *, now: datetime, offset: int = 0, limit: int | None = None) -> Sequence[Holding]:
    """Who holds which role, by role and name; what has ended and who has left is left out."""
    query = (
        select(RoleGrant, Person.slack_id, Portfolio.name)
        .join(Person, col(Person.id) == RoleGrant.person_id)
        .outerjoin(Portfolio, col(Portfolio.id) == RoleGrant.portfolio_id)
        .where(*_running(now))
        .order_by(col(RoleGrant.role), Person.name, col(RoleGrant.id))
        .offset(offset)
        .limit(limit)
    )
    return [Holding(*row) for row in session.exec(query)]


def count_held(session: Session, *, now: datetime) -> int:
    """How many `list_held` has in all."""
    query = select(func.count()).select_from(RoleGrant).join(Person, col(Person.id) == RoleGrant.person_id)
    return session.exec(query.where(*_running(now))).one()


def _running(now: datetime) -> list[Any]:
    return [col(RoleGrant.until).is_(None) | (col(RoleGrant.until) > now), ACTIVE]


def _find(session: Session, person: Person, role: Role, portfolio: int | None) -> RoleGrant | None:
    query = select(RoleGrant).where(
        RoleGrant.person_id == person.id, RoleGrant.role == role, RoleGrant.portfolio_id == portfolio
    )
    return session.exec(query).one_or_none()


def _list_other_admins(session: Session, person: Person | None) -> Sequence[int]:
    named = select(RoleGrant.id).join(Person, col(Person.id) == RoleGrant.person_id)
    named = named.where(RoleGrant.role == Role.ADMIN, ACTIVE)
    return session.exec(named if person is None else named.where(Person.id != person.id)).all()
