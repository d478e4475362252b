"""Speak, on time: what the clock does, each second and at once when somebody nudges."""

import inspect
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Event, Thread
from typing import Any, TypeVar

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot import store
from bot.messenger import Messenger
from bot.rules.delivery import Pace
from bot.schedules import (
    audit,
    channels,
    checkins,
    delivery,
    digests,
    escalations,
    exports,
    people,
    privacy,
    registers,
    time,
)
from bot.store import Database

EVERY = 1  # second
GATHER = 0.05  # seconds that delivery waits for more to say
SOONEST = 0.005  # seconds until it looks again by itself
PACE = Pace()
FAILED = "failed"
T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Work the clock brings: `run` names what it needs of what `run_all` has, and gives how much it did.

    A job `at_once` does not wait for the tick: it runs whenever somebody nudges. A job that `takes_long` has a thread
    of its own, so that nothing else waits for it. What goes on for a while asks the `clock` instead of being told
    `now`, and stops once it is `ending`.
    """

    name: str
    run: Callable[..., int]
    at_once: bool = False
    takes_long: bool = False

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """What the function names, and gets."""
        return tuple(inspect.signature(self.run).parameters)


# In the order of a tick: what is due is opened first, so that delivery says it in the same tick.
JOBS: tuple[Job, ...] = (
    Job("time", time.set_right),
    Job("checkins", checkins.open_due),
    Job("channels", channels.look_due),
    Job("digests", digests.publish_due),
    Job("escalations", escalations.climb_due),
    Job("overdue", escalations.fall_overdue),
    Job("people", people.refresh_due),
    Job("registers", registers.work_due, takes_long=True),
    Job("exports", exports.make_due, takes_long=True),
    Job("privacy", privacy.keep_promises, takes_long=True),
    Job("delivery", delivery.deliver_due, at_once=True),
    Job("audit", audit.seal_new, takes_long=True),
)


DUE: tuple[Callable[[Any], datetime | None], ...] = (
    store.schedules.next_due_at,
    store.escalations.next_due_at,
    store.exports.next_due_at,
    store.registers.next_due_at,
    store.posts.next_due_at,
)
"""Where the next moment at which there is something to do is asked for."""


def run_all(
    db: Database,
    now: datetime,
    messenger: Messenger,
    jobs: Sequence[Job] | None = None,
    *,
    clock: Callable[[], datetime] | None = None,
    pace: Pace = PACE,
    ending: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Do once everything that is due at that moment; how much each job did, and how many jobs failed.

    Without a `clock` the moment lasts until all is done.
    """
    given = {"db": db, "now": now, "clock": clock or (lambda: now), "messenger": messenger, "pace": pace}
    counts: dict[str, int] = {}
    failed = 0
    for job in JOBS if jobs is None else jobs:
        done = _run(job, ending=ending, **given)
        counts[job.name] = done or 0
        failed += done is None
    return {**counts, FAILED: failed}


def _run(job: Job, **given: Any) -> int | None:
    """Run one job; one that fails is logged with a number, gives None, and never stops the others."""
    return _tried(job.name, lambda: job.run(**{name: given[name] for name in job.wants}))


def _tried(name: str, work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Exception as error:
        log.error("job failed", job=name, number=secrets.token_hex(4), exc_info=error)
        return None


def next_due_at(db: Database) -> datetime | None:
    """The next moment at which there is anything to do, in any workspace, or None."""
    with db.across_workspaces() as session:
        return min(filter(None, (ask(session) for ask in DUE)), default=None)


class Nudge:
    """Says that there is something to do: nudging once more before it is seen to costs next to nothing.

    The work says after how many seconds it is to be done again although nobody nudges, or None.
    """

    def __init__(self, work: Callable[[], float | None], *, gather: float = GATHER) -> None:
        self._work = work
        self._gather = gather
        self._wanted = Event()
        self._ending = Event()
        self._thread = Thread(target=self._keep_working, name="on-time", daemon=True)

    def __call__(self) -> None:
        """Ask for the work to be done as soon as can be."""
        if not self._wanted.is_set():
            self._wanted.set()

    def start(self) -> None:
        """Begin to listen for nudges."""
        self._thread.start()

    def is_ending(self) -> bool:
        """Whether the work is to come to its end."""
        return self._ending.is_set()

    def stop(self, within: float) -> bool:
        """Begin nothing more; whether what was being done ended within so many seconds."""
        self._ending.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(within)
        return not self._thread.is_alive()

    def _keep_working(self) -> None:
        rest: float | None = None
        while True:
            nudged = self._wanted.wait(rest)
            if self._ending.wait(self._gather if nudged else 0):
                return
            self._wanted.clear()
            rest = self._work()


def register(
    scheduler: BackgroundScheduler,
    *,
    db: Database,
    clock: Callable[[], datetime],
    messenger: Messenger,
    pace: Pace = PACE,
) -> Nudge:
    """Have what is due done each second, what is `at_once` right after it and after every nudge, what is long beside.

    Each of the three has a thread of its own, so that a slow Slack holds up nothing but delivery. What waits for
    Slack's pace alone is looked at again as soon as that allows.
    """

    def tick() -> None:
        run_all(db, clock(), messenger, [job for job in JOBS if not (job.at_once or job.takes_long)])
        nudge()

    def work() -> None:
        run_all(db, clock(), messenger, [job for job in JOBS if job.takes_long])
        nudge()

    def speak() -> float | None:
        at_once = [job for job in JOBS if job.at_once]
        run_all(db, clock(), messenger, at_once, clock=clock, pace=pace, ending=nudge.is_ending)
        again = _tried("again", lambda: delivery.next_at(db, clock()))
        return None if again is None else max((again - clock()).total_seconds(), SOONEST)

    nudge = Nudge(speak)
    scheduler.add_job(tick, "interval", seconds=EVERY, id="tick")
    scheduler.add_job(work, "interval", seconds=EVERY, id="long")
    return nudge


def make_scheduler() -> BackgroundScheduler:
    """A scheduler that never drops a late tick (its default does, after one second) and never runs one twice."""
    return BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}, daemon=True
    )
