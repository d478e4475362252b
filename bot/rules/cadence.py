"""Cadences: how often something is due, and at which moment that is in UTC.

A rule is unrolled in local days, each given its local time and zone, and only then turned into UTC: a time that the
clocks skip moves forward, a time that they repeat counts once, the first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import Refused
from bot.rules import recurrence
from bot.rules.calendars import AHEAD, NONE, Calendar
from bot.rules.recurrence import WEEKDAYS, WORKING_WEEK, Frequency, Rule

HORIZON: Final = timedelta(days=9 * 366)
"""How far a search goes: nine years hold every leap day but need not hold a rule that never comes."""
LAST_YEAR: Final = 2200
DAY: Final = timedelta(days=1)
NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Cadence:
    """An RFC 5545 rule without its start, the local time `at` which it is due, and the day it counts from.

    The zone is not part of it: it is that of whoever is asked. A rule with an interval keeps the anchor's parity.
    """

    rrule: str
    at: time
    anchor: date


@dataclass(frozen=True, slots=True)
class Choice:
    """A common cadence as a form offers it."""

    id: str
    label: str
    rrule: str


CHOICES: Final = (
    Choice("workdays", "Every working day", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    Choice("weekly_mo", "Every Monday", "FREQ=WEEKLY;BYDAY=MO"),
    Choice("weekly_tu", "Every Tuesday", "FREQ=WEEKLY;BYDAY=TU"),
    Choice("weekly_we", "Every Wednesday", "FREQ=WEEKLY;BYDAY=WE"),
    Choice("weekly_th", "Every Thursday", "FREQ=WEEKLY;BYDAY=TH"),
    Choice("weekly_fr", "Every Friday", "FREQ=WEEKLY;BYDAY=FR"),
    Choice("fortnightly_mo", "Every second Monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    Choice("fortnightly_tu", "Every second Tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    Choice("fortnightly_we", "Every second Wednesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
    Choice("fortnightly_th", "Every second Thursday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
    Choice("fortnightly_fr", "Every second Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    Choice("monthly_first_workday", "First working day of each month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"),
    Choice("monthly_first_mo", "First Monday of each month", "FREQ=MONTHLY;BYDAY=1MO"),
    Choice("monthly_last_fr", "Last Friday of each month", "FREQ=MONTHLY;BYDAY=-1FR"),
    Choice("monthly_last_workday", "Last working day of each month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    Choice("monthly_last_day", "Last day of each month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
)
WEEKLY_FRIDAY: Final = "weekly_fr"
WEEKLY_MONDAY: Final = "weekly_mo"


def starting(rrule: str, at: time, start: date) -> Cadence:
    """The cadence whose first due day is the first one on or after `start`; Refused when the rule never comes.

    The anchor is that first day, so that "every second Thursday" begins with the coming Thursday.
    """
    every = replace(recurrence.read(rrule), interval=1)
    first = next(recurrence.days(every, start, start, start + HORIZON), start)
    return check(Cadence(rrule, at, first))


def chosen(choice: str, at: time, start: date) -> Cadence:
    """The cadence of one of CHOICES, from `start` on; Refused when there is no such choice."""
    for each in CHOICES:
        if each.id == choice:
            return starting(each.rrule, at, start)
    raise Refused("Choose how often from the list.", field="cadence")


def choice_of(cadence: Cadence) -> Choice | None:
    """The choice a cadence was made by, None for a rule of one's own."""
    rule = recurrence.read(cadence.rrule)
    return next((each for each in CHOICES if recurrence.read(each.rrule) == rule), None)


def weekly(weekday: int, at: time, start: date) -> Cadence:
    """Every week on a weekday (Monday is 0)."""
    return starting(f"FREQ=WEEKLY;BYDAY={WEEKDAYS[weekday]}", at, start)


def fortnightly(weekday: int, at: time, start: date) -> Cadence:
    """Every second week on a weekday (Monday is 0), the first time on or after `start`."""
    return starting(f"FREQ=WEEKLY;INTERVAL=2;BYDAY={WEEKDAYS[weekday]}", at, start)


def monthly_on_day(day: int, at: time, start: date) -> Cadence:
    """Every month on a day of the month; -1 is the last, and a month without the day is left out."""
    return starting(f"FREQ=MONTHLY;BYMONTHDAY={day}", at, start)


def monthly_on_weekday(nth: int, weekday: int, at: time, start: date) -> Cadence:
    """Every month on its nth weekday (Monday is 0); -1 is the last."""
    return starting(f"FREQ=MONTHLY;BYDAY={nth}{WEEKDAYS[weekday]}", at, start)


def monthly_on_working_day(nth: int, at: time, start: date) -> Cadence:
    """Every month on its nth working day; -1 is the last."""
    return starting(f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={nth}", at, start)


def check(cadence: Cadence) -> Cadence:
    """The cadence itself; Refused unless its rule is kept, and comes at least twice within nine years."""
    rule = recurrence.read(cadence.rrule)
    if cadence.anchor.year > LAST_YEAR:
        raise Refused(f"A cadence must begin before the year {LAST_YEAR}.", field="cadence")
    coming = recurrence.days(rule, cadence.anchor, cadence.anchor, cadence.anchor + HORIZON)
    if len(list(islice(coming, 2))) < 2:
        raise Refused("No two days within nine years fit this rule: choose another.", field="cadence")
    return cadence


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as Europe/London; Refused when there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise Refused("There is no such time zone: write it like Europe/London.", field="zone") from None


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local day and time as a moment in UTC; a skipped time moves forward, a repeated one is the first."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def zones_like(typed: str, *, most: int) -> list[str]:
    """The names of zones that hold what was typed (a blank for _), in the order of the alphabet."""
    wanted = typed.strip().replace(" ", "_").casefold()
    named = sorted(name for name in _zones() if wanted in name.casefold())
    return named[:most]


@cache
def _zones() -> frozenset[str]:
    """Places that have a zone; Etc/GMT+5 and its like mislead."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def zone_or(name: str | None, other: str) -> ZoneInfo:
    """The zone of a name that was kept, of the other where nothing goes by the first any more, else UTC."""
    for each in filter(None, (name, other)):
        try:
            return zone_named(each)
        except Refused:
            continue
    return ZoneInfo("UTC")


def next_due(cadence: Cadence, zone: ZoneInfo, after: datetime, calendar: Calendar = NONE) -> datetime:
    """The first due moment strictly after this one, in UTC; Refused when none comes within nine years.

    What is due on a holiday is due on the next working day, at the same time.
    """
    for due in _due(cadence, zone, after, calendar):
        return due
    raise Refused("This cadence does not come again within nine years: choose another.", field="cadence")


def upcoming(
    cadence: Cadence, zone: ZoneInfo, after: datetime, count: int, calendar: Calendar = NONE
) -> list[datetime]:
    """The next due moments strictly after this one, in UTC and in order, as far as they lie within nine years."""
    return list(islice(_due(cadence, zone, after, calendar), count))


def period_of(cadence: Cadence, due_at: datetime, zone: ZoneInfo, calendar: Calendar = NONE) -> tuple[date, date]:
    """The first and last day that is reported on at a due moment.

    The period ends on the rule's own day, which is the local day of the moment unless a holiday moved it, and begins
    the day after the due day before, also where that one lies before the anchor.
    """
    day = due_at.astimezone(zone).date()
    rule = recurrence.read(cadence.rrule)

    def last(until: date) -> date | None:
        return recurrence.last(rule, cadence.anchor, until - HORIZON, until)

    meant = last(day)
    end = meant if meant is not None and calendar.moved(meant) == day else day
    before = last(end - DAY)
    while calendar and before is not None and calendar.moved(before) == day:
        before = last(before - DAY)
    return (before + DAY if before else end), end


def in_words(cadence: Cadence) -> str:
    """How often and when, such as "every second Thursday at 10:00" or "on the last Friday of each month at 15:00"."""
    rule = recurrence.anchored(recurrence.read(cadence.rrule), cadence.anchor)
    days = _days_in_words(rule) or f"by the rule {cadence.rrule}"
    return f"{days} at {cadence.at:%H:%M}"


def _due(cadence: Cadence, zone: ZoneInfo, after: datetime, calendar: Calendar) -> Iterator[datetime]:
    """Due moments after this one, strictly increasing: two local days on one instant (a day skipped) are due once."""
    back = DAY * (AHEAD + 1) if calendar else DAY  # a day that has passed may have been moved to one that has not
    start = max(cadence.anchor, after.astimezone(zone).date() - back)
    rule = recurrence.read(cadence.rrule)
    for day in recurrence.days(rule, cadence.anchor, start, start + HORIZON):
        due = moment(calendar.moved(day), cadence.at, zone)
        if due > after:
            after = due
            yield due


def _days_in_words(rule: Rule) -> str | None:
    """The days of a rule in words; None for a rule that people do not make."""
    if rule.frequency is Frequency.YEARLY:
        return _year_day(rule)
    if rule.months:
        return None
    if rule.frequency is Frequency.MONTHLY:
        day = _month_day(rule)
        each = "each month" if rule.interval == 1 else f"every {_counted(rule.interval)} month"
        return day and f"on the {day} of {each}"
    return _week_days(rule)


def _week_days(rule: Rule) -> str | None:
    """Days of daily and weekly rules in words."""
    every = "every" if rule.interval == 1 else f"every {_counted(rule.interval)}"
    if rule.frequency is Frequency.DAILY:
        return None if rule.weekdays or rule.month_days else f"{every} day"
    if rule.weekdays == WORKING_WEEK:
        return "every working day" if rule.interval == 1 else f"{every} week from Monday to Friday"
    names = [NAMES[weekday] for _, weekday in sorted(rule.weekdays)]
    if len(names) == 1:
        return f"{every} {names[0]}"
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"every {listed}" if rule.interval == 1 else f"{every} week on {listed}"


def _month_day(rule: Rule) -> str | None:
    """The one day of a monthly rule in words."""
    named = (len(rule.month_days), len(rule.weekdays), len(rule.positions))
    if named == (1, 0, 0):
        (day,) = rule.month_days
        return f"{_counted(day)} day" if day < 0 else _numbered(day)
    if named == (0, 1, 0):
        ((nth, weekday),) = rule.weekdays
        return f"{_counted(nth)} {NAMES[weekday]}" if nth else None
    if named == (0, 5, 1) and rule.weekdays == WORKING_WEEK:
        (position,) = rule.positions
        return f"{_counted(position)} working day"
    return None


def _year_day(rule: Rule) -> str | None:
    """The one day of a yearly rule in words."""
    if rule.interval > 1 or rule.weekdays or rule.positions or len(rule.months) != 1 or len(rule.month_days) != 1:
        return None
    (month,), (day,) = rule.months, rule.month_days
    named = f"{day} {MONTHS[month - 1]}" if day > 0 else f"the {_counted(day)} day of {MONTHS[month - 1]}"
    return f"on {named} each year"


def _counted(nth: int) -> str:
    """First, second, last, second last: a position from the start or, negative, from the end."""
    if nth < 0:
        return "last" if nth == -1 else f"{_counted(-nth)} last"
    return {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(nth) or _numbered(nth)


def _numbered(nth: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if nth % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(nth % 10, "th")
    return f"{nth}{ending}"
