"""Amounts as registers write them, with their units and currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.money import LARGEST
from bot.rules.registers import money
from bot.rules.registers.cells import Reading
from bot.rules.registers.money import Amount, Unit

MILLIONS = Unit(Decimal(10) ** 6, "GBP")


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("0", "0", ""),
        ("1234.5", "1234.5", ""),
        ("-74.9", "-74.9", ""),
        ("1.5E+06", "1500000", ""),
        (".5", "0.5", ""),
        ("£1,186.00", "1186", "GBP"),
        ("£31,000", "31000", "GBP"),
        ("(12.3)", "-12.3", ""),
        ("(£12.3)", "-12.3", "GBP"),
        ("-£5", "-5", "GBP"),
        ("12.3-", "-12.3", ""),
        ("−5", "-5", ""),
        ("+5 EUR", "5", "EUR"),
        ("£1,234.5m", "1234500000", "GBP"),
        ("1.2bn", "1200000000", ""),
        ("12k", "12000", ""),
        ("$ 3 million", "3000000", "USD"),
        ("US$ 3mn", "3000000", "USD"),
        ("A$5", "5", "AUD"),
        ("CHF 1'234.50", "1234.5", "CHF"),
        ("1 234 567", "1234567", ""),
        ("12,34,567", "1234567", ""),
        ("1.234,56 €", "1234.56", "EUR"),
        ("1.234.567", "1234567", ""),
        ("12,5", "12.5", ""),
        ("1,2345", "1.2345", ""),
        ("1,234", "1234", ""),
        ("1.234", "1.234", ""),
        ("1.005", "1.005", ""),
    ],
)
def test_an_amount_is_read_however_it_is_written(text: str, value: str, currency: str) -> None:
    assert money.amount(text) == Reading(Amount(Decimal(value).quantize(Decimal("0.01")), currency))


@pytest.mark.parametrize(
    "text",
    [
        "Exempt under Section 43",
        "#N/A",
        "TBC",
        "12%",
        "£12m-£15m",
        "approx 12m",
        "£",
        "12 m m",
        "£12 EUR",
        "(12",
        "07. Sep",
        "=SUM(A1:A3)",
        "x" * 61,
        "nil",
        "1,23.456",
    ],
)
def test_words_and_doubts_are_no_amount(text: str) -> None:
    reading = money.amount(text)

    assert reading.value is None
    assert reading.why.endswith(" is not an amount; left blank")


def test_blank_is_never_zero() -> None:
    for text in ("", "-", "n/a"):
        assert money.amount(text, unit=MILLIONS) == Reading()
    assert money.amount("0", unit=MILLIONS) == Reading(Amount(Decimal(0), "GBP"))


def test_the_unit_of_the_column_counts_where_the_cell_states_none() -> None:
    assert money.amount("£1,186.00", unit=MILLIONS).value == Amount(Decimal("1186000000.00"), "GBP")
    assert money.amount("1.2bn", unit=MILLIONS).value == Amount(Decimal("1200000000.00"), "GBP")
    assert money.amount("$5", unit=MILLIONS).value == Amount(Decimal("5000000.00"), "USD")


def test_more_than_any_project_costs_is_a_slip() -> None:
    assert money.amount("1000000000", unit=MILLIONS).why == '"1000000000" is larger than any project; left blank'
    assert money.amount("9E39").value is None


def test_a_column_with_decimal_commas_has_points_between_thousands() -> None:
    assert money.amount("1.234", decimal_comma=True).value == Amount(Decimal("1234.00"))
    assert money.amount("1,234", decimal_comma=True).value == Amount(Decimal("1.23"))
    assert money.amount("1,234.5", decimal_comma=True).value == Amount(Decimal("1234.50"))


@pytest.mark.parametrize(
    ("values", "comma"),
    [
        (["1.234", "12,5"], True),
        (["1.234,56"], True),
        (["1.234.567"], True),
        (["12,5", "12.5"], False),
        (["1,234"], False),
        (["1,234,567", "TBC"], False),
        ([], False),
    ],
)
def test_the_style_of_a_column_is_proved_by_its_numbers(values: list[str], comma: bool) -> None:
    assert money.has_decimal_comma(values) is comma


@pytest.mark.parametrize(
    ("label", "words", "factor", "currency"),
    [
        ("2015/16 Budget (£million)", "2015/16 budget", 10**6, "GBP"),
        ("Budget (£m)", "budget", 10**6, "GBP"),
        ("fy budget gbp m", "fy budget", 10**6, "GBP"),
        ("Budget £'000", "budget", 10**3, "GBP"),
        ("Budget £000s", "budget", 10**3, "GBP"),
        ("Cost in US$ bn", "cost in", 10**9, "USD"),
        ("Cost in thousands", "cost in", 10**3, ""),
        ("Cost (m)", "cost", 10**6, ""),
        ("Cost (EUR)", "cost", None, "EUR"),
        ("2016/17 TOTAL Baseline £m\n(including Non-Government costs)", "total baseline", 10**6, "GBP"),
    ],
)
def test_a_label_states_its_unit(label: str, words: str, factor: int | None, currency: str) -> None:
    rest, unit = money.unit_of(label)

    assert unit == Unit(Decimal(factor) if factor else None, currency)
    assert words in " ".join(rest.replace("(", " ").replace(")", " ").replace("'", " ").split())


@pytest.mark.parametrize("label", ["Type m", "K", "Scope", "try again", "bn"])
def test_a_letter_alone_is_no_unit(label: str) -> None:
    assert money.unit_of(label) == (label, money.NO_UNIT)


@pytest.mark.parametrize(("factor", "word"), [(10**3, "k"), (10**6, "m"), (10**9, "bn"), (None, ""), (2, "")])
def test_a_factor_has_a_short_word(factor: int | None, word: str) -> None:
    assert money.short(Decimal(factor) if factor else None) == word


def test_a_cell_may_state_its_own_unit() -> None:
    assert money.has_unit("£1.2bn")
    assert not money.has_unit("£1.20")


@pytest.mark.parametrize(("text", "code"), [("GBP", "GBP"), ("£", "GBP"), ("eur", "EUR")])
def test_a_currency_goes_by_code_or_symbol(text: str, code: str) -> None:
    assert money.currency(text) == Reading(code)


def test_another_word_is_no_currency() -> None:
    assert money.currency("pounds").why == '"pounds" is not a currency; left blank'
    assert money.currency("") == Reading()


@given(st.integers(-(10**14), 10**14))
def test_thousands_are_read_back(number: int) -> None:
    assert money.amount(f"£{number:,}" if number >= 0 else f"(£{-number:,})").value == Amount(Decimal(number), "GBP")


@given(st.text(alphabet="0123456789.,-()£$ mkbn%eE+'", max_size=30) | st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for comma in (True, False):
        value = money.amount(text, unit=MILLIONS, decimal_comma=comma).value
        assert value is None or abs(value.value) < LARGEST
    money.unit_of(text)
    money.has_unit(text)
    money.has_decimal_comma([text])
