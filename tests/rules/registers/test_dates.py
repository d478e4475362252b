"""Dates as registers write them, and which part of one is the day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.registers import dates
from bot.rules.registers.cells import Reading, is_blank
from bot.rules.registers.dates import DateOrder


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-03",
        "2026/4/3",
        "20260403",
        "2026-04-03T00:00:00Z",
        "2026-04-03 09:30",
        "03/04/2026",
        "3/4/26",
        "03-04-2026",
        "03.04.26",
        "03. 04. 2026",
        "3 April 2026",
        "3rd Apr 2026",
        "Fri, 3 Apr 26",
        "3-Apr-2026",
        "April 3, 2026",
        "Friday, April 3rd, 2026",
        "46115",
        "46115.5",
        "03/04/2026 00:00:00",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert dates.day(text) == Reading(date(2026, 4, 3))


def test_two_digits_of_a_year_turn_at_seventy() -> None:
    assert dates.day("31.12.41").value == date(2041, 12, 31)
    assert dates.day("31.12.69").value == date(2069, 12, 31)
    assert dates.day("01.04.97").value == date(1997, 4, 1)


def test_far_dates_are_real() -> None:
    assert dates.day("31/12/2075").value == date(2075, 12, 31)


@pytest.mark.parametrize("text", ["Feb-24", "February 2024", "02/2024", "feb '24"])
def test_a_month_is_its_first_day_or_its_last_where_something_ends(text: str) -> None:
    assert dates.day(text).value == date(2024, 2, 1)
    assert dates.day(text, last_of_month=True).value == date(2024, 2, 29)


def test_where_the_month_comes_first() -> None:
    assert dates.day("03/04/2026", order=DateOrder.MONTH_FIRST).value == date(2026, 3, 4)
    assert dates.day("03.04.2026", order=DateOrder.MONTH_FIRST).value == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#N/A", "is not a date"),
        ("TBD", "is not a date"),
        ("Reset", "is not a date"),
        ("No end date", "is not a date"),
        ("1/012/2014", "is not a date"),
        ("2025", "is not a date"),
        ("12345", "is not a date"),
        ("Foo-24", "is not a date"),
        ("3 Foo 2026", "is not a date"),
        ("13/2024", "is not a date"),
        ("Exempt under Section 43 of the Freedom of Information Act 2000 as amended", "is not a date"),
        ("31/04/2026", "is a day that does not exist"),
        ("04/13/2026", "is a day that does not exist"),
        ("01/01/0206", "is a date outside 1950 to 2199"),
    ],
)
def test_what_is_no_date_is_left_blank(text: str, why: str) -> None:
    assert dates.day(text) == Reading(None, f'"{text}" {why}; left blank')


def test_a_blank_is_no_date() -> None:
    assert dates.day("n/a") == Reading()


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2026", "13/04/2026"], DateOrder.DAY_FIRST),
        (["03/04/2026", "04/13/2026 00:00"], DateOrder.MONTH_FIRST),
        (["13/04/2026", "04/13/2026"], DateOrder.DAY_FIRST),
        (["03/04/2026"], None),
        (["31.12.2026", "2026-12-31", "x"], None),
    ],
)
def test_a_number_above_twelve_proves_the_order(values: list[str], order: DateOrder | None) -> None:
    assert dates.order_of(values) is order


def test_only_dates_with_slashes_and_dashes_have_an_order_to_know() -> None:
    assert dates.has_order(["TBD", "03/04/2026"])
    assert not dates.has_order(["03.04.2026", "2026-04-03", "/" * 100])


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_form_of_a_day_is_that_day(day: date) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%d %B %Y", "%d-%b-%y", "%B %d, %Y"):
        assert dates.day(day.strftime(form)).value == day
    assert dates.day(day.strftime("%m/%d/%Y"), order=DateOrder.MONTH_FIRST).value == day


@given(st.text(alphabet="0123456789/.- :TZaprAPR'", max_size=24) | st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for order in DateOrder:
        reading = dates.day(text, order=order, last_of_month=True)
        assert isinstance(reading.value, date) or reading.why or is_blank(text)
