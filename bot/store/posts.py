"""Posts: what is to be seen in Slack is wanted here first; delivery makes Slack agree."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, Update, bindparam, case, func, literal, null
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from bot.rules import delivery, forgetting
from bot.rules.delivery import End, Priority
from bot.rules.retention import GONE_POSTS
from bot.store import audiences
from bot.store.prepared import WORKSPACE, Prepared
from bot.store.tables import Channel, Lane, Message, Post, Project, ProjectName
from bot.store.workspaces import served

LATE = timedelta(days=7)
"""For how long it is worth saying what could not be said at first."""
SHARED = "shared_outside"
"""Why a post waits that people of another organisation would read."""


def put(
    session: Session,
    key: str,
    *,
    to: str,
    message: Message,
    now: datetime,
    under: str | None = None,
    about: Project | ProjectName | None = None,
    priority: Priority | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    any_hour: bool | None = None,
) -> None:
    """Want this to be seen: a new key is posted, a changed message is updated, the same again changes nothing.

    The address of a key never changes; `under` is the key of the post whose thread this goes to. What tells `about`
    a confidential project is wanted only where it may be read: elsewhere it is gone. To somebody who was forgotten
    nothing is said.

    `not_before` is the moment it is to be said (one that has passed makes it late), `expires_at` when it is not worth
    saying for the first time any more, `any_hour` whether that may be in the reader's quiet hours. What is left out
    of these is as `rules.delivery.MANNERS` has it for the kind of the key.
    """
    if forgetting.is_pseudonym(to):
        return
    if about is not None and not audiences.may_read(session, about, to, now=now):
        withdraw(session, key, now=now)
        return
    put = _PUT[session.get_bind().dialect.name]
    manner = delivery.manner(key)
    said = {
        "priority": manner.priority if priority is None else priority,
        "wanted_at": now,
        "not_before": not_before,
        "expires_at": expires_at or (not_before or now) + manner.window,
        "any_hour": manner.any_hour if any_hour is None else any_hour,
    }
    values = {"key": key, "to": to, "under": under, "project_id": about.id if about else None, **said}
    at = max(not_before or now, now)
    put(session, **values, wanted=message.payload(), created_at=now, at=at, address=to, **_FRESH)


def withdraw(session: Session, key: str, *, now: datetime) -> None:
    """Want a post gone; one that is not there, or gone already, stays so."""
    _WITHDRAW(session, gone=key, now=now)


def withdraw_from_others(session: Session, about: Project, *, now: datetime) -> int:
    """Want everything gone that tells of a confidential project where it may not be read; how much that is."""
    told = select(Post.key, Post.to).where(Post.project_id == about.id, ~col(Post.withdrawn))
    places: dict[str, list[str]] = {}
    for key, to in session.exec(told):
        places.setdefault(to, []).append(key)
    gone = [key for to, keys in places.items() if not audiences.may_read(session, about, to, now=now) for key in keys]
    for key in gone:
        withdraw(session, key, now=now)
    return len(gone)


def restore(session: Session, key: str, *, now: datetime) -> None:
    """Want a post back that was withdrawn, as it was; one that is there, or never was, stays so."""
    post = find(session, key)
    if post is not None and post.withdrawn:
        about = session.exec(select(Project).where(Project.id == post.project_id)).one_or_none()
        put(session, key, to=post.to, message=Message(**post.wanted), now=now, under=post.under, about=about)


def find(session: Session, key: str) -> Post | None:
    """The post with this key as it is now, or None."""
    query = select(Post).where(Post.key == key)
    return session.exec(query, execution_options={"populate_existing": True}).one_or_none()


def list_beginning(session: Session, key: str) -> Sequence[Post]:
    """The posts whose keys begin like this and that were not taken away."""
    query = select(Post).where(col(Post.key).startswith(key, autoescape=True), ~col(Post.withdrawn))
    return session.exec(query.order_by(col(Post.id))).all()


def find_at(session: Session, channel: str, ts: str) -> Post | None:
    """The post that Slack shows at this place, or None."""
    return session.exec(select(Post).where(Post.channel == channel, Post.ts == ts)).one_or_none()


def say_anew(session: Session, number: int, *, now: datetime) -> None:
    """What Slack shows of a post is to be what it wants now, whose words were changed."""
    shown = update(Post).where(col(Post.id) == number, col(Post.ts).is_not(None), ~col(Post.withdrawn))
    session.exec(shown.values(version=Post.version + 1, due_at=now, attempts=0, plainness=0, **_NO_END))


def forget_withdrawn(session: Session, now: datetime, *, limit: int) -> int:
    """Drop what was taken away from Slack, or never said there, and is not asked about any more; how many went."""
    old = select(Post.id, Post.due_at, Post.ts).where(col(Post.withdrawn), col(Post.created_at) < now - GONE_POSTS)
    over = [number for number, due_at, ts in session.exec(old) if due_at is None and ts is None]
    return session.exec(delete(Post).where(col(Post.id).in_(over[:limit]))).rowcount if over else 0


def count_waiting(session: Session) -> int:
    """How many posts Slack does not have as wanted, where the bot is installed."""
    waiting = select(func.count()).select_from(Post).where(col(Post.due_at).is_not(None), served(Post))
    return session.exec(waiting).one()


def next_due_at(session: Session) -> datetime | None:
    """When the next post is to be tried, or None when nothing waits."""
    return session.exec(select(func.min(Post.due_at)).where(served(Post))).one()


_FRESH = {"version": 1, "delivered_version": 0, "withdrawn": False, "attempts": 0, "plainness": 0, "parts": 0}
_NO_END: dict[str, Any] = {"ended": None, "ended_at": None, "trouble": None}


def _raised(posts: Any, due_at: Any) -> dict[str, Any]:
    """What a new version of a post sets."""
    return {"version": posts.c.version + 1, "due_at": due_at, "attempts": 0, "plainness": 0, **_NO_END}


def _put(insert: Any) -> Prepared:
    """One statement for a post that is new, changed or the same: two who want it at once make one of it."""

    def make(posts: Table) -> Any:
        new = insert(posts).values(_unless_held_back(posts))
        said = ("priority", "wanted_at", "not_before", "expires_at", "any_hour")
        anew = (*said, "due_at", "ended", "ended_at", "trouble")
        raised = _raised(posts, None) | {name: new.excluded[name] for name in anew}
        wanted = {"wanted": new.excluded.wanted, "withdrawn": False, **raised}
        differs = (posts.c.wanted != new.excluded.wanted) | posts.c.withdrawn
        return new.on_conflict_do_update(index_elements=["workspace_id", "key"], set_=wanted, where=differs)

    return Prepared(Post, make)


def _unless_held_back(posts: Table) -> dict[str, Any]:
    """A post is due, unless its channel is read by people outside and nobody has said that they may: then it waits."""
    channels: Table = Channel.__table__  # type: ignore[attr-defined]
    ours: Any = bindparam(WORKSPACE)
    there = (channels.c.workspace_id == ours) & (channels.c.slack_id == bindparam("address", type_=posts.c.to.type))
    held = select(channels.c.id).where(there, channels.c.is_shared, channels.c.shared_at.is_(None)).exists()
    at = bindparam("at", type_=posts.c.due_at.type)
    return {
        "due_at": case((held, null()), else_=at),
        "ended": case((held, literal(End.GIVEN_UP, posts.c.ended.type)), else_=null()),
        "ended_at": case((held, at), else_=null()),
        "trouble": case((held, literal(SHARED, posts.c.trouble.type)), else_=null()),
    }


def hold_back(session: Session, to: str) -> None:
    """What is still to be said in a channel waits: people outside read it now, and nobody has said that they may."""
    waiting = update(Post).where(col(Post.to) == to, col(Post.due_at).is_not(None), ~col(Post.withdrawn))
    session.exec(waiting.values(due_at=None, ended=End.GIVEN_UP, trouble=SHARED))


def _withdrawn(posts: Table) -> Update:
    gone = {"withdrawn": True, **_raised(posts, bindparam("now", type_=posts.c.due_at.type))}
    return update(posts).where(posts.c.key == bindparam("gone"), ~posts.c.withdrawn).values(gone)


_PUT = {"postgresql": _put(postgresql.insert), "sqlite": _put(sqlite.insert)}
_WITHDRAW = Prepared(Post, _withdrawn)


def try_again(session: Session, to: str, *, now: datetime) -> None:
    """What was given up at this address of late is due again: the bot was let in, or the channel came back."""
    given_up = col(Post.ended) == End.GIVEN_UP
    query = update(Post).where(col(Post.to) == to, given_up, col(Post.created_at) > now - LATE)
    session.exec(query.values(due_at=now, attempts=0, **_NO_END))


def take_up(session: Session, *, now: datetime) -> None:
    """The bot is back: what waited for longer than it is worth saying is not said any more, the rest is due now."""
    waiting = update(Post).where(col(Post.due_at).is_not(None))
    too_late = {"due_at": None, "ended": End.EXPIRED, "ended_at": now, "trouble": "too_late"}
    session.exec(waiting.where(col(Post.created_at) <= now - LATE).values(**too_late))
    tried = waiting.where(col(Post.created_at) > now - LATE, col(Post.attempts) > 0)
    session.exec(tried.values(due_at=now, lease_until=None))
    session.exec(delete(Lane))


def say_again(session: Session, post: Post, *, now: datetime) -> None:
    """Somebody wants it said after all: it is due now, for as long as its kind is worth saying from now on."""
    until = now + delivery.manner(post.key).window
    times = {"due_at": now, "wanted_at": now, "not_before": None, "expires_at": until, "unsure_since": None}
    again = update(Post).where(col(Post.id) == post.id)
    session.exec(again.values(**times, attempts=0, plainness=0, **_NO_END))


def drop(session: Session, post: Post, *, now: datetime) -> None:
    """Somebody does not want it said any more; what Slack shows of it stays."""
    values = {"due_at": None, "ended": End.DROPPED, "ended_at": now}
    waits = col(Post.ended).is_distinct_from(End.SAID)
    session.exec(update(Post).where(col(Post.id) == post.id, waits).values(**values))
