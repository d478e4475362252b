"""Channels: what the bot was told of them, and their ids kept true wherever one is held."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from bot.store import posts
from bot.store.tables import Channel, Digest, Lane, Post, Project


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


def moved(session: Session, old: str, new: str) -> None:
    """Slack gave a channel another id: everything that names the old one names the new one, keys of posts included."""
    session.exec(delete(Channel).where(col(Channel.slack_id) == new))
    session.exec(update(Channel).where(col(Channel.slack_id) == old).values(slack_id=new))
    session.exec(update(Project).where(col(Project.channel) == old).values(channel=new))
    session.exec(update(Digest).where(col(Digest.channel) == old).values(channel=new))
    session.exec(delete(Lane).where(col(Lane.address) == old))
    session.exec(update(Post).where(col(Post.channel) == old).values(channel=new))
    session.exec(update(Post).where(col(Post.to) == old).values(to=new, key=func.replace(Post.key, old, new)))
