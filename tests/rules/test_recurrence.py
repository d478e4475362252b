"""Rules of days, against dateutil as the oracle."""

from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import recurrence
from bot.rules.recurrence import Frequency, Rule

MONDAY = date(2026, 1, 5)
DAY = timedelta(days=1)


def unrolled(rrule: str, anchor: date, start: date, end: date) -> list[date]:
    return list(recurrence.days(recurrence.read(rrule), anchor, start, end))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """RRULEs of every shape that is kept, possible or not."""
    frequency = draw(st.sampled_from(list(Frequency)))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 13))}", f"WKST={draw(st.sampled_from(DAYS))}"]
    monthly = frequency is Frequency.MONTHLY
    months = draw(st.sets(st.integers(1, 12), max_size=3))
    if months:
        parts.append("BYMONTH=" + ",".join(map(str, sorted(months))))
    in_months = monthly or (frequency is Frequency.YEARLY and bool(months))
    if frequency is not Frequency.WEEKLY:
        month_days = draw(st.sets(st.integers(-31, 31).filter(bool), max_size=3))
        if month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, sorted(month_days))))
    nth = st.sampled_from(["", "1", "+2", "5", "-1", "-3"]) if in_months else st.just("")
    weekdays = draw(st.sets(st.tuples(nth, st.sampled_from(DAYS)).map("".join), max_size=3))
    if weekdays:
        parts.append("BYDAY=" + ",".join(sorted(weekdays)))
    if in_months:
        positions = draw(st.sets(st.sampled_from([1, 2, 3, -1, -2]), max_size=2))
        if positions:
            parts.append("BYSETPOS=" + ",".join(map(str, sorted(positions))))
    return ";".join(parts)


DAYS = recurrence.WEEKDAYS


@given(rules(), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_a_rule_names_the_days_that_dateutil_finds(rrule: str, anchor: date) -> None:
    end = anchor + timedelta(days=1500)
    found = unrolled(rrule, anchor, anchor, end)
    assume(found)  # dateutil would look for an impossible one until the year 9999

    oracle = rrulestr(rrule, dtstart=datetime.combine(anchor, time()))

    expected = [moment.date() for moment in islice(oracle, len(found) + 1) if moment.date() <= end]
    assert found == expected


@given(rules(), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 4000), st.integers(0, 700))
def test_a_window_shows_the_same_days_as_the_whole(rrule: str, anchor: date, skip: int, width: int) -> None:
    start = anchor + skip * DAY
    end = start + width * DAY
    whole = unrolled(rrule, anchor, anchor, end)

    seen = unrolled(rrule, anchor, start, end)

    assert seen == [day for day in whole if day >= start]
    assert recurrence.last(recurrence.read(rrule), anchor, start, end) == (seen[-1] if seen else None)


def test_days_before_the_anchor_keep_its_parity() -> None:
    thursdays = unrolled("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", date(2026, 1, 8), date(2025, 12, 1), date(2026, 1, 31))

    assert thursdays == [date(2025, 12, 11), date(2025, 12, 25), date(2026, 1, 8), date(2026, 1, 22)]


def test_every_second_week_depends_on_where_a_week_begins() -> None:
    anchor, end = date(1997, 8, 5), date(1997, 8, 31)

    # The example of RFC 5545, 3.3.10.
    assert unrolled("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", anchor, anchor, end) == [
        date(1997, 8, day) for day in (5, 10, 19, 24)
    ]
    assert unrolled("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", anchor, anchor, end) == [
        date(1997, 8, day) for day in (5, 17, 19, 31)
    ]


@pytest.mark.parametrize(
    ("rrule", "expected"),
    [
        ("FREQ=DAILY", {}),
        ("FREQ=WEEKLY", {"weekdays": frozenset({(0, 3)})}),
        ("FREQ=WEEKLY;BYDAY=MO", {"weekdays": frozenset({(0, 0)})}),
        ("FREQ=MONTHLY", {"month_days": frozenset({31})}),
        ("FREQ=MONTHLY;BYDAY=-1FR", {"weekdays": frozenset({(-1, 4)})}),
        ("FREQ=YEARLY", {"months": frozenset({12}), "month_days": frozenset({31})}),
        ("FREQ=YEARLY;BYMONTH=3", {"months": frozenset({3}), "month_days": frozenset({31})}),
    ],
)
def test_what_a_rule_leaves_open_comes_from_its_anchor(rrule: str, expected: dict[str, frozenset[int]]) -> None:
    rule = recurrence.anchored(recurrence.read(rrule), date(2026, 12, 31))

    assert rule == Rule(rule.frequency, **expected)  # type: ignore[arg-type]


def test_a_month_without_the_day_is_left_out() -> None:
    found = unrolled("FREQ=MONTHLY;BYMONTHDAY=31", MONDAY, MONDAY, date(2026, 7, 31))

    assert [day.month for day in found] == [1, 3, 5, 7]


def test_the_last_friday_of_a_month() -> None:
    found = unrolled("FREQ=MONTHLY;BYDAY=-1FR", MONDAY, MONDAY, date(2026, 6, 30))

    assert [day.day for day in found] == [30, 27, 27, 24, 29, 26]


def test_a_year_ends_with_its_last_day() -> None:
    found = unrolled("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", MONDAY, date(2027, 12, 30), date(2029, 1, 2))

    assert found == [date(2027, 12, 30) + n * DAY for n in range(370)]


def test_the_last_working_day_of_a_month() -> None:
    rrule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"

    found = unrolled(rrule, MONDAY, MONDAY, date(2026, 5, 31))

    assert found == [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 29)]


def test_a_leap_day_comes_every_fourth_year_but_not_in_2100() -> None:
    found = unrolled("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", MONDAY, date(2092, 1, 1), date(2108, 12, 31))

    assert found == [date(year, 2, 29) for year in (2092, 2096, 2104, 2108)]


def test_an_old_anchor_costs_no_more_than_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    members = recurrence._members

    def counting(rule: Rule, number: int) -> list[date]:
        looked_at.append(number)
        return members(rule, number)

    monkeypatch.setattr(recurrence, "_members", counting)
    for anchor in (date(2026, 1, 1), date(1900, 1, 4)):
        next(recurrence.days(recurrence.read("FREQ=DAILY"), anchor, date(2026, 6, 1), date(2030, 1, 1)))

    assert len(looked_at) == 2


def test_the_search_for_an_impossible_rule_ends_with_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def counting(rule: Rule, number: int) -> list[date]:
        looked_at.append(number)
        return []

    monkeypatch.setattr(recurrence, "_members", counting)

    assert unrolled("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", MONDAY, MONDAY, MONDAY + timedelta(days=999)) == []
    assert len(looked_at) == 1000


def test_a_rule_is_read_in_any_case_and_with_its_name() -> None:
    assert recurrence.read(" rrule:freq=weekly;byday=fr ") == Rule(Frequency.WEEKLY, weekdays=frozenset({(0, 4)}))


@pytest.mark.parametrize(
    "rrule",
    [
        *("", "weekly", "FREQ", "FREQ=", "FREQ=HOURLY", "FREQ=MINUTELY", "INTERVAL=2", "FREQ=WEEKLY;", "FREQ=WEEKLY;;"),
        *("FREQ=WEEKLY;FREQ=DAILY", "FREQ=DAILY=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=367"),
        *("FREQ=DAILY;INTERVAL=x", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=1.5", "FREQ=DAILY;INTERVAL=٣"),
        *("FREQ=DAILY;INTERVAL=" + "9" * 5000, "FREQ=YEARLY;BYMONTH=0", "FREQ=YEARLY;BYMONTH=13", "FREQ=DAILY;WKST=XX"),
        *("FREQ=YEARLY;BYMONTH=-1", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;BYMONTH=,"),
        *("FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=MO,", "FREQ=MONTHLY;BYDAY=0MO"),
        *("FREQ=MONTHLY;BYSETPOS=0", "FREQ=MONTHLY;BYSETPOS=367"),
    ],
)
def test_what_is_no_rule_is_refused_with_an_example(rrule: str) -> None:
    with pytest.raises(Refused, match="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH") as refused:
        recurrence.read(rrule)

    assert set(refused.value.fields) == {"cadence"}


@pytest.mark.parametrize(
    "part", ["UNTIL=20270101", "COUNT=3", "BYHOUR=9", "DTSTART=20260101", "BYWEEKNO=3", "BYEASTER=1", "BYYEARDAY=1"]
)
def test_parts_that_a_cadence_does_not_have_are_refused(part: str) -> None:
    with pytest.raises(
        Refused, match="made of BYDAY, BYMONTH, BYMONTHDAY, BYSETPOS, FREQ, INTERVAL, WKST only"
    ) as refused:
        recurrence.read(f"FREQ=DAILY;{part}")

    assert set(refused.value.fields) == {"cadence"}


@pytest.mark.parametrize(
    ("rrule", "why"),
    [
        ("FREQ=WEEKLY;BYMONTHDAY=1", "no days of the month"),
        ("FREQ=WEEKLY;BYDAY=1MO", "counted in a month"),
        ("FREQ=YEARLY;BYDAY=-1MO", "counted in a month"),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=1", "counted in a month"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(rrule: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        recurrence.read(rrule)

    assert set(refused.value.fields) == {"cadence"}
