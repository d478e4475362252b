"""Whatever is typed after a command."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import handlers
from bot.handlers.routing import REFERENCE, Kind
from tests.fuzz.ground import Ground
from tests.fuzz.strange import words

ROUTES = [route.id for module in handlers.MODULES for route in module.ROUTES if route.kind is Kind.COMMAND]
NAMES = [
    "/risk",
    "/escalate",
    "/checkin",
    *(f"/pmo {words}" for words in ROUTES if words != REFERENCE),
    "/pmo",
    "/what",
]
KEEPING = ["/risk", "/risk APOLLO", "/escalate", "/pmo project add", "/pmo team APOLLO add"]
"""What keeps or shows most of what is typed."""
PEOPLE = ("ana", "eva", "hana", "guest")
typed: dict[str, Any] = {"name": st.sampled_from([*NAMES, *KEEPING * 4]), "text": words, "who": st.sampled_from(PEOPLE)}


def types(ground: Ground, who: str, name: str, text: str) -> None:
    """Somebody types a command."""
    form = next(payload for kind, payload in ground.lived if kind == "slash_commands")
    command, _, first = name.partition(" ")
    here = {"user_id": ground.office.id(who), "channel_id": ground.office.id("#apollo")}
    sent = form | here | {"command": command, "text": f"{first} {text}"}
    status, _ = ground.send("slash_commands", ground.trigger(sent, who))
    assert status == 200


@settings(max_examples=2500)
@given(**typed)
def test_whatever_is_typed(ground: Ground, who: str, name: str, text: str) -> None:
    types(ground, who, name, text)


@settings(max_examples=300)
@given(**typed)
def test_whatever_is_typed_on_postgresql(small_ground: Ground, who: str, name: str, text: str) -> None:
    types(small_ground, who, name, text)


def test_what_is_typed_after_every_command_is_tried() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert {"/pmo role", "/pmo project add", "/pmo digest"} <= set(NAMES)
