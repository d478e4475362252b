"""An entry of the trail in words: what, by whom, when, from where, from what to what, and why."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playground import lint
from bot.rules.audit import CLOCK, IMPORT, OPERATOR, SLACK, About, Part
from bot.store.tables import AuditEntry, Name, Trail
from bot.views import audit, blocks

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ZONE = "Europe/London"
WHEN = "<!date^1795186800^{date_short_pretty} at {time}|Fri 20 Nov 2026, 15:00 Europe/London>"
NAMES = {
    "people:3": Name("U0ANN"),
    "people:4": Name("U0BEN"),
    "projects:7": Name("APOLLO"),
    "risks:88": Name("APOLLO-R12"),
    "portfolios:2": Name("Run & <change>"),
    "digests:5": Name("Weekly *all*"),
    "channels:1": Name("C0APOLLO"),
    "checkins:6": Name("APOLLO", date(2026, 11, 20)),
    "status_reports:9": Name("APOLLO", date(2026, 11, 20)),
}


def an_entry(number: int = 1, **values: Any) -> AuditEntry:
    told: dict[str, Any] = {
        "at": NOW,
        "person_id": 3,
        "record": "risks:88",
        "what": "closed",
        "via": "action risk.close",
    }
    always: dict[str, Any] = {"id": number, "workspace_id": 1, "project_id": 7, "changes": {}}
    return AuditEntry(**(always | told | values))


def a_trail(*entries: AuditEntry, part: Part | None = None, newer: bool = False, older: bool = False) -> Trail:
    return Trail(part or Part(), entries, NAMES, has_newer=newer, has_older=older)


def lines(entry: AuditEntry) -> list[str]:
    """How one entry is shown, line by line."""
    shown: str = audit.message(a_trail(entry), zone=ZONE).blocks[1]["text"]["text"]
    return shown.split("\n")


def changed(**changes: Any) -> list[str]:
    return lines(an_entry(changes=changes))[1:]


@pytest.mark.parametrize(
    ("values", "headline"),
    [
        ({}, f"*APOLLO-R12* closed · by <@U0ANN> · {WHEN} · with a button"),
        ({"via": "view risk.form"}, f"*APOLLO-R12* closed · by <@U0ANN> · {WHEN} · in a form"),
        ({"via": "command risk"}, f"*APOLLO-R12* closed · by <@U0ANN> · {WHEN} · `/pmo risk`"),
        ({"via": "command <reference>"}, f"*APOLLO-R12* closed · by <@U0ANN> · {WHEN} · with a reference"),
        ({"via": IMPORT}, f"*APOLLO-R12* closed · by <@U0ANN> · {WHEN} · with a register"),
        ({"via": None}, f"*APOLLO-R12* closed · by <@U0ANN> · {WHEN}"),
        ({"person_id": 99}, f"*APOLLO-R12* closed · by somebody · {WHEN} · with a button"),
        ({"person_id": None, "via": CLOCK}, f"*APOLLO-R12* closed · by the clock · {WHEN}"),
        ({"person_id": None, "via": IMPORT}, f"*APOLLO-R12* closed · by an import · {WHEN}"),
        ({"person_id": None, "via": SLACK}, f"*APOLLO-R12* closed · told by Slack · {WHEN}"),
        ({"person_id": None, "via": OPERATOR}, f"*APOLLO-R12* closed · by the operator · {WHEN}"),
        ({"person_id": None, "via": "pmo-bot export"}, f"*APOLLO-R12* closed · by pmo-bot export · {WHEN}"),
        ({"person_id": None, "via": None}, f"*APOLLO-R12* closed · by the clock or an import · {WHEN}"),
    ],
)
def test_an_entry_says_what_who_when_and_from_where(values: dict[str, Any], headline: str) -> None:
    assert lines(an_entry(**values)) == [headline]


@pytest.mark.parametrize(
    ("record", "called"),
    [
        ("projects:7", "APOLLO"),
        ("people:4", "<@U0BEN>"),
        ("portfolios:2", "Portfolio Run &amp; &lt;change&gt;"),
        ("digests:5", "Digest Weekly \u2217all\u2217"),
        ("checkins:6", "APOLLO check-in up to Fri 20 Nov 2026"),
        ("status_reports:9", "APOLLO report up to Fri 20 Nov 2026"),
        ("channels:1", "<#C0APOLLO>"),
        ("workspaces:1", "The workspace"),
        ("installations:3", "installation 3"),
        ("role_grants:4", "role grant 4"),
    ],
)
def test_a_record_is_called_as_people_call_it(record: str, called: str) -> None:
    assert lines(an_entry(record=record))[0].startswith(f"*{called}* closed · ")


def test_a_refusal_says_what_was_wanted_and_where() -> None:
    values: dict[str, Any] = {"record": "people:3", "what": "refused", "changes": {"act": [None, "close_risk"]}}
    rest = f" · by <@U0ANN> · {WHEN} · with a button"
    assert lines(an_entry(**values)) == [f"*Refused:* close risk in APOLLO{rest}"]
    assert lines(an_entry(**values, project_id=None)) == [f"*Refused:* close risk{rest}"]
    sought = values | {"changes": {"act": [None, "find"]}, "project_id": None}
    assert lines(an_entry(**sought)) == [f"*Refused:* to find what is not here, or not theirs to see{rest}"]


@pytest.mark.parametrize(
    ("field", "pair", "said"),
    [
        ("name", ["Apollo", "Apollo *2*"], "name: Apollo → Apollo \u22172\u2217"),
        ("name", [None, "Apollo"], "name: Apollo"),
        ("deputy", [[3], []], "deputy: <@U0ANN> → nothing"),
        ("manager", [[3], [3, 4]], "manager: <@U0ANN> → <@U0ANN> and <@U0BEN>"),
        ("owner_id", [3, None], "owner: <@U0ANN> → nothing"),
        ("path_owner_id", [None, 99], "owner of the path: somebody"),
        ("manager", ["Ana", "Ben <b>"], "manager: Ana → Ben &lt;b&gt;"),
        ("portfolio_id", [None, 2], "portfolio: Portfolio Run &amp; &lt;change&gt;"),
        ("portfolio_id", [2, 99], "portfolio: Portfolio Run &amp; &lt;change&gt; → portfolio 99"),
        ("confidential", [[], [7, 99]], "confidential: APOLLO"),
        ("confidential", [False, True], "confidential: no → yes"),
        ("channel", ["C1", "C2"], "channel: <#C1> → <#C2>"),
        ("reported_health", ["green", "red"], "health: 🟢 [G] On track → 🟥 [R] Off track"),
        ("dimensions", [{}, {"schedule": 6, "cost": 2}], "dimensions: S:R C:G Sc:X Re:X Ri:X Bn:X Q:X"),
        ("budget_baseline", [None, "1200000.50"], "budget: 1,200,000.50"),
        ("state", ["executing", "on_hold"], "state: executing → on hold"),
        ("finish_baseline", [None, "2027-01-31"], "finish: Sun 31 Jan 2027"),
        ("until", [None, "2026-11-20T15:00:00+00:00"], f"until: {WHEN}"),
        ("is_admin", [False, True], "Slack admin: no → yes"),
        ("score", [6, 12], "score: 6 → 12"),
        ("services_off", [[], ["raid", "digests"]], "services off: raid, digests"),
        ("tolerances", [None, {"plus_percent": 10}], "tolerances: plus percent 10"),
        ("event", ["x", "two\nlines <!here>"], "event: x → two lines &lt;!here&gt;"),
    ],
)
def test_a_change_says_from_what_to_what(field: str, pair: list[Any], said: str) -> None:
    assert changed(**{field: pair}) == [f"• {said}"]


def test_a_project_that_the_reader_does_not_see_leaves_no_trace() -> None:
    assert changed(confidential=[[7], [7, 99]]) == []
    assert changed(confidential=[[], [99]]) == []
    assert changed(confidential=[[99], []]) == []


def test_what_only_follows_from_the_act_is_not_told() -> None:
    told = {"report_id": [None, 4], "closed_by": [None, 3], "closed_at": [None, "2026-11-20T15:00:00+00:00"]}
    assert changed(**told, outcome=[None, "avoided"]) == ["• outcome: avoided"]


def test_many_changes_are_cut_and_counted() -> None:
    told = changed(**{f"field_{number}": [None, number] for number in range(10)})
    assert told[-2:] == ["• field 7: 7", "• and 2 more changes"]


def test_why_stands_below() -> None:
    assert lines(an_entry(why="The vendor <b>left</b>"))[-1] == "_The vendor &lt;b&gt;left&lt;/b&gt;_"


def test_a_page_says_whose_trail_it_is_and_leads_to_those_beside_it() -> None:
    part = Part(About.RECORD, "risks:88")
    message = audit.message(a_trail(an_entry(9), an_entry(5), part=part, newer=True, older=True), zone=ZONE)
    assert message.text.startswith("The audit trail of APOLLO-R12, the newest entry first:\n*APOLLO-R12* closed")
    assert message.blocks[0] == blocks.section("*The audit trail of APOLLO-R12*, the newest entry first")
    assert message.blocks[3] == blocks.actions(
        blocks.button("Newer", "audit.turn:newer", "record:risks:88/>9"),
        blocks.button("Older", "audit.turn:older", "record:risks:88/<5"),
    )
    assert lint.message(message.blocks) is None


def test_the_first_and_the_last_page_lead_one_way() -> None:
    (older,) = audit.message(a_trail(an_entry(), older=True), zone=ZONE).blocks[2]["elements"]
    (newer,) = audit.message(a_trail(an_entry(), newer=True), zone=ZONE).blocks[2]["elements"]
    assert (older["value"], newer["value"]) == ("all/<1", "all/>1")
    assert len(audit.message(a_trail(an_entry()), zone=ZONE).blocks) == 3


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Part(), "There is no entry yet."),
        (Part(About.PERSON, "4"), "There is no entry about <@U0BEN> yet."),
        (Part(About.PROJECT, "7"), "There is no entry about APOLLO yet."),
    ],
)
def test_an_empty_trail_says_what_will_stand_there(part: Part, said: str) -> None:
    (only,) = audit.message(a_trail(part=part), zone=ZONE).blocks
    assert only["text"]["text"].startswith(said)
    assert "why and from where" in only["text"]["text"]


def test_the_longest_page_there_can_be_is_one_that_slack_takes() -> None:
    long = "Überlänge 👨‍👩‍👧‍👦 <!channel> & " * 30
    changes = {f"a_long_name_of_a_field_{number}": [long, long] for number in range(20)}
    page = a_trail(*(an_entry(number, changes=changes, why=long) for number in range(10)), newer=True, older=True)
    message = audit.message(page, zone=ZONE)
    assert lint.message(message.blocks) is None
