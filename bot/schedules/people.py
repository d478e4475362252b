"""People: Slack is asked who they are now and then, so that zones and names stay true without its events."""

from datetime import datetime, timedelta

import structlog

from bot import store
from bot.errors import Undeliverable
from bot.messenger import Dead, Faulty, Messenger, Retry
from bot.store import Database
from bot.store.tables import Person

BATCH = 5
PACE = timedelta(seconds=4)
"""Between two batches in one workspace: Slack answers 100 such questions a minute, and others ask too."""
LATER = timedelta(hours=1)
log = structlog.get_logger(__name__)


def refresh_due(db: Database, now: datetime, messenger: Messenger) -> int:
    """Ask about some of those never asked about or not for a day; say how many Slack told of."""
    with db.across_workspaces() as session:
        due = store.people.claim_to_refresh(session, now, limit=BATCH, pace=PACE)
    return sum(_ask(db, person, now, messenger) for person in due)


def _ask(db: Database, person: Person, now: datetime, messenger: Messenger) -> bool:
    """Ask about one person and keep the answer; what went wrong rests the person, or the workspace."""
    try:
        user = messenger.person(person.workspace_id, person.slack_id)
    except Retry as busy:
        _rest(db, person, now + timedelta(seconds=busy.after or LATER.seconds), busy.code)
        return False
    except (Dead, Faulty) as broken:
        _rest(db, person, now + LATER, broken.code)
        return False
    except Undeliverable:
        with db.transaction(person.workspace_id) as session:
            store.people.lost(session, person, now=now)
        return False
    with db.transaction(person.workspace_id) as session:
        store.people.keep(session, user, now=now)
    return True


def _rest(db: Database, person: Person, until: datetime, why: str) -> None:
    log.warning("people not asked about", workspace=person.workspace_id, why=why)
    with db.across_workspaces() as session:
        store.people.rest(session, person.workspace_id, until=until)
