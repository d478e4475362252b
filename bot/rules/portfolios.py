"""Portfolios: which projects somebody wants to see, and what one line says of a project."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from bot.errors import Refused
from bot.rules import health, workdays
from bot.rules.health import BY_LETTER, Change
from bot.rules.terms import Health, ProjectState

PAGE: Final = 10
"""How many projects stand on a page."""
NEW: Final = "new:"
"""What a form puts before the name of a portfolio that is to be made."""
NAME: Final = 70
"""The length of a portfolio's name; with NEW before it, it is what a menu can carry."""

_WORDS: Final[Mapping[str, Health]] = {
    **{letter.lower(): each for letter, each in BY_LETTER.items()},
    "red": Health.RED,
    "amber": Health.AMBER,
    "green": Health.GREEN,
    "amber/red": Health.AMBER_RED,
    "amber/green": Health.AMBER_GREEN,
    "none": Health.NOT_SET,
}
_PACKED: Final = re.compile(r"([A-Z,]*);([0-9]{0,9});([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects: of these healths (all when empty), of one portfolio (all when None), and which page from 0."""

    healths: frozenset[Health] = frozenset()
    portfolio: int | None = None
    page: int = 0

    @property
    def letters(self) -> str:
        """The healths by letter, worst first: R,A."""
        return ",".join(each.letter for each in sorted(self.healths, reverse=True))

    def packed(self) -> str:
        """All of it in a few characters, as a button carries it: R,A;3;0."""
        return f"{self.letters};{self.portfolio or ''};{self.page}"

    def turned(self, pages: int) -> "Wanted":
        """So many pages on, or back."""
        return replace(self, page=self.page + pages)


@dataclass(frozen=True, slots=True)
class Line:
    """A project in a list; what is not known is None, and only a live project has a rating."""

    id: int
    key: str
    name: str
    state: ProjectState
    reported: Health
    previous: Health
    computed: Health
    runs: int
    finish_baseline: date | None
    finish_forecast: date | None
    currency: str
    budget: Decimal | None
    eac: Decimal | None
    reported_at: datetime | None

    @property
    def health(self) -> Health:
        """What the project counts as: its reported health while it is live, else not set."""
        return self.reported if self.state.is_live else Health.NOT_SET

    @property
    def change(self) -> Change:
        """How the health moved with the newest report."""
        return health.change(self.previous, self.reported)

    @property
    def slip(self) -> int | None:
        """Working days by which the forecast finish lies after the baseline; negative when it lies before."""
        if self.finish_baseline is None or self.finish_forecast is None:
            return None
        return workdays.between(self.finish_baseline, self.finish_forecast)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `counts` are of the whole portfolio, `total` of all that are wanted."""

    wanted: Wanted
    portfolio: str | None
    lines: Sequence[Line]
    counts: Mapping[Health, int]
    total: int

    @property
    def first(self) -> int:
        """The number of the first project on the page, counted from 1."""
        return self.wanted.page * PAGE + 1

    @property
    def has_next(self) -> bool:
        """Whether there is more after this page."""
        return self.total >= self.first + PAGE


def read(text: str, portfolios: Mapping[str, int]) -> Wanted:
    """What somebody asked for in words: healths (red, or letters as A,R), a portfolio's name, or both.

    A whole name is taken for a portfolio before its words are taken for letters, so that "Plan A" can be found; the
    beginning of a name will do when it is the beginning of one only. Refused when there is no such portfolio.
    """
    words = _words(text)
    named = {" ".join(_words(name)): number for name, number in portfolios.items()}
    for count in range(len(words), -1, -1):
        name, healths = " ".join(words[:count]), _healths(words[count:])
        if healths is not None and (name in named or not name):
            return Wanted(healths, named.get(name))
    return _by_beginning(words, named)


def unpack(text: str) -> Wanted:
    """What a button or a menu carries; Refused for anything that is not of ours."""
    found = _PACKED.fullmatch(text)
    letters = found[1].split(",") if found and found[1] else []
    if not found or not set(letters) <= set(BY_LETTER):
        raise Refused("This list is too old. Ask for it again: `/pmo portfolio`.")
    return Wanted(frozenset(BY_LETTER[each] for each in letters), int(found[2]) if found[2] else None, int(found[3]))


def new_name(picked: str) -> str | None:
    """The name of the portfolio that is to be made, when a form's choice says so; Refused when it is too long."""
    if not picked.startswith(NEW):
        return None
    name = " ".join(picked.removeprefix(NEW).split())
    if not name or len(name) > NAME:
        raise Refused(f"Give the portfolio a name of at most {NAME} characters.", field="portfolio")
    return name


def _words(text: str) -> list[str]:
    return text.replace(",", " ").casefold().split()


def _healths(words: Sequence[str]) -> frozenset[Health] | None:
    """The healths that these words name; None when one of them names none."""
    return frozenset(_WORDS[word] for word in words) if all(word in _WORDS for word in words) else None


def _by_beginning(words: Sequence[str], named: Mapping[str, int]) -> Wanted:
    """The one portfolio whose name begins like this, with the healths after it."""
    for count in range(len(words), 0, -1):
        name, healths = " ".join(words[:count]), _healths(words[count:])
        found = [number for known, number in named.items() if known.startswith(name)]
        if healths is not None and len(found) == 1:
            return Wanted(healths, found[0])
    raise Refused("There is no portfolio of that name. `/pmo portfolio` shows all; you can add R, A or G to it.")
