"""Calendars: the days on which nobody of a workspace works, by its country's public holidays and by its own word."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final

from bot.errors import Refused
from bot.rules import words

DAY: Final = timedelta(days=1)
AHEAD: Final = 60
"""So many days are looked through for one that is open; whoever closes for longer is asked all the same."""
MOST_DAYS: Final = 200
"""How many closed days of its own a workspace can have."""
MOST_FOUND: Final = 50
FEW: Final = 3
"""Regions are offered once so few countries fit what was typed."""
NO_PLACE: Final = "I do not know the holidays of that country or region. Choose one of the list."


@dataclass(frozen=True, slots=True)
class Calendar:
    """Closed days: the public holidays of a `place` (GB, or GB-SCT for a region of it; "" for none) and others."""

    place: str = ""
    closed: frozenset[date] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.place or self.closed)

    def is_closed(self, day: date) -> bool:
        """Whether the day is a holiday; weekends are none."""
        return day in self.closed or (bool(self.place) and day in _public(self.place, day.year))

    def is_working(self, day: date) -> bool:
        """Whether the day is one from Monday to Friday, and no holiday."""
        return day.weekday() < 5 and not self.is_closed(day)

    def moved(self, day: date) -> date:
        """The day itself, or the next working day when it is a holiday; the day itself when none comes soon."""
        if not self or not self.is_closed(day):
            return day
        coming = (day + DAY * ahead for ahead in range(1, AHEAD + 1))
        return next(filter(self.is_working, coming), day)

    def plus(self, day: date, count: int) -> date:
        """The day that is `count` >= 0 working days after this one; counting starts on the next working day."""
        last = day
        while count > 0 and last - day < DAY * 366:
            last += DAY
            count -= self.is_working(last)
        return last

    def upcoming(self, start: date, count: int) -> list[tuple[date, str]]:
        """The next closed days from a day on, within a year, each with its name ("" for the workspace's own)."""
        coming = (start + DAY * ahead for ahead in range(366))
        closed = [(day, self.name(day)) for day in coming if self.is_closed(day)]
        return closed[:count]

    def name(self, day: date) -> str:
        """What a public holiday is called, "" for any other day."""
        return _public(self.place, day.year).get(day, "") if self.place else ""


NONE: Final = Calendar()


def search(typed: str) -> Sequence[tuple[str, str]]:
    """Places and their names that hold what was typed; the regions of a country once few countries fit."""
    wanted, _, region = (part.strip() for part in typed.casefold().partition(":"))
    found = [(code, name) for code, name in _countries().items() if wanted in name.casefold() or wanted == code.lower()]
    found.sort(key=lambda pair: (not pair[1].casefold().startswith(wanted), pair[1]))
    if len(found) <= FEW:
        regions = [pair for code, _ in found for pair in _regions(code)]
        found = [*found, *(pair for pair in regions if region in pair[1].partition(":")[2].casefold())]
    return found[:MOST_FOUND]


def name_of(place: str) -> str:
    """What a place is called: United Kingdom, or United Kingdom: Scotland."""
    code = place.partition("-")[0]
    known = dict(_regions(code)) | {code: _countries().get(code, place)}
    return known.get(place, place)


def check_place(place: str) -> str:
    """The place itself; Refused when its holidays are not known."""
    code = place.partition("-")[0]
    if code not in _countries() or (place != code and place not in dict(_regions(code))):
        raise Refused(NO_PLACE, field="country")
    return place


def read_days(text: str, today: date) -> frozenset[date]:
    """Closed days as typed, one a line or with commas between; "24 dec 2026 to 1 jan 2027" is all of these days."""
    days: set[date] = set()
    for number, part in enumerate(filter(None, map(str.strip, re.split(r"[\n,;]+", text))), 1):
        try:
            days |= set(_span(part, today))
        except Refused:
            raise Refused(f"Number {number} is no date. Write it like 24 dec 2026.", field="closed") from None
        if len(days) > MOST_DAYS:
            raise Refused(f"Keep it to {MOST_DAYS} days.", field="closed")
    return frozenset(days)


def written(days: Iterable[date]) -> str:
    """Days as `read_days` reads them, those in a row as one line."""
    lines: list[list[date]] = []
    for day in sorted(days):
        if lines and day - lines[-1][-1] == DAY:
            lines[-1].append(day)
        else:
            lines.append([day])
    return "\n".join(_said(row[0]) if len(row) == 1 else f"{_said(row[0])} to {_said(row[-1])}" for row in lines)


def _said(day: date) -> str:
    return f"{day.day} {words.MONTHS[day.month - 1]} {day.year}"


def _span(part: str, today: date) -> Iterator[date]:
    first, _, last = part.partition(" to ")
    start = words.due_date(first, today)
    end = words.due_date(last, start) if last else start
    if not timedelta(0) <= end - start <= DAY * MOST_DAYS:
        raise Refused(words.NOT_A_DATE, field="closed")
    return (start + DAY * ahead for ahead in range((end - start).days + 1))


@lru_cache(maxsize=512)
def _public(place: str, year: int) -> Mapping[date, str]:
    """The public holidays of a place in a year; the library is loaded once somebody has a place."""
    import holidays

    country, _, region = place.partition("-")
    found = holidays.country_holidays(country, subdiv=region or None, years=year)
    return {day: found[day] for day in list(found)}


@cache
def _countries() -> Mapping[str, str]:
    """Every country whose holidays are known, by its code of two letters."""
    from holidays import list_supported_countries
    from holidays.registry import COUNTRIES

    names = {entry[1]: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry[0]) for entry in COUNTRIES.values()}
    supported = list_supported_countries(include_aliases=False)
    return {code: names[code] for code in sorted(supported) if code in names}


def _regions(country: str) -> list[tuple[str, str]]:
    """The parts of a country that have holidays of their own."""
    import holidays

    if country not in _countries():
        return []
    known = holidays.country_holidays(country)
    named = {code: name for name, code in known.subdivisions_aliases.items()}
    return [
        (f"{country}-{code}", f"{_countries()[country]}: {named.get(code, code)}")
        for code in sorted(known.subdivisions, key=lambda code: str(named.get(code, code)))
    ]
