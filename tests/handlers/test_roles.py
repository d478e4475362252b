"""The PMO gives roles, and takes them back."""

import pytest

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


def test_who_takes_a_role_themselves_is_not_told(office: Office) -> None:
    assert "is an auditor now" in said(office, "ana", "/pmo role @ana auditor")
    office.settle()
    assert office.ana.reads() == []


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("ana", "/pmo role", "/pmo role @ann pmo"),
        ("ana", "/pmo role @guest pmo", "Guests cannot act here"),
        ("eva", "/pmo role @eva pmo", "Only the PMO"),
    ],
)
def test_what_cannot_be_done_is_said(office: Office, who: str, words: str, answer: str) -> None:
    assert answer in said(office, who, words)
