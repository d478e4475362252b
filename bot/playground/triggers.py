"""Triggers: a person's act lets the bot open one form, once, within three seconds."""

from dataclasses import dataclass

from bot.playground.clock import Clock
from bot.playground.refusals import Refusal

SECONDS = 3.0
KEPT = 1000


@dataclass
class Trigger:
    """Who acted where, and when on the stopwatch."""

    id: str
    team_id: str
    user: str
    channel: str
    issued: float
    used: bool = False


class Triggers:
    """The triggers handed out; they do not survive a restart, nor would they live that long."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}
        self._number = 0

    def issue(self, team_id: str, user: str, channel: str = "") -> str:
        """A fresh trigger_id."""
        self._number += 1
        found = Trigger(f"{self._number}.{team_id}.{user}", team_id, user, channel, self._clock.stopwatch())
        self._issued[found.id] = found
        if len(self._issued) > KEPT:
            del self._issued[next(iter(self._issued))]
        return found.id

    def team_of(self, trigger_id: str) -> str:
        """The workspace where somebody acted, or nothing."""
        found = self._issued.get(trigger_id)
        return found.team_id if found else ""

    def use(self, trigger_id: str) -> Trigger:
        """The trigger, used up; refused when unknown, used before or older than three seconds."""
        found = self._issued.get(trigger_id)
        if found is None:
            raise Refusal("invalid_trigger_id")
        if found.used:
            raise Refusal("exchanged_trigger_id")
        if self._clock.stopwatch() - found.issued > SECONDS:
            raise Refusal("expired_trigger_id")
        found.used = True
        return found
