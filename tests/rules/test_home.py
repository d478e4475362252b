"""A Home is empty only when nothing in it concerns the person."""

from datetime import date

from bot.rules.home import Home, Office, RiskLine, Some
from bot.rules.terms import Severity

RISK = RiskLine(1, "APOLLO-R1", "Vendor slips", Severity.HIGH, 12, date(2026, 11, 21))


def test_a_home_is_empty_when_nothing_concerns_the_person() -> None:
    assert Home(ask=["UPIA"]).is_empty
    assert not Home(raised_risks=Some([RISK], 1)).is_empty
    assert not Home(office=Office({}, 0, 0, 0)).is_empty


def test_a_list_knows_what_is_left_out() -> None:
    assert Some([RISK], 4).left == 3
    assert Some([RISK], 4)
    assert not Some()
