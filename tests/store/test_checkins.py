"""Check-ins are opened once a project and period; what is not answered is missed, what comes late still counts."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules.actors import Actor
from bot.rules.checkins import ReportDraft
from bot.rules.terms import CheckinState, Dimension, Health, ProjectState, Role
from bot.store import Database, Session, audit, checkins, inside, projects, reports, schedules
from bot.store.checkins import Opened, Overtaken
from bot.store.tables import Checkin, Person, Project, StatusReport, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor

WEEK = timedelta(days=7)
GREEN = ReportDraft(Health.GREEN, dict.fromkeys(Dimension, Health.NOT_SET))
THIS_WEEK = (date(2026, 11, 14), date(2026, 11, 20))
NEXT_WEEK = (date(2026, 11, 21), date(2026, 11, 27))


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, workspace: Workspace) -> Person:
    return a_person(db, workspace, "Ana")


@pytest.fixture
def apollo(db: Database, workspace: Workspace, ana: Person) -> Project:
    return a_project(db, workspace, manager=ana, next_due_at=NOW)


def open_due(db: Database, now: datetime = NOW, limit: int = 50) -> list[Opened]:
    with db.across_workspaces() as session:
        return list(checkins.open_due(session, now, limit=limit))


def answer(
    db: Database, by: Person, project: Project, *, now: datetime = NOW, period: Any = THIS_WEEK, **more: Any
) -> tuple[Checkin, StatusReport]:
    actor = an_actor(db, by)
    with db.transaction(project.workspace_id) as session:
        return checkins.answer(session, project, more.pop("draft", GREEN), period=period, by=actor, now=now, **more)


def again(session: Session, project: Project) -> Project:
    return projects.get_by_id(session, project.id)


def test_who_manages_a_project_is_asked_about_the_days_since_the_last_due_day(
    db: Database, ana: Person, apollo: Project
) -> None:
    [opened] = open_due(db)
    assert opened.asked is not None
    assert (opened.asked.id, opened.project.id, opened.last, opened.missed) == (ana.id, apollo.id, None, [])
    assert opened.may_answer
    checkin = opened.checkin
    assert (checkin.period_start, checkin.period_end) == THIS_WEEK
    assert (checkin.person_id, checkin.due_at, checkin.state) == (ana.id, NOW, CheckinState.REQUESTED)
    with db.reading(apollo.workspace_id) as session:
        assert [entry.what for entry in audit.list_of(session, checkin)] == ["opened"]


def test_nobody_is_asked_twice_and_the_next_moment_is_planned(db: Database, apollo: Project) -> None:
    open_due(db)
    assert open_due(db, NOW + timedelta(minutes=1)) == []
    with db.reading(apollo.workspace_id) as session:
        schedule = schedules.of_project(session, apollo.id)
        assert schedule is not None
        assert schedule.next_due_at == NOW + WEEK


def test_a_project_that_is_not_live_is_not_asked_and_holds_up_nobody(
    db: Database, workspace: Workspace, ana: Person
) -> None:
    a_project(db, workspace, "OLD", manager=ana, next_due_at=NOW - WEEK, state=ProjectState.ON_HOLD)
    a_project(db, workspace, manager=ana, next_due_at=NOW)
    assert [opened.project.key for opened in open_due(db, limit=1)] == ["APOLLO"]
    assert open_due(db) == []


def test_workspaces_are_asked_together_and_kept_apart(db: Database, apollo: Project) -> None:
    other = a_workspace(db)
    a_project(db, other, "ZEUS", manager=a_person(db, other, "Zoe"), next_due_at=NOW)
    opened = open_due(db)
    assert {(each.checkin.workspace_id, each.project.key) for each in opened} == {
        (apollo.workspace_id, "APOLLO"),
        (other.id, "ZEUS"),
    }


def test_where_nobody_can_be_asked_the_check_in_is_open_all_the_same(db: Database, workspace: Workspace) -> None:
    a_project(db, workspace, next_due_at=NOW)
    [opened] = open_due(db)
    assert (opened.asked, opened.may_answer, opened.checkin.person_id) == (None, False, None)


def test_a_sponsor_is_told_but_may_not_answer(db: Database, workspace: Workspace) -> None:
    a_project(db, workspace, sponsor=a_person(db, workspace, "Sue"), next_due_at=NOW)
    [opened] = open_due(db)
    assert opened.asked is not None
    assert (opened.asked.name, opened.may_answer) == ("Sue", False)


def test_a_manager_slack_was_not_asked_about_yet_may_answer(db: Database, workspace: Workspace) -> None:
    a_project(db, workspace, manager=a_person(db, workspace, "New", refreshed_at=None), next_due_at=NOW)
    [opened] = open_due(db)
    assert opened.may_answer


def test_after_a_long_silence_the_newest_period_is_asked_about_once(db: Database, apollo: Project) -> None:
    [opened] = open_due(db, NOW + 2 * WEEK + timedelta(hours=3))
    assert opened.checkin.period_end == date(2026, 12, 4)
    assert opened.checkin.due_at == NOW + 2 * WEEK


def test_the_period_ends_on_the_day_it_is_where_the_manager_is(db: Database, workspace: Workspace) -> None:
    kiri = a_person(db, workspace, "Kiri", timezone="Pacific/Auckland")
    a_project(db, workspace, manager=kiri, next_due_at=datetime(2026, 11, 20, 2, tzinfo=UTC))
    [opened] = open_due(db)
    assert opened.checkin.period_end == date(2026, 11, 20)


def test_what_was_not_answered_is_missed_when_the_next_one_opens(db: Database, apollo: Project) -> None:
    [first] = open_due(db)
    [second] = open_due(db, NOW + WEEK)
    assert [missed.id for missed in second.missed] == [first.checkin.id]
    open_due(db, NOW + 2 * WEEK)
    with db.reading(apollo.workspace_id) as session:
        checkin, project = checkins.get(session, first.checkin.id), again(session, apollo)
        assert checkin.state is CheckinState.MISSED
        assert [entry.what for entry in audit.list_of(session, checkin)] == ["opened", "missed"]
        assert (project.missed_runs, project.computed_health) == (2, Health.RED)
        assert project.computed_because == ["2 check-ins missed in a row"]


def test_an_answer_is_kept_with_its_report(db: Database, ana: Person, apollo: Project) -> None:
    [opened] = open_due(db)
    checkin, report = answer(db, ana, apollo, now=NOW + timedelta(hours=1))
    assert (checkin.id, checkin.state, checkin.report_id) == (opened.checkin.id, CheckinState.SUBMITTED, report.id)
    assert checkin.answered_at == NOW + timedelta(hours=1)
    with db.reading(apollo.workspace_id) as session:
        assert [entry.what for entry in audit.list_of(session, checkin)] == ["opened", "answered"]


def test_who_answers_unasked_is_not_asked_about_that_period(db: Database, ana: Person, apollo: Project) -> None:
    checkin, _ = answer(db, ana, apollo, now=NOW - timedelta(days=1))
    assert (checkin.person_id, checkin.state) == (ana.id, CheckinState.SUBMITTED)
    assert open_due(db) == []
    assert [opened.checkin.period_end for opened in open_due(db, NOW + WEEK)] == [date(2026, 11, 27)]


def test_a_second_answer_corrects_the_first(db: Database, ana: Person, apollo: Project) -> None:
    first, report = answer(db, ana, apollo)
    second, correction = answer(db, ana, apollo, draft=replace(GREEN, overall=Health.RED), now=NOW + timedelta(hours=1))
    assert (second.id, second.report_id, second.answered_at) == (first.id, correction.id, NOW)
    assert correction.supersedes_id == report.id


def test_saying_the_same_again_changes_nothing(db: Database, ana: Person, apollo: Project) -> None:
    first, report = answer(db, ana, apollo)
    second, same = answer(db, ana, apollo, now=NOW + timedelta(hours=1))
    assert same.id == report.id
    with db.reading(apollo.workspace_id) as session:
        assert [entry.what for entry in audit.list_of(session, second)] == ["answered"]
        assert first.answered_at == NOW


def test_another_persons_report_is_corrected_only_by_who_has_seen_it(
    db: Database, workspace: Workspace, ana: Person, apollo: Project
) -> None:
    bob = a_person(db, workspace, "Bob", Role.PMO)
    _, first = answer(db, bob, apollo)
    red = replace(GREEN, overall=Health.RED)
    with pytest.raises(Overtaken) as overtaken:
        answer(db, ana, apollo, draft=red)
    assert overtaken.value.report.id == first.id
    _, correction = answer(db, ana, apollo, draft=red, seen=first.id)
    assert (correction.supersedes_id, correction.author_id) == (first.id, ana.id)
    with pytest.raises(Overtaken):
        answer(db, bob, apollo, seen=first.id)


def test_a_late_answer_leaves_the_check_in_missed_but_ends_the_silence(
    db: Database, ana: Person, apollo: Project
) -> None:
    open_due(db)
    open_due(db, NOW + WEEK)
    checkin, report = answer(db, ana, apollo, now=NOW + WEEK)
    assert (checkin.state, checkin.report_id) == (CheckinState.MISSED, report.id)
    with db.reading(apollo.workspace_id) as session:
        assert again(session, apollo).missed_runs == 0


def test_of_two_people_at_once_one_reports_and_the_other_is_told(
    db: Database, workspace: Workspace, ana: Person, apollo: Project
) -> None:
    people = [ana, a_person(db, workspace, "Bob", Role.PMO)]
    told: list[str] = []

    def report(by: Person) -> None:
        try:
            answer(db, by, apollo)
            told.append("kept")
        except Overtaken:
            told.append("overtaken")

    threads = [threading.Thread(target=report, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["kept", "overtaken"]
    with db.reading(workspace.id) as session:
        assert len(reports.list_of_project(session, apollo.id)[0]) == 1


@pytest.fixture
def now_open(db: Database, apollo: Project) -> Any:
    """The period that is reported on at a moment."""

    def period(now: datetime, project: Project = apollo) -> tuple[date, date]:
        with db.reading(project.workspace_id) as session:
            checkin = checkins.current(session, again(session, project), now=now)
            return checkin.period_start, checkin.period_end

    return period


def test_the_period_to_report_on_is_the_one_that_is_coming(now_open: Any) -> None:
    assert now_open(NOW - timedelta(days=1)) == THIS_WEEK


def test_it_is_the_open_one_however_old(db: Database, now_open: Any) -> None:
    open_due(db)
    assert now_open(NOW + timedelta(days=3)) == THIS_WEEK
    open_due(db, NOW + WEEK)
    assert now_open(NOW + timedelta(days=8)) == NEXT_WEEK


def test_once_answered_it_lasts_to_the_end_of_its_last_day(
    db: Database, ana: Person, apollo: Project, now_open: Any
) -> None:
    open_due(db)
    answer(db, ana, apollo)
    assert now_open(datetime(2026, 11, 20, 23, 59, tzinfo=UTC)) == THIS_WEEK
    assert now_open(datetime(2026, 11, 21, 0, 1, tzinfo=UTC)) == NEXT_WEEK


def test_without_a_cadence_it_ends_today(db: Database, ana: Person, apollo: Project, now_open: Any) -> None:
    with db.transaction(apollo.workspace_id) as session:
        schedule = schedules.of_project(session, apollo.id)
        assert schedule is not None
        schedules.pause(session, schedule)
    assert now_open(NOW) == (date(2026, 11, 20), date(2026, 11, 20))
    answer(db, ana, apollo, period=(date(2026, 11, 20), date(2026, 11, 20)))
    assert now_open(NOW + timedelta(days=3)) == (date(2026, 11, 21), date(2026, 11, 23))
    with db.transaction(apollo.workspace_id) as session:
        session.delete(schedule)
    assert now_open(NOW + timedelta(days=3)) == (date(2026, 11, 21), date(2026, 11, 23))


def test_somebody_reports_on_what_they_manage_stand_in_for_or_were_asked_about(
    db: Database, workspace: Workspace, ana: Person, apollo: Project
) -> None:
    a_project(db, workspace, "GEMINI", deputy=ana)
    a_project(db, workspace, "ZEUS", sponsor=ana, next_due_at=NOW - WEEK)
    a_project(db, workspace, "OVER", manager=ana, state=ProjectState.CLOSED)
    a_project(db, workspace, "OTHER", sponsor=ana)
    open_due(db)

    def found(actor: Actor) -> list[tuple[str, bool]]:
        with db.reading(workspace.id) as session:
            return [(project.key, checkin is not None) for project, checkin in checkins.list_of(session, actor)]

    assert found(an_actor(db, ana)) == [("APOLLO", True), ("ZEUS", True), ("GEMINI", False)]
    assert found(an_actor(db, a_person(db, workspace, "Bob"))) == []


def test_a_check_in_of_another_workspace_is_not_here(db: Database, apollo: Project) -> None:
    [opened] = open_due(db)
    with db.across_workspaces() as session, inside(session, a_workspace(db).id), pytest.raises(Refused):
        checkins.get(session, opened.checkin.id)


def test_two_workers_open_each_check_in_once(db: Database, workspace: Workspace, ana: Person) -> None:
    for number in range(6):
        a_project(db, workspace, f"P{number}", manager=ana, next_due_at=NOW)
    found: list[Opened] = []

    def work() -> None:
        while batch := open_due(db, limit=2):
            found.extend(batch)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened.project.key for opened in found) == [f"P{number}" for number in range(6)]
