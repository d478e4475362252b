"""What people type in one line, read: dates in words, times of day, and Slack's own marks taken out of a text."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.errors import Refused
from bot.rules import workdays

NOT_A_DATE: Final = "That is not a date I know. Write it like fri, +5d, 30 jun or 2027-06-30."
NOT_A_DAY: Final = "There is no such day in the calendar. Check the day and the month."
FAR_OFF: Final = "Check the year: a day from 1990 to 2199 is meant here."
FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""No project is planned outside of these; beyond them lie slips of the pen, and the end of the calendar."""
NOT_A_TIME: Final = "Write a time like 15:00."
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FRIDAY: Final = 4
LONGEST: Final = 4
"""How many words a date in words has at most: end of the month."""

_WEEKDAY: Final = r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NTH: Final = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?:[ -]([0-9]{4}))?"


def due_date(text: str, today: date) -> date:
    """The date that people mean by what they type; Refused, with examples, when it is none.

    Known are today, tomorrow; fri or friday (the next one, never today), this fri (today counts), next fri (that of
    next week), next week (its Monday); +5d, +2w, +3m, +10wd, in 3 days; eow (Friday), eom, eoq, eoy and end of month;
    30 jun, jun 30, 30 June 2027 (without a year the next one, today counts); 2027-06-30; 30/06/2027 and 30.06.2027
    (the day first). A month alone is no date. The date may lie in the past.
    """
    said = re.sub(r"[,\s]+", " ", text).strip(" .;:!").lower()
    for form, read in _FORMS:
        found = form.fullmatch(said)
        if found:
            return _read(read, found, today)
    raise Refused(NOT_A_DATE, field="due")


def date_after(lead: str, said: list[str], today: date) -> tuple[list[str], date | None]:
    """The words without the first `lead` that a date follows, and without that date, which is as long as can be."""
    for at, word in enumerate(said):
        if word.lower().removesuffix(":") == lead:
            for end in range(min(at + 1 + LONGEST, len(said)), at + 1, -1):
                try:
                    return said[:at] + said[end:], due_date(" ".join(said[at + 1 : end]), today)
                except Refused:
                    continue
    return said, None


def is_far_off(day: date) -> bool:
    """Whether nobody can mean that day."""
    return not FIRST_DAY <= day <= LAST_DAY


def clock_time(text: str, field: str = "time") -> time:
    """A time of day as 15:00, 9:30 or, from a form, 15:00:00, to the minute; Refused at the field else."""
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::00)?", text.strip(), re.A)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refused(NOT_A_TIME, field=field)
    return time(int(found[1]), int(found[2]))


def tidy(text: str) -> str:
    """The text without what no store keeps (control characters, halves of a character) and without outer blanks."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", " ", text).strip()


def unmarked(text: str) -> str:
    """What a person typed, from what Slack sends: <@U1|ana> is @ana, <#C1|apollo> is #apollo, &amp; is &."""
    text = re.sub(r"<([@#])([A-Z0-9]+)(?:\|([^<>]*))?>", lambda mark: mark[1] + (mark[3] or mark[2]), text)
    text = re.sub(r"<([a-z]+:[^<>|\s]+)(?:\|[^<>]*)?>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read(read: Callable[[re.Match[str], date], date], found: re.Match[str], today: date) -> date:
    """What a reader makes of it; Refused for a day that no calendar has."""
    try:
        day = read(found, today)
    except (ValueError, OverflowError):
        raise Refused(NOT_A_DAY, field="due") from None
    if is_far_off(day):
        raise Refused(FAR_OFF, field="due")
    return day


def _near(found: re.Match[str], today: date) -> date:
    """Today, tomorrow, and next week, which is its Monday."""
    return today + timedelta(days={"today": 0, "tomorrow": 1, "next week": 7 - today.weekday()}[found[0]])


def _weekday(found: re.Match[str], today: date) -> date:
    """A weekday: the next one, with "this" also today, with "next" that of next week."""
    weekday = WEEKDAYS.index(found[2][:3])
    if found[1] == "next":
        return today + timedelta(days=7 - today.weekday() + weekday)
    if found[1] == "this":
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _from_now(found: re.Match[str], today: date) -> date:
    """So many days, working days, weeks or months from today; a month ends on its last day at the latest."""
    count, unit = 1 if found[1] in {"a", "an"} else int(found[1]), found[2]
    if unit in {"wd", "working day"}:
        return workdays.plus(today, count)
    if unit in {"m", "month"}:
        return today + relativedelta(months=count)
    return today + timedelta(days=count * (7 if unit in {"w", "week"} else 1))


def _end(found: re.Match[str], today: date) -> date:
    """The end of this week (its Friday, at a weekend the next), month, quarter or year."""
    unit = found[1][0]
    if unit == "w":
        return today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    last = {"m": today.month, "q": (today.month + 2) // 3 * 3, "y": 12}[unit]
    return today + relativedelta(month=last, day=31)


def _day_month(found: re.Match[str], today: date) -> date:
    return _in_year(found[1], MONTHS.index(found[2][:3]) + 1, found[3], today)


def _month_day(found: re.Match[str], today: date) -> date:
    return _in_year(found[2], MONTHS.index(found[1][:3]) + 1, found[3], today)


def _numbers(found: re.Match[str], today: date) -> date:
    return _in_year(found[1], int(found[3]), found[4], today)


def _iso(found: re.Match[str], today: date) -> date:
    return _in_year(found[3], int(found[2]), found[1], today)


def _in_year(day: str, month: int, year: str | None, today: date) -> date:
    """A day of a year, two digits of which are of this century; without a year the next such day, today counts."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    date(2000, month, int(day))
    coming = (today + relativedelta(years=n, month=month, day=int(day)) for n in range(9))
    return next(found for found in coming if found >= today and found.day == int(day))


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...]] = (
    (re.compile(r"today|tomorrow|next week"), _near),
    (re.compile(rf"(?:(this|next|on) )?{_WEEKDAY}"), _weekday),
    (re.compile(r"\+?([0-9]{1,4}) ?(d|wd|w|m)"), _from_now),
    (re.compile(r"(?:in |\+)(an?|[0-9]{1,4}) (day|working day|week|month)s?"), _from_now),
    (re.compile(r"eo([wmqy])"), _end),
    (re.compile(r"end of (?:the |this )?(week|month|quarter|year)"), _end),
    (re.compile(rf"{_NTH}(?: of|-| )? ?{_MONTH}{_YEAR}"), _day_month),
    (re.compile(rf"{_MONTH} {_NTH}{_YEAR}"), _month_day),
    (re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"), _iso),
    (re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?"), _numbers),
)
