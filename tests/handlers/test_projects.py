"""A project is shown to whoever asks, with what they may do."""

from datetime import UTC, datetime

import pytest

from bot.playground.hands import Hands
from bot.playground.records import Message
from tests.office import Office


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, which Eva manages and Farah sponsors."""
    office.has_project("APOLLO", budget="1.2m", finish="2027-06-30")
    return office


def answer(person: Hands, words: str, place: str = "#general") -> Message:
    message = person.types(words, place)
    assert message is not None
    return message


def buttons(message: Message) -> list[str]:
    return [e["text"]["text"] for block in message.blocks if block["type"] == "actions" for e in block["elements"]]


def test_a_card_is_shown_to_whoever_asks_alone(apollo: Office) -> None:
    card = answer(apollo.hana, "/pmo project apollo")
    assert card.ephemeral_to == apollo.id("hana")
    assert "APOLLO · Apollo" in card.shown
    assert "there is no report yet" in card.shown
    assert "budget GBP 1.20m" in card.shown
    assert "every Friday at 15:00 (Europe/Stockholm)" in card.shown


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("ana", ["Check in", "Raise a risk", "Escalate", "Edit", "Team", "Make confidential"]),
        ("eva", ["Check in", "Raise a risk", "Escalate", "Edit", "Team", "Make confidential"]),
        ("farah", ["Raise a risk", "Make confidential"]),
        ("hana", ["Raise a risk"]),
    ],
)
def test_a_card_offers_what_its_reader_may_do(apollo: Office, who: str, labels: list[str]) -> None:
    assert buttons(answer(apollo.slack.as_(who), "/pmo project APOLLO")) == labels


def test_in_a_projects_channel_its_key_need_not_be_said(apollo: Office) -> None:
    assert "APOLLO · Apollo" in answer(apollo.hana, "/pmo project", "#apollo").shown


def test_without_a_key_ones_own_projects_are_named(apollo: Office) -> None:
    assert "/pmo project APOLLO" in answer(apollo.eva, "/pmo project").shown
    assert "`/pmo portfolio` lists them all" in answer(apollo.hana, "/pmo project").shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/pmo project gemini", "no project with that key"),
        ("/pmo project apollo now", "/pmo project KEY edit"),
        ("/pmo project apollo edit", "Only the project's manager"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(apollo: Office, words: str, said: str) -> None:
    assert said in answer(apollo.hana, words).shown


def test_the_manager_edits_from_the_card_and_by_command(apollo: Office) -> None:
    apollo.eva.presses(answer(apollo.eva, "/pmo project apollo"), "Edit")
    assert apollo.eva.modal is not None
    assert apollo.eva.modal.shown.startswith("Edit APOLLO")
    apollo.eva.closes()
    apollo.eva.types("/pmo project APOLLO edit", "#general")
    assert apollo.eva.modal is not None


def test_the_list_opens_a_card(apollo: Office) -> None:
    listed = answer(apollo.hana, "/pmo portfolio")
    apollo.hana.presses(listed, "Open")
    assert "APOLLO · Apollo" in apollo.hana.reads("#general")[-1].shown


def test_the_next_check_in_is_told_in_the_zone_of_its_manager(apollo: Office) -> None:
    due = int(datetime(2026, 11, 20, 14, tzinfo=UTC).timestamp())
    card = answer(apollo.hana, "/pmo project apollo")
    assert f"<!date^{due}^" in str(card.blocks)
