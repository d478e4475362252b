"""What was reported of a project is read back by whoever asks."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.records import Message
from tests.office import Office

FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, reported on in twelve weeks."""
    office.has_project("APOLLO")
    for week in range(12):
        office.local.move_to(FRIDAY + week * WEEK)
        office.eva.types("/checkin APOLLO", "#general")
        office.eva.fills(overall="G", next_steps=f"Step {week}")
        assert office.eva.submits() == {}
    office.settle()
    return office


def asks(office: Office, words: str, place: str = "#general") -> Message:
    answer = office.hana.types(words, place)
    assert answer is not None
    return answer


def test_history_is_shown_page_by_page_to_who_asks(apollo: Office) -> None:
    first = asks(apollo, "/pmo history apollo")
    assert first.ephemeral_to == apollo.id("hana")
    assert "Sat 30 Jan to Fri 5 Feb 2027" in first.shown
    assert "1 to 10 of 12 reports" in first.shown
    apollo.hana.presses(first, "Older")
    [second] = [message for message in apollo.hana.reads("#general") if message.ephemeral_to]
    assert "11 to 12 of 12 reports" in second.shown
    assert "Sat 14 Nov to Fri 20 Nov 2026" in second.shown
    apollo.hana.presses(second, "Newer")
    assert "1 to 10 of 12 reports" in apollo.hana.reads("#general")[-1].shown


def test_the_card_in_the_channel_leads_to_the_history(apollo: Office) -> None:
    card = apollo.farah.reads("#apollo")[-1]
    apollo.farah.presses(card, "History")
    answer = apollo.farah.reads("#apollo")[-1]
    assert "1 to 10 of 12 reports" in answer.shown
    assert answer.ephemeral_to == apollo.id("farah")
    assert apollo.eva.reads("#apollo")[-1].ts == card.ts


def test_a_page_that_cannot_take_the_place_of_the_other_is_shown_beside_it(apollo: Office) -> None:
    first = asks(apollo, "/pmo history apollo")
    apollo.slack.misbehave("response_url", "500")
    apollo.hana.presses(first, "Older")
    assert "11 to 12 of 12 reports" in apollo.hana.reads("#general")[-1].shown


def test_in_a_projects_channel_its_key_need_not_be_said(office: Office) -> None:
    office.has_project("APOLLO")
    assert "Nothing was reported of APOLLO yet" in asks(office, "/pmo history", "#apollo").shown
    assert "/pmo history APOLLO" in asks(office, "/pmo history").shown
    assert "no project with that key" in asks(office, "/pmo history ZEUS").shown
