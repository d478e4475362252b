"""Posts: what is to be seen in Slack is wanted here first; delivery makes Slack agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, Update, bindparam, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from bot.store.prepared import Prepared
from bot.store.tables import Channel, Lane, Message, Person, Post

LEASE = timedelta(seconds=60)
LATE = timedelta(days=7)
"""For how long it is worth saying what could not be said at first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post is said; the channel is empty for a person no direct message was opened with."""

    channel: str
    thread_ts: str | None


def put(session: Session, key: str, *, to: str, message: Message, now: datetime, under: str | None = None) -> None:
    """Want this to be seen: a new key is posted, a changed message is updated, the same again changes nothing.

    The address of a key never changes; `under` is the key of the post whose thread this goes to.
    """
    put = _PUT[session.get_bind().dialect.name]
    put(session, key=key, to=to, under=under, wanted=message.payload(), created_at=now, due_at=now, **_FRESH)


def withdraw(session: Session, key: str, *, now: datetime) -> None:
    """Want a post gone; one that is not there, or gone already, stays so."""
    _WITHDRAW(session, gone=key, now=now)


def find(session: Session, key: str) -> Post | None:
    """The post with this key as it is now, or None."""
    query = select(Post).where(Post.key == key)
    return session.exec(query, execution_options={"populate_existing": True}).one_or_none()


def find_at(session: Session, channel: str, ts: str) -> Post | None:
    """The post that Slack shows at this place, or None."""
    return session.exec(select(Post).where(Post.channel == channel, Post.ts == ts)).one_or_none()


def count_waiting(session: Session) -> int:
    """How many posts Slack does not have as wanted."""
    return session.exec(select(func.count()).select_from(Post).where(col(Post.due_at).is_not(None))).one()


def next_due_at(session: Session) -> datetime | None:
    """When the next post is to be tried, or None when nothing waits."""
    return session.exec(select(func.min(Post.due_at))).one()


_FRESH = {"version": 1, "delivered_version": 0, "withdrawn": False, "attempts": 0, "plainness": 0}


def _raised(posts: Any, now: Any) -> dict[str, Any]:
    """What a new version of a post sets."""
    return {"version": posts.c.version + 1, "due_at": now, "attempts": 0, "plainness": 0, "trouble": None}


def _put(insert: Any) -> Prepared:
    """One statement for a post that is new, changed or the same: two who want it at once make one of it."""

    def make(posts: Table) -> Any:
        new = insert(posts)
        wanted = {"wanted": new.excluded.wanted, "withdrawn": False, **_raised(posts, new.excluded.due_at)}
        differs = (posts.c.wanted != new.excluded.wanted) | posts.c.withdrawn
        return new.on_conflict_do_update(index_elements=["workspace_id", "key"], set_=wanted, where=differs)

    return Prepared(Post, make)


def _withdrawn(posts: Table) -> Update:
    gone = {"withdrawn": True, **_raised(posts, bindparam("now", type_=posts.c.due_at.type))}
    return update(posts).where(posts.c.key == bindparam("gone"), ~posts.c.withdrawn).values(gone)


_PUT = {"postgresql": _put(postgresql.insert), "sqlite": _put(sqlite.insert)}
_WITHDRAW = Prepared(Post, _withdrawn)


def claim(session: Session, now: datetime, *, limit: int) -> Sequence[Post]:
    """Take the posts that can be said now, the oldest of each address first; a claim lasts LEASE.

    A post waits for the one before it at the same address, and for its address's lane to be free: so order holds and
    Slack's pace is kept. Rows another worker holds are passed over.
    """
    earlier, lane = aliased(Post), aliased(Lane)
    behind = select(earlier.id).where(
        earlier.workspace_id == Post.workspace_id,
        earlier.to == Post.to,
        col(earlier.due_at).is_not(None),
        col(earlier.id) < Post.id,
    )
    held_up = select(lane.id).where(
        lane.workspace_id == Post.workspace_id, lane.address == Post.to, col(lane.free_at) > now
    )
    query = (
        select(Post)
        .where(
            col(Post.due_at) <= now,
            or_(col(Post.lease_until).is_(None), col(Post.lease_until) <= now),
            ~behind.exists(),
            ~held_up.exists(),
        )
        .order_by(col(Post.due_at), col(Post.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    posts = session.exec(query).all()
    for post in posts:
        post.lease_until = now + LEASE
        post.attempts += 1
    return posts


def delivered(session: Session, post: Post, *, channel: str, ts: str | None, now: datetime, pace: timedelta) -> None:
    """Slack has the version that was claimed; a version wanted since then stays due."""
    session.exec(
        update(Post)
        .where(col(Post.id) == post.id)
        .values(
            channel=channel, ts=ts, delivered_version=post.version, delivered_at=now, lease_until=None, trouble=None
        )
    )
    session.exec(
        update(Post).where(col(Post.id) == post.id, col(Post.version) == post.version).values(due_at=None, attempts=0)
    )
    hold(session, post, until=now + pace)


def postponed(session: Session, post: Post, *, until: datetime, why: str) -> None:
    """It did not work now; try again later."""
    values = {"due_at": until, "lease_until": None, "trouble": why}
    session.exec(update(Post).where(col(Post.id) == post.id).values(**values))


def made_plainer(session: Session, post: Post, *, until: datetime, why: str) -> None:
    """Slack did not take this version as rich as it is: it goes again, one step plainer."""
    values = {"due_at": until, "lease_until": None, "trouble": why}
    session.exec(update(Post).where(col(Post.id) == post.id).values(**values))
    same = update(Post).where(col(Post.id) == post.id, col(Post.version) == post.version)
    session.exec(same.values(plainness=post.plainness + 1))


def given_up(session: Session, post: Post, *, why: str, now: datetime) -> None:
    """Slack will never take this version: it stays to be looked at, with the reason, and the channel is marked."""
    wanted_since = update(Post).where(col(Post.id) == post.id, col(Post.version) != post.version)
    session.exec(wanted_since.values(lease_until=None, due_at=now))
    values = {"due_at": None, "lease_until": None, "trouble": why}
    session.exec(update(Post).where(col(Post.id) == post.id, col(Post.version) == post.version).values(**values))
    channel = update(Channel).where(col(Channel.workspace_id) == post.workspace_id, col(Channel.slack_id) == post.to)
    session.exec(channel.values(trouble=why))


def try_again(session: Session, to: str, *, now: datetime) -> None:
    """What was given up at this address of late is due again: the bot was let in, or the channel came back."""
    given_up = col(Post.due_at).is_(None) & (col(Post.version) > col(Post.delivered_version))
    query = update(Post).where(col(Post.to) == to, given_up, col(Post.created_at) > now - LATE)
    session.exec(query.values(due_at=now, attempts=0, trouble=None))


def place(session: Session, post: Post) -> Place:
    """Where a post goes; the thread of a post that Slack never took is no thread."""
    channel = post.to
    if post.to[:1] in {"U", "W"}:
        known = select(Person.dm_channel).where(Person.workspace_id == post.workspace_id, Person.slack_id == post.to)
        channel = session.exec(known).first() or ""
    if post.under is None:
        return Place(channel, None)
    parent = select(Post.ts).where(Post.workspace_id == post.workspace_id, Post.key == post.under)
    return Place(channel, session.exec(parent).first())


def hold(session: Session, post: Post, *, until: datetime) -> None:
    """Nothing more goes to this address before then."""
    query = update(Lane).where(col(Lane.workspace_id) == post.workspace_id, col(Lane.address) == post.to)
    if not session.exec(query.values(free_at=until)).rowcount:
        session.add(Lane(workspace_id=post.workspace_id, address=post.to, free_at=until))
        session.flush()
