"""Installations: how the bot was let into each workspace, and what it speaks with there. Tokens come sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from bot.store import audit, people, posts, roles, workspaces
from bot.store.tables import Installation, InstallState, Person, Workspace
from bot.store.wall import inside


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack gave: scopes, and sealed tokens with their end; without any, that of the settings is spoken with."""

    scopes: Sequence[str]
    token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    app_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bot was let in: a team, or without one a whole org; and who it is there."""

    team_id: str | None
    enterprise_id: str | None
    name: str
    bot_user_id: str
    bot_id: str


def let_in(session: Session, place: Place, grant: Grant, *, now: datetime, by: str | None = None) -> Workspace:
    """Keep that the bot was let into a workspace, by whom in Slack; what was known of it before stays.

    Who lets it in where it never was is an admin of it until one is named. For a session across workspaces.
    """
    before = workspaces.find(session, place.team_id, place.enterprise_id)
    came_back = before is not None and before.removed_at is not None
    stayed_itself = before is None or before.bot_user_id == place.bot_user_id
    workspace = workspaces.keep(session, **asdict(place), now=now)
    with inside(session, workspace.id):
        if came_back or (before is not None and by is not None):
            posts.take_up(session, now=now)
        if not stayed_itself:
            people.forget_conversations(session)
        installer = people.find_or_add(session, by) if by else None
        if installer is not None and before is None:
            roles.make_first_admin(session, installer, now=now)
        _keep(session, grant, installer, came_back=came_back, now=now)
    return workspace


def _keep(session: Session, grant: Grant, installer: Person | None, *, came_back: bool, now: datetime) -> None:
    found = find(session)
    row = found or Installation(installed_at=now)
    changes = audit.change(row, app_id=grant.app_id or row.app_id, scopes=sorted(grant.scopes))
    if installer is not None:
        row.installed_by, row.lost_teams = installer.id, []
    if installer is not None or came_back:
        row.installed_at = now
    if grant.token is not None:
        row.token, row.refresh_token, row.expires_at = grant.token, grant.refresh_token, grant.expires_at
        row.version, row.renewing_until = row.version + 1, None
    session.add(row)
    session.flush()
    if found is None or came_back or changes or installer is not None:
        by = installer.id if installer is not None else None
        what = "installed" if found is None else "reinstalled"
        audit.record(session, row, what=what, by=by, now=now, changes=changes)


def find(session: Session) -> Installation | None:
    """How the bot was let into the workspace of this session, or None."""
    return session.exec(select(Installation)).one_or_none()


def find_live(session: Session) -> Installation | None:
    """How the bot was let into the workspace of this session, while it is there; else None."""
    query = select(Installation).join(Workspace, col(Workspace.id) == Installation.workspace_id)
    return session.exec(query.where(col(Workspace.removed_at).is_(None))).one_or_none()


def installer(session: Session, row: Installation) -> str | None:
    """Who let the bot in, by their Slack id."""
    query = select(Person.slack_id).where(Person.workspace_id == row.workspace_id, Person.id == row.installed_by)
    return session.exec(query).one_or_none()


def list_live(session: Session) -> list[tuple[Workspace, Installation]]:
    """Every workspace where the bot is installed, with how; by name, for a session across workspaces."""
    query = select(Workspace, Installation).join(Installation, col(Installation.workspace_id) == Workspace.id)
    live = query.where(col(Workspace.removed_at).is_(None)).order_by(Workspace.name, col(Workspace.id))
    return [(workspace, row) for workspace, row in session.exec(live)]


def list_all(session: Session) -> Sequence[Installation]:
    """Every installation there is or was, for a session across workspaces."""
    return session.exec(select(Installation).order_by(col(Installation.id))).all()


def remove(session: Session, workspace: Workspace, *, now: datetime, why: str, version: int | None = None) -> bool:
    """The bot is not installed any more: its tokens are gone at once; whether that was news.

    With a `version`, only while these are still the tokens: what is heard late of older ones says nothing.
    """
    with inside(session, workspace.id):
        row = find(session)
        if workspace.removed_at is not None or (row and version not in {None, row.version}):
            return False
        if row is not None:
            row.token = row.refresh_token = row.expires_at = row.renewing_until = None
            row.version += 1
            session.flush()
            audit.record(session, row, what="uninstalled", by=None, now=now, why=why)
    workspaces.removed(session, workspace, now=now)
    return True


def lose_teams(session: Session, row: Installation, teams: Iterable[str], *, now: datetime) -> frozenset[str]:
    """The org took some of its workspaces from the bot; those that were not taken before."""
    lost = frozenset(teams) - {*row.lost_teams}
    _set_lost(session, row, {*row.lost_teams, *lost}, what="teams lost", now=now)
    return lost


def gain_teams(session: Session, row: Installation, teams: Iterable[str], *, now: datetime) -> None:
    """The org gave the bot some of its workspaces (again)."""
    _set_lost(session, row, {*row.lost_teams} - {*teams}, what="teams gained", now=now)


def _set_lost(session: Session, row: Installation, lost: set[str], *, what: str, now: datetime) -> None:
    changes = audit.change(row, lost_teams=sorted(lost))
    if changes:
        session.flush()
        audit.record(session, row, what=what, by=None, now=now, changes=changes)


# --- renewing ------------------------------------------------------------------------------------------------------


def claim_renewal(session: Session, row: Installation, *, now: datetime, lease: timedelta) -> bool:
    """Be the one who asks Slack for other tokens; False while somebody else is, or when it was done already."""
    claim = (
        update(Installation)
        .where(col(Installation.version) == row.version)
        .where(col(Installation.renewing_until).is_(None) | (col(Installation.renewing_until) <= now))
        .values(renewing_until=now + lease)
    )
    return bool(session.exec(claim).rowcount)


def renewed(
    session: Session, row: Installation, *, token: str, refresh_token: str | None, expires_at: datetime | None
) -> bool:
    """Keep the tokens that Slack gave for these; False when meanwhile others came, or the bot was thrown out."""
    given = {"token": token, "refresh_token": refresh_token, "expires_at": expires_at}
    query = update(Installation).where(col(Installation.version) == row.version)
    return bool(session.exec(query.values(version=row.version + 1, renewing_until=None, **given)).rowcount)


def reseal(session: Session, row: Installation, *, token: str, refresh_token: str | None) -> bool:
    """The same tokens under another key; False when they were not these any more."""
    query = update(Installation).where(col(Installation.id) == row.id, col(Installation.token) == row.token)
    return bool(session.exec(query.values(token=token, refresh_token=refresh_token)).rowcount)


# --- states --------------------------------------------------------------------------------------------------------


def issue_state(session: Session, digest: str, *, now: datetime, lasting: timedelta) -> None:
    """Remember that somebody began to install; what nobody came back for is dropped."""
    session.exec(delete(InstallState).where(col(InstallState.expires_at) <= now))
    session.add(InstallState(digest=digest, expires_at=now + lasting))
    session.flush()


def consume_state(session: Session, digest: str, *, now: datetime) -> bool:
    """Whether somebody began to install with this and has not come back before, nor too late."""
    query = delete(InstallState).where(col(InstallState.digest) == digest, col(InstallState.expires_at) > now)
    return bool(session.exec(query).rowcount)
