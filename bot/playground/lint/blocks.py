"""Blocks: what each may hold, and on which surfaces it may stand."""

from typing import Any

from bot.playground.lint.elements import ACCESSORIES, ACTIONS, INPUTS, element
from bot.playground.lint.newest import BLOCK, NEWEST_BLOCKS, container
from bot.playground.lint.objects import IMAGE, MRKDWN, ONE_SOURCE, PICTURE, PLAIN, plain, text
from bot.playground.lint.rich_text import RICH_TEXT_FIELDS
from bot.playground.lint.shapes import Check, Report, Shape, at_least_one, flag, listed, string, typed, url

_IN_A_LINE: dict[str, Check] = {"image": IMAGE, PLAIN: text(3000, PLAIN), MRKDWN: text(3000, MRKDWN)}


def _element(value: Any) -> dict[str, Any]:
    found = value.get("element")
    return found if isinstance(found, dict) else {}


def _files_do_not_dispatch(value: Any, report: Report, pointer: str) -> None:
    if value.get("dispatch_action") and _element(value).get("type") == "file_input":
        report.add("dispatch_action is not supported with file_input", pointer)


def _response_url_is_single(value: Any, report: Report, pointer: str) -> None:
    """Reply addresses are for inputs of a form, not for a menu beside a text."""
    inner = value.get("accessory") or next(iter(value.get("elements") or []), None)
    if isinstance(inner, dict) and inner.get("response_url_enabled"):
        report.add("response_url_enabled is for input blocks only", pointer)


def _secure(value: Any, report: Report, pointer: str) -> None:
    if not str(value).startswith("https://"):
        report.add("must be an https URL", pointer)


BLOCKS: dict[str, Shape] = {
    "section": Shape(
        optional={
            **BLOCK,
            "text": text(3000),
            "fields": listed(text(2000), 10),
            "accessory": element(ACCESSORIES),
            "expand": flag,
        },
        rules=(at_least_one("text", "fields"), _response_url_is_single),
    ),
    "header": Shape(required={"text": plain(150)}, optional=BLOCK),
    "divider": Shape(optional=BLOCK),
    "context": Shape(required={"elements": listed(typed(_IN_A_LINE), 10)}, optional=BLOCK),
    "actions": Shape(
        required={"elements": listed(element(ACTIONS), 25)}, optional=BLOCK, rules=(_response_url_is_single,)
    ),
    "input": Shape(
        required={"label": plain(2000), "element": element(INPUTS)},
        optional={**BLOCK, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
        rules=(_files_do_not_dispatch,),
    ),
    "image": Shape(
        required={"alt_text": string(2000, 1)},
        optional={**BLOCK, **PICTURE, "title": plain(2000)},
        rules=(ONE_SOURCE,),
    ),
    "video": Shape(
        required={"title": plain(199), "alt_text": string(2000, 1), "video_url": _secure, "thumbnail_url": url()},
        optional={
            **BLOCK,
            "title_url": _secure,
            "author_name": string(49),
            "description": plain(200),
            "provider_name": string(),
            "provider_icon_url": url(),
        },
    ),
    "rich_text": Shape(required=RICH_TEXT_FIELDS, optional=BLOCK),
    "markdown": Shape(required={"text": string(12_000, 1)}, optional=BLOCK),
    **NEWEST_BLOCKS,
}
_CHILDREN = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video"}
)
BLOCKS["container"] = container(typed(BLOCKS, _CHILDREN))

_EVERYWHERE = frozenset(
    {"section", "header", "divider", "context", "actions", "input", "image", "video", "rich_text", "card"}
)
NEWEST = frozenset({"data_table", "data_visualization"})
ON_SURFACE = {
    "message": _EVERYWHERE
    | NEWEST
    | {"markdown", "table", "context_actions", "carousel", "container", "task_card", "plan"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | {"carousel"},
}


def blocks(most: int) -> Check:
    """The blocks of a surface, each of a type that may stand there."""

    def check(value: Any, report: Report, pointer: str) -> None:
        allowed = ON_SURFACE[report.surface] - (frozenset() if report.newest else NEWEST)
        listed(typed(BLOCKS, frozenset(allowed)), most)(value, report, pointer)

    return check
