"""Prompt and receipt: what was said last, what was saved, where it will be read, and what can be done."""

from datetime import UTC, date, datetime
from typing import Any

from bot.playground import lint
from bot.rules.terms import Health
from bot.store.tables import Checkin, Message, Version
from bot.views import blocks, checkins
from tests.views.test_reports import LATER, LONG, NOW, ZONE, a_project, a_report, green

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def a_checkin(**values: Any) -> Checkin:
    told: dict[str, Any] = {
        "id": 41,
        "project_id": 7,
        "period_start": date(2026, 11, 21),
        "period_end": date(2026, 11, 27),
        "due_at": NOW,
    }
    return Checkin(**(told | values))


def buttons(message: Message) -> list[tuple[str, str, str]]:
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [(each["text"]["text"], each["action_id"], each["value"]) for row in rows for each in row["elements"]]


def words(message: Message) -> str:
    assert lint.message(message.blocks) is None
    return str(message.blocks)


def test_the_prompt_says_what_was_reported_last_and_offers_two_answers() -> None:
    message = checkins.prompt(a_checkin(), a_project(), a_report(), zone=ZONE)

    assert message.blocks == [
        blocks.header("How is APOLLO?"),
        blocks.section("*Apollo &lt;data&gt;* · Sat 21 Nov to Fri 27 Nov 2026"),
        blocks.section(
            "*Last reported* ⚠️ [A] At risk · "
            "<!date^1795187400^{date_short_pretty} at {time}|Fri 20 Nov 2026, 15:10 Europe/London>\n"
            "*Because of* Vendor \u2217late\u2217\n*Path to green* Second tester · <@UBOB> by Fri 4 Dec 2026"
        ),
        blocks.actions(
            blocks.button("Check in", "checkin.open", 7, style="primary", describes="Check in for APOLLO"),
            blocks.button("No change", "checkin.unchanged", 41, describes="No change for APOLLO"),
        ),
        blocks.context("*No change* says the last report again, with today's date."),
    ]
    assert message.text.startswith(
        "How is APOLLO Apollo &lt;data&gt;? The check-in for Sat 21 Nov to Fri 27 Nov 2026 is due.\n"
        "Last reported: ⚠️ [A] At risk"
    )
    assert lint.message(message.blocks) is None


def test_without_something_to_repeat_only_check_in_is_offered() -> None:
    message = checkins.prompt(a_checkin(), a_project(), None, zone=ZONE, may_repeat=False)

    assert buttons(message) == [("Check in", "checkin.open", "7")]
    assert "this is the first check-in" in words(message)
    assert "No change" not in words(message)
    assert message.text.endswith("is due.")


def test_who_may_not_answer_is_told_whom_to_turn_to() -> None:
    message = checkins.prompt(a_checkin(), a_project(), a_report(), zone=ZONE, may_answer=False)

    assert buttons(message) == []
    assert "Ask your PMO to name one." in words(message)


def test_a_missed_prompt_can_still_be_answered() -> None:
    message = checkins.missed(a_checkin(), a_project())

    assert buttons(message) == [("Report late", "checkin.edit", "41")]
    assert "is marked as late" in words(message)


def receipt(*versions: Version, **more: Any) -> Message:
    return checkins.receipt(a_checkin(), more.pop("project", a_project()), versions, zone=ZONE, **more)


def test_a_receipt_says_what_was_saved_and_where_it_is_read() -> None:
    message = receipt(Version(green(), "UANA"), next_edition=MONDAY)

    assert "*Saved:* APOLLO Apollo &lt;data&gt; is *🟢 [G] On track* for Sat 21 Nov to Fri 27 Nov 2026" in words(
        message
    )
    assert "Reported by <@UANA>" in words(message)
    assert "Shown in <#C1>, and in the next digest, <!date^1795424400" in words(message)
    assert buttons(message) == [("Edit", "checkin.edit", "41")]
    assert message.text.startswith("Saved: APOLLO is 🟢 [G] On track")


def test_a_receipt_says_when_nobody_else_will_read_it() -> None:
    message = receipt(Version(green(), "UANA"), project=a_project(channel=None))

    assert "APOLLO has no channel to show it in, and in no digest yet." in words(message)


def test_what_is_not_green_is_offered_help() -> None:
    message = receipt(Version(a_report(), "UANA"))

    assert [(action, value) for _, action, value in buttons(message)] == [
        ("checkin.edit", "41"),
        ("risk.open", "7"),
        ("escalation.open", "7"),
    ]
    assert "*Because of* Vendor" in words(message)


def test_a_receipt_says_where_the_facts_contradict() -> None:
    report = green(computed=Health.RED, computed_because=["finish forecast 50 working days late"])

    message = receipt(Version(report, "UANA"))

    assert "*The facts say 🟥 [R] Off track*: finish forecast 50 working days late." in words(message)


def test_a_receipt_is_marked_when_it_is_late_or_corrected() -> None:
    assert "Reported late by <@UANA>" in words(receipt(Version(green(), "UANA"), late=True))
    corrected = receipt(Version(green(), "UANA"), Version(a_report(reported_at=LATER), "UBOB"))
    assert "*corrected* by <@UBOB>" in words(corrected)
    assert "[A] At risk" in words(corrected)


def test_the_choice_of_a_project_says_what_is_due() -> None:
    message = checkins.choice([(a_project(), a_checkin()), (a_project(id=8, key="ZEUS", name=LONG[:255]), None)])

    menu = message.blocks[0]["accessory"]
    assert message.text == "Which project do you report on? Due: APOLLO."
    assert [(each["value"], each["description"]["text"]) for each in menu["options"]] == [
        ("7", "Due: Sat 21 Nov to Fri 27 Nov 2026"),
        ("8", "Not due now"),
    ]
    assert menu["action_id"] == "checkin.open"
    assert lint.message(message.blocks) is None


def test_a_hundred_projects_can_be_chosen_from() -> None:
    message = checkins.choice([(a_project(id=number, key=f"P{number}"), None) for number in range(1, 101)])

    assert message.text == "Which project do you report on?"
    assert lint.message(message.blocks) is None
    assert blocks.size(message.blocks) < 13_200


def test_who_reports_on_nothing_is_told_what_to_do() -> None:
    assert "`/checkin APOLLO`" in checkins.nothing()
