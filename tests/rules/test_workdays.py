"""Working days, against counting them one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import workdays

DAY = timedelta(days=1)
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DATES, st.integers(0, 60))
def test_adding_is_walking_from_working_day_to_working_day(day: date, count: int) -> None:
    walked, left = day, count
    while left:
        walked += DAY
        left -= workdays.is_working(walked)

    assert workdays.plus(day, count) == walked


@given(DATES, st.integers(0, 400))
def test_counting_is_the_sum_of_the_working_days(start: date, length: int) -> None:
    end = start + length * DAY
    counted = sum(workdays.is_working(start + n * DAY) for n in range(1, length + 1))

    assert workdays.between(start, end) == counted
    assert workdays.between(end, start) == -counted


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 2, date(2026, 11, 24)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 22), 2, date(2026, 11, 24)),
        (date(2026, 11, 16), 10, date(2026, 11, 30)),
    ],
)
def test_weekends_do_not_count(day: date, count: int, expected: date) -> None:
    assert workdays.plus(day, count) == expected


def test_a_slip_of_45_days_is_33_working_days() -> None:
    # Vector SCH-01: forecast minus baseline, Monday to Friday, no holidays.
    assert workdays.between(date(2025, 3, 31), date(2025, 5, 15)) == 33
