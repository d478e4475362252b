"""Speak, on time: what the clock does, each second and at once when somebody nudges."""

import inspect
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Event, Thread
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot import store
from bot.messenger import Messenger
from bot.schedules import checkins, delivery, digests, escalations, people
from bot.store import Database

EVERY = 1  # second
GATHER = 0.05  # seconds that delivery waits for more to say
FAILED = "failed"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Work the clock brings: `run` names what it needs of db, now, messenger, and gives how much it did.

    A job `at_once` does not wait for the tick: it runs whenever somebody nudges.
    """

    name: str
    run: Callable[..., int]
    at_once: bool = False

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """What the function names, and gets."""
        return tuple(inspect.signature(self.run).parameters)


# In the order of a tick: what is due is opened first, so that delivery says it in the same tick.
JOBS: tuple[Job, ...] = (
    Job("checkins", checkins.open_due),
    Job("digests", digests.publish_due),
    Job("escalations", escalations.climb_due),
    Job("overdue", escalations.fall_overdue),
    Job("people", people.refresh_due),
    Job("delivery", delivery.deliver_due, at_once=True),
)


def run_all(db: Database, now: datetime, messenger: Messenger, jobs: Sequence[Job] | None = None) -> dict[str, int]:
    """Do once everything that is due at that moment; how much each job did, and how many jobs failed."""
    counts: dict[str, int] = {}
    failed = 0
    for job in JOBS if jobs is None else jobs:
        done = _run(job, db=db, now=now, messenger=messenger)
        counts[job.name] = done or 0
        failed += done is None
    return {**counts, FAILED: failed}


def _run(job: Job, **given: Any) -> int | None:
    """Run one job; one that fails is logged with a number, gives None, and never stops the others."""
    try:
        return job.run(**{name: given[name] for name in job.wants})
    except Exception as error:
        log.error("job failed", job=job.name, number=secrets.token_hex(4), exc_info=error)
        return None


def next_due_at(db: Database) -> datetime | None:
    """The next moment at which there is anything to do, in any workspace, or None."""
    with db.across_workspaces() as session:
        asked = (store.schedules.next_due_at, store.escalations.next_due_at, store.posts.next_due_at)
        return min(filter(None, (ask(session) for ask in asked)), default=None)


class Nudge:
    """Says that there is something to do: nudging once more before it is seen to costs next to nothing."""

    def __init__(self, work: Callable[[], object], *, gather: float = GATHER) -> None:
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

    def stop(self, within: float) -> bool:
        """Begin nothing more; whether what was being done ended within so many seconds."""
        self._ending.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(within)
        return not self._thread.is_alive()

    def _keep_working(self) -> None:
        while self._wanted.wait() and not self._ending.wait(self._gather):
            self._wanted.clear()
            self._work()


def register(
    scheduler: BackgroundScheduler, *, db: Database, clock: Callable[[], datetime], messenger: Messenger
) -> Nudge:
    """Have what is due done each second, and what is `at_once` right after it and after every nudge.

    Both have a thread of their own, so that a slow Slack holds up nothing but delivery.
    """

    def tick() -> None:
        run_all(db, clock(), messenger, [job for job in JOBS if not job.at_once])
        nudge()

    nudge = Nudge(lambda: run_all(db, clock(), messenger, [job for job in JOBS if job.at_once]))
    scheduler.add_job(tick, "interval", seconds=EVERY, id="tick")
    return nudge


def make_scheduler() -> BackgroundScheduler:
    """A scheduler that never drops a late tick (its default does, after one second) and never runs one twice."""
    return BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}, daemon=True
    )
