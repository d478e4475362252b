"""The audit trail, sealed on time: what was noted a moment ago is chained to what was noted before it."""

from bot import store
from bot.store import Database

BATCH = 500
"""Entries sealed in one transaction: on SQLite nobody else writes meanwhile."""


def seal_new(db: Database) -> int:
    """Seal the entries that have no seal yet, workspace by workspace; how many were sealed."""
    with db.reading_across() as session:
        workspaces = store.audit_seals.waiting(session)
    return sum(_seal(db, workspace) for workspace in workspaces)


def _seal(db: Database, workspace: int) -> int:
    sealed = 0
    while more := _seal_some(db, workspace):
        sealed += more
    return sealed


def _seal_some(db: Database, workspace: int) -> int:
    with db.transaction(workspace) as session:
        return store.audit_seals.seal(session, limit=BATCH)
