"""Risks as people raise them: in a line, in a form, from a message; edited, taken back, listed."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.playground.hands import Hands
from bot.playground.records import Message, View
from bot.rules.references import parse_ref
from bot.rules.terms import RiskState, Severity
from bot.store import audit, risks
from bot.store.tables import RiskEntry
from tests.office import Office

LINE = "/risk APOLLO Vendor may slip the API p4 i5 due fri @hana"
FIELDS = {
    "event": "Vendor may slip",
    "cause": "One tester",
    "effect": "Go-live moves by 3 weeks",
    "probability": "4 High: 51 to 70%",
    "impact": "2 Low: minor areas",
}


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, which Eva manages, in #apollo."""
    office.has_project()
    return office


def the_risk(office: Office, ref: str = "APOLLO-R1") -> RiskEntry:
    with office.bot.db.reading(office.row.id) as session:
        entry = risks.find_by_ref(session, parse_ref(ref))
    assert entry is not None
    return entry


def cards(office: Office, place: str = "#apollo") -> list[Message]:
    office.settle()
    return [message for message in office.eva.reads(place) if "-R" in message.shown and not message.ephemeral_to]


def types(person: Hands, text: str, place: str = "#general") -> Message:
    message = person.types(text, place)
    assert message is not None
    return message


def form(person: Hands) -> View:
    assert person.modal is not None
    return person.modal


def test_a_line_is_kept_at_once_and_says_what_was_understood(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    assert answer.ephemeral_to == apollo.id("ben")
    for said in ("Saved as APOLLO-R1", "Very high 20", "4 of 5", "5 of 5", apollo.id("hana"), "Fri 20 Nov 2026"):
        assert said in answer.shown
    assert "assumed" not in answer.shown
    assert apollo.id("#apollo") in answer.shown
    [card] = cards(apollo)
    assert "Vendor may slip the API" in card.shown
    assert card.text.startswith("Very high 20 risk APOLLO-R1: Vendor may slip the API. Owner: <@")


def test_what_was_not_said_is_marked_as_assumed(apollo: Office) -> None:
    answer = types(apollo.ben, "/risk APOLLO Vendor may slip p2")
    assert "*Impact*\n3 of 5 (assumed: you did not say)" in answer.shown
    assert "*Probability*\n2 of 5\n" in answer.shown
    assert "*Owner*\nnobody\n*Due*\nno date" in answer.shown


def test_in_a_projects_channel_the_key_may_be_left_out(apollo: Office) -> None:
    assert "Saved as APOLLO-R1" in types(apollo.hana, "/risk vendor may slip p1 i1", "#apollo").shown
    assert the_risk(apollo).risk.event == "vendor may slip"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/risk Vendor may slip p4 @hana", ["Which project is it?", "Vendor may slip"]),
        ("/risk APOLLO", ["APOLLO Apollo"]),
        ("/risk APOLLO p4", ["APOLLO Apollo"]),
    ],
)
def test_a_line_that_does_not_say_enough_opens_the_form_with_what_it_says(
    apollo: Office, text: str, shown: list[str]
) -> None:
    assert apollo.ben.types(text, "#general") is None
    assert all(said in form(apollo.ben).shown for said in shown)
    apollo.ben.closes()
    assert cards(apollo) == []


def test_what_a_line_says_is_in_the_form(apollo: Office) -> None:
    apollo.ben.types("/risk Vendor may slip p4 due 27 nov @hana", "#general")
    typed = {name: values for name, element in form(apollo.ben).values.items() for values in element.values()}
    assert typed["event"]["value"] == "Vendor may slip"
    assert typed["probability"]["selected_option"]["value"] == "4"
    assert typed["impact"]["selected_option"] is None
    assert (typed["owner"]["selected_user"], typed["due"]["selected_date"]) == (apollo.id("hana"), "2026-11-27")


def test_the_form_marks_what_is_missing_and_loses_nothing(apollo: Office) -> None:
    apollo.hana.types("/risk", "#apollo")
    apollo.hana.fills(FIELDS | {"due": date(2026, 11, 18)})
    assert set(apollo.hana.submits()) == {"due"}
    apollo.hana.fills(due=date(2026, 11, 27), owner="@eva")
    assert apollo.hana.submits() == {}
    assert "Saved as APOLLO-R1" in form(apollo.hana).shown
    entry = the_risk(apollo)
    assert (entry.risk.cause, entry.risk.score, entry.owner) == ("One tester", 8, apollo.id("eva"))
    [card] = cards(apollo)
    assert "*Because of* One tester\n*Which would* Go-live moves by 3 weeks" in card.shown


def test_who_cannot_own_is_refused_at_the_field(apollo: Office) -> None:
    apollo.guest.types("/pmo help", "#general")
    apollo.hana.types("/risk", "#apollo")
    apollo.hana.fills(FIELDS | {"owner": "@guest"})
    assert "Guests cannot act here" in apollo.hana.submits()["owner"]
    assert "Guests cannot act here" in types(apollo.ben, "/risk APOLLO Slip @guest").shown
    assert cards(apollo) == []


def test_projects_are_suggested_by_key_and_name(apollo: Office) -> None:
    apollo.has_project("GEMINI", name="Payroll")
    apollo.ben.types("/risk", "#general")
    assert apollo.ben.suggestions("project", "pay") == ["GEMINI Payroll"]
    assert apollo.ben.suggestions("project", "") == ["APOLLO Apollo", "GEMINI Payroll"]
    apollo.ben.fills(FIELDS | {"project": "Payroll"})
    assert apollo.ben.submits() == {}
    assert [message.text[:30] for message in cards(apollo, "#gemini")] == ["Moderate 8 risk GEMINI-R1: Ven"]


def test_a_project_that_is_over_takes_no_risks(apollo: Office) -> None:
    apollo.eva.types("/risk", "#apollo")
    apollo.ana.types("/pmo project APOLLO edit", "#general")
    apollo.ana.fills(state="Cancelled")
    assert apollo.ana.submits() == {}
    assert "APOLLO is over" in types(apollo.ben, LINE).shown
    apollo.eva.fills(FIELDS)
    assert "APOLLO is over" in apollo.eva.submits()["project"]


def test_a_guest_raises_nothing(apollo: Office) -> None:
    assert "Only full members" in types(apollo.guest, LINE).shown
    assert cards(apollo) == []


def test_a_project_without_a_channel_tells_nobody_and_says_so(office: Office) -> None:
    office.has_project(channel=None)
    answer = types(office.ben, LINE)
    assert "APOLLO has no channel" in answer.shown
    office.ben.presses(answer, "Undo")
    assert "is undone" in office.ben.reads("#general")[-1].shown
    assert cards(office) == []


def test_the_same_command_brought_twice_is_one_risk_and_one_answer(apollo: Office) -> None:
    apollo.slack.misbehave("command", "twice")
    types(apollo.ben, LINE)
    assert len(cards(apollo)) == 1
    with apollo.bot.db.reading(apollo.row.id) as session:
        assert risks.count_open(session) == 1


def test_the_form_sent_twice_is_one_risk_and_one_answer(apollo: Office) -> None:
    apollo.hana.types("/risk", "#apollo")
    apollo.hana.fills(FIELDS)
    apollo.slack.misbehave("interactive", "twice")
    assert apollo.hana.submits() == {}
    assert "Saved as APOLLO-R1" in form(apollo.hana).shown
    assert len(cards(apollo)) == 1


# Undo and Edit


def test_undo_takes_the_risk_and_its_card_back_once(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    assert len(cards(apollo)) == 1
    apollo.ben.presses(answer, "Undo")
    assert "APOLLO-R1 is undone" in apollo.ben.reads("#general")[-1].shown
    assert cards(apollo) == []
    assert the_risk(apollo).risk.state is RiskState.REJECTED


def test_a_second_undo_says_that_it_is_done_already(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    blocks = list(answer.blocks)
    apollo.ben.presses(answer, "Undo")
    answer.blocks[:] = blocks
    apollo.ben.presses(answer, "Undo")
    assert "APOLLO-R1 was undone already by" in apollo.ben.reads("#general")[-1].shown


def test_where_slack_changes_no_answer_a_new_one_is_given(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    apollo.slack.misbehave("response_url", "500")
    apollo.ben.presses(answer, "Undo")
    assert "APOLLO-R1 is undone" in apollo.ben.reads("#general")[-1].shown
    assert "Undo" in answer.shown
    for number in range(9):
        types(apollo.ben, f"/risk APOLLO Slip {number}")
    listed = types(apollo.ben, "/pmo risks")
    apollo.slack.misbehave("response_url", "500")
    apollo.ben.presses(listed, "Next")
    assert "9 to 9 of 9" in apollo.ben.reads("#general")[-1].shown


def test_undo_is_for_a_while_and_while_nobody_worked_with_it(apollo: Office) -> None:
    late, touched = types(apollo.ben, LINE), types(apollo.ben, LINE)
    apollo.settle()
    apollo.eva.presses(cards(apollo)[1], "I'll own it")
    apollo.ben.presses(touched, "Undo")
    assert "Somebody has worked with this risk" in apollo.ben.reads("#general")[-1].shown
    apollo.local.advance(timedelta(minutes=31))
    apollo.ben.presses(late, "Undo")
    assert "more than 30 minutes ago" in apollo.ben.reads("#general")[-1].shown
    assert the_risk(apollo).risk.state.is_open


def test_edit_opens_what_was_said_and_keeps_what_is_said_anew(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    apollo.settle()
    apollo.ben.presses(answer, "Edit")
    apollo.ben.fills(event="Vendor slips the API", probability="2 Low: 11 to 30%", owner=None)
    assert apollo.ben.submits() == {}
    assert "saved as you wrote it" in form(apollo.ben).shown
    entry = the_risk(apollo)
    assert (entry.risk.event, entry.risk.severity, entry.owner) == ("Vendor slips the API", Severity.HIGH, None)
    [card] = cards(apollo)
    assert "Vendor slips the API" in card.shown
    with apollo.bot.db.reading(apollo.row.id) as session:
        assert [change.what for change in audit.list_of(session, entry.risk)] == ["raised", "edited"]


def test_who_neither_raised_it_nor_works_on_it_cannot_edit_or_undo_it(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    answer.ephemeral_to = apollo.id("hana")
    for label in ("Edit", "Undo"):
        apollo.hana.presses(answer, label)
        assert "can do that" in apollo.hana.reads("#general")[-1].shown
    assert the_risk(apollo).risk.state.is_open


def test_what_is_over_is_not_edited(apollo: Office) -> None:
    answer = types(apollo.eva, LINE)
    apollo.eva.presses(answer, "Edit")
    close(apollo.eva, cards(apollo)[0])
    apollo.eva.presses(answer, "Edit")
    assert "was closed already by" in apollo.eva.reads("#general")[-1].shown


def close(person: Hands, card: Message, **values: Any) -> None:
    if person.modal:
        person.closes()
    person.presses(card, "Close")
    person.fills({"outcome": "Avoided"} | values)
    assert person.submits() == {}
    person.closes()


def test_a_form_opened_before_the_risk_was_closed_says_who_closed_it(apollo: Office) -> None:
    answer = types(apollo.ben, LINE)
    apollo.ben.presses(answer, "Edit")
    close(apollo.eva, cards(apollo)[0])
    apollo.ben.submits()
    assert f"was closed already by <@{apollo.id('eva')}>" in form(apollo.ben).shown


# From a message


def test_a_message_becomes_a_risk_with_the_message_as_evidence(apollo: Office) -> None:
    apollo.hana.types("The vendor <late> again & again", "#apollo")
    message = apollo.eva.reads("#apollo")[-1]
    apollo.eva.shortcut("Raise a risk", message)
    typed = {name: values for name, element in form(apollo.eva).values.items() for values in element.values()}
    assert typed["event"]["value"] == "The vendor <late> again & again"
    assert typed["owner"]["selected_user"] == apollo.id("hana")
    apollo.eva.fills(FIELDS | {"event": "The vendor is late again"})
    assert apollo.eva.submits() == {}
    [card] = cards(apollo)
    evidence = the_risk(apollo).risk.evidence
    assert evidence
    assert f"<{evidence}|a message>" in card.shown


def test_a_message_that_cannot_be_linked_is_a_risk_all_the_same(apollo: Office) -> None:
    apollo.hana.types("The vendor is late", "#apollo")
    apollo.eva.shortcut("Raise a risk", apollo.eva.reads("#apollo")[-1])
    apollo.eva.fills(FIELDS)
    apollo.slack.misbehave("chat.getPermalink", "channel_not_found")
    assert apollo.eva.submits() == {}
    assert "I could not link the message" in form(apollo.eva).shown
    assert the_risk(apollo).risk.evidence is None


def test_a_bots_message_suggests_no_owner(apollo: Office) -> None:
    types(apollo.ben, LINE)
    [card] = cards(apollo)
    apollo.eva.shortcut("Raise a risk", card)
    assert form(apollo.eva).values["owner"]["owner"]["selected_user"] is None


# The list


def test_the_list_is_worst_first_and_has_pages(apollo: Office) -> None:
    for number in range(9):
        types(apollo.ben, f"/risk APOLLO Slip {number} p2 i{1 + number % 5}")
    apollo.settle()
    listed = types(apollo.ben, "/pmo risks")
    assert listed.ephemeral_to == apollo.id("ben")
    assert listed.shown.index("APOLLO-R5*") < listed.shown.index("APOLLO-R4*") < listed.shown.index("APOLLO-R1*")
    assert "1 to 8 of 9" in listed.shown
    apollo.ben.presses(listed, "Next")
    second = apollo.ben.reads("#general")[-1]
    assert "9 to 9 of 9" in second.shown
    apollo.ben.presses(second, "Previous")
    assert "1 to 8 of 9" in apollo.ben.reads("#general")[-1].shown


def test_the_list_of_a_project_has_its_own_risks(apollo: Office) -> None:
    apollo.has_project("GEMINI")
    types(apollo.ben, LINE)
    types(apollo.ben, LINE.replace("APOLLO", "GEMINI"))
    shown = types(apollo.ben, "/pmo risks gemini").shown
    assert "GEMINI-R1" in shown
    assert "APOLLO-R1" not in shown
    assert "There is no project with that key" in types(apollo.ben, "/pmo risks NONE").shown


def test_a_page_that_is_gone_shows_the_last_one(apollo: Office) -> None:
    answers = [types(apollo.ben, f"/risk APOLLO Slip {number}") for number in range(9)]
    listed = types(apollo.ben, "/pmo risks APOLLO")
    apollo.ben.presses(answers[0], "Undo")
    apollo.ben.presses(listed, "Next")
    assert "1 to 8 of 8" in apollo.ben.reads("#general")[-1].shown


def test_an_empty_list_says_how_to_begin(apollo: Office) -> None:
    assert "There is no open risk. Raise one in a line: `/risk APOLLO" in types(apollo.ben, "/pmo risks").shown
    assert "There is no open risk in APOLLO." in types(apollo.ben, "/pmo risks APOLLO").shown


def test_a_record_that_is_too_long_for_a_line_is_refused_with_the_reason(apollo: Office) -> None:
    assert "Keep it to 300 characters" in types(apollo.ben, f"/risk APOLLO {'slip ' * 80}").shown


def test_the_form_opens_from_a_project_with_the_project_in_it(apollo: Office) -> None:
    card = types(apollo.eva, "/pmo project APOLLO")
    apollo.eva.presses(card, "Raise a risk")
    assert "APOLLO Apollo" in form(apollo.eva).shown
