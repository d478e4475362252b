"""A week of check-ins as people live it: asked, answered, corrected, repeated, late, and by two at once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.playground.hands import Hands
from bot.playground.records import Message
from bot.store import checkins, projects, reports
from bot.store.tables import Checkin, Project, Version
from tests.office import Office

FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
WEEK = timedelta(days=7)
PATH = ["cause", "action", "action_owner", "action_due"]
AMBER = {
    "overall": "A",
    "cause": "Vendor is late",
    "action": "A second tester",
    "action_owner": "@hana",
    "action_due": date(2026, 12, 4),
}


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, which Eva manages; her check-in is due on Fridays at three, Stockholm time."""
    office.has_project("APOLLO", budget="1m", finish="2027-02-12")
    return office


@pytest.fixture
def asked(apollo: Office) -> Office:
    """The same on Friday, when Eva has been asked."""
    apollo.local.move_to(FRIDAY)
    return apollo


def newest(person: Hands, place: str | None = None) -> Message:
    return person.reads(place)[-1]


def labels(message: Message) -> list[str]:
    return [e["text"]["text"] for block in message.blocks if block["type"] == "actions" for e in block["elements"]]


def answers(office: Office, person: Hands, **values: Any) -> None:
    """Press *Check in* on the newest message, fill the form in and send it."""
    person.presses(newest(person), "Check in")
    person.fills(values or {"overall": "G"})
    assert person.submits() == {}
    assert person.modal is None
    office.settle()


def the_project(office: Office) -> Project:
    with office.bot.db.reading(office.row.id) as session:
        return projects.get(session, "APOLLO")


def history(office: Office) -> Sequence[Version]:
    with office.bot.db.reading(office.row.id) as session:
        return reports.list_of_project(session, the_project(office).id)[0]


def checkin_of(office: Office, end: date) -> Checkin | None:
    with office.bot.db.reading(office.row.id) as session:
        return checkins.find(session, the_project(office).id, end)


def test_a_week_from_the_question_to_the_corrected_card(asked: Office) -> None:
    eva, prompt = asked.eva, newest(asked.eva)
    assert "How is APOLLO?" in prompt.shown
    assert labels(prompt) == ["Check in"]
    eva.presses(prompt, "Check in")
    eva.fills(achievements="UAT is done", eac="1080000")
    eva.fills(overall="A")
    assert eva.submits() == dict.fromkeys(PATH, "Please complete this required field.")
    eva.fills(cause="Vendor is late", action="A second tester", action_owner="@hana", action_due=date(2026, 11, 19))
    assert eva.submits() == {"action_due": "This date has passed: choose today or later."}
    eva.fills(action_due=date(2026, 12, 4))
    assert eva.submits() == {}
    asked.settle()

    receipt = newest(eva)
    assert receipt.ts == prompt.ts
    assert "Saved:* APOLLO Apollo is *⚠️ [A] At risk*" in receipt.shown
    assert f"Shown in <#{asked.id('#apollo')}>, and in no digest yet." in receipt.shown
    assert labels(receipt) == ["Edit", "Raise a risk", "Escalate"]
    card = newest(asked.farah, "#apollo")
    assert "Path to green* A second tester" in card.shown
    assert "GBP 1.08m of 1m (+8.0%)" in card.shown
    assert "UAT is done" in card.shown

    asked.local.advance(timedelta(hours=1))
    eva.presses(receipt, "Edit")
    assert eva.modal is not None
    assert eva.modal.values["achievements"]["achievements"]["value"] == "UAT is done"
    eva.fills(cause="Vendor is two weeks late")
    assert eva.submits() == {}
    asked.settle()
    corrected = newest(asked.farah, "#apollo")
    assert corrected.ts == card.ts
    assert "Vendor is two weeks late" in corrected.shown
    assert "*corrected* by" in corrected.shown
    [version] = history(asked)
    assert version.report.supersedes_id is not None
    assert the_project(asked).cause == "Vendor is two weeks late"


def test_the_form_sent_twice_is_kept_once(asked: Office) -> None:
    eva = asked.eva
    eva.presses(newest(eva), "Check in")
    eva.fills(overall="G")
    asked.slack.misbehave("interactive", "twice")
    eva.submits()
    asked.settle()
    assert len(history(asked)) == 1


def test_the_next_form_is_filled_in_with_the_last_report(asked: Office) -> None:
    answers(asked, asked.eva, **AMBER, schedule="A", next_steps="Run the rehearsal", achievements="UAT is done")
    asked.local.move_to(FRIDAY + WEEK)
    prompt = newest(asked.eva)
    assert "Vendor is late" in prompt.shown
    assert labels(prompt) == ["Check in", "No change"]
    form = asked.eva.presses(prompt, "Check in")
    assert form is not None
    held = {name: next(iter(field.values())) for name, field in form.values.items()}
    assert held["overall"]["selected_option"]["value"] == "A"
    assert held["schedule"]["selected_option"]["value"] == "A"
    assert held["action_owner"]["selected_user"] == asked.id("hana")
    assert held["next_steps"]["value"] == "Run the rehearsal"
    assert held["achievements"]["value"] is None
    assert "Planned last time: Run the rehearsal" in str(form.blocks)


def test_what_was_typed_for_a_path_is_there_again_after_a_change_of_mind(asked: Office) -> None:
    eva = asked.eva
    eva.presses(newest(eva), "Check in")
    eva.fills(AMBER)
    eva.fills(overall="G")
    assert eva.modal is not None
    assert "left out when you send it green" in str(eva.modal.blocks)
    eva.fills(overall="R")
    assert eva.modal.values["cause"]["cause"]["value"] == "Vendor is late"
    eva.fills(overall="G")
    assert eva.submits() == {}
    [version] = history(asked)
    assert (version.report.cause, version.report.action_owner) == (None, None)


def test_a_form_that_could_not_ask_for_a_path_in_time_asks_when_it_is_sent(asked: Office) -> None:
    eva = asked.eva
    eva.presses(newest(eva), "Check in")
    asked.slack.misbehave("views.update", "hash_conflict")
    eva.fills(overall="A", next_steps="Go live")
    assert eva.modal is not None
    assert "cause" not in eva.modal.values
    assert eva.submits() == {}
    assert "Amber and red want a path to green" in eva.modal.shown
    assert eva.modal.values["next_steps"]["next_steps"]["value"] == "Go live"
    eva.fills(AMBER)
    assert eva.submits() == {}
    assert history(asked)[0].report.next_steps == "Go live"


def test_another_trouble_with_the_form_is_said(asked: Office) -> None:
    asked.eva.presses(newest(asked.eva), "Check in")
    asked.slack.misbehave("views.update", "view_too_large")
    asked.eva.fills(overall="A")
    assert asked.eva.modal is not None
    assert "Something went wrong" in asked.eva.modal.shown


def test_no_change_says_the_last_report_again(asked: Office) -> None:
    answers(asked, asked.eva, overall="G", achievements="UAT is done", forecast_finish=date(2027, 2, 15))
    asked.local.move_to(FRIDAY + WEEK)
    prompt = newest(asked.eva)
    asked.eva.presses(prompt, "No change")
    asked.settle()
    assert "No change, said by" in newest(asked.eva).shown
    assert "No change, said by" in newest(asked.farah, "#apollo").shown
    report = history(asked)[0].report
    assert (report.is_unchanged, report.achievements, report.finish_forecast) == (True, None, date(2027, 2, 15))
    assert (the_project(asked).unchanged_runs, the_project(asked).health_runs) == (1, 2)


def test_no_change_pressed_twice_is_said_once(asked: Office) -> None:
    answers(asked, asked.eva)
    asked.local.move_to(FRIDAY + WEEK)
    prompt = newest(asked.eva)
    asked.eva.presses(prompt, "No change")
    asked.slack.clock.advance(timedelta(seconds=1))
    asked.eva.presses(prompt, "No change")
    assert "answered already" in newest(asked.eva).shown
    assert len(history(asked)) == 2


def test_red_and_the_first_check_in_have_no_no_change(asked: Office) -> None:
    assert labels(newest(asked.eva)) == ["Check in"]
    answers(asked, asked.eva, **AMBER | {"overall": "R"})
    asked.local.move_to(FRIDAY + WEEK)
    assert labels(newest(asked.eva)) == ["Check in"]


def test_no_change_is_refused_once_there_is_something_to_say(asked: Office) -> None:
    answers(asked, asked.eva, **AMBER | {"action_due": date(2026, 11, 28)})
    asked.local.move_to(FRIDAY + WEEK)
    prompt = newest(asked.eva)
    asked.local.advance(timedelta(days=2))
    asked.eva.presses(prompt, "No change")
    assert "The date of the path to green has passed" in newest(asked.eva).shown
    assert len(history(asked)) == 1


def test_who_sends_second_sees_what_was_said_first_and_may_correct_it(asked: Office) -> None:
    eva, ana = asked.eva, asked.ana
    eva.presses(newest(eva), "Check in")
    ana.types("/checkin APOLLO", "#general")
    ana.fills(overall="G")
    assert ana.submits() == {}
    eva.fills(AMBER)
    assert eva.submits() == {}
    assert eva.modal is not None
    assert f"Sending this again corrects what <@{asked.id('ana')}> has reported meanwhile" in eva.modal.shown
    assert eva.modal.values["cause"]["cause"]["value"] == "Vendor is late"
    assert [version.author for version in history(asked)] == [asked.id("ana")]
    assert eva.submits() == {}
    assert eva.modal is None
    asked.settle()
    [version] = history(asked)
    assert (version.author, version.report.cause) == (asked.id("eva"), "Vendor is late")
    assert "*corrected* by" in newest(asked.farah, "#apollo").shown


def test_what_another_has_corrected_since_is_not_overwritten_unseen(asked: Office) -> None:
    eva, ana = asked.eva, asked.ana
    answers(asked, eva)
    eva.presses(newest(eva), "Edit")
    ana.types("/checkin APOLLO", "#general")
    ana.fills(AMBER)
    assert ana.submits() == {}
    eva.fills(overall="R")
    eva.fills(AMBER | {"overall": "R"})
    assert eva.submits() == {}
    assert eva.modal is not None
    assert "has reported meanwhile" in eva.modal.shown


def test_an_unanswered_check_in_is_missed_and_can_be_answered_late(asked: Office) -> None:
    asked.local.move_to(FRIDAY + WEEK)
    missed, _ = asked.eva.reads()[-2:]
    assert "Nothing was reported of APOLLO for Sat 14 Nov to Fri 20 Nov 2026" in missed.shown
    assert the_project(asked).missed_runs == 1
    asked.eva.presses(missed, "Report late")
    asked.eva.fills(overall="G")
    assert asked.eva.submits() == {}
    asked.settle()
    assert "Reported late by" in asked.eva.reads()[-2].shown
    assert "Reported late by" in newest(asked.farah, "#apollo").shown
    assert "How is APOLLO?" in newest(asked.eva).shown
    checkin = checkin_of(asked, date(2026, 11, 20))
    assert checkin is not None
    assert checkin.state == "missed"
    assert (checkin.report_id, the_project(asked).missed_runs) == (history(asked)[0].report.id, 0)
    answers(asked, asked.eva)
    assert the_project(asked).health_runs == 2


def test_a_form_left_open_until_the_next_check_in_reports_on_its_own_period(asked: Office) -> None:
    eva, prompt = asked.eva, newest(asked.eva)
    eva.presses(prompt, "Check in")
    asked.local.move_to(FRIDAY + WEEK)
    eva.fills(overall="G")
    assert eva.submits() == {}
    assert [version.report.period_end for version in history(asked)] == [date(2026, 11, 20)]


def test_no_change_on_a_prompt_that_was_missed_is_not_taken(asked: Office) -> None:
    answers(asked, asked.eva)
    asked.local.move_to(FRIDAY + WEEK)
    prompt = Message(**vars(newest(asked.eva)))
    asked.local.move_to(FRIDAY + 2 * WEEK)
    stale = next(message for message in asked.eva.dm.messages if message.ts == prompt.ts)
    stale.blocks = prompt.blocks
    asked.eva.presses(stale, "No change")
    assert "use *Report late*" in newest(asked.eva).shown
    assert len(history(asked)) == 1


def test_the_command_alone_opens_the_one_that_is_due(asked: Office) -> None:
    asked.has_project("GEMINI")
    asked.eva.types("/checkin", "#general")
    assert asked.eva.modal is not None
    assert "Check in: APOLLO" in asked.eva.modal.shown


def test_unasked_a_report_is_kept_for_the_period_that_is_coming(apollo: Office) -> None:
    apollo.eva.types("/checkin apollo", "#general")
    apollo.eva.fills(overall="G")
    assert apollo.eva.submits() == {}
    apollo.settle()
    assert "Saved:* APOLLO" in newest(apollo.eva).shown
    before = len(apollo.eva.reads())
    apollo.local.move_to(FRIDAY)
    assert len(apollo.eva.reads()) == before
    apollo.eva.types("/checkin", "#general")
    assert apollo.eva.modal is not None
    assert "corrects the report" in apollo.eva.modal.shown


def test_of_several_projects_one_is_chosen(asked: Office) -> None:
    asked.has_project("GEMINI")
    asked.local.move_to(FRIDAY + WEEK)
    choice = asked.eva.types("/checkin", "#general")
    assert choice is not None
    assert choice.ephemeral_to == asked.id("eva")
    asked.eva.selects(choice, "checkin.open", "GEMINI")
    assert asked.eva.modal is not None
    assert "Check in: GEMINI" in asked.eva.modal.shown


def test_the_shortcut_does_the_same_in_its_window(asked: Office) -> None:
    asked.has_project("GEMINI")
    asked.local.move_to(FRIDAY + WEEK)
    asked.eva.shortcut("Check in")
    assert asked.eva.modal is not None
    asked.eva.selects(None, "checkin.open", "APOLLO")
    assert asked.eva.modal is not None
    assert "Check in: APOLLO" in asked.eva.modal.shown
    asked.eva.fills(overall="G")
    assert asked.eva.submits() == {}
    assert len(history(asked)) == 1


@pytest.mark.parametrize(
    ("who", "words", "said"),
    [
        ("ana", "/checkin", "`/checkin APOLLO` names a project"),
        ("eva", "/checkin GEMINI", "no project with that key"),
        ("hana", "/checkin APOLLO", "Only the project's manager"),
        ("farah", "/checkin APOLLO", "Only the project's manager"),
    ],
)
def test_what_cannot_be_reported_on_is_said_with_the_way_out(asked: Office, who: str, words: str, said: str) -> None:
    person = asked.slack.as_(who)
    refused = person.types(words, "#general")
    assert refused is not None
    assert said in refused.text
    assert person.modal is None


def test_a_manager_of_another_project_is_refused_here(asked: Office) -> None:
    asked.has_project("GEMINI", manager="@ben")
    refused = asked.ben.types("/checkin APOLLO", "#general")
    assert refused is not None
    assert "Only the project's manager" in refused.text


def test_a_project_on_hold_is_not_reported_on(asked: Office) -> None:
    asked.eva.types("/pmo project APOLLO edit", "#general")
    asked.eva.fills(state="on_hold")
    assert asked.eva.submits() == {}
    asked.eva.closes()
    refused = asked.eva.types("/checkin APOLLO", "#general")
    assert refused is not None
    assert "APOLLO is on hold" in refused.text


def test_a_deputy_stands_in_and_the_report_says_so(apollo: Office) -> None:
    apollo.has_project("GEMINI", deputy="@hana")
    apollo.local.move_to(FRIDAY)
    apollo.hana.types("/checkin", "#general")
    apollo.hana.fills(overall="G")
    assert apollo.hana.submits() == {}
    apollo.settle()
    receipts = [message.shown for message in (newest(apollo.hana), newest(apollo.eva))]
    assert all(f"Reported by <@{apollo.id('hana')}>" in shown for shown in receipts)


def test_without_a_channel_only_the_receipt_tells(office: Office) -> None:
    office.has_project("APOLLO", channel=None)
    office.local.move_to(FRIDAY)
    answers(office, office.eva)
    assert "APOLLO has no channel to show it in" in newest(office.eva).shown


def test_a_correction_may_keep_a_date_that_was_in_time_when_it_was_reported(asked: Office) -> None:
    answers(asked, asked.eva, **AMBER | {"action_due": date(2026, 11, 23)})
    asked.local.advance(timedelta(days=5))
    asked.eva.presses(newest(asked.eva), "Edit")
    asked.eva.fills(cause="Vendor was late")
    assert asked.eva.submits() == {}
    assert history(asked)[0].report.cause == "Vendor was late"
