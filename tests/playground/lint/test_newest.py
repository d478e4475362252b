"""The newest blocks: tables, charts, alerts, cards and containers, on the surfaces that take them."""

from typing import Any

import pytest

from bot.playground import lint
from tests.playground.conftest import Json, button, modal, mrkdwn, plain, section

IMAGE = {"type": "image", "alt_text": "A chart", "image_url": "https://x.example/a.png"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def number(value: float) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value)}


def data_table(rows: int = 3, columns: int = 2, **more: Any) -> Json:
    header = [raw(f"c{n}") for n in range(columns)]
    body = [[number(n) for n in range(columns)] for _ in range(rows - 1)]
    return {"type": "data_table", "caption": "Open risks", "rows": [header, *body], **more}


def chart(kind: str = "bar", **more: Any) -> Json:
    series = [{"name": "Red", "data": [{"label": "Oct", "value": 2}, {"label": "Nov", "value": -3.5}]}]
    axis = {"categories": ["Oct", "Nov"], "x_label": "Month"}
    return {
        "type": "data_visualization",
        "title": "Health",
        "chart": {"type": kind, "series": series, "axis_config": axis} | more,
    }


def pie(*values: float) -> Json:
    segments = [{"label": f"s{n}", "value": value} for n, value in enumerate(values)]
    return {"type": "data_visualization", "title": "Health", "chart": {"type": "pie", "segments": segments}}


def container(**more: Any) -> Json:
    return {"type": "container", "title": plain("Box"), "child_blocks": [section()], **more}


TASK = {"type": "task_card", "task_id": "1", "title": "Dig", "status": "complete"}
CARD = {"type": "card", "title": mrkdwn("x" * 150), "body": mrkdwn("y" * 200), "icon": IMAGE, "actions": [button()]}
TAKEN: dict[str, Json] = {
    "data table": data_table(101, 2, page_size=100, row_header_column_index=1) | {"rows": [[raw("a")] * 2] * 101},
    "wide data table": data_table(2, 20),
    "rich cell": {"type": "data_table", "caption": "c", "rows": [[raw("a")], [RICH]]},
    "table": {"type": "table", "rows": [[raw("x")] * 20], "column_settings": [{"align": "right"}, None]},
    "bar": chart("bar"),
    "line": chart("line"),
    "area": chart("area"),
    "pie": pie(1, 2.5, 3, 4, 5, 6),
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD] * 3},
    "container": container(width="wide", is_collapsible=True, default_collapsed=True, subtitle=mrkdwn("x")),
    "rich container": container(rich_text_title=RICH, has_header_divider=True),
    "task": TASK,
    "plan": {"type": "plan", "title": "Plan", "tasks": [TASK | {"status": "pending", "details": RICH}]},
}


@pytest.mark.parametrize("block", TAKEN.values(), ids=TAKEN)
def test_what_keeps_the_limits_is_taken(block: Json) -> None:
    assert lint.message([block]) is None


REFUSED: dict[str, tuple[Json, str]] = {
    "no caption": (data_table() | {"caption": ""}, "must be more than 0 characters"),
    "header alone": (data_table(1), "no fewer than 2 items allowed"),
    "102 rows": (data_table(102, 1), "no more than 101 items allowed"),
    "21 cells": (data_table(2, 21), "no more than 20 items allowed"),
    "uneven rows": (
        {"type": "data_table", "caption": "c", "rows": [[raw("a")], [raw("b"), raw("c")]]},
        "all rows must have the same number of cells",
    ),
    "header of numbers": (
        {"type": "data_table", "caption": "c", "rows": [[number(1)], [number(1)]]},
        "header cells must be raw_text",
    ),
    "empty cell": (data_table() | {"rows": [[raw("a")], [raw("")]]}, "must be more than 0 characters"),
    "number without text": (
        data_table() | {"rows": [[raw("a")], [{"type": "raw_number", "value": 1}]]},
        "missing required field: text",
    ),
    "number as text": (
        data_table() | {"rows": [[raw("a")], [{"type": "raw_number", "value": "1", "text": "1"}]]},
        "must be a number",
    ),
    "action cell": (data_table() | {"rows": [[raw("a")], [{"type": "action_cell"}]]}, "unsupported type: action_cell"),
    "long page": (data_table(page_size=101), "must be less than 101"),
    "no such column": (data_table(row_header_column_index=2), "must be the index of a column"),
    "many characters": (
        {"type": "data_table", "caption": "c", "rows": [[raw("h")], [raw("x" * 10_000)]]},
        "must be less than 10001 characters in all table and data_table blocks",
    ),
    "rows are none": ({"type": "data_table", "caption": "c", "rows": "x"}, "must be an array"),
    "101 rows of a table": ({"type": "table", "rows": [[raw("x")]] * 101}, "no more than 100 items allowed"),
    "aligned wrongly": (
        {"type": "table", "rows": [[raw("x")]], "column_settings": [{"align": "top"}]},
        "must be one of: left, center, right",
    ),
    "long title": (chart() | {"title": "x" * 51}, "must be less than 51 characters"),
    "unknown chart": (chart("radar"), "unsupported type: radar"),
    "seven segments": (pie(1, 2, 3, 4, 5, 6, 7), "no more than 6 items allowed"),
    "empty segment": (pie(1, 0), "must be greater than 0"),
    "seven series": (
        chart(series=[{"name": f"s{n}", "data": [{"label": "Oct", "value": 1}]} for n in range(7)]),
        "no more than 6 items allowed",
    ),
    "same names": (
        chart(series=[{"name": "a", "data": [{"label": "Oct", "value": 1}, {"label": "Nov", "value": 1}]}] * 2),
        "series name must be unique: a",
    ),
    "missing point": (
        chart(series=[{"name": "a", "data": [{"label": "Oct", "value": 1}]}]),
        "data labels must match axis_config.categories",
    ),
    "same categories": (chart(axis_config={"categories": ["Oct", "Oct"]}), "category must be unique: Oct"),
    "long category": (chart(axis_config={"categories": ["x" * 21]}), "must be less than 21 characters"),
    "axis is none": (chart(axis_config="x"), "must provide an object"),
    "bare card title": (CARD | {"title": "x"}, "must provide an object"),
    "plain card title": (CARD | {"title": plain("x")}, "must be one of: mrkdwn"),
    "long card body": (CARD | {"body": mrkdwn("x" * 201)}, "must be less than 201 characters"),
    "card of nothing": (
        {"type": "card", "icon": IMAGE},
        "missing one of the required fields: hero_image, title, actions, body",
    ),
    "eleven cards": ({"type": "carousel", "elements": [CARD] * 11}, "no more than 10 items allowed"),
    "untitled box": (container(title=None), "missing one of the required fields: title, rich_text_title"),
    "eleven children": (container(child_blocks=[{"type": "divider"}] * 11), "no more than 10 items allowed"),
    "box in a box": (container(child_blocks=[container()]), "unsupported type: container"),
    "chart in a box": (container(child_blocks=[chart()]), "unsupported type: data_visualization"),
    "two kinds of box": (
        container(is_collapsible=True, has_header_divider=True),
        "has_header_divider cannot be set when is_collapsible is true",
    ),
    "collapsed for ever": (container(default_collapsed=True), "default_collapsed needs is_collapsible"),
    "pending alone": (TASK | {"status": "pending"}, "must be one of: in_progress, complete, error"),
    "task title object": (TASK | {"title": plain("x")}, "must be a string"),
}


@pytest.mark.parametrize(("block", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_limit_is_refused(block: Json, problem: str) -> None:
    verdict = lint.message([block])

    assert verdict
    assert verdict.error == "invalid_blocks"
    assert any(f"[ERROR] {problem}" in message for message in verdict.messages)
    assert verdict.messages


def test_three_charts_are_too_many() -> None:
    verdict = lint.message([chart(), pie(1), chart()])

    assert lint.message([chart(), pie(1)]) is None
    assert verdict
    assert "no more than 2 data_visualization blocks allowed" in verdict.messages[0]


def test_a_workspace_without_the_newest_blocks_refuses_them() -> None:
    for block in (data_table(), chart()):
        verdict = lint.message([block], newest=False)
        assert verdict
        assert verdict.error == "invalid_blocks"
        assert f"unsupported type: {block['type']}" in verdict.messages[0]


@pytest.mark.parametrize(
    "block", [data_table(), chart(), TAKEN["table"], container(), TASK], ids=lambda b: str(b["type"])
)
def test_forms_and_homes_do_not_take_them(block: Json) -> None:
    assert lint.view(modal(block))
    assert lint.view({"type": "home", "blocks": [block]})


def test_an_alert_is_for_modals() -> None:
    alert = {"type": "alert", "text": plain("Careful"), "level": "warning"}

    assert lint.view(modal(alert)) is None
    assert lint.view(modal(alert | {"level": "loud"}))
    assert lint.view({"type": "home", "blocks": [alert]})
