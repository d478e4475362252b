"""Misbehaviour on order: what goes wrong between the bot and Slack, so many times."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from bot.playground.records import Json

TO_THE_BOT = ("event", "command", "interactive")
"""What Slack sends; it can be lost, an event can come twice, and the rest is the bot's own misbehaviour."""
KINDS = {
    "429": "refuse with Retry-After",
    "500": "HTTP 500 before anything is done",
    "502": "an HTML page from a proxy",
    "503": "HTTP 503 before anything is done",
    "timeout_before": "never answer, do nothing",
    "timeout_after_accepting": "do it, never answer",
    "reset_before": "drop the connection, do nothing",
    "reset_after_accepting": "do it, drop the connection",
    "dead_token": "token_revoked, whatever the token",
    "twice": "deliver the event twice",
    "lost": "deliver nothing",
}


@dataclass
class Fault:
    """One kind of misbehaviour that is still to happen `times` times."""

    method: str
    how: str
    times: int
    channel: str = ""
    retry_after: int = 30
    when: Callable[[Json], bool] | None = None

    def __post_init__(self) -> None:
        """A fault that cannot happen there is a mistake of the test."""
        if (self.method in TO_THE_BOT) != (self.how in ("twice", "lost")) and self.method != "*":
            raise ValueError(f"{self.method} cannot go wrong like that: {self.how}")

    def hits(self, method: str, args: Json) -> bool:
        """Whether this call is one it was ordered for."""
        right_place = self.method in (method, "*") and self.channel in ("", args.get("channel"))
        return self.times > 0 and right_place and (self.when is None or self.when(args))


class Faults:
    """The misbehaviour ordered and not yet done; any word that is no known kind is answered as an error code."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._lock = Lock()

    def order(self, fault: Fault) -> None:
        """Have it happen."""
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._ordered.clear()

    def take(self, method: str, args: Json) -> Fault | None:
        """The fault that hits this call, counted down, or None."""
        with self._lock:
            found = next((f for f in self._ordered if f.hits(method, args)), None)
            if found:
                found.times -= 1
            return found
