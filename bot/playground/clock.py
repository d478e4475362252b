"""The playground's clock: a moment that people and tests may move."""

import time
from datetime import UTC, datetime, timedelta
from threading import Lock


class Clock:
    """A clock that stands still for tests, or runs with real time from a chosen moment for the page."""

    def __init__(self, at: datetime | None = None, *, running: bool = False) -> None:
        self._at = _aware(at) if at else datetime.now(UTC)
        self._since = time.monotonic()
        self._skipped = 0.0
        self._running = running
        self._lock = Lock()

    def __call__(self) -> datetime:
        """The moment it is in the playground, in UTC."""
        with self._lock:
            return self._now()

    @property
    def running(self) -> bool:
        """Whether the moment goes on by itself."""
        return self._running

    def run(self) -> None:
        """Go on with real time from this moment."""
        with self._lock:
            self._at, self._since = self._now(), time.monotonic()
            self._running = True

    def move_to(self, moment: datetime, *, back: bool = False) -> None:
        """Make it that moment; an earlier one is refused with ValueError unless `back` says it is meant."""
        with self._lock:
            step = (_aware(moment) - self._now()).total_seconds()
            if step < 0 and not back:
                raise ValueError(f"{moment.isoformat()} is earlier than {self._now().isoformat()}")
            self._at, self._since = _aware(moment), time.monotonic()
            self._skipped += max(step, 0.0)

    def advance(self, by: timedelta) -> None:
        """Let that much time pass at once."""
        self.move_to(self() + by)

    def stopwatch(self) -> float:
        """Seconds for deadlines such as a trigger's three: real ones and those skipped by moving the clock."""
        with self._lock:
            return time.monotonic() + self._skipped

    @staticmethod
    def real_seconds() -> float:
        """Seconds of the machine alone, to measure how long an answer took."""
        return time.monotonic()

    def _now(self) -> datetime:
        if not self._running:
            return self._at
        return self._at + timedelta(seconds=time.monotonic() - self._since)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC)
