"""data_visualization: the shapes of a pie, bar, line or area chart, ready to be drawn as SVG."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.page.reader import Json
from bot.playground.page.scales import Scale, number, round_range, ticks

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP = 56, 12, 14
LETTER = 6.6  # the width of an average letter of an axis, in pixels


@dataclass(frozen=True)
class Mark:
    """One shape: a path (bar, slice, area, line) or a point, of which series, and what it says on hovering."""

    kind: str
    series: int
    path: str = ""
    x: float = 0
    y: float = 0
    title: str = ""


@dataclass(frozen=True)
class Label:
    """One word of an axis; `turned` words lean so that long ones do not run into each other."""

    x: float
    y: float
    text: str
    turned: bool = False


@dataclass(frozen=True)
class Drawing:
    """A whole chart: shapes, axes, legend, and the same figures as a table."""

    width: int
    height: int
    marks: list[Mark]
    legend: list[str]
    head: list[str]
    rows: list[list[str]]
    x_labels: list[Label] = field(default_factory=list)
    y_labels: list[Label] = field(default_factory=list)
    x_title: str = ""
    y_title: str = ""
    zero: float | None = None
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT


def drawing(chart: Json) -> Drawing:
    """The chart of a data_visualization block."""
    return _pie(chart) if chart.get("type") == "pie" else _plotted(chart)


def _pie(chart: Json) -> Drawing:
    segments = [(str(part.get("label", "")), float(part.get("value", 0))) for part in chart.get("segments", [])]
    total = sum(value for _, value in segments) or 1.0
    marks, start = [], 0.0
    for at, (label, value) in enumerate(segments):
        share = value / total
        says = f"{label}: {number(value)} ({share:.0%})"
        marks.append(Mark("slice", at, path=slice_path(start, start + share), title=says))
        start += share
    rows = [[label, number(value), f"{value / total:.0%}"] for label, value in segments]
    legend = [f"{label} · {figure} ({share})" for label, figure, share in rows]
    return Drawing(240, 240, marks, legend, ["Segment", "Value", "Share"], rows)


def slice_path(start: float, end: float, centre: float = 120, radius: float = 112, hole: float = 58) -> str:
    """The outline of a ring's slice between two shares of the whole, clockwise from the top."""
    if end - start >= 0.9999:
        half = start + (end - start) / 2
        return (
            f"{slice_path(start, half, centre, radius, hole)} {slice_path(half, start + 0.9998, centre, radius, hole)}"
        )
    large = int(end - start > 0.5)

    def point(share: float, distance: float) -> str:
        angle = 2 * math.pi * share
        return f"{centre + distance * math.sin(angle):.2f} {centre - distance * math.cos(angle):.2f}"

    outer = f"M {point(start, radius)} A {radius} {radius} 0 {large} 1 {point(end, radius)}"
    return f"{outer} L {point(end, hole)} A {hole} {hole} 0 {large} 0 {point(start, hole)} Z"


def _plotted(chart: Json) -> Drawing:
    """A chart with axes; a category for which a series has no figure stays empty."""
    config = chart.get("axis_config") or {}
    categories = [str(category) for category in config.get("categories", [])]
    names = [str(series.get("name", "")) for series in chart.get("series", [])]
    table = [_figures(series, categories) for series in chart.get("series", [])]
    low, high, size = round_range([value for figures in table for value in figures if value is not None] or [0.0])
    band = (WIDTH - LEFT - RIGHT) / max(1, len(categories))
    turned = any(len(category) * LETTER > band - 4 for category in categories)
    floor = HEIGHT - _below(categories, turned, bool(config.get("x_label")))
    scale = Scale(low, high, floor, TOP)
    plot = Plot(categories, names, table, band, scale)
    return Drawing(
        WIDTH,
        HEIGHT,
        SHAPES.get(str(chart.get("type")), _bars)(plot),
        names,
        [str(config.get("x_label") or "Category"), *names],
        [[category, *(_figure(figures[at]) for figures in table)] for at, category in enumerate(categories)],
        [Label(plot.middle(at), floor + 16, category, turned) for at, category in enumerate(categories)],
        [Label(LEFT - 8, scale.at(tick) + 4, number(round(tick, 9))) for tick in ticks(low, high, size)],
        str(config.get("x_label") or ""),
        str(config.get("y_label") or ""),
        scale.at(0),
        floor=floor,
    )


@dataclass(frozen=True)
class Plot:
    """The figures of a chart with axes: one row of `table` per series, one figure per category."""

    categories: list[str]
    names: list[str]
    table: list[list[float | None]]
    band: float
    scale: Scale

    def middle(self, at: int) -> float:
        """The pixel in the middle of a category."""
        return round(LEFT + self.band * (at + 0.5), 2)

    def says(self, series: int, at: int) -> str:
        """One figure in words."""
        return f"{self.names[series]}, {self.categories[at]}: {_figure(self.table[series][at])}"


def _figures(series: Json, categories: list[str]) -> list[float | None]:
    points = {str(point.get("label")): point.get("value") for point in series.get("data", [])}
    values = [points.get(category) for category in categories]
    return [None if value is None else float(value) for value in values]


def _figure(value: float | None) -> str:
    return "–" if value is None else number(value)


def _below(categories: list[str], turned: bool, titled: bool) -> int:
    """The room under the axis, in pixels: longer where words lean, and for the axis's own title."""
    longest = max((len(category) for category in categories), default=0)
    return (int(18 + longest * LETTER * 0.77) if turned else 26) + (20 if titled else 0)


def _bars(plot: Plot) -> list[Mark]:
    """Bars side by side within their category, from zero up or down."""
    width = plot.band * 0.76 / max(1, len(plot.names))
    zero, marks = plot.scale.at(0), []
    for series, figures in enumerate(plot.table):
        for at, value in enumerate(figures):
            if value is not None:
                left = LEFT + plot.band * (at + 0.12) + width * series
                path = f"M {left:.2f} {zero} V {plot.scale.at(value)} h {max(1.0, width - 1):.2f} V {zero} Z"
                marks.append(Mark("bar", series, path=path, title=plot.says(series, at)))
    return marks


def _lines(plot: Plot) -> list[Mark]:
    """A line per series, broken where a figure is missing, and a point for each figure."""
    marks = [Mark("line", series, path=_line(run)) for series, run in _runs(plot)]
    for series, figures in enumerate(plot.table):
        for at, value in enumerate(figures):
            if value is not None:
                point = plot.middle(at), plot.scale.at(value)
                marks.append(Mark("point", series, x=point[0], y=point[1], title=plot.says(series, at)))
    return marks


def _areas(plot: Plot) -> list[Mark]:
    """As lines, with the space down to zero filled."""
    zero = plot.scale.at(0)
    filled = [
        Mark("area", series, path=f"{_line(run)} L {run[-1][0]} {zero} L {run[0][0]} {zero} Z")
        for series, run in _runs(plot)
    ]
    return filled + _lines(plot)


def _line(run: list[tuple[float, float]]) -> str:
    return "M " + " L ".join(f"{x} {y}" for x, y in run)


def _runs(plot: Plot) -> list[tuple[int, list[tuple[float, float]]]]:
    """Each unbroken stretch of figures of each series, as pixels."""
    runs: list[tuple[int, list[tuple[float, float]]]] = []
    for series, figures in enumerate(plot.table):
        fresh = True
        for at, value in enumerate(figures):
            if value is not None:
                if fresh:
                    runs.append((series, []))
                runs[-1][1].append((plot.middle(at), plot.scale.at(value)))
            fresh = value is None
    return runs


SHAPES: dict[str, Callable[[Plot], list[Mark]]] = {"bar": _bars, "line": _lines, "area": _areas}
