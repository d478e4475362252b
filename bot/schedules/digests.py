"""Digests on time: an edition is made from one snapshot, kept, and put up to be said."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot import rules, store, views
from bot.store import Database, Session, inside
from bot.store.schedules import Due
from bot.store.tables import Digest, Schedule

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
        due = store.schedules.done(session, schedule, now)
        digest = store.digests.get(session, schedule.digest_id or 0)
        _pass_over(session, digest, due, zone, now)
        period = rules.digests.period(due.moment.astimezone(zone))
        previous = store.digests.previous_edition(session, digest.id)
        hidden = store.audiences.list_hidden(session, digest, now=now)
        with inside(session, schedule.workspace_id, hidden=hidden):
            snapshot = store.digests.snapshot(session, portfolio_id=digest.portfolio_id, now=now, previous=previous)
        kept = store.digests.keep_edition(session, digest, period=period, due_at=due.moment, now=now, of=snapshot)
        if kept is None:
            return False
        summary = rules.digests.summarise(snapshot)
        message, more = views.digests.edition(summary, period=period, zone=zone.key)
        key = f"digest:{digest.id}:{kept.period}"
        store.posts.put(session, key, to=digest.channel, message=message, now=now, not_before=due.moment)
        for number, part in enumerate(more, 1):
            more_key, to = f"{key}:more:{number}", digest.channel
            store.posts.put(session, more_key, to=to, message=part, now=now, under=key, not_before=due.moment)
        return True


def _pass_over(session: Session, digest: Digest, due: Due, zone: ZoneInfo, now: datetime) -> None:
    """Editions whose moment went by in a long silence are not made up for: they end as missed, and the PMO hears it."""
    for moment in due.passed:
        period = rules.digests.period(moment.astimezone(zone))
        key, message = f"digest:{digest.id}:{period}:passed", views.digests.passed(digest.name, period)
        to = digest.channel
        store.posts.put(session, key, to=to, message=message, now=now, not_before=moment, expires_at=moment)
