"""Shapes: what Slack sends is taken, what it never sends is not, and there is an end to everything."""

from copy import deepcopy
from typing import Any

import pytest

from bot.web.shapes import addresses, is_well_shaped

VIEW = {"id": "V1", "type": "modal", "callback_id": "risk.raise", "blocks": [{"type": "input", "block_id": "event"}]}
TYPED = {"type": "plain_text_input", "value": "words"}
FORM = {
    "type": "view_submission",
    "user": {"id": "U1"},
    "view": VIEW | {"state": {"values": {"event": {"event": TYPED}}}, "private_metadata": '{"risk": 7}'},
}
PRESSED = {"type": "button", "action_id": "risk.own", "value": "7", "action_ts": "1.2"}
CLICK = {
    "type": "block_actions",
    "team": None,
    "user": {"id": "U1"},
    "channel": {"id": "C1"},
    "message": {"ts": "1.1", "text": "A risk"},
    "actions": [PRESSED],
    "response_url": "https://hooks.slack.com/actions/1",
}
COMMAND = {"command": "/risk", "text": "late", "user_id": "U1", "team_id": "T1", "trigger_id": "1.2.a"}
EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention", "user": "U1", "text": "hi"}}
LEFT = {"type": "event_callback", "event": {"type": "user_change", "user": {"id": "U1", "profile": {}}}}


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with something else at a place: `view.blocks.0.type`."""
    body = deepcopy(body)
    *way, last = [int(name) if name.isdigit() else name for name in path.split(".")]
    owner: Any = body
    for name in way:
        owner = owner[name]
    owner[last] = value
    return body


@pytest.mark.parametrize(
    "body",
    [
        FORM,
        FORM | {"type": "view_closed"},
        CLICK,
        COMMAND,
        EVENT,
        LEFT,
        {"type": "event_callback", "event": {"type": "something_new", "user": {"id": "U1"}, "x": 5}},
        {"type": "event_callback", "event": {"type": "channel_rename", "channel": {"id": "C1", "name": "ünïcode"}}},
        {"type": "shortcut", "callback_id": "risk", "user": {"id": "U1"}},
        {"type": "message_action", "callback_id": "r", "user": {"id": "U1"}, "message": {}, "channel": {"id": "C1"}},
        {"type": "block_suggestion", "action_id": "risk.project", "user": {"id": "U1"}, "value": ""},
        {"type": "url_verification", "challenge": "x"},
        {"ssl_check": "1"},
        changed(CLICK, "actions.0.value", None),
        changed(FORM, "view.state.values.event.event.value", "half a \ud800 letter and a \0"),
    ],
)
def test_what_slack_sends(body: dict[str, Any]) -> None:
    assert is_well_shaped(body)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"type": 5},
        {"type": "view_submission"},
        {"command": "/risk"},
        {"type": "event_callback"},
        {"type": "event_callback", "event": {"type": "user_change", "user": "U1"}},
        {"type": "event_callback", "event": {"type": "channel_rename", "channel": "C1"}},
        changed(CLICK, "actions", []),
        changed(CLICK, "actions", [PRESSED] * 26),
        changed(CLICK, "actions.0.action_id", None),
        changed(CLICK, "actions.0.value", 7),
        changed(CLICK, "actions.0.value", "x" * 4001),
        changed(CLICK, "user", None),
        changed(CLICK, "user.id", "Ü1"),
        changed(CLICK, "user.id", "U" * 256),
        changed(CLICK, "team", 5),
        changed(CLICK, "team", {"id": ["T1"]}),
        changed(CLICK, "response_url", 5),
        changed(CLICK, "response_url", "x" * 2001),
        changed(CLICK, "message", "words"),
        changed(CLICK, "view", "V1"),
        changed(FORM, "view.id", None),
        changed(FORM, "view.blocks.0.block_id", None),
        changed(FORM, "view.blocks", [{"type": "divider", "block_id": "a"}] * 101),
        changed(FORM, "view.private_metadata", {"risk": 7}),
        changed(FORM, "view.private_metadata", "x" * 4001),
        changed(FORM, "view.state.values.event.event", None),
        changed(FORM, "view.state.values.event.event.type", None),
        changed(FORM, "view.state.values.event.event.value", ["words"]),
        changed(FORM, "view.state.values.event.event.selected_option", "A"),
        changed(FORM, "view.state.values.event.event.selected_option", {"value": "half a \ud800"}),
        changed(FORM, "view.state.values.event.event.selected_options", [{"value": "A"}] * 101),
        changed(FORM, "view.state.values.event.event.selected_users", ["U1"] * 101),
        changed(FORM, "view.state.values.event.event.selected_date_time", 2**60),
        changed(FORM, "view.state.values.event.event.selected_date_time", True),
        changed(FORM, "view.state.values.event.event.files", [{"id": "F1"}] * 11),
        changed(FORM, "view.state.values", {str(n): {"a": TYPED} for n in range(101)}),
        changed(FORM, "view.state.values.event", {str(n): TYPED for n in range(26)}),
        changed(COMMAND, "text", "x" * 40_001),
        changed(COMMAND, "text", None) | {"user_id": 5},
        changed(EVENT, "event.text", ["hi"]),
        changed(EVENT, "event.channel", {"id": 5}),
        EVENT | {"authorizations": [5]},
        EVENT | {"authorizations": 5},
        changed(LEFT, "event.user.profile", []),
        changed(LEFT, "event.user.id", None),
        {"type": "something", "event": "x"},
    ],
)
def test_what_slack_never_sends(body: Any) -> None:
    assert not is_well_shaped(body)


def test_every_address_that_is_to_be_called_is_seen() -> None:
    more = [{"block_id": "to", "response_url": "https://two.example"}, {"block_id": "cc"}]

    assert addresses(FORM) == []
    assert addresses(CLICK) == ["https://hooks.slack.com/actions/1"]
    assert addresses(FORM | {"response_urls": more}) == ["https://two.example"]
