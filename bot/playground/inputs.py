"""Inputs: the names of blocks and elements, what each holds at first, and what stays when a view changes."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from bot.playground.records import Json, Values
from bot.playground.world import World

# element type -> (key of its value in state.values, key of its first value, what it holds when empty)
VALUES: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
}
BUTTONS = frozenset({"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"})


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that can be acted on, with the block it stands in, in the order they are shown."""
    for block in blocks:
        yield from ((block, element) for element in _inside(block))
        yield from elements(block.get("child_blocks") or [])
        yield from elements([c for c in block.get("elements") or [] if c.get("type") == "card"])


def _inside(block: Json) -> list[Json]:
    places = [block.get("element"), block.get("accessory")]
    for key in ("elements", "actions"):
        inner = block.get(key)
        places += inner if isinstance(inner, list) else []
    return [p for p in places if isinstance(p, dict) and (p.get("type") in VALUES or p.get("type") in BUTTONS)]


def name_blocks(world: World, blocks: list[Json]) -> list[Json]:
    """A copy of the blocks in which every block and element has an id, as Slack sends them back."""
    named = deepcopy(blocks)
    _name(world, named)
    return named


def _name(world: World, blocks: list[Json]) -> None:
    for block in blocks:
        block["block_id"] = block.get("block_id") or world.new_id("blk")
        for element in _inside(block):
            element["action_id"] = element.get("action_id") or world.new_id("act")
        _name(world, block.get("child_blocks") or [])
        _name(world, [c for c in block.get("elements") or [] if c.get("type") == "card"])


def first_values(blocks: list[Json], *, conversation: str = "") -> Values:
    """What the inputs hold before anybody touched them, shaped like state.values."""
    values: Values = {}
    for block, element in elements(blocks):
        if element["type"] in VALUES:
            values.setdefault(block["block_id"], {})[element["action_id"]] = _first(element, conversation)
    return values


def _first(element: Json, conversation: str) -> Json:
    _, initial, empty = VALUES[element["type"]]
    first = element.get(initial, empty)
    if element.get("default_to_current_conversation") and conversation:
        first = [conversation] if isinstance(empty, list) else conversation
    return entry(element, first)


def entry(element: Json, value: Any) -> Json:
    """One entry of state.values: the element's type and its value under the right key."""
    key, _, empty = VALUES[element["type"]]
    if value in (None, "", []):
        value = deepcopy(empty)
    found = {"type": element["type"], key: value}
    if element["type"] == "timepicker" and element.get("timezone"):
        found["timezone"] = element["timezone"]
    return found


def kept_values(old: Values, new_blocks: list[Json]) -> Values:
    """After an update an input keeps what was typed only if its block_id, action_id and type stay the same."""
    values = first_values(new_blocks)
    for block_id, inner in values.items():
        for action_id, fresh in inner.items():
            before = old.get(block_id, {}).get(action_id)
            if before and before["type"] == fresh["type"]:
                inner[action_id] = before
    return values


def is_empty(held: Json) -> bool:
    """Whether an entry of state.values holds nothing."""
    return all(value in (None, "", []) for key, value in held.items() if key not in ("type", "timezone"))
