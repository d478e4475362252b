"""Services: which one a button belongs to, and what a form leaves on."""

import pytest

from bot.errors import Refused
from bot.rules import services
from bot.rules.terms import Service


def test_every_service_is_offered() -> None:
    assert set(services.CATALOGUE) == set(Service)


def test_a_button_belongs_to_the_service_of_its_noun() -> None:
    assert services.of_action("risk.close") is Service.RAID
    assert services.of_action("report.history") is Service.CHECKINS
    assert services.of_action("project.show") is None
    assert services.of_action("") is None


def test_what_is_not_ticked_is_off() -> None:
    assert services.read_off({"services": ["checkins", "raid"]}) == ["escalations", "digests"]
    assert services.read_off({"services": [service.value for service in Service]}) == []


def test_something_has_to_be_on() -> None:
    with pytest.raises(Refused) as refused:
        services.read_off({"services": []})
    assert refused.value.fields == {"services": services.ALL_OFF}


def test_who_asks_for_what_is_off_is_told_who_can_switch_it_on() -> None:
    assert services.is_off(Service.RAID, "Ana") == (
        "RAID is switched off in this workspace. Ana can switch it on: `/pmo setup`."
    )
