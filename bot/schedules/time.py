"""Time set right: after the clock went back, nothing waits for a moment that it has been past already."""

from datetime import datetime

import structlog

from bot import store
from bot.store import Database

log = structlog.get_logger(__name__)


def set_right(db: Database, now: datetime) -> int:
    """Have what was put off to a moment far ahead be due, and plan anew what last happened in days to come.

    What was done is not done again: a project is asked once for a period, and a digest has one edition for it.
    """
    with db.reading_across() as session:
        if not (store.delivery.is_ahead(session, now) or store.schedules.is_ahead(session, now)):
            return 0
    with db.across_workspaces() as session:
        found = store.delivery.set_right(session, now) + store.schedules.set_right(session, now)
    if found:
        log.warning("the clock went back", posts_and_schedules=found)
    return found
