"""A project's team, shown and changed, and everybody it concerns told."""

import pytest

from bot.playground.records import Message
from tests.office import Office


@pytest.fixture
def apollo(office: Office) -> Office:
    office.has_project()
    return office


def answer(office: Office, who: str, words: str, where: str = "#general") -> Message:
    message = office.slack.as_(who).types(words, where)
    assert message is not None
    return message


def team(office: Office) -> str:
    return answer(office, "ana", "/pmo team APOLLO").shown


def test_everybody_sees_who_has_which_part(apollo: Office) -> None:
    shown = answer(apollo, "hana", "/pmo team", "#apollo").shown
    assert f"*Manager*: <@{apollo.id('eva')}>" in shown
    assert f"*Sponsor*: <@{apollo.id('farah')}>" in shown
    assert "*Member*: nobody" in shown
    assert "Change" not in shown
    assert "Say which project" in answer(apollo, "hana", "/pmo team").shown


def test_somebody_joins_in_one_line_is_told_and_leaves_again(apollo: Office) -> None:
    done = answer(apollo, "eva", "/pmo team APOLLO add @hana member")
    apollo.settle()
    assert f"• Member: nobody → <@{apollo.id('hana')}>" in done.shown
    assert "You are in the team of *APOLLO*" in apollo.hana.reads()[-1].shown
    apollo.eva.presses(done, "Undo")
    apollo.settle()
    assert "*Member*: nobody" in team(apollo)
    assert "You are not in the team of *APOLLO*" in apollo.hana.reads()[-1].shown


def test_a_part_of_one_person_passes_on_and_comes_back(apollo: Office) -> None:
    done = answer(apollo, "ana", "/pmo team APOLLO add @hana sponsor")
    apollo.settle()
    assert "You sponsor *APOLLO*" in apollo.hana.reads()[-1].shown
    assert "You are not the sponsor of *APOLLO*" in apollo.farah.reads()[-1].shown
    apollo.slack.misbehave("response_url", "500")
    apollo.ana.presses(done, "Undo")
    assert f"*Sponsor*: <@{apollo.id('farah')}>" in team(apollo)


def test_the_form_changes_all_parts_at_once(apollo: Office) -> None:
    apollo.eva.presses(answer(apollo, "eva", "/pmo team APOLLO"), "Change")
    apollo.eva.fills(deputy="@ben", members=["@hana"])
    assert apollo.eva.submits() == {}
    assert apollo.eva.modal is not None
    assert "Deputy: nobody" in apollo.eva.modal.shown
    assert f"*Deputy*: <@{apollo.id('ben')}>" in team(apollo)
    assert f"*Member*: <@{apollo.id('hana')}>" in team(apollo)
    apollo.eva.closes()
    apollo.eva.presses(answer(apollo, "eva", "/pmo team APOLLO"), "Change")
    assert apollo.eva.submits() == {}
    assert "nothing was changed" in apollo.eva.modal.shown


def test_two_who_change_it_at_once_do_not_overwrite_each_other(apollo: Office) -> None:
    apollo.eva.presses(answer(apollo, "eva", "/pmo team APOLLO"), "Change")
    answer(apollo, "ana", "/pmo team APOLLO add @hana member")
    apollo.eva.fills(deputy="@ben")
    assert "changed this project since" in " ".join(apollo.eva.submits().values())
    assert "*Deputy*: nobody" in team(apollo)


@pytest.mark.parametrize(
    ("who", "words", "why"),
    [
        ("hana", "/pmo team APOLLO add @hana member", "Only the project's manager"),
        ("eva", "/pmo team APOLLO add @eva sponsor", "Nobody makes themself the sponsor"),
        ("eva", "/pmo team APOLLO remove @eva manager", "needs a manager"),
        ("eva", "/pmo team APOLLO add @guest member", "Guests cannot act here"),
        ("eva", "/pmo team APOLLO add hana", "/pmo team APOLLO add @ann member"),
        ("eva", "/pmo team HERMES", "no project with that key"),
    ],
)
def test_what_cannot_be_done_is_said(apollo: Office, who: str, words: str, why: str) -> None:
    assert why in answer(apollo, who, words).shown


def test_a_guest_is_refused_at_the_field(apollo: Office) -> None:
    apollo.eva.presses(answer(apollo, "eva", "/pmo team APOLLO"), "Change")
    apollo.eva.fills(members=["@guest"])
    assert "Guests cannot act here" in apollo.eva.submits()["members"]


def test_the_card_of_a_project_leads_to_its_team(apollo: Office) -> None:
    apollo.eva.presses(answer(apollo, "eva", "/pmo project APOLLO"), "Team")
    assert apollo.eva.modal is not None
    assert "Team of APOLLO" in apollo.eva.modal.shown


def test_nobody_becomes_sponsor_by_their_own_form(apollo: Office) -> None:
    apollo.eva.types("/pmo project APOLLO edit", "#general")
    apollo.eva.fills(sponsor="@eva")
    assert "Nobody makes themself the sponsor" in apollo.eva.submits()["sponsor"]
