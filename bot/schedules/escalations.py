"""Escalations, on time: what nobody acknowledges climbs, and what nobody decides becomes overdue."""

from datetime import datetime

from bot import store, views
from bot.store import Database, Session
from bot.store.tables import EscalationEntry

BATCH = 50


def climb_due(db: Database, now: datetime) -> int:
    """Put to the next level what was not acknowledged in time, and let all see it; say how many."""
    with db.across_workspaces() as session:
        claimed = store.escalations.claim_unacknowledged(session, now, limit=BATCH)
        for escalation in claimed:
            with store.inside(session, escalation.workspace_id):
                _show(session, store.escalations.climb(session, escalation, now=now), now)
    return len(claimed)


def fall_overdue(db: Database, now: datetime) -> int:
    """Mark what was to be decided by a day that is over, and have its project's health follow; say how many."""
    with db.across_workspaces() as session:
        claimed = store.escalations.claim_overdue(session, now, limit=BATCH)
        for escalation in claimed:
            with store.inside(session, escalation.workspace_id):
                _show(session, store.escalations.fall_overdue(session, escalation, now=now), now)
    return len(claimed)


def _show(session: Session, entry: EscalationEntry, now: datetime) -> None:
    for key, to, message in views.escalations.posts(entry):
        store.posts.put(session, key, to=to, message=message, now=now, about=entry.project)
