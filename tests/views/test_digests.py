"""The digest: everything an executive needs, in one message whatever comes, the rest in its thread."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.playground import lint
from bot.rules import digests
from bot.rules.digests import ClosedLine, DecisionLine, ProjectLine, RiskLine, Snapshot
from bot.rules.terms import Dimension, EscalationLevel, Health, ProjectState, RiskState, Severity
from bot.store.tables import Message
from bot.views import blocks
from bot.views import digests as view

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAYROLL = ProjectLine(
    key="PAYROLL",
    name="Payroll replacement",
    reported=Health.RED,
    computed=Health.RED,
    previous=Health.AMBER,
    dimensions={Dimension.SCHEDULE: Health.RED, Dimension.COST: Health.AMBER},
    cause="vendor test late",
    action="2nd tester",
    action_owner="UANA",
    action_due=date(2026, 12, 4),
    baseline_finish=date(2027, 2, 12),
    forecast_finish=date(2027, 3, 15),
    currency="GBP",
    bac=Decimal(1_000_000),
    eac=Decimal(1_080_000),
    runs=1,
)
LOYALTY = ProjectLine(key="LOYALTY", name="Loyalty app", reported=Health.GREEN, previous=Health.AMBER, runs=1)
DECISION = DecisionLine(
    id=7,
    ref="PAYROLL-E1",
    project="PAYROLL",
    what="Test",
    ask="Approve a 2nd tester",
    impact_if_nothing="9k a week",
    decide_by=date(2026, 11, 25),
    level=EscalationLevel.SPONSOR,
    to=("UFARAH",),
)
RISK = RiskLine(
    id=3,
    ref="PAYROLL-R1",
    project="PAYROLL",
    event="Wrong payslips",
    score=20,
    severity=Severity.VERY_HIGH,
    state=RiskState.ASSESSED,
)


def a_snapshot(**values: Any) -> Snapshot:
    given: dict[str, Any] = {
        "projects": [PAYROLL, LOYALTY],
        "decisions": [DECISION],
        "risks": [RISK],
        "open_risks": 1,
    } | values
    return Snapshot(name="Northwind", as_of=MONDAY, since=MONDAY - timedelta(days=7), **given)


def edition(snapshot: Snapshot, *, thread: bool = True) -> tuple[Message, list[Message]]:
    return view.edition(digests.summarise(snapshot), period="2026-W48", zone="Europe/London", thread=thread)


def words(message: Message) -> str:
    shown = [block["text"]["text"] for block in message.blocks if "text" in block]
    return "\n".join(shown + [each["text"] for block in message.blocks for each in block.get("elements", [])])


def faults(message: Message) -> object:
    return lint.message(message.blocks)


def test_decisions_come_first_each_with_the_way_to_take_it() -> None:
    message, more = edition(a_snapshot())
    kinds = [block["type"] for block in message.blocks]
    decide = message.blocks[3]["accessory"]
    assert kinds[:3] == ["header", "context", "section"]
    assert (decide["action_id"], decide["value"]) == ("escalation.decide", "7")
    assert "Approve a 2nd tester* (PAYROLL-E1)\n<@UFARAH> by *Wed 25 Nov* · waiting costs: 9k a week" in words(message)
    assert more == []


def test_what_changed_says_from_which_letter_to_which() -> None:
    gone = ClosedLine("OLD", "Old", ProjectState.CLOSED, Health.GREEN)
    new = replace(LOYALTY, key="NEW", previous=None)
    message, _ = edition(a_snapshot(projects=[PAYROLL, LOYALTY, new], closed=[gone]))
    assert "*Changed since Mon 16 Nov:* *worse* PAYROLL A>R | *better* LOYALTY A>G" in words(message)
    assert "*new* NEW Loyalty app | *ended* OLD (closed)" in words(message)


def test_a_red_project_has_two_lines_cause_fix_and_age() -> None:
    message, _ = edition(a_snapshot())
    assert (
        "*[R] PAYROLL* Payroll replacement · S:R C:A Sc:X Re:X Ri:X Bn:X Q:X · "
        "forecast Mon 15 Mar 2027 (+21 wd) · EAC GBP 1.08m/1m\n"
        "because vendor test late · fix: 2nd tester, <@UANA>, Fri 4 Dec · red 1 run"
    ) in words(message)


def test_the_portfolio_is_counted_in_letters_and_money() -> None:
    message, _ = edition(a_snapshot())
    assert "*Portfolio:* 2 live · 🟥 R 1 (100% of budget) · 🟢 G 1" in words(message)
    assert "Budget GBP 1m · forecast GBP 1.08m (+8.0%)" in words(message)


def test_what_is_owed_and_missing_is_said() -> None:
    bare = replace(PAYROLL, cause="", action="", missed=2, computed=Health.RED, reported=Health.RED)
    sunny = replace(LOYALTY, computed=Health.AMBER, because=("1 report is missing",), missed=1)
    message, _ = edition(a_snapshot(projects=[bare, sunny], decisions=[]))
    said = words(message)
    assert "*no cause given* · *no path to green*" in said
    assert "*LOYALTY* reported G, computed A: 1 report is missing" in said
    assert "*Missing reports (2)*\nPAYROLL (2 in a row)\nLOYALTY" in said
    assert "*Decisions needed:* none" in said
    assert "reports 0 of 2" in said


def test_an_empty_portfolio_says_what_to_do() -> None:
    message, more = edition(Snapshot(name="Northwind", as_of=MONDAY, since=None))
    assert "`/pmo project add`" in words(message)
    assert (faults(message), more) == (None, [])


def test_the_same_figures_are_in_the_text() -> None:
    message, _ = edition(a_snapshot())
    assert message.text == (
        "PMO digest of Northwind, 2026-W48, as of Mon 23 Nov 2026, 09:00 Europe/London. 2 of 2 reports were given. "
        "1 decision needed. PAYROLL: Approve a 2nd tester, by Wed 25 Nov 2026. 2 live projects: 1 red and 1 green. "
        "Budget GBP 1m · forecast GBP 1.08m (+8.0%). PAYROLL is red 1 run because vendor test late. "
        "Risk PAYROLL-R1, Very high 20: Wrong payslips."
    )


def nasty(number: int) -> ProjectLine:
    """A project as a register has it that nobody ever tidied."""
    rating = list(Health)[number % 7]
    return ProjectLine(
        key=f"P{number}",
        name=f"<!channel> *{'Überlange & <Namen> ' * 9}* {number}",
        reported=rating,
        computed=max(rating, list(Health)[number % 5]),
        previous=None if number % 11 == 0 else list(Health)[number % 4],
        dimensions=dict.fromkeys(Dimension, rating),
        because=("x" * 300,) * 3,
        cause="\n".join(["> because <@U1> said so & more"] * 40),
        action="y" * 2000 if number % 3 else "",
        action_owner="UANA" if number % 2 else None,
        currency=["GBP", "EUR", ""][number % 3],
        bac=Decimal(number * 1_000_003) if number % 4 else None,
        eac=Decimal(number * 1_100_003) if number % 5 else None,
        runs=number % 9,
        missed=number % 6 == 0,
    )


@pytest.mark.parametrize("count", [1, 12, 184, 500, 10_000])
def test_it_is_one_message_within_all_limits_however_many_projects(count: int) -> None:
    asked = replace(DECISION, ask="z" * 3000, impact_if_nothing="w" * 3000, to=("UA", "UB", "UC", "UD"))
    snapshot = a_snapshot(
        projects=[nasty(number) for number in range(count)],
        closed=[ClosedLine(f"C{number}", "Gone", ProjectState.CLOSED) for number in range(40)],
        decisions=[replace(asked, id=number, ref=f"P1-E{number}") for number in range(30)],
        risks=[replace(RISK, ref=f"P1-R{number}", event="v" * 300) for number in range(5)],
        open_risks=900,
    )
    message, more = edition(snapshot)
    for each in (message, *more):
        assert faults(each) is None
        assert blocks.size(each.blocks) <= blocks.MESSAGE_SIZE
    assert len(message.text) <= view.SAID
    assert "decisions in the thread" in words(message)
    assert edition(snapshot) == (message, more)


def test_nothing_is_cut_in_silence() -> None:
    reds = [replace(PAYROLL, key=f"RED{number}") for number in range(260)]
    message, more = edition(a_snapshot(projects=reds))
    shown = sum(f"*[R] RED{number}*" in words(message) for number in range(260))
    threaded = "\n".join(map(words, more))
    told = sum(f"*[R] RED{number}*" in threaded for number in range(260))
    assert f"_+ {260 - shown} projects in the thread_" in words(message)
    assert told == view.IN_THREAD
    assert f"_+ {260 - shown - told} projects: {view.WHERE}_" in threaded


def test_a_preview_has_no_thread_and_says_so() -> None:
    reds = [replace(PAYROLL, key=f"RED{number}") for number in range(60)]
    message, more = edition(a_snapshot(projects=reds), thread=False)
    assert more == []
    assert "projects_" in words(message)
    assert "in the thread" not in words(message)
