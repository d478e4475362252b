"""Charts: round axes, shapes where the figures are, and the same figures as a table."""

import pytest

from bot.playground.page import charts, scales
from bot.playground.page.reader import Json
from tests.playground.page.samples import LONG, PIE, plotted


@pytest.mark.parametrize(
    ("values", "low", "high", "size"),
    [
        ([0, 7], 0, 8, 2),
        ([3, 5], 0, 5, 1),
        ([-1, 6], -2, 6, 2),
        ([0.01, 0.04], 0, 0.04, 0.01),
        ([1_250_000], 0, 1_250_000, 250_000),
        ([-40, -5], -40, 0, 10),
        ([0, 0], 0, 1, 1),
    ],
)
def test_the_axis_is_round_and_holds_zero(values: list[float], low: float, high: float, size: float) -> None:
    assert scales.round_range(values) == pytest.approx((low, high, size))


def test_ticks_go_from_end_to_end() -> None:
    assert scales.ticks(-2, 6, 2) == [-2, 0, 2, 4, 6]


@pytest.mark.parametrize(("value", "words"), [(1234567.5, "1,234,567.5"), (0.25, "0.25"), (-0.0, "0"), (3, "3")])
def test_numbers_are_written_for_people(value: float, words: str) -> None:
    assert scales.number(value) == words


def test_a_pie_has_a_slice_and_a_line_of_the_legend_for_each_segment() -> None:
    drawing = charts.drawing(PIE["chart"])

    assert [mark.title for mark in drawing.marks] == ["Green: 6 (50%)", "Amber: 4 (33%)", "Red: 2 (17%)"]
    assert drawing.legend[0] == "Green · 6 (50%)"
    assert drawing.rows[2] == ["Red", "2", "17%"]


def test_a_pie_of_one_segment_is_a_whole_ring() -> None:
    drawing = charts.drawing({"type": "pie", "segments": [{"label": "Green", "value": 3}]})

    assert drawing.marks[0].path.count("M") == 2


@pytest.mark.parametrize(
    ("kind", "marks"),
    [("bar", {"bar": 8}), ("line", {"line": 2, "point": 8}), ("area", {"area": 2, "line": 2, "point": 8})],
)
def test_each_kind_has_its_shapes(kind: str, marks: dict[str, int]) -> None:
    drawing = charts.drawing(plotted(kind)["chart"])

    assert {kind: sum(mark.kind == kind for mark in drawing.marks) for kind in marks} == marks
    assert len(drawing.marks) == sum(marks.values())
    assert drawing.rows[0] == ["27 Oct", "-1", "6"]


def test_a_bar_below_zero_hangs_from_the_line_of_zero() -> None:
    drawing = charts.drawing(plotted("bar")["chart"])
    first = next(mark for mark in drawing.marks if mark.title == "Red, 27 Oct: -1")

    assert drawing.zero is not None
    assert drawing.zero < drawing.floor
    assert first.path.startswith(f"M 73.16 {drawing.zero} V {drawing.floor - (drawing.floor - drawing.zero) / 2}")


def test_a_missing_figure_is_a_gap() -> None:
    chart = plotted("line")["chart"]
    del chart["series"][0]["data"][1]
    drawing = charts.drawing(chart)

    assert sum(mark.kind == "line" for mark in drawing.marks) == 3
    assert drawing.rows[1] == ["3 Nov", "–", "5"]


def test_a_missing_figure_has_no_bar() -> None:
    chart = plotted("bar")["chart"]
    del chart["series"][0]["data"][1]

    assert len(charts.drawing(chart).marks) == 7


def test_long_words_lean_and_titles_stand() -> None:
    drawing = charts.drawing(plotted("area", categories=LONG, x_label="Portfolio", y_label="Projects")["chart"])

    assert all(label.turned for label in drawing.x_labels)
    assert (drawing.x_title, drawing.y_title, drawing.head[0]) == ("Portfolio", "Projects", "Portfolio")


@pytest.mark.parametrize(
    "chart", [{}, {"type": "line"}, {"type": "bar", "series": [], "axis_config": None}, {"type": "pie"}]
)
def test_an_empty_chart_is_drawn_empty(chart: Json) -> None:
    assert charts.drawing(chart).marks == []
