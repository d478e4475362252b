"""Check-ins on time: each project's manager is asked when the check-in is due."""

from datetime import datetime

from bot import rules, store, views
from bot.errors import Refused
from bot.store import Database, Session
from bot.store.checkins import Opened
from bot.store.tables import Person

BATCH = 50


def open_due(db: Database, now: datetime) -> int:
    """Open every check-in that is due and ask for it, a batch to a transaction; how many were opened."""
    count = 0
    while opened := _open_batch(db, now):
        count += opened
    return count


def _open_batch(db: Database, now: datetime) -> int:
    with db.across_workspaces() as session:
        batch = store.checkins.open_due(session, now, limit=BATCH)
        for opened in batch:
            with store.inside(session, opened.checkin.workspace_id):
                _ask(session, opened, now)
    return len(batch)


def _ask(session: Session, opened: Opened, now: datetime) -> None:
    """Want the question seen by who is there to answer it, and those before it no more."""
    checkin, project = opened.checkin, opened.project
    for missed in opened.missed:
        asked = store.posts.find(session, missed.prompt_key)
        if asked is not None:
            message = views.checkins.missed(missed, project)
            store.posts.put(
                session, missed.prompt_key, to=asked.to, message=message, now=now, about=project, expires_at=now
            )
    if opened.asked is None:
        return
    for moment in opened.passed:
        key, message = f"checkin:{project.id}:{moment:%Y%m%dT%H%M}:passed", views.checkins.passed(project)
        to = opened.asked.slack_id
        store.posts.put(
            session, key, to=to, message=message, now=now, about=project, not_before=moment, expires_at=moment
        )
    message = views.checkins.prompt(
        checkin,
        project,
        opened.last,
        zone=opened.asked.timezone,
        may_answer=opened.may_answer,
        may_repeat=_may_repeat(opened, opened.asked, now),
    )
    store.posts.put(
        session,
        checkin.prompt_key,
        to=opened.asked.slack_id,
        message=message,
        now=now,
        about=project,
        not_before=checkin.due_at,
        expires_at=opened.until,
        any_hour=opened.zone == opened.asked.timezone,  # then the hour was chosen for whoever is asked
    )


def _may_repeat(opened: Opened, asked: Person, now: datetime) -> bool:
    """Whether *No change* would be taken."""
    last = store.reports.draft_of(opened.last) if opened.last else None
    try:
        rules.checkins.unchanged(last, now.astimezone(rules.cadence.zone_named(asked.timezone)).date())
    except Refused:
        return False
    return True
