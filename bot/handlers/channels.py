"""Channels: archived, renamed, given another id, shared outside, or somebody came into one or left it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import store, views
from bot.errors import NotHere
from bot.handlers.calls import Nudge, Tell
from bot.handlers.routing import action, event
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.audit import SLACK
from bot.store import Database, Session
from bot.store.tables import Channel, Message

Told = Mapping[str, Any]


def archived(event: Told, workspace: int, db: Database, now: datetime) -> None:
    """A channel was archived: nothing can be said there until it comes back."""
    with db.transaction(workspace) as session:
        if store.channels.is_used(session, event["channel"]):
            store.channels.keep(session, event["channel"], archived_at=now)


def restored(event: Told, workspace: int, db: Database, now: datetime, nudge: Nudge) -> None:
    """A channel came back: what could not be said there of late is tried again."""
    with db.transaction(workspace) as session:
        if store.channels.is_used(session, event["channel"]):
            store.channels.restored(session, event["channel"], now=now)
    nudge()


def renamed(event: Told, workspace: int, db: Database) -> None:
    """A channel has another name; its id, by which we know it, stays."""
    channel = event["channel"]
    with db.transaction(workspace) as session:
        if store.channels.is_used(session, channel["id"]):
            store.channels.keep(session, channel["id"], name=str(channel.get("name") or "")[:255])


def moved(event: Told, workspace: int, db: Database, now: datetime) -> None:
    """A channel got another id (it was shared, or made private): all that named the old one names the new one."""
    with db.transaction(workspace, via=SLACK) as session:
        store.channels.moved(session, event["old_channel_id"], event["new_channel_id"], now=now)


def shared(event: Told, workspace: int, db: Database, now: datetime, nudge: Nudge) -> None:
    """A channel is shared with another organisation: if it is in use, what is said there waits for somebody's word."""
    with db.transaction(workspace, via=SLACK) as session:
        if store.channels.is_used(session, event["channel"]):
            known = store.channels.keep(session, event["channel"])
            channel = store.channels.shared(session, known, is_shared=True, now=now)
            for key, to in store.channels.list_to_ask(session, channel, now=now):
                store.posts.put(session, key, to=to, message=views.places.ask(channel), now=now)
    nudge()


def unshared(event: Told, workspace: int, db: Database, now: datetime, nudge: Nudge) -> None:
    """One of the organisations left a channel; when it was the last, it is ours alone again."""
    with db.transaction(workspace, via=SLACK) as session:
        known = store.channels.find(session, event["channel"])
        if known is not None and not event.get("is_ext_shared"):
            channel = store.channels.shared(session, known, is_shared=False, now=now)
            _settle(session, channel, views.places.ours_again(channel), now)
    nudge()


def allow(value: str, tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*They may read it*: what was held back is said there, and everybody who was asked sees who said so."""
    with db.transaction(actor, once=key, now=now) as session:
        channel = _asked(session, value)
        if channel.is_held_back:
            store.channels.allow(session, channel, by=actor.person, now=now)
            _settle(session, channel, views.places.allowed(channel, actor.slack_id), now)
            said = views.places.allowed(channel, actor.slack_id)
        else:
            said = views.places.settled(channel)
    tell(said)
    nudge()


def hold(value: str, tell: Tell, actor: Actor, db: Database) -> None:
    """*Keep it back*: nothing is said there; the way to choose another channel is shown."""
    with db.reading(actor) as session:
        channel = _asked(session, value)
    tell(views.places.held_back(channel) if channel.is_held_back else views.places.settled(channel))


def _asked(session: Session, slack_id: str) -> Channel:
    channel = store.channels.find(session, slack_id)
    if channel is None:
        raise NotHere("That channel is not here any more.")
    return channel


def _settle(session: Session, channel: Channel, message: Message, now: datetime) -> None:
    """Put the answer in the place of every question about the channel."""
    for post in store.posts.list_beginning(session, store.channels.asked_about(channel)):
        store.posts.put(session, post.key, to=post.to, message=message, now=now)


def left(event: Told, workspace: int, db: Database) -> None:
    """Somebody left a channel: who reads it has to be found out anew."""
    with db.transaction(workspace, via=SLACK) as session:
        store.channels.forget_readers(session, event["channel"])


def joined(event: Told, workspace: int, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """Somebody came into a channel: when it is the bot, it introduces itself there, once."""
    channel = event["channel"]
    with db.transaction(workspace, once=key, now=now) as session:
        store.channels.forget_readers(session, channel)
        if event["user"] != store.workspaces.get(session).bot_user_id:
            return
        store.channels.restored(session, channel, now=now, is_private=event.get("channel_type") == "G")
        hello = f"channel:{channel}:hello"
        if store.posts.find(session, hello) is None:
            message = views.channels.hello(event.get("inviter"))
            store.posts.put(session, hello, to=channel, message=message, now=now)
    nudge()


ROUTES = (
    event("channel_archive", None, archived),
    event("group_archive", None, archived),
    event("channel_unarchive", None, restored),
    event("group_unarchive", None, restored),
    event("channel_rename", None, renamed),
    event("group_rename", None, renamed),
    event("channel_id_changed", None, moved),
    event("channel_shared", None, shared),
    event("channel_unshared", None, unshared),
    event("member_joined_channel", None, joined),
    event("member_left_channel", None, left),
    action(views.places.ALLOW, Act.SHARE_OUTSIDE, allow),
    action(views.places.HOLD, Act.SHARE_OUTSIDE, hold),
)
