"""Steps of a lifecycle."""

from enum import StrEnum

import pytest

from bot.errors import Refused
from bot.rules import transitions


class Door(StrEnum):
    OPEN = "open"
    SHUT = "half_shut"
    GONE = "gone"


MOVES = {Door.OPEN: {Door.SHUT, Door.GONE}, Door.SHUT: {Door.OPEN}}


def test_a_step_that_the_lifecycle_has() -> None:
    assert transitions.step(MOVES, Door.OPEN, Door.SHUT) is Door.SHUT


def test_a_step_that_it_has_not_is_refused_and_the_ways_are_named() -> None:
    with pytest.raises(Refused, match=r"This is half shut and cannot become gone, only: open\."):
        transitions.step(MOVES, Door.SHUT, Door.GONE)


def test_the_ways_are_in_order() -> None:
    with pytest.raises(Refused, match=r"only: gone, half shut\."):
        transitions.step(MOVES, Door.OPEN, Door.OPEN)


def test_from_a_final_state_there_is_no_way() -> None:
    with pytest.raises(Refused, match="This is gone, and that is final"):
        transitions.step(MOVES, Door.GONE, Door.OPEN)
