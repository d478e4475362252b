"""References: the names people give records by, such as APOLLO-R12."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.errors import Refused

KEY: Final = r"[A-Za-z][A-Za-z0-9]{1,9}"
"""A project key: 2 to 10 letters and digits, the first a letter."""


class Letter(StrEnum):
    """The letter of each kind of record."""

    RISK = "R"
    ISSUE = "I"
    ACTION = "A"
    DECISION = "D"
    DEPENDENCY = "P"
    ASSUMPTION = "S"
    ESCALATION = "E"
    CHANGE = "C"
    LESSON = "L"


_LETTERS: Final = "".join(Letter)
_FORM: Final = re.compile(
    rf"(?<![^\W_])(?<!-)({KEY})-([{_LETTERS}{_LETTERS.lower()}])([1-9][0-9]{{0,8}})(?![^\W_])(?!-)"
)
"""A reference that stands by itself; Slack's marks for italics may touch it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Which record of which project."""

    key: str
    letter: Letter
    number: int

    def __str__(self) -> str:
        return f"{self.key}-{self.letter}{self.number}"


def ref(key: str, letter: Letter, number: int) -> str:
    """What people call a record: risk 12 of project APOLLO is APOLLO-R12."""
    return str(Reference(key, letter, number))


def find_ref(text: str) -> Reference | None:
    """The first reference in a text, in whatever case it was typed."""
    found = _FORM.search(text)
    return _reference(found) if found else None


def parse_ref(text: str) -> Reference:
    """The reference that a text consists of; Refused when it is none."""
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise Refused("That is not a reference. A reference looks like APOLLO-R12.", field="ref")
    return _reference(found)


def _reference(found: re.Match[str]) -> Reference:
    key, letter, number = found.groups()
    return Reference(key.upper(), Letter(letter.upper()), int(number))
