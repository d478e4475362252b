"""Channels: Slack is asked now and then who reads them, before a digest tells what not everybody may know."""

from datetime import datetime, timedelta

import structlog

from bot import store, views
from bot.errors import Undeliverable
from bot.messenger import Dead, Faulty, Messenger, Retry
from bot.store import Database, Session
from bot.store.channels import ASKING, ASKING_WHO, Look

BATCH = 5
PACE = timedelta(seconds=6)
"""Between two batches in one workspace: Slack answers 50 such questions a minute, and others ask too."""
LATER = timedelta(minutes=1)
log = structlog.get_logger(__name__)


def look_due(db: Database, now: datetime, messenger: Messenger) -> int:
    """Look at the channels that it is time to look at; say of how many Slack told."""
    with db.across_workspaces() as session:
        wanted = store.channels.claim_to_look(session, now, limit=BATCH, pace=PACE)
    return sum(_look(db, each, now, messenger) for each in wanted)


def _look(db: Database, wanted: Look, now: datetime, messenger: Messenger) -> bool:
    """Ask about one channel and keep the answer; what went wrong rests the workspace."""
    try:
        told = messenger.channel(wanted.workspace, wanted.slack_id)
        readers = messenger.members(wanted.workspace, wanted.slack_id) if wanted.wants_readers else None
    except Retry as busy:
        _rest(db, wanted, now + timedelta(seconds=busy.after or LATER.seconds), busy.code)
        return False
    except (Dead, Faulty, Undeliverable) as broken:
        _rest(db, wanted, now + LATER, broken.code)
        return False
    with db.transaction(wanted.workspace) as session:
        was_shared = _is_shared(session, wanted.slack_id)
        channel = store.channels.seen(session, told, now=now)
        if readers is not None:
            store.channels.read_by(session, channel.slack_id, readers, now=now)
        for key, to in [] if was_shared else store.channels.list_to_ask(session, channel, now=now):
            store.posts.put(session, key, to=to, message=views.places.ask(channel), now=now)
    return True


def _is_shared(session: Session, slack_id: str) -> bool:
    """Whether it is known already that the channel is shared: then those who can allow it were asked."""
    known = store.channels.find(session, slack_id)
    return known is not None and known.is_shared


def _rest(db: Database, wanted: Look, until: datetime, why: str) -> None:
    log.warning("channel not looked at", workspace=wanted.workspace, why=why)
    with db.across_workspaces() as session:
        asking = ASKING_WHO if wanted.wants_readers else ASKING
        store.channels.rest(session, wanted.workspace, until=until, asking=asking)
