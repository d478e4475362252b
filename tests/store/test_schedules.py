"""Schedules: due is a column, claimed once, planned on in local time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import col, select

from bot.rules.cadence import Cadence
from bot.store import Database, Session, inside, schedules
from bot.store.schedules import Due
from bot.store.tables import Digest, Project, Schedule
from tests.factories import NOW, a_person, a_project, a_workspace

WEEK = timedelta(days=7)


def test_what_is_due_is_claimed_oldest_first_and_planned_on(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    later = a_project(db, workspace, "LATER", manager=ana, next_due_at=NOW)
    first = a_project(db, workspace, "FIRST", manager=ana, next_due_at=NOW - WEEK)
    a_project(db, workspace, "NOTYET", manager=ana, next_due_at=NOW + WEEK)
    with db.across_workspaces() as session:
        due = schedules.claim_due(session, NOW, of="project", limit=10)
        assert [schedule.project_id for schedule in due] == [first.id, later.id]
        assert schedules.claim_due(session, NOW, of="digest", limit=10) == []
        with inside(session, workspace.id):
            done = [schedules.done(session, schedule, NOW) for schedule in due]
        assert done == [Due(NOW, (NOW - WEEK,)), Due(NOW)]
        assert {schedule.next_due_at for schedule in due} == {NOW + WEEK}
        assert schedules.claim_due(session, NOW, of="project", limit=10) == []
        assert schedules.next_due_at(session) == NOW + WEEK


def test_in_a_long_silence_the_newest_moment_counts_and_the_last_ten_before_it_are_named(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace, manager=a_person(db, workspace), next_due_at=NOW - 20 * WEEK)
    with db.across_workspaces() as session:
        [schedule] = schedules.claim_due(session, NOW, of="project", limit=10)
        with inside(session, workspace.id):
            due = schedules.done(session, schedule, NOW + WEEK / 7)
    assert (due.moment, len(due.passed), due.passed[-1]) == (NOW, 10, NOW - WEEK)
    assert (schedule.last_due_at, schedule.next_due_at) == (NOW, NOW + WEEK)


def test_after_the_clock_went_back_far_what_recurs_is_planned_anew(db: Database) -> None:
    workspace = a_workspace(db)
    for key in ("APOLLO", "GEMINI"):
        a_project(db, workspace, key, manager=None, next_due_at=NOW + 9 * WEEK)
    with db.across_workspaces() as session:
        far, near = session.exec(select(Schedule).order_by(col(Schedule.id))).all()
        far.last_due_at, near.last_due_at = NOW + 8 * WEEK, NOW + timedelta(hours=20)
    with db.across_workspaces() as session:
        assert schedules.is_ahead(session, NOW)
        assert schedules.set_right(session, NOW) == 1
        assert not schedules.is_ahead(session, NOW)
        far, near = session.exec(select(Schedule).order_by(col(Schedule.id))).all()
    assert (far.next_due_at, near.next_due_at) == (NOW + WEEK, NOW + 9 * WEEK)


def test_two_workers_never_claim_the_same(new_database: Callable[[str], str]) -> None:
    db = Database(new_database("postgresql"))
    workspace = a_workspace(db)
    a_project(db, workspace, manager=a_person(db, workspace), next_due_at=NOW)
    with db.across_workspaces() as one, db.across_workspaces() as two:
        assert len(schedules.claim_due(one, NOW, of="project", limit=10)) == 1
        assert schedules.claim_due(two, NOW, of="project", limit=10) == []
    db.close()


def of(session: Session, project: Project) -> Schedule:
    schedule = schedules.of_project(session, project.id)
    assert schedule is not None
    return schedule


def test_a_schedule_keeps_the_zone_of_the_manager_or_its_own_or_the_workspaces(db: Database) -> None:
    workspace = a_workspace(db, timezone="Europe/Lisbon")
    tokyo = a_person(db, workspace, timezone="Asia/Tokyo")
    with_manager, without = a_project(db, workspace, manager=tokyo), a_project(db, workspace, "GEMINI")
    with db.reading(workspace.id) as session:
        assert schedules.zone_of(session, of(session, with_manager)).key == "Asia/Tokyo"
        schedule = of(session, without)
        assert schedules.zone_of(session, schedule).key == "Europe/Lisbon"
        schedule.timezone = "America/New_York"
        assert schedules.zone_of(session, schedule).key == "America/New_York"


def test_a_digest_is_planned_paused_and_planned_again(db: Database) -> None:
    workspace = a_workspace(db)
    monday = Cadence("FREQ=WEEKLY;BYDAY=MO", time(9), date(2026, 11, 23))
    with db.across_workspaces() as session, inside(session, workspace.id):
        digest = Digest(name="Board", channel="C1", created_at=NOW)
        session.add(digest)
        session.flush()
        schedule = schedules.keep(session, monday, digest_id=digest.id, timezone="Asia/Tokyo", now=NOW)
        assert schedules.of_digest(session, digest.id) is schedule
        assert schedules.cadence_of(schedule) == monday
        assert schedule.next_due_at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
        schedules.pause(session, schedule)
        assert schedules.next_due_at(session) is None
        schedules.plan(session, schedule, NOW)
        assert schedule.next_due_at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_a_zone_that_is_no_more_goes_by_the_workspaces(db: Database, now: datetime) -> None:
    acme = a_workspace(db, timezone="Europe/Stockholm")
    lost = a_person(db, acme, "Eva", timezone="Mars/Olympus")
    project = a_project(db, acme, manager=lost)
    with db.transaction(acme.id) as session:
        schedule = schedules.of_project(session, project.id)
        assert schedule is not None
        assert schedules.zone_of(session, schedule).key == "Europe/Stockholm"
        schedule.timezone = "Mars/Hellas"
        assert schedules.zone_of(session, schedule).key == "Europe/Stockholm"
        schedules.plan(session, schedule, now)
        assert schedule.next_due_at is not None
