"""Portfolios are named once, and their projects are listed page by page, worst first."""

from typing import Any

import pytest

from bot.errors import Refused
from bot.rules.portfolios import Wanted
from bot.rules.terms import Health, ProjectState
from bot.store import Database, audit, portfolios
from bot.store.tables import Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace

RED, GREEN = frozenset({Health.RED}), frozenset({Health.GREEN})


def keys(db: Database, workspace: Workspace, wanted: Wanted) -> list[str]:
    with db.reading(workspace.id) as session:
        return [line.key for line in portfolios.page(session, wanted).lines]


def test_a_portfolio_is_found_by_its_name_however_written_or_made(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    change = a_portfolio(db, workspace, "Change")
    with db.transaction(workspace.id) as session:
        assert portfolios.find_or_add(session, "CHANGE", by=ana.id, now=NOW).id == change.id
        run = portfolios.find_or_add(session, "Run", by=ana.id, now=NOW)
        assert [(entry.what, entry.person_id) for entry in audit.list_of(session, run)] == [("added", ana.id)]
        assert portfolios.names(session) == {"Change": change.id, "Run": run.id}
        assert portfolios.search(session, "HAN") == [(change.id, "Change")]
        assert portfolios.search(session, "%") == []


def test_a_form_names_a_portfolio_by_number_or_by_a_new_name(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    change = a_portfolio(db, workspace, "Change")
    with db.transaction(workspace.id) as session:

        def chosen(picked: str | None) -> str | None:
            portfolio = portfolios.chosen(session, picked, by=ana.id, now=NOW)
            return portfolio.name if portfolio else None

        assert chosen(None) is None
        assert chosen(str(change.id)) == "Change"
        assert chosen("new:Run") == "Run"
        for picked in (str(change.id + 100), "junk"):
            with pytest.raises(Refused) as refused:
                chosen(picked)
            assert "portfolio" in refused.value.fields


def test_projects_are_listed_worst_first_and_what_is_over_is_left_out(db: Database) -> None:
    workspace = a_workspace(db)
    change = a_portfolio(db, workspace)

    def given(key: str, health: Health, **values: Any) -> None:
        a_project(db, workspace, key, reported_health=health, **values)

    given("GEMINI", Health.GREEN)
    given("APOLLO", Health.RED, portfolio_id=change.id)
    given("ZEUS", Health.RED)
    given("HALTED", Health.RED, state=ProjectState.ON_HOLD, portfolio_id=change.id)
    given("DONE", Health.RED, state=ProjectState.CLOSED)
    given("NEW", Health.NOT_SET, state=ProjectState.PROPOSED)

    assert keys(db, workspace, Wanted()) == ["APOLLO", "ZEUS", "GEMINI", "HALTED", "NEW"]
    assert keys(db, workspace, Wanted(RED)) == ["APOLLO", "ZEUS"]
    assert keys(db, workspace, Wanted(RED, change.id)) == ["APOLLO"]
    assert keys(db, workspace, Wanted(GREEN, change.id)) == []
    with db.reading(workspace.id) as session:
        page = portfolios.page(session, Wanted(RED, change.id))
    assert (page.portfolio, page.total, page.counts) == ("Change", 1, {Health.RED: 1, Health.NOT_SET: 1})


def test_a_list_is_paged_and_a_page_too_far_is_the_last_one(db: Database) -> None:
    workspace = a_workspace(db)
    for number in range(12):
        a_project(db, workspace, f"P{number:02}", reported_health=Health.GREEN)

    assert keys(db, workspace, Wanted()) == [f"P{number:02}" for number in range(10)]
    assert keys(db, workspace, Wanted(page=1)) == ["P10", "P11"]
    assert keys(db, workspace, Wanted(page=99)) == ["P10", "P11"]
    assert keys(db, workspace, Wanted(RED, page=3)) == []
