"""A little of a week at Northwind: everything once, so that there is something to ask for and to send again."""

from datetime import date, timedelta

from tests.journeys.chat import about, newest
from tests.office import Office


def live(office: Office) -> None:
    """Live through it; what was sent on the way is what the fuzzers change."""
    projects(office)
    risks(office)
    escalations(office)
    checkins(office)
    digests(office)
    looks(office)


def projects(office: Office) -> None:
    """Two projects, one of them edited, one form filled in with its suggestions."""
    ana = office.ana
    office.has_project("APOLLO", budget="1.2m")
    office.has_project("GEMINI")
    ana.types("/pmo project add Mercury rising", "#general")
    ana.suggestions("portfolio", "Space")
    ana.fills(name="Mercury falling")
    ana.closes()
    ana.types("/pmo project APOLLO edit", "#general")
    ana.fills(finish=date(2027, 2, 12))
    done(office, "ana")
    ana.presses(ana.types("/pmo project APOLLO", "#general"), "Edit")
    ana.closes()


def risks(office: Office) -> None:
    """Raised in a line, in a form and from a message; edited, owned, scored anew, closed, undone, listed."""
    eva, hana = office.eva, office.hana
    said = eva.types("/risk APOLLO Vendor may slip p4 i5 due fri @eva", "#general")
    eva.presses(said, "Edit")
    eva.fills(cause="Illness", effect="Three weeks")
    done(office, "eva")
    eva.presses(eva.types("/risk APOLLO Coffee may run out", "#general"), "Undo")
    eva.types("/risk", "#general")
    eva.suggestions("project", "apo")
    eva.fills(project="APOLLO", event="Rain", cause="Clouds", effect="Wet", probability="3", impact="3")
    done(office, "eva")
    hana.types("The vendor is silent", "#apollo")
    eva.shortcut("Raise a risk", newest(hana, "#apollo"))
    eva.closes()
    office.settle()
    card = about(hana, "APOLLO-R3", "#apollo")
    eva.presses(card, "I'll own it")
    eva.presses(card, "Re-score")
    eva.fills(probability="2")
    done(office, "eva")
    eva.presses(card, "Close")
    eva.fills(outcome="Expired", note="Over")
    done(office, "eva")
    for number in range(9):
        eva.types(f"/risk GEMINI Thing {number} may break", "#general")
    eva.presses(eva.types("/pmo risks", "#general"), "Next")
    office.settle()


def escalations(office: Office) -> None:
    """Of a line and of a risk; acknowledged, decided, withdrawn, listed."""
    eva, farah, hana = office.eva, office.farah, office.hana
    eva.types("/escalate APOLLO we need a second tester by fri", "#general")
    eva.fills(what="One is ill", impact_if_nothing="Two weeks", decide_by=date(2026, 12, 4))
    done(office, "eva")
    question = about(farah, "APOLLO-E1")
    farah.presses(question, "Acknowledge")
    farah.presses(question, "Decide")
    farah.fills(decision="Hire", reason="We must")
    done(office, "farah")
    hana.types("Nobody answers", "#apollo")
    eva.shortcut("Escalate this", newest(hana, "#apollo"))
    eva.closes()
    eva.types("/risk APOLLO Money may end p5 i5", "#general")
    office.settle()
    eva.presses(about(hana, "Money may end", "#apollo"), "Escalate")
    eva.fills(ask="More money", impact_if_nothing="The end", decide_by=date(2026, 12, 4))
    done(office, "eva")
    eva.types("/pmo escalations", "#general")
    eva.presses(about(eva, "APOLLO-E2"), "Withdraw")
    office.settle()


def checkins(office: Office) -> None:
    """Asked on Friday; answered amber, with a path to green, and corrected; unchanged the week after."""
    eva = office.eva
    office.local.advance(timedelta(days=2))
    asked = [message for message in eva.reads() if "How is APOLLO?" in message.shown]
    eva.presses(asked[-1], "Check in")
    eva.fills(overall="A")
    eva.fills(cause="Late", action="A second vendor", action_owner="@hana", action_due=date(2026, 12, 4))
    eva.fills(achievements="Legs", eac="1250000", schedule="A")
    done(office, "eva")
    receipt = next(message for message in eva.reads() if message.ts == asked[-1].ts)
    eva.presses(receipt, "Edit")
    eva.fills(cause="Two weeks late")
    done(office, "eva")
    eva.types("/pmo history APOLLO", "#general")


def digests(office: Office) -> None:
    """One set up, edited, and posted at once."""
    ana = office.ana
    ana.types("/pmo digest add", "#general")
    ana.suggestions("portfolio", "")
    ana.fills(channel="#board")
    done(office, "ana")
    listed = ana.types("/pmo digests", "#general")
    ana.presses(listed, "Edit")
    done(office, "ana")
    ana.presses(listed, "Post now")
    ana.presses(ana.types("/pmo digests", "#general"), "Stop")
    ana.types("/pmo digest", "#general")
    office.settle()


def looks(office: Office) -> None:
    """Home, the portfolio, references typed in a conversation, roles, help; things that Slack itself tells."""
    ana, eva = office.ana, office.eva
    eva.opens_home()
    ana.types("/pmo portfolio", "#general")
    eva.types("APOLLO-R1", "@pmo")
    eva.types("@pmo APOLLO-E1?", "#apollo")
    eva.types("/pmo APOLLO-R1", "#general")
    eva.types("/pmo help", "#general")
    ana.presses(ana.types("/pmo role @hana executive", "#general"), "Undo")
    office.slack.rename(office.workspace, "#gemini", "gemini-two")
    office.slack.archive(office.workspace, "#gemini-two")
    office.slack.archive(office.workspace, "#gemini-two", archive=False)
    office.slack.change_person(office.workspace, "hana", tz="Europe/Paris")
    office.settle()


def done(office: Office, who: str) -> None:
    """Send the form in front of somebody, and close what it became."""
    person = getattr(office, who)
    errors = person.submits()
    assert errors == {}, errors
    if person.modal:
        person.closes()
    office.settle()
