"""The PMO's week: asked, answered, corrected, raised, escalated, decided and told; and the week after it."""

from datetime import date

import pytest

from tests.journeys.chat import about, answers, assert_in_order, at, buttons, form, holds, home, newest, sends
from tests.office import Office

PATH = {"cause", "action", "action_owner", "action_due"}


@pytest.mark.every_way
def test_two_weeks_in_the_life_of_a_pmo(office: Office) -> None:
    monday_the_office_is_set_up(office)
    tuesday_risks_are_raised_and_worked_on(office)
    wednesday_a_risk_is_escalated_and_decided(office)
    friday_managers_are_asked_and_answer(office)
    friday_evening_the_report_is_corrected(office)
    monday_the_board_is_told(office)
    tuesday_nobody_acknowledges_so_it_climbs(office)
    friday_it_has_become_worse(office)
    monday_the_board_is_told_what_changed(office)


def monday_the_office_is_set_up(office: Office) -> None:
    """Ana adds two projects; their people and their channels are told; the board gets a digest."""
    ana, eva, farah, ben = office.ana, office.eva, office.farah, office.ben

    ana.types("/pmo project add", "#general")
    ana.fills(name="Apollo lander", manager="@eva", sponsor="@farah", channel="#apollo")
    assert holds(ana, "key") == "APOLLO"
    ana.fills(key="A!", budget="much")
    assert set(ana.submits()) == {"key:APOLLO", "budget"}
    said = sends(office, ana, key="APOLLO", budget="1.2m", finish=date(2027, 2, 12))
    assert f"I tell <@{office.id('eva')}> and <@{office.id('farah')}> of their part" in said
    assert "every Friday at 15:00 (Europe/Stockholm)" in said

    assert "You manage *APOLLO* Apollo lander. Your first check-in is due" in newest(eva).shown
    assert "You sponsor *APOLLO* Apollo lander." in newest(farah).shown
    assert "This project is followed here." in newest(office.hana, "#apollo").shown

    ana.types("/pmo project add Gemini", "#general")
    ana.fills(key="APOLLO", manager="@ben", channel="#gemini")
    assert set(ana.submits()) == {"key:GEMINI"}
    sends(office, ana, key="GEMINI", sponsor="@farah")
    assert ben.reads() == []  # it is half past four in the morning where he is

    ana.types("/pmo digest add", "#general")
    assert "Mon 23 Nov 2026, 09:00 Europe/London" in sends(office, ana, channel="#board")
    assert "*APOLLO* Apollo lander" in answers(ana, "/pmo portfolio")


def tuesday_risks_are_raised_and_worked_on(office: Office) -> None:
    """A risk in one line, edited; one taken back; one from a message, owned, scored anew and closed."""
    eva, hana, ben = office.eva, office.hana, office.ben
    office.local.move_to(at(17, 10))
    assert "every Friday at 15:00 (America/New_York)" in newest(ben).shown

    said = eva.types("/risk APOLLO Vendor may slip the API p4 i5 due fri @eva", "#general")
    assert said is not None
    assert_in_order(said.shown, "Saved as APOLLO-R1", "4 of 5", "5 of 5", f"<@{office.id('eva')}>", "Fri 20 Nov 2026")
    assert buttons(said) == ["Edit", "Undo"]
    office.settle()
    assert "Very high 20" in about(hana, "APOLLO-R1", "#apollo").shown
    eva.presses(said, "Edit")
    sends(office, eva, cause="Two of their people are ill", impact="4")
    card = about(hana, "APOLLO-R1", "#apollo")
    assert_in_order(card.shown, "Very high 16", "Two of their people are ill")

    assert "Saved as APOLLO-R2" in answers(ben, "/risk APOLLO Coffee may run out p1 i1")
    office.settle()
    about(hana, "APOLLO-R2", "#apollo")
    ben.presses(newest(ben, "#general"), "Undo")
    office.settle()
    assert "APOLLO-R2 is undone" in newest(ben, "#general").shown
    assert "APOLLO-R2" not in str([message.shown for message in hana.reads("#apollo")])

    hana.types("The vendor does not answer the phone", "#apollo")
    message = newest(hana, "#apollo")
    eva.shortcut("Raise a risk", message)
    assert (holds(eva, "event"), holds(eva, "owner")) == (message.text, office.id("hana"))
    assert eva.submits().keys() == {"cause", "effect", "probability", "impact"}
    told = sends(office, eva, cause="They are broke", effect="No API at all", probability="3", impact="5")
    assert "Saved as APOLLO-R3" in told
    card = about(hana, "APOLLO-R3", "#apollo")
    assert f"/archives/{office.id('#apollo')}/p{message.ts.replace('.', '')}|a message>" in card.shown

    eva.presses(card, "I'll own it")
    assert f"instead of <@{office.id('hana')}>" in newest(eva, "#apollo").shown
    eva.presses(card, "Re-score")
    assert "Moderate 6 now; it was Very high 15" in sends(office, eva, probability="2", impact="3")
    eva.presses(card, "Close")
    sends(office, eva, outcome="Expired", note="They called back")
    closed = about(hana, "APOLLO-R3", "#apollo")
    assert closed.ts == card.ts
    assert_in_order(closed.shown, "Closed as expired by", "They called back")
    assert buttons(closed) == []
    assert_in_order(answers(eva, "/pmo risks APOLLO"), "APOLLO-R1", "1 to 1 of 1")


def wednesday_a_risk_is_escalated_and_decided(office: Office) -> None:
    """Eva escalates the risk; Farah acknowledges and decides; Eva and the channel see each step."""
    eva, farah = office.eva, office.farah
    office.local.move_to(at(18, 9))

    eva.presses(about(eva, "APOLLO-R1", "#apollo"), "Escalate")
    assert holds(eva, "what") == "Vendor may slip the API"
    assert eva.submits().keys() == {"ask", "impact_if_nothing", "decide_by"}
    said = sends(office, eva, ask="Name a second vendor", impact_if_nothing="Three weeks", decide_by=date(2026, 11, 25))
    assert f"Saved as APOLLO-E1* and put to the sponsor (<@{office.id('farah')}>)" in said
    assert "Waiting for your decision" in home(farah)

    question = newest(farah)
    assert_in_order(question.shown, "APOLLO-E1", "Name a second vendor", "Three weeks", "Wed 25 Nov 2026")
    assert buttons(question) == ["Acknowledge", "Decide"]
    farah.presses(question, "Acknowledge")
    office.settle()
    assert f"Acknowledged by <@{office.id('farah')}>" in about(eva, "APOLLO-E1").shown
    assert buttons(about(farah, "APOLLO-E1 Decision")) == ["Decide"]

    farah.presses(question, "Decide")
    farah.fills(decision="Call Contoso")
    assert farah.submits().keys() == {"reason"}
    sends(office, farah, reason="They have done it before")
    steps = about(eva, "APOLLO-E1").shown
    assert_in_order(steps, "Raised, and put to", "Acknowledged by", "Decided by", "Call Contoso", "They have done it")
    assert buttons(about(farah, "APOLLO-E1 Decided")) == []
    assert_in_order(newest(office.hana, "#apollo").shown, "Decided on APOLLO-E1", "Call Contoso", "They have done it")
    assert "Waiting for your decision" not in home(farah)


def friday_managers_are_asked_and_answer(office: Office) -> None:
    """Eva is asked at three in Stockholm, Ben at three in New York; amber wants a path; Ben does not answer."""
    eva, ben = office.eva, office.ben
    before = len(ben.reads())
    office.local.move_to(at(20, 13, 59))
    assert "How is APOLLO?" not in newest(eva).shown
    office.local.move_to(at(20, 14))
    prompt = newest(eva)
    assert_in_order(prompt.shown, "How is APOLLO?", "Sat 14 Nov to Fri 20 Nov 2026", "this is the first check-in")
    assert len(ben.reads()) == before
    assert_in_order(home(eva), "Waiting for your answer", "*APOLLO*")

    eva.presses(prompt, "Check in")
    assert PATH.isdisjoint(form(eva).values)
    eva.fills(achievements="The legs fold", eac="1250000", schedule="A")
    eva.fills(overall="A")
    assert eva.submits().keys() == PATH
    eva.fills(cause="The API is late", action="A second vendor", action_owner="@hana", action_due=date(2026, 11, 13))
    assert eva.submits() == {"action_due": "This date has passed: choose today or later."}
    assert holds(eva, "achievements") == "The legs fold"
    sends(office, eva, action_due=date(2026, 12, 4))

    receipt = newest(eva)
    assert receipt.ts == prompt.ts
    assert_in_order(receipt.shown, "Saved:", "[A] At risk", "The API is late", "and in the next digest")
    assert buttons(receipt) == ["Edit", "Raise a risk", "Escalate"]
    card = newest(office.hana, "#apollo")
    assert_in_order(card.shown, "APOLLO Apollo lander", "[A] At risk", "GBP 1.25m of 1.20m (+4.2%)", "The legs fold")
    assert "Waiting for your answer" not in home(eva)

    office.local.move_to(at(20, 20))
    assert "How is GEMINI?" in newest(ben).shown


def friday_evening_the_report_is_corrected(office: Office) -> None:
    """A correction is a new report: the card is edited in place, and the old one stays in the books."""
    eva = office.eva
    card = newest(office.hana, "#apollo")
    eva.presses(newest(eva), "Edit")
    assert holds(eva, "cause") == "The API is late"
    sends(office, eva, cause="The API is two weeks late")

    corrected = newest(office.hana, "#apollo")
    assert corrected.ts == card.ts
    assert_in_order(corrected.shown, "The API is two weeks late", "*corrected* by")
    history = answers(eva, "/pmo history APOLLO")
    assert_in_order(history, "The API is two weeks late", "corrected", "1 to 1 of 1 report")


def monday_the_board_is_told(office: Office) -> None:
    """At nine in London the board reads the first edition; who did not report is named."""
    ana, farah = office.ana, office.farah
    office.local.move_to(at(23, 8, 59))
    assert farah.reads("#board") == []
    before = answers(farah, "/pmo digest", "#board")
    office.local.move_to(at(23, 9))

    edition = newest(farah, "#board")
    assert edition.ephemeral_to == ""
    assert_in_order(
        edition.shown,
        "PMO digest · Northwind · 2026-W48",
        "reports 1 of 2",
        "*Decisions needed:* none",
        "this is the first edition",
        "*Portfolio:* 2 live",
        "*[A] APOLLO*",
        "because The API is two weeks late · fix: A second vendor",
        "APOLLO-R1 Vendor may slip the API",
        "*Missing reports (1)*\nGEMINI",
    )
    assert {"data_table", "data_visualization"} <= {block["type"] for block in edition.blocks}
    assert "*Missing reports (1)*\nGEMINI" in before
    assert_in_order(home(ana), "*2 live projects*", "1 check-in not answered yet")
    assert "You have no part in a project yet" in home(office.hana)
    assert_in_order(home(office.hana), f"Your PMO: <@{office.id('ana')}>")


def tuesday_nobody_acknowledges_so_it_climbs(office: Office) -> None:
    """What the sponsor does not acknowledge within two working days lies with the PMO on Thursday."""
    ana, eva, farah = office.ana, office.eva, office.farah
    office.local.move_to(at(24, 10))
    eva.presses(about(eva, "*Saved:* APOLLO"), "Escalate")
    assert holds(eva, "what") == "The API is two weeks late"
    sends(office, eva, ask="Move the launch", impact_if_nothing="We launch late anyway", decide_by=date(2026, 12, 4))
    assert buttons(about(farah, "APOLLO-E2")) == ["Acknowledge", "Decide"]

    office.local.move_to(at(26, 9, 59))
    assert ana.reads() == []
    office.local.move_to(at(26, 10))
    assert_in_order(newest(ana).shown, "APOLLO-E2 Decision asked", "did not acknowledge it in time", "Move the launch")
    assert "it went to the PMO" in about(eva, "APOLLO-E2").shown
    assert "There is nothing left for you to do" in about(farah, "APOLLO-E2").shown
    assert buttons(about(farah, "APOLLO-E2")) == []
    ana.presses(newest(ana), "Acknowledge")
    office.settle()
    assert f"Acknowledged by <@{office.id('ana')}>" in about(eva, "APOLLO-E2").shown


def friday_it_has_become_worse(office: Office) -> None:
    """The second form knows what was said in the first; what was not answered was missed."""
    eva, ben = office.eva, office.ben
    office.local.move_to(at(27, 14))
    eva.presses(newest(eva), "Check in")
    assert holds(eva, "cause") == "The API is two weeks late"
    sends(office, eva, overall="R")
    assert "[R] Off track" in newest(office.hana, "#apollo").shown
    assert "*Changed since Mon 23 Nov:* *worse* APOLLO A>R" in answers(office.farah, "/pmo digest")

    office.local.move_to(at(27, 20))
    missed, prompt = ben.reads()[-2:]
    assert "Nothing was reported of GEMINI for Sat 14 Nov to Fri 20 Nov 2026" in missed.shown
    ben.presses(prompt, "Check in")
    sends(office, ben, overall="G")


def monday_the_board_is_told_what_changed(office: Office) -> None:
    """The second edition begins with the decision that is needed, and says what changed since the first."""
    office.local.move_to(at(30, 9))
    first, second = office.farah.reads("#board")[-2:]
    assert "2026-W48" in first.shown
    assert_in_order(
        second.shown,
        "2026-W49",
        "reports 2 of 2",
        "*Decisions needed (1)*",
        "*1. APOLLO: Move the launch* (APOLLO-E2)",
        "*Changed since Mon 23 Nov:* *worse* APOLLO A>R",
        "*[R] APOLLO*",
    )
    assert "Missing reports" not in second.shown
    office.ana.presses(second, "Decide")
    sends(office, office.ana, decision="Launch in May", reason="The API decides")
    assert "Launch in May" in about(office.eva, "APOLLO-E2").shown
