"""Dates as registers write them: ISO, 31/12/2026, 31.12.26, 31 December 2026, Dec-26, a spreadsheet's day number."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from bot.rules.registers.cells import Reading, is_blank, unread

PIVOT = 70
"""Two digits of a year from here on belong to the 1900s, below to the 2000s: projects end in 2041, not in 1941."""

FIRST_YEAR, LAST_YEAR = 1950, 2199
"""No project starts before or ends after these; a year outside them is a slip of the pen."""

_EPOCH = date(1899, 12, 30)
_FIRST_NUMBER, _LAST_NUMBER = 20_000, 80_000
_MONTHS = ("january february march april may june july august september october november december").split()
_MONTH_OF = {name[:size]: at for at, name in enumerate(_MONTHS, 1) for size in range(3, len(name) + 1)}

_TIME = re.compile(
    r"(?<=\d)[T ] ?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]m)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$", re.I
)
_PARTED = re.compile(r"(\d{1,2}) ?([/.\-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_DAY_MONTH = re.compile(r"(?:[a-z]{2,9}\.?,? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})", re.I)
_MONTH_DAY = re.compile(r"(?:[a-z]{2,9}\.?, )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.I)
_MONTH_ONLY = re.compile(r"([a-z]{3,9})\.?[ \-/']{0,3}(\d{4}|\d{2})", re.I)
_NUMBER_ONLY = re.compile(r"(\d{1,2})[/.\-](\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d{1,12})?")
_LONGEST = 60


class DateOrder(Enum):
    """Which part of 03/04/2026 is the day."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"


def has_order(values: Iterable[str]) -> bool:
    """Whether a column holds dates such as 03/04/2026, whose order has to be known."""
    return bool(_ordered(values))


def order_of(values: Iterable[str]) -> DateOrder | None:
    """The order that a column proves: a first part above 12 is a day, a second part above 12 is one too; else None."""
    parts = _ordered(values)
    if any(int(match.group(1)) > 12 for match in parts):
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if any(int(match.group(3)) > 12 for match in parts) else None


def _ordered(values: Iterable[str]) -> list[re.Match[str]]:
    parted = (_PARTED.fullmatch(_TIME.sub("", value)) for value in values if len(value) <= _LONGEST)
    return [match for match in parted if match and match.group(2) != "."]


@lru_cache(maxsize=16384)
def day(text: str, *, order: DateOrder = DateOrder.DAY_FIRST, last_of_month: bool = False) -> Reading[date]:
    """The day a cell names; a month alone is its first day, or its last where the column says when something ends.

    Dates with dots are always day first. Two-digit years turn at `PIVOT`. A number from 20000 to 80000 is a day
    number of a spreadsheet (counted from 1900).
    """
    if is_blank(text):
        return Reading()
    found = _parts(_TIME.sub("", text), order, last_of_month) if len(text) <= _LONGEST else None
    if found is None:
        return unread(text, "is not a date")
    return _likely(text, *found)


def _likely(text: str, in_year: int, month: int, of_month: int) -> Reading[date]:
    if not FIRST_YEAR <= in_year <= LAST_YEAR:
        return unread(text, f"is a date outside {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return Reading(date(in_year, month, of_month))
    except ValueError:
        return unread(text, "is a day that does not exist")


def _parts(text: str, order: DateOrder, last_of_month: bool) -> tuple[int, int, int] | None:
    if iso := _ISO.fullmatch(text):
        year, month, of_month = (int(part) for part in iso.groups() if part)
        return year, month, of_month
    if parted := _PARTED.fullmatch(text):
        return _in_order(parted, order)
    if serial := _SERIAL.fullmatch(text):
        return _counted(int(serial.group(1)))
    return _named(text) or _month(text, last_of_month)


def _in_order(parted: re.Match[str], order: DateOrder) -> tuple[int, int, int]:
    first, second, year = int(parted.group(1)), int(parted.group(3)), _full(parted.group(4))
    if parted.group(2) == "." or order is DateOrder.DAY_FIRST:
        return year, second, first
    return year, first, second


def _counted(serial: int) -> tuple[int, int, int] | None:
    if not _FIRST_NUMBER <= serial <= _LAST_NUMBER:
        return None
    found = _EPOCH + timedelta(days=serial)
    return found.year, found.month, found.day


def _named(text: str) -> tuple[int, int, int] | None:
    if british := _DAY_MONTH.fullmatch(text):
        of_month, name, year = british.groups()
    elif american := _MONTH_DAY.fullmatch(text):
        name, of_month, year = american.groups()
    else:
        return None
    month = _MONTH_OF.get(name.casefold())
    return (_full(year), month, int(of_month)) if month else None


def _month(text: str, last: bool) -> tuple[int, int, int] | None:
    if named := _MONTH_ONLY.fullmatch(text):
        month, year = _MONTH_OF.get(named.group(1).casefold(), 0), _full(named.group(2))
    elif numbered := _NUMBER_ONLY.fullmatch(text):
        month, year = int(numbered.group(1)), int(numbered.group(2))
    else:
        return None
    if not (1 <= month <= 12 and year):
        return None
    return year, month, monthrange(year, month)[1] if last else 1


def _full(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (1900 if int(year) >= PIVOT else 2000)
