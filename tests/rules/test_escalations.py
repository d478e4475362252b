"""Escalations: what is asked, how long it may wait, where it goes next."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refused
from bot.rules import escalations
from bot.rules.calendars import Calendar
from bot.rules.charter import Charter
from bot.rules.escalations import Decision, EscalationDraft, OneLine
from bot.rules.terms import EscalationLevel, EscalationState
from bot.rules.tolerances import Tolerances

TODAY = date(2026, 11, 22)
LONDON = ZoneInfo("Europe/London")


def a_form(**values: Any) -> dict[str, Any]:
    return {
        "project": "7",
        "what": "Vendor test is late",
        "ask": "Add a second tester (41k) or accept +21 working days",
        "impact_if_nothing": "9k a week",
        "decide_by": "2026-11-25",
    } | values


def test_an_escalation_goes_to_the_sponsor() -> None:
    assert escalations.draft(a_form(), TODAY) == EscalationDraft(
        project="7",
        what="Vendor test is late",
        ask="Add a second tester (41k) or accept +21 working days",
        impact_if_nothing="9k a week",
        decide_by=date(2026, 11, 25),
        to=EscalationLevel.SPONSOR,
    )


def test_an_escalation_may_go_to_the_pmo_with_its_evidence() -> None:
    escalation = escalations.draft(a_form(to="pmo", evidence="https://x/p1"), TODAY)

    assert (escalation.to, escalation.evidence) == (EscalationLevel.PMO, "https://x/p1")


def test_every_fault_of_a_form_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        escalations.draft({"to": "god"}, TODAY)

    assert list(refused.value.fields) == ["project", "what", "ask", "impact_if_nothing", "decide_by", "to"]


def test_a_decision_cannot_be_wanted_yesterday() -> None:
    with pytest.raises(Refused, match="has passed") as refused:
        escalations.draft(a_form(decide_by="2026-11-21"), TODAY)

    assert set(refused.value.fields) == {"decide_by"}


def test_a_decision_has_a_reason() -> None:
    assert escalations.decision({"decision": "Add a tester", "reason": "9k a week"}) == Decision(
        "Add a tester", "9k a week"
    )
    with pytest.raises(Refused) as refused:
        escalations.decision({"decision": " "})

    assert list(refused.value.fields) == ["decision", "reason"]


STEPS = {
    (EscalationState.RAISED, EscalationState.ACKNOWLEDGED),
    (EscalationState.RAISED, EscalationState.DECIDED),
    (EscalationState.RAISED, EscalationState.WITHDRAWN),
    (EscalationState.ACKNOWLEDGED, EscalationState.DECIDED),
    (EscalationState.ACKNOWLEDGED, EscalationState.WITHDRAWN),
    (EscalationState.DECIDED, EscalationState.CLOSED),
}


@pytest.mark.parametrize(("state", "to"), list(product(EscalationState, repeat=2)))
def test_the_lifecycle_of_an_escalation(state: EscalationState, to: EscalationState) -> None:
    if (state, to) in STEPS:
        assert escalations.move(state, to) is to
    else:
        with pytest.raises(Refused):
            escalations.move(state, to)


def test_unacknowledged_it_climbs_to_the_pmo_and_no_further() -> None:
    assert escalations.next_level(EscalationLevel.SPONSOR) is EscalationLevel.PMO
    assert escalations.next_level(EscalationLevel.PMO) is None
    assert escalations.climb(EscalationState.RAISED, EscalationLevel.SPONSOR) is EscalationLevel.PMO


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (EscalationState.RAISED, EscalationLevel.PMO),
        *((state, EscalationLevel.SPONSOR) for state in EscalationState if state is not EscalationState.RAISED),
    ],
)
def test_it_does_not_climb_once_somebody_has_it_or_at_the_top(state: EscalationState, level: EscalationLevel) -> None:
    with pytest.raises(Refused, match="cannot go higher"):
        escalations.climb(state, level)


@pytest.mark.parametrize(
    ("raised", "by"),
    [
        (datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC)),  # Monday
        (datetime(2026, 11, 27, 15, tzinfo=UTC), datetime(2026, 12, 1, 15, tzinfo=UTC)),  # Friday
        (datetime(2026, 11, 28, 15, tzinfo=UTC), datetime(2026, 12, 1, 15, tzinfo=UTC)),  # Saturday
        (datetime(2026, 11, 29, 15, tzinfo=UTC), datetime(2026, 12, 1, 15, tzinfo=UTC)),  # Sunday
        (datetime(2026, 10, 23, 14, tzinfo=UTC), datetime(2026, 10, 27, 15, tzinfo=UTC)),  # over the end of summer time
    ],
)
def test_two_working_days_to_acknowledge(raised: datetime, by: datetime) -> None:
    assert escalations.acknowledge_by(raised, LONDON) == by


def test_the_days_are_those_of_the_decider() -> None:
    # Friday 20:00 in London is Saturday 09:00 in Auckland: it counts from Monday there.
    raised = datetime(2026, 11, 27, 20, tzinfo=UTC)

    assert escalations.acknowledge_by(raised, ZoneInfo("Pacific/Auckland")) == datetime(2026, 11, 30, 20, tzinfo=UTC)


def test_the_time_to_acknowledge_can_be_set() -> None:
    raised = datetime(2026, 11, 23, 15, tzinfo=UTC)

    charter = Charter(tolerances=Tolerances(acknowledge_working_days=5))

    assert escalations.acknowledge_by(raised, LONDON, charter) == datetime(2026, 11, 30, 15, tzinfo=UTC)


def test_nobody_is_to_acknowledge_on_a_holiday() -> None:
    raised = datetime(2026, 12, 23, 15, tzinfo=UTC)
    charter = Charter(calendar=Calendar("GB-ENG"))

    assert escalations.acknowledge_by(raised, LONDON, charter) == datetime(2026, 12, 29, 15, tzinfo=UTC)


def test_a_decision_is_overdue_after_its_day() -> None:
    assert escalations.is_overdue(EscalationState.RAISED, date(2026, 11, 21), TODAY)
    assert escalations.is_overdue(EscalationState.ACKNOWLEDGED, date(2026, 11, 21), TODAY)
    assert not escalations.is_overdue(EscalationState.RAISED, TODAY, TODAY)
    assert not escalations.is_overdue(EscalationState.DECIDED, date(2026, 11, 21), TODAY)


def test_the_day_to_decide_by_is_over_at_the_midnight_of_the_decider() -> None:
    assert escalations.overdue_at(date(2026, 7, 1), LONDON) == datetime(2026, 7, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("APOLLO we need a 2nd tester by fri", OneLine("APOLLO", "we need a 2nd tester", date(2026, 11, 27))),
        ("by 25 nov apollo: a tester &amp; a lab", OneLine("apollo:", "a tester & a lab", date(2026, 11, 25))),
        ("APOLLO stand by us", OneLine("APOLLO", "stand by us", None)),
        ("24/7 support", OneLine(None, "24/7 support", None)),
        ("", OneLine(None, "", None)),
    ],
)
def test_an_escalation_from_one_line(text: str, line: OneLine) -> None:
    assert escalations.one_line(text, TODAY) == line


def test_the_first_word_of_a_line_may_be_no_key() -> None:
    line = escalations.one_line("apollo: a tester", TODAY)

    assert line.key == "APOLLO"
    assert (line.whole.key, line.whole.ask) == (None, "apollo: a tester")
    assert line.whole.whole == line.whole
