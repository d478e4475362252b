"""Services that are off leave no button behind."""

from bot.rules.terms import Service
from bot.views import services
from bot.views.blocks import actions, button, section

OPEN = button("Open", "project.show", 1)
ESCALATE = button("Escalate", "escalation.open", 1)
OFF = {Service.ESCALATIONS}


def test_with_everything_on_nothing_changes() -> None:
    blocks = [section("Hello", ESCALATE), actions(ESCALATE)]

    assert services.without(blocks, set()) == blocks


def test_buttons_of_a_service_that_is_off_go_and_empty_rows_with_them() -> None:
    blocks = [section("A", ESCALATE), section("B", OPEN), section("C"), actions(OPEN, ESCALATE), actions(ESCALATE)]

    assert services.without(blocks, OFF) == [section("A"), section("B", OPEN), section("C"), actions(OPEN)]


def test_who_can_switch_it_on_is_named() -> None:
    said = services.is_off(Service.DIGESTS, ["U1", "U2", "U3", "U4"], may_switch=False)

    assert said.startswith("Digests are switched off in this workspace. <@U1>, <@U2> and <@U3> can switch them on")
    assert "The admins of this Slack can" in services.is_off(Service.DIGESTS, [], may_switch=False)
    assert "You can switch it on" in services.is_off(Service.RAID, ["U1"], may_switch=True)
