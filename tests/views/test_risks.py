"""Risks in blocks: what is said of one, whatever people typed, within every limit of Slack's."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playground import lint
from bot.rules.terms import RiskOutcome, RiskState, Severity
from bot.store.tables import Message, Project, ProjectName, Risk, RiskEntry
from bot.views import risks, risks_forms

NOW = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
APOLLO = ProjectName(7, "APOLLO", "Apollo <data>", "C1")
NASTY = "<!channel> *bold* & <https://x|y> 👨‍👩‍👧‍👦 "


def an_entry(*, owner: str | None = "UANA", project: ProjectName = APOLLO, **values: Any) -> RiskEntry:
    told: dict[str, Any] = {
        "id": 12,
        "workspace_id": 1,
        "project_id": 7,
        "ref": "APOLLO-R12",
        "event": "Vendor may slip",
        "probability": 4,
        "impact": 5,
        "score": 20,
        "severity": Severity.VERY_HIGH,
        "state": RiskState.ASSESSED,
        "due": date(2026, 12, 4),
        "raised_by": 1,
        "raised_at": NOW,
    }
    return RiskEntry(Risk(**(told | values)), project, raised_by="UBEN", zone="Europe/London", owner=owner)


def closed(**values: Any) -> RiskEntry:
    ended: dict[str, Any] = {
        "state": RiskState.CLOSED,
        "closed_at": NOW,
        "outcome": RiskOutcome.REALISED,
        "closing_note": "It did",
    }
    return replace(an_entry(**(ended | values)), closed_by="UEVA")


def marked_up(message: Message) -> list[str]:
    """What Slack reads for mark-up in a message."""
    return [message.text, *(each["text"] for each in lint.objects_in(message.blocks) if each.get("type") == "mrkdwn")]


def buttons(message: Message) -> dict[str, str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {element["text"]["text"]: element["value"] for row in rows for element in row}


def test_the_card_is_a_sentence_and_its_fields() -> None:
    message = risks.card(an_entry(evidence="https://acme.slack.com/archives/C1/p1"))
    assert message.text == ("Very high 20 risk APOLLO-R12: Vendor may slip. Owner: <@UANA>. Due: Fri 4 Dec 2026.")
    assert message.blocks[0] == {"type": "header", "text": {"type": "plain_text", "text": "APOLLO-R12 Vendor may slip"}}
    assert [field["text"] for field in message.blocks[1]["fields"]] == [
        "*Severity*\nVery high 20",
        "*Probability × impact*\n4 × 5",
        "*Owner*\n<@UANA>",
        "*Due*\nFri 4 Dec 2026",
    ]
    assert "from <https://acme.slack.com/archives/C1/p1|a message>" in str(message.blocks[2])
    assert buttons(message) == dict.fromkeys(["I'll own it", "Re-score", "Close", "Escalate"], "12")


def test_a_closed_card_says_how_it_ended_and_has_no_buttons() -> None:
    message = risks.card(closed())
    assert "Closed as realised by <@UEVA>" in message.text
    assert "> It did" in str(message.blocks[1])
    assert buttons(message) == {}
    undone = risks.card(closed(state=RiskState.REJECTED, outcome=None, closing_note=None, closed_at=None))
    assert "Undone by <@UEVA>." in undone.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "APOLLO-R12 was closed already by <@UEVA> on <!date"),
        ({"state": RiskState.REJECTED, "outcome": None}, "APOLLO-R12 was undone already by <@UEVA> on <!date"),
        ({"closed_at": None, "outcome": None}, "APOLLO-R12 was closed already by <@UEVA>."),
    ],
)
def test_who_comes_late_is_told_who_ended_it(values: dict[str, Any], said: str) -> None:
    assert risks.over(closed(**values)).startswith(said)


def test_the_answer_names_each_field_and_what_was_assumed() -> None:
    message = risks.saved(an_entry(owner=None, due=None), assumed=["impact"], lost="Not linked.")
    assert [field["text"] for field in message.blocks[1]["fields"]] == [
        "*Project*\nAPOLLO Apollo &lt;data&gt;",
        "*Severity*\nVery high 20",
        "*Probability*\n4 of 5",
        "*Impact*\n5 of 5 (assumed: you did not say)",
        "*Owner*\nnobody",
        "*Due*\nno date",
    ]
    assert [line.split(":")[0] for line in message.blocks[2]["elements"][0]["text"].split("\n")] == [
        "Not linked.",
        "A risk this high counts as unanswered until it has an owner and a date",
        "Next",
    ]
    assert buttons(message) == {"Edit": "12", "Undo": "12"}
    assert buttons(risks.saved(an_entry(), undo=False)) == {}
    assert "unanswered" not in str(risks.saved(an_entry()).blocks)
    assert "`/pmo project APOLLO edit`" in risks.saved(an_entry(project=replace(APOLLO, channel=None))).text


def test_a_page_shows_what_is_overdue_and_where_it_goes_on() -> None:
    entries = [an_entry(id=number, due=date(2026, 11, 19)) for number in range(1, 4)]
    project = Project(id=7, key="APOLLO", name="Apollo", currency="GBP", created_at=NOW)
    message = risks.page(entries, project=project, first=3, total=9, today=TODAY, size=3)
    assert "due Thu 19 Nov 2026 (overdue)" in message.text
    assert "4 to 6 of 9" in str(message.blocks[-2])
    assert buttons(message) == {"Previous": "7:0", "Next": "7:6"}
    assert lint.message(message.blocks) is None


@pytest.mark.parametrize("words", ["x", NASTY * 30, "&" * 3000, "*" * 3000])
def test_whatever_was_typed_stays_within_slacks_limits_and_mentions_nobody(words: str) -> None:
    entry = an_entry(event=words[:300], cause=words[:300], effect=words[:300], ref="ABCDEFGHIJ-R123456789")
    entry = replace(entry, project=replace(APOLLO, name=words[:255]))
    over = replace(entry, risk=closed(event=words[:300], closing_note=words).risk, closed_by="UEVA")
    project = Project(id=7, key="APOLLO", name=words[:255], currency="GBP", created_at=NOW)
    page = risks.page([entry] * 8, project=None, first=0, total=99, today=TODAY, size=8)
    for message in (risks.card(entry), risks.card(over), risks.saved(entry), page):
        assert lint.message(message.blocks) is None
        assert not any("<!channel>" in said for said in marked_up(message))
    for form in (
        risks_forms.raise_form(project=project, event=words, says="Which?"),
        risks_forms.edit_form(entry),
        risks_forms.rescore_form(entry),
        risks_forms.close_form(entry),
    ):
        assert lint.view(form) is None


def test_the_form_of_a_brief_risk_asks_for_no_more() -> None:
    def optional(entry: RiskEntry) -> dict[str, bool]:
        blocks = risks_forms.edit_form(entry)["blocks"]
        return {block["block_id"]: bool(block.get("optional")) for block in blocks if block["type"] == "input"}

    assert optional(an_entry())["cause"]
    assert not optional(an_entry(cause="One tester", effect="Late"))["cause"]
    assert not optional(an_entry())["event"]
