"""chat.*: the bot posts, changes, deletes."""

from bot.playground import inputs, payloads, posting
from bot.playground.calls import Call, Method
from bot.playground.records import Channel, Json, Message, Person
from bot.playground.refusals import Refusal

EVENTS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}
CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}


def post_message(call: Call) -> Json:
    """chat.postMessage: to a channel by its id, or to a person by theirs."""
    _check_options(call)
    channel = _destination(call)
    content = posting.content_of(call, call.workspace)
    posting.check_place(call.workspace, channel, content)
    thread, broadcast = call.text("thread_ts"), call.flag("reply_broadcast")
    posting.check_thread(channel, thread, broadcast=broadcast)
    message = posting.by_bot(call.world, call.workspace, channel, content)
    message.thread_ts, message.broadcast = thread, broadcast
    posting.keep(call.world, channel, message)
    announce_message(call, channel, message)
    shown = payloads.message(message, channel, call.workspace, call.services.url())
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def update(call: Call) -> Json:
    """chat.update: own messages only; text alone takes the blocks away, blocks alone keep the text."""
    if call.flag("as_user"):
        raise Refusal("as_user_not_supported")
    channel = call.channel()
    message = _message(call, channel, call.must("ts"))
    if message.bot_id != call.workspace.bot_id:
        raise Refusal("cant_update_message")
    if channel.is_archived:
        raise Refusal("is_inactive")
    content = posting.content_of(call, call.workspace)
    posting.check_place(call.workspace, channel, content)
    _change(call, message, content)
    inner = {"subtype": "message_changed", "message": _shown(call, message, channel), "hidden": True}
    _announce(call, channel, inner | {"ts": call.world.next_ts()})
    call.world.changed()
    shown = _shown(call, message, channel)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _change(call: Call, message: Message, content: posting.Content) -> None:
    message.blocks = inputs.name_blocks(call.world, content.blocks or [])
    message.text = content.text if content.text is not None else posting.fallback(message.blocks)
    message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata or None
    if not message.blocks:
        message.edited_ts = call.world.next_ts()


def delete(call: Call) -> Json:
    """chat.delete: own messages only; one with replies leaves a tombstone so that its thread stays."""
    channel, ts = call.channel(), call.must("ts")
    message = _message(call, channel, ts)
    if message.bot_id != call.workspace.bot_id:
        raise Refusal("cant_delete_message")
    if channel.replies(ts):
        message.text, message.blocks, message.subtype = "This message was deleted.", [], "tombstone"
    else:
        channel.messages.remove(message)
    _announce(call, channel, {"subtype": "message_deleted", "deleted_ts": ts, "ts": call.world.next_ts()})
    call.world.changed()
    return {"channel": channel.id, "ts": ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: only somebody in the channel who is online sees it."""
    _check_options(call)
    channel = _destination(call)
    person = call.workspace.people.get(call.must("user"))
    if person is None or person.id not in channel.members or person.deleted:
        raise Refusal("user_not_in_channel")
    if call.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    content = posting.content_of(call, call.workspace)
    posting.check_place(call.workspace, channel, content)
    posting.check_thread(channel, call.text("thread_ts"))
    message = posting.by_bot(call.world, call.workspace, channel, content)
    message.thread_ts, message.ephemeral_to = call.text("thread_ts"), person.id
    if person.online:
        posting.keep(call.world, channel, message)
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: the address of a message."""
    channel, ts = call.channel(), call.must("message_ts")
    message = _message(call, channel, ts)
    return {"channel": channel.id, "permalink": permalink(call.workspace.domain, channel.id, message)}


def permalink(domain: str, channel: str, message: Message) -> str:
    """A message's address in the form Slack gives it."""
    link = f"https://{domain}.slack.com/archives/{channel}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}&cid={channel}" if message.is_reply else link


def announce_message(call: Call, channel: Channel, message: Message) -> None:
    """Tell the bot of its own message, as Slack does."""
    _announce(call, channel, _shown(call, message, channel))


def _announce(call: Call, channel: Channel, inner: Json) -> None:
    event = {"type": "message", "channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind]}
    event |= {"event_ts": inner["ts"]}
    if channel.kind != "public" or call.bot.id in channel.members:
        call.services.announce(call.workspace, EVENTS[channel.kind], {**inner, **event})


def _shown(call: Call, message: Message, channel: Channel) -> Json:
    return payloads.message(message, channel, call.workspace, call.services.url())


def _message(call: Call, channel: Channel, ts: str) -> Message:
    found = channel.find(ts)
    if found is None or found.subtype == "tombstone":
        raise Refusal("message_not_found")
    return found


def _check_options(call: Call) -> None:
    if call.flag("as_user"):
        raise Refusal("as_user_not_supported")
    if any(call.args.get(key) for key in ("username", "icon_emoji", "icon_url")):
        call.needs("chat:write.customize")


def _destination(call: Call) -> Channel:
    """Where a message goes; public channels take it from strangers only with chat:write.public."""
    where = call.must("channel")
    person = call.workspace.people.get(where)
    channel = _direct(call, person) if person else call.channel()
    if channel.kind == "im":
        _check_direct(call, channel)
    elif call.bot.id not in channel.members and not call.may("chat:write.public"):
        raise Refusal("is_archived" if channel.is_archived else "not_in_channel")
    return channel


def _direct(call: Call, person: Person) -> Channel:
    if person.is_bot:
        raise Refusal("channel_not_found")
    if person.is_stranger:
        raise Refusal("user_not_visible")
    return call.world.open_direct(call.workspace, call.bot.id, person.id)


def _check_direct(call: Call, channel: Channel) -> None:
    other = next(call.workspace.people[m] for m in channel.members if m != call.bot.id)
    if other.deleted:
        raise Refusal("user_disabled")
    if not call.services.manifest.messages_tab:
        raise Refusal("messages_tab_disabled")


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
}
