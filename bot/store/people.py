"""People: who somebody is, and what they may do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import Row, Select, Table, bindparam, or_
from sqlmodel import Session, col, delete, select, update

from bot.errors import Refused
from bot.rules.actors import Actor
from bot.rules.terms import Role
from bot.store import audit, schedules
from bot.store.prepared import Glance, Prepared
from bot.store.tables import Lane, Person, ProjectRole, RoleGrant, Workspace

FRESH = timedelta(days=1)
IS = ("is_admin", "is_guest", "is_bot")
ASKING = "users.info"
"""The lane in which Slack is asked who somebody is."""


def actor(session: Session | Glance, slack_id: str) -> Actor | None:
    """Who acted, with all roles, in one query; None for somebody not yet known or gone."""
    session.flush()
    rows = _ACTING(session, whose=slack_id).all()
    if not rows:
        return None
    projects: dict[int, frozenset[Role]] = defaultdict(frozenset)
    for row in rows:
        if row.project_id is not None:
            projects[row.project_id] |= {row.role}
    return _actor(rows[0], {row.granted for row in rows if row.granted is not None}, projects)


def _acting(people: Table) -> Select[*tuple[Any, ...]]:
    """Somebody known and not gone, once for each pair of a role in the workspace and one in a project."""
    grants, roles = RoleGrant.__table__, ProjectRole.__table__  # type: ignore[attr-defined]
    who = [people.c[name] for name in ("id", "workspace_id", "slack_id", "name", "timezone", *IS)]
    is_here = people.c.refreshed_at.is_not(None) & people.c.deactivated_at.is_(None)
    return (
        sqlalchemy.select(*who, grants.c.role.label("granted"), roles.c.project_id, roles.c.role)
        .outerjoin(grants, grants.c.person_id == people.c.id)
        .outerjoin(roles, roles.c.person_id == people.c.id)
        .where(people.c.slack_id == bindparam("whose"), is_here)
    )


_ACTING = Prepared(Person, _acting)


def _actor(person: Row[Any], granted: set[Role], projects: Mapping[int, frozenset[Role]]) -> Actor:
    roles = granted | ({Role.PMO} if person.is_admin else set())
    if not (person.is_guest or person.is_bot):
        roles |= {Role.COLLEAGUE}
    return Actor(
        workspace=person.workspace_id,
        person=person.id,
        slack_id=person.slack_id,
        name=person.name,
        zone=person.timezone,
        roles=frozenset(roles),
        projects=dict(projects),
    )


def keep(session: Session, user: Mapping[str, Any], *, now: datetime) -> Person:
    """Add or bring up to date a person as Slack's `user` object describes them (users.info, user_change)."""
    person = find_or_add(session, user["id"])
    profile = user.get("profile") or {}
    moved = user.get("tz") not in {None, person.timezone}
    person.name = (profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"])[:255]
    person.timezone = user.get("tz") or person.timezone
    person.is_admin = bool(user.get("is_admin") or user.get("is_owner"))
    person.is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    person.is_bot = bool(user.get("is_bot")) or user["id"] == "USLACKBOT"
    person.deactivated_at = (person.deactivated_at or now) if user.get("deleted") else None
    person.refreshed_at = now
    session.flush()
    if moved:
        schedules.replan_of_manager(session, person.id, now)
    return person


def find_or_add(session: Session, slack_id: str) -> Person:
    """The person with this Slack id; one not yet known gets the workspace's zone until Slack was asked."""
    person = find(session, slack_id)
    if person is None:
        zone = session.exec(select(Workspace.timezone).where(Workspace.id == session.info["workspace"])).one()
        person = Person(slack_id=slack_id, name=slack_id, timezone=zone)
        session.add(person)
        session.flush()
    return person


def find(session: Session, slack_id: str) -> Person | None:
    """The person with this Slack id, or None."""
    return session.exec(select(Person).where(Person.slack_id == slack_id)).one_or_none()


def responsible(session: Session, slack_id: str, *, field: str) -> Person:
    """The person with this Slack id who is to answer for something; Refused, at the field, for whoever cannot act."""
    person = find_or_add(session, slack_id)
    for is_so, why in (
        (person.is_bot, "This is an app. Choose a person."),
        (person.deactivated_at is not None, "This account is not active any more. Choose somebody else."),
        (person.is_guest, "Guests cannot act here. Choose a full member of this workspace."),
    ):
        if is_so:
            raise Refused(why, field)
    return person


def get(session: Session, person_id: int) -> Person:
    """The person with this number; the number comes from our own rows."""
    return session.exec(select(Person).where(Person.id == person_id)).one()


def list_with(session: Session, role: Role) -> Sequence[Person]:
    """The active people with a role in the workspace, by name; Slack's admins count as PMO while nobody was named."""
    named = (
        select(Person)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(RoleGrant.role == role, col(Person.deactivated_at).is_(None))
        .order_by(Person.name)
    )
    people = session.exec(named).all()
    if people or role is not Role.PMO:
        return people
    admins = select(Person).where(col(Person.is_admin), col(Person.deactivated_at).is_(None)).order_by(Person.name)
    return session.exec(admins).all()


def claim_to_refresh(session: Session, now: datetime, *, limit: int, pace: timedelta) -> Sequence[Person]:
    """Take people Slack has not been asked about for a day, those never asked about first.

    Each of their workspaces is then left alone for `pace`: Slack answers so many questions a minute and no more.
    """
    stale = or_(col(Person.refreshed_at).is_(None), col(Person.refreshed_at) < now - FRESH)
    resting = select(Lane.id).where(
        Lane.workspace_id == Person.workspace_id, Lane.address == ASKING, col(Lane.free_at) > now
    )
    query = select(Person).where(stale, ~resting.exists(), col(Person.deactivated_at).is_(None))
    people = session.exec(query.order_by(col(Person.refreshed_at).nulls_first(), col(Person.id)).limit(limit)).all()
    for workspace in {person.workspace_id for person in people}:
        rest(session, workspace, until=now + pace)
    return people


def rest(session: Session, workspace: int, *, until: datetime) -> None:
    """Nobody of this workspace is asked about before then."""
    query = update(Lane).where(col(Lane.workspace_id) == workspace, col(Lane.address) == ASKING)
    if not session.exec(query.values(free_at=until)).rowcount:
        session.add(Lane(workspace_id=workspace, address=ASKING, free_at=until))
        session.flush()


def lost(session: Session, person: Person, *, now: datetime) -> None:
    """Slack knows nobody of that id, or shows them to nobody: they are asked for nothing more."""
    values = {"deactivated_at": now, "refreshed_at": now}
    session.exec(update(Person).where(col(Person.id) == person.id).values(**values))


def grant(session: Session, person: Person, role: Role, *, by: int | None, now: datetime) -> bool:
    """Give somebody a role in the whole workspace; whether that changed anything."""
    held = select(RoleGrant.id).where(RoleGrant.person_id == person.id, RoleGrant.role == role)
    if session.exec(held).first() is not None:
        return False
    session.add(RoleGrant(workspace_id=person.workspace_id, person_id=person.id, role=role, granted_at=now))
    audit.record(session, person, what=f"granted {role}", by=by, now=now)
    return True


def revoke(session: Session, person: Person, role: Role, *, by: int | None, now: datetime) -> bool:
    """Take a role in the workspace back; whether that changed anything."""
    held = delete(RoleGrant).where(col(RoleGrant.person_id) == person.id, col(RoleGrant.role) == role)
    if not session.exec(held).rowcount:
        return False
    audit.record(session, person, what=f"revoked {role}", by=by, now=now)
    return True
