"""Channels: archived, renamed, given another id, or the bot was brought into one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import store, views
from bot.handlers.calls import Nudge
from bot.handlers.routing import event
from bot.store import Database

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


def moved(event: Told, workspace: int, db: Database) -> None:
    """A channel got another id (it was shared, or made private): all that named the old one names the new one."""
    with db.transaction(workspace) as session:
        store.channels.moved(session, event["old_channel_id"], event["new_channel_id"])


def joined(event: Told, workspace: int, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """Somebody came into a channel: when it is the bot, it introduces itself there, once."""
    channel = event["channel"]
    with db.transaction(workspace, once=key, now=now) as session:
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
    event("member_joined_channel", None, joined),
)
