"""People: who somebody is, and what they may do."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Row, Select, Table, Text, bindparam, case, cast, false, func, or_
from sqlmodel import Session, col, select, update

from bot.errors import Refused
from bot.rules import access, charter
from bot.rules.access import Act, Scope
from bot.rules.actors import Actor, Share
from bot.rules.terms import Role
from bot.store import audit, schedules, workspaces
from bot.store.prepared import WORKSPACE, Glance, Prepared
from bot.store.tables import Lane, Person, Project, ProjectRole, RoleGrant, Workspace
from bot.store.workspaces import served

FRESH = timedelta(days=1)
FLAGS = ("is_admin", "is_first_admin", "is_guest", "is_bot", "is_stranger")
SLACKS = ("is_admin", "is_guest", "is_bot", "is_stranger", "deactivated_at")
"""What Slack alone says of somebody, and what they may do follows from."""
ASKING = "users.info"
"""The lane in which Slack is asked who somebody is."""
ACTIVE = col(Person.deactivated_at).is_(None) & ~(col(Person.is_guest) | col(Person.is_bot) | col(Person.is_stranger))
"""Who can hold a role: a full member of this workspace, who has not left."""


def actor(session: Session | Glance, slack_id: str, *, now: datetime) -> Actor | None:
    """Who acted, with all that they may do, in one query; None for somebody not yet known or gone."""
    session.flush()
    rows = _ACTING(session, whose=slack_id, now=now).all()
    if not rows:
        return None
    person = rows[0]
    is_outside = person.is_guest or person.is_bot or person.is_stranger
    who = Actor(
        workspace=person.workspace_id,
        person=person.id,
        slack_id=person.slack_id,
        name=person.name,
        zone=person.timezone,
        charter=charter.kept(person.agreed),
        **({"roles": frozenset()} if is_outside else _held(rows)),
    )
    if person.confidential is None or who.may(Act.SEE_CONFIDENTIAL):
        return who
    hidden = (number for number in _numbers(person.confidential) if not who.may(Act.SEE_CONFIDENTIAL, number))
    return replace(who, hidden=frozenset(hidden))


def _acting(people: Table) -> Select[*tuple[Any, ...]]:
    """Somebody known and not gone, once for each pair of a role granted and one in a project."""
    grants, roles = RoleGrant.__table__, ProjectRole.__table__  # type: ignore[attr-defined]
    who = [people.c[name] for name in ("id", "workspace_id", "slack_id", "name", "timezone", *FLAGS)]
    is_here = people.c.refreshed_at.is_not(None) & people.c.deactivated_at.is_(None)
    at = bindparam("now", type_=grants.c.until.type)
    runs = (grants.c.person_id == people.c.id) & (grants.c.until.is_(None) | (grants.c.until > at))
    could_be = people.c.is_admin | people.c.is_first_admin
    return (
        sqlalchemy.select(
            *who,
            case((could_be, ~_somebody_is_named()), else_=false()).label("is_admin_for_now"),
            grants.c.role.label("granted"),
            grants.c.portfolio_id,
            _projects_of(grants.c.portfolio_id).label("steered"),
            roles.c.project_id,
            roles.c.role,
            _confidential().label("confidential"),
            workspaces.AGREED,
        )
        .join(Workspace, col(Workspace.id) == people.c.workspace_id)
        .outerjoin(grants, runs)
        .outerjoin(roles, roles.c.person_id == people.c.id)
        .where(people.c.slack_id == bindparam("whose"), is_here)
    )


def _somebody_is_named() -> ColumnElement[bool]:
    """Whether an admin was named who is still here: then Slack's own admins are none of ours."""
    grants = RoleGrant.__table__.alias("named")  # type: ignore[attr-defined]
    people = Person.__table__.alias("admins")  # type: ignore[attr-defined]
    gone = people.c.deactivated_at.is_not(None) | people.c.is_guest | people.c.is_bot | people.c.is_stranger
    named = sqlalchemy.select(grants.c.id).join(people, people.c.id == grants.c.person_id)
    ours: Any = bindparam(WORKSPACE)
    return named.where(grants.c.workspace_id == ours, grants.c.role == Role.ADMIN, ~gone).exists()


def _confidential() -> ColumnElement[Any]:
    """The numbers of the workspace's confidential projects, in one text; null when there is none."""
    projects: Table = Project.__table__.alias("veiled")  # type: ignore[attr-defined]
    ours: Any = bindparam(WORKSPACE)
    return _numbered(projects, (projects.c.workspace_id == ours) & projects.c.confidential)


def _projects_of(portfolio: ColumnElement[Any]) -> ColumnElement[Any]:
    """The numbers of a portfolio's projects, in one text; null when there is none."""
    projects: Table = Project.__table__.alias("placed")  # type: ignore[attr-defined]
    ours: Any = bindparam(WORKSPACE)
    return _numbered(projects, (projects.c.workspace_id == ours) & (projects.c.portfolio_id == portfolio))


def _numbered(projects: Any, wanted: ColumnElement[bool]) -> ColumnElement[Any]:
    listed = func.aggregate_strings(cast(projects.c.id, Text), ",")
    return sqlalchemy.select(listed).where(wanted).scalar_subquery()


_ACTING = Prepared(Person, _acting)


def _held(rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """What the rows of one person say that they hold: in the workspace, in portfolios, in projects."""
    roles = {row.granted for row in rows if row.granted is not None and row.portfolio_id is None}
    roles |= {Role.COLLEAGUE, Role.ADMIN} if rows[0].is_admin_for_now else {Role.COLLEAGUE}
    projects: dict[int, frozenset[Role]] = defaultdict(frozenset)
    portfolios: dict[int, Share] = {}
    for row in rows:
        if row.project_id is not None:
            projects[row.project_id] |= {row.role}
        if row.portfolio_id is not None:
            share = portfolios.get(row.portfolio_id) or Share(frozenset(), frozenset(_numbers(row.steered)))
            portfolios[row.portfolio_id] = replace(share, roles=share.roles | {row.granted})
    return {"roles": frozenset(roles), "projects": dict(projects), "portfolios": portfolios}


def _numbers(listed: str | None) -> Iterator[int]:
    return map(int, listed.split(",")) if listed else iter(())


def keep(session: Session, user: Mapping[str, Any], *, now: datetime) -> Person:
    """Add or bring up to date a person as Slack's `user` object describes them (users.info, user_change)."""
    person = find_or_add(session, user["id"])
    profile = user.get("profile") or {}
    moved = user.get("tz") not in {None, person.timezone}
    standing = {name: getattr(person, name) for name in SLACKS}
    person.name = (profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"])[:255]
    person.timezone = user.get("tz") or person.timezone
    person.is_admin = bool(user.get("is_admin") or user.get("is_owner"))
    person.is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    person.is_bot = bool(user.get("is_bot")) or user["id"] == "USLACKBOT"
    person.is_stranger = _is_stranger(user, workspaces.get(session))
    person.deactivated_at = (person.deactivated_at or now) if user.get("deleted") else None
    person.refreshed_at = now
    session.flush()
    _note(session, person, standing, now)
    if moved:
        schedules.replan_of_manager(session, person.id, now)
    return person


def _note(session: Session, person: Person, standing: Mapping[str, Any], now: datetime) -> None:
    """What Slack says somebody is decides what they may do: a change of that is noted as a change of role is."""
    changes = {name: (was, getattr(person, name)) for name, was in standing.items() if was != getattr(person, name)}
    if changes:
        audit.record(session, person, what="changed in Slack", by=None, now=now, changes=changes)


def _is_stranger(user: Mapping[str, Any], ours: Workspace) -> bool:
    """Whether somebody is of another organisation: Slack says so, or names a team of nobody of ours."""
    if user.get("is_stranger"):
        return True
    org = (user.get("enterprise_user") or {}).get("enterprise_id")
    is_of_our_org = ours.enterprise_id is not None and org in {None, ours.enterprise_id}
    return user.get("team_id") not in {None, ours.team_id} and not is_of_our_org


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


def list_by_slack_id(session: Session, slack_ids: Collection[str]) -> Sequence[Person]:
    """The active people with these ids in Slack, by name."""
    query = select(Person).where(col(Person.slack_id).in_(slack_ids), ACTIVE)
    return session.exec(query.order_by(Person.name)).all()


def responsible(session: Session, slack_id: str, *, field: str) -> Person:
    """The person with this Slack id who is to answer for something; Refused, at the field, for whoever cannot act."""
    person = find_or_add(session, slack_id)
    for is_so, why in (
        (person.is_bot, "This is an app. Choose a person."),
        (person.deactivated_at is not None, "This account is not active any more. Choose somebody else."),
        (person.is_guest, "Guests cannot act here. Choose a full member of this workspace."),
        (person.is_stranger, "People of other organisations cannot act here. Choose a full member of this workspace."),
    ):
        if is_so:
            raise Refused(why, field)
    return person


def get(session: Session, person_id: int) -> Person:
    """The person with this number; the number comes from our own rows."""
    return session.exec(select(Person).where(Person.id == person_id)).one()


def list_with(session: Session, role: Role, *, now: datetime, portfolio: int | None = None) -> Sequence[Person]:
    """The active people with a role in the workspace, or in a portfolio too when one is meant, by name.

    While no admin was named, those are who installed the bot, PMO_ADMINS, and Slack's own admins.
    """
    people = [*_list_granted(session, {role}, None, now)]
    if portfolio is not None:
        people += _list_granted(session, {role}, portfolio, now)
    if role is Role.ADMIN and not people:
        first = select(Person).where(ACTIVE, col(Person.is_admin) | col(Person.is_first_admin))
        people += session.exec(first.order_by(Person.name)).all()
    return _each_once(people)


def list_office(session: Session, *, now: datetime, portfolio: int | None = None) -> Sequence[Person]:
    """Who leads the PMO, by name; its admins while nobody was named to lead it."""
    return list_with(session, Role.PMO, now=now, portfolio=portfolio) or list_with(session, Role.ADMIN, now=now)


def list_who_may(session: Session, act: Act, *, now: datetime, project: int | None = None) -> Sequence[Person]:
    """Everybody who may do an act by a role of theirs, from the project outwards to the office.

    That all colleagues may says nothing about whom to ask: then it is the office.
    """
    wide = access.holding(act, Scope.WORKSPACE)
    if Role.COLLEAGUE in wide:
        return list_office(session, now=now)
    found = _list_near(session, act, project, now) if project is not None else []
    found += _list_granted(session, wide - {Role.ADMIN}, None, now)
    return _each_once([*found, *(list_with(session, Role.ADMIN, now=now) if Role.ADMIN in wide else ())])


def _list_near(session: Session, act: Act, project: int, now: datetime) -> list[Person]:
    """Who may do an act by a role in a project, or in its portfolio."""
    held = col(ProjectRole.role).in_(access.holding(act, Scope.PROJECT))
    part = select(Person).join(ProjectRole, col(ProjectRole.person_id) == Person.id)
    found = [*session.exec(part.where(ProjectRole.project_id == project, held, ACTIVE).order_by(Person.name))]
    portfolio = session.exec(select(Project.portfolio_id).where(Project.id == project)).one_or_none()
    if portfolio is not None:
        found += _list_granted(session, access.holding(act, Scope.PORTFOLIO), portfolio, now)
    return found


def _list_granted(session: Session, roles: Collection[Role], portfolio: int | None, now: datetime) -> Sequence[Person]:
    runs = col(RoleGrant.until).is_(None) | (col(RoleGrant.until) > now)
    query = (
        select(Person)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(col(RoleGrant.role).in_(roles), RoleGrant.portfolio_id == portfolio, runs, ACTIVE)
        .order_by(Person.name)
    )
    return session.exec(query).all()


def _each_once(people: Sequence[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())


def claim_to_refresh(session: Session, now: datetime, *, limit: int, pace: timedelta) -> Sequence[Person]:
    """Take people Slack has not been asked about for a day, those never asked about first.

    Each of their workspaces is then left alone for `pace`: Slack answers so many questions a minute and no more.
    """
    stale = or_(col(Person.refreshed_at).is_(None), col(Person.refreshed_at) < now - FRESH)
    resting = select(Lane.id).where(
        Lane.workspace_id == Person.workspace_id, Lane.address == ASKING, col(Lane.free_at) > now
    )
    query = select(Person).where(stale, ~resting.exists(), col(Person.deactivated_at).is_(None), served(Person))
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


def forget_conversations(session: Session) -> None:
    """The bot has another account than before: its direct messages with everybody begin anew."""
    session.exec(update(Person).where(col(Person.dm_channel).is_not(None)).values(dm_channel=None))


def lost(session: Session, person: Person, *, now: datetime) -> None:
    """Slack knows nobody of that id, or shows them to nobody: they are asked for nothing more."""
    changes = {"deactivated_at": (person.deactivated_at, now)}
    values = {"deactivated_at": now, "refreshed_at": now}
    session.exec(update(Person).where(col(Person.id) == person.id).values(**values))
    audit.record(session, person, what="changed in Slack", by=None, now=now, changes=changes)
