"""Workspaces: the clients of the PMO."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, String, Text, cast, func, literal_column
from sqlmodel import Session, col, select

from bot.rules import cadence, words
from bot.rules import charter as charters
from bot.rules.cadence import Cadence
from bot.rules.charter import Charter
from bot.rules.terms import Service, WorkspaceState
from bot.store import audit
from bot.store.tables import Workspace
from bot.store.tables.columns import Walled

KEPT = ("state", "services_off", "tolerances", "country", "closed_days")
BETWEEN: ColumnElement[Any] = literal_column(f"'{charters.BETWEEN}'")
PARTS: list[ColumnElement[Any]] = [
    func.coalesce(cast(col(getattr(Workspace, name)), Text), literal_column("''")) for name in KEPT
]
AGREED: ColumnElement[str] = reduce(lambda said, part: said.concat(BETWEEN).concat(part), PARTS).label("agreed")
"""What a charter is made from, as `rules.charter.kept` takes it: one text, which costs a click next to nothing."""


def served(row: type[Walled], service: Service | None = None) -> ColumnElement[bool]:
    """Of these rows, those of workspaces where the bot is installed and, where one is meant, the service is on.

    No other gets anything done by the clock.
    """
    here = select(Workspace.id).where(col(Workspace.removed_at).is_(None))
    if service is not None:
        here = here.where(~cast(col(Workspace.services_off), String).contains(f'"{service.value}"'))
    return col(row.workspace_id).in_(here)


def charter(session: Session, workspace: int | None = None) -> Charter:
    """What a workspace has agreed on, that of the session where none is named; whoever acts brought it along."""
    actor, workspace = session.info.get("actor"), workspace or session.info["workspace"]
    known: dict[int, Charter] = session.info.setdefault("charters", {})
    if workspace not in known and actor is not None and actor.workspace == workspace:
        known[workspace] = actor.charter
    elif workspace not in known:
        agreed = session.execute(sqlalchemy.select(AGREED).where(col(Workspace.id) == workspace)).scalar_one()
        known[workspace] = charters.kept(agreed)
    return known[workspace]


def default_cadence(session: Session, now: datetime) -> Cadence:
    """How often check-ins are due where nobody says otherwise, from today on."""
    workspace = get(session)
    today = now.astimezone(cadence.zone_or(workspace.timezone, "UTC")).date()
    return cadence.chosen(workspace.cadence, words.clock_time(workspace.cadence_time), today)


def agreed(session: Session, workspace: Workspace) -> None:
    """The charter was changed: whatever else is done in this session goes by the new one."""
    told = session.execute(sqlalchemy.select(AGREED).where(col(Workspace.id) == workspace.id)).scalar_one()
    session.info.setdefault("charters", {})[workspace.id] = charters.kept(told)


def keep(
    session: Session,
    *,
    team_id: str | None,
    enterprise_id: str | None,
    name: str,
    bot_user_id: str,
    bot_id: str,
    now: datetime,
) -> Workspace:
    """Add the workspace the bot was installed in, or bring its name and bot up to date; a removed one comes back."""
    workspace = find(session, team_id, enterprise_id)
    if workspace is None:
        workspace = Workspace(team_id=team_id, name=name, bot_user_id=bot_user_id, bot_id=bot_id, created_at=now)
        session.add(workspace)
    workspace.enterprise_id = enterprise_id
    workspace.name, workspace.bot_user_id, workspace.bot_id = name, bot_user_id, bot_id
    if workspace.removed_at is not None:
        workspace.state = workspace.state_before or workspace.state
        workspace.removed_at = workspace.state_before = None
    session.flush()
    return workspace


def find(session: Session, team_id: str | None, enterprise_id: str | None = None) -> Workspace | None:
    """The workspace of a Slack team or, without one, of a whole org, whether the bot is there still; or None."""
    if team_id is None:
        return session.exec(select(Workspace).where(*_whole(enterprise_id))).one_or_none()
    return session.exec(select(Workspace).where(Workspace.team_id == team_id)).one_or_none()


def get_by_id(session: Session, number: int) -> Workspace:
    """The workspace with this number; the number comes from our own rows."""
    return session.exec(select(Workspace).where(Workspace.id == number)).one()


def serving(session: Session, team_id: str | None, enterprise_id: str | None) -> Workspace | None:
    """Where somebody of this team and org belongs: the team's own installation, else that of its org, or None."""
    for team, org in ((team_id, enterprise_id), (None, enterprise_id)):
        workspace = find(session, team, org) if team or org else None
        if workspace is not None and workspace.removed_at is None:
            return workspace
    return None


def removed(session: Session, workspace: Workspace, *, now: datetime) -> None:
    """The bot is not installed there any more: whatever the clock brings passes it by from now on."""
    workspace.state_before, workspace.state = workspace.state, WorkspaceState.EXITING
    workspace.removed_at = now
    session.flush()


def keep_for(session: Session, days: int, *, by: int, now: datetime) -> int:
    """Set for how many days records are kept after the bot was removed; how many it was before."""
    workspace = get(session)
    before = workspace.retention_days
    if changes := audit.change(workspace, retention_days=days):
        session.flush()
        audit.record(session, workspace, what="edited", by=by, now=now, changes=changes)
    return before


def list_all(session: Session) -> Sequence[Workspace]:
    """Every workspace that was not deleted, by name; for a session across workspaces."""
    return session.exec(
        select(Workspace).where(col(Workspace.purged_at).is_(None)).order_by(Workspace.name, col(Workspace.id))
    ).all()


def get(session: Session) -> Workspace:
    """The workspace this session is walled into."""
    return session.exec(select(Workspace).where(Workspace.id == session.info["workspace"])).one()


def _whole(enterprise_id: str | None) -> tuple[Any, ...]:
    return col(Workspace.team_id).is_(None), Workspace.enterprise_id == enterprise_id
