"""What is done to an escalation: seen, decided, withdrawn; everybody it concerns sees the same."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.playground.hands import Hands
from bot.playground.records import Message
from bot.rules.references import parse_ref
from bot.rules.terms import EscalationState
from bot.store import escalations
from bot.store.tables import EscalationEntry
from tests.office import Office

ASK = {
    "what": "Vendor test is late",
    "ask": "Approve a second tester (41k)",
    "impact_if_nothing": "9k a week",
    "decide_by": date(2026, 11, 25),
}
DECISION = {"decision": "Take the tester", "reason": "Waiting costs more"}
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # Ben is in New York


@pytest.fixture
def apollo(office: Office) -> Office:
    """Eva has asked Farah, Apollo's sponsor; Ana and Ben are the PMO."""
    office.has_project()
    office.ana.types("/pmo role @ana pmo", "#general")
    office.ana.types("/pmo role @ben pmo", "#general")
    office.eva.types("/escalate", "#apollo")
    office.eva.fills(ASK)
    assert office.eva.submits() == {}
    office.eva.closes()
    office.settle()
    return office


def newest(person: Hands, place: str | None = None) -> Message:
    return person.reads(place)[-1]


def question(person: Hands) -> Message:
    """The post that asks, among what the bot has said to a person."""
    return next(m for m in person.reads() if m.text.startswith("APOLLO-E1, ") and not m.ephemeral_to)


def progress(office: Office) -> Message:
    office.settle()
    return next(m for m in office.eva.reads() if m.text.startswith("Your escalation APOLLO-E1"))


def labels(message: Message) -> list[str]:
    return [e["text"]["text"] for block in message.blocks if block["type"] == "actions" for e in block["elements"]]


def decides(person: Hands, message: Message, **values: str) -> str:
    person.presses(message, "Decide")
    person.fills(DECISION | values)
    assert person.submits() == {}
    assert person.modal is not None
    said = person.modal.shown
    person.closes()
    return said


def the_escalation(office: Office) -> EscalationEntry:
    with office.bot.db.reading(office.row.id) as session:
        entry = escalations.find_by_ref(session, parse_ref("APOLLO-E1"))
    assert entry is not None
    return entry


def test_acknowledged_it_waits_for_a_decision_and_does_not_climb(apollo: Office) -> None:
    apollo.farah.presses(question(apollo.farah), "Acknowledge")
    assert "is told that you have seen it. Please decide by Wed 25 Nov 2026" in newest(apollo.farah).shown
    assert f"Acknowledged by <@{apollo.id('farah')}>" in progress(apollo).shown
    assert labels(question(apollo.farah)) == ["Decide"]
    apollo.local.move_to(MONDAY)
    assert "went to the PMO" not in progress(apollo).shown


def test_a_decision_needs_its_reason(apollo: Office) -> None:
    apollo.farah.presses(question(apollo.farah), "Decide")
    apollo.farah.fills(decision="Yes")
    assert set(apollo.farah.submits()) == {"reason"}


def test_decided_everybody_sees_what_and_why(apollo: Office) -> None:
    said = decides(apollo.farah, question(apollo.farah))
    assert f"<@{apollo.id('eva')}> and <#{apollo.id('#apollo')}> learn of it now" in said
    seen = progress(apollo)
    for message in (seen, question(apollo.farah), newest(apollo.hana, "#apollo")):
        assert "> Take the tester" in message.shown
        assert "> Waiting costs more" in message.shown
        assert f"<@{apollo.id('farah')}>" in message.shown
        assert labels(message) == []
    assert "Next: act on the decision." in seen.shown
    assert newest(apollo.hana, "#apollo").text.startswith("Decided on APOLLO-E1")


def test_a_project_without_a_channel_has_no_card(office: Office) -> None:
    office.has_project(channel=None)
    office.eva.types("/escalate APOLLO", "#general")
    office.eva.fills(ASK)
    assert office.eva.submits() == {}
    office.settle()
    said = decides(office.farah, question(office.farah))
    assert f"<@{office.id('eva')}> learns of it now" in said


def test_only_who_decides_at_that_level_may_press(apollo: Office) -> None:
    asked = question(apollo.farah)
    for label in ("Acknowledge", "Decide"):
        assert "APOLLO-E1 lies with the sponsor now" in pressed_by(apollo, apollo.ana, asked, label)
        refused = pressed_by(apollo, apollo.eva, asked, label)
        assert f"Ask <@{apollo.id('ana')}> or <@{apollo.id('ben')}>." in refused
    assert (apollo.ana.modal, apollo.eva.modal) == (None, None)
    assert the_escalation(apollo).escalation.state is EscalationState.RAISED


def pressed_by(office: Office, person: Hands, message: Message, label: str) -> str:
    """What somebody is told who presses a button that was copied into a channel."""
    channel = office.workspace.channel("#general")
    assert channel is not None
    copy = Message(**{**vars(message), "channel": channel.id, "ts": message.ts})
    channel.messages.append(copy)
    person.presses(copy, label)
    return newest(person, "#general").shown


def test_after_it_climbed_the_pmo_decides_and_the_sponsor_does_not(apollo: Office) -> None:
    old = question(apollo.farah)
    blocks = list(old.blocks)
    apollo.local.move_to(MONDAY)
    former = question(apollo.farah)
    assert "Nobody acknowledged it in time, so it went to the PMO" in former.shown
    assert labels(former) == []
    former.blocks[:] = blocks
    apollo.farah.presses(former, "Decide")
    assert "APOLLO-E1 lies with the PMO now: only they decide it." in newest(apollo.farah).shown
    assert "Not acknowledged in time, so it went to the PMO" in progress(apollo).shown
    assert labels(question(apollo.ana)) == labels(question(apollo.ben)) == ["Acknowledge", "Decide"]


def test_of_two_who_decide_the_second_sees_who_did(apollo: Office) -> None:
    apollo.local.move_to(MONDAY)
    apollo.ben.presses(question(apollo.ben), "Decide")
    apollo.ben.fills(DECISION | {"decision": "No tester"})
    decides(apollo.ana, question(apollo.ana))
    assert apollo.ben.submits() == {}
    assert apollo.ben.modal is not None
    assert f"*APOLLO-E1* is over. Decided by <@{apollo.id('ana')}>" in apollo.ben.modal.shown
    assert "> Take the tester" in apollo.ben.modal.shown
    assert the_escalation(apollo).escalation.decision == "Take the tester"
    apollo.settle()
    assert "> Take the tester" in question(apollo.ben).shown


@pytest.mark.parametrize("label", ["Acknowledge", "Decide"])
def test_old_buttons_say_what_was_decided(apollo: Office, label: str) -> None:
    message = question(apollo.farah)
    blocks = list(message.blocks)
    decides(apollo.farah, message)
    apollo.settle()
    message = question(apollo.farah)
    message.blocks[:] = blocks
    apollo.farah.presses(message, label)
    assert "*APOLLO-E1* is over. Decided by" in newest(apollo.farah).shown


def test_acknowledging_what_somebody_acknowledged_names_them(apollo: Office) -> None:
    apollo.local.move_to(MONDAY)
    message = question(apollo.ben)
    blocks = list(message.blocks)
    apollo.ana.presses(question(apollo.ana), "Acknowledge")
    apollo.settle()
    message = question(apollo.ben)
    message.blocks[:] = blocks
    apollo.ben.presses(message, "Acknowledge")
    assert f"*APOLLO-E1* Acknowledged by <@{apollo.id('ana')}>" in newest(apollo.ben).shown
    assert the_escalation(apollo).acknowledged_by == apollo.id("ana")


def test_the_raiser_withdraws_it_and_nothing_is_asked_any_more(apollo: Office) -> None:
    message = progress(apollo)
    blocks = list(message.blocks)
    apollo.eva.presses(message, "Withdraw")
    assert "*APOLLO-E1* is withdrawn" in newest(apollo.eva).shown
    seen = progress(apollo)
    assert f"Withdrawn by <@{apollo.id('eva')}>" in seen.shown
    assert "Nothing is asked any more." in seen.shown
    assert labels(question(apollo.farah)) == labels(seen) == []
    apollo.local.move_to(MONDAY + timedelta(days=7))
    assert "went to the PMO" not in progress(apollo).shown
    seen.blocks[:] = blocks
    apollo.eva.presses(seen, "Withdraw")
    assert "*APOLLO-E1* is over. Withdrawn by" in newest(apollo.eva).shown


def test_who_did_not_raise_it_withdraws_it_only_as_a_lead(apollo: Office) -> None:
    apollo.has_project("GEMINI", manager="@hana")
    message = progress(apollo)
    assert "can do that" in pressed_by(apollo, apollo.hana, message, "Withdraw")
    assert "is withdrawn" in pressed_by(apollo, apollo.ana, message, "Withdraw")


def test_overdue_shows_until_it_is_decided(apollo: Office) -> None:
    apollo.farah.presses(question(apollo.farah), "Acknowledge")
    apollo.local.move_to(datetime(2026, 11, 26, 9, tzinfo=UTC))
    assert "Wed 25 Nov 2026 (overdue)" in question(apollo.farah).shown
    listed = apollo.eva.types("/pmo escalations", "#general")
    assert listed is not None
    assert "*(overdue)*" in listed.shown


def test_who_asks_does_not_decide(apollo: Office) -> None:
    apollo.ana.types("/escalate", "#apollo")
    apollo.ana.fills(ASK | {"to": "The PMO"})
    assert apollo.ana.submits() == {}
    apollo.ana.closes()
    apollo.settle()
    assert not any("APOLLO-E2 Decision asked" in message.shown for message in apollo.ana.reads())
    apollo.slack.clock.move_to(datetime(2026, 11, 19, 15, tzinfo=UTC))  # Ben is in New York
    apollo.settle()
    asked = next(m for m in apollo.ben.reads() if "APOLLO-E2 Decision asked" in m.shown)
    for label in ("Acknowledge", "Decide"):
        refused = pressed_by(apollo, apollo.ana, asked, label)
        assert "you raised it, and who asks does not decide" in refused
        assert f"Ask <@{apollo.id('ben')}>." in refused
    shown = apollo.ana.types("/pmo APOLLO-E2", "#general")
    assert shown is not None
    assert labels(shown) == ["Withdraw"]


def test_what_a_sponsor_raises_goes_up(apollo: Office) -> None:
    apollo.ana.types("/pmo team APOLLO add @farah deputy", "#general")
    apollo.farah.types("/escalate", "#apollo")
    apollo.farah.fills(ASK)
    assert apollo.farah.submits() == {}
    assert apollo.farah.modal is not None
    assert "You sponsor APOLLO yourself, so it goes to the PMO" in apollo.farah.modal.shown
