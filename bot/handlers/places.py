"""Places: the channel that a form names, looked at before anything is posted there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import store
from bot.errors import Denied, Refused
from bot.rules import access
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.audit import SLACK
from bot.store import Database, Session
from bot.store.tables import Channel
from bot.views.places import SHARED

CANNOT_SPEAK = "PMO Bot cannot see that channel. Write `/invite @pmo` in it, then save again."
ARCHIVED = "That channel is archived: choose another, or open it again first."
OUTSIDERS = "People of another organisation read that channel. {}"


class Shared(Exception):
    """The channel is shared with another organisation, and nobody has said yet that they may read it."""

    def __init__(self, channel: Channel) -> None:
        super().__init__("shared")
        self.channel = channel


def look(client: WebClient, db: Database, actor: Actor, slack_id: str | None, *, now: datetime) -> Channel | None:
    """The channel as Slack tells of it now; None for none, and for one that Slack does not show to the bot.

    Refused, at the field, for one that is archived or that the bot is not in.
    """
    if not slack_id:
        return None
    try:
        told: Mapping[str, Any] = client.conversations_info(channel=slack_id)["channel"]
    except (SlackApiError, OSError):
        return None
    if told.get("is_archived"):
        raise Refused(ARCHIVED, field="channel")
    with db.transaction(actor.workspace, via=SLACK) as session:
        channel = store.channels.seen(session, told, now=now)
    if channel.is_private and not told.get("is_member"):
        raise Refused(CANNOT_SPEAK, field="channel")
    return channel


def agree(channel: Channel | None, values: Mapping[str, Any], actor: Actor) -> bool:
    """Whether the form says that another organisation may read it; raises Shared until it does, where that is owed.

    Denied, at the field, for who may not say so.
    """
    if channel is None or not channel.is_held_back:
        return False
    if not actor.may(Act.SHARE_OUTSIDE):
        said = OUTSIDERS.format(access.refusal(Act.SHARE_OUTSIDE))
        raise Denied(said, "channel", act=Act.SHARE_OUTSIDE)
    if not values.get(SHARED):
        raise Shared(channel)
    return True


def keep_word(session: Session, channel: Channel | None, agreed: bool, actor: Actor, now: datetime) -> None:
    """Keep who said that another organisation may read the channel."""
    if agreed and channel is not None and (known := store.channels.find(session, channel.slack_id)):
        store.channels.allow(session, known, by=actor.person, now=now)
