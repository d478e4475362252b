"""A line says what moved in a project; the list says how many there are of each, and how to see others."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.playground import lint
from bot.rules.portfolios import Line, Page, Wanted, unpack
from bot.rules.terms import Health, ProjectState
from bot.views import portfolios
from tests.factories import NOW

PAYROLL = Line(
    id=7,
    key="PAYROLL",
    name="Payroll R&D",
    state=ProjectState.EXECUTING,
    reported=Health.RED,
    previous=Health.AMBER,
    computed=Health.RED,
    runs=1,
    finish_baseline=date(2027, 2, 12),
    finish_forecast=date(2027, 3, 15),
    currency="GBP",
    budget=Decimal(1_000_000),
    eac=Decimal(1_080_000),
    reported_at=NOW - timedelta(days=3),
)


def a_line(**values: Any) -> str:
    return portfolios.line(replace(PAYROLL, **values), now=NOW, zone="Europe/London")


def a_page(wanted: Wanted = Wanted(), *, lines: int = 1, total: int = 1, portfolio: str | None = None) -> Page:  # noqa: B008
    return Page(wanted, portfolio, [PAYROLL] * lines, {Health.RED: 2, Health.GREEN: 1}, total)


def shown(page: Page, *, may_add: bool = False) -> list[dict[str, Any]]:
    return portfolios.message(page, now=NOW, zone="Europe/London", may_add=may_add).blocks


def test_a_line_says_letter_movement_and_figures() -> None:
    assert a_line() == (
        "🟥 [R] worse *PAYROLL* Payroll R&amp;D · red 1 run · fcst Mon 15 Mar 2027 (+21 wd) · EAC 1.08m/1m GBP · upd 3d"
    )


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"previous": Health.RED}, "[R] *PAYROLL*"),
        ({"reported": Health.GREEN}, "[G] better *PAYROLL*"),
        ({"reported": Health.GREEN, "runs": 2}, "· green 2 runs, by its signals red ·"),
        ({"finish_baseline": None}, "· fcst Mon 15 Mar 2027 ·"),
        ({"eac": None}, "· EAC –/1m GBP ·"),
        ({"state": ProjectState.ON_HOLD}, "⚪ [X] worse *PAYROLL* Payroll R&amp;D · on hold ·"),
    ],
)
def test_a_line_shows_what_is_known(values: dict[str, Any], part: str) -> None:
    assert part in a_line(**values)


def test_a_line_of_a_project_nobody_reported_on() -> None:
    silent = {"reported": Health.NOT_SET, "previous": Health.NOT_SET, "reported_at": None, "finish_forecast": None}
    assert "· no report yet, by its signals red ·" in a_line(**silent)
    assert (
        a_line(**silent, computed=Health.NOT_SET, budget=None, eac=None)
        == "⚪ [X] *PAYROLL* Payroll R&amp;D · no report yet"
    )


def test_days_are_counted_as_the_reader_counts_them() -> None:
    late = replace(PAYROLL, reported_at=NOW - timedelta(hours=14))
    assert portfolios.line(late, now=NOW, zone="Europe/London").endswith("upd 0d")
    assert portfolios.line(late, now=NOW, zone="America/New_York").endswith("upd 1d")


def test_the_list_counts_each_health_at_the_top() -> None:
    message = portfolios.message(a_page(portfolio="Change"), now=NOW, zone="Europe/London", may_add=False)
    assert message.text == "Portfolio Change. *3 projects* · 🟥 R 2 · 🟢 G 1"
    assert message.blocks[0]["text"]["text"] == "Portfolio Change"
    assert message.blocks[2]["accessory"]["value"] == "7"


def test_the_menus_carry_all_that_is_wanted() -> None:
    wanted = Wanted(frozenset({Health.RED}), 3, 1)
    [health, portfolio, *_] = shown(a_page(wanted, total=11, portfolio="Change"))[-2]["elements"]
    assert health["initial_option"]["text"]["text"] == "[R] Off track"
    values = [unpack(option["value"]) for option in health["options"]]
    assert values[0] == Wanted(portfolio=3)
    assert all(each.portfolio == 3 and each.page == 0 for each in values)
    assert unpack(portfolio["action_id"].removeprefix("portfolio.of:")) == replace(wanted, page=0)
    assert [option.value for option in portfolios.choices([(4, "Run")], wanted)] == ["R;;0", "R;4;0"]


@pytest.mark.parametrize(
    ("page", "total", "labels"), [(0, 10, []), (0, 11, ["Next"]), (1, 21, ["Previous", "Next"]), (2, 21, ["Previous"])]
)
def test_pages_are_turned_where_there_are_any(page: int, total: int, labels: list[str]) -> None:
    blocks = shown(a_page(Wanted(page=page), total=total))
    [controls] = [block for block in blocks if block["type"] == "actions"]
    buttons = [element for element in controls["elements"] if element["type"] == "button"]
    assert [button["text"]["text"] for button in buttons] == labels
    turned = {"Previous": page - 1, "Next": page + 1}
    assert [unpack(button["value"]).page for button in buttons] == [turned[label] for label in labels]


@pytest.mark.parametrize(
    ("wanted", "may_add", "said"),
    [
        (Wanted(), True, "`/pmo project add` sets the first one up"),
        (Wanted(), False, "Your PMO sets them up"),
        (Wanted(portfolio=3), True, "Choose *Any health* or *All portfolios*"),
    ],
)
def test_an_empty_list_says_what_to_do(wanted: Wanted, may_add: bool, said: str) -> None:
    assert said in shown(a_page(wanted, lines=0, total=0), may_add=may_add)[2]["text"]["text"]


def test_a_strict_slack_takes_a_full_list_in_a_message_and_in_a_window() -> None:
    long = replace(PAYROLL, name="👨‍👩‍👧‍👦" * 36)
    page = Page(Wanted(page=1), "<!channel>" * 7, [long] * 10, dict.fromkeys(Health, 1000), 99)
    message = portfolios.message(page, now=NOW, zone="Europe/London", may_add=True)
    assert lint.message(message.blocks) is None
    assert "<!channel>" not in message.text
    assert lint.view(portfolios.window(page, now=NOW, zone="Europe/London", may_add=True)) is None
