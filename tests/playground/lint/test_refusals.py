"""Blocks of messages that break a limit are refused in Slack's words, with their place."""

from typing import Any

import pytest

from bot.playground import lint
from tests.playground.conftest import Json, actions, button, field, mrkdwn, options, plain, section

CONFIRM = {"title": plain("t" * 100), "text": mrkdwn("t" * 300), "confirm": plain("y" * 30), "deny": plain("n" * 30)}
IMAGE = {"type": "image", "alt_text": "A chart", "image_url": "https://x.example/a.png"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options("One", "Two"), **more}


def rich(*leaves: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


VIDEO: Json = {
    "type": "video",
    "title": plain("x" * 199),
    "alt_text": "A film",
    "video_url": "https://x.example/v",
    "thumbnail_url": "https://x.example/t.png",
}

REFUSED: dict[str, tuple[list[Any], str, str]] = {
    "fifty-one blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed", "/blocks"),
    "no blocks": ([], "no fewer than 1 items allowed", "/blocks"),
    "a text for a block": (["x"], "must provide an object", "/blocks/0"),
    "no type": ([{"text": "x"}], "missing required field: type", "/blocks/0"),
    "unknown block": ([{"type": "poem"}], "unsupported type: poem", "/blocks/0"),
    "alert outside modals": ([{"type": "alert", "text": plain("x")}], "unsupported type: alert", "/blocks/0"),
    "file": ([{"type": "file", "external_id": "x", "source": "remote"}], "unsupported type: file", "/blocks/0"),
    "auth_provider": ([{"type": "auth_provider"}], "unsupported type: auth_provider", "/blocks/0"),
    "long section": ([section("x" * 3001)], "must be less than 3001 characters", "/blocks/0/text/text"),
    "empty section text": ([section("")], "must be more than 0 characters", "/blocks/0/text/text"),
    "section of nothing": ([{"type": "section"}], "missing one of the required fields: text, fields", "/blocks/0"),
    "bare text": ([{"type": "section", "text": "x"}], "must provide an object", "/blocks/0/text"),
    "eleven fields": (
        [{"type": "section", "fields": [plain("x")] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/fields",
    ),
    "long field": (
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        "must be less than 2001 characters",
        "/blocks/0/fields/0/text",
    ),
    "unknown key": ([{"type": "divider", "colour": "red"}], "invalid additional property: colour", "/blocks/0"),
    "header mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "must be one of: plain_text", "/blocks/0/text/type"),
    "long header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters",
        "/blocks/0/text/text",
    ),
    "header level": (
        [{"type": "header", "text": plain("x"), "level": 1}],
        "invalid additional property: level",
        "/blocks/0",
    ),
    "long block_id": ([section(block_id="x" * 256)], "must be less than 256 characters", "/blocks/0/block_id"),
    "same block_id": ([section(block_id="a"), section(block_id="a")], "block_id must be unique: a", "/blocks"),
    "same action_id": ([actions(button(), button())], "action_id must be unique in its block: go", "/blocks/0"),
    "eleven in context": (
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/elements",
    ),
    "button in context": (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button",
        "/blocks/0/elements/0",
    ),
    "empty actions": ([actions()], "no fewer than 1 items allowed", "/blocks/0/elements"),
    "26 actions": (
        [actions(*(button(action_id=f"a{n}") for n in range(26)))],
        "no more than 25 items allowed",
        "/blocks/0/elements",
    ),
    "field in actions": (
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
        "/blocks/0/elements/0",
    ),
    "multi select in actions": (
        [actions({"type": "multi_users_select"})],
        "unsupported type: multi_users_select",
        "/blocks/0/elements/0",
    ),
    "datetimepicker in section": (
        [section(accessory={"type": "datetimepicker"})],
        "unsupported type: datetimepicker",
        "/blocks/0/accessory",
    ),
    "long label": ([actions(button("x" * 76))], "must be less than 76 characters", "/blocks/0/elements/0/text/text"),
    "label mrkdwn": (
        [actions(button() | {"text": mrkdwn("x")})],
        "must be one of: plain_text",
        "/blocks/0/elements/0/text/type",
    ),
    "long value": (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters",
        "/blocks/0/elements/0/value",
    ),
    "style": ([actions(button(style="green"))], "must be one of: primary, danger", "/blocks/0/elements/0/style"),
    "button link": ([actions(button(url="ftp://x"))], "does not match the expected format", "/blocks/0/elements/0/url"),
    "confirm without deny": (
        [actions(button(confirm={k: v for k, v in CONFIRM.items() if k != "deny"}))],
        "missing required field: deny",
        "/blocks/0/elements/0/confirm",
    ),
    "six in overflow": (
        [section(accessory={"type": "overflow", "options": options(*"abcdef")})],
        "no more than 5 items allowed",
        "/blocks/0/accessory/options",
    ),
    "option mrkdwn": (
        [actions(select(options=[{"text": mrkdwn("a"), "value": "a"}]))],
        "must be one of: plain_text",
        "/blocks/0/elements/0/options/0/text/type",
    ),
    "same option values": (
        [actions(select(options=options("A", "a")))],
        "option value must be unique: a",
        "/blocks/0/elements/0/options",
    ),
    "long option value": (
        [actions(select(options=[{"text": plain("a"), "value": "x" * 76}]))],
        "must be less than 76 characters",
        "/blocks/0/elements/0/options/0/value",
    ),
    "empty option value": (
        [actions(select(options=[{"text": plain("a"), "value": ""}]))],
        "must be more than 0 characters",
        "/blocks/0/elements/0/options/0/value",
    ),
    "101 options": (
        [actions(select(options=options(*map(str, range(101)))))],
        "no more than 100 items allowed",
        "/blocks/0/elements/0/options",
    ),
    "neither options nor groups": (
        [actions(select(options=None))],
        "must have exactly one of: options, option_groups",
        "/blocks/0/elements/0",
    ),
    "initial not offered": (
        [actions(select(initial_option=options("Three")[0]))],
        "initial option must be one of the options",
        "/blocks/0/elements/0",
    ),
    "eleven radios": (
        [actions({"type": "radio_buttons", "options": options(*"abcdefghijk")})],
        "no more than 10 items allowed",
        "/blocks/0/elements/0/options",
    ),
    "a day that is none": (
        [actions({"type": "datepicker", "initial_date": "2026-02-30"})],
        "must be a valid date",
        "/blocks/0/elements/0/initial_date",
    ),
    "a time that is none": (
        [actions({"type": "timepicker", "initial_time": "24:00"})],
        "does not match the expected format",
        "/blocks/0/elements/0/initial_time",
    ),
    "a zone that is none": (
        [actions({"type": "timepicker", "timezone": "Mars/Base"})],
        "must be a valid IANA timezone",
        "/blocks/0/elements/0/timezone",
    ),
    "an epoch of 9 digits": (
        [actions({"type": "datetimepicker", "initial_date_time": 999_999_999})],
        "must be greater than 999999999",
        "/blocks/0/elements/0/initial_date_time",
    ),
    "an epoch of 11 digits": (
        [actions({"type": "datetimepicker", "initial_date_time": 10_000_000_000})],
        "must be less than 10000000000",
        "/blocks/0/elements/0/initial_date_time",
    ),
    "image without alt_text": (
        [{"type": "image", "image_url": "https://x.example/a.png"}],
        "missing required field: alt_text",
        "/blocks/0",
    ),
    "image of two sources": (
        [{**IMAGE, "slack_file": {"id": "F1"}}],
        "must have exactly one of: image_url, slack_file",
        "/blocks/0",
    ),
    "http video": (
        [VIDEO | {"video_url": "http://x.example/v"}],
        "must be an https URL",
        "/blocks/0/video_url",
    ),
    "empty leaf": (
        [rich({"type": "text", "text": ""})],
        "must be more than 0 characters",
        "/blocks/0/elements/0/elements/0/text",
    ),
    "unknown leaf": ([rich({"type": "song"})], "unsupported type: song", "/blocks/0/elements/0/elements/0"),
    "much markdown": (
        [{"type": "markdown", "text": "x" * 7000}, {"type": "markdown", "text": "x" * 7000}],
        "must be less than 12001 characters in all markdown blocks",
        "/blocks",
    ),
    "file input in a message": (
        [field("f", {"type": "file_input"})],
        "unsupported type: file_input",
        "/blocks/0/element",
    ),
    "reply address in a message": (
        [section(accessory={"type": "channels_select", "response_url_enabled": True})],
        "response_url_enabled is for input blocks only",
        "/blocks/0",
    ),
    "two starts": (
        [
            actions(
                {
                    "type": "conversations_select",
                    "initial_conversation": "C1",
                    "default_to_current_conversation": True,
                }
            )
        ],
        "initial_conversation and default_to_current_conversation exclude each other",
        "/blocks/0/elements/0",
    ),
    "not a flag": ([section(expand="yes")], "must be a boolean", "/blocks/0/expand"),
    "not a list": ([{"type": "actions", "elements": "x"}], "must be an array", "/blocks/0/elements"),
    "not a whole number": (
        [section(accessory={"type": "multi_users_select", "max_selected_items": "1"})],
        "must be an integer",
        "/blocks/0/accessory/max_selected_items",
    ),
    "no string": ([section(block_id=7)], "must be a string", "/blocks/0/block_id"),
}


@pytest.mark.parametrize(("blocks", "problem", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_limit_is_refused(blocks: list[Any], problem: str, pointer: str) -> None:
    verdict = lint.message(blocks)

    assert verdict
    assert verdict.error == "invalid_blocks"
    assert f"[ERROR] {problem} [json-pointer:{pointer}]" in verdict.messages
