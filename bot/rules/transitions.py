"""Lifecycles: from which state a record may go to which."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from bot.errors import Refused

S = TypeVar("S", bound=StrEnum)


def step(moves: Mapping[S, Collection[S]], state: S, to: S) -> S:
    """The new state; Refused, naming where it can go, when the lifecycle has no such step."""
    allowed = moves.get(state, ())
    if to in allowed:
        return to
    if not allowed:
        raise Refused(f"This is {_word(state)}, and that is final.")
    ways = ", ".join(sorted(map(_word, allowed)))
    raise Refused(f"This is {_word(state)} and cannot become {_word(to)}, only: {ways}.")


def _word(state: StrEnum) -> str:
    return state.value.replace("_", " ")
