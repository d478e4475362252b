"""reactions.add, pins.add, bookmarks.add: small marks on messages and channels."""

import re

from bot.playground.calls import Call, Method
from bot.playground.records import Channel, Json, Message
from bot.playground.refusals import Refusal

REACTIONS = 23
PINS = 100
BOOKMARKS = 100
TS = r"\d{10}\.\d{6}"


def _message(call: Call, channel: Channel) -> Message:
    ts = call.text("timestamp")
    if not ts:
        raise Refusal("no_item_specified")
    if not re.fullmatch(TS, ts):
        raise Refusal("bad_timestamp")
    found = channel.find(ts)
    if found is None:
        raise Refusal("message_not_found")
    return found


def _joined(call: Call, name: str = "channel") -> Channel:
    channel = call.channel(name)
    if call.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def add_reaction(call: Call) -> Json:
    """reactions.add: an emoji below a message, once by each."""
    name, channel = call.must("name").strip(":"), call.channel()
    if channel.is_archived:
        raise Refusal("is_archived")
    if call.bot.id not in channel.members and not call.may("chat:write.public"):
        raise Refusal("no_access")
    if not re.fullmatch(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?", name):
        raise Refusal("invalid_name")
    reactions = _message(call, channel).reactions
    if call.bot.id in reactions.get(name, []):
        raise Refusal("already_reacted")
    if name not in reactions and len(reactions) >= REACTIONS:
        raise Refusal("too_many_emoji")
    reactions.setdefault(name, []).append(call.bot.id)
    call.world.changed()
    return {}


def add_pin(call: Call) -> Json:
    """pins.add: a message kept in sight in its channel."""
    channel = _joined(call)
    message = _message(call, channel)
    if message.ts in channel.pins:
        raise Refusal("already_pinned")
    if len(channel.pins) >= PINS:
        raise Refusal("too_many_pins")
    channel.pins.append(message.ts)
    call.world.changed()
    return {}


def add_bookmark(call: Call) -> Json:
    """bookmarks.add: a link at the top of a channel."""
    channel, title, kind = _joined(call, "channel_id"), call.must("title"), call.must("type")
    if kind != "link":
        raise Refusal("invalid_bookmark_type")
    link = call.text("link")
    if not re.fullmatch(r"https?://\S+", link):
        raise Refusal("invalid_link")
    if len(channel.bookmarks) >= BOOKMARKS:
        raise Refusal("too_many_bookmarks")
    bookmark = {"id": call.world.new_id("Bk"), "channel_id": channel.id, "title": title, "link": link, "type": kind}
    channel.bookmarks.append(bookmark)
    call.world.changed()
    return {"bookmark": bookmark}


METHODS = {
    "reactions.add": Method(add_reaction, ("reactions:write",)),
    "pins.add": Method(add_pin, ("pins:write",)),
    "bookmarks.add": Method(add_bookmark, ("bookmarks:write",)),
}
