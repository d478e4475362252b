"""Fields of a form: read one by one, refused together."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules import words
from bot.rules.fields import Fields

TODAY = date(2026, 11, 22)


def fault_of(fields: Fields) -> dict[str, str]:
    try:
        fields.settle()
    except Refused as refused:
        return refused.fields
    return {}


def test_a_text_is_tidied() -> None:
    fields = Fields({"event": "  Vendor\x00 slips \n"})

    assert fields.text("event") == "Vendor  slips"
    assert fault_of(fields) == {}


@pytest.mark.parametrize("blank", [None, "", "   ", "\n"])
def test_what_is_blank_is_absent_and_a_fault_only_where_it_is_needed(blank: str | None) -> None:
    fields = Fields({"name": blank})

    assert fields.text("name") == ""
    assert fields.choice("name", {"a": 1}) is None
    assert fields.person("name") is None
    assert fields.day("name") is None
    assert fields.amount("name") is None
    assert fault_of(fields) == {}
    assert fields.person("name", needs="Choose somebody.") is None
    assert fault_of(fields) == {"name": "Choose somebody."}


def test_all_faults_are_told_at_once_in_the_order_of_the_form() -> None:
    fields = Fields({"due": "soon"})
    fields.text("event", needs="Say what.")
    fields.day("due")
    fields.day("start", needs="Say from when.")

    with pytest.raises(Refused) as refused:
        fields.settle()

    assert list(refused.value.fields) == ["event", "due", "start"]
    assert refused.value.message == "Say what. Choose a date. Say from when."


def test_the_first_fault_of_a_field_is_shown() -> None:
    fields = Fields({})
    fields.fault("due", "first")
    fields.fault("due", "second")

    assert fault_of(fields) == {"due": "first"}


@pytest.mark.parametrize(("length", "fault"), [(300, {}), (301, {"a": "Keep it to 300 characters; these are 301."})])
def test_a_text_has_an_end(length: int, fault: dict[str, str]) -> None:
    fields = Fields({"a": "ä" * length})
    fields.text("a")

    assert fault_of(fields) == fault


def test_a_choice_is_one_of_the_list() -> None:
    fields = Fields({"good": "2", "bad": "7"})

    assert fields.choice("good", {"2": "two"}) == "two"
    assert fields.choice("bad", {"2": "two"}) is None
    assert fault_of(fields) == {"bad": "Choose one of the list."}


@pytest.mark.parametrize("wrong", ["ana", "C123", "U", "u123", "U12 3", "<@U123>"])
def test_a_person_is_a_slack_id(wrong: str) -> None:
    fields = Fields({"good": "U0AB12", "guest": "W1", "wrong": wrong})

    assert fields.person("good") == "U0AB12"
    assert fields.person("guest") == "W1"
    fields.person("wrong")
    assert fault_of(fields) == {"wrong": "Choose a person of this workspace."}


@pytest.mark.parametrize(
    ("value", "was", "fault"),
    [
        ("2026-11-22", None, {}),
        ("2026-11-21", None, {"due": "This date has passed: choose today or later."}),
        ("2026-11-21", date(2026, 11, 21), {}),
        ("2026-11-20", date(2026, 11, 21), {"due": "This date has passed: choose today or later."}),
        ("2026-11-31", None, {"due": "Choose a date."}),
    ],
)
def test_a_day_has_not_passed_unless_it_was_there_already(value: str, was: date | None, fault: dict[str, str]) -> None:
    fields = Fields({"due": value})
    fields.day("due", earliest=TODAY, was=was)

    assert fault_of(fields) == fault


def test_a_day_may_lie_in_the_past_where_nothing_forbids_it() -> None:
    assert Fields({"start": "2020-01-31"}).day("start") == date(2020, 1, 31)


@pytest.mark.parametrize(
    ("typed", "amount", "faulty"), [("1.2m", Decimal(1200000), False), ("0", Decimal(0), False), ("x", None, True)]
)
def test_an_amount_is_read_and_blank_is_not_zero(typed: str, amount: Decimal | None, faulty: bool) -> None:
    fields = Fields({"eac": typed})

    assert fields.amount("eac") == amount
    assert ("eac" in fault_of(fields)) is faulty


def test_a_number_of_nought_is_not_blank() -> None:
    assert Fields({"eac": Decimal(0)}).amount("eac") == 0


def test_an_amount_is_not_negative() -> None:
    fields = Fields({"eac": "-1"})
    fields.amount("eac")

    assert fault_of(fields) == {"eac": "An amount cannot be below 0 here."}


@pytest.mark.parametrize("odd", [5, ["a"], {"a": 1}, True])
def test_odd_values_are_refused_and_do_not_crash(odd: Any) -> None:
    fields = Fields({"a": odd})
    fields.day("a")
    fields.person("a")

    assert set(fault_of(fields)) == {"a"}


@pytest.mark.parametrize("picked", ["0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_nobody_can_mean_is_a_fault(picked: str) -> None:
    fields = Fields({"due": picked})
    fields.day("due", earliest=TODAY)
    assert fault_of(fields) == {"due": words.FAR_OFF}
