"""What is sealed, what is asked for, and what a button carries of it."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.errors import Refused
from bot.rules import audit
from bot.rules.audit import About, Asked, Part
from bot.rules.references import Letter, Reference

ENTRY = {
    "id": 1,
    "workspace_id": 1,
    "at": datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
    "record": "projects:7",
    "changes": {"name": ["Apollo", "Apollö"], "budget": [None, "1.50"]},
    "why": None,
}
WORDS = (
    '{"at":"2026-11-20T15:00:00+00:00","changes":{"budget":[null,"1.50"],"name":["Apollo","Apoll\\u00f6"]},'
    '"id":1,"record":"projects:7","workspace_id":1}'
)


def test_a_seal_is_the_hash_of_the_one_before_and_the_entry_in_fixed_words() -> None:
    first = audit.seal("", ENTRY)
    assert first == hashlib.sha256(WORDS.encode()).hexdigest()
    assert audit.seal(first, ENTRY) == hashlib.sha256((first + WORDS).encode()).hexdigest()


def test_the_order_of_columns_and_the_zone_of_a_moment_are_nothing_to_a_seal() -> None:
    berlin = timezone(timedelta(hours=1))
    same = dict(reversed(ENTRY.items())) | {"at": datetime(2026, 11, 20, 16, 0, tzinfo=berlin)}
    assert audit.seal("", same) == audit.seal("", ENTRY)


def test_a_column_that_came_later_breaks_no_chain_until_something_stands_in_it() -> None:
    assert audit.seal("", ENTRY | {"later": None}) == audit.seal("", ENTRY)
    assert audit.seal("", ENTRY | {"later": ""}) != audit.seal("", ENTRY)


@pytest.mark.parametrize("column", [name for name in ENTRY if name != "why"])
def test_every_column_is_sealed(column: str) -> None:
    assert audit.seal("", ENTRY | {column: "other"}) != audit.seal("", ENTRY)


@pytest.mark.parametrize(
    ("value", "found"),
    [(3, [3]), ([3, 4], [3, 4]), (None, []), ([], []), ("Ana", []), (["Ana"], []), (True, []), ([False], [])],
)
def test_the_numbers_of_rows_in_a_value(value: object, found: list[int]) -> None:
    assert audit.numbers(value) == found


@pytest.mark.parametrize(
    ("part", "record"),
    [
        (Part(), ""),
        (Part(About.PROJECT, "7"), "projects:7"),
        (Part(About.PERSON, "3"), "people:3"),
        (Part(About.RECORD, "risks:88"), "risks:88"),
    ],
)
def test_a_part_is_about_a_record(part: Part, record: str) -> None:
    assert part.record == record


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Asked()),
        ("  ", Asked()),
        ("<@U0ANN>", Asked(person="U0ANN")),
        (" <@W0ANN|ann> ", Asked(person="W0ANN")),
        ("apollo-r12", Asked(reference=Reference("APOLLO", Letter.RISK, 12))),
        ("APOLLO-E3", Asked(reference=Reference("APOLLO", Letter.ESCALATION, 3))),
        ("apollo", Asked(key="APOLLO")),
    ],
)
def test_what_is_typed_names_a_part_of_the_trail(typed: str, asked: Asked) -> None:
    assert audit.read(typed) == asked


@pytest.mark.parametrize("typed", ["apollo gemini", "APOLLO-R12 closed", "#apollo", "@ann", "x", "<#C1>", "APOLLO-Z1"])
def test_what_names_nothing_is_answered_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(Refused, match="/pmo audit APOLLO-R12"):
        audit.read(typed)


@pytest.mark.parametrize(
    "part",
    [
        Part(),
        Part().older(7),
        Part(About.PROJECT, "3"),
        Part(About.PERSON, "12").newer(99),
        Part(About.RECORD, "status_reports:88").older(5),
    ],
)
def test_a_button_carries_a_page(part: Part) -> None:
    assert audit.unpack(part.packed()) == part


def test_older_and_newer_are_one_or_the_other() -> None:
    assert Part(before=3).newer(4) == Part(after=4)
    assert Part(after=3).older(2) == Part(before=2)


@pytest.mark.parametrize(
    "carried", ["", "all", "person:x/0", "project:3", "record:risks/0", "all/<", "all/5/", "x/0", "all/<" + "9" * 19]
)
def test_a_button_that_is_not_ours_is_refused(carried: str) -> None:
    with pytest.raises(Refused, match="too old"):
        audit.unpack(carried)
