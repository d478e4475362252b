"""Kinds: a column is read in the style that its values prove."""

from datetime import date
from decimal import Decimal

import pytest

from bot.rules.registers import kinds
from bot.rules.registers.dates import DateOrder
from bot.rules.registers.fields import Field, Kind
from bot.rules.registers.money import NO_UNIT, Amount
from bot.rules.terms import Health


def read(kind: Kind, values: list[str], order: DateOrder | None = None) -> list[object]:
    reader = kinds.reader(Field("any", kind, limit=5), NO_UNIT, values, order)
    return [reader(value).value for value in values]


def test_one_day_above_twelve_tells_for_the_whole_column() -> None:
    assert read(Kind.OPENING, ["03/04/2026", "04/13/2026"])[0] == date(2026, 3, 4)
    assert read(Kind.OPENING, ["03/04/2026", "13/04/2026"], DateOrder.MONTH_FIRST)[0] == date(2026, 4, 3)
    assert read(Kind.OPENING, ["03/04/2026"], DateOrder.MONTH_FIRST)[0] == date(2026, 3, 4)
    assert read(Kind.OPENING, ["03/04/2026"])[0] == date(2026, 4, 3)


def test_what_opens_opens_on_the_first_and_what_closes_closes_on_the_last() -> None:
    assert read(Kind.OPENING, ["Apr-26"]) == [date(2026, 4, 1)]
    assert read(Kind.CLOSING, ["Apr-26"]) == [date(2026, 4, 30)]


def test_one_decimal_comma_tells_for_the_whole_column() -> None:
    assert read(Kind.MONEY, ["1.234", "12,5"])[0] == Amount(Decimal("1234.00"))


def test_one_part_of_one_tells_for_the_whole_column() -> None:
    assert read(Kind.SHARE, ["1", "0.5"]) == [Decimal(100), Decimal(50)]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.LINE, "a\nb", "a b"),
        (Kind.TEXT, "a\nb", "a\nb"),
        (Kind.RATING, "AG", Health.AMBER_GREEN),
        (Kind.YEAR, "2021", 2021),
        (Kind.CURRENCY, "€", "EUR"),
        (Kind.KEY, "apollo", "APOLLO"),
    ],
)
def test_other_kinds_are_read_cell_by_cell(kind: Kind, text: str, expected: object) -> None:
    assert read(kind, [text]) == [expected]


@pytest.mark.parametrize(
    ("kind", "values", "fit"),
    [
        (Kind.RATING, ["A", "x y", "", "G", "R"], 0.75),
        (Kind.MONEY, ["Exempt", "Exempt", "5"], 1 / 3),
        (Kind.RATING, ["", "-"], 0.5),
        (Kind.PERSON, ["12"], 0.5),
        (Kind.TEXT, ["anything"], 0.34),
    ],
)
def test_how_well_a_column_fits(kind: Kind, values: list[str], fit: float) -> None:
    assert kinds.fit(Field("any", kind), NO_UNIT, values) == pytest.approx(fit)
