"""Escalations in blocks: one truth, said to each of those it concerns in their own way."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playground import lint
from bot.rules.terms import EscalationLevel, EscalationState
from bot.store.tables import Escalation, EscalationEntry, Message, Project, ProjectName
from bot.views import escalations, escalations_forms

NOW = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 15, 10, tzinfo=UTC)
APOLLO = ProjectName(7, "APOLLO", "Apollo <data>", "C1")
SPONSOR, PMO = EscalationLevel.SPONSOR, EscalationLevel.PMO
CLIMBED: dict[str, Any] = {
    "level": PMO,
    "climbs_at": None,
    "climbed_at": TUESDAY,
    "asked": [["sponsor", "UFARAH"], ["pmo", "UANA"], ["pmo", "UBEN"]],
}
DECIDED: dict[str, Any] = {
    "state": EscalationState.DECIDED,
    "decided_at": TUESDAY,
    "decision": "Take one",
    "reason": "Cheaper",
    "climbs_at": None,
}
NASTY = "<!channel> *bold* & <https://x|y> 👨‍👩‍👧‍👦 "


def an_entry(*, project: ProjectName = APOLLO, people: dict[str, str] | None = None, **values: Any) -> EscalationEntry:
    told: dict[str, Any] = {
        "id": 3,
        "workspace_id": 1,
        "project_id": 7,
        "ref": "APOLLO-E3",
        "what": "Vendor test is late",
        "ask": "A second tester",
        "impact_if_nothing": "9k a week",
        "decide_by": date(2026, 11, 25),
        "level": SPONSOR,
        "state": EscalationState.RAISED,
        "raised_by": 1,
        "raised_at": NOW,
        "climbs_at": TUESDAY,
        "asked": [["sponsor", "UFARAH"]],
    }
    row = Escalation(**(told | values))
    return EscalationEntry(row, project, raised_by="UEVA", zone="Europe/London", **(people or {}))


def marked_up(message: Message) -> list[str]:
    """What Slack reads for mark-up in a message."""
    return [message.text, *(each["text"] for each in lint.objects_in(message.blocks) if each.get("type") == "mrkdwn")]


def buttons(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


def first_lines(message: Message) -> str:
    return str(message.blocks[1]["text"]["text"])


def test_the_decider_is_asked_with_all_that_a_decision_needs() -> None:
    message = escalations.asked(an_entry(people={"risk": "APOLLO-R1"}, evidence="https://x/p1"), SPONSOR)
    assert message.text.startswith(
        "APOLLO-E3, APOLLO: Vendor test is late. A second tester By Wed 25 Nov 2026. "
        "<@UEVA> needs your decision by Wed 25 Nov 2026. Acknowledge it by <!date^"
    )
    assert [field["text"] for field in message.blocks[2]["fields"]] == [
        "*What is asked*\nA second tester",
        "*If nothing is done*\n9k a week",
        "*Decide by*\nWed 25 Nov 2026",
        "*Project*\nAPOLLO Apollo &lt;data&gt;",
    ]
    assert "from <https://x/p1|a message>" in str(message.blocks[3])
    assert "risk APOLLO-R1" in str(message.blocks[3])
    assert buttons(message) == ["Acknowledge", "Decide"]
    assert message.blocks[4]["elements"][1]["style"] == "primary"


@pytest.mark.parametrize(
    ("level", "values", "people", "said", "left"),
    [
        (SPONSOR, {"is_overdue": True}, {}, "needs your decision by Wed 25 Nov 2026 (overdue).", 2),
        (
            SPONSOR,
            {"state": EscalationState.ACKNOWLEDGED, "climbs_at": None, "acknowledged_at": NOW},
            {"acknowledged_by": "UFARAH"},
            "<@UFARAH> has acknowledged it. A decision is needed by Wed 25 Nov 2026.",
            1,
        ),
        (SPONSOR, CLIMBED, {}, "Nobody acknowledged it in time, so it went to the PMO, <!date", 0),
        (PMO, CLIMBED, {}, "<@UEVA> needs your decision by Wed 25 Nov 2026.", 2),
        (SPONSOR, DECIDED, {"decided_by": "UFARAH"}, "Decided by <@UFARAH>, <!date", 0),
        (
            SPONSOR,
            {"state": EscalationState.WITHDRAWN, "withdrawn_at": NOW, "climbs_at": None},
            {"withdrawn_by": "UEVA"},
            "Withdrawn by <@UEVA>, <!date",
            0,
        ),
    ],
)
def test_who_was_asked_sees_where_it_stands(
    level: EscalationLevel, values: dict[str, Any], people: dict[str, str], said: str, left: int
) -> None:
    message = escalations.asked(an_entry(people=people, **values), level)
    assert said in first_lines(message)
    assert len(buttons(message)) == left


def test_the_raiser_sees_each_step_and_what_comes_next() -> None:
    values = CLIMBED | DECIDED | {"acknowledged_at": TUESDAY}
    entry = an_entry(people={"acknowledged_by": "UANA", "decided_by": "UANA"}, **values)
    steps = first_lines(escalations.progress(entry)).split("\n• ")
    assert [step.split(", <!date")[0] for step in steps] == [
        "• Raised, and put to the sponsor (<@UFARAH>)",
        "Not acknowledged in time, so it went to the PMO (<@UANA> and <@UBEN>)",
        "Acknowledged by <@UANA>",
        "Decided by <@UANA>",
    ]
    assert "Next: act on the decision." in escalations.progress(entry).text
    at_pmo = escalations.progress(an_entry(**CLIMBED))
    assert "Next: the PMO (<@UANA> and <@UBEN>) decides by Wed 25 Nov 2026, and you see it here." in at_pmo.text
    assert buttons(at_pmo) == ["Withdraw"]


def test_each_post_has_its_key_its_reader_and_its_words() -> None:
    entry = an_entry(people={"decided_by": "UANA"}, **CLIMBED | DECIDED)
    assert [(key, to) for key, to, _ in escalations.posts(entry)] == [
        ("escalation:3:asked:UFARAH", "UFARAH"),
        ("escalation:3:asked:UANA", "UANA"),
        ("escalation:3:asked:UBEN", "UBEN"),
        ("escalation:3:progress", "UEVA"),
        ("escalation:3:card", "C1"),
    ]
    nowhere = replace(entry, project=replace(APOLLO, channel=None))
    assert [to for _, to, _ in escalations.posts(nowhere)] == ["UFARAH", "UANA", "UBEN", "UEVA"]


def test_who_was_asked_at_two_levels_is_asked_once() -> None:
    values = CLIMBED | {"asked": [["sponsor", "UFARAH"], ["pmo", "UFARAH"]]}
    [(_, to, message), _] = escalations.posts(an_entry(**values))
    assert to == "UFARAH"
    assert buttons(message) == ["Acknowledge", "Decide"]


def test_the_channel_learns_what_was_decided() -> None:
    message = escalations.card(an_entry(people={"decided_by": "UANA"}, **DECIDED))
    assert message.text == "Decided on APOLLO-E3, Vendor test is late: Take one"
    assert "> Take one\nBecause:\n> Cheaper" in str(message.blocks[0]["text"]["text"])
    assert "decided by <@UANA>, <!date" in str(message.blocks[1])


def test_who_raised_it_is_told_whom_it_went_to() -> None:
    said = escalations.raised(an_entry(), ["APOLLO has no sponsor."]).text
    assert said.startswith("*Saved as APOLLO-E3* and put to the sponsor (<@UFARAH>).\nAPOLLO has no sponsor.\nNext: ")


def test_a_page_of_the_list_within_slacks_limits() -> None:
    late = an_entry(decide_by=date(2026, 11, 19))
    entries = [(late, True, True)] * 5
    message = escalations.page(entries, first=5, total=12, today=date(2026, 11, 20), size=5)
    assert "*(overdue)*" in message.text
    assert buttons(message)[:3] == ["Acknowledge", "Decide", "Withdraw"]
    assert buttons(message)[-2:] == ["Previous", "Next"]
    assert lint.message(message.blocks) is None


@pytest.mark.parametrize("words", ["x", NASTY * 100, "&" * 3000, "*" * 3000, "line\n" * 600])
def test_whatever_was_typed_stays_within_slacks_limits_and_mentions_nobody(words: str) -> None:
    said: dict[str, Any] = {
        "what": words[:300],
        "ask": words[:300],
        "impact_if_nothing": words[:300],
        "ref": "ABCDEFGHIJ-E12345678",
    }
    project = replace(APOLLO, name=words[:255])
    entry = an_entry(project=project, **said)
    decision: dict[str, Any] = {"decision": words[:3000], "reason": words[:3000]}
    over = an_entry(project=project, people={"decided_by": "UANA"}, **CLIMBED | DECIDED | said | decision)
    page = escalations.page([(entry, True, True)] * 5, first=0, total=9, today=date(2026, 11, 20), size=5)
    for message in (
        page,
        escalations.raised(entry),
        escalations.card(over),
        *(message for each in (entry, over) for _, _, message in escalations.posts(each)),
    ):
        assert lint.message(message.blocks) is None
        assert not any("<!channel>" in said for said in marked_up(message))
    row = Project(id=7, key="APOLLO", name=words[:255], currency="GBP", created_at=NOW)
    for form in (
        escalations_forms.decide_form(entry),
        escalations_forms.raise_form(project=row, is_fixed=True, what=words, ask=words, says="Look"),
        escalations_forms.raise_form(project=row, impact_if_nothing=words, decide_by=date(2026, 11, 25)),
        escalations_forms.raise_form(),
    ):
        assert lint.view(form) is None
