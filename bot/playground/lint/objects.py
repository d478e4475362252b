"""Composition objects of Block Kit: texts, options, confirmations, filters, pictures."""

from typing import Any

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
    string,
    unique,
    url,
    whole,
)

PLAIN, MRKDWN = "plain_text", "mrkdwn"


def text(most: int, *kinds: str) -> Check:
    """A text object of 1 to `most` characters, of one of the kinds allowed at its place."""
    allowed = kinds or (PLAIN, MRKDWN)

    def check(value: Any, report: Report, pointer: str) -> None:
        if not isinstance(value, dict):
            report.add("must provide an object", pointer)
        elif value.get("type") not in allowed:
            report.add(f"must be one of: {', '.join(allowed)}", f"{pointer}/type")
        else:
            own: Fields = {"emoji": flag} if value["type"] == PLAIN else {"verbatim": flag}
            Shape(required={"text": string(most, 1)}, optional=own)(value, report, pointer)

    return check


def plain(most: int) -> Check:
    """A text without mark-up."""
    return text(most, PLAIN)


CONFIRM = Shape(
    required={"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    optional={"style": among("primary", "danger")},
)


def option(*kinds: str, has_url: bool = False) -> Shape:
    """One choice of a list; its value has 1 to 75 characters."""
    link: Fields = {"url": url()} if has_url else {}
    return Shape(
        required={"text": text(75, *kinds), "value": string(75, 1)},
        optional={"description": text(75, *kinds), **link},
    )


def unique_options(value: Any, report: Report, pointer: str) -> None:
    """No two choices of a list have the same value."""
    for key in ("options", "initial_options"):
        values = [o.get("value") for o in _dicts(value.get(key))]
        unique("option value must be unique", values, report, f"{pointer}/{key}")


OPTION_GROUP = Shape(
    required={"label": plain(75), "options": listed(option(PLAIN), 100)},
    rules=(unique_options,),
)


def initial_offered(value: Any, report: Report, pointer: str) -> None:
    """What is chosen at first is one of the choices, word for word."""
    groups = _dicts(value.get("option_groups"))
    offered = [*_dicts(value.get("options")), *(o for g in groups for o in _dicts(g.get("options")))]
    initial = [value.get("initial_option"), *_dicts(value.get("initial_options"))]
    for chosen in initial:
        if isinstance(chosen, dict) and not any(_same(chosen, o) for o in offered):
            report.add("initial option must be one of the options", pointer)


def _same(chosen: dict[str, Any], offered: dict[str, Any]) -> bool:
    texts = [o.get("text") for o in (chosen, offered)]
    words = [t.get("text") if isinstance(t, dict) else None for t in texts]
    return chosen.get("value") == offered.get("value") and words[0] == words[1]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


SLACK_FILE = Shape(optional={"id": string(255, 1), "url": url()}, rules=(exactly_one("id", "url"),))
PICTURE: Fields = {"image_url": url(), "slack_file": SLACK_FILE}
ONE_SOURCE = exactly_one("image_url", "slack_file")
IMAGE = Shape(required={"alt_text": string(2000, 1)}, optional=PICTURE, rules=(ONE_SOURCE,))

CONVERSATION_FILTER = Shape(
    optional={
        "include": listed(among("im", "mpim", "private", "public"), 4),
        "exclude_bot_users": flag,
        "exclude_external_shared_channels": flag,
    }
)
DISPATCH_CONFIG = Shape(
    required={"trigger_actions_on": listed(among("on_enter_pressed", "on_character_entered"), 2)},
)
WORKFLOW = Shape(
    required={
        "trigger": Shape(
            required={"url": url()},
            optional={
                "customizable_input_parameters": listed(
                    Shape(required={"name": string(255, 1), "value": string(2000, 1)})
                )
            },
        )
    }
)

NUMBER_TEXT = string(100, 1, r"-?\d+(\.\d+)?")
LENGTHS: Fields = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}
LENGTHS_ORDER = in_order("min_length", "max_length")
