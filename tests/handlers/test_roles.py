"""The PMO gives roles, and takes them back."""

from datetime import UTC, datetime

import pytest

from bot.rules.terms import Role
from tests.factories import a_person, a_portfolio, a_project
from tests.office import Office


def said(office: Office, who: str, words: str) -> str:
    message = office.slack.as_(who).types(words, "#general")
    assert message is not None
    return message.shown


def test_a_role_is_given_told_and_works(office: Office) -> None:
    assert "Only the PMO" in said(office, "hana", "/pmo project add")
    assert "is PMO now" in said(office, "ana", "/pmo role @hana pmo")
    office.settle()
    assert "You are PMO here now" in office.hana.reads()[-1].shown
    office.hana.types("/pmo project add", "#general")
    assert office.hana.modal is not None
    assert "already PMO" in said(office, "ana", "/pmo role @hana pmo")


def test_undo_takes_it_back_and_the_telling_too(office: Office) -> None:
    given = office.ana.types("/pmo role @hana executive", "#general")
    office.settle()
    office.ana.presses(given, "Undo")
    office.settle()
    assert "is not an executive any more" in office.ana.reads("#general")[-1].shown
    assert office.hana.reads() == []
    assert "not an executive anyway" in said(office, "ana", "/pmo role @hana no executive")


def test_an_undo_whose_answer_slack_does_not_take_is_answered_anew(office: Office) -> None:
    given = office.ana.types("/pmo role @hana executive", "#general")
    office.slack.misbehave("response_url", "500")
    office.ana.presses(given, "Undo")
    assert "is not an executive any more" in office.ana.reads("#general")[-1].shown


def test_what_was_taken_back_can_be_given_again(office: Office) -> None:
    office.ana.types("/pmo role @hana analyst", "#general")
    taken = office.ana.types("/pmo role @hana no analyst", "#general")
    office.ana.presses(taken, "Undo")
    office.settle()
    assert "is a PMO analyst now" in office.ana.reads("#general")[-1].shown
    assert "You are a PMO analyst here now" in office.hana.reads()[-1].shown


def test_the_first_admin_names_themself_and_then_nobody_does(office: Office) -> None:
    assert "is an auditor now" in said(office, "ana", "/pmo role @ana auditor")
    assert "is a PMO admin now" in said(office, "ana", "/pmo role @ana admin")
    office.settle()
    assert office.ana.reads() == []
    assert "Nobody gives themself a role" in said(office, "ana", "/pmo role @ana pmo")
    assert "the last PMO admin" in said(office, "ana", "/pmo role @ana no admin")


def test_a_role_may_be_of_a_portfolio(office: Office) -> None:
    change = a_portfolio(office.bot.db, office.row)
    a_project(office.bot.db, office.row, "HERMES", portfolio_id=change.id)
    assert "write `for Change`" in said(office, "ana", "/pmo role @hana analyst for hermes")
    assert "no portfolio of that name" in said(office, "ana", "/pmo role @hana analyst for Nowhere")
    assert "is a PMO analyst for Change now" in said(office, "ana", "/pmo role @hana analyst for change")
    assert "Only the PMO" in said(office, "hana", "/pmo role @ben executive")
    assert "HERMES" in said(office, "hana", "/pmo project HERMES")
    office.hana.types("/pmo project HERMES edit", "#general")
    assert office.hana.modal is not None


def test_support_is_for_a_time(office: Office) -> None:
    assert "say until when" in said(office, "ana", "/pmo role @hana support")
    assert "is support now until Fri 27 Nov" in said(office, "ana", "/pmo role @hana support until 27 nov")
    assert "<@" in said(office, "hana", "/pmo roles")
    office.slack.clock.move_to(datetime(2026, 11, 28, tzinfo=UTC))
    assert "Only the PMO" not in said(office, "hana", "/pmo help")
    assert "can do that" in said(office, "hana", "/pmo roles")


def test_a_part_in_a_project_is_given_like_any_role(office: Office) -> None:
    office.has_project()
    assert "The team of *APOLLO* is changed" in said(office, "ana", "/pmo role @hana deputy for APOLLO")
    office.settle()
    assert "deputy for *APOLLO*" in office.hana.reads()[-1].shown


def test_all_roles_are_listed_page_by_page_and_taken_back(office: Office) -> None:
    assert "Nobody was given a role yet" in said(office, "ana", "/pmo roles")
    assert f"No PMO admin is named yet: <@{office.id('ana')}> can act as one" in said(office, "ana", "/pmo roles")
    for number in range(11):
        a_person(office.bot.db, office.row, f"P{number:02}", Role.EXECUTIVE)
    first = office.ana.types("/pmo roles", "#general")
    assert first is not None
    assert "1 to 10 of 11" in first.shown
    office.ana.presses(first, "Next")
    second = office.ana.reads("#general")[-1]
    assert "11 to 11 of 11" in second.shown
    office.ana.presses(second, "Take back")
    assert "is not an executive any more" in office.ana.reads("#general")[-1].shown
    assert "10 of 10" in said(office, "ana", "/pmo roles")


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("ana", "/pmo role", "/pmo role @ann pmo"),
        ("ana", "/pmo role @guest pmo", "Guests cannot act here"),
        ("eva", "/pmo role @eva pmo", "Only the PMO can do that. Ask an admin of this Slack"),
    ],
)
def test_what_cannot_be_done_is_said(office: Office, who: str, words: str, answer: str) -> None:
    assert answer in said(office, who, words)
