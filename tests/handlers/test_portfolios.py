"""The list of projects is narrowed by words and by menus, and paged in its place."""

from typing import Any

import pytest

from bot.rules.terms import Health
from bot.store import projects
from tests.factories import a_portfolio, a_project
from tests.office import Office


@pytest.fixture
def full(office: Office) -> Office:
    """An office with twelve green projects, and a red one of the portfolio Change."""
    change = a_portfolio(office.bot.db, office.row)

    def given(key: str, health: Health, **more: Any) -> None:
        a_project(office.bot.db, office.row, key, reported_health=health, **more)

    for number in range(12):
        given(f"P{number:02}", Health.GREEN)
    given("RED", Health.RED, portfolio_id=change.id)
    return office


def listed(office: Office, words: str = "") -> Any:
    message = office.hana.types(f"/pmo portfolio {words}", "#general")
    assert message is not None
    return message


def number_of(office: Office, key: str) -> int:
    with office.bot.db.reading(office.row.id) as session:
        return projects.get(session, key).id


def seen(office: Office) -> str:
    return office.hana.reads("#general")[-1].shown


def test_the_worst_come_first_with_counts_at_the_top(full: Office) -> None:
    message = listed(full)
    assert message.ephemeral_to == full.id("hana")
    assert "*13 projects* · 🟥 R 1 · 🟢 G 12" in message.shown
    assert message.shown.index("*RED*") < message.shown.index("*P00*")


@pytest.mark.parametrize("words", ["red", "Change", "cha R"])
def test_words_narrow_the_list(full: Office, words: str) -> None:
    message = listed(full, words)
    assert "*RED*" in message.shown
    assert "*P00*" not in message.shown


def test_a_portfolio_that_is_not_there_is_told(full: Office) -> None:
    assert "no portfolio of that name" in listed(full, "nonsense").shown


def test_pages_are_turned_in_place(full: Office) -> None:
    full.hana.presses(listed(full), "Next")
    assert "11 to 13 of 13" in seen(full)
    full.hana.presses(full.hana.reads("#general")[-1], "Previous")
    assert "1 to 10 of 13" in seen(full)
    assert len(full.hana.reads("#general")) == 1


def test_menus_narrow_the_list_in_place(full: Office) -> None:
    full.hana.selects(listed(full), "Health", "[G] On track")
    assert "*RED*" not in seen(full)
    full.hana.selects(full.hana.reads("#general")[-1], "Portfolio", "Change")
    assert "No project is like that now" in seen(full)
    full.hana.selects(full.hana.reads("#general")[-1], "Health", "Any health")
    assert "*RED*" in seen(full)
    assert "Portfolio Change" in seen(full)
    full.hana.selects(full.hana.reads("#general")[-1], "Portfolio", "All portfolios")
    assert "*13 projects*" in seen(full)
    assert len(full.hana.reads("#general")) == 1


def test_a_list_whose_answer_slack_does_not_take_comes_anew(full: Office) -> None:
    message = listed(full)
    full.slack.misbehave("response_url", "500", times=2)
    full.hana.presses(message, "Next")
    assert "11 to 13 of 13" in seen(full)


def test_from_home_it_opens_over_slack_and_is_paged_there(full: Office) -> None:
    full.hana.opens_home()
    full.hana.presses(full.hana.home, "See the portfolio")
    assert full.hana.modal is not None
    assert "*RED*" in full.hana.modal.shown
    full.hana.presses(None, "Next")
    assert "11 to 13 of 13" in full.hana.modal.shown
    full.hana.presses(None, "Open", value=str(number_of(full, "P10")))
    assert "P10 · P10" in full.hana.modal.shown


def test_an_empty_list_tells_the_pmo_how_to_begin(office: Office) -> None:
    message = office.ana.types("/pmo portfolio", "#general")
    assert message is not None
    assert "`/pmo project add` sets the first one up" in message.shown
    assert "Your PMO sets them up" in listed(office).shown
