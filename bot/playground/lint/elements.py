"""Block elements: what may be pressed, chosen or filled in, and where each may stand."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from bot.playground.lint.objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    IMAGE,
    LENGTHS,
    LENGTHS_ORDER,
    MRKDWN,
    NUMBER_TEXT,
    OPTION_GROUP,
    PLAIN,
    WORKFLOW,
    initial_offered,
    option,
    plain,
    unique_options,
)
from bot.playground.lint.rich_text import RICH_TEXT
from bot.playground.lint.shapes import (
    Check,
    Fields,
    Report,
    Shape,
    among,
    exactly_one,
    flag,
    in_order,
    listed,
    only_on,
    string,
    typed,
    url,
    whole,
)

USERS = listed(string(255, 1), 10)
ACTION: Fields = {"action_id": string(255, 1)}
ASKING: Fields = {**ACTION, "confirm": CONFIRM}
FOCUS: Fields = {"focus_on_load": flag}
HINTED: Fields = {"placeholder": plain(150)}
SELECT: Fields = {**ASKING, **FOCUS, **HINTED}
MULTI: Fields = {**SELECT, "max_selected_items": whole(1)}
ID = string(255, 1)
IDS = listed(ID, None, 0)
ONE_LIST = exactly_one("options", "option_groups")
CHOICES: Fields = {"options": listed(option(PLAIN), 100), "option_groups": listed(OPTION_GROUP, 100)}
FROM_LIST = (ONE_LIST, unique_options, initial_offered)
QUERY: Fields = {"min_query_length": whole(0)}


def _date(value: Any, report: Report, pointer: str) -> None:
    """A day of the calendar, YYYY-MM-DD."""
    string(10, 10, r"\d{4}-\d{2}-\d{2}")(value, report, pointer)
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        report.add("must be a valid date", pointer)


def _zone(value: Any, report: Report, pointer: str) -> None:
    """A zone of the IANA list."""
    if value not in available_timezones():
        report.add("must be a valid IANA timezone", pointer)


def _whole_numbers(value: Any, report: Report, pointer: str) -> None:
    """Bounds of a field for whole numbers are whole numbers."""
    for key in ("min_value", "max_value", "initial_value"):
        if value.get("is_decimal_allowed") is False and "." in str(value.get(key)):
            report.add("decimal values are not allowed", f"{pointer}/{key}")


def _within_bounds(value: Any, report: Report, pointer: str) -> None:
    in_order("min_value", "initial_value")(value, report, pointer)
    in_order("initial_value", "max_value")(value, report, pointer)


def _initial_length(value: Any, report: Report, pointer: str) -> None:
    """What a field holds at first is no longer than it allows."""
    most = value.get("max_length")
    if isinstance(most, int) and len(str(value.get("initial_value") or "")) > most:
        report.add(f"must be less than {most + 1} characters", f"{pointer}/initial_value")


def _not_both_starts(value: Any, report: Report, pointer: str) -> None:
    if value.get("default_to_current_conversation") and value.get("initial_conversation"):
        report.add("initial_conversation and default_to_current_conversation exclude each other", pointer)


def _response_url_in_modals(value: Any, report: Report, pointer: str) -> None:
    if value.get("response_url_enabled") and report.surface != "modal":
        report.add("response_url_enabled is for modals only", pointer)


_OPTIONS_10 = listed(option(PLAIN, MRKDWN), 10)
_CONVERSATIONS: Fields = {"default_to_current_conversation": flag, "filter": CONVERSATION_FILTER}
_TYPED: Fields = {**ACTION, **FOCUS, **HINTED, "dispatch_action_config": DISPATCH_CONFIG}
_FEEDBACK = Shape(required={"text": plain(75), "value": string(2000, 1)}, optional={"accessibility_label": string(75)})

ELEMENTS: dict[str, Check] = {
    "button": Shape(
        required={"text": plain(75)},
        optional={
            **ASKING,
            "value": string(2000, 1),
            "url": url(),
            "style": among("primary", "danger"),
            "accessibility_label": string(75, 1),
            "agent_prompt": string(4000, 1),
            "visible_to_user_ids": USERS,
        },
    ),
    "overflow": Shape(
        required={"options": listed(option(PLAIN, has_url=True), 5)}, optional=ASKING, rules=(unique_options,)
    ),
    "static_select": Shape(optional={**SELECT, **CHOICES, "initial_option": option(PLAIN)}, rules=FROM_LIST),
    "multi_static_select": Shape(
        optional={**MULTI, **CHOICES, "initial_options": listed(option(PLAIN), 100)}, rules=FROM_LIST
    ),
    "external_select": Shape(optional={**SELECT, **QUERY, "initial_option": option(PLAIN)}),
    "multi_external_select": Shape(
        optional={**MULTI, **QUERY, "initial_options": listed(option(PLAIN), 100)}, rules=(unique_options,)
    ),
    "users_select": Shape(optional={**SELECT, "initial_user": ID}),
    "multi_users_select": Shape(optional={**MULTI, "initial_users": IDS}),
    "conversations_select": Shape(
        optional={**SELECT, **_CONVERSATIONS, "initial_conversation": ID, "response_url_enabled": flag},
        rules=(_not_both_starts, _response_url_in_modals),
    ),
    "multi_conversations_select": Shape(optional={**MULTI, **_CONVERSATIONS, "initial_conversations": IDS}),
    "channels_select": Shape(
        optional={**SELECT, "initial_channel": ID, "response_url_enabled": flag}, rules=(_response_url_in_modals,)
    ),
    "multi_channels_select": Shape(optional={**MULTI, "initial_channels": IDS}),
    "checkboxes": Shape(
        required={"options": _OPTIONS_10},
        optional={**ASKING, **FOCUS, "initial_options": _OPTIONS_10},
        rules=(unique_options, initial_offered),
    ),
    "radio_buttons": Shape(
        required={"options": _OPTIONS_10},
        optional={**ASKING, **FOCUS, "initial_option": option(PLAIN, MRKDWN)},
        rules=(unique_options, initial_offered),
    ),
    "datepicker": Shape(optional={**SELECT, "initial_date": _date}),
    "timepicker": Shape(
        optional={**SELECT, "initial_time": string(5, 5, r"([01]\d|2[0-3]):[0-5]\d"), "timezone": _zone}
    ),
    "datetimepicker": Shape(
        optional={**ASKING, **FOCUS, "initial_date_time": whole(1_000_000_000, 9_999_999_999)},
    ),
    "plain_text_input": Shape(
        optional={**_TYPED, **LENGTHS, "multiline": flag, "initial_value": string(3000)},
        rules=(LENGTHS_ORDER, _initial_length),
    ),
    "number_input": Shape(
        required={"is_decimal_allowed": flag},
        optional={**_TYPED, "min_value": NUMBER_TEXT, "max_value": NUMBER_TEXT, "initial_value": NUMBER_TEXT},
        rules=(in_order("min_value", "max_value"), _within_bounds, _whole_numbers),
    ),
    "email_text_input": Shape(optional={**_TYPED, "initial_value": string(3000)}),
    "url_text_input": Shape(optional={**_TYPED, "initial_value": string(3000)}),
    "rich_text_input": Shape(
        optional={**_TYPED, "initial_value": RICH_TEXT, "min_lines": whole(1, 100), "max_lines": whole(1, 100)},
        rules=(in_order("min_lines", "max_lines"),),
    ),
    "file_input": Shape(
        optional={**ACTION, "max_files": whole(1, 10), "filetypes": listed(string(50, 1))}, rules=(only_on("modal"),)
    ),
    "image": IMAGE,
    "workflow_button": Shape(
        required={"text": plain(75), "workflow": WORKFLOW},
        optional={**ACTION, "style": among("primary", "danger"), "accessibility_label": string(75, 1)},
        rules=(only_on("message"),),
    ),
    "icon_button": Shape(
        required={"icon": string(75, 1), "text": plain(75)},
        optional={
            **ASKING,
            "value": string(2000, 1),
            "accessibility_label": string(75, 1),
            "visible_to_user_ids": USERS,
        },
    ),
    "feedback_buttons": Shape(required={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, optional=ACTION),
}

_SINGLE_SELECTS = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
_MULTI_SELECTS = {f"multi_{kind}" for kind in _SINGLE_SELECTS}
_PICKERS = {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
_BUTTONS = {"button", "overflow", "workflow_button"}
_FIELDS = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input"}

ACCESSORIES = frozenset(_BUTTONS | _SINGLE_SELECTS | _MULTI_SELECTS | _PICKERS | {"image"})
ACTIONS = frozenset(_BUTTONS | _SINGLE_SELECTS | _PICKERS | {"datetimepicker"})
INPUTS = frozenset(_SINGLE_SELECTS | _MULTI_SELECTS | _PICKERS | _FIELDS | {"datetimepicker"})
CONTEXT_ACTIONS = frozenset({"icon_button", "feedback_buttons"})


def element(allowed: frozenset[str]) -> Check:
    """An element of one of the types that may stand here."""
    return typed(ELEMENTS, allowed)
