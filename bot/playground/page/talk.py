"""The messages of a channel or a thread as one person sees them: days, names once, replies counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.playground.page import dates, lists
from bot.playground.page.lists import Face
from bot.playground.page.place import Place
from bot.playground.page.reader import Reader
from bot.playground.page.seen import visible
from bot.playground.records import Channel, Message, Workspace

SAME_BREATH = 300  # seconds in which one author's messages stand under one name


@dataclass(frozen=True)
class Said:
    """One message as it is drawn: `follows` when its author has just spoken, `day` when a new day begins."""

    message: Message
    face: Face
    at: datetime
    place: Place
    follows: bool
    day: str
    replies: int
    last_reply: str
    repliers: list[Face]


def in_channel(channel: Channel, person: str) -> list[Message]:
    """What stands in the channel itself: no replies, unless they were sent to the channel too."""
    return [m for m in channel.messages if visible(m, person) and (not m.is_reply or m.broadcast)]


def in_thread(channel: Channel, person: str, root: str) -> list[Message]:
    """A message and what hangs below it."""
    return [m for m in channel.messages if visible(m, person) and root in (m.ts, m.thread_ts)]


def said(workspace: Workspace, channel: Channel, messages: list[Message], eyes: Reader, pane: str) -> Iterator[Said]:
    """The messages as they are drawn in a pane, oldest first."""
    files = {file: f"/w/{workspace.id}/files/{file}" for file in workspace.files}
    before: Message | None = None
    for message in messages:
        key = f"{pane}-{channel.id}-{message.ts}"
        place = Place(eyes, "message", key, values=message.values.get(eyes.person, {}), files=files)
        replies = [reply for reply in channel.replies(message.ts) if visible(reply, eyes.person)]
        at = eyes.local(float(message.ts))
        new_day = before is None or eyes.local(float(before.ts)).date() != at.date()
        yield Said(
            message=message,
            face=lists.face(workspace, message.user),
            at=at,
            place=place,
            follows=not new_day and before is not None and _same_breath(before, message),
            day=dates.heading(at, eyes.today()) if new_day else "",
            replies=len(replies),
            last_reply=_moment(eyes, replies[-1]) if replies else "",
            repliers=[lists.face(workspace, user) for user in dict.fromkeys(reply.user for reply in replies)][:4],
        )
        before = message


def _same_breath(before: Message, message: Message) -> bool:
    same = before.user == message.user and before.ephemeral_to == message.ephemeral_to and not message.ephemeral_to
    return same and float(message.ts) - float(before.ts) < SAME_BREATH


def _moment(eyes: Reader, message: Message) -> str:
    at = eyes.local(float(message.ts))
    return f"{dates.near(at, eyes.today()) or dates.day(at)} at {dates.clock(at)}"
