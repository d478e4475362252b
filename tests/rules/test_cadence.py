"""Cadences: local rules, zones and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import cadence
from bot.rules.cadence import CHOICES, Cadence
from bot.rules.calendars import Calendar

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
SUNDAY = date(2026, 11, 22)
NOON, THREE = time(12), time(15)
DAILY = "FREQ=DAILY"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def a_cadence(rrule: str = DAILY, at: time = NOON, anchor: date = date(2026, 1, 1)) -> Cadence:
    return Cadence(rrule, at, anchor)


def first_dues(at: time, zone: str, before: datetime, count: int = 3) -> list[datetime]:
    return cadence.upcoming(a_cadence(at=at), ZoneInfo(zone), before, count)


def test_the_local_time_holds_when_the_clocks_change() -> None:
    mondays = cadence.weekly(0, time(9), SUNDAY)

    before, after = cadence.upcoming(a_cadence(mondays.rrule, time(9)), LONDON, utc(2026, 10, 18), 2)

    assert before == utc(2026, 10, 19, 8)
    assert after == utc(2026, 10, 26, 9)


@pytest.mark.parametrize(
    ("zone", "at", "before", "due"),
    [
        ("America/New_York", time(2, 30), utc(2027, 3, 14, 0), utc(2027, 3, 14, 7, 30)),  # shown as 03:30
        ("Europe/London", time(1, 30), utc(2027, 3, 28, 0), utc(2027, 3, 28, 1, 30)),  # shown as 02:30
        ("Australia/Lord_Howe", time(2, 15), utc(2026, 10, 3, 12), utc(2026, 10, 3, 15, 45)),  # shown as 02:45
        ("Africa/Cairo", time(0), utc(2027, 4, 29, 12), utc(2027, 4, 29, 22)),  # midnight, shown as 01:00
    ],
)
def test_a_time_that_the_clocks_skip_moves_forward(zone: str, at: time, before: datetime, due: datetime) -> None:
    first, second, _ = first_dues(at, zone, before)

    assert first == due
    assert second.astimezone(ZoneInfo(zone)).time() == at


@pytest.mark.parametrize(
    ("zone", "at", "before", "due", "next_day"),
    [
        ("America/New_York", time(1, 30), utc(2026, 11, 1, 0), utc(2026, 11, 1, 5, 30), utc(2026, 11, 2, 6, 30)),
        ("Europe/London", time(1, 30), utc(2026, 10, 24, 12), utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)),
        ("Australia/Lord_Howe", time(1, 45), utc(2026, 4, 4, 0), utc(2026, 4, 4, 14, 45), utc(2026, 4, 5, 15, 15)),
    ],
)
def test_a_time_that_the_clocks_repeat_is_due_once(
    zone: str, at: time, before: datetime, due: datetime, next_day: datetime
) -> None:
    assert first_dues(at, zone, before, 2) == [due, next_day]


def test_asked_within_the_repeated_hour_it_is_not_due_again() -> None:
    second_pass = utc(2026, 11, 1, 6, 15)  # 01:15 for the second time

    assert cadence.next_due(a_cadence(at=time(1, 30)), NEW_YORK, second_pass) == utc(2026, 11, 2, 6, 30)


def test_the_fold_of_a_stored_time_does_not_matter() -> None:
    assert cadence.moment(date(2026, 11, 1), time(1, 30, fold=1), NEW_YORK) == utc(2026, 11, 1, 5, 30)


def test_a_day_that_a_zone_skips_whole_is_not_due_twice() -> None:
    samoa = cadence.upcoming(a_cadence(anchor=date(2011, 12, 1)), ZoneInfo("Pacific/Apia"), utc(2011, 12, 29), 3)

    assert samoa == [utc(2011, 12, 29, 22), utc(2011, 12, 30, 22), utc(2011, 12, 31, 22)]


def test_due_is_strictly_after() -> None:
    fridays = a_cadence("FREQ=WEEKLY;BYDAY=FR", THREE)

    assert cadence.next_due(fridays, LONDON, utc(2026, 11, 20, 14, 59, 59)) == utc(2026, 11, 20, 15)
    assert cadence.next_due(fridays, LONDON, utc(2026, 11, 20, 15)) == utc(2026, 11, 27, 15)


def test_nothing_is_due_before_the_anchor() -> None:
    assert cadence.next_due(a_cadence(anchor=date(2027, 5, 1)), LONDON, utc(2026, 11, 1)) == utc(2027, 5, 1, 11)


def test_far_east_and_far_west_of_utc_no_day_is_lost() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        after = utc(2026, 6, 1)
        for _ in range(3):
            due = cadence.next_due(a_cadence(at=time(0)), ZoneInfo(zone), after)
            assert timedelta(0) < due - after <= timedelta(days=1)
            after = due


@given(
    st.sampled_from(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", *(choice.rrule for choice in CHOICES)]),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"]),
    st.timedeltas(timedelta(0), timedelta(days=1095)).map(lambda later: utc(2025, 1, 1) + later),
)
def test_every_due_moment_comes_once_and_in_order(rrule: str, at: time, zone: str, after: datetime) -> None:
    anchor = date(2024, 12, 2)
    walls = rrulestr(rrule, dtstart=datetime.combine(anchor, at)).xafter(after.replace(tzinfo=None) - timedelta(2), 30)
    expected = [wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for wall in walls]

    found = cadence.upcoming(Cadence(rrule, at, anchor), ZoneInfo(zone), after, 20)

    assert found == sorted({due for due in expected if due > after})[:20]
    assert all(earlier < later for earlier, later in pairwise(found))


def test_walking_from_due_to_due_is_the_same_as_looking_ahead() -> None:
    daily, after, walked = a_cadence(at=time(1, 30)), utc(2026, 10, 1), []
    for _ in range(60):
        after = cadence.next_due(daily, LONDON, after)
        walked.append(after)

    assert walked == cadence.upcoming(daily, LONDON, utc(2026, 10, 1), 60)


def test_fortnights_keep_their_parity_over_the_years_and_over_a_year_of_53_weeks() -> None:
    thursdays = cadence.fortnightly(3, time(10), date(2026, 1, 1))

    found = cadence.upcoming(thursdays, LONDON, utc(2026, 12, 1), 4)
    later = cadence.next_due(thursdays, LONDON, utc(2035, 6, 1))

    assert [due.date() for due in found] == [date(2026, 12, day) for day in (3, 17, 31)] + [date(2027, 1, 14)]
    assert (later.date() - date(2026, 1, 1)).days % 14 == 0


def test_a_cadence_begins_with_the_coming_day() -> None:
    assert cadence.fortnightly(3, NOON, SUNDAY).anchor == date(2026, 11, 26)
    assert cadence.fortnightly(6, NOON, SUNDAY).anchor == SUNDAY


@pytest.mark.parametrize(
    ("made", "first", "words"),
    [
        (cadence.weekly(4, THREE, SUNDAY), date(2026, 11, 27), "every Friday at 15:00"),
        (cadence.fortnightly(3, time(10), SUNDAY), date(2026, 11, 26), "every second Thursday at 10:00"),
        (cadence.monthly_on_day(15, NOON, SUNDAY), date(2026, 12, 15), "on the 15th of each month at 12:00"),
        (cadence.monthly_on_day(-1, NOON, SUNDAY), date(2026, 11, 30), "on the last day of each month at 12:00"),
        (
            cadence.monthly_on_weekday(-1, 4, THREE, SUNDAY),
            date(2026, 11, 27),
            "on the last Friday of each month at 15:00",
        ),
        (
            cadence.monthly_on_working_day(1, time(9, 5), SUNDAY),
            date(2026, 12, 1),
            "on the first working day of each month at 09:05",
        ),
    ],
)
def test_the_common_cadences(made: Cadence, first: date, words: str) -> None:
    assert made.anchor == first
    assert cadence.in_words(made) == words


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=2", "every second day"),
        ("FREQ=DAILY;INTERVAL=21", "every 21st day"),
        ("FREQ=DAILY;INTERVAL=112", "every 112th day"),
        ("FREQ=WEEKLY", "every Thursday"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "every third Monday"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "every Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every second week on Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every working day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "every second week from Monday to Friday"),
        ("FREQ=MONTHLY", "on the 1st of each month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=22", "on the 22nd of every third month"),
        ("FREQ=MONTHLY;BYMONTHDAY=11", "on the 11th of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=13", "on the 13th of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=23", "on the 23rd of each month"),
        ("FREQ=MONTHLY;BYDAY=4TU", "on the fourth Tuesday of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "on the second last day of each month"),
        ("FREQ=MONTHLY;BYDAY=5TU", "on the fifth Tuesday of each month"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-3", "on the third last working day of each month"),
        ("FREQ=YEARLY", "on 1 January each year"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "on the last day of February each year"),
    ],
)
def test_a_cadence_in_words(rrule: str, words: str) -> None:
    assert cadence.in_words(a_cadence(rrule)) == f"{words} at 12:00"


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=DAILY;BYMONTHDAY=3",
        "FREQ=WEEKLY;BYMONTH=3",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYDAY=SU,TU,WE,TH,FR;BYSETPOS=1",
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1",
    ],
)
def test_a_rule_that_has_no_words_is_shown_as_it_is(rrule: str) -> None:
    assert cadence.in_words(a_cadence(rrule)) == f"by the rule {rrule} at 12:00"


def test_every_choice_of_a_form_makes_a_cadence_that_is_found_again() -> None:
    for choice in CHOICES:
        made = cadence.chosen(choice.id, NOON, SUNDAY)

        assert cadence.choice_of(made) == choice
        assert cadence.in_words(made).lower().removeprefix("on the ") == f"{choice.label} at 12:00".lower()
        assert cadence.next_due(made, LONDON, utc(2026, 11, 22)).date() == made.anchor


def test_the_default_choices_are_friday_for_check_ins_and_monday_for_digests() -> None:
    assert cadence.in_words(cadence.chosen(cadence.WEEKLY_FRIDAY, THREE, SUNDAY)) == "every Friday at 15:00"
    assert cadence.in_words(cadence.chosen(cadence.WEEKLY_MONDAY, time(9), SUNDAY)) == "every Monday at 09:00"


def test_a_rule_of_ones_own_is_no_choice() -> None:
    assert cadence.choice_of(a_cadence("FREQ=DAILY;INTERVAL=4")) is None


def test_a_choice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused, match="from the list") as refused:
        cadence.chosen("hourly", NOON, SUNDAY)

    assert set(refused.value.fields) == {"cadence"}


@pytest.mark.parametrize(
    ("rrule", "anchor"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", SUNDAY),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", date(2026, 4, 1)),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", date(2027, 1, 1)),
        ("FREQ=YEARLY;INTERVAL=10", SUNDAY),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", SUNDAY),
    ],
)
def test_a_rule_that_hardly_ever_comes_is_refused(rrule: str, anchor: date) -> None:
    with pytest.raises(Refused, match="within nine years") as refused:
        cadence.check(Cadence(rrule, NOON, anchor))

    assert set(refused.value.fields) == {"cadence"}


def test_a_cadence_is_not_begun_by_a_rule_that_never_comes() -> None:
    with pytest.raises(Refused, match="within nine years"):
        cadence.starting("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", NOON, SUNDAY)


def test_a_rare_rule_that_does_come_is_kept() -> None:
    leap_day = cadence.starting("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", NOON, date(2096, 3, 1))

    assert leap_day.anchor == date(2104, 2, 29)
    assert cadence.next_due(leap_day, LONDON, utc(2104, 3, 1)) == utc(2108, 2, 29, 12)


def test_a_cadence_that_begins_after_all_our_lives_is_refused() -> None:
    assert cadence.check(a_cadence(anchor=date(2200, 12, 31)))
    with pytest.raises(Refused, match="2200") as refused:
        cadence.check(a_cadence(anchor=date(2201, 1, 1)))

    assert set(refused.value.fields) == {"cadence"}


def test_a_stored_rule_that_never_comes_is_refused_when_asked() -> None:
    never = a_cadence("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")

    with pytest.raises(Refused, match="does not come again") as refused:
        cadence.next_due(never, LONDON, utc(2026, 1, 1))
    assert set(refused.value.fields) == {"cadence"}
    assert cadence.upcoming(never, LONDON, utc(2026, 1, 1), 3) == []
    assert cadence.period_of(never, utc(2026, 1, 1, 12), LONDON) == (date(2026, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("rrule", "due_at", "period"),
    [
        ("FREQ=WEEKLY;BYDAY=FR", utc(2026, 11, 27, 15), (date(2026, 11, 21), date(2026, 11, 27))),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", utc(2027, 1, 8, 15), (date(2026, 12, 26), date(2027, 1, 8))),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", utc(2028, 2, 29, 15), (date(2028, 2, 1), date(2028, 2, 29))),
        ("FREQ=WEEKLY;BYDAY=FR", utc(2026, 11, 25, 15), (date(2026, 11, 21), date(2026, 11, 25))),
    ],
)
def test_a_period_runs_from_the_day_after_the_due_day_before(
    rrule: str, due_at: datetime, period: tuple[date, date]
) -> None:
    assert cadence.period_of(Cadence(rrule, THREE, date(2026, 11, 27)), due_at, LONDON) == period


def test_a_period_ends_on_the_local_day() -> None:
    midnight = a_cadence("FREQ=WEEKLY;BYDAY=FR", time(0, 30))

    assert cadence.period_of(midnight, utc(2026, 7, 16, 23, 30), LONDON) == (date(2026, 7, 11), date(2026, 7, 17))


def test_periods_follow_each_other_without_gap_or_overlap() -> None:
    monthly = cadence.chosen("monthly_last_workday", THREE, date(2026, 1, 1))
    dues = cadence.upcoming(monthly, NEW_YORK, utc(2026, 1, 1), 30)

    periods = [cadence.period_of(monthly, due, NEW_YORK) for due in dues]

    assert all(end + timedelta(days=1) == start for (_, end), (start, _) in pairwise(periods))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "America", "\x00", "europe london"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="Europe/London") as refused:
        cadence.zone_named(name)

    assert set(refused.value.fields) == {"zone"}


def test_a_zone_by_name() -> None:
    assert cadence.zone_named("America/New_York") == NEW_YORK


ENGLAND = Calendar("GB-ENG")


def test_what_is_due_on_a_holiday_is_due_on_the_next_working_day() -> None:
    fridays = cadence.weekly(4, time(15), date(2026, 12, 4))
    after = datetime(2026, 12, 18, 15, tzinfo=UTC)

    due = cadence.upcoming(fridays, LONDON, after, 3, ENGLAND)

    assert due == [datetime(2026, 12, 29, 15, tzinfo=UTC), *(datetime(2027, 1, day, 15, tzinfo=UTC) for day in (4, 8))]
    assert cadence.next_due(fridays, LONDON, datetime(2026, 12, 27, tzinfo=UTC), ENGLAND) == due[0]


def test_a_period_ends_on_its_own_day_wherever_a_holiday_moves_the_asking() -> None:
    fridays = cadence.weekly(4, time(15), date(2026, 12, 4))

    moved = cadence.period_of(fridays, datetime(2026, 12, 29, 15, tzinfo=UTC), LONDON, ENGLAND)
    after = cadence.period_of(fridays, datetime(2027, 1, 8, 15, tzinfo=UTC), LONDON, ENGLAND)

    assert moved == (date(2026, 12, 19), date(2026, 12, 25))
    assert after == (date(2027, 1, 2), date(2027, 1, 8))


def test_days_that_holidays_move_together_are_asked_once_and_of_all() -> None:
    daily = cadence.starting("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(9), date(2026, 12, 1))

    due = cadence.next_due(daily, LONDON, datetime(2026, 12, 24, 9, tzinfo=UTC), ENGLAND)

    assert due == datetime(2026, 12, 29, 9, tzinfo=UTC)
    assert cadence.period_of(daily, due, LONDON, ENGLAND) == (date(2026, 12, 25), date(2026, 12, 29))


def test_a_zone_that_is_no_more_goes_by_the_other_and_else_by_utc() -> None:
    assert cadence.zone_or("Europe/Stockholm", "UTC").key == "Europe/Stockholm"
    assert cadence.zone_or("Mars/Olympus", "Europe/London").key == "Europe/London"
    assert cadence.zone_or(None, "Europe/London").key == "Europe/London"
    assert cadence.zone_or("Mars/Olympus", "Mars/Hellas").key == "UTC"


def test_zones_are_found_by_their_places() -> None:
    assert cadence.zones_like("stock", most=5) == ["Europe/Stockholm"]
    assert "America/New_York" in cadence.zones_like("new york", most=5)
    assert cadence.zones_like("utc", most=5) == ["UTC"]
    assert len(cadence.zones_like("", most=5)) == 5
