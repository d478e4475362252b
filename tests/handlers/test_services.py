"""A service that is off: commands, buttons and shortcuts answer who can switch it on, and keep nothing."""

from bot.handlers import MODULES
from bot.handlers.routing import Kind
from bot.rules import services
from tests.journeys.chat import answers
from tests.office import Office


def switched_off(office: Office, *on: str) -> None:
    office.ana.types("/pmo setup", "#general")
    office.ana.presses(None, "setup.step", value="services")
    office.ana.fills(services=list(on))
    assert office.ana.submits() == {}
    office.ana.closes()


def test_buttons_and_routes_agree_on_what_belongs_to_a_service() -> None:
    routes = [route for module in MODULES for route in module.ROUTES]
    ids = {route.id: route.service for route in routes if route.kind in {Kind.ACTION, Kind.VIEW, Kind.OPTIONS}}

    assert {each: service for each, service in ids.items() if services.of_action(each) is not service} == {}


def test_commands_and_references_are_refused_with_who_can_help(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk APOLLO Vendor may slip p4 i5", "#general")
    switched_off(office, "Check-ins")

    assert f"<@{office.id('ana')}> can switch it on" in answers(office.eva, "/risk APOLLO Another p1 i1")
    assert "RAID is switched off" in answers(office.eva, "/pmo APOLLO-R1")
    assert "You can switch it on" in answers(office.ana, "/pmo risks")
    said = answers(office.eva, "/pmo help")
    assert "`/risk" not in said
    assert "`/pmo risks" not in said


def test_old_buttons_and_shortcuts_are_refused(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk APOLLO Vendor may slip p4 i5", "#general")
    office.settle()
    card = office.eva.reads("#apollo")[-1]
    switched_off(office, "Check-ins")

    office.eva.presses(card, "I'll own it")
    assert "RAID is switched off" in office.eva.reads("#apollo")[-1].shown
    office.eva.shortcut("Raise a risk", card)
    assert office.eva.modal is None
    assert "RAID is switched off" in office.eva.reads("#apollo")[-1].shown


def test_a_form_that_was_open_is_refused_and_keeps_what_was_typed(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk", "#apollo")
    office.eva.fills(event="Vendor may slip", cause="Thin team", effect="A month", probability="4", impact="5")
    switched_off(office, "Check-ins")

    errors = office.eva.submits()
    assert any("RAID is switched off" in said for said in errors.values())
