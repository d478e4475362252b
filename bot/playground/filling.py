"""Filling in: from what a person types or picks to the value Slack would send, refused where its client would."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.playground.inputs import is_empty
from bot.playground.records import Channel, Json, Person, Workspace

MISSING = "Please complete this required field."
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
URL = r"https?://[^\s/]+\S*"


class Impossible(Exception):
    """A person cannot do this in Slack: no such button, no such choice, too long, not a member."""


def label(option: Json) -> str:
    """The words of an option or a button."""
    return str(option["text"]["text"])


def offered(element: Json) -> list[Json]:
    """The choices of a list, groups opened."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g["options"])]


def pick(options: Iterable[Json], wanted: Any) -> Json:
    """The option with that label or value; failing that, the only one whose label contains it."""
    options = list(options)
    words = str(wanted["value"] if isinstance(wanted, dict) else wanted)
    exact = [o for o in options if words in (label(o), o.get("value"))]
    close = exact or [o for o in options if words.casefold() in label(o).casefold()]
    if len(close) != 1 and not exact:
        raise Impossible(f"{words!r} is not offered among {[label(o) for o in options]}")
    return close[0]


def chosen(option: Json) -> Json:
    """An option as it is sent back."""
    return {key: option[key] for key in ("text", "value", "description") if key in option}


def person_id(workspace: Workspace, wanted: Any) -> str:
    """The id of a person named by handle, name or id; deactivated ones are not offered."""
    found = wanted if isinstance(wanted, Person) else workspace.person(str(wanted))
    if found is None or found.deleted:
        raise Impossible(f"{wanted} is not offered")
    return found.id


def conversation_id(workspace: Workspace, me: str, element: Json, wanted: Any) -> str:
    """The id of a conversation this person can see and the element's filter lets through."""
    found = wanted if isinstance(wanted, Channel) else workspace.channel(str(wanted))
    if found is None:
        found = workspace.direct(me, person_id(workspace, wanted))
    if found is None or found.is_archived or (found.kind != "public" and me not in found.members):
        raise Impossible(f"{wanted} is not offered")
    if element["type"].endswith("channels_select") and found.kind != "public":
        raise Impossible(f"{wanted} is not a public channel")
    rules = element.get("filter") or {}
    if found.kind not in rules.get("include", [found.kind]):
        raise Impossible(f"{wanted} is filtered out")
    if found.is_ext_shared and rules.get("exclude_external_shared_channels"):
        raise Impossible(f"{wanted} is shared with another organisation")
    if rules.get("exclude_bot_users") and any(workspace.people[m].is_bot for m in found.members if found.kind == "im"):
        raise Impossible(f"{wanted} is a bot")
    return found.id


@dataclass(frozen=True)
class Sight:
    """Who fills in, and what they are offered; `suggest` asks the bot for the choices of an external list."""

    workspace: Workspace
    me: str
    suggest: Callable[[str], list[Json]]


def value_for(element: Json, wanted: Any, sight: Sight) -> Any:
    """The value that the element would hold."""
    kind: str = element["type"]
    if wanted in (None, "", []):
        if kind == "radio_buttons":
            raise Impossible("a radio button cannot be taken back")
        return None
    if kind.startswith("multi_") or kind == "checkboxes":
        return _several(element, wanted, sight)
    return _one(element, kind, wanted, sight)


def _several(element: Json, wanted: Any, sight: Sight) -> list[Any]:
    kind = element["type"].removeprefix("multi_")
    each = wanted if isinstance(wanted, list | tuple | set) else [wanted]
    values = [_one(element, kind, one, sight) for one in each]
    most = element.get("max_selected_items")
    if most and len(values) > most:
        raise Impossible(f"no more than {most} may be chosen")
    return values


def _one(element: Json, kind: str, wanted: Any, sight: Sight) -> Any:
    if kind in ("static_select", "radio_buttons", "checkboxes"):
        return chosen(pick(offered(element), wanted))
    if kind == "external_select":
        return chosen(pick(sight.suggest(str(wanted)), wanted))
    if kind == "users_select":
        return person_id(sight.workspace, wanted)
    if kind in ("conversations_select", "channels_select"):
        return conversation_id(sight.workspace, sight.me, element, wanted)
    return SIMPLE[kind](element, wanted)


def _text(element: Json, wanted: Any) -> str:
    text = str(wanted)
    most = element.get("max_length", 3000)
    if len(text) > most:
        raise Impossible(f"no more than {most} characters can be typed, not {len(text)}")
    if "\n" in text and element["type"] == "plain_text_input" and not element.get("multiline"):
        raise Impossible("the field has one line")
    return text


def _date(element: Json, wanted: Any) -> str:
    if isinstance(wanted, date):
        return f"{wanted:%Y-%m-%d}"
    try:
        return date.fromisoformat(str(wanted)).isoformat()
    except ValueError as broken:
        raise Impossible(f"{wanted} is not a day in the calendar") from broken


def _time(element: Json, wanted: Any) -> str:
    try:
        moment = wanted if isinstance(wanted, time) else time.fromisoformat(str(wanted))
    except ValueError as broken:
        raise Impossible(f"{wanted} is not a time of day") from broken
    return f"{moment:%H:%M}"


def _moment(element: Json, wanted: Any) -> int:
    return int(wanted.timestamp()) if isinstance(wanted, datetime) else int(wanted)


def _rich_text(element: Json, wanted: Any) -> Json:
    if isinstance(wanted, dict):
        return wanted
    leaf = {"type": "text", "text": str(wanted)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}


SIMPLE: dict[str, Callable[[Json, Any], Any]] = {
    "plain_text_input": _text,
    "email_text_input": _text,
    "url_text_input": _text,
    "number_input": _text,
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _moment,
    "rich_text_input": _rich_text,
}


def problem(block: Json, held: Json) -> str:
    """What Slack's client says about an input before it sends the form, or nothing."""
    element = block["element"]
    value = held.get("value")
    if value is None:
        return MISSING if is_empty(held) and not block.get("optional") else ""
    check = CHECKS.get(element["type"])
    return check(element, str(value)) if check else ""


def _check_text(element: Json, value: str) -> str:
    least = element.get("min_length", 0)
    return f"Please enter at least {least} characters." if len(value) < least else ""


def _check_number(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""


CHECKS: dict[str, Callable[[Json, str], str]] = {
    "plain_text_input": _check_text,
    "number_input": _check_number,
    "email_text_input": lambda e, v: "" if re.fullmatch(EMAIL, v) else "Please enter a valid email address.",
    "url_text_input": lambda e, v: "" if re.fullmatch(URL, v) else "Please enter a valid URL.",
}
