"""The newest blocks: tables, charts, alerts, cards, containers, plans."""

from typing import Any

from bot.playground.lint.elements import element
from bot.playground.lint.objects import IMAGE, MRKDWN, PLAIN, plain, text
from bot.playground.lint.rich_text import RICH_TEXT, RICH_TEXT_FIELDS
from bot.playground.lint.shapes import (
    Check,
    Fields,
    Report,
    Shape,
    among,
    at_least_one,
    flag,
    listed,
    number,
    string,
    typed,
    unique,
    url,
    whole,
)

BLOCK: Fields = {"block_id": string(255)}
RAW_TEXT = Shape(required={"text": string(None, 1)})
CELLS: dict[str, Check] = {
    "raw_text": RAW_TEXT,
    "raw_number": Shape(required={"value": number, "text": string(None, 1)}),
    "rich_text": Shape(required=RICH_TEXT_FIELDS, optional=BLOCK),
}
ROW = listed(typed(CELLS), 20)
_COLUMN = Shape(optional={"align": among("left", "center", "right"), "is_wrapped": flag})


def _column(value: Any, report: Report, pointer: str) -> None:
    """A column's settings; null skips the column."""
    if value is not None:
        _COLUMN(value, report, pointer)


def _rows(value: Any) -> list[list[Any]]:
    rows = value.get("rows")
    return [r for r in rows if isinstance(r, list)] if isinstance(rows, list) else []


def _header_is_text(value: Any, report: Report, pointer: str) -> None:
    """The first row of a data table is its header, in raw text."""
    for index, cell in enumerate(_rows(value)[0] if _rows(value) else []):
        if isinstance(cell, dict) and cell.get("type") != "raw_text":
            report.add("header cells must be raw_text", f"{pointer}/rows/0/{index}")


def _same_width(value: Any, report: Report, pointer: str) -> None:
    """Every row of a data table has as many cells as its header."""
    rows = _rows(value)
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            report.add("all rows must have the same number of cells", f"{pointer}/rows/{index}")


def _header_column_exists(value: Any, report: Report, pointer: str) -> None:
    rows, column = _rows(value), value.get("row_header_column_index")
    if rows and isinstance(column, int) and column >= len(rows[0]):
        report.add("must be the index of a column", f"{pointer}/row_header_column_index")


def _above_zero(value: Any, report: Report, pointer: str) -> None:
    number(value, report, pointer)
    if isinstance(value, int | float) and value <= 0:
        report.add("must be greater than 0", pointer)


def _list_of(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _categories(chart: Any) -> list[Any]:
    axis = chart.get("axis_config")
    return _list_of(axis, "categories")


def _points_match_axis(chart: Any, report: Report, pointer: str) -> None:
    """Each series has exactly one point for each category of the axis."""
    wanted = sorted(map(str, _categories(chart)))
    for index, series in enumerate(_list_of(chart, "series")):
        labels = sorted(str(p.get("label")) for p in _list_of(series, "data") if isinstance(p, dict))
        if labels != wanted:
            report.add("data labels must match axis_config.categories", f"{pointer}/series/{index}/data")


def _names_differ(chart: Any, report: Report, pointer: str) -> None:
    names = [s.get("name") for s in _list_of(chart, "series") if isinstance(s, dict)]
    unique("series name must be unique", names, report, f"{pointer}/series")
    unique("category must be unique", _categories(chart), report, f"{pointer}/axis_config/categories")


_POINT = Shape(required={"label": string(20, 1), "value": number})
_SERIES = Shape(required={"name": string(20, 1), "data": listed(_POINT, 20)})
_AXIS = Shape(
    required={"categories": listed(string(20, 1), 20)}, optional={"x_label": string(50), "y_label": string(50)}
)
_PLOT = Shape(required={"series": listed(_SERIES, 6), "axis_config": _AXIS}, rules=(_points_match_axis, _names_differ))
_SEGMENT = Shape(required={"label": string(20, 1), "value": _above_zero})
CHARTS: dict[str, Check] = {
    "pie": Shape(required={"segments": listed(_SEGMENT, 6)}),
    "bar": _PLOT,
    "line": _PLOT,
    "area": _PLOT,
}

_BUTTONS = listed(element(frozenset({"button"})), 5)
CARD = Shape(
    optional={
        **BLOCK,
        "hero_image": typed({"image": IMAGE}),
        "icon": typed({"image": IMAGE}),
        "title": text(150, MRKDWN),
        "subtitle": text(150, MRKDWN),
        "body": text(200, MRKDWN),
        "actions": _BUTTONS,
    },
    rules=(at_least_one("hero_image", "title", "actions", "body"),),
)
_SOURCE = typed({"url": Shape(required={"url": url(), "text": string(None, 1)})})
_TASK_MUST: Fields = {"task_id": string(255, 1), "title": string(None, 1)}
_TASK_MAY: Fields = {**BLOCK, "details": RICH_TEXT, "output": RICH_TEXT, "sources": listed(_SOURCE, None, 0)}
_STATES = ("pending", "in_progress", "complete", "error")
PLANNED_TASK = Shape(required=_TASK_MUST, optional={**_TASK_MAY, "status": among(*_STATES)})
ALONE_TASK = Shape(required=_TASK_MUST, optional={**_TASK_MAY, "status": among(*_STATES[1:])})

NEWEST_BLOCKS: dict[str, Shape] = {
    "table": Shape(required={"rows": listed(ROW, 100)}, optional={**BLOCK, "column_settings": listed(_column, 20, 0)}),
    "data_table": Shape(
        required={"caption": string(None, 1), "rows": listed(ROW, 101, 2)},
        optional={**BLOCK, "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
        rules=(_same_width, _header_is_text, _header_column_exists),
    ),
    "data_visualization": Shape(required={"title": string(50, 1), "chart": typed(CHARTS)}, optional=BLOCK),
    "alert": Shape(
        required={"text": text(3000, PLAIN, MRKDWN)},
        optional={**BLOCK, "level": among("default", "info", "warning", "error", "success")},
    ),
    "card": CARD,
    "carousel": Shape(required={"elements": listed(typed({"card": CARD}), 10)}, optional=BLOCK),
    "task_card": ALONE_TASK,
    "plan": Shape(
        required={"title": string(None, 1)},
        optional={**BLOCK, "tasks": listed(typed({"task_card": PLANNED_TASK}))},
    ),
    "context_actions": Shape(
        required={"elements": listed(element(frozenset({"icon_button", "feedback_buttons"})), 5)}, optional=BLOCK
    ),
}


def container(children: Check) -> Shape:
    """A box around other blocks, which must have a title."""
    return Shape(
        required={"child_blocks": listed(children, 10)},
        optional={
            **BLOCK,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "width": among("narrow", "standard", "wide", "full"),
            "icon": typed({"image": IMAGE}),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        rules=(at_least_one("title", "rich_text_title"), _one_kind_of_container),
    )


def _one_kind_of_container(value: Any, report: Report, pointer: str) -> None:
    if value.get("has_header_divider") and value.get("is_collapsible"):
        report.add("has_header_divider cannot be set when is_collapsible is true", pointer)
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        report.add("default_collapsed needs is_collapsible", pointer)
