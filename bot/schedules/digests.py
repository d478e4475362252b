"""Digests on time: an edition is made from one snapshot, kept, and put up to be said."""

from datetime import datetime

from bot import rules, store, views
from bot.store import Database, Session, inside
from bot.store.tables import Schedule

BATCH = 20


def publish_due(db: Database, now: datetime) -> int:
    """Publish every digest whose moment has come; how many editions there are now that were not before."""
    with db.across_workspaces() as session:
        due = store.schedules.claim_due(session, now, of="digest", limit=BATCH)
        return sum(_publish(session, schedule, now) for schedule in due)


def _publish(session: Session, schedule: Schedule, now: datetime) -> bool:
    """One edition and its thread; False when this one was published before."""
    with inside(session, schedule.workspace_id):
        zone = store.schedules.zone_of(session, schedule)
        due_at = store.schedules.done(session, schedule, now)
        digest = store.digests.get(session, schedule.digest_id or 0)
        period = rules.digests.period(due_at.astimezone(zone))
        previous = store.digests.previous_edition(session, digest.id)
        snapshot = store.digests.snapshot(session, portfolio_id=digest.portfolio_id, now=now, previous=previous)
        kept = store.digests.keep_edition(session, digest, period=period, due_at=due_at, now=now, of=snapshot)
        if kept is None:
            return False
        summary = rules.digests.summarise(snapshot)
        message, more = views.digests.edition(summary, period=period, zone=zone.key)
        key = f"digest:{digest.id}:{kept.period}"
        store.posts.put(session, key, to=digest.channel, message=message, now=now)
        for number, part in enumerate(more, 1):
            store.posts.put(session, f"{key}:more:{number}", to=digest.channel, message=part, now=now, under=key)
        return True
