"""Delivery: Slack is made to agree with the posts that are wanted; the one road for everything the bot says."""

from datetime import datetime, timedelta

import structlog

from bot import store
from bot.errors import Undeliverable
from bot.messenger import Dead, Messenger, Retry, TooRich, Uncertain, Unchangeable
from bot.store import Database
from bot.store.posts import Place
from bot.store.tables import Post

BATCH = 50
PACE = timedelta(seconds=1.05)
"""A little more than the second that Slack asks for between two messages to one channel."""
LONGEST_WAIT = timedelta(minutes=15)

log = structlog.get_logger(__name__)


def deliver_due(db: Database, now: datetime, messenger: Messenger) -> int:
    """Say what is due, one message an address; say how many Slack took."""
    with db.across_workspaces() as session:
        claimed = [(post, store.posts.place(session, post)) for post in store.posts.claim(session, now, limit=BATCH)]
    return sum(_deliver(db, post, place, now, messenger) for post, place in claimed)


def _deliver(db: Database, post: Post, place: Place, now: datetime, messenger: Messenger) -> bool:
    """Say one post and note how it ended; whether Slack took it."""
    try:
        channel, ts = _say(db, post, place, messenger)
    except Retry as busy:
        wait = _backoff(post) if busy.after is None else timedelta(seconds=busy.after)
        _postpone(db, post, now + wait, busy.code)
        return False
    except Uncertain as unknown:
        _postpone(db, post, now + _backoff(post), str(unknown))
        return False
    except TooRich as refused:
        _make_plainer(db, post, now + PACE, refused)
        return False
    except (Undeliverable, Dead) as refusal:
        _give_up(db, post, now, refusal.code)
        return False
    with db.across_workspaces() as session:
        store.posts.delivered(session, post, channel=channel, ts=ts, now=now, pace=PACE)
    return True


def _say(db: Database, post: Post, place: Place, messenger: Messenger) -> tuple[str, str | None]:
    """Post, update or delete, whichever makes Slack agree; the channel and the message's ts, None when it is gone."""
    if post.withdrawn:
        return _delete(post, place, messenger), None
    if post.ts is not None and post.channel is not None:
        try:
            messenger.update(post.workspace_id, post.channel, post.ts, post.wanted, plainness=post.plainness)
            return post.channel, post.ts
        except Unchangeable:
            log.info("posting anew", post=post.id, workspace=post.workspace_id)
    channel = place.channel or _open_dm(db, post, messenger)
    return messenger.post(post.workspace_id, channel, post.wanted, thread_ts=place.thread_ts, plainness=post.plainness)


def _delete(post: Post, place: Place, messenger: Messenger) -> str:
    """Take it away where it is; what was never said needs no taking away."""
    if post.ts is None or post.channel is None:
        return place.channel or post.to
    messenger.delete(post.workspace_id, post.channel, post.ts)
    return post.channel


def _open_dm(db: Database, post: Post, messenger: Messenger) -> str:
    """The direct message with a person, opened once and remembered."""
    channel = messenger.open_dm(post.workspace_id, post.to)
    with db.transaction(post.workspace_id) as session:
        store.people.find_or_add(session, post.to).dm_channel = channel
    return channel


def _backoff(post: Post) -> timedelta:
    """Two seconds, doubled with each attempt, at most a quarter of an hour."""
    return min(timedelta(seconds=2 ** min(post.attempts, 12)), LONGEST_WAIT)


def _postpone(db: Database, post: Post, until: datetime, why: str) -> None:
    log.warning("post postponed", post=post.id, workspace=post.workspace_id, why=why)
    with db.across_workspaces() as session:
        store.posts.postponed(session, post, until=until, why=why)
        store.posts.hold(session, post, until=until)


def _make_plainer(db: Database, post: Post, until: datetime, refused: TooRich) -> None:
    """Slack refused the form, not the words: they go again without what it may not know yet, at Slack's pace."""
    log.warning("post made plainer", post=post.id, workspace=post.workspace_id, why=refused.code, said=refused.detail)
    with db.across_workspaces() as session:
        store.posts.made_plainer(session, post, until=until, why=refused.code)
        store.posts.hold(session, post, until=until)


def _give_up(db: Database, post: Post, now: datetime, why: str) -> None:
    log.error("post given up", post=post.id, workspace=post.workspace_id, why=why)
    with db.across_workspaces() as session:
        store.posts.given_up(session, post, why=why, now=now)
