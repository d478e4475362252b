"""Money as people type it and as it is shown."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200000", "1200000"),
        ("1,200,000.50", "1200000.50"),
        ("1 200 000", "1200000"),
        ("1\u00a0200", "1200"),
        ("1'200", "1200"),
        ("1’200", "1200"),
        ("1.2m", "1200000"),
        ("1.2 M", "1200000"),
        ("9k", "9000"),
        ("2mn", "2000000"),
        ("0.5bn", "500000000"),
        ("0", "0"),
        ("-41", "-41"),
        ("  12.345 ", "12.345"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_an_amount_as_typed(text: str, amount: str) -> None:
    assert money.parse(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "-", "abc", "£5", "5 EUR", "1,2", "1,20,000", "12,3456", "1.2.3", "1e5", "nan", "inf", "5x", "٣", ".5"]
)
def test_what_is_no_amount_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Refused, match=r"1200000, 1,200,000 or 1\.2m") as refused:
        money.parse(text, "eac")

    assert set(refused.value.fields) == {"eac"}


@pytest.mark.parametrize("text", ["1000000000000000", "1000000bn", "-1000000000000000", "9" * 4000])
def test_an_amount_beyond_all_budgets_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="too large") as refused:
        money.parse(text, "eac")

    assert set(refused.value.fields) == {"eac"}


@given(st.text(max_size=20) | st.text("0123456789,. kmb-", max_size=12))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(Refused):
        assert abs(money.parse(text)) < money.LARGEST


@given(st.decimals(-(10**14), 10**14, places=2))
def test_what_is_shown_in_full_is_read_again(amount: Decimal) -> None:
    assert money.parse(money.full(amount)) == amount


def test_a_currency_is_three_letters() -> None:
    assert money.currency(" eur ") == "EUR"
    for text in ("", "EURO", "€", "E1R", "ÄÖÜ"):
        with pytest.raises(Refused, match="three letters") as refused:
            money.currency(text, "currency")
        assert set(refused.value.fields) == {"currency"}


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1080000", "1.08m"),
        ("6200000", "6.20m"),
        ("1000000", "1m"),
        ("140000", "140k"),
        ("41000", "41k"),
        ("1499", "1.50k"),
        ("999", "999"),
        ("999.4", "999"),
        ("999.5", "1k"),
        ("12.5", "12.5"),
        ("0.126", "0.13"),
        ("0", "0"),
        ("-0.001", "0"),
        ("999950", "1m"),
        ("999499", "999k"),
        ("14235000", "14.2m"),
        ("999999999", "1bn"),
        ("27400000000", "27.4bn"),
        ("12345000000000", "12300bn"),
        ("-1080000", "-1.08m"),
    ],
)
def test_an_amount_in_short(amount: str, shown: str) -> None:
    assert money.short(Decimal(amount)) == shown
    assert money.short(Decimal(amount), "GBP") == f"GBP {shown}"


@given(st.decimals(1, 10**14, places=2))
def test_short_is_never_off_by_more_than_half_a_digit_in_the_third_place(amount: Decimal) -> None:
    short = money.short(amount)

    assert abs(money.parse(short) - amount) <= amount / 200


def test_an_amount_in_full() -> None:
    assert money.full(Decimal("1080000"), "GBP") == "GBP 1,080,000.00"
    assert money.full(Decimal("-0.005")) == "-0.01"
    assert money.full(Decimal("-0.004")) == "0.00"


def test_shares_and_changes() -> None:
    assert money.share(Decimal("0.176")) == "18%"
    assert money.share(Decimal("0.005")) == "1%"
    assert money.share(Decimal(1)) == "100%"
    assert money.share(Decimal("-0.001")) == "0%"
    assert money.change(Decimal("0.0613")) == "+6.1%"
    assert money.change(Decimal("-0.12345")) == "-12.3%"
    assert money.change(Decimal("-0.0001")) == "as planned"
    assert money.change(Decimal("-0.0005")) == "-0.1%"


def test_a_ratio_is_not_rounded_and_not_made_up() -> None:
    assert money.ratio(Decimal(2), Decimal(3)) == Decimal(2) / Decimal(3)
    assert money.ratio(Decimal(1), Decimal(0)) is None
