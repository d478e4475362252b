"""Channels: what the bot was told of them, and their ids kept true wherever one is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, union
from sqlmodel import Session, col, delete, select, update

from bot.rules.access import Act
from bot.store import audit, people, posts, workspaces
from bot.store.projects import OVER
from bot.store.tables import Channel, Digest, DigestProject, Lane, Person, Post, Project, Schedule, Workspace
from bot.store.wall import inside
from bot.store.workspaces import served

ASKING = "conversations.info"
ASKING_WHO = "conversations.members"
"""The lanes in which Slack is asked about channels."""
DAY = timedelta(days=1)
BEFORE = timedelta(minutes=10)
"""So long before a digest is due it is found out who reads its channel."""
NOTHING_NEW = timedelta(hours=1)


def find(session: Session, slack_id: str) -> Channel | None:
    """The channel with this id in Slack, or None when nothing was ever told of it."""
    return session.exec(select(Channel).where(Channel.slack_id == slack_id)).one_or_none()


def keep(session: Session, slack_id: str, **seen: Any) -> Channel:
    """Add a channel, or bring it up to date with what was seen of it: name, is_private, archived_at ..."""
    channel = find(session, slack_id) or Channel(slack_id=slack_id)
    for name, value in seen.items():
        setattr(channel, name, value)
    session.add(channel)
    session.flush()
    return channel


def seen(session: Session, told: Mapping[str, Any], *, now: datetime) -> Channel:
    """Keep what Slack tells of a channel; one that is shared waits for somebody's word."""
    channel = keep(
        session,
        told["id"],
        name=str(told.get("name") or "")[:255],
        is_private=bool(told.get("is_private")),
        archived_at=now if told.get("is_archived") else None,
        seen_at=now,
    )
    return shared(session, channel, is_shared=bool(told.get("is_ext_shared")), now=now)


def shared(session: Session, channel: Channel, *, is_shared: bool, now: datetime) -> Channel:
    """A channel is shared with another organisation, or is ours alone again: then what was held back is said."""
    if channel.is_shared == is_shared:
        return channel
    channel.is_shared, channel.shared_by, channel.shared_at = is_shared, None, None
    channel.members = channel.members_at = None
    session.flush()
    audit.record(session, channel, what="shared" if is_shared else "no longer shared", by=None, now=now)
    if not is_shared:
        return restored(session, channel.slack_id, now=now)
    posts.hold_back(session, channel.slack_id)
    return channel


def allow(session: Session, channel: Channel, *, by: int, now: datetime) -> None:
    """Somebody says that what is posted there may be read by another organisation: what was held back is said."""
    changes = audit.change(channel, shared_by=by, shared_at=now)
    session.flush()
    audit.record(session, channel, what="sharing allowed", by=by, now=now, changes=changes)
    restored(session, channel.slack_id, now=now)


def list_to_ask(session: Session, channel: Channel, *, now: datetime) -> list[tuple[str, str]]:
    """Who is asked whether people outside may read what is posted there: the key of each post, and its address.

    Nobody where that is settled, or where the channel is not shared.
    """
    if not channel.is_held_back:
        return []
    able = people.list_who_may(session, Act.SHARE_OUTSIDE, now=now)
    return [(f"{asked_about(channel)}{now:%Y%m%d%H%M%S}:{person.slack_id}", person.slack_id) for person in able]


def asked_about(channel: Channel) -> str:
    """What the keys of all posts begin with that ask about a channel."""
    return f"channel:{channel.slack_id}:shared:"


def read_by(session: Session, slack_id: str, members: Sequence[str], *, now: datetime) -> None:
    """Keep who reads a channel, by their ids in Slack; of those not known Slack is asked, for they may be apps."""
    keep(session, slack_id, members=sorted(members), members_at=now)
    known = set(session.exec(select(Person.slack_id).where(col(Person.slack_id).in_(members))))
    for each in sorted(set(members) - known - {workspaces.get(session).bot_user_id}):
        people.find_or_add(session, each)


def forget_readers(session: Session, slack_id: str) -> None:
    """Somebody came or went: who reads the channel is not known any more."""
    query = update(Channel).where(col(Channel.slack_id) == slack_id, col(Channel.members_at).is_not(None))
    session.exec(query.values(members=None, members_at=None))


@dataclass(frozen=True, slots=True)
class Look:
    """A channel that Slack is to be asked about; of some it has to be known who reads them."""

    workspace: int
    slack_id: str
    wants_readers: bool


def claim_to_look(session: Session, now: datetime, *, limit: int, pace: timedelta) -> list[Look]:
    """The channels to ask Slack about now: where a digest is about to tell what not everybody may read, then others.

    Works across workspaces. Others are those in use that were not looked at for a day; their workspaces are then left
    alone for `pace`, or for an hour where there are none.
    """
    telling = session.exec(_telling(now).limit(limit))
    looks = [Look(number, slack_id, wants_readers=True) for number, slack_id in telling]
    resting = select(Lane.id).where(Lane.workspace_id == Workspace.id, Lane.address == ASKING, col(Lane.free_at) > now)
    rested = select(Workspace.id).where(~resting.exists(), col(Workspace.removed_at).is_(None)).limit(limit)
    for workspace in session.exec(rested).all():
        with inside(session, workspace):
            stale = session.exec(_stale(now).limit(limit)).all()
        looks += [Look(workspace, slack_id, wants_readers=False) for slack_id in stale if slack_id]
        rest(session, workspace, until=now + (pace if stale else NOTHING_NEW), asking=ASKING)
    return looks


def rest(session: Session, workspace: int, *, until: datetime, asking: str) -> None:
    """Slack is asked this of no channel of the workspace before then."""
    query = update(Lane).where(col(Lane.workspace_id) == workspace, col(Lane.address) == asking)
    if not session.exec(query.values(free_at=until)).rowcount:
        session.add(Lane(workspace_id=workspace, address=asking, free_at=until))
        session.flush()


def _telling(now: datetime) -> Any:
    """Channels of digests that are due soon and name confidential projects, where it is not known who reads them."""
    resting = select(Lane.id).where(
        Lane.workspace_id == Digest.workspace_id, Lane.address == ASKING_WHO, col(Lane.free_at) > now
    )
    here = and_(col(Channel.workspace_id) == Digest.workspace_id, col(Channel.slack_id) == Digest.channel)
    return (
        select(Digest.workspace_id, Digest.channel)
        .join(DigestProject, col(DigestProject.digest_id) == Digest.id)
        .join(Schedule, col(Schedule.digest_id) == Digest.id)
        .outerjoin(Channel, here)
        .where(
            col(Schedule.next_due_at) <= now + BEFORE,
            col(Digest.stopped_at).is_(None),
            or_(col(Channel.members_at).is_(None), col(Channel.members_at) < now - BEFORE),
            ~resting.exists(),
            served(Digest),
        )
        .distinct()
    )


def _stale(now: datetime) -> Any:
    """Channels of a workspace that are in use and were not looked at for a day."""
    used = union(
        select(Project.channel).where(col(Project.channel).is_not(None), ~col(Project.state).in_(OVER)),
        select(Digest.channel).where(col(Digest.stopped_at).is_(None)),
    ).subquery()
    looked_at = select(Channel.id).where(Channel.slack_id == used.c.channel, col(Channel.seen_at) > now - DAY)
    return select(used.c.channel).where(~looked_at.exists())


def list_in_trouble(session: Session) -> Sequence[Channel]:
    """The channels that Slack did not take something in, by name."""
    return session.exec(select(Channel).where(col(Channel.trouble).is_not(None)).order_by(Channel.name)).all()


def is_used(session: Session, slack_id: str) -> bool:
    """Whether the bot has anything to do there: a project lives in it, a digest goes to it, or it was told of it."""
    project = select(Project.id).where(Project.channel == slack_id).limit(1)
    digest = select(Digest.id).where(Digest.channel == slack_id).limit(1)
    known = select(Channel.id).where(Channel.slack_id == slack_id)
    return any(session.exec(query).first() is not None for query in (project, digest, known))


def restored(session: Session, slack_id: str, *, now: datetime, **seen: Any) -> Channel:
    """The bot can speak there (again): what could not be said of late is tried once more."""
    posts.try_again(session, slack_id, now=now)
    return keep(session, slack_id, archived_at=None, trouble=None, **seen)


def moved(session: Session, old: str, new: str, *, now: datetime) -> None:
    """Slack gave a channel another id: everything that names the old one names the new one, keys of posts included."""
    session.exec(delete(Channel).where(col(Channel.slack_id) == new))
    session.exec(update(Channel).where(col(Channel.slack_id) == old).values(slack_id=new))
    speaking_there = [
        *session.exec(select(Project).where(Project.channel == old)),
        *session.exec(select(Digest).where(Digest.channel == old)),
    ]
    told = [(each, audit.change(each, channel=new)) for each in speaking_there]
    audit.record_all(session, told, what="edited", by=None, now=now)
    session.flush()
    session.exec(delete(Lane).where(col(Lane.address) == old))
    session.exec(update(Post).where(col(Post.channel) == old).values(channel=new))
    session.exec(update(Post).where(col(Post.to) == old).values(to=new, key=func.replace(Post.key, old, new)))
