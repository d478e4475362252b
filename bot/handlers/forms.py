"""Forms: what somebody entered, as plain values under the names of the fields."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from bot.errors import Refused
from bot.rules.fields import TOO_OLD, number

Element = Mapping[str, Any]
__all__ = ["READERS", "TOO_OLD", "Carried", "clean", "inputs", "metadata", "number", "read"]


class Carried(dict[str, Any]):
    """What a form carries from when it was opened; Refused for what it should carry and does not."""

    def __missing__(self, name: str) -> Any:
        raise Refused(TOO_OLD)

    def number(self, name: str) -> int:
        """The number of a row."""
        return number(self[name])

    def find_number(self, name: str) -> int | None:
        """The number of a row where the form carries one."""
        return None if self.get(name) is None else number(self[name])

    def word(self, name: str) -> str:
        """An id of Slack's, or whatever else is a text; empty where the form carries none."""
        return _text(self.get(name))

    def day(self, name: str) -> date:
        """A day."""
        try:
            return date.fromisoformat(_text(self[name]))
        except ValueError:
            raise Refused(TOO_OLD) from None


def read(view: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of the form by name; what was left empty is None or [].

    A field's `block_id` is its name; `due:2` is `due` too, for a block that had to be made anew so that Slack forgets
    what stood in it. A block of several elements gives each under its `action_id`. Raises Refused, at the field, for
    a number, date or time that is none.
    """
    values: dict[str, Any] = {}
    for block_id, elements in _states(view).items():
        for action_id, element in elements.items():
            name = block_id if len(elements) == 1 else action_id
            if element.get("type") in READERS:
                values[name.partition(":")[0]] = _value(element, block_id)
    return values


def metadata(view: Mapping[str, Any]) -> Carried:
    """What a form carries (JSON in private_metadata); nothing kept is nothing."""
    kept = view.get("private_metadata") or "{}"
    try:
        ids = json.loads(kept)
    except (ValueError, RecursionError):
        ids = None
    if not isinstance(ids, dict):
        raise Refused(TOO_OLD)
    return Carried(ids)


def inputs(view: Mapping[str, Any]) -> list[str]:
    """The block_ids that can be marked as wrong, in the order of the form."""
    return [block["block_id"] for block in view.get("blocks") or () if block.get("type") == "input"]


def clean(text: str) -> str:
    """What was typed, without what no database and no JSON takes: NULs and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _states(view: Mapping[str, Any]) -> Mapping[str, Mapping[str, Element]]:
    values: Mapping[str, Mapping[str, Element]] = (view.get("state") or {}).get("values") or {}
    if not all(isinstance(elements, dict) for elements in values.values()):
        raise Refused("This form could not be read. Please open it anew.")
    return values


def _value(element: Element, block_id: str) -> Any:
    try:
        return READERS[element["type"]](element)
    except (ValueError, TypeError, LookupError, ArithmeticError, OSError):
        raise Refused("This could not be read. Please enter it again.", field=block_id) from None


def _text(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""


def _typed(element: Element) -> str | None:
    return _text(element.get("value")).strip() or None


def _number(element: Element) -> Decimal | None:
    typed = _typed(element)
    number = None if typed is None else Decimal(typed)
    if number is not None and not number.is_finite():
        raise ValueError("no number")
    return number


def _chosen(element: Element) -> str | None:
    option = element.get("selected_option")
    return None if option is None else str(option["value"])


def _all_chosen(element: Element) -> list[str]:
    return [str(option["value"]) for option in element.get("selected_options") or ()]


def _picked(key: str) -> Callable[[Element], str | None]:
    def read_id(element: Element) -> str | None:
        return element.get(key) or None

    return read_id


def _all_picked(key: str) -> Callable[[Element], list[str]]:
    def read_ids(element: Element) -> list[str]:
        return list(element.get(key) or ())

    return read_ids


def _day(element: Element) -> date | None:
    day = element.get("selected_date")
    return date.fromisoformat(day) if day else None


def _time_of_day(element: Element) -> time | None:
    at = element.get("selected_time")
    return time.fromisoformat(at) if at else None


def _moment(element: Element) -> datetime | None:
    seconds = element.get("selected_date_time")
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _files(element: Element) -> list[dict[str, Any]]:
    return list(element.get("files") or ())


# A rich text has no plain value, and is left out.
READERS: dict[str, Callable[[Element], Any]] = {
    "plain_text_input": _typed,
    "email_text_input": _typed,
    "url_text_input": _typed,
    "number_input": _number,
    "static_select": _chosen,
    "external_select": _chosen,
    "radio_buttons": _chosen,
    "multi_static_select": _all_chosen,
    "multi_external_select": _all_chosen,
    "checkboxes": _all_chosen,
    "users_select": _picked("selected_user"),
    "conversations_select": _picked("selected_conversation"),
    "channels_select": _picked("selected_channel"),
    "multi_users_select": _all_picked("selected_users"),
    "multi_conversations_select": _all_picked("selected_conversations"),
    "multi_channels_select": _all_picked("selected_channels"),
    "datepicker": _day,
    "timepicker": _time_of_day,
    "datetimepicker": _moment,
    "file_input": _files,
}
