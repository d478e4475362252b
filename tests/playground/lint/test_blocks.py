"""Blocks of messages: everything at the limit is taken, everything beyond is refused in Slack's words."""

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


TAKEN: dict[str, list[Json]] = {
    "fifty blocks": [{"type": "divider"}] * 50,
    "section": [section("x" * 3000)],
    "fields": [{"type": "section", "fields": [mrkdwn("x" * 800), plain("y")] * 5}],
    "field": [{"type": "section", "fields": [mrkdwn("x" * 2000)], "expand": True}],
    "header": [{"type": "header", "text": plain("x" * 150), "block_id": "b" * 255}],
    "context": [{"type": "context", "elements": [IMAGE, plain("x"), mrkdwn("y")]}],
    "actions": [actions(*(button(action_id=f"a{n}") for n in range(25)))],
    "button": [
        actions(
            button("x" * 75, value="v" * 2000, style="danger", confirm=CONFIRM | {"style": "primary"}),
            button("Link", "link", url="https://x.example", accessibility_label="x" * 75, visible_to_user_ids=["U1"]),
        )
    ],
    "overflow": [section(accessory={"type": "overflow", "action_id": "o", "options": options(*"abcde")})],
    "overflow link": [
        section(accessory={"type": "overflow", "options": [{**options("A")[0], "url": "https://x.example"}]})
    ],
    "select": [actions(select(initial_option=options("One")[0], placeholder=plain("x" * 150)))],
    "groups": [actions(select(options=None, option_groups=[{"label": plain("x" * 75), "options": options("A")}]))],
    "multi": [section(accessory={"type": "multi_users_select", "action_id": "m", "max_selected_items": 1})],
    "checkboxes": [actions({"type": "checkboxes", "options": [{"text": mrkdwn("*a*"), "value": "a"}]})],
    "radio": [actions({"type": "radio_buttons", "options": options("A"), "initial_option": options("A")[0]})],
    "pickers": [
        actions(
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-12-01"},
            {"type": "timepicker", "action_id": "t", "initial_time": "09:30", "timezone": "Europe/Paris"},
            {"type": "datetimepicker", "action_id": "m", "initial_date_time": 1_790_000_000},
        )
    ],
    "input": [field("note", {"type": "plain_text_input", "max_length": 3000}, hint=plain("h" * 2000))],
    "image": [{**IMAGE, "title": plain("x" * 2000)}],
    "video": [
        {
            "type": "video",
            "title": plain("x" * 199),
            "alt_text": "A film",
            "video_url": "https://x.example/v",
            "thumbnail_url": "https://x.example/t.png",
        }
    ],
    "rich text": [
        rich(
            {"type": "text", "text": "x", "style": {"bold": True}},
            {"type": "link", "url": "https://x.example", "text": "x"},
            {"type": "user", "user_id": "U1"},
            {"type": "emoji", "name": "eyes"},
            {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "x"},
            {"type": "broadcast", "range": "here"},
        ),
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": []}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [], "border": 0}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": []}]},
    ],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "context actions": [
        {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "icon": "trash", "text": plain("Delete")},
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                },
            ],
        }
    ],
    "workflow": [
        actions(
            {"type": "workflow_button", "text": plain("Run"), "workflow": {"trigger": {"url": "https://x.example"}}}
        )
    ],
    "conversations": [
        actions(
            {
                "type": "conversations_select",
                "action_id": "c",
                "filter": {"include": ["public"], "exclude_bot_users": True},
                "default_to_current_conversation": True,
            }
        )
    ],
    "null keys": [section(accessory=None)],
}


@pytest.mark.parametrize("blocks", TAKEN.values(), ids=TAKEN)
def test_what_keeps_the_limits_is_taken(blocks: list[Json]) -> None:
    assert lint.message(blocks) is None


def test_a_message_of_legal_blocks_may_be_too_long_as_a_whole() -> None:
    blocks = [section("x" * 2900) for _ in range(5)]

    verdict = lint.message(blocks)

    assert verdict
    assert (verdict.error, verdict.messages) == ("msg_blocks_too_long", [])
    assert lint.message(blocks[:4]) is None


def test_one_message_has_one_table() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

    verdict = lint.message([table, table])

    assert lint.message([table]) is None
    assert verdict
    assert verdict.error == "only_one_table_allowed"
