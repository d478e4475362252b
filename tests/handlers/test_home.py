"""Home is everybody's own page, and leads to what can be done about it."""

from datetime import timedelta

from bot.rules.terms import Health
from bot.store import projects
from tests.office import Office


def home(office: Office, who: str) -> str:
    page = office.slack.as_(who).opens_home()
    assert page is not None
    return page.shown


def test_somebody_with_no_part_reads_what_this_is_and_whom_to_ask(office: Office) -> None:
    assert "No PMO is named yet" in home(office, "ben")
    home(office, "ana")
    shown = home(office, "hana")
    assert "You have no part in a project yet" in shown
    assert f"Your PMO: <@{office.id('ana')}>" in shown


def test_a_manager_sees_their_projects_and_a_sponsor_theirs(office: Office) -> None:
    office.has_project()
    assert "*APOLLO* Apollo · manager" in home(office, "eva")
    assert "*APOLLO* Apollo · sponsor" in home(office, "farah")
    assert "The office" not in home(office, "eva")


def test_the_pmo_sees_the_office(office: Office) -> None:
    office.has_project()
    with office.bot.db.transaction(office.row.id) as session:
        projects.get(session, "APOLLO").reported_health = Health.RED
    assert "*1 live project* · 🟥 R 1" in home(office, "ana")


def test_a_project_opens_from_home(office: Office) -> None:
    office.has_project()
    home(office, "eva")
    office.eva.presses(office.eva.home, "Open")
    assert office.eva.modal is not None
    assert "APOLLO · Apollo" in office.eva.modal.shown


def test_each_opening_shows_it_as_it_is_now(office: Office) -> None:
    assert "You have no part" in home(office, "eva")
    office.has_project()
    assert "You have no part" not in home(office, "eva")


def test_the_tab_of_messages_gets_no_home(office: Office) -> None:
    office.hana.goes_to("@pmo")
    assert office.hana.home is None


def test_a_guest_is_told_what_this_is_and_whom_to_ask(office: Office) -> None:
    office.has_project()
    shown = home(office, "guest")
    assert "Here the project management office keeps its projects" in shown
    assert f"Only full members of this workspace can do that. Ask <@{office.id('ana')}>." in shown
    assert "APOLLO" not in shown


def test_a_risk_is_raised_from_home_and_from_a_projects_card(office: Office) -> None:
    office.has_project()
    home(office, "hana")
    office.hana.presses(office.hana.home, "Raise a risk")
    assert office.hana.modal is not None
    office.hana.closes()
    card = office.hana.types("/pmo project APOLLO", "#general")
    office.hana.presses(card, "Raise a risk")
    assert office.hana.modal is not None
    assert "APOLLO Apollo" in office.hana.modal.shown


def test_a_manager_checks_in_and_escalates_from_the_card(office: Office) -> None:
    office.has_project()
    for label, title in (("Check in", "Check in"), ("Escalate", "Escalate")):
        card = office.eva.types("/pmo project APOLLO", "#general")
        office.eva.presses(card, label)
        assert office.eva.modal is not None
        assert office.eva.modal.shown.startswith(title)
        office.eva.closes()


def test_a_check_in_that_is_owed_is_given_from_home(office: Office) -> None:
    office.has_project()
    office.local.advance(timedelta(days=2))
    assert "Waiting for your answer" in home(office, "eva")
    office.eva.presses(office.eva.home, "Check in")
    assert office.eva.modal is not None
