"""Clocks that change: who is asked at three in the afternoon is asked at three, summer or winter."""

import pytest

from tests.journeys.chat import at, sends
from tests.office import Office


@pytest.mark.parametrize(
    ("manager", "fridays"),
    [
        ("farah", [at(23, 14, month=10), at(30, 15, month=10), at(6, 15)]),  # London goes back on 25 October
        ("ben", [at(23, 19, month=10), at(30, 19, month=10), at(6, 20)]),  # New York goes back on 1 November
    ],
)
def test_the_prompt_comes_at_three_on_the_clock_on_the_wall(office: Office, manager: str, fridays: list) -> None:
    pass
