"""Tolerances: read from a form, kept as what differs from the defaults, and given back."""

from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules import tolerances
from bot.rules.tolerances import DEFAULT, Tolerances


def test_an_empty_form_is_the_defaults_of_the_field() -> None:
    assert tolerances.read({}) == DEFAULT
    assert tolerances.read({"plus_percent": None, "missed_to_red": ""}) == DEFAULT
    assert Tolerances(10, Decimal(10), Decimal(50), 2, 2) == DEFAULT


def test_what_differs_is_kept_as_text_and_given_back() -> None:
    agreed = tolerances.read({"plus_working_days": Decimal(5), "plus_percent": "7.5", "amber_percent": 50})

    assert tolerances.changed(agreed) == {"plus_working_days": "5", "plus_percent": "7.5"}
    assert tolerances.kept(tolerances.changed(agreed)) == agreed
    assert agreed.plus_working_days == 5
    assert tolerances.kept({}) is DEFAULT
    assert tolerances.kept({"of_another_release": "3"}) == DEFAULT


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("plus_working_days", "ten", "Write a number."),
        ("plus_working_days", "2.5", "Write a whole number from 0 to 250."),
        ("plus_percent", "101", "Write a number from 0 to 100."),
        ("plus_percent", "NaN", "Write a number from 0 to 100."),
        ("missed_to_red", "0", "Write a whole number from 1 to 20."),
        ("acknowledge_working_days", "21", "Write a whole number from 1 to 20."),
    ],
)
def test_what_cannot_be_agreed_on_is_refused_at_its_field(name: str, typed: Any, why: str) -> None:
    with pytest.raises(Refused) as refused:
        tolerances.read({name: typed})
    assert refused.value.fields == {name: why}
