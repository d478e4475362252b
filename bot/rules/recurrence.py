"""Recurrence rules of whole days (RFC 5545), read, checked and unrolled in bounded work.

Kept is what a cadence needs: FREQ of DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, BYMONTH, BYMONTHDAY, BYDAY,
BYSETPOS and WKST. The period a day falls in is counted from the anchor, so an old anchor costs no more than a new one
and keeps its parity; a search ends at its window, so an impossible rule costs no more than a rare one. dateutil walks
from the anchor and seeks 30 February until the year 9999 (3.4 s): it is the oracle of the tests instead.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.errors import Refused

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_WEEK: Final = frozenset((0, weekday) for weekday in range(5))
PARTS: Final = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"})
NOT_A_RULE: Final = "The rule is not a cadence: write it like FREQ=WEEKLY;INTERVAL=2;BYDAY=TH."


class Frequency(StrEnum):
    """The period a rule counts in."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule, read; an empty set does not restrict.

    `weekdays` holds pairs of which one in the month (0 every, 1 the first, -1 the last) and day (Monday is 0).
    """

    frequency: Frequency
    interval: int = 1
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    positions: frozenset[int] = frozenset()
    week_start: int = 0


@lru_cache(maxsize=512)
def read(text: str) -> Rule:
    """The rule that an RRULE states; Refused when a part is not kept, out of range or against another part."""
    parts = _parts(text)
    try:
        rule = Rule(
            frequency=Frequency(parts.get("FREQ", "")),
            interval=_whole(parts.get("INTERVAL", "1"), 1, 366),
            months=_numbers(parts, "BYMONTH", 1, 12),
            month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
            weekdays=_weekdays(parts),
            positions=_numbers(parts, "BYSETPOS", -366, 366),
            week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        )
    except ValueError:
        raise Refused(NOT_A_RULE, field="cadence") from None
    _refuse_contradictions(rule)
    return rule


def days(rule: Rule, anchor: date, start: date, end: date) -> Iterator[date]:
    """The days of the rule from start to end, both included, also those before its anchor."""
    whole = anchored(rule, anchor)
    for index in _periods(whole, anchor, start, end):
        yield from (day for day in _members(whole, index) if start <= day <= end)


def last(rule: Rule, anchor: date, start: date, end: date) -> date | None:
    """The last day of the rule from start to end, both included."""
    whole = anchored(rule, anchor)
    for index in reversed(_periods(whole, anchor, start, end)):
        found = [day for day in _members(whole, index) if start <= day <= end]
        if found:
            return found[-1]
    return None


def anchored(rule: Rule, anchor: date) -> Rule:
    """The rule with what it leaves open taken from its anchor (RFC 5545, 3.3.10)."""
    if rule.weekdays or rule.month_days or rule.frequency is Frequency.DAILY:
        return rule
    if rule.frequency is Frequency.WEEKLY:
        return replace(rule, weekdays=frozenset({(0, anchor.weekday())}))
    if rule.frequency is Frequency.YEARLY and not rule.months:
        rule = replace(rule, months=frozenset({anchor.month}))
    return replace(rule, month_days=frozenset({anchor.day}))


def _periods(rule: Rule, anchor: date, start: date, end: date) -> range:
    """The numbers of the periods from start to end that are whole intervals away from the anchor's."""
    origin, step = _number(rule, anchor), rule.interval
    first = origin + -((origin - _number(rule, start)) // step) * step
    return range(first, _number(rule, end) + 1, step)


def _number(rule: Rule, day: date) -> int:
    """The number of the period a day falls in, counted from the year 1."""
    if rule.frequency is Frequency.DAILY:
        return day.toordinal()
    if rule.frequency is Frequency.WEEKLY:
        return (day.toordinal() - 1 - rule.week_start) // 7
    return day.year * 12 + day.month - 1 if rule.frequency is Frequency.MONTHLY else day.year


def _span(rule: Rule, number: int) -> tuple[date, int]:
    """The first day of a period and how many days it has."""
    if rule.frequency is Frequency.DAILY:
        return date.fromordinal(number), 1
    if rule.frequency is Frequency.WEEKLY:
        return date.fromordinal(number * 7 + 1 + rule.week_start), 7
    if rule.frequency is Frequency.MONTHLY:
        year, month = divmod(number, 12)
        return date(year, month + 1, 1), calendar.monthrange(year, month + 1)[1]
    return date(number, 1, 1), 366 if calendar.isleap(number) else 365


def _members(rule: Rule, number: int) -> list[date]:
    """The days of one period that the rule names, in order."""
    first, length = _span(rule, number)
    found = [day for day in (first + timedelta(days=n) for n in range(length)) if _names(rule, day)]
    if not rule.positions:
        return found
    count = len(found)
    return [day for n, day in enumerate(found) if n + 1 in rule.positions or n - count in rule.positions]


def _names(rule: Rule, day: date) -> bool:
    """Whether the rule names the day, positions apart."""
    if rule.months and day.month not in rule.months:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.month_days and rule.month_days.isdisjoint((day.day, day.day - length - 1)):
        return False
    nth, nth_last = (day.day + 6) // 7, -((length - day.day) // 7 + 1)
    weekday = day.weekday()
    return not rule.weekdays or not rule.weekdays.isdisjoint(((0, weekday), (nth, weekday), (nth_last, weekday)))


def _parts(text: str) -> dict[str, str]:
    """The parts of an RRULE by name; Refused when one is no pair, comes twice or is not kept."""
    pairs = [part.partition("=") for part in text.strip().upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs if value}
    if len(parts) < len(pairs):
        raise Refused(NOT_A_RULE, field="cadence")
    if not parts.keys() <= PARTS:
        raise Refused(f"A cadence is made of {', '.join(sorted(PARTS))} only.", field="cadence")
    return parts


def _refuse_contradictions(rule: Rule) -> None:
    """RFC 5545 forbids month days in a weekly rule; numbered weekdays and positions count within a month."""
    in_months = rule.frequency is Frequency.MONTHLY or (rule.frequency is Frequency.YEARLY and rule.months)
    if rule.frequency is Frequency.WEEKLY and rule.month_days:
        raise Refused("A weekly cadence has no days of the month: use FREQ=MONTHLY.", field="cadence")
    if not in_months and (rule.positions or any(nth for nth, _ in rule.weekdays)):
        raise Refused("First and last are counted in a month: use FREQ=MONTHLY, or add BYMONTH.", field="cadence")


def _whole(text: str, least: int, most: int) -> int:
    """One whole number within bounds; ValueError else."""
    if not re.fullmatch(r"[+-]?[0-9]{1,3}", text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _numbers(parts: Mapping[str, str], name: str, least: int, most: int) -> frozenset[int]:
    """The numbers of a part, a negative one counted from the end; ValueError for 0 and what is out of bounds."""
    numbers = frozenset(_whole(each, least, most) for each in parts[name].split(",")) if name in parts else frozenset()
    if 0 in numbers:
        raise ValueError(name)
    return numbers


def _weekdays(parts: Mapping[str, str]) -> frozenset[tuple[int, int]]:
    """The days of BYDAY: MO is every Monday, -1FR the last Friday of the month; ValueError for anything else."""
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if not all(re.fullmatch(r"([+-]?[1-5])?[A-Z]{2}", day) for day in days):
        raise ValueError(parts["BYDAY"])
    return frozenset((int(day[:-2] or 0), WEEKDAYS.index(day[-2:])) for day in days)
