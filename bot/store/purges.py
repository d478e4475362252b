"""Purges: what is left of a client whose time to be kept is over goes, table by table; one closed row stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Table
from sqlmodel import Session, SQLModel, col, select, update

from bot import rules
from bot.rules.terms import WorkspaceState
from bot.store.exports_rows import walled
from bot.store.tables import Workspace

STAYS: Final = frozenset({"id", "created_at", "removed_at", "retention_days", "purged_at", "purged_rows"})
"""What the row that is left still says; all the rest of it is made as if it were new."""

NAMELESS: Final = {"name": "", "bot_user_id": "", "bot_id": "", "team_id": None, "enterprise_id": None}


def list_over(session: Session, now: datetime) -> Sequence[Workspace]:
    """The workspaces whose records are to go now: their time is over, or somebody has begun and was stopped."""
    removed = select(Workspace).where(col(Workspace.removed_at).is_not(None), col(Workspace.purged_at).is_(None))
    found = session.exec(removed.order_by(col(Workspace.removed_at), col(Workspace.id))).all()
    return [workspace for workspace in found if is_begun(workspace) or _ends_at(workspace) <= now]


def is_begun(workspace: Workspace) -> bool:
    """Whether its records are going already: it cannot come back."""
    return workspace.state is WorkspaceState.CLOSED


def begin(session: Session, workspace: Workspace, now: datetime) -> None:
    """Close it for good: who installs the bot there again is a new client, and its audit trail may go."""
    session.add(workspace)
    for name, field in Workspace.model_fields.items():
        if name not in STAYS:
            setattr(workspace, name, NAMELESS.get(name, field.get_default(call_default_factory=True)))
    workspace.team_id = f"gone:{workspace.id}"
    workspace.removed_at = workspace.removed_at or now
    workspace.state = WorkspaceState.CLOSED
    session.flush()


def step(session: Session, workspace: int, *, limit: int) -> int:
    """Delete so many rows of a closed workspace, children before parents; how many went, 0 when none is left.

    For a session across workspaces: it speaks to the tables themselves, which know no wall and no history.
    """
    for table in reversed(_tables()):
        mine = sqlalchemy.select(table.c.id).where(table.c.workspace_id == workspace)
        some = mine.order_by(table.c.id.desc()).limit(limit).scalar_subquery()
        gone: Any = session.execute(sqlalchemy.delete(table).where(table.c.id.in_(some)))
        number = int(gone.rowcount)
        if number:
            counted = update(Workspace).where(col(Workspace.id) == workspace)
            session.exec(counted.values(purged_rows=Workspace.purged_rows + number))
            return number
    return 0


def end(session: Session, workspace: int, now: datetime) -> None:
    """Nothing is left of it but this row."""
    session.exec(update(Workspace).where(col(Workspace.id) == workspace).values(purged_at=now))


def count(session: Session, workspace: int) -> int:
    """How many rows there are of a workspace."""
    counted = [
        sqlalchemy.select(sqlalchemy.func.count()).select_from(table).where(table.c.workspace_id == workspace)
        for table in _tables()
    ]
    return sum(int(session.execute(each).scalar_one()) for each in counted)


def _ends_at(workspace: Workspace) -> datetime:
    assert workspace.removed_at is not None  # noqa: S101 - asked of those that were removed
    return rules.retention.ends_at(workspace.removed_at, workspace.retention_days)


def _tables() -> list[Table]:
    known = {kind.__tablename__ for kind in walled()}
    return [table for table in SQLModel.metadata.sorted_tables if table.name in known]
