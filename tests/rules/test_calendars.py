"""Calendars: public holidays of a place, closed days of its own, and what is moved by them."""

from datetime import date, timedelta

import pytest

from bot.errors import Refused
from bot.rules import calendars
from bot.rules.calendars import NONE, Calendar

TODAY = date(2026, 11, 20)
CHRISTMAS = date(2026, 12, 25)
ENGLAND = Calendar("GB-ENG")
CLOSED = Calendar(closed=frozenset({date(2026, 11, 23), date(2026, 11, 24)}))


def test_without_a_calendar_every_day_is_open() -> None:
    assert not NONE
    assert not NONE.is_closed(CHRISTMAS)
    assert NONE.is_working(CHRISTMAS)
    assert NONE.moved(CHRISTMAS) == CHRISTMAS
    assert NONE.name(CHRISTMAS) == ""
    assert NONE.upcoming(TODAY, 3) == []


def test_holidays_and_closed_days_are_closed_and_weekends_do_not_work() -> None:
    assert ENGLAND.is_closed(CHRISTMAS)
    assert ENGLAND.name(CHRISTMAS) == "Christmas Day"
    assert CLOSED.is_closed(date(2026, 11, 23))
    assert not ENGLAND.is_closed(date(2026, 11, 21))
    assert not ENGLAND.is_working(date(2026, 11, 21))
    assert ENGLAND.is_working(TODAY)


def test_a_holiday_moves_to_the_next_working_day() -> None:
    assert ENGLAND.moved(CHRISTMAS) == date(2026, 12, 29)
    assert CLOSED.moved(date(2026, 11, 23)) == date(2026, 11, 25)
    assert CLOSED.moved(TODAY) == TODAY


def test_who_is_closed_for_months_is_asked_all_the_same() -> None:
    shut = Calendar(closed=frozenset(TODAY + timedelta(days=ahead) for ahead in range(100)))

    assert shut.moved(TODAY) == TODAY
    assert shut.plus(TODAY, 1) == date(2027, 3, 1)
    assert Calendar(closed=frozenset(TODAY + timedelta(days=ahead) for ahead in range(400))).plus(TODAY, 1) == (
        TODAY + timedelta(days=366)
    )


def test_working_days_are_counted_over_holidays() -> None:
    assert ENGLAND.plus(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert NONE.plus(TODAY, 2) == date(2026, 11, 24)
    assert NONE.plus(TODAY, 0) == TODAY


def test_what_is_closed_next_is_told_with_its_name() -> None:
    both = Calendar("GB-ENG", frozenset({date(2026, 12, 24)}))

    assert both.upcoming(TODAY, 2) == [(date(2026, 12, 24), ""), (CHRISTMAS, "Christmas Day")]


def test_places_are_found_by_name_and_by_code_with_their_regions() -> None:
    assert ("GB", "United Kingdom") in calendars.search("united")
    assert calendars.search("gb")[0] == ("GB", "United Kingdom")
    assert ("GB-SCT", "United Kingdom: Scotland") in calendars.search("united king")
    assert ("DE-BY", "Germany: Bayern") in calendars.search("germany")
    assert ("DE-BY", "Germany: Bayern") in calendars.search("Germany: Bay")
    assert ("DE-BE", "Germany: Berlin") not in calendars.search("Germany: Bay")
    assert calendars.search("xyzzy") == []
    assert len(calendars.search("")) == calendars.MOST_FOUND


def test_a_place_is_named_and_checked() -> None:
    assert calendars.name_of("GB-SCT") == "United Kingdom: Scotland"
    assert calendars.name_of("DE") == "Germany"
    assert calendars.name_of("QQ") == "QQ"
    assert calendars.check_place("GB-SCT") == "GB-SCT"
    for unknown in ("QQ", "GB-QQ", "QQ-QQ"):
        with pytest.raises(Refused) as refused:
            calendars.check_place(unknown)
        assert refused.value.fields == {"country": calendars.NO_PLACE}


def test_closed_days_are_read_and_written_alike() -> None:
    days = calendars.read_days("24 dec 2026 to 26 dec 2026, 2027-01-04;\n\n 6 March 2027", TODAY)

    assert sorted(days) == [
        *(date(2026, 12, day) for day in (24, 25, 26)),
        date(2027, 1, 4),
        date(2027, 3, 6),
    ]
    assert calendars.written(days) == "24 dec 2026 to 26 dec 2026\n4 jan 2027\n6 mar 2027"
    assert calendars.read_days(calendars.written(days), TODAY) == days
    assert calendars.read_days("", TODAY) == frozenset()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("24 dec 2026\nsomeday", "Number 2 is no date."),
        ("26 dec 2026 to 24 dec 2026", "Number 1 is no date."),
        ("1 jan 2026 to 31 dec 2027", "Number 1 is no date."),
        ("1 jan 2027 to 30 jun 2027, 1 jul 2027 to 31 dec 2027", "Keep it to 200 days."),
    ],
)
def test_what_is_no_day_is_refused_by_its_number(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        calendars.read_days(text, TODAY)
    assert refused.value.fields["closed"].startswith(why)
