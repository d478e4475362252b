"""Setting up in a day: from a fresh workspace to the first digest, and services switched off one after another."""

from collections.abc import Callable, Iterator

import pytest

from bot.playground.hands import Hands
from tests.journeys.chat import about, answers, at, buttons, form, home, newest
from tests.journeys.conftest import MONDAY, TWO_WAYS
from tests.office import Office, an_office

REGISTER = """Project,Key,Portfolio,Manager,Sponsor,Budget (£),Finish
Apollo lander,APOLLO,Change,Eva Lindqvist,Farah Haddad,1200000,2027-03-01
Gemini gateway,GEMINI,Change,Ben Carter,Farah Haddad,much,2027-05-01
Hermes,HERMES,Run,Eva Lindqvist,Farah Haddad,90000,2027-06-01
"""


@pytest.fixture(params=TWO_WAYS, ids="-".join)
def fresh(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Office]:
    """A workspace into which PMO Bot has just come; Ana is named in PMO_ADMINS."""
    wire, engine = request.param
    with an_office(new_database(engine), wire, at=MONDAY, admins=("ana",)) as opened:
        yield opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """These journeys begin in an office of their own."""


def test_from_nothing_to_the_first_digest(fresh: Office) -> None:
    the_installer_is_told_how_to_begin(fresh)
    preparation_settles_scope_and_services(fresh)
    design_settles_roles_and_ways_of_working(fresh)
    deployment_brings_the_projects_in(fresh)
    only_pilots_are_asked_until_everybody_is(fresh)
    going_live_asks_nobody_late(fresh)
    the_first_digest_goes_out(fresh)


def test_services_switched_off_one_after_another(fresh: Office) -> None:
    preparation_settles_scope_and_services(fresh)
    fresh.has_project()
    live(fresh)
    everything_is_there(fresh)
    digests_go(fresh)
    escalations_go(fresh)
    risks_go(fresh)
    the_last_cannot_go_and_all_come_back(fresh)


def takes(ana: Hands, step: str, **values: object) -> str:
    """Open a step of the checklist, fill its form in and send it; what the checklist says then."""
    if ana.modal is None:
        ana.types("/pmo setup", "#general")
    ana.presses(None, "setup.step", value=step)
    ana.fills(values)
    errors = ana.submits()
    assert errors == {}, errors
    return form(ana).shown


def switches(office: Office, *on: str) -> None:
    """Ana leaves these services on and no others."""
    if office.ana.modal is not None:
        office.ana.closes()
    takes(office.ana, "services", services=list(on))
    office.ana.closes()
    office.settle()


def live(office: Office) -> None:
    """Ana goes live."""
    takes(office.ana, "go_live")
    office.ana.closes()


def the_installer_is_told_how_to_begin(office: Office) -> None:
    """One message, once, with the button; nobody else hears anything."""
    [hello] = office.ana.reads()
    assert buttons(hello) == ["Set up"]
    assert "Begin with" in hello.text
    assert office.eva.reads() == []
    assert "*New here?* `/pmo setup`" in answers(office.ana, "/pmo help")
    assert "/pmo setup" not in answers(office.eva, "/pmo help")

    office.ana.presses(hello, "Set up")
    assert "➡️ *Scope and sponsor* · next" in form(office.ana).shown
    assert "⬜ *Go live* · not yet" in form(office.ana).shown


def preparation_settles_scope_and_services(office: Office) -> None:
    """The scope has a sponsor; nothing is off."""
    ana = office.ana
    if ana.modal is None:
        ana.types("/pmo setup", "#general")
    ana.presses(None, "Begin")
    assert set(ana.submits()) == {"scope"}
    said = takes_again(ana, scope="All change projects of Northwind", sponsor="@farah")
    assert "• Scope: none → All change projects of Northwind" in said
    assert f"done by <@{office.id('ana')}>" in said
    said = takes(ana, "services", services=["Check-ins", "RAID", "Escalations", "Digests"])
    assert "Nothing was changed." in said
    assert "2 · Design" in said
    ana.closes()


def takes_again(ana: Hands, **values: object) -> str:
    """Fill the form that is open in and send it."""
    ana.fills(values)
    assert ana.submits() == {}
    return form(ana).shown


def design_settles_roles_and_ways_of_working(office: Office) -> None:
    """Roles are told, thresholds and holidays kept, and one of them undone."""
    ana, farah = office.ana, office.farah
    said = takes(ana, "roles", pmo=["@ana"], executive=["@farah"])
    office.settle()
    assert f"• executive: <@{office.id('farah')}>" in said
    assert "executive" in newest(farah).shown

    said = takes(ana, "defaults", cadence="Every Friday", time="14:00", zone="Europe/Stockholm", currency="gbp")
    assert "• Zone: Europe/London → Europe/Stockholm" in said
    ana.presses(None, "Undo")
    assert "• Zone: Europe/Stockholm → Europe/London" in form(ana).shown

    ana.presses(None, "setup.step", value="calendar")
    ana.fills(closed="someday")
    assert set(ana.submits()) == {"closed"}
    said = takes_again(ana, country="United Kingdom", closed="24 dec 2026 to 31 dec 2026")
    assert "• Public holidays: none → United Kingdom" in said

    ana.presses(None, "Skip")
    assert "➖ *Thresholds* · skipped by" in form(ana).shown
    said = takes(ana, "tolerances", plus_working_days="5", acknowledge_working_days="1")
    assert "✅ *Thresholds*" in said
    ana.closes()
    settings = answers(ana, "/pmo settings")
    assert "Red when later than: 5 working days" in settings
    assert "Red when over budget by more than: 10 % _(default)_" in settings


def deployment_brings_the_projects_in(office: Office) -> None:
    """A register is read, shown with what it refuses, and goes in when Ana says so."""
    ana = office.ana
    said = takes(ana, "register", file=[("projects.csv", REGISTER.encode())])
    assert "*I am reading projects.csv.*" in said
    ana.closes()
    office.settle()
    preview = about(ana, "projects.csv: what would change")
    assert "3 projects added, 0 changed, 0 as before" in preview.shown
    assert "Refused: 1 cell or row" in preview.shown
    assert "Budget (£)" in ana.reads(thread=preview)[-1].shown
    assert "APOLLO" not in answers(ana, "/pmo portfolio")

    ana.presses(preview, "Import")
    office.settle()
    assert "projects.csv is imported" in about(ana, "is imported").shown
    assert "*APOLLO* Apollo lander" in answers(ana, "/pmo portfolio")

    said = takes(ana, "pilots", pilots=["APOLLO"])
    assert "*Saved.* Pilots: APOLLO. They are asked from now on." in said
    ana.closes()


def only_pilots_are_asked_until_everybody_is(office: Office) -> None:
    """Friday: Eva is asked for APOLLO, nobody for GEMINI; Ben's card says why."""
    assert "none before the workspace goes live" in answers(office.ben, "/pmo project GEMINI")
    office.local.move_to(at(20, 20))
    assert "How is APOLLO?" in newest(office.eva).shown
    assert not any("How is HERMES?" in message.shown for message in office.eva.reads())
    assert not any("How is GEMINI?" in message.shown for message in office.ben.reads())


def going_live_asks_nobody_late(office: Office) -> None:
    """Monday: live; nobody is asked about the Friday before, everybody on the next."""
    ana = office.ana
    office.local.move_to(at(23, 10))
    ana.types("/pmo setup", "#general")
    ana.presses(None, "setup.step", value="go_live")
    assert "3 live projects" in form(ana).shown
    assert ana.submits() == {}
    assert "*You are live.*" in form(ana).shown
    ana.closes()
    office.settle()
    assert not any("How is GEMINI?" in message.shown for message in office.ben.reads())
    office.local.move_to(at(27, 20))
    assert "How is GEMINI?" in newest(office.ben).shown


def the_first_digest_goes_out(office: Office) -> None:
    """What it says is seen first; then it has a channel, and the checklist knows."""
    ana = office.ana
    ana.types("/pmo setup", "#general")
    ana.presses(None, "setup.step", value="digest")
    assert "*This is what the digest says now*" in form(ana).shown
    assert ana.submits() == {}
    ana.fills(channel="#board")
    assert ana.submits() == {}
    ana.closes()
    assert "✅ *First digest*" in form(ana).shown
    said = takes(ana, "review", note="Keep the Friday rhythm.")
    assert "*Reviewed.* In the last 28 days: " in said
    ana.closes()
    office.local.move_to(at(30, 10))
    assert "PMO digest" in newest(office.farah, "#board").shown


def everything_is_there(office: Office) -> None:
    """What help and Home show while all is on."""
    office.ana.types("/pmo digest add", "#general")
    office.ana.fills(channel="#board")
    assert office.ana.submits() == {}
    office.ana.closes()
    office.eva.types("/risk APOLLO Vendor may slip p4 i5 due fri @eva", "#general")
    office.settle()
    for words in ("/checkin", "/risk", "/escalate", "/pmo digest"):
        assert f"`{words}" in answers(office.ana, "/pmo help"), words
    assert "Your risks that are due" in home(office.eva)


def digests_go(office: Office) -> None:
    """No digest is published, none is in help, and who asks is told who can switch them on."""
    switches(office, "Check-ins", "RAID", "Escalations")
    assert "digest" not in answers(office.ana, "/pmo help")
    assert "Digests are switched off in this workspace. You can" in answers(office.ana, "/pmo digest")
    said = answers(office.eva, "/pmo digest")
    assert f"<@{office.id('ana')}> can switch them on" in said
    before = len(office.farah.reads("#board"))
    office.local.move_to(at(23, 12))
    assert len(office.farah.reads("#board")) == before


def escalations_go(office: Office) -> None:
    """The risk's card has no *Escalate* when it is shown anew."""
    switches(office, "Check-ins", "RAID")
    assert "/escalate" not in answers(office.eva, "/pmo help")
    assert "Escalations are switched off" in answers(office.eva, "/escalate APOLLO Decide by fri")
    card = office.eva.types("/pmo APOLLO-R1", "#general")
    assert card is not None
    assert "Escalate" not in buttons(card)
    assert "Close" in buttons(card)
    assert "escalation" not in home(office.ana).lower()


def risks_go(office: Office) -> None:
    """No risk is anywhere, nor the button to raise one; check-ins go on."""
    switches(office, "Check-ins")
    assert "/risk" not in answers(office.eva, "/pmo help")
    assert "risk" not in home(office.eva).lower()
    assert "RAID is switched off" not in answers(office.eva, "/pmo project APOLLO")
    assert "RAID" in answers(office.eva, "/pmo APOLLO-R1")
    assert "Raise a risk" not in answers(office.eva, "/pmo project APOLLO")
    office.local.move_to(at(27, 20))
    assert "How is APOLLO?" in newest(office.eva).shown


def the_last_cannot_go_and_all_come_back(office: Office) -> None:
    """Something has to be on; check-ins off takes the prompt away, and on brings it back."""
    ana = office.ana
    ana.types("/pmo setup", "#general")
    ana.presses(None, "setup.step", value="services")
    ana.fills(services=[])
    assert set(ana.submits()) == {"services"}
    ana.fills(services=["Digests"])
    assert ana.submits() == {}
    ana.closes()
    office.settle()
    assert not any("How is APOLLO?" in message.shown for message in office.eva.reads())
    switches(office, "Check-ins", "RAID", "Escalations", "Digests")
    office.local.move_to(at(28, 10))
    assert any("How is APOLLO?" in message.shown for message in office.eva.reads())
    assert "`/risk" in answers(office.eva, "/pmo help")
