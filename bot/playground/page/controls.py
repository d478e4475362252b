"""What the page may do with the clock; the bot's composition supplies it, for a moved clock makes the bot tick."""

from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

FRIDAY = 4
HOUR_OF_PROMPTS = time(15)


class Controls(Protocol):
    """The virtual clock and whatever follows from moving it."""

    def now(self) -> datetime:
        """The moment it is, aware."""
        ...

    def advance(self, by: timedelta) -> None:
        """Let that much time pass, and the bot do what then is due."""
        ...

    def next_due(self) -> datetime | None:
        """The moment when the bot has something to do next, or None."""
        ...

    def move_to(self, moment: datetime) -> None:
        """Make it that moment, and the bot do what then is due."""
        ...


def next_friday(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Friday at 15:00 in a zone, later than now."""
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=(FRIDAY - local.weekday()) % 7)
    moment = datetime.combine(day, HOUR_OF_PROMPTS, zone)
    return moment if moment > now else datetime.combine(day + timedelta(days=7), HOUR_OF_PROMPTS, zone)


def step(controls: Controls, name: str, zone: ZoneInfo) -> bool:
    """Move the clock by a named step; False when the step leads nowhere."""
    if name == "due":
        due = controls.next_due()
        if due is None:
            return False
        controls.move_to(max(due, controls.now()))
    elif name == "friday":
        controls.move_to(next_friday(controls.now(), zone))
    elif name in ("hour", "day"):
        controls.advance(timedelta(**{f"{name}s": 1}))
    else:
        return False
    return True
