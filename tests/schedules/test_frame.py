"""The frame of the clock's work: everything is tried, nothing piles up, a nudge costs nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Event
from timeit import timeit
from typing import Any, cast

import pytest
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot import schedules
from bot.messenger import Messenger
from bot.rules.delivery import Pace
from bot.schedules import FAILED, Job, Nudge, make_scheduler, register, run_all
from bot.store import Database
from tests.factories import NOW

NO_DATABASE = cast(Database, object())
NOBODY = Messenger(lambda workspace: pytest.fail("nothing is to be said"))


def test_a_job_gets_what_it_names() -> None:
    got: list[Any] = []

    def note(messenger: Messenger, now: datetime, db: Database) -> int:
        got.extend([messenger, now, db])
        return 2

    assert run_all(NO_DATABASE, NOW, NOBODY, [Job("note", note)]) == {"note": 2, FAILED: 0}
    assert got == [NOBODY, NOW, NO_DATABASE]


def test_a_moment_lasts_until_all_is_done_unless_there_is_a_clock() -> None:
    got: list[Any] = []

    def note(clock: Callable[[], datetime], pace: Pace, ending: Callable[[], bool]) -> int:
        got.extend([clock(), pace, ending()])
        return 0

    run_all(NO_DATABASE, NOW, NOBODY, [Job("note", note)])
    later, slowly = datetime(2027, 1, 1, tzinfo=UTC), Pace(at_once=1)
    run_all(NO_DATABASE, NOW, NOBODY, [Job("note", note)], clock=lambda: later, pace=slowly, ending=lambda: True)

    assert got == [NOW, Pace(), False, later, slowly, True]


def test_a_job_that_fails_stops_no_other() -> None:
    def fail(now: datetime) -> int:
        raise ValueError("secret words")

    jobs = [Job("first", lambda: 1), Job("broken", fail), Job("last", lambda: 3)]
    with structlog.testing.capture_logs() as lines:
        counts = run_all(NO_DATABASE, NOW, NOBODY, jobs)

    assert counts == {"first": 1, "broken": 0, "last": 3, FAILED: 1}
    [line] = lines
    assert (line["event"], line["job"]) == ("job failed", "broken")
    assert len(line["number"]) == 8


def test_what_runs_by_default_is_the_whole_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "JOBS", (Job("one", lambda: 1),))

    assert run_all(NO_DATABASE, NOW, NOBODY) == {"one": 1, FAILED: 0}


def test_delivery_comes_after_everything_that_has_something_to_say() -> None:
    assert [job.name for job in schedules.JOBS if job.at_once] == ["delivery"]
    assert [job.name for job in schedules.JOBS if not job.takes_long][-1] == "delivery"


@pytest.fixture
def nudges() -> Iterator[Callable[..., Nudge]]:
    made: list[Nudge] = []

    def make(work: Callable[[], Any]) -> Nudge:
        made.append(Nudge(work, gather=0))
        made[-1].start()
        return made[-1]

    yield make
    assert all(nudge.stop(5) for nudge in made)


def test_a_nudge_has_the_work_done(nudges: Callable[..., Nudge]) -> None:
    done = Event()
    nudge = nudges(done.set)
    nudge()

    assert done.wait(5)


def test_nudges_while_the_work_is_done_have_it_done_once_more(nudges: Callable[..., Nudge]) -> None:
    begun, go_on, again, times = Event(), Event(), Event(), []

    def work() -> None:
        times.append(1)
        begun.set()
        go_on.wait(5)
        if len(times) > 1:
            again.set()

    nudge = nudges(work)
    nudge()
    assert begun.wait(5)
    for _ in range(100):
        nudge()
    go_on.set()

    assert again.wait(5)
    assert nudge.stop(5)
    assert len(times) == 2


def test_work_that_says_when_is_done_again_with_no_nudge(nudges: Callable[..., Nudge]) -> None:
    again, times = Event(), []

    def work() -> float | None:
        times.append(1)
        if len(times) < 3:
            return 0.001
        again.set()
        return None

    nudges(work)()

    assert again.wait(5)
    assert len(times) == 3


def test_nudging_costs_less_than_twenty_microseconds() -> None:
    nudge = Nudge(lambda: None)
    nudge()

    assert min(timeit(nudge, number=1000) for _ in range(5)) / 1000 < 20e-6


def test_work_that_does_not_end_is_not_waited_for() -> None:
    begun, go_on = Event(), Event()

    def work() -> None:
        begun.set()
        go_on.wait(5)

    nudge = Nudge(work, gather=0)
    nudge.start()
    nudge()
    assert begun.wait(5)
    assert not nudge.stop(0)
    go_on.set()
    assert nudge.stop(5)


def test_after_the_end_nothing_begins() -> None:
    done: list[int] = []
    nudge = Nudge(lambda: done.append(1), gather=0)
    nudge.start()

    assert nudge.stop(5)
    nudge()
    assert done == []


def test_what_was_never_started_is_ended() -> None:
    assert Nudge(lambda: None).stop(0)


def test_a_late_tick_is_neither_dropped_nor_doubled() -> None:
    scheduler = make_scheduler()
    register(scheduler, db=NO_DATABASE, clock=lambda: NOW, messenger=NOBODY)
    scheduler.start(paused=True)
    tick = scheduler.get_job("tick")
    scheduler.shutdown()

    assert (tick.misfire_grace_time, tick.coalesce, tick.max_instances) == (None, True, 1)


def test_a_tick_does_what_is_due_and_then_nudges_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    said = Event()

    def note(name: str) -> Callable[[], int]:
        def run() -> int:
            done.append(name)
            if name == "delivery":
                said.set()
            return 0

        return run

    jobs = (Job("checkins", note("checkins")), Job("delivery", note("delivery"), at_once=True))
    monkeypatch.setattr(schedules, "JOBS", jobs)
    scheduler = BackgroundScheduler(timezone=UTC)
    nudge = register(scheduler, db=NO_DATABASE, clock=lambda: NOW, messenger=NOBODY)
    nudge.start()
    scheduler.start(paused=True)
    scheduler.get_job("tick").func()

    assert said.wait(5)
    assert nudge.stop(5)
    assert done == ["checkins", "delivery"]
    scheduler.shutdown()
