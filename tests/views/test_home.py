"""Home shows what somebody owes first, and never more than Slack takes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.playground import lint
from bot.rules.home import SHOWN, CheckinLine, EscalationLine, Home, Office, ProjectLine, RiskLine, Some
from bot.rules.terms import EscalationLevel, Health, ProjectState, Role, Severity
from bot.views import home
from tests.factories import NOW

LONG = "👨‍👩‍👧‍👦<!channel>" * 40
YESTERDAY, TOMORROW = date(2026, 11, 19), date(2026, 11, 21)

PROJECT = ProjectLine(
    7, "APOLLO", LONG, ProjectState.EXECUTING, (Role.MANAGER, Role.SPONSOR), Health.RED, NOW, NOW + timedelta(days=7)
)
CHECKIN = CheckinLine(4, 7, "APOLLO", LONG, date(2026, 11, 20), NOW)
RISK = RiskLine(5, "APOLLO-R1", LONG, Severity.HIGH, 12, YESTERDAY)
ESCALATION = EscalationLine(6, "APOLLO-E1", LONG, TOMORROW, EscalationLevel.SPONSOR, is_acknowledged=True)
OFFICE = Office({Health.RED: 1, Health.GREEN: 2}, checkins_open=1, escalations_open=2, posts_in_trouble=0)


def page(found: Home) -> list[dict[str, Any]]:
    view = home.page(found, now=NOW, zone="Europe/London")
    assert lint.view(view) is None
    blocks: list[dict[str, Any]] = view["blocks"]
    return blocks


def titles(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["text"]["text"] for block in blocks if block["type"] == "header"]


def words(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")


def test_somebody_with_no_part_yet_reads_what_this_is_and_whom_to_ask() -> None:
    blocks = page(Home(ask=["U1", "U2"]))
    assert "You have no part in a project yet" in words(blocks)
    assert blocks[-1]["elements"][0]["text"].startswith("Your PMO: <@U1> and <@U2>.")
    assert "No PMO is named yet" in page(Home())[-1]["elements"][0]["text"]
    assert [element["action_id"] for element in blocks[2]["elements"]] == ["risk.open", "portfolio.show:home"]


def test_what_is_owed_comes_first() -> None:
    blocks = page(
        Home(
            projects=Some([PROJECT], 1),
            checkins=Some([CHECKIN], 1),
            risks=Some([RISK], 1),
            escalations=Some([ESCALATION], 1),
            raised_risks=Some([RISK], 1),
            raised_escalations=Some([ESCALATION], 1),
            office=OFFICE,
        )
    )
    assert titles(blocks) == [
        "PMO Bot",
        "The office",
        "Waiting for your answer",
        "Waiting for your decision",
        "Your risks that are due",
        "Your projects",
        "Escalations you raised",
        "Risks you raised",
    ]
    assert "You have no part" not in words(blocks)


def test_the_office_is_shown_to_the_pmo() -> None:
    said = words(page(Home(office=OFFICE)))
    assert said == ("*3 live projects* · 🟥 R 1 · 🟢 G 2\n1 check-in not answered yet · 2 escalations open")
    in_trouble = words(page(Home(office=replace(OFFICE, posts_in_trouble=3))))
    assert in_trouble.endswith(" · 3 messages that Slack did not take")


def test_each_line_says_what_matters_and_opens_its_record() -> None:
    found = Home(projects=Some([PROJECT], 1), risks=Some([RISK], 1), escalations=Some([ESCALATION], 1))
    blocks = page(found)
    said = words(blocks)
    assert "· manager, sponsor\n🟥 [R] Off track, reported <!date^" in said
    assert "· next check-in <!date^" in said
    assert "High 12 · due Thu 19 Nov · overdue" in said
    assert "decide by Sat 21 Nov · acknowledged" in said
    assert "<!channel>" not in said
    buttons = [block["accessory"] for block in blocks if "accessory" in block]
    assert [(button["action_id"], button["value"]) for button in buttons] == [
        ("reference.show", "APOLLO-E1"),
        ("reference.show", "APOLLO-R1"),
        ("project.show", "7"),
    ]


def test_a_check_in_that_is_owed_is_answered_from_here() -> None:
    [owed] = [block for block in page(Home(checkins=Some([CHECKIN], 1))) if "accessory" in block]
    assert (owed["accessory"]["action_id"], owed["accessory"]["value"]) == ("checkin.open", "7")


def test_what_is_not_known_is_not_shown() -> None:
    resting = ProjectLine(7, "APOLLO", "Apollo", ProjectState.ON_HOLD, (Role.DEPUTY,), Health.NOT_SET, NOW, None)
    silent = ProjectLine(8, "GEMINI", "Gemini", ProjectState.EXECUTING, (), Health.NOT_SET, None, None)
    undated = RiskLine(5, "APOLLO-R1", "Vendor", Severity.LOW, 2, None)
    said = words(page(Home(projects=Some([resting, silent], 2), raised_risks=Some([undated], 1))))
    assert "On hold" in said
    assert "⚪ [X] No data" in said
    assert "*APOLLO-R1* Vendor\nLow 2" in said


def test_a_full_home_is_cut_with_the_way_to_the_rest() -> None:
    def full(line: Any) -> Some[Any]:
        return Some([line] * SHOWN, 99)

    blocks = page(
        Home(
            projects=full(PROJECT),
            checkins=full(CHECKIN),
            risks=full(RISK),
            escalations=full(ESCALATION),
            raised_risks=full(RISK),
            raised_escalations=full(ESCALATION),
            office=OFFICE,
        )
    )
    assert len(blocks) <= 100
    more = [block["elements"][0]["text"] for block in blocks[:-1] if block["type"] == "context"]
    assert more[3] == "+ 89 more: `/pmo portfolio`"
    assert len(more) == 6
