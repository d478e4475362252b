"""Audiences: who may see a confidential project, and which of them a message or a digest must not tell of."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.rules.access import Act
from bot.store import people, workspaces
from bot.store.tables import Channel, Digest, DigestProject, Person, Project, ProjectName

FRESH = timedelta(minutes=12)
"""For how long it is known who reads a channel."""


def list_readers(session: Session, project: int, *, now: datetime) -> frozenset[str]:
    """The ids in Slack of all who may see a confidential project."""
    readers = people.list_who_may(session, Act.SEE_CONFIDENTIAL, project=project, now=now)
    return frozenset(person.slack_id for person in readers)


def may_read(session: Session, project: Project | ProjectName, to: str, *, now: datetime) -> bool:
    """Whether what is said of a project may go to an address: a person who may see it, or a channel of its own.

    Its own is a private channel, read by nobody outside: whoever lets people in there answers for that.
    """
    if not project.confidential:
        return True
    if to[:1] in {"U", "W"}:
        return to in list_readers(session, project.id, now=now)
    return _find_own(session, to) is not None


def list_hidden(session: Session, digest: Digest, *, now: datetime) -> frozenset[int]:
    """The confidential projects that an edition of a digest must not tell of.

    One is told of only where it was put in by name and everybody who reads the channel may see it; where it is not
    known who they are, nobody is told.
    """
    confidential = set(session.exec(select(Project.id).where(col(Project.confidential))))
    if not confidential:
        return frozenset()
    named = session.exec(select(DigestProject.project_id).where(DigestProject.digest_id == digest.id)).all()
    present = _who_reads(session, digest.channel, now) if confidential & {*named} else None
    told = {number for number in named if present and present <= list_readers(session, number, now=now)}
    return frozenset(confidential - told)


def _who_reads(session: Session, slack_id: str, now: datetime) -> frozenset[str] | None:
    """The people who read a channel, apps aside; None when that is not known, or not bounded: a public channel."""
    channel = _find_own(session, slack_id)
    if channel is None or channel.members is None or (channel.members_at or now) < now - FRESH:
        return None
    apps = session.exec(select(Person.slack_id).where(col(Person.slack_id).in_(channel.members), col(Person.is_bot)))
    return frozenset(channel.members) - {*apps, workspaces.get(session).bot_user_id}


def _find_own(session: Session, slack_id: str) -> Channel | None:
    """The channel, where it is known to be private and shared with nobody outside."""
    query = select(Channel).where(Channel.slack_id == slack_id, col(Channel.is_private), ~col(Channel.is_shared))
    return session.exec(query).one_or_none()
