"""The Block Kit judge: every limit Slack puts on messages and views, answered in Slack's own words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.playground.lint.blocks import blocks
from bot.playground.lint.elements import ELEMENTS
from bot.playground.lint.objects import OPTION_GROUP, PLAIN, option, plain
from bot.playground.lint.shapes import Report, Shape, at_least_one, flag, listed, string, typed, unique

MESSAGE_CHARACTERS = 13_200
CELL_CHARACTERS = 10_000
MARKDOWN_CHARACTERS = 12_000
VIEW_BYTES = 250_000


@dataclass(frozen=True)
class Verdict:
    """Why Slack refuses: its error code and the messages of response_metadata."""

    error: str
    messages: list[str]


_MODAL = Shape(
    required={"title": plain(24), "blocks": blocks(100)},
    optional={
        "submit": plain(24),
        "close": plain(24),
        "callback_id": string(255),
        "private_metadata": string(3000),
        "external_id": string(255),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = Shape(
    required={"blocks": blocks(100)},
    optional={"callback_id": string(255), "private_metadata": string(3000), "external_id": string(255)},
)
_VIEW = typed({"modal": _MODAL, "home": _HOME})
_OPTIONS = Shape(
    optional={"options": listed(option(PLAIN), 100, 0), "option_groups": listed(OPTION_GROUP, 100, 0)},
)


def message(content: list[Any], *, newest: bool = True) -> Verdict | None:
    """Why Slack would refuse these blocks in a message, or None when it takes them."""
    report = Report("message", newest)
    blocks(50)(content, report, "/blocks")
    _across(content, report, "/blocks")
    if sum(kind == "table" for kind in _types(content)) > 1:
        return Verdict("only_one_table_allowed", report.problems)
    _totals(content, report)
    if report.problems:
        return Verdict("invalid_blocks", report.problems)
    if len(json.dumps(content, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_CHARACTERS:
        return Verdict("msg_blocks_too_long", [])
    return None


def view(content: Any, *, newest: bool = True) -> Verdict | None:
    """Why Slack would refuse this modal or Home, or None when it takes it."""
    if not isinstance(content, dict):
        return Verdict("invalid_arguments", ["[ERROR] must provide an object [json-pointer:/view]"])
    if len(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES:
        return Verdict("view_too_large", [])
    report = Report("home" if content.get("type") == "home" else "modal", newest)
    _VIEW(content, report, "/view")
    inside = content.get("blocks")
    if isinstance(inside, list):
        _across(inside, report, "/view/blocks")
        _submit_with_inputs(content, inside, report)
    return Verdict("invalid_arguments", report.problems) if report.problems else None


def options(content: Any) -> Verdict | None:
    """Why Slack would refuse this answer to a block_suggestion, or None: options or groups, 100 at most."""
    report = Report("modal")
    _OPTIONS(content, report, "")
    if not report.problems:
        keys = ("options", "option_groups")
        if not any(isinstance(content.get(key), list) for key in keys):
            at_least_one(*keys)(content, report, "")
    return Verdict("invalid_options", report.problems) if report.problems else None


def _submit_with_inputs(content: dict[str, Any], inside: list[Any], report: Report) -> None:
    has_input = any(kind == "input" for kind in _types(inside))
    if content.get("type") == "modal" and has_input and not content.get("submit"):
        report.add("submit is required when the view has input blocks", "/view")


def _across(content: list[Any], report: Report, pointer: str) -> None:
    """Rules over all blocks: ids differ, and one element at most takes the focus."""
    found = list(objects_in(content))
    ids = [b["block_id"] for b in found if b.get("block_id")]
    unique("block_id must be unique", ids, report, pointer)
    for index, block in enumerate(content):
        for owner in _owners(block):
            unique("action_id must be unique in its block", list(_action_ids(owner)), report, f"{pointer}/{index}")
    if sum(bool(b.get("focus_on_load")) for b in found) > 1:
        report.add("only one element may have focus_on_load", pointer)


def _owners(block: Any) -> list[Any]:
    """The blocks that own elements: a box owns none, its children do, and so do the cards of a carousel."""
    if not isinstance(block, dict) or block.get("type") not in ("carousel", "container"):
        return [block]
    return [*(block.get("child_blocks") or []), *(block.get("elements") or [])]


def _action_ids(owner: Any) -> Iterator[Any]:
    for element in objects_in(owner):
        if element.get("action_id") and element.get("type") in ELEMENTS:
            yield element["action_id"]


def _totals(content: list[Any], report: Report) -> None:
    """Limits over a whole message: characters in cells and in markdown, and how many charts."""
    if sum(kind == "data_visualization" for kind in _types(content)) > 2:
        report.add("no more than 2 data_visualization blocks allowed", "/blocks")
    for kinds, key, most in (
        (("table", "data_table"), "rows", CELL_CHARACTERS),
        (("markdown",), "text", MARKDOWN_CHARACTERS),
    ):
        held = [b.get(key) for b in objects_in(content) if b.get("type") in kinds]
        if sum(_characters(part) for part in held) > most:
            report.add(f"must be less than {most + 1} characters in all {' and '.join(kinds)} blocks", "/blocks")


def _characters(part: Any) -> int:
    if isinstance(part, str):
        return len(part)
    return sum(len(d["text"]) for d in objects_in(part) if isinstance(d.get("text"), str))


def _types(content: list[Any]) -> list[Any]:
    nested = [child for b in content if isinstance(b, dict) for child in b.get("child_blocks") or []]
    return [b.get("type") for b in [*content, *nested] if isinstance(b, dict)]


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside, the outer before the inner."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(inner)


__all__ = ["Verdict", "message", "objects_in", "options", "view"]
