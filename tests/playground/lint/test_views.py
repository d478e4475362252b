"""Modals and Homes, and answers to menus that ask the bot."""

from typing import Any

import pytest

from bot.playground import lint
from tests.playground.conftest import Json, field, modal, options, plain, section

FIELDS: dict[str, Json] = {
    "text": {"type": "plain_text_input", "min_length": 1, "max_length": 5, "initial_value": "12345", "multiline": True},
    "number": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"},
    "email": {"type": "email_text_input", "placeholder": plain("x" * 150)},
    "url": {"type": "url_text_input", "focus_on_load": True},
    "rich": {"type": "rich_text_input", "min_lines": 1, "max_lines": 100},
    "files": {"type": "file_input", "max_files": 10, "filetypes": ["png"]},
    "external": {"type": "external_select", "min_query_length": 0, "initial_option": options("A")[0]},
    "multi": {"type": "multi_static_select", "options": options("A", "B"), "initial_options": options("B")},
    "channel": {"type": "channels_select", "response_url_enabled": True},
    "typed": {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}},
}


@pytest.mark.parametrize("element", FIELDS.values(), ids=FIELDS)
def test_every_field_is_taken_in_a_form(element: Json) -> None:
    assert lint.view(modal(field("name", element))) is None


TAKEN: dict[str, Json] = {
    "whole": modal(
        title=plain("x" * 24),
        close=plain("x" * 24),
        private_metadata="x" * 3000,
        callback_id="x" * 255,
        external_id="x" * 255,
        notify_on_close=True,
        clear_on_close=False,
    ),
    "without submit": {"type": "modal", "title": plain("Loading"), "blocks": [section()]},
    "a hundred": modal(*[section()] * 100),
    "home": {"type": "home", "blocks": [section()], "private_metadata": "x"},
    "home input": {"type": "home", "blocks": [field("text", FIELDS["text"])]},
}


@pytest.mark.parametrize("view", TAKEN.values(), ids=TAKEN)
def test_what_keeps_the_limits_is_taken(view: Json) -> None:
    assert lint.view(view) is None


REFUSED: dict[str, tuple[Any, str]] = {
    "no object": ("x", "must provide an object [json-pointer:/view]"),
    "no type": ({"blocks": [section()]}, "missing required field: type [json-pointer:/view]"),
    "no title": ({"type": "modal", "blocks": [section()]}, "missing required field: title [json-pointer:/view]"),
    "long title": (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    "long submit": (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    "no blocks": ({"type": "home", "blocks": []}, "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
    "101 blocks": (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    "blocks are none": ({"type": "home", "blocks": "x"}, "must be an array [json-pointer:/view/blocks]"),
    "long metadata": (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "input without submit": (
        {"type": "modal", "title": plain("x"), "blocks": [field("text", FIELDS["text"])]},
        "submit is required when the view has input blocks [json-pointer:/view]",
    ),
    "title of a home": (
        {"type": "home", "title": plain("x"), "blocks": [section()]},
        "invalid additional property: title [json-pointer:/view]",
    ),
    "two in focus": (
        modal(field("a", FIELDS["url"]), field("b", FIELDS["url"])),
        "only one element may have focus_on_load [json-pointer:/view/blocks]",
    ),
    "same field twice": (
        modal(field("a", FIELDS["text"]), field("a", FIELDS["text"])),
        "block_id must be unique: a [json-pointer:/view/blocks]",
    ),
    "markdown": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0]"),
    "button as input": (
        modal(field("a", {"type": "button", "text": plain("x")})),
        "unsupported type: button [json-pointer:/view/blocks/0/element]",
    ),
    "dispatching files": (
        modal(field("a", FIELDS["files"], dispatch_action=True)),
        "dispatch_action is not supported with file_input [json-pointer:/view/blocks/0]",
    ),
    "eleven files": (
        modal(field("a", FIELDS["files"] | {"max_files": 11})),
        "must be less than 11 [json-pointer:/view/blocks/0/element/max_files]",
    ),
    "lengths crossed": (
        modal(field("a", FIELDS["text"] | {"min_length": 6})),
        "min_length must not be greater than max_length [json-pointer:/view/blocks/0/element]",
    ),
    "long first value": (
        modal(field("a", FIELDS["text"] | {"initial_value": "123456"})),
        "must be less than 6 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    "bounds crossed": (
        modal(field("a", FIELDS["number"] | {"min_value": "9"})),
        "min_value must not be greater than max_value [json-pointer:/view/blocks/0/element]",
    ),
    "bounds are numbers": (
        modal(field("a", FIELDS["number"] | {"min_value": 1})),
        "must be a string [json-pointer:/view/blocks/0/element/min_value]",
    ),
    "first value out of bounds": (
        modal(field("a", FIELDS["number"] | {"initial_value": "9"})),
        "initial_value must not be greater than max_value [json-pointer:/view/blocks/0/element]",
    ),
    "decimals not allowed": (
        modal(field("a", FIELDS["number"] | {"initial_value": "1.5"})),
        "decimal values are not allowed [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    "decimals not said": (
        modal(field("a", {"type": "number_input"})),
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
    ),
    "reply address in a section": (
        modal(section(accessory={"type": "channels_select", "response_url_enabled": True})),
        "response_url_enabled is for input blocks only [json-pointer:/view/blocks/0]",
    ),
    "reply address in a home": (
        {"type": "home", "blocks": [field("a", FIELDS["channel"])]},
        "response_url_enabled is for modals only [json-pointer:/view/blocks/0/element]",
    ),
    "empty filter": (
        modal(field("a", {"type": "conversations_select", "filter": {"include": []}})),
        "no fewer than 1 items allowed [json-pointer:/view/blocks/0/element/filter/include]",
    ),
}


@pytest.mark.parametrize(("view", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_limit_is_refused(view: Any, problem: str) -> None:
    verdict = lint.view(view)

    assert verdict
    assert verdict.error == "invalid_arguments"
    assert f"[ERROR] {problem}" in verdict.messages


def test_a_view_has_250_kilobytes() -> None:
    verdict = lint.view(modal(*[section("ä" * 3000)] * 45))

    assert verdict
    assert verdict.error == "view_too_large"


def test_an_answer_to_a_menu_has_options_or_groups() -> None:
    assert lint.options({"options": options("A")}) is None
    assert lint.options({"options": []}) is None
    assert lint.options({"option_groups": [{"label": plain("G"), "options": options("A")}]}) is None
    for wrong in ({}, None, {"options": [{"text": "A"}]}, {"options": options(*map(str, range(101)))}):
        verdict = lint.options(wrong)
        assert verdict
        assert verdict.error == "invalid_options"
