"""What people type for dates and times, and what Slack makes of their text."""

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import words

SUNDAY = date(2026, 11, 22)
WEDNESDAY = date(2026, 11, 25)
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", date(2026, 11, 25)),
        ("tomorrow", date(2026, 11, 26)),
        ("next week", date(2026, 11, 30)),
        ("fri", date(2026, 11, 27)),
        ("Friday", date(2026, 11, 27)),
        ("on friday.", date(2026, 11, 27)),
        ("mon", date(2026, 11, 30)),
        ("tues", date(2026, 12, 1)),
        ("weds", None),
        ("wednesday", date(2026, 12, 2)),
        ("thurs", date(2026, 11, 26)),
        ("sat", date(2026, 11, 28)),
        ("sunday", date(2026, 11, 29)),
        ("this wed", date(2026, 11, 25)),
        ("this fri", date(2026, 11, 27)),
        ("this mon", date(2026, 11, 30)),
        ("next fri", date(2026, 12, 4)),
        ("next monday", date(2026, 11, 30)),
        ("+5d", date(2026, 11, 30)),
        ("5d", date(2026, 11, 30)),
        ("+2w", date(2026, 12, 9)),
        ("+3m", date(2027, 2, 25)),
        ("+3wd", date(2026, 11, 30)),
        ("in 3 days", date(2026, 11, 28)),
        ("in a week", date(2026, 12, 2)),
        ("in 1 month", date(2026, 12, 25)),
        ("in 10 working days", date(2026, 12, 9)),
        ("eow", date(2026, 11, 27)),
        ("eom", date(2026, 11, 30)),
        ("eoq", date(2026, 12, 31)),
        ("eoy", date(2026, 12, 31)),
        ("end of month", date(2026, 11, 30)),
        ("end of the quarter", date(2026, 12, 31)),
        ("end of this year", date(2026, 12, 31)),
        ("end of week", date(2026, 11, 27)),
        ("30 jun", date(2027, 6, 30)),
        ("30 June 2028", date(2028, 6, 30)),
        ("30th of June", date(2027, 6, 30)),
        ("1st sept", date(2027, 9, 1)),
        ("30jun", date(2027, 6, 30)),
        ("30-jun-2027", date(2027, 6, 30)),
        ("jun 30", date(2027, 6, 30)),
        ("June 30th, 2027", date(2027, 6, 30)),
        ("25 nov", date(2026, 11, 25)),
        ("24 nov", date(2027, 11, 24)),
        ("1 may", date(2027, 5, 1)),
        ("29 feb", date(2028, 2, 29)),
        ("31 mar", date(2027, 3, 31)),
        ("2026-12-01", date(2026, 12, 1)),
        ("2020-1-9", date(2020, 1, 9)),
        ("01/12/2026", date(2026, 12, 1)),
        ("01.12.2026", date(2026, 12, 1)),
        ("1-12-2026", date(2026, 12, 1)),
        ("01/12/27", date(2027, 12, 1)),
        ("1.12.", date(2026, 12, 1)),
        ("24/11", date(2027, 11, 24)),
        ("  Fri  ", date(2026, 11, 27)),
    ],
)
def test_a_date_in_words(text: str, expected: date | None) -> None:
    if expected:
        assert words.due_date(text, WEDNESDAY) == expected
    else:
        with pytest.raises(Refused):
            words.due_date(text, WEDNESDAY)


def test_a_weekday_is_never_today_unless_it_is_this_one() -> None:
    assert words.due_date("fri", FRIDAY) == FRIDAY + timedelta(weeks=1)
    assert words.due_date("this fri", FRIDAY) == FRIDAY


def test_at_a_weekend_the_week_ends_with_the_coming_friday() -> None:
    assert words.due_date("eow", FRIDAY) == FRIDAY
    assert words.due_date("eow", SUNDAY) == FRIDAY
    assert words.due_date("next week", SUNDAY) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        (date(2027, 1, 31), "+1m", date(2027, 2, 28)),
        (date(2027, 1, 31), "eoq", date(2027, 3, 31)),
        (date(2027, 4, 1), "eoq", date(2027, 6, 30)),
        (date(2027, 9, 30), "eoq", date(2027, 9, 30)),
        (date(2028, 2, 1), "eom", date(2028, 2, 29)),
        (date(2096, 3, 1), "29 feb", date(2104, 2, 29)),
        (date(2028, 2, 29), "29 feb", date(2028, 2, 29)),
    ],
)
def test_dates_near_the_end_of_a_month(today: date, text: str, expected: date) -> None:
    assert words.due_date(text, today) == expected


@pytest.mark.parametrize(
    "text",
    ["", "may", "june", "may 2027", "due", "soon", "friday week", "5", "30", "p4", "+d", "in days", "2026", "٣d"],
)
def test_what_is_no_date_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Refused, match="fri, \\+5d, 30 jun or 2027-06-30") as refused:
        words.due_date(text, WEDNESDAY)

    assert set(refused.value.fields) == {"due"}


@pytest.mark.parametrize("text", ["31 jun", "30 feb", "2026-02-29", "12/25/2026", "00.01.2027", "0 jan", "32/1"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no such day") as refused:
        words.due_date(text, WEDNESDAY)

    assert set(refused.value.fields) == {"due"}


@given(st.text() | st.from_regex(r"[0-9]{1,5}[ ./-]?(d|w|m|wd|jun|feb|[0-9]{1,2})[ ./-]?[0-9]{0,5}", fullmatch=True))
@example("in 9999 weeks")
@example("+9999m")
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with suppress(Refused):
        assert isinstance(words.due_date(text, WEDNESDAY), date)


def test_near_the_end_of_time_a_date_is_refused() -> None:
    with pytest.raises(Refused, match="no such day"):
        words.due_date("tomorrow", date.max)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15:00", time(15)),
        (" 9:30 ", time(9, 30)),
        ("15:30:00", time(15, 30)),
        ("00:00", time()),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_of_day(text: str, expected: time) -> None:
    assert words.clock_time(text) == expected


@pytest.mark.parametrize("text", ["", "24:00", "12:60", "9", "9.30", "3pm", "12:30:15", "٩:30", "112:00"])
def test_what_is_no_time_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Refused, match="15:00") as refused:
        words.clock_time(text, field="cadence_time")

    assert set(refused.value.fields) == {"cadence_time"}


def test_a_text_is_kept_but_for_what_no_store_keeps() -> None:
    assert words.tidy("  Größe\t“x”\n✓ 👩‍💻\x00\x1b\x7f ") == "Größe\t“x”\n✓ 👩‍💻"
    assert words.tidy("half \ud83d of one") == "half   of one"


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("ask <@U12|ana> and <@W3>", "ask @ana and @W3"),
        ("see <#C1|apollo> or <#C2|>", "see #apollo or #C2"),
        ("<https://x.y/z?a=1&amp;b=2|x.y> and <https://x.y>", "https://x.y/z?a=1&b=2 and https://x.y"),
        ("<mailto:a@b.c|a@b.c>", "mailto:a@b.c"),
        ("R&amp;D &lt;5 &gt; 3 &amp;lt;", "R&D <5 > 3 &lt;"),
        ("a < b, c > d, <!here>", "a < b, c > d, <!here>"),
    ],
)
def test_the_marks_of_slack_are_taken_out(sent: str, typed: str) -> None:
    assert words.unmarked(sent) == typed


@pytest.mark.parametrize(
    ("text", "left", "expected"),
    [
        ("a due fri b", "a b", FRIDAY),
        ("DUE: fri", "", FRIDAY),
        ("due end of the month x y", "x y", date(2026, 11, 30)),
        ("a due to rain due tomorrow", "a due to rain", date(2026, 11, 26)),
        ("due fri due mon", "due mon", FRIDAY),
        ("a b due", "a b due", None),
        ("overdue fri", "overdue fri", None),
        ("", "", None),
    ],
)
def test_a_date_after_a_word_is_taken_out_with_it(text: str, left: str, expected: date | None) -> None:
    assert words.date_after("due", text.split(), WEDNESDAY) == (left.split(), expected)


@pytest.mark.parametrize("text", ["1989-12-31", "0001-01-01", "1 jan 9999", "31/12/1066", "+9999m"])
def test_a_day_that_nobody_can_mean_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Check the year"):
        words.due_date(text, date(2026, 11, 20))


def test_the_first_and_the_last_day_that_can_be_meant() -> None:
    assert words.due_date("1990-01-01", date(2026, 11, 20)) == words.FIRST_DAY
    assert words.due_date("2199-12-31", date(2026, 11, 20)) == words.LAST_DAY
