"""Escalations as people raise them: in a form, from a line, a risk, a project or a message; and listed."""

from datetime import date
from typing import Any

import pytest

from bot.playground.hands import Hands
from bot.playground.records import Message, View
from bot.rules.references import parse_ref
from bot.rules.terms import EscalationLevel
from bot.store import escalations
from bot.store.tables import EscalationEntry
from tests.office import Office

ASK = {
    "what": "Vendor test is late",
    "ask": "Approve a second tester (41k)",
    "impact_if_nothing": "9k a week",
    "decide_by": date(2026, 11, 25),
}


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, which Eva manages and Farah sponsors."""
    office.has_project()
    return office


def form(person: Hands) -> View:
    assert person.modal is not None
    return person.modal


def typed(person: Hands) -> dict[str, Any]:
    return {name: values for name, element in form(person).values.items() for values in element.values()}


def sends(office: Office, person: Hands, **values: Any) -> str:
    """Fill the form in, send it, and give what it says then."""
    person.fills(ASK | values)
    assert person.submits() == {}
    said = form(person).shown
    person.closes()
    office.settle()
    return said


def the_escalation(office: Office, ref: str = "APOLLO-E1") -> EscalationEntry:
    with office.bot.db.reading(office.row.id) as session:
        entry = escalations.find_by_ref(session, parse_ref(ref))
    assert entry is not None
    return entry


def newest(person: Hands, place: str | None = None) -> Message:
    return person.reads(place)[-1]


def questions(person: Hands) -> list[Message]:
    return [message for message in person.reads() if "Decision asked" in message.shown]


def labels(message: Message) -> list[str]:
    return [e["text"]["text"] for block in message.blocks if block["type"] == "actions" for e in block["elements"]]


def test_the_sponsor_is_asked_and_the_raiser_sees_it(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#apollo")
    said = sends(apollo, apollo.eva)
    assert "*Saved as APOLLO-E1* and put to the sponsor" in said
    assert "Mon 23 Nov 2026, 11:00 Europe/Stockholm" in said
    asked = newest(apollo.farah)
    for words in ("Vendor test is late", "Approve a second tester (41k)", "9k a week", "Wed 25 Nov 2026"):
        assert words in asked.shown
    assert labels(asked) == ["Acknowledge", "Decide"]
    progress = newest(apollo.eva)
    assert f"Raised, and put to the sponsor (<@{apollo.id('farah')}>)" in progress.shown
    assert labels(progress) == ["Withdraw"]


def test_every_fault_is_marked_at_once(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#general")
    assert set(apollo.eva.submits()) == {"project", "what", "ask", "impact_if_nothing", "decide_by"}
    apollo.eva.fills(ASK | {"project": "APOLLO", "decide_by": date(2026, 11, 18)})
    assert set(apollo.eva.submits()) == {"decide_by"}


def test_a_line_opens_the_form_with_what_it_says(apollo: Office) -> None:
    apollo.eva.types("/escalate APOLLO we need a second tester by fri", "#general")
    values = typed(apollo.eva)
    assert values["ask"]["value"] == "we need a second tester"
    assert values["decide_by"]["selected_date"] == "2026-11-20"
    assert values["project"]["selected_option"]["text"]["text"] == "APOLLO Apollo"


def test_without_a_key_the_project_is_that_of_the_channel(apollo: Office) -> None:
    apollo.eva.types("/escalate we need a second tester", "#apollo")
    values = typed(apollo.eva)
    assert values["ask"]["value"] == "we need a second tester"
    assert values["project"]["selected_option"]["text"]["text"] == "APOLLO Apollo"


def test_only_projects_one_leads_are_offered(apollo: Office) -> None:
    apollo.has_project("GEMINI", manager="@ben")
    apollo.ben.types("/escalate", "#apollo")
    assert typed(apollo.ben)["project"]["selected_option"] is None
    assert apollo.ben.suggestions("project", "") == ["GEMINI Gemini"]
    apollo.ana.types("/escalate", "#general")
    assert apollo.ana.suggestions("project", "") == ["APOLLO Apollo", "GEMINI Gemini"]


def test_who_leads_nothing_is_told_who_can(apollo: Office) -> None:
    answer = apollo.hana.types("/escalate APOLLO please", "#general")
    assert answer is not None
    assert "Only the project's manager, the manager's deputy or the PMO can do that" in answer.shown


def test_without_a_sponsor_it_goes_to_the_pmo_with_a_word_about_it(office: Office) -> None:
    office.has_project(sponsor=None)
    office.eva.types("/escalate", "#apollo")
    assert "APOLLO has no sponsor, so it goes to the PMO." in sends(office, office.eva)
    assert "Vendor test is late" in newest(office.ana).shown
    entry = the_escalation(office)
    assert (entry.escalation.level, entry.escalation.climbs_at) == (EscalationLevel.PMO, None)


def test_who_is_the_sponsor_asks_the_pmo(office: Office) -> None:
    office.has_project(sponsor="@eva")
    office.eva.types("/escalate", "#apollo")
    assert "You sponsor APOLLO yourself, so it goes to the PMO." in sends(office, office.eva)


def test_the_pmo_can_be_asked_at_once(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#apollo")
    assert "put to the PMO" in sends(apollo, apollo.eva, to="The PMO")
    assert questions(apollo.farah) == []


def test_where_nobody_decides_it_is_refused_with_the_cure(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#apollo")
    apollo.eva.fills(ASK | {"to": "The PMO"})
    apollo.slack.change_person(apollo.workspace, "ana", deleted=True)
    apollo.settle()
    assert "Nobody can decide this" in apollo.eva.submits()["to"]


def test_a_project_that_is_over_is_not_escalated_in(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#apollo")
    apollo.eva.fills(ASK)
    apollo.ana.types("/pmo project APOLLO edit", "#general")
    apollo.ana.fills(state="Cancelled")
    assert apollo.ana.submits() == {}
    assert "APOLLO is over" in str(apollo.eva.submits())


def raises_a_risk(office: Office) -> Message:
    office.eva.types("/risk APOLLO Vendor may slip p4 i5", "#general")
    office.settle()
    return newest(office.eva, "#apollo")


def test_a_risk_is_escalated_with_what_it_says(apollo: Office) -> None:
    apollo.eva.presses(raises_a_risk(apollo), "Escalate")
    assert "*APOLLO* Apollo" in form(apollo.eva).shown
    assert typed(apollo.eva)["what"]["value"] == "Vendor may slip"
    sends(apollo, apollo.eva, what="Vendor may slip")
    assert the_escalation(apollo).risk == "APOLLO-R1"
    assert "risk APOLLO-R1" in newest(apollo.farah).shown


def test_a_risk_is_escalated_once(apollo: Office) -> None:
    card = raises_a_risk(apollo)
    apollo.ana.presses(card, "Escalate")
    apollo.eva.types("/escalate apollo-r1", "#general")
    sends(apollo, apollo.eva)
    apollo.ana.fills(ASK)
    assert apollo.ana.submits() == {}
    assert "*APOLLO-R1* is escalated already, as APOLLO-E1: the sponsor" in form(apollo.ana).shown
    apollo.ana.closes()
    apollo.eva.presses(card, "Escalate")
    assert "is escalated already" in newest(apollo.eva, "#apollo").shown
    answer = apollo.eva.types("/escalate APOLLO-R1", "#general")
    assert answer is not None
    assert "is escalated already" in answer.shown


def test_a_risk_closed_in_the_meantime_is_not_escalated(apollo: Office) -> None:
    card = raises_a_risk(apollo)
    apollo.ana.presses(card, "Escalate")
    apollo.ana.fills(ASK)
    apollo.eva.presses(card, "Close")
    apollo.eva.fills(outcome="Expired")
    apollo.eva.submits()
    assert apollo.ana.submits() == {}
    assert "was closed already by" in form(apollo.ana).shown


def test_an_unknown_reference_is_taken_for_words(apollo: Office) -> None:
    apollo.eva.types("/escalate APOLLO-R9", "#apollo")
    assert typed(apollo.eva)["ask"]["value"] == "APOLLO-R9"


def test_a_project_is_escalated_from_its_card(apollo: Office) -> None:
    apollo.eva.presses(apollo.eva.types("/pmo project APOLLO", "#general"), "Escalate")
    sends(apollo, apollo.eva)
    assert the_escalation(apollo).escalation.report_id is None


def test_a_message_is_escalated_with_the_message_as_evidence(apollo: Office) -> None:
    apollo.hana.types("The vendor is late again", "#apollo")
    apollo.eva.shortcut("Escalate this", newest(apollo.eva, "#apollo"))
    assert typed(apollo.eva)["what"]["value"] == "The vendor is late again"
    sends(apollo, apollo.eva)
    evidence = the_escalation(apollo).escalation.evidence
    assert f"<{evidence}|a message>" in newest(apollo.farah).shown


def test_a_message_that_cannot_be_linked_is_escalated_all_the_same(apollo: Office) -> None:
    apollo.hana.types("The vendor is late again", "#apollo")
    apollo.eva.shortcut("Escalate this", newest(apollo.eva, "#apollo"))
    apollo.slack.misbehave("chat.getPermalink", "500")
    assert "I could not link the message" in sends(apollo, apollo.eva)


def test_sent_twice_it_is_one(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#apollo")
    apollo.eva.fills(ASK)
    apollo.slack.misbehave("interactive", "twice")
    assert apollo.eva.submits() == {}
    assert "Saved as APOLLO-E1" in form(apollo.eva).shown
    apollo.settle()
    assert len(questions(apollo.farah)) == 1


def test_the_list_has_buttons_for_what_one_may_do(apollo: Office) -> None:
    apollo.eva.types("/escalate", "#apollo")
    sends(apollo, apollo.eva)
    mine, theirs = (person.types("/pmo escalations", "#general") for person in (apollo.eva, apollo.farah))
    assert mine is not None
    assert theirs is not None
    assert labels(mine) == ["Withdraw"]
    assert labels(theirs) == ["Acknowledge", "Decide"]
    assert "By Wed 25 Nov 2026 · the sponsor" in theirs.shown
    seen = apollo.ana.types("/pmo escalations", "#general")
    assert seen is not None
    assert labels(seen) == []


def test_the_list_has_pages_the_most_urgent_first(apollo: Office) -> None:
    for day in range(6):
        apollo.eva.types("/escalate", "#apollo")
        sends(apollo, apollo.eva, what=f"Matter {day}", decide_by=date(2026, 12, 20 - day))
    listed = apollo.ana.types("/pmo escalations", "#general")
    assert listed is not None
    assert listed.shown.index("Matter 5") < listed.shown.index("Matter 4")
    assert "1 to 5 of 6" in listed.shown
    apollo.ana.presses(listed, "Next")
    assert "Matter 0" in newest(apollo.ana, "#general").shown
    apollo.ana.presses(newest(apollo.ana, "#general"), "Previous")
    assert "1 to 5 of 6" in newest(apollo.ana, "#general").shown
    apollo.slack.misbehave("response_url", "500")
    apollo.ana.presses(newest(apollo.ana, "#general"), "Next")
    assert "Matter 0" in newest(apollo.ana, "#general").shown


def test_an_empty_list_says_what_to_do(apollo: Office) -> None:
    answer = apollo.ana.types("/pmo escalations", "#general")
    assert answer is not None
    assert "`/escalate` asks for one" in answer.shown
    refused = apollo.ben.types("/pmo escalations", "#general")
    assert refused is not None
    assert f"can do that. Ask <@{apollo.id('ana')}>." in refused.shown
