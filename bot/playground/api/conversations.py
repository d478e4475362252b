"""conversations.* and users.conversations: the channels the bot may see."""

from bot.playground import payloads
from bot.playground.calls import HISTORY, READ, Call, Method
from bot.playground.records import Channel, Json, Message
from bot.playground.refusals import Refusal

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def open_(call: Call) -> Json:
    """conversations.open: the direct messages with one person."""
    call.needs("im:write")
    if call.text("channel"):
        channel = call.channel()
        if channel.kind != "im":
            raise Refusal("method_not_supported_for_channel_type")
        return {"channel": _opened(call, channel)}
    names = [u for u in call.text("users").split(",") if u]
    if not names:
        raise Refusal("users_list_not_supplied")
    if len(names) > 1:
        call.needs("mpim:write")
        raise Refusal("method_not_supported_for_channel_type")
    return {"channel": _opened(call, _with(call, names[0]))}


def _with(call: Call, user: str) -> Channel:
    person = call.workspace.people.get(user)
    if person is None:
        raise Refusal("user_not_found")
    if person.is_stranger:
        raise Refusal("user_not_visible")
    if person.deleted:
        raise Refusal("user_disabled")
    if person.id == call.bot.id:
        raise Refusal("invalid_user_combination")
    return call.world.open_direct(call.workspace, call.bot.id, person.id)


def _opened(call: Call, channel: Channel) -> Json:
    return payloads.channel(channel, call.bot.id) if call.flag("return_im") else {"id": channel.id}


def info(call: Call) -> Json:
    """conversations.info: one channel."""
    channel = call.channel()
    call.needs(READ[channel.kind])
    shown = payloads.channel(channel, call.bot.id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def members(call: Call) -> Json:
    """conversations.members: who is in a channel, by page."""
    channel = call.channel()
    call.needs(READ[channel.kind])
    rows, metadata = call.page([{"id": m} for m in channel.members])
    return {"members": [row["id"] for row in rows], "response_metadata": metadata}


def list_(call: Call) -> Json:
    """conversations.list: public channels, and others the bot is in, of the kinds asked for."""
    return _listing(call, [c for c in _wanted(call) if c.kind == "public" or call.bot.id in c.members])


def of_user(call: Call) -> Json:
    """users.conversations: the channels that both this person (the bot, if not named) and the bot are in."""
    user = call.person().id if call.text("user") else call.bot.id
    mine = [c for c in _wanted(call) if user in c.members and (c.kind == "public" or call.bot.id in c.members)]
    return _listing(call, mine)


def _wanted(call: Call) -> list[Channel]:
    types = [t.strip() for t in call.text("types", "public_channel").split(",") if t.strip()]
    if not types or any(t not in KINDS for t in types):
        raise Refusal("invalid_types")
    for kind in types:
        call.needs(READ[KINDS[kind]])
    kinds = {KINDS[t] for t in types}
    hide = call.flag("exclude_archived")
    return [c for c in call.workspace.channels.values() if c.kind in kinds and not (hide and c.is_archived)]


def _listing(call: Call, channels: list[Channel]) -> Json:
    rows, metadata = call.page([payloads.channel(c, call.bot.id) for c in channels])
    return {"channels": rows, "response_metadata": metadata}


def history(call: Call) -> Json:
    """conversations.history: the newest first, without ephemerals and without replies."""
    channel = call.channel()
    call.needs(HISTORY[channel.kind])
    if call.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    found = [m for m in channel.messages if not m.ephemeral_to and (not m.is_reply or m.broadcast)]
    return _messages(call, channel, found[::-1])


def replies(call: Call) -> Json:
    """conversations.replies: a thread, its first message before the answers."""
    channel, ts = call.channel(), call.must("ts")
    call.needs(HISTORY[channel.kind])
    if call.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    parent = channel.find(ts)
    if parent is None:
        raise Refusal("thread_not_found")
    return _messages(call, channel, [parent, *channel.replies(ts)])


def _messages(call: Call, channel: Channel, found: list[Message]) -> Json:
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    inclusive = call.flag("inclusive")
    inside = [m for m in found if _between(float(m.ts), oldest, latest, inclusive)]
    shown = [payloads.message(m, channel, call.workspace, call.services.url()) for m in inside]
    if not call.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    rows, metadata = call.page(shown)
    return {"messages": rows, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


def _bound(call: Call, name: str) -> float | None:
    value = call.text(name)
    try:
        return float(value) if value else None
    except ValueError as broken:
        raise Refusal(f"invalid_ts_{name}") from broken


def _between(ts: float, oldest: float | None, latest: float | None, inclusive: bool) -> bool:
    after = oldest is None or ts > oldest or (inclusive and ts == oldest)
    before = latest is None or ts < latest or (inclusive and ts == latest)
    return after and before


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = call.channel()
    if channel.kind != "public":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    if call.bot.id in channel.members:
        return {"channel": payloads.channel(channel, call.bot.id), "warning": "already_in_channel"}
    channel.members.append(call.bot.id)
    event = {"type": "member_joined_channel", "user": call.bot.id, "channel": channel.id, "channel_type": "C"}
    event |= {"team": call.workspace.id, "event_ts": call.world.next_ts()}
    call.services.announce(call.workspace, "member_joined_channel", event)
    call.world.changed()
    return {"channel": payloads.channel(channel, call.bot.id)}


METHODS = {
    "conversations.open": Method(open_),
    "conversations.info": Method(info),
    "conversations.members": Method(members),
    "conversations.list": Method(list_),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "conversations.join": Method(join, ("channels:join",)),
    "users.conversations": Method(of_user),
}
