"""Delivery: who goes first, who is left in peace, and how fast."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules import delivery
from bot.rules.delivery import LONGEST_BACKOFF, Doubt, Manner, Pace, Priority, Step

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
NIGHT = time(18), time(8, 30)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("checkin:412:prompt", "checkin prompt"),
        ("checkin:412:receipt:U1", "checkin receipt"),
        ("digest:12:2026-W48", "digest"),
        ("digest:12:2026-W48:more:1", "digest more"),
        ("answer:Ev1", "answer"),
        ("U1", "U1"),
    ],
)
def test_the_kind_of_a_post_is_in_its_key(key: str, kind: str) -> None:
    assert delivery.kind(key) == kind


def test_each_kind_has_a_manner() -> None:
    assert delivery.manner("escalation:1:asked:U1").in_doubt is Doubt.ASK
    assert delivery.manner("escalation:1:card").priority is Priority.NORMAL
    assert delivery.manner("digest:1:2026-W48:more:1").priority is Priority.BULK
    assert delivery.manner("something:new") == Manner()


def test_only_what_somebody_has_just_asked_for_rings_at_night() -> None:
    loud = {kind for kind, manner in delivery.MANNERS.items() if manner.any_hour}
    assert loud == {"answer", "checkin receipt", "escalation progress", "installation welcome"}


@pytest.mark.parametrize(
    ("so", "step"),
    [
        ({}, Step.POST),
        ({"quiet": True}, Step.HOLD),
        ({"expired": True, "quiet": True}, Step.EXPIRE),
        ({"withdrawn": True, "expired": True}, Step.DROP),
        ({"in_doubt": True, "withdrawn": True, "expired": True, "quiet": True}, Step.LOOK),
        ({"in_doubt": True, "in_thread": True}, Step.LOOK_IN_THREAD),
        ({"on_show": True, "quiet": True, "expired": True}, Step.UPDATE),
        ({"on_show": True, "withdrawn": True}, Step.DELETE),
    ],
)
def test_one_step_at_a_time(so: dict[str, bool], step: Step) -> None:
    facts = dict.fromkeys(("on_show", "withdrawn", "in_doubt", "in_thread", "expired", "quiet"), False)
    assert delivery.next_step(**facts | so) is step


def test_three_steps_ask_slack_nothing() -> None:
    assert [step for step in Step if not step.asks_slack] == [Step.DROP, Step.EXPIRE, Step.HOLD]


def test_an_hour_is_not_late() -> None:
    assert not delivery.is_late(NOW, NOW + HOUR)
    assert delivery.is_late(NOW, NOW + HOUR + SECOND)


@pytest.mark.parametrize(
    ("at", "zone", "hours", "until"),
    [
        ("2026-11-20T17:59", "Europe/London", NIGHT, None),
        ("2026-11-20T18:00", "Europe/London", NIGHT, "2026-11-21T08:30+00:00"),
        ("2026-11-21T08:29", "Europe/London", NIGHT, "2026-11-21T08:30+00:00"),
        ("2026-11-21T08:30", "Europe/London", NIGHT, None),
        ("2026-11-20T13:00", "Europe/London", (time(12), time(14)), "2026-11-20T14:00+00:00"),
        ("2026-11-20T14:00", "Europe/London", (time(12), time(14)), None),
        ("2026-11-20T12:00", "Europe/London", (time(9), time(9)), None),
        # The night in which the clocks go forward is an hour shorter, the other one longer.
        ("2026-03-28T23:00", "Europe/London", NIGHT, "2026-03-29T08:30+01:00"),
        ("2026-10-24T23:00", "Europe/London", NIGHT, "2026-10-25T08:30+00:00"),
        # 01:30 does not exist on the one day, and comes twice on the other: it is over after the first time.
        ("2026-03-29T00:15", "Europe/London", (time(18), time(1, 30)), "2026-03-29T02:30+01:00"),
        ("2026-10-25T01:15", "Europe/London", (time(18), time(1, 30)), "2026-10-25T01:30+01:00"),
        # Leap day, and a zone that is half an hour off.
        ("2028-02-29T22:00", "Asia/Kolkata", NIGHT, "2028-03-01T08:30+05:30"),
    ],
)
def test_quiet_hours_are_the_readers_own(at: str, zone: str, hours: tuple[time, time], until: str | None) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    expected = datetime.fromisoformat(until) if until else None
    assert delivery.quiet_until(now, ZoneInfo(zone), hours) == expected


def test_a_repeated_end_of_the_night_is_the_first_one() -> None:
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert delivery.quiet_until(second, ZoneInfo("Europe/London"), (time(18), time(1, 30))) is None


def test_waits_double_up_to_a_quarter_of_an_hour_and_differ() -> None:
    waits = [delivery.backoff(attempts, 7) for attempts in range(1, 20)]
    assert all(0.75 * 2**n <= wait.total_seconds() <= 2**n for n, wait in enumerate(waits[:9], 1))
    assert max(waits) <= LONGEST_BACKOFF
    assert len({delivery.backoff(5, seed) for seed in range(50)}) > 40


@pytest.mark.parametrize("a_minute", [2, 30, 50, 300, 6000])
def test_in_no_minute_are_there_more_calls_than_slack_takes(a_minute: int) -> None:
    """Whoever takes all that it may, each hundredth of a second, for three minutes."""
    free_at, calls = None, []
    for tick in range(18_000):
        now = NOW + tick * SECOND / 100
        may = delivery.allowance(free_at, a_minute, now)
        if may:
            free_at = delivery.spent(free_at, may, a_minute, now)
        calls.append(may)
    most = max(sum(calls[start : start + 6001]) for start in range(0, 12_000, 10))
    assert most <= a_minute
    if a_minute >= 50:
        assert sum(calls[6000:12_000]) >= 0.95 * a_minute


def test_a_pace_has_room_for_all_and_for_what_is_urgent() -> None:
    assert (Pace(at_once=24).share, Pace(at_once=24).spare) == (12, 4)
    assert (Pace(at_once=1).share, Pace(at_once=1).spare) == (1, 1)
    assert Pace().a_minute(Step.POST) > Pace().a_minute(Step.UPDATE)
