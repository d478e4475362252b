"""Risks: from a form and from one line, scored and closed."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import risks, words
from bot.rules.risks import OneLine, RiskDraft
from bot.rules.terms import RiskOutcome, RiskState, Severity

TODAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 27)


def a_form(**values: Any) -> dict[str, Any]:
    return {
        "project": "7",
        "cause": "vendor has one tester",
        "event": "Vendor may slip",
        "effect": "go-live moves by 3 weeks",
        "probability": "4",
        "impact": "5",
    } | values


def read(text: str) -> OneLine:
    return risks.one_line(text, TODAY)


def test_the_score_is_probability_times_impact() -> None:
    for probability, impact in product(range(1, 6), repeat=2):
        assert risks.score(probability, impact) == probability * impact


@pytest.mark.parametrize(("probability", "impact", "field"), [(0, 3, "probability"), (3, 6, "impact")])
def test_outside_of_the_scale_is_refused(probability: int, impact: int, field: str) -> None:
    with pytest.raises(Refused, match=f"Give the {field} as a number from 1 to 5") as refused:
        risks.score(probability, impact)

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("points", "band"),
    [
        (1, Severity.LOW),
        (4, Severity.LOW),
        (5, Severity.MODERATE),
        (9, Severity.MODERATE),
        (10, Severity.HIGH),
        (14, Severity.HIGH),
        (15, Severity.VERY_HIGH),
        (25, Severity.VERY_HIGH),
    ],
)
def test_an_edge_takes_the_higher_band(points: int, band: Severity) -> None:
    assert risks.severity(points) is band


@pytest.mark.parametrize(
    ("band", "owner", "due", "unanswered"),
    [
        (Severity.HIGH, None, TODAY, True),
        (Severity.HIGH, "U1", None, True),
        (Severity.VERY_HIGH, "U1", TODAY, False),
        (Severity.MODERATE, None, None, False),
    ],
)
def test_a_high_risk_wants_an_owner_and_a_date(
    band: Severity, owner: str | None, due: date | None, unanswered: bool
) -> None:
    assert risks.is_unanswered(band, owner, due) is unanswered


def test_a_risk_from_a_form() -> None:
    risk = risks.draft(a_form(owner="U1", due="2026-11-27", evidence="https://x.slack.com/archives/C1/p1"), TODAY)

    assert risk == RiskDraft(
        project="7",
        event="Vendor may slip",
        probability=4,
        impact=5,
        cause="vendor has one tester",
        effect="go-live moves by 3 weeks",
        owner="U1",
        due=FRIDAY,
        evidence="https://x.slack.com/archives/C1/p1",
    )
    assert (risk.score, risk.severity) == (20, Severity.VERY_HIGH)


def test_owner_and_date_may_be_open() -> None:
    risk = risks.draft(a_form(owner=None, due=""), TODAY)

    assert (risk.owner, risk.due, risk.evidence) == (None, None, None)


def test_every_fault_of_a_form_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        risks.draft({"probability": "6", "owner": "ana", "due": "2026-11-21", "event": "x" * 301}, TODAY)

    assert list(refused.value.fields) == [
        "project",
        "cause",
        "event",
        "effect",
        "probability",
        "impact",
        "owner",
        "due",
    ]


def test_an_old_risk_keeps_its_date_when_it_is_edited() -> None:
    passed = date(2026, 11, 1)

    assert risks.draft(a_form(due="2026-11-01"), TODAY, due_before=passed).due == passed


def test_a_risk_from_one_line() -> None:
    line = read("APOLLO Vendor may slip p4 i5 due fri <@U123|ana>")

    assert line == OneLine("APOLLO", "Vendor may slip", 4, 5, "U123", FRIDAY, assumed=())
    assert line.draft("7") == RiskDraft("7", "Vendor may slip", 4, 5, owner="U123", due=FRIDAY)


@pytest.mark.parametrize(
    "text",
    [
        "p4 i5 APOLLO Vendor may slip due fri <@U123|ana>",
        "<@U123> APOLLO due fri Vendor may slip I5 P4",
        "APOLLO Vendor p=4 may i:5 slip Due: friday, <@U123|ana>",
        "apollo: Vendor may\nslip, p4, i5; due this fri <@U123|ana>".replace("slip,", "slip"),
        "APOLLO “Vendor may slip” p4 i5 due\u00a0fri <@U123|ana>",
        'APOLLO "Vendor may slip" p4 i5 due fri<@U123|ana>',
    ],
)
def test_what_is_said_may_stand_anywhere(text: str) -> None:
    line = read(text)

    assert (line.key, line.event) == ("APOLLO", "Vendor may slip")
    assert (line.probability, line.impact, line.owner, line.due) == (4, 5, "U123", FRIDAY)


def test_what_was_not_said_is_assumed_and_said_so() -> None:
    assert (read("APOLLO Vendor").probability, read("APOLLO Vendor").impact) == (3, 3)
    assert read("APOLLO Vendor").assumed == ("probability", "impact")
    assert read("APOLLO Vendor p3").assumed == ("impact",)
    assert read("APOLLO Vendor i3").assumed == ("probability",)


@pytest.mark.parametrize(
    ("text", "event", "due"),
    [
        ("X1 Late due to strike", "Late due to strike", None),
        ("X1 Late due", "Late due", None),
        ("X1 due to snow due 30 jun 2027 27 servers fail", "due to snow 27 servers fail", date(2027, 6, 30)),
        ("X1 Loss due end of the month p2", "Loss", date(2026, 11, 30)),
        ("X1 Loss due in 3 working days maybe", "Loss maybe", date(2026, 11, 25)),
        ("X1 due mon due tue", "due tue", date(2026, 11, 23)),
        ("X1 Loss due may", "Loss due may", None),
        ("X1 Loss due 31 jun", "Loss due 31 jun", None),
    ],
)
def test_only_a_date_after_due_is_taken_out(text: str, event: str, due: date | None) -> None:
    assert (read(text).event, read(text).due) == (event, due)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("X1 P6 plan and p45 forms, p0, ip4, p4x", "P6 plan and p45 forms, p0, ip4, p4x"),
        ("X1 p4 p5 i1 i2", "p5 i2"),
        ("X1 ask <@U1|ana> or <@U2|bob>", "ask or @bob"),
        ("X1 R&amp;D cost &gt; 5 in <#C1|apollo>", "R&D cost > 5 in #apollo"),
        ("X1 “half open", "“half open"),
        ("X1 'a' or 'b'", "'a' or 'b'"),
        ('X1 "', '"'),
    ],
)
def test_other_words_stay_in_the_event(text: str, event: str) -> None:
    assert read(text).event == event


def test_the_first_word_may_be_no_key() -> None:
    line = read("Vendor: may slip p4")

    assert line.key == "VENDOR"
    assert (line.whole.key, line.whole.event, line.whole.probability) == (None, "Vendor: may slip", 4)
    assert line.whole.whole == line.whole


@pytest.mark.parametrize(
    "text", ["", "p4 i5", "24/7 support ends", "“Vendor” slips", "ÄPFEL rot", "ABCDEFGHIJK is late"]
)
def test_what_cannot_be_a_key_is_none(text: str) -> None:
    assert read(text).key is None


def test_a_line_that_says_nothing_may_happen_is_no_risk() -> None:
    with pytest.raises(Refused, match="Say what may happen") as refused:
        read("APOLLO p4").draft("7")

    assert set(refused.value.fields) == {"event"}


def test_a_line_that_says_too_much_is_no_risk() -> None:
    assert read("APOLLO " + "x" * 300).draft("7").event == "x" * 300
    with pytest.raises(Refused, match="Keep it to 300 characters; these are 301") as refused:
        read("APOLLO " + "x" * 301).draft("7")

    assert set(refused.value.fields) == {"event"}


WORDS = st.sampled_from("Vendor late due to strike p9 ip4 i might the 5 <b> & ü 'x “y p44 -- due".split())
SAID = st.sampled_from(["p4", "i5", "<@U123|ana>", "due +5d", "due in 3 days"])


@given(
    st.lists(WORDS, max_size=12), st.lists(st.tuples(SAID, st.integers(0, 12)), max_size=5, unique_by=lambda s: s[0])
)
def test_no_word_is_lost_wherever_the_rest_stands(said: list[str], extras: list[tuple[str, int]]) -> None:
    mixed = list(said)
    dated = [extra for extra in extras if extra[0].startswith("due")][:1]
    for extra, at in [each for each in extras if not each[0].startswith("due")] + dated:
        mixed.insert(at, extra)

    line = read(" ".join(mixed)).whole

    assert line.event.split() == said
    assert (line.probability, line.impact) == (4 if "p4" in mixed else 3, 5 if "i5" in mixed else 3)
    assert line.owner == ("U123" if "<@U123|ana>" in mixed else None)
    assert (line.due is not None) == bool(dated)


TAKEN = re.compile(r"[pi][=:]?[1-5][,.;]?", re.IGNORECASE | re.ASCII)


@given(st.text())
def test_any_text_is_understood_somehow(text: str) -> None:
    line = read(text).whole

    lost = [word for word in words.tidy(text).split() if word.strip("\"'“”‘’«»„") not in line.event]
    assert 1 <= line.probability * line.impact <= 25
    assert all(
        TAKEN.fullmatch(word) or {"<", "&", "due", "due:"} & {word[0], word.lower()} or line.due for word in lost
    )


def test_a_risk_is_closed_with_its_outcome() -> None:
    closing = risks.closing({"outcome": "avoided", "note": "  second vendor hired "})

    assert (closing.outcome, closing.note) == (RiskOutcome.AVOIDED, "second vendor hired")


@pytest.mark.parametrize("outcome", [None, "", "forgotten"])
def test_without_an_outcome_no_risk_is_closed(outcome: str | None) -> None:
    with pytest.raises(Refused) as refused:
        risks.closing({"outcome": outcome})

    assert set(refused.value.fields) == {"outcome"}


STEPS = {
    (RiskState.IDENTIFIED, RiskState.ASSESSED),
    (RiskState.ASSESSED, RiskState.RESPONSE_PLANNED),
    (RiskState.RESPONSE_PLANNED, RiskState.MONITORING),
    (RiskState.CLOSED, RiskState.IDENTIFIED),
    *product((state for state in RiskState if state.is_open), (RiskState.CLOSED, RiskState.REJECTED)),
}


@pytest.mark.parametrize(("state", "to"), list(product(RiskState, repeat=2)))
def test_the_lifecycle_of_a_risk(state: RiskState, to: RiskState) -> None:
    if (state, to) in STEPS:
        assert risks.move(state, to) is to
    else:
        with pytest.raises(Refused):
            risks.move(state, to)


def test_scoring_assesses_a_risk_that_was_only_identified() -> None:
    assert risks.rescored(RiskState.IDENTIFIED) is RiskState.ASSESSED
    assert risks.rescored(RiskState.MONITORING) is RiskState.MONITORING


@pytest.mark.parametrize("state", [RiskState.CLOSED, RiskState.REJECTED])
def test_a_risk_that_is_over_is_not_scored(state: RiskState) -> None:
    with pytest.raises(Refused, match=f"This risk is {state.value}: reopen it"):
        risks.rescored(state)


RAISED = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_a_risk_raised_by_mistake_is_rejected_at_once() -> None:
    in_time = RAISED + risks.UNDO_WITHIN

    assert risks.undone(RiskState.ASSESSED, raised_at=RAISED, now=in_time, is_touched=False) is RiskState.REJECTED


def test_a_risk_is_not_undone_too_late_or_when_others_worked_with_it() -> None:
    late = RAISED + risks.UNDO_WITHIN + timedelta(seconds=1)

    with pytest.raises(Refused, match=r"more than \d+ minutes ago"):
        risks.undone(RiskState.ASSESSED, raised_at=RAISED, now=late, is_touched=False)
    with pytest.raises(Refused, match="Somebody has worked with this risk"):
        risks.undone(RiskState.ASSESSED, raised_at=RAISED, now=RAISED, is_touched=True)
    with pytest.raises(Refused, match="that is final"):
        risks.undone(RiskState.REJECTED, raised_at=RAISED, now=RAISED, is_touched=False)


def test_a_new_score_needs_both_of_its_factors() -> None:
    assert risks.rescoring({"probability": "2", "impact": "5"}) == (2, 5)
    with pytest.raises(Refused) as refused:
        risks.rescoring({"probability": "0"})

    assert list(refused.value.fields) == ["probability", "impact"]
