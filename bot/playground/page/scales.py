"""The axes of a chart: round ticks over a range, and where a value and a category stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

TICKS = 5


@dataclass(frozen=True)
class Scale:
    """A range of values laid over pixels; `start` is where `low` stands (it may be the greater pixel)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


def step(span: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that cuts a span into at most five."""
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / TICKS))
    return next(size * power for size in (1, 2, 2.5, 5, 10, 20) if size * power * TICKS >= span)


def round_range(values: Sequence[float]) -> tuple[float, float, float]:
    """The lowest tick, the highest tick and the distance between two, zero always among them."""
    low, high = min(0.0, *values), max(0.0, *values)
    size = step(high - low)
    bottom, top = math.floor(low / size) * size, math.ceil(high / size) * size
    return bottom, top if top > bottom else bottom + size, size


def ticks(low: float, high: float, size: float) -> list[float]:
    """Every tick from the lowest to the highest."""
    return [low + size * count for count in range(round((high - low) / size) + 1)]


def number(value: float) -> str:
    """A number as people read it: thousands parted, no zeros after the point that say nothing."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
