"""What one cell says: ratings, people, shares, years, texts and keys, and what is blank."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.registers import cells
from bot.rules.registers.cells import Person
from bot.rules.terms import Health, ProjectState


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "n/a", "N/A", "NA", "None", "not applicable"])
def test_a_blank_is_nothing_in_every_kind_and_never_said(text: str) -> None:
    assert cells.rating(text) == cells.Reading(Health.NOT_SET)
    for read in (cells.lifecycle, cells.person, cells.share, cells.year, cells.key):
        assert read(text) == cells.Reading()
    assert cells.words(text, limit=10, one_line=True) == cells.Reading()


@pytest.mark.parametrize(
    ("texts", "health"),
    [
        (["G", "green", "GREEN", "On track", "on-track", "Green rating", "🟢"], Health.GREEN),
        (
            ["AG", "A/G", "Amber/Green", "amber green", "AMBER-GREEN", "Amber / Green", "Green/Amber"],
            Health.AMBER_GREEN,
        ),
        (["A", "Amber", "y", "Yellow", "At risk", "at_risk", "amber status"], Health.AMBER),
        (["AR", "A/R", "Amber/Red", "Amber/ Red", "Amber/red", "amber\\red", "Red-Amber"], Health.AMBER_RED),
        (["R", "red", "Off track", "OFF-TRACK", "🔴"], Health.RED),
        (["Blue", "B", "Done", "Complete", "closed"], Health.DONE),
        (["X", "grey", "Not set", "not rated"], Health.NOT_SET),
    ],
)
def test_a_rating_is_known_by_letter_word_and_mark(texts: list[str], health: Health) -> None:
    for text in texts:
        assert cells.rating(text) == cells.Reading(health), text


@pytest.mark.parametrize(
    "text", ["Exempt under Section 43", "Reset", "RESET", "No DCA", "Greenish", "Red (was Amber)", "3"]
)
def test_what_is_no_rating_is_not_set_and_said(text: str) -> None:
    assert cells.rating(text) == cells.Reading(Health.NOT_SET, f'"{text}" is not a rating; left not set')


def test_a_long_value_is_repeated_on_one_line_and_cut() -> None:
    assert cells.quoted("a\nb") == '"a b"'
    assert cells.quoted("x" * 81) == f'"{"x" * 79}…"'


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("In progress", ProjectState.EXECUTING),
        ("WIP", ProjectState.EXECUTING),
        ("on-hold", ProjectState.ON_HOLD),
        ("Closed complete", ProjectState.CLOSED),
        ("Closed incomplete", ProjectState.CANCELLED),
        ("not started", ProjectState.APPROVED),
    ],
)
def test_a_state_is_known_by_the_words_of_registers(text: str, state: ProjectState) -> None:
    assert cells.lifecycle(text) == cells.Reading(state)


def test_another_word_is_no_state() -> None:
    assert cells.lifecycle("Wednesday").why == '"Wednesday" is not a state of a project; left blank'


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Ana Diaz", Person("Ana Diaz")),
        ("  Ana   Diaz ", Person("Ana Diaz")),
        ("Ana Diaz <Ana@Example.org>", Person("Ana Diaz", "ana@example.org")),
        ("Ana Diaz (ana@example.org)", Person("Ana Diaz", "ana@example.org")),
        ("ana@example.org", Person("", "ana@example.org")),
        ("<@U012ABCDEF|ana>", Person(slack_id="U012ABCDEF")),
        ("W012ABCDEF", Person(slack_id="W012ABCDEF")),
    ],
)
def test_a_person_goes_by_name_address_or_slack_id(text: str, person: Person) -> None:
    assert cells.person(text) == cells.Reading(person)


def test_of_several_people_the_first_is_taken_and_it_is_said() -> None:
    reading = cells.person("Ana Diaz; Bob Cole")

    assert reading == cells.Reading(
        Person("Ana Diaz"), '"Ana Diaz; Bob Cole" names several people; the first was taken'
    )


@pytest.mark.parametrize("text", ["12", ";", "?", "x" * 121])
def test_what_has_no_letters_or_too_many_is_nobody(text: str) -> None:
    assert cells.person(text).value is None
    assert cells.person(text).why.endswith("is not the name of a person; left blank")


@pytest.mark.parametrize(
    ("text", "of_one", "expected"),
    [("45%", False, "45"), ("45", False, "45"), ("0.45", True, "45"), ("12,5 %", False, "12.5"), ("45%", True, "45")],
)
def test_a_share_is_in_per_cent(text: str, of_one: bool, expected: str) -> None:
    assert cells.share(text, of_one=of_one) == cells.Reading(Decimal(expected))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("101", "is not between 0 and 100 per cent"),
        ("-1%", "is not between 0 and 100 per cent"),
        ("Budget variance less than 5%.", "is not a percentage"),
    ],
)
def test_what_is_no_share_of_a_whole_is_left_blank(text: str, why: str) -> None:
    assert cells.share(text).why == f'"{text}" {why}; left blank'


@pytest.mark.parametrize(
    ("values", "from_one"),
    [
        (["0", "0.5", "1"], True),
        (["0", "1"], False),
        (["0.5", "40"], False),
        (["50%", "x"], False),
        ([], False),
    ],
)
def test_a_column_counts_from_one_when_nothing_in_it_is_above_one(values: list[str], from_one: bool) -> None:
    assert cells.counts_from_one(values) is from_one


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2021", 2021), ("2021.0", 2021), ("FY21", 2021), ("FY 2021", 2021), ("2020/21", 2021), ("2019-2020", 2020)],
)
def test_a_year_is_known_by_the_one_it_ends_in(text: str, expected: int) -> None:
    assert cells.year(text) == cells.Reading(expected)


def test_another_number_is_no_year() -> None:
    assert cells.year("12").why == '"12" is not a year; left blank'


def test_a_text_is_kept_whole_up_to_its_limit_and_cut_there() -> None:
    assert cells.words("a\nb", limit=3, one_line=False) == cells.Reading("a\nb")
    assert cells.words(" a\n b ", limit=3, one_line=True) == cells.Reading("a b")
    assert cells.words("abc def", limit=4, one_line=False) == cells.Reading(
        "abc", '"abc def" has 7 characters; cut at 4'
    )


def test_a_key_is_put_in_capitals_or_refused() -> None:
    assert cells.key("apollo") == cells.Reading("APOLLO")
    assert cells.key("P-014").why.startswith('"P-014" is not a key')
    assert cells.key("new").value is None


@pytest.mark.parametrize(
    ("text", "expected"), [("1.5E+06", Decimal("1.5E+6")), ("x", None), ("NaN", None), ("1e50", None)]
)
def test_a_number_is_finite_and_of_a_sane_size(text: str, expected: Decimal | None) -> None:
    assert cells.number(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tax-Free  Childcare", "TAX FREE CHILDCARE"), ("GOV.UK Verify", "Gov UK verify"), ("ﬁle", "FILE")],
)
def test_names_are_compared_without_case_and_punctuation(one: str, other: str) -> None:
    assert cells.normalised(one) == cells.normalised(other)


def test_a_name_of_signs_alone_is_still_compared() -> None:
    assert cells.normalised(" ??? ") == "???"


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(cells.rating(text).value, Health)
    for read in (cells.lifecycle, cells.person, cells.share, cells.year, cells.key):
        reading = read(text)
        assert reading.value is not None or reading.why or cells.is_blank(text)
