"""The one routing table: which function answers which interaction, and who may ask for it."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot.rules.access import Act
from bot.rules.references import find_ref
from bot.rules.terms import Service

DOOR = "/pmo"
HELP = "help"
REFERENCE = "<reference>"

Run = Callable[..., Any]


class Kind(StrEnum):
    """The ways a person, or Slack itself, can turn to the bot."""

    COMMAND = "command"
    ACTION = "action"
    VIEW = "view"
    CLOSED = "closed"
    SHORTCUT = "shortcut"
    OPTIONS = "options"
    EVENT = "event"


@dataclass(frozen=True)
class Route:
    """One row of the table: an interaction, the act it is, and the function that answers it.

    `usage` is how a command is written after its words and `says` what it does; help shows both. `service` is the one
    it belongs to: where that is off, so is the route. Only an event that
    Slack itself tells (the bot was removed, a channel renamed) is nobody's act.
    """

    kind: Kind
    id: str
    act: Act | None
    run: Run
    usage: str = ""
    says: str = ""
    service: Service | None = None

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """What the function names, and gets."""
        return tuple(inspect.signature(self.run).parameters)


def command(words: str, act: Act, run: Run, *, usage: str = "", says: str = "") -> Route:
    """`/pmo WORDS ...`; the function gets what follows the words as `text`."""
    return Route(Kind.COMMAND, words.lower(), act, run, usage, says)


def action(name: str, act: Act, run: Run) -> Route:
    """A button or menu with this action_id, or with this id, a colon and anything (`risk.own:2`)."""
    return Route(Kind.ACTION, name, act, run)


def view(name: str, act: Act, run: Run) -> Route:
    """A form with this callback_id was sent."""
    return Route(Kind.VIEW, name, act, run)


def closed(name: str, act: Act, run: Run) -> Route:
    """A form with this callback_id, and notify_on_close, was closed without being sent."""
    return Route(Kind.CLOSED, name, act, run)


def shortcut(name: str, act: Act, run: Run) -> Route:
    """A global or message shortcut with this callback_id."""
    return Route(Kind.SHORTCUT, name, act, run)


def options(name: str, act: Act, run: Run) -> Route:
    """A menu with this action_id asks what it can offer for what was typed (`value`)."""
    return Route(Kind.OPTIONS, name, act, run)


def event(name: str, act: Act | None, run: Run) -> Route:
    """Something happened in Slack; messages are named with their place: `message.im`."""
    return Route(Kind.EVENT, name, act, run)


def of(service: Service, *routes: Route) -> tuple[Route, ...]:
    """The routes of a service."""
    return tuple(replace(route, service=service) for route in routes)


class Table:
    """All routes, found by kind and id in one step however many there are."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[Kind, str], Route] = {}
        for route in routes:
            if self._routes.setdefault((route.kind, route.id), route) is not route:
                raise ValueError(f"two routes for {route.kind} {route.id!r}")
        self._longest = max((len(words.split()) for kind, words in self._routes if kind is Kind.COMMAND), default=0)

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes.values())

    def find(self, kind: Kind, name: str) -> Route | None:
        """The route of an interaction, or None."""
        return self._routes.get((kind, name)) or self._routes.get((kind, name.partition(":")[0]))

    def command(self, name: str, text: str) -> tuple[Route | None, str]:
        """The route of a typed command and what follows its words; help, with all that was typed, for any other."""
        typed = text if name == DOOR else f"{name.lstrip('/')} {text}"
        words = typed.split(maxsplit=self._longest)
        for count in range(min(self._longest, len(words)), 0, -1):
            route = self.find(Kind.COMMAND, " ".join(words[:count]).lower())
            if route is not None:
                return route, _after(typed, count)
        if words and _is_reference(words[0]) and (route := self.find(Kind.COMMAND, REFERENCE)):
            return route, typed.strip()
        return self.find(Kind.COMMAND, HELP), typed.strip()

    def commands(self) -> Sequence[Route]:
        """The commands, in the order of the modules that offer them."""
        return [route for route in self if route.kind is Kind.COMMAND and route.id != REFERENCE]


def nearest(typed: str, routes: Iterable[Route]) -> Route | None:
    """The command somebody may have meant, or None when none of these is like it."""
    known = {route.id: route for route in routes}
    for count in (2, 1):
        words = " ".join(typed.lower().split()[:count])
        if found := difflib.get_close_matches(words, known, n=1, cutoff=0.6):
            return known[found[0]]
    return None


def _after(typed: str, count: int) -> str:
    """What follows the first words, as it was typed."""
    parts = typed.split(maxsplit=count)
    return parts[count].rstrip() if len(parts) > count else ""


def _is_reference(word: str) -> bool:
    found = find_ref(word)
    return found is not None and str(found) == word.upper()
