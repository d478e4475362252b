"""Privacy on time: what was to be kept for a while only goes when that is over."""

from datetime import datetime

import structlog

from bot import store
from bot.store import Database

BATCH = 500
ROWS = 2_000
"""How many rows of a client that is over go in one transaction: nobody waits long for the next."""

log = structlog.get_logger(__name__)


def keep_promises(db: Database, now: datetime) -> int:
    """Let go of what nobody may keep any longer; how much went."""
    with db.across_workspaces() as session:
        gone = store.forgetting.drop_due(session, now, limit=BATCH)
        gone += store.exports.forget_old(session, now, limit=BATCH)
        gone += store.posts.forget_withdrawn(session, now, limit=BATCH)
        gone += store.inbox.forget_old(session, now, limit=BATCH)
        over = [workspace.id for workspace in store.purges.list_over(session, now)]
    return gone + sum(purge(db, workspace, now) for workspace in over)


def purge(db: Database, workspace: int, now: datetime) -> int:
    """Delete everything of a client whose time is over, some rows to a transaction; how many went.

    What is stopped in the middle goes on with the next tick, and cannot go back.
    """
    with db.across_workspaces() as session:
        store.purges.begin(session, store.workspaces.get_by_id(session, workspace), now)
    gone = 0
    while went := _step(db, workspace):
        gone += went
    with db.across_workspaces() as session:
        store.purges.end(session, workspace, now)
    log.warning("workspace purged", workspace=workspace, rows=gone)
    return gone


def _step(db: Database, workspace: int) -> int:
    with db.across_workspaces() as session:
        return store.purges.step(session, workspace, limit=ROWS)
