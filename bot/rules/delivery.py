"""Delivery: who goes first, how long a post may wait, when nobody is to be rung up, and what an unknown end means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.rules import cadence

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
PACE: Final = timedelta(seconds=1.03)
"""A little more than the second that Slack asks for between two messages to one channel."""
AFTER: Final = timedelta(seconds=0.93)
"""The same, counted from Slack's answer: a call that was long under way may have come in late."""
LATE: Final = HOUR
"""What is said later than this after its moment says so."""
LONGEST_BACKOFF: Final = timedelta(minutes=15)
LONGEST_HOLD: Final = HOUR
"""For no longer is anything held back in one go; so a moment further ahead was noted before the clock went back."""
ALARMING: Final = 8
"""So many attempts in a row at one message are no passing trouble."""
SKEW: Final = timedelta(minutes=10)
"""How far Slack's clock may be from ours when it is asked what it has."""


class Priority(IntEnum):
    """Who goes first, within an address and among them: an answer or an escalation passes a digest."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


class End(StrEnum):
    """How it ended with the version of a post that is wanted now; none while it is still to be said.

    A message that was taken away as it should be was said too: Slack shows what is wanted.
    """

    SAID = "said"
    EXPIRED = "expired"
    GIVEN_UP = "given_up"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


class Doubt(StrEnum):
    """What becomes of a message that Slack may have, where nobody can look."""

    SEND_AGAIN = "send_again"
    ASK = "ask"


class Step(StrEnum):
    """The one call that brings Slack nearer to what is wanted, by its method; or why there is none to make."""

    POST = "chat.postMessage"
    UPDATE = "chat.update"
    DELETE = "chat.delete"
    LOOK = "conversations.history"
    LOOK_IN_THREAD = "conversations.replies"
    DROP = "drop"
    EXPIRE = "expire"
    HOLD = "hold"

    @property
    def asks_slack(self) -> bool:
        """Whether Slack is called, so that its pace has to be kept."""
        return self not in {Step.DROP, Step.EXPIRE, Step.HOLD}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a kind of post is said.

    `window` is for how long after its moment it is worth saying at all; `any_hour`: somebody has just asked for it, so
    that it does not wait for the end of the reader's quiet hours.
    """

    priority: Priority = Priority.NORMAL
    window: timedelta = 7 * DAY
    any_hour: bool = False
    in_doubt: Doubt = Doubt.SEND_AGAIN


# The kind of a post is the first word of its key, and perhaps the last one: `checkin:412:receipt:U1` is "checkin
# receipt". An escalation waits for the morning too: its clock counts working days, and people complain of notices at
# night (users.md 39, section 4 point 7).
MANNERS: Final[Mapping[str, Manner]] = {
    "answer": Manner(Priority.URGENT, DAY, any_hour=True),
    "checkin": Manner(Priority.BULK),
    "checkin receipt": Manner(Priority.URGENT, any_hour=True),
    "digest": Manner(Priority.BULK, 3 * DAY),
    "escalation": Manner(Priority.URGENT, 14 * DAY, in_doubt=Doubt.ASK),
    "escalation progress": Manner(Priority.URGENT, 14 * DAY, any_hour=True),
    "escalation card": Manner(window=14 * DAY),
    "installation welcome": Manner(Priority.URGENT, any_hour=True),
}
OTHERS: Final = Manner()


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the bot speaks: messages a minute in one workspace, other calls of a method, and calls at a time."""

    messages_a_minute: int = 300
    calls_a_minute: int = 50
    at_once: int = 24

    @property
    def share(self) -> int:
        """How many of the calls at a time one workspace may have: where Slack is slow, others do not wait for it."""
        return max(self.at_once // 2, 1)

    @property
    def spare(self) -> int:
        """How many calls more there may be for what is urgent."""
        return max(self.at_once // 6, 1)

    def a_minute(self, method: str) -> int:
        """How many calls of a method Slack takes in a minute from one workspace."""
        return self.messages_a_minute if method == Step.POST else self.calls_a_minute


def kind(key: str) -> str:
    """What a post is, by the words of its key: its first, and its last where that says more than a number or id."""
    first, *more = [word for word in key.split(":") if re.fullmatch(r"[a-z_]+", word)] or [key]
    return f"{first} {more[-1]}" if more else first


def manner(key: str) -> Manner:
    """How the post with this key is said, unless whoever puts it says otherwise."""
    known = kind(key)
    return MANNERS.get(known) or MANNERS.get(known.split(" ")[0], OTHERS)


def next_step(*, on_show: bool, withdrawn: bool, in_doubt: bool, in_thread: bool, expired: bool, quiet: bool) -> Step:
    """What is to be done for a post now; the first that fits.

    What is on show is changed or taken away whatever the hour, for that rings nowhere. What Slack may have is looked
    for before anything else is decided about it.
    """
    if on_show:
        return Step.DELETE if withdrawn else Step.UPDATE
    if in_doubt:
        return Step.LOOK_IN_THREAD if in_thread else Step.LOOK
    if withdrawn:
        return Step.DROP
    if expired:
        return Step.EXPIRE
    return Step.HOLD if quiet else Step.POST


def is_late(moment: datetime, now: datetime) -> bool:
    """Whether what was to be said at that moment is said late now."""
    return now - moment > LATE


def quiet_until(now: datetime, zone: ZoneInfo, hours: tuple[time, time]) -> datetime | None:
    """The end of somebody's quiet hours (from, until, in their own zone) when it is within them now, else None.

    They may pass midnight; the same time twice means that there are none.
    """
    start, end = hours
    local = now.astimezone(zone)
    at = local.time()
    if start <= end:
        within, ends_tomorrow = start <= at < end, False
    else:
        within, ends_tomorrow = at >= start or at < end, at >= start
    until = cadence.moment(local.date() + DAY if ends_tomorrow else local.date(), end, zone)
    return until if within and until > now else None


def backoff(attempts: int, seed: int) -> timedelta:
    """How long to wait after so many attempts: two seconds, doubled each time, at most a quarter of an hour.

    Up to a quarter is taken off, otherwise for each `seed`: what failed together does not come again together.
    """
    longest = min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_BACKOFF)
    return longest * (1 - crc32(f"{seed}:{attempts}".encode()) % 250 / 1000)


def allowance(free_at: datetime | None, a_minute: int, now: datetime) -> int:
    """How many calls of a method may be made now in a workspace, whose next one was free at that moment.

    In any minute there are fewer than Slack allows: a thirtieth of them at once, the rest spread evenly.
    """
    gap, burst = _even(a_minute)
    if free_at is None:
        return burst + 1
    return min(int((now - free_at) / gap), burst) + 1 if free_at <= now else 0


def spent(free_at: datetime | None, calls: int, a_minute: int, now: datetime) -> datetime:
    """When the next call is free after so many calls now."""
    gap, burst = _even(a_minute)
    full = now - burst * gap
    return max(free_at or full, full) + calls * gap


def _even(a_minute: int) -> tuple[timedelta, int]:
    """The time between two calls, and how many of them may be saved up."""
    burst = a_minute // 30
    return timedelta(minutes=1) / max(a_minute - burst - 1, 1), burst
