"""Channels that people of another organisation read: nothing of the portfolio goes there unasked."""

import pytest

from bot.playground import Channel, Person
from bot.playground.world import OTHERS
from tests.office import Office


@pytest.fixture
def shared(office: Office) -> Office:
    """#partners is shared with another organisation, of which Rex is."""
    office.slack.add_channel(office.workspace, Channel("partners", members=["ana", "eva", "hana"], is_ext_shared=True))
    return office


def test_a_project_asks_before_its_cards_go_to_a_shared_channel(shared: Office) -> None:
    shared.ana.types("/pmo project add", "#general")
    shared.ana.fills(name="Apollo", key="APOLLO", manager="@eva", channel="#partners")
    assert shared.ana.submits() == {}
    assert shared.ana.modal is not None
    assert "#partners is shared with another organisation" in shared.ana.modal.shown
    assert shared.eva.reads("#partners") == []
    shared.ana.fills(shared=["yes"])
    assert shared.ana.submits() == {}
    shared.settle()
    assert "This project is followed here" in shared.eva.reads("#partners")[-1].shown


def test_an_edit_asks_too_and_only_the_leads_of_the_pmo_may_say_yes(shared: Office) -> None:
    shared.has_project()
    shared.eva.types("/pmo project APOLLO edit", "#general")
    shared.eva.fills(channel="#partners")
    assert "People of another organisation read that channel" in shared.eva.submits()["channel"]
    shared.eva.closes()
    shared.ana.types("/pmo project APOLLO edit", "#general")
    shared.ana.fills(channel="#partners")
    assert shared.ana.submits() == {}
    shared.ana.fills(shared=["yes"])
    assert shared.ana.submits() == {}
    shared.settle()
    assert "followed here" in shared.eva.reads("#partners")[-1].shown


def test_a_digest_asks_before_it_goes_to_a_shared_channel(shared: Office) -> None:
    shared.ana.types("/pmo digest add", "#general")
    shared.ana.fills(channel="#partners")
    assert shared.ana.submits() == {}
    assert shared.ana.modal is not None
    assert "Post there all the same?" in shared.ana.modal.shown
    shared.ana.fills(shared=["yes"])
    assert shared.ana.submits() == {}
    assert shared.ana.modal is not None
    assert "Saved." in shared.ana.modal.shown


def test_a_channel_that_becomes_shared_holds_back_until_somebody_says_so(office: Office) -> None:
    office.has_project()
    before = len(office.hana.reads("#apollo"))
    office.slack.share(office.workspace, "#apollo")
    office.eva.types("/risk APOLLO The vendor may slip p2 i2", "#general")
    office.settle()
    assert len(office.hana.reads("#apollo")) == before
    question = office.ana.reads()[-1]
    assert "is shared with another organisation now" in question.shown
    office.ana.presses(question, "Keep it back")
    office.settle()
    assert len(office.hana.reads("#apollo")) == before
    office.ana.presses(question, "They may read it")
    office.settle()
    assert "The vendor may slip" in office.hana.reads("#apollo")[-1].shown
    assert f"<@{office.id('ana')}> said that people of the other organisation may read" in office.ana.reads()[-1].shown
    office.slack.share(office.workspace, "#apollo", with_others=False)
    office.slack.share(office.workspace, "#apollo")
    office.settle()
    assert "is shared with another organisation now" in office.ana.reads()[-1].shown


def test_what_was_held_back_is_said_when_the_others_have_left(office: Office) -> None:
    office.has_project()
    office.slack.share(office.workspace, "#apollo")
    office.eva.types("/risk APOLLO The vendor may slip p2 i2", "#general")
    office.settle()
    office.slack.share(office.workspace, "#apollo", with_others=False)
    office.settle()
    assert "The vendor may slip" in office.hana.reads("#apollo")[-1].shown
    assert "shared with nobody outside any more" in office.ana.reads()[-1].shown


def test_a_channel_nobody_uses_is_nobodys_business(office: Office) -> None:
    office.slack.share(office.workspace, "#gemini")
    office.settle()
    assert office.ana.reads() == []


def test_people_of_other_organisations_are_refused_and_see_nothing(shared: Office) -> None:
    shared.slack.add_person(shared.workspace, Person("rex", real_name="Rex Others", team_id=OTHERS))
    shared.ana.types("/pmo project add", "#general")
    shared.ana.fills(name="Apollo", key="APOLLO", manager="@rex")
    assert "People of other organisations cannot act here" in shared.ana.submits()["manager"]


def test_a_stranger_who_presses_a_button_gets_nothing(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk APOLLO The vendor may slip p2 i2", "#apollo")
    office.settle()
    rex = office.slack.add_person(office.workspace, Person("rex", real_name="Rex Others", team_id=OTHERS))
    assert rex is not None
    card = office.hana.reads("#apollo")[-1]
    office.workspace.channels[office.id("#apollo")].members.append(office.id("rex"))
    office.rex.presses(card, "I'll own it")
    office.settle()
    assert "can do that. Ask <@" in office.rex.reads("#apollo")[-1].shown
    assert "Owner: nobody" not in office.rex.reads("#apollo")[-1].shown
