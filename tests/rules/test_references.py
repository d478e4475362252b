"""References such as APOLLO-R12."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import references
from bot.rules.references import Letter, Reference


def test_a_reference_names_project_kind_and_number() -> None:
    assert references.ref("APOLLO", Letter.RISK, 12) == "APOLLO-R12"


def test_the_letters_are_those_of_the_contract() -> None:
    assert {letter.name.lower(): letter.value for letter in Letter} == {
        "risk": "R",
        "issue": "I",
        "action": "A",
        "decision": "D",
        "dependency": "P",
        "assumption": "S",
        "escalation": "E",
        "change": "C",
        "lesson": "L",
    }


@given(st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True), st.sampled_from(Letter), st.integers(1, 999_999_999))
def test_a_reference_is_read_as_it_was_written(key: str, letter: Letter, number: int) -> None:
    text = references.ref(key, letter, number)

    assert references.parse_ref(f" {text.lower()} ") == Reference(key, letter, number)
    assert references.find_ref(f"What about {text}?") == Reference(key, letter, number)


@pytest.mark.parametrize(
    "text",
    [
        *("", "APOLLO", "APOLLO-12", "APOLLO-R", "APOLLO-R0", "APOLLO-R012", "APOLLO-X1", "A-R1", "1A-R1", "APOLLO R1"),
        *("APOLLO-R1234567890", "ABCDEFGHIJK-R1", "APOLLO-R1x", "APÖLLO-R1", "APOLLO-R1-2", "APOLLO-R\u0661"),
    ],
)
def test_what_is_no_reference_is_refused_and_not_found(text: str) -> None:
    with pytest.raises(Refused, match="APOLLO-R12") as refused:
        references.parse_ref(text)

    assert set(refused.value.fields) == {"ref"}
    assert references.find_ref(text) is None


def test_the_first_reference_of_a_text_is_found() -> None:
    assert references.find_ref("(_hermes-e3_), then APOLLO-R12.") == Reference("HERMES", Letter.ESCALATION, 3)


def test_a_text_with_more_than_a_reference_is_none() -> None:
    with pytest.raises(Refused):
        references.parse_ref("APOLLO-R12 please")
