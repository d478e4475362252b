"""Installations: Slack tells that the bot was thrown out, or that an org takes it from some of its workspaces."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bot import store, views
from bot.handlers.calls import Nudge
from bot.handlers.routing import event
from bot.rules.terms import Role
from bot.store import Database, Session, inside
from bot.store.tables import Installation, Workspace

Told = Mapping[str, Any]


def uninstalled(body: Told, db: Database, now: datetime) -> None:
    """The app was taken out: its tokens are gone, and nothing more is done there."""
    _remove(body, db, now, why="app_uninstalled")


def revoked(event: Told, body: Told, db: Database, now: datetime) -> None:
    """Tokens were revoked: when the bot's own is among them, it can do nothing there any more."""
    if (event.get("tokens") or {}).get("bot"):
        _remove(body, db, now, why="tokens_revoked")


def teams_revoked(event: Told, body: Told, db: Database, now: datetime, nudge: Nudge) -> None:
    """An org took the bot out of some of its workspaces: nobody there is answered, and its admins are told."""
    with db.across_workspaces() as session, _org(session, body) as row:
        if row is not None:
            lost = store.installations.lose_teams(session, row, event.get("team_ids") or (), now=now)
            _tell(session, lost, now)
    nudge()


def teams_granted(event: Told, body: Told, db: Database, now: datetime, nudge: Nudge) -> None:
    """An org gave the bot some of its workspaces (again): only there can it write to whoever let it in."""
    with db.across_workspaces() as session, _org(session, body) as row:
        if row is not None:
            store.installations.gain_teams(session, row, event.get("team_ids") or (), now=now)
            store.posts.try_again(session, store.installations.installer(session, row) or "", now=now)
    nudge()


@contextmanager
def _org(session: Session, body: Told) -> Iterator[Installation | None]:
    """How the org that Slack speaks of let the bot in, behind its own wall; None where it is not there."""
    org = store.workspaces.find(session, None, _whose(body)[1])
    if org is None:
        yield None
        return
    with inside(session, org.id):
        yield store.installations.find_live(session)


def _remove(body: Told, db: Database, now: datetime, *, why: str) -> None:
    """Take the workspace, or org, that this was told of out of all work, unless the bot was let in since then.

    Slack repeats what it tells, and tells it in any order: what it tells of a former installation says nothing.
    """
    team, org = _whose(body)
    with db.across_workspaces() as session:
        workspace = store.workspaces.find(session, team, org) if team or org else None
        if workspace is not None and not _is_old(session, workspace, body):
            store.installations.remove(session, workspace, now=now, why=why)


def _is_old(session: Session, workspace: Workspace, body: Told) -> bool:
    with inside(session, workspace.id):
        row = store.installations.find(session)
    happened = body.get("event_time")
    return row is not None and happened is not None and happened < int(row.installed_at.timestamp())


def _whose(body: Told) -> tuple[str | None, str | None]:
    """The team and org of the installation that Slack speaks of; there is no team when it is that of a whole org."""
    told = next(iter(body.get("authorizations") or ()), body)
    team, org = told.get("team_id"), told.get("enterprise_id")
    return (None if told.get("is_enterprise_install") else team), org


def _tell(session: Session, lost: Collection[str], now: datetime) -> None:
    """Have the admins told of what was taken just now; what is told again was not."""
    message = views.installations.teams_lost(sorted(lost))
    for person in store.people.list_with(session, Role.ADMIN, now=now) if lost else ():
        key = f"installation:lost:{int(now.timestamp())}:{person.slack_id}"
        store.posts.put(session, key, to=person.slack_id, message=message, now=now)


ROUTES = (
    event("app_uninstalled", None, uninstalled),
    event("tokens_revoked", None, revoked),
    event("team_access_revoked", None, teams_revoked),
    event("team_access_granted", None, teams_granted),
)
