"""The playground's clock stands still, runs, and goes back only when that is meant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.playground import Clock

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_it_stands_still_until_it_is_moved() -> None:
    clock = Clock(START)

    assert clock() == clock() == START
    clock.advance(timedelta(hours=2))
    assert clock() == START + timedelta(hours=2)
    assert not clock.running


def test_it_runs_on_from_a_chosen_moment() -> None:
    clock = Clock(START, running=True)

    assert clock.running
    assert START <= clock() < START + timedelta(minutes=1)
    clock.move_to(START + timedelta(days=1))
    assert START + timedelta(days=1) <= clock() < START + timedelta(days=1, minutes=1)


def test_it_goes_back_only_when_that_is_meant() -> None:
    clock = Clock(START)

    with pytest.raises(ValueError, match="earlier"):
        clock.move_to(START - timedelta(seconds=1))
    clock.move_to(START - timedelta(days=1), back=True)
    assert clock() == START - timedelta(days=1)


def test_a_moment_needs_a_zone_and_is_kept_in_utc() -> None:
    with pytest.raises(ValueError, match="zone"):
        Clock(datetime(2026, 11, 20, 9))  # noqa: DTZ001 - that it has none is the point
    assert Clock(START.astimezone(timezone(timedelta(hours=5))))().tzinfo == UTC


def test_the_stopwatch_counts_what_was_skipped() -> None:
    clock = Clock(START)
    before = clock.stopwatch()

    clock.advance(timedelta(seconds=10))
    clock.move_to(START, back=True)

    assert 10 <= clock.stopwatch() - before < 20
    assert clock.real_seconds() <= clock.stopwatch()


def test_without_a_moment_it_starts_now() -> None:
    assert Clock()().tzinfo == UTC
