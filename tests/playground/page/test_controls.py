"""The steps of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.playground.page import controls
from tests.playground.page.stub import NOW, Clockwork, a_slack

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "friday"),
    [
        (datetime(2025, 11, 18, 9, tzinfo=UTC), datetime(2025, 11, 21, 15, tzinfo=UTC)),
        (datetime(2025, 11, 21, 14, 59, tzinfo=UTC), datetime(2025, 11, 21, 15, tzinfo=UTC)),
        (datetime(2025, 11, 21, 15, tzinfo=UTC), datetime(2025, 11, 28, 15, tzinfo=UTC)),
        (datetime(2025, 7, 5, 9, tzinfo=UTC), datetime(2025, 7, 11, 14, tzinfo=UTC)),
    ],
)
def test_next_friday_is_at_three_in_the_readers_zone(now: datetime, friday: datetime) -> None:
    assert controls.next_friday(now, LONDON) == friday


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("due", NOW + timedelta(minutes=90)),
        ("friday", NOW + timedelta(minutes=30)),
        ("hour", NOW + timedelta(hours=1)),
        ("day", NOW + timedelta(days=1)),
    ],
)
def test_every_step_leads_somewhere(name: str, moment: datetime) -> None:
    clockwork = Clockwork(a_slack()[0])

    assert controls.step(clockwork, name, LONDON)
    assert clockwork.now() == moment


def test_what_is_overdue_happens_now() -> None:
    clockwork = Clockwork(a_slack()[0])
    clockwork.due = NOW - timedelta(hours=1)

    assert controls.step(clockwork, "due", LONDON)
    assert clockwork.now() == NOW


@pytest.mark.parametrize("name", ["due", "year", ""])
def test_a_step_that_leads_nowhere_moves_nothing(name: str) -> None:
    clockwork = Clockwork(a_slack()[0])
    clockwork.due = None

    assert not controls.step(clockwork, name, LONDON)
    assert clockwork.now() == NOW
