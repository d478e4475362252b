"""What people see when Slack is slow, full or gone: each message once, late if need be, and never unexplained."""

from datetime import timedelta

import pytest

from tests.journeys.chat import about, assert_in_order, at, newest
from tests.office import Office

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FRIDAY = at(20, 15)


@pytest.fixture
def apollo(office: Office) -> Office:
    """The office with Apollo, which Eva manages and Farah sponsors."""
    office.has_project()
    return office


def prompts(office: Office) -> list[str]:
    """The check-ins of Apollo that Eva was asked for."""
    return [message.shown for message in office.eva.reads() if "How is APOLLO?" in message.shown]


@pytest.mark.parametrize("how", ["reset_after_accepting", "fatal_error", "500", "reset_before", "429"])
def test_whatever_slack_answers_the_question_stands_once(apollo: Office, how: str) -> None:
    apollo.slack.misbehave("chat.postMessage", how)
    apollo.local.move_to(FRIDAY + HOUR)
    assert len(prompts(apollo)) == 1
    assert "late" not in prompts(apollo)[0]


def test_where_it_may_not_look_it_asks_twice_rather_than_never(apollo: Office) -> None:
    scopes = apollo.slack.scopes(apollo.workspace)
    scopes[:] = [scope for scope in scopes if not scope.endswith(":history")]
    apollo.slack.misbehave("chat.postMessage", "reset_after_accepting")
    apollo.local.move_to(FRIDAY + HOUR)
    assert len(prompts(apollo)) == 2


def test_a_closed_channel_is_told_once_to_the_manager_and_the_pmo_and_made_good_when_it_opens(apollo: Office) -> None:
    apollo.slack.archive(apollo.workspace, "#apollo")
    for number in range(2):
        apollo.eva.types(f"/risk APOLLO Vendor {number} may slip p4 i5", "#general")
        apollo.settle()
    for person in (apollo.eva, apollo.ana):
        told = [message.shown for message in person.reads() if "I cannot speak in" in message.shown]
        assert len(told) == 1
        assert_in_order(told[0], "it is archived", "Unarchive it", "What I could not say", "Vendor 0 may slip")
    apollo.slack.archive(apollo.workspace, "#apollo", archive=False)
    apollo.settle()
    cards = [message.shown for message in apollo.ana.reads("#apollo") if "Vendor" in message.shown]
    assert len(cards) == 2


def test_a_weekend_of_silence_is_made_up_for_as_far_as_it_is_worth_it(apollo: Office) -> None:
    apollo.slack.clock.move_to(FRIDAY + 3 * DAY)
    apollo.settle()
    [question] = prompts(apollo)
    assert_in_order(question, "How is APOLLO?", "This comes late: it was due")

    apollo.slack.clock.move_to(FRIDAY + 24 * DAY)
    apollo.settle()
    told = about(apollo.ana, "could not be said in time").shown
    assert_in_order(told, "2 messages could not be said in time", "check-in for")


def test_nobody_is_asked_at_night(apollo: Office) -> None:
    apollo.slack.change_person(apollo.workspace, "farah", tz="Asia/Tokyo")
    apollo.settle()
    before = len(apollo.farah.reads())
    apollo.eva.types("/escalate APOLLO Approve a tester by fri", "#apollo")
    apollo.eva.fills(what="Too few testers", impact_if_nothing="A week")
    assert apollo.eva.submits() == {}
    apollo.settle()
    assert len(apollo.farah.reads()) == before
    assert "Too few testers" in newest(apollo.eva).shown
    apollo.local.advance(DAY)
    assert "Too few testers" in newest(apollo.farah).shown
