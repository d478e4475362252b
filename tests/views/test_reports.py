"""Reports in words: letters and numbers first, then why, what is done, who said it and when."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from bot.playground import lint
from bot.rules.terms import Health
from bot.store.tables import Project, StatusReport, Version
from bot.views import blocks, reports

NOW = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 16, 20, tzinfo=UTC)
ZONE = "Europe/London"
LONG = "Überlänge 👨‍👩‍👧‍👦 <!channel> " * 30


def a_project(**values: Any) -> Project:
    told: dict[str, Any] = {
        "id": 7,
        "key": "APOLLO",
        "name": "Apollo <data>",
        "currency": "GBP",
        "channel": "C1",
        "finish_baseline": date(2027, 2, 12),
        "budget_baseline": Decimal(1_000_000),
        "created_at": NOW,
    }
    return Project(**(told | values))


def a_report(**values: Any) -> StatusReport:
    told: dict[str, Any] = {
        "id": 3,
        "project_id": 7,
        "author_id": 1,
        "period_start": date(2026, 11, 14),
        "period_end": date(2026, 11, 20),
        "reported_at": NOW,
        "overall": Health.AMBER,
        "computed": Health.AMBER,
        "dimensions": {"schedule": Health.AMBER, "scope": Health.GREEN},
        "cause": "Vendor *late*",
        "action": "Second tester",
        "action_owner": "UBOB",
        "action_due": date(2026, 12, 4),
        "finish_forecast": date(2027, 3, 15),
        "budget_forecast": Decimal(1_080_000),
        "achievements": "UAT done",
        "next_steps": "Go live",
        "decisions_needed": "One tester",
    }
    told |= values
    owner = told.pop("action_owner")
    report = StatusReport(**told, action_owner_id=2 if owner else None)
    set_committed_value(report, "action_owner", owner)  # as the store reads it with the row
    return report


def green(**values: Any) -> StatusReport:
    forecasts = dict.fromkeys(["finish_forecast", "budget_forecast"])
    bare = forecasts | dict.fromkeys(["cause", "action", "action_owner", "action_due"])
    bare |= dict.fromkeys(["achievements", "next_steps", "decisions_needed"])
    return a_report(**{"overall": Health.GREEN, "computed": Health.GREEN, "dimensions": {}, **bare, **values})


def card(*versions: Version, **more: Any) -> Any:
    return reports.card(a_project(), versions, zone=ZONE, **more)


def test_a_card_says_how_it_is_why_and_what_is_done() -> None:
    message = card(Version(a_report(), "UANA"))

    assert message.blocks == [
        blocks.header("APOLLO Apollo <data>"),
        blocks.section("*⚠️ [A] At risk* for Sat 14 Nov to Fri 20 Nov 2026"),
        blocks.fields(
            {
                "Dimensions": "S:A C:X Sc:G Re:X Ri:X Bn:X Q:X",
                "Forecast finish": "Mon 15 Mar 2027 (+21 wd)",
                "Forecast cost": "GBP 1.08m of 1m (+8.0%)",
            }
        ),
        blocks.section(
            "*Because of* Vendor \u2217late\u2217\n*Path to green* Second tester · <@UBOB> by Fri 4 Dec 2026"
        ),
        blocks.section("*Achieved* UAT done\n*Next* Go live\n*Decisions needed* One tester"),
        blocks.actions(
            blocks.button("History", "report.history", 7, describes="What was reported of APOLLO before"),
        ),
        blocks.context(
            "Reported by <@UANA> <!date^1795187400^{date_short_pretty} at {time}|Fri 20 Nov 2026, 15:10 Europe/London>"
        ),
    ]
    assert message.text == (
        "APOLLO Apollo &lt;data&gt;: ⚠️ [A] At risk for Sat 14 Nov to Fri 20 Nov 2026 because Vendor \u2217late\u2217. "
        "Path to green: Second tester, <@UBOB> by Fri 4 Dec 2026. Decisions needed: One tester. Reported by <@UANA>."
    )
    assert lint.message(message.blocks) is None


def test_a_card_of_nothing_but_a_rating_is_short() -> None:
    message = card(Version(green(), None))

    assert [block["type"] for block in message.blocks] == ["header", "section", "section", "actions", "context"]
    assert "an import" in message.blocks[-1]["elements"][0]["text"]


@pytest.mark.parametrize(
    ("versions", "late", "signed"),
    [
        ([Version(green(), "UANA")], True, "Reported late by <@UANA>"),
        ([Version(green(is_unchanged=True), "UANA")], False, "No change, said by <@UANA>"),
        (
            [Version(green(), "UANA"), Version(a_report(reported_at=LATER), "UBOB")],
            False,
            "Reported by <@UANA> <!date^1795187400^{date_short_pretty} at {time}|Fri 20 Nov 2026, 15:10 Europe/London>"
            " · *corrected* by <@UBOB> <!date^1795191600",
        ),
    ],
)
def test_a_card_is_marked_when_it_is_late_corrected_or_unchanged(
    versions: list[Version], late: bool, signed: str
) -> None:
    message = card(*versions, late=late)

    assert message.blocks[-1]["elements"][0]["text"].startswith(signed)


def test_a_card_shows_the_newest_version() -> None:
    message = card(Version(green(), "UANA"), Version(a_report(), "UBOB"))

    assert "[A] At risk" in message.blocks[1]["text"]["text"]
    assert message.text.endswith("Corrected by <@UBOB>.")


def test_what_was_typed_at_length_stays_within_slacks_limits() -> None:
    typed = dict.fromkeys(["cause", "action", "achievements", "next_steps", "decisions_needed"], LONG)
    project = a_project(name=LONG[:255])
    version = Version(a_report(**typed), "UANA")

    assert lint.message(reports.card(project, [version], zone=ZONE).blocks) is None
    page = reports.history(project, [version] * 10, number=1, size=10, total=30, zone=ZONE)
    assert lint.message(page.blocks) is None
    assert blocks.size(page.blocks) < blocks.MESSAGE_SIZE


@pytest.mark.parametrize(
    ("baseline", "forecast", "said"),
    [
        (date(2027, 2, 12), date(2027, 2, 12), "Fri 12 Feb 2027 (as planned)"),
        (date(2027, 2, 12), date(2027, 2, 10), "Wed 10 Feb 2027 (-2 wd)"),
        (None, date(2027, 2, 10), "Wed 10 Feb 2027"),
        (date(2027, 2, 12), None, "–"),
    ],
)
def test_a_finish_is_measured_in_working_days(baseline: date | None, forecast: date | None, said: str) -> None:
    assert reports.finish(baseline, forecast) == said


@pytest.mark.parametrize(
    ("budget", "forecast", "said"),
    [
        (Decimal(100_000), Decimal(95_000), "GBP 95k of 100k (-5.0%)"),
        (None, Decimal(95_000), "GBP 95k"),
        (Decimal(0), Decimal(5), "GBP 5 of 0 (no budget)"),
        (Decimal(5), None, "–"),
        (Decimal(5), Decimal(0), "GBP 0 of 5 (-100.0%)"),
    ],
)
def test_a_cost_is_measured_against_the_budget(budget: Decimal | None, forecast: Decimal | None, said: str) -> None:
    assert reports.cost(budget, forecast, "GBP") == said


def test_a_period_of_one_day_is_that_day() -> None:
    assert reports.days(date(2026, 11, 20), date(2026, 11, 20)) == "Fri 20 Nov 2026"
    assert reports.days(date(2026, 12, 31), date(2027, 1, 6)) == "Thu 31 Dec 2026 to Wed 6 Jan 2027"


def test_a_path_without_owner_or_date_says_so() -> None:
    report = a_report(action_owner=None, action_due=None)

    assert reports.because(report).endswith("Second tester · nobody, without a date")


def history(*found: Version, number: int = 0, total: int | None = None) -> Any:
    size = 2
    total = len(found) if total is None else total
    return reports.history(a_project(), found, number=number, size=size, total=total, zone=ZONE)


def test_history_is_a_line_a_period_with_its_marks() -> None:
    message = history(Version(a_report(supersedes_id=2), "UANA"), Version(green(is_unchanged=True), None))

    first, second = (block["text"]["text"] for block in message.blocks[1:3])
    assert first.startswith("*Sat 14 Nov to Fri 20 Nov 2026* · ⚠️ [A] At risk\nS:A C:X Sc:G")
    assert first.endswith("corrected")
    assert second.splitlines()[1].startswith("_an import")
    assert second.endswith("no change")
    assert message.blocks[-1] == blocks.context("1 to 2 of 2 reports, the newest first.")


def test_history_is_turned_page_by_page() -> None:
    def turns(message: Any) -> list[tuple[str, str]]:
        rows = [block for block in message.blocks if block["type"] == "actions"]
        return [(button["action_id"], button["value"]) for row in rows for button in row["elements"]]

    page = [Version(green(), "UANA")] * 2
    assert turns(history(*page, total=6)) == [("report.history:1", "7")]
    assert turns(history(*page, number=1, total=6)) == [("report.history:0", "7"), ("report.history:2", "7")]
    assert turns(history(*page, number=2, total=6)) == [("report.history:1", "7")]


def test_history_of_nothing_says_what_to_do() -> None:
    assert "`/checkin APOLLO`" in history().text
