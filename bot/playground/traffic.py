"""The log of traffic: who called what, how large, how it ended and how long it took."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal

KEPT = 500


@dataclass(frozen=True)
class Exchange:
    """One request between the bot and Slack; `way` is "api" when the bot called, "event" when Slack did."""

    number: int
    at: datetime
    way: Literal["api", "event"]
    what: str
    workspace: str
    status: int
    error: str
    sent: int
    received: int
    ms: float


class Traffic:
    """The last 500 exchanges, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._number = 0
        self._lock = Lock()

    def add(
        self,
        at: datetime,
        way: Literal["api", "event"],
        what: str,
        workspace: str,
        *,
        status: int,
        error: str = "",
        sent: int = 0,
        received: int = 0,
        ms: float = 0.0,
    ) -> None:
        """Log one exchange; `sent` are the bytes of the request, `received` those of the answer."""
        with self._lock:
            self._number += 1
            self._kept.append(
                Exchange(self._number, at, way, what, workspace, status, error, sent, received, round(ms, 1))
            )

    def list(self, what: str = "") -> list[Exchange]:
        """What was exchanged, of one method or kind when it is named."""
        with self._lock:
            return [e for e in self._kept if what in ("", e.what)]

    def count(self, what: str) -> int:
        """How often that was called."""
        return len(self.list(what))
