"""A risk's card in its project's channel: owned, scored anew, closed, and kind to who comes late."""

from collections.abc import Sequence

import pytest

from bot.playground.hands import Hands
from bot.playground.records import Message
from bot.rules.references import parse_ref
from bot.rules.terms import RiskOutcome, RiskState
from bot.store import risks
from bot.store.tables import RiskEntry
from tests.office import Office

LINE = "/risk APOLLO Vendor may slip the API p4 i5 due fri @hana"


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, which Eva manages, and a risk that Ben raised and Hana owns."""
    office.has_project()
    office.ben.types(LINE, "#general")
    office.settle()
    return office


def the_risk(office: Office) -> RiskEntry:
    with office.bot.db.reading(office.row.id) as session:
        entry = risks.find_by_ref(session, parse_ref("APOLLO-R1"))
    assert entry is not None
    return entry


def card(office: Office) -> Message:
    """The one card there is."""
    office.settle()
    [found] = [m for m in office.eva.reads("#apollo") if "APOLLO-R1" in m.shown and not m.ephemeral_to]
    return found


def told(person: Hands, place: str = "#apollo") -> str:
    return person.reads(place)[-1].shown


def labels(message: Message) -> list[str]:
    return [e["text"]["text"] for block in message.blocks if block["type"] == "actions" for e in block["elements"]]


def closes(person: Hands, message: Message, **values: str) -> None:
    person.presses(message, "Close")
    person.fills({"outcome": "Avoided", "note": "We paid for a tester"} | values)
    assert person.submits() == {}


def test_whoever_owns_it_stands_on_the_card_edited_in_place(apollo: Office) -> None:
    before = card(apollo)
    apollo.eva.presses(before, "I'll own it")
    assert f"you own it now, instead of <@{apollo.id('hana')}>" in told(apollo.eva)
    after = card(apollo)
    assert (after.ts, the_risk(apollo).owner) == (before.ts, apollo.id("eva"))
    assert f"*Owner*\n<@{apollo.id('eva')}>" in after.shown
    apollo.eva.presses(after, "I'll own it")
    assert "you own it already" in told(apollo.eva)


def test_only_the_team_works_on_it(apollo: Office) -> None:
    for label in ("I'll own it", "Re-score", "Close", "Escalate"):
        apollo.ben.presses(card(apollo), label)
        assert "can do that. Ask <@" in told(apollo.ben)
        assert apollo.ben.modal is None
    assert the_risk(apollo).owner == apollo.id("hana")


def test_it_is_scored_anew(apollo: Office) -> None:
    apollo.eva.presses(card(apollo), "Re-score")
    apollo.eva.fills(probability="1 Very low: up to 10%")
    assert apollo.eva.submits() == {}
    assert apollo.eva.modal is not None
    assert "Moderate 5 now; it was Very high 20" in apollo.eva.modal.shown
    assert "*Severity*\nModerate 5\n*Probability × impact*\n1 × 5" in card(apollo).shown


def test_closing_it_needs_an_outcome_and_the_card_says_how_it_ended(apollo: Office) -> None:
    apollo.eva.presses(card(apollo), "Close")
    assert set(apollo.eva.submits()) == {"outcome"}
    apollo.eva.closes()
    closes(apollo.eva, card(apollo))
    ended = card(apollo)
    assert f"Closed as avoided by <@{apollo.id('eva')}>" in ended.shown
    assert "> We paid for a tester" in ended.shown
    assert labels(ended) == []
    entry = the_risk(apollo)
    assert (entry.risk.state, entry.risk.outcome) == (RiskState.CLOSED, RiskOutcome.AVOIDED)


def old_buttons(office: Office) -> tuple[Message, Sequence[dict[str, object]]]:
    message = card(office)
    return message, list(message.blocks)


def test_old_buttons_answer_kindly(apollo: Office) -> None:
    message, blocks = old_buttons(apollo)
    closes(apollo.eva, message)
    apollo.eva.closes()
    apollo.settle()
    message.blocks[:] = blocks
    for label in ("I'll own it", "Re-score", "Close", "Escalate"):
        apollo.eva.presses(message, label)
        assert f"APOLLO-R1 was closed already by <@{apollo.id('eva')}> on <!date" in told(apollo.eva), label


@pytest.mark.parametrize("label", ["Re-score", "Close"])
def test_a_form_that_was_open_while_it_was_closed_says_so(apollo: Office, label: str) -> None:
    apollo.ana.presses(card(apollo), label)
    if label == "Close":
        apollo.ana.fills(outcome="Expired")
    closes(apollo.eva, card(apollo))
    assert apollo.ana.submits() == {}
    assert apollo.ana.modal is not None
    assert "APOLLO-R1 was closed already by" in apollo.ana.modal.shown
    assert the_risk(apollo).risk.outcome is RiskOutcome.AVOIDED


def test_from_the_list_it_opens_for_oneself_alone_and_is_owned_there(apollo: Office) -> None:
    listed = apollo.eva.types("/pmo risks", "#general")
    apollo.eva.presses(listed, "Open")
    mine = apollo.eva.reads("#general")[-1]
    assert mine.ephemeral_to == apollo.id("eva")
    apollo.eva.presses(mine, "I'll own it")
    assert f"*Owner*\n<@{apollo.id('eva')}>" in told(apollo.eva, "#general")
    assert f"*Owner*\n<@{apollo.id('eva')}>" in card(apollo).shown


def test_two_clicks_at_once_are_one_change(apollo: Office) -> None:
    apollo.slack.misbehave("interactive", "twice")
    apollo.eva.presses(card(apollo), "I'll own it")
    assert "you own it now" in told(apollo.eva)


def test_a_project_without_a_channel_is_worked_on_from_the_list(office: Office) -> None:
    office.has_project(channel=None)
    office.ben.types(LINE, "#general")
    listed = office.eva.types("/pmo risks", "#general")
    office.eva.presses(listed, "Open")
    closes(office.eva, office.eva.reads("#general")[-1])
    assert office.eva.modal is not None
    assert "APOLLO has no channel, so I told nobody" in office.eva.modal.shown
