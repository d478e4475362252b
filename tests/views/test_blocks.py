"""Blocks are plain, the same each time, within Slack's limits, and taken by a strict Slack."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground import lint
from bot.views import blocks
from bot.views.text import escape, mention

LONG = "Überlänge 👨‍👩‍👧‍👦 & <b> " * 200
LEVELS = [blocks.option("On track", 2), blocks.option("Off track", 6, "needs a path to green")]


def a_message(words: str) -> list[blocks.Block]:
    """One of each block of a message."""
    sure = blocks.confirm(words, words, words, words, style="danger")
    return [
        blocks.header(words),
        blocks.section(escape(words) or "–", blocks.button(words, "open", 7)),
        blocks.section("Where?", blocks.overflow("more", [blocks.option(words, 1)], confirm=sure)),
        blocks.fields(
            {"Title": escape(words), "Owner": mention("U123"), "Due": ""}, blocks.menu("pick", words, LEVELS, 2)
        ),
        blocks.context("Raised today", escape(words) or "–"),
        blocks.divider(),
        blocks.image("https://a.example/x.png", words, words),
        blocks.actions(
            blocks.button(words, "close", "88", style="danger", confirm=sure, describes=words),
            blocks.button("Plan", "plan", url="https://a.example/plan"),
        ),
        blocks.data_table(words, ["Project", words], [[words, blocks.number(Decimal("1.5"), words)], ["", "x"]]),
        blocks.bar(
            words, [words, words], {words: [1, Decimal("-2.5")], words + " ": [0, 3]}, x_label=words, y_label=words
        ),
        blocks.pie(words, {words: 1, f"{words} ": Decimal("0.5"), "none": 0}),
    ]


def a_form(words: str) -> blocks.View:
    """One of each field of a form."""
    fields = [
        blocks.section(escape(words) or "–"),
        blocks.alert(escape(words) or "–", "warning"),
        blocks.text_input("cause", words, value=words, multiline=True, max_length=300, hint=words, placeholder=words),
        blocks.text_input("title", words, value=words, max_length=80, optional=True),
        blocks.text_input("name", words, dispatches="named"),
        blocks.actions(blocks.external_menu("portfolios", words, blocks.option(words, 1))),
        blocks.number_input("cost", words, value=Decimal("1E+3"), decimals=True, least=0, most=5000, placeholder=words),
        blocks.number_input("days", words, value="", optional=True),
        blocks.date_input("due", words, value=date(2026, 12, 4)),
        blocks.date_input("start", words, optional=True),
        blocks.time_input("at", words, value="15:00"),
        blocks.select("impact", words, LEVELS, 6, placeholder=words),
        blocks.select("chance", words, LEVELS, 99, dispatches="chance_changed"),
        blocks.external_select(
            "project", words, "projects", blocks.option(words, 1), dispatches=True, placeholder=words
        ),
        blocks.person_input("owner", words, value="U123", placeholder=words),
        blocks.channel_input("channel", words, value="C123", placeholder=words),
        blocks.radio("overall", words, LEVELS, 2, dispatches="overall_changed"),
        blocks.checkboxes("gates", words, LEVELS, [6], hint=words),
    ]
    return blocks.modal(words, "form", fields, submit=words, metadata={"project": 3}, notify_on_close=True)


@pytest.mark.parametrize("words", ["Vendor slips", LONG, "", "<!channel> *x*", "\n\t\0"])
def test_a_strict_slack_takes_every_block(words: str) -> None:
    message, form = a_message(words), a_form(words)

    for block in message:
        assert lint.message([block]) is None
    assert lint.view(form) is None
    assert lint.view(blocks.home(message[:8])) is None


@given(st.text())
def test_a_strict_slack_takes_whatever_is_typed(words: str) -> None:
    assert lint.message(a_message(words)) is None
    assert lint.view(a_form(words)) is None


def test_the_same_input_gives_an_equal_message() -> None:
    assert a_message("Vendor slips") == a_message("Vendor slips")
    assert a_form("Vendor slips") == a_form("Vendor slips")


def test_blocks_are_json_and_nothing_else() -> None:
    assert json.loads(json.dumps(a_message(LONG))) == a_message(LONG)
    assert json.loads(json.dumps(a_form(LONG))) == a_form(LONG)


def test_a_card_reads_as_it_is_written() -> None:
    assert blocks.header("R&D *late*") == {"type": "header", "text": {"type": "plain_text", "text": "R&D *late*"}}
    assert blocks.fields({"Owner": mention("U123")}) == {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": "*Owner*\n<@U123>", "verbatim": True}],
    }
    assert blocks.actions(blocks.button("Close", "close", 88, describes="Close APOLLO-R12")) == {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Close"},
                "action_id": "close",
                "value": "88",
                "accessibility_label": "Close APOLLO-R12",
            }
        ],
    }


def test_a_field_is_known_by_its_name() -> None:
    heard = blocks.radio("overall", "Overall", LEVELS, dispatches="overall_changed")

    assert (heard["block_id"], heard["element"]["action_id"], heard["dispatch_action"]) == (
        "overall",
        "overall_changed",
        True,
    )
    quiet = blocks.text_input("cause", "Cause", value="a\nb")
    assert (quiet["block_id"], quiet["element"]["action_id"]) == ("cause", "cause")
    assert "dispatch_action" not in quiet
    assert quiet["element"]["initial_value"] == "a b"


def test_what_is_no_longer_offered_is_not_chosen() -> None:
    assert "initial_option" not in blocks.select("impact", "Impact", LEVELS, 99)["element"]
    assert blocks.select("impact", "Impact", LEVELS, "6")["element"]["initial_option"]["value"] == "6"
    assert "initial_user" not in blocks.person_input("owner", "Owner", value="bob")["element"]
    assert "initial_conversation" not in blocks.channel_input("channel", "Channel", value="#general")["element"]
    ticked = blocks.checkboxes("gates", "Gates", LEVELS, [6, 99])["element"]["initial_options"]
    assert [box["value"] for box in ticked] == ["6"]


def test_a_modal_carries_its_ids_and_a_way_out() -> None:
    view = blocks.modal("Risk", "risk", [blocks.divider()], metadata={"risk": 88, "project": 3})

    assert view["private_metadata"] == '{"project":3,"risk":88}'
    assert view["close"]["text"] == "Cancel"
    assert "submit" not in view
    assert lint.view(blocks.loading_modal("Risk", "risk")) is None


@pytest.mark.parametrize(
    ("shown", "limit"),
    [
        (lambda: blocks.header(LONG)["text"]["text"], blocks.HEADER),
        (lambda: blocks.section(escape(LONG))["text"]["text"], blocks.SECTION),
        (lambda: blocks.fields({"Title": escape(LONG)})["fields"][0]["text"], blocks.FIELD),
        (lambda: blocks.modal(LONG, "x", [blocks.divider()])["title"]["text"], blocks.TITLE),
        (lambda: blocks.actions(blocks.button(LONG, "x"))["elements"][0]["text"]["text"], blocks.BUTTON),
        (lambda: blocks.suggestions([blocks.option(LONG, 1)])["options"][0]["text"]["text"], blocks.OPTION),
        (lambda: blocks.pie(LONG, {"a": 1})["title"], blocks.CHART_TITLE),
    ],
)
def test_long_words_are_cut_with_an_ellipsis(shown: Callable[[], str], limit: int) -> None:
    assert limit - 12 <= len(shown()) <= limit
    assert shown().endswith("…")


def _buttons(count: int) -> list[blocks.Element]:
    return [blocks.button("Go", f"go{at}") for at in range(count)]


def _options(count: int) -> list[blocks.Option]:
    return [blocks.option("Go", at) for at in range(count)]


TOO_MUCH: dict[str, Callable[[], Any]] = {
    "no buttons": blocks.actions,
    "26 buttons": lambda: blocks.actions(*_buttons(26)),
    "one action id twice": lambda: blocks.actions(blocks.button("Yes", "go"), blocks.button("No", "go")),
    "no remarks": blocks.context,
    "11 remarks": lambda: blocks.context(*"abcdefghijk"),
    "no fields": lambda: blocks.fields({}),
    "11 fields": lambda: blocks.fields(dict.fromkeys("abcdefghijk", "x")),
    "an empty section": lambda: blocks.section(""),
    "an empty value": lambda: blocks.option("Go", ""),
    "a long value": lambda: blocks.option("Go", "x" * 76),
    "6 choices behind dots": lambda: blocks.overflow("more", _options(6)),
    "101 options": lambda: blocks.select("a", "A", _options(101)),
    "no options": lambda: blocks.select("a", "A", []),
    "one value twice": lambda: blocks.select("a", "A", [blocks.option("A", 1), blocks.option("B", 1)]),
    "11 choices in sight": lambda: blocks.radio("a", "A", _options(11)),
    "a field too long": lambda: blocks.text_input("a", "A", max_length=3001),
    "bounds crossed": lambda: blocks.number_input("a", "A", least=3, most=1),
    "fields that cannot be sent": lambda: blocks.modal("A", "a", [blocks.text_input("a", "A")]),
    "one field twice": lambda: blocks.modal("A", "a", [blocks.text_input("a", "A")] * 2, submit="Send"),
    "an empty modal": lambda: blocks.modal("A", "a", []),
    "101 blocks": lambda: blocks.home([blocks.divider()] * 101),
    "much metadata": lambda: blocks.modal("A", "a", [blocks.divider()], metadata={"a": "x" * 3000}),
    "no rows": lambda: blocks.data_table("A", ["a"], []),
    "101 rows": lambda: blocks.data_table("A", ["a"], [["x"]] * 101),
    "21 columns": lambda: blocks.data_table("A", ["a"] * 21, [["x"] * 21]),
    "ragged rows": lambda: blocks.data_table("A", ["a", "b"], [["x"]]),
    "long cells": lambda: blocks.data_table("A", ["a"], [["x" * 2000]] * 6),
    "7 segments": lambda: blocks.pie("A", dict.fromkeys("abcdefg", 1)),
    "a pie of nothing": lambda: blocks.pie("A", {"a": 0}),
    "7 series": lambda: blocks.bar("A", ["a"], {name: [1] for name in "abcdefg"}),
    "21 categories": lambda: blocks.bar("A", [str(at) for at in range(21)], {"a": [1] * 21}),
    "a figure missing": lambda: blocks.line_chart("A", ["a", "b"], {"a": [1]}),
    "no number": lambda: blocks.bar("A", ["a"], {"a": [float("nan")]}),
}


@pytest.mark.parametrize("wrong", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_wrong_structure_is_a_mistake_of_the_view(wrong: Callable[[], Any]) -> None:
    with pytest.raises(blocks.Misshapen):
        wrong()


def test_labels_of_a_chart_differ_even_when_they_are_cut() -> None:
    names = ["Programme of the north, east", "Programme of the north, west"]

    chart = blocks.line_chart("Cost", names, {"Spent": [1, 2]})["chart"]

    assert chart["axis_config"]["categories"] == ["Programme of the no…", "Programme of the… 2"]
    assert [point["value"] for point in chart["series"][0]["data"]] == [1, 2]


def test_a_number_sorts_by_its_value_and_shows_words() -> None:
    table = blocks.data_table("Cost", ["Project", "Spent"], [["Apollo", blocks.number(Decimal("1200000"), "£1.2m")]])

    assert table["rows"][1][1] == {"type": "raw_number", "value": 1_200_000.0, "text": "£1.2m"}


def test_suggestions_stop_at_a_hundred() -> None:
    offered = blocks.suggestions(_options(120))

    assert len(offered["options"]) == blocks.OPTIONS
    assert lint.options(offered) is None


def test_the_size_is_what_slack_counts() -> None:
    assert blocks.size([blocks.divider()]) == len('[{"type":"divider"}]')


def test_a_text_may_be_heard_letter_by_letter() -> None:
    heard = blocks.text_input("name", "Name", dispatches="named")

    assert (heard["block_id"], heard["element"]["action_id"], heard["dispatch_action"]) == ("name", "named", True)
    assert heard["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_character_entered"]}
    assert "dispatch_action_config" not in blocks.text_input("name", "Name")["element"]


def test_a_menu_outside_a_form_may_ask_for_its_choices() -> None:
    row = blocks.actions(blocks.external_menu("portfolios", "Portfolio", blocks.option("Change", 3)))

    [menu] = row["elements"]
    assert (menu["type"], menu["min_query_length"], menu["initial_option"]["value"]) == ("external_select", 0, "3")


def test_a_day_that_no_picker_shows_is_left_out() -> None:
    assert "initial_date" not in blocks.date_input("due", "Due", value=date(1, 1, 1))["element"]
    assert blocks.date_input("due", "Due", value=date(1000, 1, 1))["element"]["initial_date"] == "1000-01-01"
