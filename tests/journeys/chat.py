"""What journeys say of a chat: the newest message, the one about something, what stands on its buttons."""

from datetime import UTC, datetime
from typing import Any

from bot.playground.hands import Hands
from bot.playground.records import Message, View
from tests.office import Office


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of autumn 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def newest(person: Hands, place: str | None = None) -> Message:
    """The last message that somebody sees in a place, their chat with the bot if none is named."""
    return person.reads(place)[-1]


def about(person: Hands, words: str, place: str | None = None) -> Message:
    """The one message there that has these words in it."""
    [found] = [message for message in person.reads(place) if words in message.shown]
    return found


def buttons(message: Message) -> list[str]:
    """What stands on the buttons below a message."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


def form(person: Hands) -> View:
    """The form in front of somebody."""
    assert person.modal is not None
    return person.modal


def holds(person: Hands, field: str) -> Any:
    """What stands in a field of the form in front of somebody: a text, an id, a day or the value of a choice."""
    [values] = [values for name, values in form(person).values.items() if name.partition(":")[0] == field]
    [held] = values.values()
    chosen = next(value for name, value in held.items() if name != "type")
    return chosen["value"] if isinstance(chosen, dict) else chosen


def answers(person: Hands, command: str, place: str = "#general") -> str:
    """What somebody, alone, is told to a command."""
    said = person.types(command, place)
    assert said is not None
    assert said.ephemeral_to == person.me.id
    return said.shown


def sends(office: Office, person: Hands, **values: Any) -> str:
    """Fill the form in, send it, and close what it became; what that said."""
    person.fills(values)
    errors = person.submits()
    assert errors == {}, errors
    told = person.modal
    if told is not None:
        person.closes()
    office.settle()
    return told.shown if told else ""


def home(person: Hands) -> str:
    """What somebody's App Home shows."""
    page = person.opens_home()
    assert page is not None
    return page.shown


def assert_in_order(text: str, *words: str) -> None:
    """All the words are there, one after the other."""
    for word in words:
        assert word in text, f"{word!r} is not in: {text}"
        text = text[text.index(word) + len(word) :]
