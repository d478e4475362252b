"""What happens in a workspace, and which events tell the bot of it."""

from typing import Any

from bot.playground import payloads, posting, typing_text
from bot.playground.api.chat import CHANNEL_TYPES, EVENTS
from bot.playground.filling import Impossible
from bot.playground.records import Channel, File, Json, Message, Person, Workspace
from bot.playground.seat import Seat
from bot.playground.slack import Slack
from bot.playground.wire import Reply
from bot.playground.world import OTHERS


def home_opened(seat: Seat, tab: str, channel: Channel) -> Reply | None:
    """Somebody looks at the App Home or the direct messages of the bot."""
    with seat.world.lock:
        event: Json = {"type": "app_home_opened", "user": seat.me.id, "channel": channel.id, "tab": tab}
        event["event_ts"] = seat.world.next_ts()
        home = seat.workspace.homes.get(seat.me.id)
        if home and tab == "home":
            event["view"] = payloads.view(home, seat.world, seat.workspace)
    return seat.slack.delivery.tell(seat.workspace, "app_home_opened", event)


def message_posted(seat: Seat, channel: Channel, text: str, thread: Message | None) -> str:
    """Somebody writes; the bot hears of it where it is a member, and once more when it is mentioned."""
    with seat.world.lock:
        sent = typing_text.sent(text, seat.workspace, labels=False)
        message = Message(ts=seat.world.next_ts(), channel=channel.id, user=seat.me.id, text=sent)
        message.thread_ts = (thread.thread_ts or thread.ts) if thread else ""
        posting.keep(seat.world, channel, message)
        event = payloads.message(message, channel, seat.workspace, seat.slack.url)
        event["client_msg_id"] = f"msg-{message.ts}"
    told = [_message_event(seat.slack, seat.workspace, channel, event)]
    if f"<@{seat.workspace.bot_user}>" in sent and channel.kind != "im" and seat.workspace.bot_user in channel.members:
        told.append(seat.slack.delivery.tell(seat.workspace, "app_mention", _mention(event, channel)))
    return _trouble(*told)


def _mention(event: Json, channel: Channel) -> Json:
    keys = ("user", "text", "ts", "thread_ts", "team", "blocks")
    kept = {key: event[key] for key in keys if key in event}
    return {"type": "app_mention", **kept, "channel": channel.id, "event_ts": event["ts"]}


def _message_event(slack: Slack, workspace: Workspace, channel: Channel, inner: Json) -> Reply | None:
    if workspace.bot_user not in channel.members:
        return None
    place = {"type": "message", "channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind]}
    return slack.delivery.tell(workspace, EVENTS[channel.kind], {**inner, **place, "event_ts": inner["ts"]})


def _trouble(*replies: Reply | None) -> str:
    """Nobody sees that an event failed; the test does."""
    return next((f"event: {r.problem}" for r in replies if r and r.problem), "")


def _own(channel: Channel, me: Person, message: Message) -> Message:
    found = channel.find(message.ts)
    if found is None or found.user != me.id:
        raise Impossible("only a message of their own")
    return found


def message_edited(seat: Seat, message: Message, text: str) -> str:
    """Somebody changes a message of their own."""
    channel = seat.workspace.channels[message.channel]
    with seat.world.lock:
        found = _own(channel, seat.me, message)
        before = payloads.message(found, channel, seat.workspace, seat.slack.url)
        found.text, found.edited_ts = typing_text.sent(text, seat.workspace, labels=False), seat.world.next_ts()
        after = payloads.message(found, channel, seat.workspace, seat.slack.url)
        inner = {"subtype": "message_changed", "hidden": True, "ts": found.edited_ts}
        inner |= {"message": after, "previous_message": before}
        seat.world.changed()
    return _trouble(_message_event(seat.slack, seat.workspace, channel, inner))


def message_deleted(seat: Seat, message: Message) -> str:
    """Somebody takes back a message of their own."""
    channel = seat.workspace.channels[message.channel]
    with seat.world.lock:
        found = _own(channel, seat.me, message)
        before = payloads.message(found, channel, seat.workspace, seat.slack.url)
        channel.messages.remove(found)
        inner = {"subtype": "message_deleted", "hidden": True, "ts": seat.world.next_ts()}
        inner |= {"deleted_ts": message.ts, "previous_message": before}
        seat.world.changed()
    return _trouble(_message_event(seat.slack, seat.workspace, channel, inner))


def reaction_added(seat: Seat, message: Message, emoji: str) -> str:
    """Somebody puts an emoji below a message."""
    channel = seat.workspace.channels[message.channel]
    with seat.world.lock:
        found = channel.find(message.ts)
        if found is None or seat.me.id in found.reactions.get(emoji, []):
            raise Impossible("no such message, or already done")
        found.reactions.setdefault(emoji, []).append(seat.me.id)
        item = {"type": "message", "channel": channel.id, "ts": found.ts}
        event = {"type": "reaction_added", "user": seat.me.id, "reaction": emoji, "item": item, "item_user": found.user}
        event["event_ts"] = seat.world.next_ts()
        seat.world.changed()
    if seat.workspace.bot_user not in channel.members:
        return ""
    return _trouble(seat.slack.delivery.tell(seat.workspace, "reaction_added", event))


def joined(seat: Seat, who: str, channel: Channel) -> str:
    """Somebody is brought into a channel."""
    person = _person(seat.workspace, who)
    with seat.world.lock:
        if channel.kind == "im" or channel.is_archived or person.id in channel.members:
            raise Impossible(f"{who} cannot be added")
        channel.members.append(person.id)
        event = _membership(seat.slack, seat.workspace, "member_joined_channel", person, channel) | {
            "inviter": seat.me.id
        }
        seat.world.changed()
    if seat.workspace.bot_user not in channel.members:
        return ""
    return _trouble(seat.slack.delivery.tell(seat.workspace, "member_joined_channel", event))


def left(seat: Seat, who: str, channel: Channel) -> str:
    """Somebody is taken out of a channel."""
    person = _person(seat.workspace, who)
    with seat.world.lock:
        if person.id not in channel.members or channel.kind == "im":
            raise Impossible(f"{who} is not there")
        bot_is_there = seat.workspace.bot_user in channel.members
        channel.members.remove(person.id)
        event = _membership(seat.slack, seat.workspace, "member_left_channel", person, channel)
        seat.world.changed()
    return _trouble(seat.slack.delivery.tell(seat.workspace, "member_left_channel", event)) if bot_is_there else ""


def _membership(slack: Slack, workspace: Workspace, kind: str, person: Person, channel: Channel) -> Json:
    letter = "C" if channel.kind == "public" else "G"
    event = {"type": kind, "user": person.id, "channel": channel.id, "channel_type": letter, "team": workspace.id}
    return event | {"event_ts": slack.world.next_ts()}


def _person(workspace: Workspace, who: str) -> Person:
    found = workspace.person(who)
    if found is None:
        raise Impossible(f"there is no {who}")
    return found


def archived(slack: Slack, workspace: Workspace, channel: Channel, *, archive: bool = True) -> str:
    """A channel is closed, or opened again."""
    with slack.world.lock:
        channel.is_archived = archive
        kind = f"{'channel' if channel.kind == 'public' else 'group'}_{'archive' if archive else 'unarchive'}"
        event = {"type": kind, "channel": channel.id, "user": "", "event_ts": slack.world.next_ts()}
        slack.world.changed()
    return _trouble(slack.delivery.tell(workspace, kind, event))


def shared(slack: Slack, workspace: Workspace, channel: Channel, *, with_others: bool = True) -> str:
    """A channel is shared with another organisation over Slack Connect, or that organisation leaves it."""
    with slack.world.lock:
        channel.is_ext_shared = with_others
        event: Json = {"type": "channel_shared", "connected_team_id": OTHERS}
        if not with_others:
            event = {"type": "channel_unshared", "previously_connected_team_id": OTHERS, "is_ext_shared": False}
        event |= {"channel": channel.id, "event_ts": slack.world.next_ts()}
        slack.world.changed()
    return _trouble(slack.delivery.tell(workspace, event["type"], event))


def renamed(slack: Slack, workspace: Workspace, channel: Channel, name: str) -> str:
    """A channel gets another name."""
    with slack.world.lock:
        channel.name = name.removeprefix("#")
        kind = "channel_rename" if channel.kind == "public" else "group_rename"
        inner = {"id": channel.id, "name": channel.name, "created": channel.created}
        event = {"type": kind, "channel": inner, "event_ts": slack.world.next_ts()}
        slack.world.changed()
    return _trouble(slack.delivery.tell(workspace, kind, event))


def person_changed(slack: Slack, workspace: Workspace, person: Person, **changes: Any) -> str:
    """Somebody moves to another zone, is deactivated, becomes an admin."""
    with slack.world.lock:
        for name, value in changes.items():
            if not hasattr(person, name):
                raise ValueError(f"a person has no {name}")
            setattr(person, name, value)
        with_email = "users:read.email" in slack.scopes(workspace)
        user = payloads.person(person, slack.clock(), with_email=with_email)
        event = {"type": "user_change", "user": user, "event_ts": slack.world.next_ts()}
        slack.world.changed()
    return _trouble(slack.delivery.tell(workspace, "user_change", event))


def person_joined(slack: Slack, workspace: Workspace, person: Person) -> str:
    """Somebody gets an account."""
    with slack.world.lock:
        slack.world.add_person(workspace, person)
        user = payloads.person(person, slack.clock(), with_email=False)
        event = {"type": "team_join", "user": user, "event_ts": slack.world.next_ts()}
        slack.world.changed()
    return _trouble(slack.delivery.tell(workspace, "team_join", event))


def file_shown(slack: Slack, file: File) -> Json:
    """A file as a form carries it."""
    return payloads.file(file, slack.url)
