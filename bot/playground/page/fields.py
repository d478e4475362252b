"""What a browser's form holds, put where Slack keeps what is typed until it is sent."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData, UploadFile

from bot.playground import filling, inputs
from bot.playground.page.place import field_name
from bot.playground.records import Json, Message, Person, Values, View

if TYPE_CHECKING:
    from bot.playground import Hands

OPTIONS = ("static_select", "external_select", "radio_buttons", "checkboxes")
MANY = ("multi_", "checkboxes")


class Offered:
    """The options the bot offered for external lists: a browser sends back a value, the bot wants the whole option."""

    def __init__(self) -> None:
        self._options: dict[tuple[str, str, str], dict[str, Json]] = {}

    def note(self, person: Person, block_id: str, action_id: str, options: list[Json]) -> None:
        """Remember what was offered to somebody."""
        known = self._options.setdefault((person.id, block_id, action_id), {})
        known.update((str(option.get("value")), option) for option in options)

    def known(self, person: Person, block_id: str, action_id: str) -> list[Json]:
        """What was offered so far."""
        return list(self._options.get((person.id, block_id, action_id), {}).values())


def keep(hands: "Hands", target: Message | View, form: FormData, offered: Offered, zone: tzinfo) -> None:
    """Keep every field of a form as this person left it; raises Impossible for what Slack would not let them choose."""
    files: dict[str, list[tuple[str, bytes]]] = {}
    sight = filling.Sight(hands.workspace, hands.me.id, lambda _: [])
    with hands.slack.world.lock:
        held = values_of(target, hands.me)
        for block, element in inputs.elements(target.blocks):
            name = field_name(block["block_id"], element["action_id"])
            if element["type"] == "file_input":
                files[block["block_id"]] = _files(form, name)
            elif element["type"] in inputs.VALUES and _is_said(element, form, name):
                before = held.get(block["block_id"], {}).get(element["action_id"], {})
                options = _options(element, before, offered.known(hands.me, block["block_id"], element["action_id"]))
                value = _value(element, form.getlist(name), options, sight, zone)
                held.setdefault(block["block_id"], {})[element["action_id"]] = inputs.entry(element, value)
    hands.fills({block_id: given for block_id, given in files.items() if given})


def values_of(target: Message | View, me: Person) -> Values:
    """What stands in the inputs of a view, or in a message as this person sees it."""
    if isinstance(target, View):
        return target.values
    return target.values.setdefault(me.id, inputs.first_values(target.blocks))


def _is_said(element: Json, form: FormData, name: str) -> bool:
    """A browser says nothing of a list in which nothing is chosen; of a radio button nothing means untouched."""
    return name in form or element["type"].startswith(MANY)


def _options(element: Json, before: Mapping[str, Any], offered: list[Json]) -> dict[str, Json]:
    """The options an element may hold, by value: listed, offered by the bot, or there already."""
    there = [before.get("selected_option"), *(before.get("selected_options") or [])]
    return {str(option["value"]): option for option in [*filter(None, there), *filling.offered(element), *offered]}


def _value(element: Json, given: list[Any], options: dict[str, Json], sight: filling.Sight, zone: tzinfo) -> Any:
    said = [str(one).replace("\r\n", "\n") for one in given if one != ""]
    kind = element["type"].removeprefix("multi_")
    if kind in OPTIONS:
        chosen = [filling.chosen(_option(options, value)) for value in said]
        return chosen if element["type"].startswith(MANY) else next(iter(chosen), None)
    if kind == "datetimepicker" and said:
        return int(_moment(said[0], zone).timestamp())
    wanted: Any = said if element["type"].startswith(MANY) else "".join(said[:1])
    return filling.value_for(element, wanted, sight)


def _option(options: dict[str, Json], value: str) -> Json:
    if value not in options:
        raise filling.Impossible("That choice is not offered any more.")
    return options[value]


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError as broken:
        raise filling.Impossible(f"{text} is no date and time.") from broken


def _files(form: FormData, name: str) -> list[tuple[str, bytes]]:
    """The files chosen in a field; a browser sends an empty one without a name when there is none."""
    given = [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]
    return [(one.filename or "", one.file.read()) for one in given]
