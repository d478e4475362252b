"""Whom a register names, found among those whom Slack lists."""

from typing import Any

from bot.rules.registers import people
from bot.rules.registers.cells import Person
from bot.rules.registers.entries import ProjectEntry


def a_user(number: int, real_name: str, display_name: str = "", **more: Any) -> dict[str, Any]:
    profile = {"real_name": real_name, "display_name": display_name}
    return {"id": f"U{number}", "real_name": real_name, "profile": profile, **more}


ENTRY = ProjectEntry(
    place="row 2", name="Apollo", manager=Person("Eva  LINDQVIST"), sponsor=Person(slack_id="U9"), deputy=Person("ben")
)


def test_names_without_an_id_are_to_be_found() -> None:
    assert people.named([ENTRY, ProjectEntry(place="row 3", name="Gemini")]) == {"eva lindqvist", "ben"}


def test_people_are_found_by_the_names_they_go_by() -> None:
    users = [a_user(1, "Eva Lindqvist", "eva"), a_user(2, "Ben Carter", "Ben"), a_user(3, "Nobody Asked")]

    found = people.found(people.named([ENTRY]), users)

    assert {name: user["id"] for name, user in found.items()} == {"eva lindqvist": "U1", "ben": "U2"}


def test_two_of_a_name_and_who_has_left_are_nobody() -> None:
    users = [
        a_user(1, "Eva Lindqvist"),
        a_user(2, "Eva Lindqvist"),
        a_user(3, "Ben", deleted=True),
        a_user(4, "Ben", is_bot=True),
    ]

    assert people.found(people.named([ENTRY]), users) == {}


def test_who_was_found_is_named_by_their_id() -> None:
    [placed] = people.placed([ENTRY], {"eva lindqvist": "U1"})

    assert placed.manager == Person("Eva  LINDQVIST", slack_id="U1")
    assert placed.sponsor == ENTRY.sponsor
    assert placed.deputy == ENTRY.deputy
