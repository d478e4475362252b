"""Projects are added and edited by form: nothing typed is lost, and everybody concerned is told once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.rules.terms import ProjectState
from bot.store import inside, projects
from bot.store.tables import AuditEntry, Portfolio, Project
from tests.office import Office

BENS_MORNING = datetime(2026, 11, 19, 15, tzinfo=UTC)
"""Ben is in New York, where nobody is written to at night."""


def opens_add(office: Office, name: str = "") -> None:
    office.ana.types(f"/pmo project add {name}", "#general")


def typed(office: Office, field: str) -> Any:
    """What stands in a text field of the form in front of Ana."""
    form = office.ana.modal
    assert form is not None
    [states] = [held for block_id, held in form.values.items() if block_id.partition(":")[0] == field]
    [state] = states.values()
    return state.get("value")


def the_project(office: Office, key: str = "APOLLO") -> Project:
    with office.bot.db.reading(office.row.id) as session:
        return projects.get(session, key)


def test_the_name_suggests_a_key_that_is_free(office: Office) -> None:
    opens_add(office)
    office.ana.fills(name="Apollo data platform", manager="@eva")
    assert typed(office, "key") == "APOLLO"
    assert typed(office, "name") == "Apollo data platform"
    assert office.ana.submits() == {}
    opens_add(office, "Apollo data platform")
    assert typed(office, "key") == "ADP"
    office.ana.fills(name="Apollo")
    assert typed(office, "key") == "APOLLO2"
    office.ana.fills(name=None)
    assert typed(office, "key") is None


def test_a_key_of_ones_own_is_left_alone(office: Office) -> None:
    opens_add(office)
    office.ana.fills(key="MOON")
    office.ana.fills(name="Apollo", manager="@eva")
    assert typed(office, "key") == "MOON"
    office.ana.submits()
    assert the_project(office, "MOON").name == "Apollo"


def test_what_was_chosen_stays_while_the_name_is_typed(office: Office) -> None:
    opens_add(office)
    office.ana.fills(portfolio="Change", manager="@eva", cadence="Every Monday")
    office.ana.fills(name="Apollo")
    assert office.ana.submits() == {}
    office.ana.types("/pmo project add", "#general")
    office.ana.fills(portfolio="Change", name="Gemini", manager="@eva")
    office.ana.submits()
    with office.bot.db.reading(office.row.id) as session:
        [portfolio] = session.exec(select(Portfolio)).all()
    assert portfolio.name == "Change"
    assert the_project(office).portfolio_id == the_project(office, "GEMINI").portfolio_id == portfolio.id


def test_a_name_typed_after_the_form_was_closed_harms_nobody(office: Office) -> None:
    opens_add(office)
    office.slack.misbehave("views.update", "not_found")
    office.ana.fills(name="Apollo")
    assert office.ana.warning == ""


def test_faults_are_marked_at_their_fields_and_nothing_is_lost(office: Office) -> None:
    opens_add(office)
    office.ana.fills(name="Apollo", key="A-1", manager="@guest", budget="lots", start="2027-02-01", finish="2027-01-01")
    errors = office.ana.submits()
    assert set(errors) == {"key:APOLLO", "budget", "finish"}
    assert typed(office, "budget") == "lots"
    office.ana.fills(key="APOLLO", budget="1.2m", finish="2027-03-01")
    assert "Guests cannot act here" in office.ana.submits()["manager"]
    office.ana.fills(manager="@eva")
    assert office.ana.submits() == {}
    assert the_project(office).finish_baseline is not None


def test_a_new_project_tells_everybody_concerned_once(office: Office) -> None:
    office.has_project("APOLLO", deputy="@ben")
    [manager] = office.eva.reads()
    assert "You manage *APOLLO*" in manager.shown
    assert "your first check-in is due" in manager.shown.lower()
    office.local.move_to(BENS_MORNING)
    [sponsor], [deputy] = office.farah.reads(), office.ben.reads()
    assert "You sponsor *APOLLO*" in sponsor.shown
    assert "You are the deputy" in deputy.shown
    [welcome] = office.hana.reads("#apollo")
    assert "every Friday at 15:00 (Europe/Stockholm)" in welcome.shown
    assert office.ana.reads() == []


def test_whoever_adds_a_project_reads_what_happens_next(office: Office) -> None:
    opens_add(office)
    office.ana.fills(name="Apollo", manager="@eva", channel="#apollo")
    office.ana.submits()
    assert office.ana.modal is not None
    assert "The first check-in is asked for" in office.ana.modal.shown


def test_who_adds_a_project_of_their_own_is_not_told_of_it(office: Office) -> None:
    office.has_project("APOLLO", manager="@ana", sponsor=None)
    assert office.ana.reads() == []


def test_somebody_slack_does_not_show_is_refused_at_the_field(office: Office) -> None:
    opens_add(office)
    office.ana.fills(name="Apollo", manager="@hana")
    office.slack.misbehave("users.info", "user_not_found")
    assert "Slack shows nobody like that" in office.ana.submits()["manager"]


@pytest.mark.parametrize("how", ["500", "internal_error", "reset_before"])
def test_somebody_slack_cannot_be_asked_about_now_is_taken_as_they_are(office: Office, how: str) -> None:
    opens_add(office)
    office.ana.fills(name="Apollo", manager="@hana")
    office.slack.misbehave("users.info", how)
    assert office.ana.submits() == {}
    office.settle()
    office.local.advance(timedelta(minutes=1))
    assert "every Friday at 15:00 (Europe/Stockholm)" in _card(office)


def _card(office: Office) -> str:
    card = office.hana.types("/pmo project APOLLO", "#general")
    assert card is not None
    return card.shown


@pytest.mark.parametrize(
    ("changes", "said"), [({"deleted": True}, "not active any more"), ({"is_bot": True}, "This is an app"), ({}, "")]
)
def test_only_people_who_are_here_can_manage(office: Office, changes: dict[str, Any], said: str) -> None:
    opens_add(office)
    office.ana.fills(name="Apollo", manager="@hana")
    with office.slack.world.lock:
        vars(office.workspace.people[office.id("hana")]).update(changes)
    assert said in office.ana.submits().get("manager", "")


def opens_edit(office: Office, who: str = "ana") -> None:
    office.slack.as_(who).types("/pmo project APOLLO edit", "#general")


def test_an_edit_changes_what_it_says_and_its_card_in_place(office: Office) -> None:
    office.has_project()
    opens_edit(office)
    office.ana.fills(name="Apollo 2", sponsor="@ben", cadence="Every Monday", cadence_time="09:00")
    assert office.ana.submits() == {}
    assert office.ana.modal is not None
    assert f"sponsor: <@{office.id('farah')}> → <@{office.id('ben')}>" in office.ana.modal.shown
    office.settle()
    [welcome] = office.hana.reads("#apollo")
    assert "every Monday at 09:00 (Europe/Stockholm)" in welcome.shown
    office.local.move_to(BENS_MORNING)
    assert ["You sponsor *APOLLO*" in message.shown for message in office.ben.reads()] == [True]
    assert len(office.eva.reads()) == 1
    with office.bot.db.across_workspaces() as session, inside(session, office.row.id):
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        assert [entry.what for entry in entries][-3:] == ["edited", "made sponsor", "no longer sponsor"]


def test_a_project_that_moves_takes_its_card_along(office: Office) -> None:
    office.has_project()
    opens_edit(office)
    office.ana.fills(channel="#gemini")
    office.ana.submits()
    office.settle()
    assert office.hana.reads("#apollo") == []
    assert len(office.hana.reads("#gemini")) == 1
    opens_edit(office)
    office.ana.fills(channel=None)
    office.ana.submits()
    office.settle()
    assert office.hana.reads("#gemini") == []


def test_a_project_on_hold_is_asked_nothing_until_it_resumes(office: Office) -> None:
    office.has_project()
    opens_edit(office)
    office.ana.fills(state="On hold")
    office.ana.submits()
    office.local.advance(timedelta(days=8))
    assert len(office.eva.reads()) == 1
    opens_edit(office)
    office.ana.fills(state="Executing")
    office.ana.submits()
    assert the_project(office).state is ProjectState.EXECUTING
    office.local.advance(timedelta(days=7))
    assert len(office.eva.reads()) == 2


def test_of_two_who_edit_at_once_the_second_sees_what_the_first_did(office: Office) -> None:
    office.has_project()
    opens_edit(office)
    opens_edit(office, "eva")
    office.eva.fills(name="Apollo by Eva", sponsor="@ben")
    assert office.eva.submits() == {}
    office.ana.fills(name="Apollo by Ana", portfolio="Change")
    assert office.ana.submits() == {}
    assert office.ana.modal is not None
    assert "*eva* changed meanwhile:" in office.ana.modal.shown
    assert f"sponsor: <@{office.id('farah')}> → <@{office.id('ben')}>" in office.ana.modal.shown
    assert typed(office, "name") == "Apollo by Ana"
    assert the_project(office).name == "Apollo by Eva"
    office.ana.submits()
    found = the_project(office)
    assert (found.name, found.portfolio_id is None) == ("Apollo by Ana", False)


def test_only_the_pmo_sets_a_baseline_anew_or_makes_a_portfolio(office: Office) -> None:
    office.has_project(finish="2027-06-30")
    opens_edit(office, "eva")
    assert office.eva.suggestions("portfolio", "Change") == []
    office.eva.fills(finish="2027-07-31", budget="5000")
    assert "Only the PMO" in office.eva.submits()["finish"]
    office.eva.fills(finish="2027-06-30")
    assert office.eva.submits() == {}
    opens_edit(office)
    office.ana.fills(finish="2027-07-31")
    assert office.ana.submits() == {}
    assert str(the_project(office).finish_baseline) == "2027-07-31"


def test_a_new_portfolio_that_a_manager_slips_in_is_refused(office: Office) -> None:
    office.has_project()
    opens_edit(office, "eva")
    form = office.eva.modal
    assert form is not None
    with office.slack.world.lock:
        option = {"text": {"type": "plain_text", "text": "Mine"}, "value": "new:Mine"}
        form.values["portfolio"]["project.portfolio"]["selected_option"] = option
    assert "made by the PMO" in office.eva.submits()["portfolio"]


def test_portfolios_are_suggested_and_one_that_is_not_there_can_be_made(office: Office) -> None:
    office.has_project(portfolio="Change")
    opens_add(office)
    assert office.ana.suggestions("portfolio", "cha") == ["Change", "New portfolio: cha"]
    assert office.ana.suggestions("portfolio", "change") == ["Change"]
    assert office.ana.suggestions("portfolio", "") == ["Change"]
    assert office.ana.suggestions("portfolio", "x" * 71) == []


def test_only_the_pmo_adds_projects(office: Office) -> None:
    refused = office.eva.types("/pmo project add", "#general")
    assert refused is not None
    assert "Only the PMO" in refused.shown
    assert office.eva.modal is None


def test_who_lost_the_right_meanwhile_cannot_save(office: Office) -> None:
    office.has_project()
    opens_edit(office, "eva")
    opens_edit(office)
    office.ana.fills(manager="@ben")
    office.ana.submits()
    office.eva.fills(name="Mine")
    assert "Only" in str(office.eva.submits())
    assert the_project(office).name == "Apollo"
