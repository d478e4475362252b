"""Workspaces: the clients of the PMO."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from bot.store.tables import Workspace


def keep(
    session: Session,
    *,
    team_id: str,
    enterprise_id: str | None,
    name: str,
    bot_user_id: str,
    bot_id: str,
    now: datetime,
) -> Workspace:
    """Add the workspace the bot was installed in, or bring its name and bot up to date."""
    workspace = find(session, team_id)
    if workspace is None:
        workspace = Workspace(team_id=team_id, name=name, bot_user_id=bot_user_id, bot_id=bot_id, created_at=now)
        session.add(workspace)
    workspace.enterprise_id = enterprise_id
    workspace.name, workspace.bot_user_id, workspace.bot_id = name, bot_user_id, bot_id
    session.flush()
    return workspace


def find(session: Session, team_id: str) -> Workspace | None:
    """The workspace of a Slack team, or None."""
    return session.exec(select(Workspace).where(Workspace.team_id == team_id)).one_or_none()


def list_all(session: Session) -> Sequence[Workspace]:
    """Every workspace, by name; for a session across workspaces."""
    return session.exec(select(Workspace).order_by(Workspace.name, Workspace.team_id)).all()


def get(session: Session) -> Workspace:
    """The workspace this session is walled into."""
    return session.exec(select(Workspace).where(Workspace.id == session.info["workspace"])).one()
