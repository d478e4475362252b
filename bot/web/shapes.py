"""Shapes: what Slack sends, as far as anything here relies on it, and how much of it there may be."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Shape = Callable[[Any], bool]


def text(most: int) -> Shape:
    """A text of at most so many characters, whole ones."""
    return lambda value: isinstance(value, str) and len(value) <= most and _BROKEN.search(value) is None


def typed(most: int) -> Shape:
    """A text of at most so many characters, whatever they are: what people type is cleaned where it is read."""
    return lambda value: isinstance(value, str) and len(value) <= most


def one_of(*shapes: Shape) -> Shape:
    """Any of these."""
    return lambda value: any(shape(value) for shape in shapes)


def listed(most: int, each: Shape, *, least: int = 0) -> Shape:
    """A list of so many."""
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(each, value))


def named(most: int, each: Shape) -> Shape:
    """An object of at most so many parts that are alike, under any name."""
    return lambda value: isinstance(value, dict) and len(value) <= most and all(map(each, value.values()))


def part(needs: Mapping[str, Shape] = MappingProxyType({}), /, **may: Shape) -> Shape:
    """An object: what it needs has to be there; what it may have can be absent or null; the rest is not looked at."""
    needed, known = tuple(needs.items()), tuple(may.items())

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(shape(value.get(name)) for name, shape in needed)
            and all(value.get(name) is None or shape(value[name]) for name, shape in known)
        )

    return fits


def name(value: Any) -> bool:
    """What machines call things: ids, types, moments."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def number(value: Any) -> bool:
    """A whole number within reason; True and False are none."""
    return type(value) is int and abs(value) < 2**53


_NAME: Final = re.compile(r"[\x20-\x7e]{0,255}")
_BROKEN: Final = re.compile("[\0\ud800-\udfff]")
"""What no database takes: NULs and halves of characters."""
_WORDS: Final = typed(40_000)
"""What is said in a message; Slack itself cuts it there."""
_TYPED: Final = typed(4_000)
"""What is typed into a field, or carried by a button or a form; Slack takes 3,000 characters."""
_ADDRESS: Final = text(2_000)
_OPTION: Final = part({"value": text(255)})
_NAMES: Final = listed(100, name)
_FILE: Final = part({"id": name}, name=text(255), url_private=_ADDRESS, url_private_download=_ADDRESS, size=number)
_SOMEBODY: Final = part({"id": name})
_CHOICES: Final[Mapping[str, Shape]] = {
    "value": _TYPED,
    "selected_option": _OPTION,
    "selected_options": listed(100, _OPTION),
    "selected_user": name,
    "selected_users": _NAMES,
    "selected_conversation": name,
    "selected_conversations": _NAMES,
    "selected_channel": name,
    "selected_channels": _NAMES,
    "selected_date": name,
    "selected_time": name,
    "selected_date_time": number,
    "files": listed(10, _FILE),
}
_VALUES: Final = part(values=named(100, named(25, part({"type": name}, **_CHOICES))))
_ACTION: Final = part({"type": name, "action_id": name}, block_id=name, action_ts=name, **_CHOICES)
_VIEW: Final = part(
    {"id": name, "type": name},
    callback_id=text(255),
    hash=name,
    private_metadata=_TYPED,
    state=_VALUES,
    blocks=listed(100, part({"type": name, "block_id": text(255)})),
)
_MESSAGE: Final = part(ts=name, text=_WORDS, user=name, bot_id=name, subtype=name)
_ASKED: Final[Mapping[str, Shape]] = {
    "view": _VIEW,
    "actions": listed(25, part(), least=1),
    "container": part(message_ts=name),
    "message": _MESSAGE,
    "trigger_id": name,
}
_SENT: Final = part({"user": _SOMEBODY, "view": _VIEW}, **_ASKED)

INTERACTIONS: Final[Mapping[str, Shape]] = {
    "block_actions": part({"user": _SOMEBODY, "actions": listed(25, _ACTION, least=1)}, **_ASKED),
    "block_suggestion": part({"user": _SOMEBODY, "action_id": name}, value=_TYPED, **_ASKED),
    "view_submission": _SENT,
    "view_closed": _SENT,
    "shortcut": part({"user": _SOMEBODY, "callback_id": name}, **_ASKED),
    "message_action": part(
        {"user": _SOMEBODY, "callback_id": name, "message": _MESSAGE, "channel": _SOMEBODY}, **_ASKED
    ),
}
"""What people do, by its `type`."""

_OTHER: Final = part(**_ASKED)

COMMAND: Final = part({"command": name, "user_id": name}, text=_WORDS, trigger_id=name)

_CHANNEL: Final = part({"channel": name})
_RENAMED: Final = part({"channel": part({"id": name}, name=text(255))})
_SAID: Final = part(channel=name, user=name, text=_WORDS, channel_type=name, subtype=name, ts=name)
_PROFILE: Final = part(display_name=text(255), real_name=text(255))
_PERSON: Final = part({"id": name}, name=text(255), real_name=text(255), tz=name, profile=_PROFILE)

EVENTS: Final[Mapping[str, Shape]] = {
    "app_home_opened": part({"user": name}, tab=name),
    "app_mention": _SAID,
    "message": _SAID,
    "channel_archive": _CHANNEL,
    "channel_unarchive": _CHANNEL,
    "group_archive": _CHANNEL,
    "group_unarchive": _CHANNEL,
    "channel_rename": _RENAMED,
    "group_rename": _RENAMED,
    "channel_id_changed": part({"old_channel_id": name, "new_channel_id": name}),
    "member_joined_channel": part({"channel": name, "user": name}, inviter=name, channel_type=name),
    "user_change": part({"user": _PERSON}),
    "tokens_revoked": part(tokens=part(oauth=_NAMES, bot=_NAMES)),
    "team_access_granted": part(team_ids=_NAMES),
    "team_access_revoked": part(team_ids=_NAMES),
}
"""What happens in Slack, by its `type`; of all other events nothing is used."""

_NAMED: Final = one_of(name, part(id=name, team_id=name, enterprise_id=name))
_WHOSE: Final[Mapping[str, Shape]] = {
    **dict.fromkeys(("team", "enterprise", "user", "channel"), _NAMED),
    **dict.fromkeys(("team_id", "enterprise_id", "user_id", "channel_id", "user_team", "thread_ts", "bot_id"), name),
}
_PART: Final = part(**_WHOSE)
_INSIDE: Final[Mapping[str, Shape]] = dict.fromkeys(
    ("item", "message", "previous_message", "assistant_thread", "function_data"), _PART
)
_ANY: Final = part(
    **_WHOSE,
    **_INSIDE,
    event=part(**_WHOSE, **_INSIDE, type=name, bot_access_token=name),
    view=part(team_id=name, app_installed_team_id=name),
    authorizations=listed(25, _PART),
    response_url=_ADDRESS,
    response_urls=listed(25, part(response_url=_ADDRESS)),
    bot_access_token=name,
)
"""What Bolt looks at in every request, to know whose it is."""
_ENVELOPE: Final = part({"event": part({"type": name})}, event_id=name, event_time=number)


def is_well_shaped(body: Any) -> bool:
    """Whether a request is what Slack sends, in all that is relied on; what it is told besides is not looked at."""
    return isinstance(body, dict) and _ANY(body) and _is_of_its_kind(body)


def addresses(body: Mapping[str, Any]) -> list[str]:
    """Every address at which a well-shaped request asks to be answered."""
    asked = [body, *(body.get("response_urls") or ())]
    return [each["response_url"] for each in asked if each.get("response_url")]


def _is_of_its_kind(body: Mapping[str, Any]) -> bool:
    kind = body.get("type")
    if "command" in body:
        return COMMAND(body)
    if kind == "event_callback":
        return _ENVELOPE(body) and EVENTS.get(body["event"]["type"], part())(body["event"])
    if kind is None:
        return "ssl_check" in body and _OTHER(body)
    return name(kind) and INTERACTIONS.get(kind, _OTHER)(body)
