"""What goes wrong in a week: Slack repeats and loses, people click twice, channels close, words are unknown."""

from copy import copy
from datetime import timedelta

import pytest

from tests.journeys.chat import about, answers, assert_in_order, at, buttons, holds, home, newest, sends
from tests.office import Office

FRIDAY = at(20, 14)


@pytest.fixture
def apollo(office: Office) -> Office:
    """The office with Apollo, which Eva manages and Farah sponsors."""
    office.has_project()
    return office


def refs(office: Office, place: str = "#apollo") -> list[str]:
    """What the cards of risks in a channel begin with."""
    return [message.shown.split(" ")[0] for message in office.ana.reads(place) if "-R" in message.shown.split(" ")[0]]


def test_what_slack_sends_twice_is_done_once(apollo: Office) -> None:
    eva = apollo.eva
    apollo.slack.misbehave("command", "twice")
    said = eva.types("/risk APOLLO Vendor may slip p4 i5", "#apollo")
    apollo.settle()
    assert refs(apollo) == ["APOLLO-R1"]
    assert said is not None

    eva.types("/risk", "#apollo")
    eva.fills(event="Budget may run out", cause="Prices", effect="We stop", probability="2", impact="5")
    apollo.slack.misbehave("interactive", "twice")
    assert "Saved as APOLLO-R2" in sends(apollo, eva)
    assert refs(apollo) == ["APOLLO-R1", "APOLLO-R2"]

    apollo.slack.misbehave("interactive", "twice")
    eva.presses(said, "Undo")
    apollo.settle()
    assert refs(apollo) == ["APOLLO-R2"]
    about(eva, "APOLLO-R1 is undone", "#apollo")

    apollo.slack.misbehave("event", "twice")
    before = len(eva.reads())
    eva.types("APOLLO-R2", "@pmo")
    assert ["Budget may run out" in message.shown for message in eva.reads()[before:]] == [False, True]


def test_who_clicks_twice_is_told_that_it_is_done(apollo: Office) -> None:
    eva, farah = apollo.eva, apollo.farah
    eva.types("/escalate APOLLO Approve a tester by fri", "#apollo")
    sends(apollo, eva, what="Too few testers", impact_if_nothing="A week")
    question = newest(farah)
    seen = copy(question)
    farah.presses(question, "Acknowledge")
    apollo.settle()
    question.blocks = seen.blocks  # she looks at another device, which is late
    farah.presses(question, "Acknowledge")
    assert "*APOLLO-E1* Acknowledged by" in newest(farah).shown
    assert about(eva, "APOLLO-E1").shown.count("Acknowledged by") == 1

    farah.presses(question, "Decide")
    sends(apollo, farah, decision="Yes", reason="We need it")
    question.blocks = seen.blocks
    farah.presses(question, "Decide")
    assert farah.modal is None
    assert_in_order(newest(farah).shown, "*APOLLO-E1* is over", "Yes", "We need it")


def test_what_slack_loses_is_seen_and_done_again(apollo: Office) -> None:
    eva, slack = apollo.eva, apollo.slack
    slack.misbehave("command", "lost")
    eva.types("/risk APOLLO Vendor may slip p4 i5", "#apollo")
    assert eva.warning == '/risk failed with the error "operation_timeout"'
    assert "Saved as APOLLO-R1" in answers(eva, "/risk APOLLO Vendor may slip p4 i5")

    eva.types("/risk", "#apollo")
    eva.fills(event="Budget may run out", cause="Prices", effect="We stop", probability="2", impact="5")
    slack.misbehave("interactive", "lost")
    assert "" in eva.submits()
    assert holds(eva, "cause") == "Prices"
    assert "Saved as APOLLO-R2" in sends(apollo, eva)
    assert refs(apollo) == ["APOLLO-R1", "APOLLO-R2"]
    slack.warnings.clear()

    slack.misbehave("event", "lost", times=2)
    eva.types("How is APOLLO-R2?", "@pmo")
    slack.warnings.clear()
    assert "Budget may run out" not in newest(eva).shown
    eva.waits(timedelta(minutes=1))
    assert "Budget may run out" in newest(eva).shown


def test_a_card_that_slack_does_not_take_at_first_is_shown_once(apollo: Office) -> None:
    for number, trouble in enumerate(["429", "500", "reset_before"], 1):
        apollo.slack.misbehave("chat.postMessage", trouble, channel=apollo.id("#apollo"))
        answers(apollo.eva, "/risk APOLLO Vendor may slip p4 i5")
        apollo.local.advance(timedelta(minutes=2))
        assert refs(apollo) == [f"APOLLO-R{each}" for each in range(1, number + 1)]


def test_an_answer_that_slack_does_not_take_at_once_comes_later_and_once(apollo: Office) -> None:
    eva = apollo.eva
    answers(eva, "/risk APOLLO Vendor may slip p4 i5")
    for trouble in ("429", "500"):
        before = len(eva.reads())
        apollo.slack.misbehave("chat.postMessage", trouble)
        eva.types("What about APOLLO-R1?", "@pmo")
        assert len(eva.reads()) == before + 1
        apollo.local.advance(timedelta(minutes=2))
        assert ["Vendor may slip" in message.shown for message in eva.reads()[before:]] == [False, True]


def test_when_a_channel_is_archived_the_rest_goes_on(apollo: Office) -> None:
    ana, eva = apollo.ana, apollo.eva
    before = len(ana.reads("#apollo"))
    apollo.slack.archive(apollo.workspace, "#apollo")
    apollo.local.move_to(FRIDAY)
    eva.presses(newest(eva), "Check in")
    sends(apollo, eva, overall="G")
    about(eva, "Saved:")
    assert "I cannot speak in" in newest(eva).shown
    assert "1 message that Slack did not take" in home(ana)
    assert len(ana.reads("#apollo")) == before

    apollo.slack.archive(apollo.workspace, "#apollo", archive=False)
    apollo.local.advance(timedelta(minutes=1))
    assert "[G] On track" in newest(ana, "#apollo").shown
    assert "Slack did not take" not in home(ana)


def test_a_workspace_without_the_newest_blocks_reads_the_same_figures(apollo: Office) -> None:
    apollo.workspace.newest_blocks = False
    apollo.ana.types("/pmo digest add", "#general")
    sends(apollo, apollo.ana, channel="#board")
    apollo.local.move_to(FRIDAY)
    apollo.eva.presses(newest(apollo.eva), "Check in")
    path = {"cause": "Late", "action": "Hurry", "action_owner": "@eva", "action_due": "2026-12-01"}
    apollo.eva.fills(overall="R")
    sends(apollo, apollo.eva, **path)
    apollo.local.move_to(at(23, 9, 1))
    [edition] = apollo.farah.reads("#board")
    assert {"data_table", "data_visualization"}.isdisjoint(block["type"] for block in edition.blocks)
    assert_in_order(edition.shown, "*Portfolio:* 1 live", "🟥 R 1", "*[R] APOLLO*", "because Late · fix: Hurry")
    assert "Late" in answers(apollo.farah, "/pmo digest")


def test_a_command_may_say_payload(apollo: Office) -> None:
    words = "The payload={}&ssl_check=1 may be too large"
    assert words.replace("&", "&amp;") in answers(apollo.eva, f"/risk APOLLO {words} p2 i2")
    assert "I do not know that command" in answers(apollo.eva, "/pmo payload")


def test_references_are_answered_wherever_they_are_typed(apollo: Office) -> None:
    eva = apollo.eva
    answers(eva, "/risk APOLLO Vendor may slip p4 i5")
    assert "APOLLO-R1 Vendor may slip" in answers(eva, "/pmo apollo-r1")
    assert "APOLLO-R1 Vendor may slip" in answers(eva, "@pmo what about APOLLO-R1?", "#general")
    eva.types("What about APOLLO-R1?", "@pmo")
    apollo.settle()
    assert buttons(newest(eva)) == ["I'll own it", "Re-score", "Close", "Escalate"]
    assert "There is no APOLLO-R7" in answers(eva, "/pmo APOLLO-R7")
    assert "not kept yet" in answers(eva, "/pmo APOLLO-D1")


UNKNOWN = {
    "/pmo frobnicate": "I do not know that command.",
    "/pmo portfolo": "Did you mean `/pmo portfolio`?",
    "/pmo project": "Name a project, such as `/pmo project APOLLO`",
    "/pmo project NOPE": "no project with that key",
    "/checkin NOPE": "no project with that key",
    "/pmo role": "@ann pmo",
    "/pmo portfolio Nowhere": "There is no",
}


def test_unknown_words_are_answered_with_what_can_be_said(apollo: Office) -> None:
    for words, said in UNKNOWN.items():
        assert said in answers(apollo.ana, words)


def test_a_guest_is_refused_everywhere(apollo: Office) -> None:
    guest = apollo.guest
    for words in ("/risk APOLLO x p1 i1", "/pmo portfolio", "/pmo APOLLO-R1", "/pmo help"):
        assert "Only full members of this workspace can do that" in answers(guest, words)
    assert "Only the project's manager" in answers(guest, "/checkin APOLLO")
    guest.types("What about APOLLO-R1?", "@pmo")
    assert "Only full members" in newest(guest).shown
    guest.shortcut("Raise a risk", apollo.ana.reads("#apollo")[0])
    assert "Only full members" in guest.reads("#apollo")[-1].shown + "".join(guest.modal.shown if guest.modal else "")
    home = guest.opens_home()
    assert home is not None
    assert "Only full members" in home.shown
    assert refs(apollo) == []


def test_rights_are_asked_again_on_every_click(apollo: Office) -> None:
    answers(apollo.eva, "/risk APOLLO Vendor may slip p4 i5")
    apollo.settle()
    card = newest(apollo.ben, "#apollo")
    apollo.ben.presses(card, "Close")
    assert "Only" in newest(apollo.ben, "#apollo").shown
    assert apollo.ben.modal is None
    apollo.ana.types("/pmo project APOLLO edit", "#general")
    sends(apollo, apollo.ana, manager="@ben")
    apollo.ben.presses(card, "Close")
    sends(apollo, apollo.ben, outcome="Avoided")
    assert "Closed as avoided" in about(apollo.eva, "APOLLO-R1", "#apollo").shown
    apollo.local.move_to(at(20, 20))
    assert "How is APOLLO?" in newest(apollo.ben).shown
    assert "How is APOLLO?" not in newest(apollo.eva).shown
