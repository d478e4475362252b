"""A list of projects is asked for in words or by buttons, and a line says what moved."""

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import Refused
from bot.rules import portfolios
from bot.rules.health import Change
from bot.rules.portfolios import Line, Page, Wanted
from bot.rules.terms import Health, ProjectState

NAMES = {"Change": 1, "Plan A": 2, "Run, East": 3, "Run, West": 4}
RED, AMBER = frozenset({Health.RED}), frozenset({Health.AMBER})

PAYROLL = Line(
    id=7,
    key="PAYROLL",
    name="Payroll renewal",
    state=ProjectState.EXECUTING,
    reported=Health.RED,
    previous=Health.AMBER,
    computed=Health.RED,
    runs=1,
    finish_baseline=date(2027, 2, 12),
    finish_forecast=date(2027, 3, 15),
    currency="GBP",
    budget=None,
    eac=None,
    reported_at=None,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wanted()),
        ("red", Wanted(RED)),
        ("A,R", Wanted(RED | AMBER)),
        ("ar ag", Wanted(frozenset({Health.AMBER_RED, Health.AMBER_GREEN}))),
        ("none", Wanted(frozenset({Health.NOT_SET}))),
        ("change", Wanted(portfolio=1)),
        ("Change A,R", Wanted(RED | AMBER, 1)),
        ("Plan A", Wanted(portfolio=2)),
        ("plan A A", Wanted(AMBER, 2)),
        ("cha red", Wanted(RED, 1)),
        ("run, w", Wanted(portfolio=4)),
        ("Run East", Wanted(portfolio=3)),
    ],
)
def test_projects_are_asked_for_in_words(text: str, wanted: Wanted) -> None:
    assert portfolios.read(text, NAMES) == wanted


@pytest.mark.parametrize("text", ["run", "blue", "Change blue", "red Change"])
def test_what_is_no_one_portfolio_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no portfolio of that name"):
        portfolios.read(text, NAMES)


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(RED | AMBER, 3, 2), Wanted(page=11)])
def test_a_button_carries_what_is_wanted(wanted: Wanted) -> None:
    assert portfolios.unpack(wanted.packed()) == wanted


@pytest.mark.parametrize("text", ["", "R", "Q;;0", "R;;", "R;x;0", ";;0;", "R;;-1"])
def test_a_button_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="too old"):
        portfolios.unpack(text)


def test_pages_are_turned() -> None:
    assert Wanted(RED, 3, 2).turned(-1) == Wanted(RED, 3, 1)
    page = Page(Wanted(page=1), None, [PAYROLL], {Health.RED: 11}, total=21)
    assert (page.first, page.has_next) == (11, True)
    assert not replace(page, total=20).has_next
    assert not replace(page, wanted=Wanted(page=2)).has_next


def test_a_line_says_what_moved() -> None:
    assert (PAYROLL.health, PAYROLL.change, PAYROLL.slip) == (Health.RED, Change.WORSE, 21)
    assert replace(PAYROLL, finish_baseline=None).slip is None
    assert replace(PAYROLL, finish_forecast=None).slip is None
    assert replace(PAYROLL, state=ProjectState.ON_HOLD).health is Health.NOT_SET


@pytest.mark.parametrize(("picked", "name"), [("12", None), ("new:  Big\tbets ", "Big bets")])
def test_a_new_portfolio_is_named(picked: str, name: str | None) -> None:
    assert portfolios.new_name(picked) == name


@pytest.mark.parametrize("picked", ["new:", "new: ", "new:" + "x" * 71])
def test_a_new_portfolio_needs_a_name_of_some_length(picked: str) -> None:
    with pytest.raises(Refused) as refused:
        portfolios.new_name(picked)
    assert "portfolio" in refused.value.fields
