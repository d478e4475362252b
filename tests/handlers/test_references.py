"""A reference shows its record wherever it is typed, to who may see it."""

import pytest

from tests.office import Office


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, a risk R1 that Hana raised, and an escalation E1 to Farah."""
    office.has_project()
    office.hana.types("/risk APOLLO Vendor may slip the API p4 i5", "#general")
    office.eva.types("/escalate APOLLO", "#general")
    office.eva.fills(what="Second vendor", ask="Sign it", impact_if_nothing="Ten days", decide_by="2026-12-01")
    assert office.eva.submits() == {}
    office.settle()
    return office


def said(office: Office, who: str, words: str, place: str = "#general") -> str:
    message = office.slack.as_(who).types(words, place)
    assert message is not None
    return message.shown


@pytest.mark.parametrize("words", ["/pmo APOLLO-R1", "/pmo apollo-r1 please"])
def test_a_command_with_a_reference_shows_its_record(apollo: Office, words: str) -> None:
    assert "Vendor may slip the API" in said(apollo, "ben", words)


def test_a_reference_in_a_direct_message_shows_its_record(apollo: Office) -> None:
    assert "Vendor may slip the API" in said(apollo, "ben", "what about apollo-r1?", "@pmo")


def test_anything_else_in_a_direct_message_is_answered_with_help(apollo: Office) -> None:
    shown = said(apollo, "ben", "hello", "@pmo")
    assert "What you can ask PMO Bot" in shown
    assert "I do not know that command" not in shown


def test_a_mention_is_answered_to_the_person_alone(apollo: Office) -> None:
    message = apollo.ben.types("@pmo APOLLO-R1", "#general")
    assert message is not None
    assert message.ephemeral_to == apollo.id("ben")
    assert "Vendor may slip the API" in message.shown


def test_the_same_words_brought_twice_are_answered_once(apollo: Office) -> None:
    apollo.slack.misbehave("event", "twice")
    apollo.ben.types("APOLLO-R1", "@pmo")
    assert sum("Vendor may slip" in message.shown for message in apollo.ben.reads()) == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/pmo APOLLO-R99", "There is no APOLLO-R99"),
        ("/pmo APOLLO-E99", "There is no APOLLO-E99"),
        ("/pmo GEMINI-R1", "There is no GEMINI-R1"),
        ("/pmo APOLLO-L1", "not kept yet"),
    ],
)
def test_what_is_not_there_is_told(apollo: Office, words: str, answer: str) -> None:
    assert answer in said(apollo, "ben", words)


def test_an_escalation_is_shown_as_each_may_see_it(apollo: Office) -> None:
    assert "Acknowledge" in said(apollo, "farah", "/pmo APOLLO-E1")
    assert "Acknowledge" not in said(apollo, "eva", "/pmo APOLLO-E1")
    assert "Second vendor" in said(apollo, "eva", "/pmo APOLLO-E1")
    refused = said(apollo, "hana", "/pmo APOLLO-E1")
    assert "Second vendor" not in refused
    assert "Only" in refused


def test_a_record_opens_from_home(apollo: Office) -> None:
    apollo.farah.opens_home()
    apollo.farah.presses(apollo.farah.home, "Open", value="APOLLO-E1")
    assert apollo.farah.modal is not None
    assert "Second vendor" in apollo.farah.modal.shown


def test_a_guest_is_told_why_there_is_no_answer(apollo: Office) -> None:
    assert "full members" in said(apollo, "guest", "APOLLO-R1", "@pmo")
