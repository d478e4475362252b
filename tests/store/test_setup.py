"""Setting up, on both engines: steps taken, phases, settings with their trail and the way back, services and pilots."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.errors import Refused
from bot.rules.setup import Step
from bot.rules.terms import CheckinState, Health, Role, Service, Severity, WorkspaceState
from bot.store import Database, audit, posts, projects, schedules, setup, workspaces
from bot.store.tables import Checkin, Message, Person, Workspace
from tests.factories import a_person, a_project, a_workspace
from tests.factories import posts as all_posts

WEEK = timedelta(days=7)


@pytest.fixture
def acme(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, acme: Workspace) -> Person:
    return a_person(db, acme, "Ana", Role.PMO)


def state(db: Database, acme: Workspace) -> WorkspaceState:
    with db.reading(acme.id) as session:
        return WorkspaceState(workspaces.get(session).state)


def take(db: Database, ana: Person, *steps: Step, now: datetime, skipped: bool = False) -> None:
    with db.transaction(ana.workspace_id) as session:
        for step in steps:
            setup.take(session, step, by=ana.id, now=now, skipped=skipped)


def test_the_first_step_begins_and_the_phase_follows(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    with db.reading(acme.id) as session:
        assert not setup.has_begun(session)
    take(db, ana, Step.SCOPE, now=now)
    assert state(db, acme) is WorkspaceState.PREPARATION
    take(db, ana, Step.SERVICES, now=now + WEEK, skipped=True)
    assert state(db, acme) is WorkspaceState.DESIGN

    with db.reading(acme.id) as session:
        assert setup.has_begun(session)
        assert [(each.step, each.skipped, each.by, each.at) for each in setup.list_taken(session)] == [
            (Step.SCOPE, False, "UANA", now),
            (Step.SERVICES, True, "UANA", now + WEEK),
        ]
        trail = audit.list_of(session, workspaces.get(session))
    assert [(entry.what, entry.changes["state"]) for entry in trail] == [
        ("phase", ["operating", "preparation"]),
        ("phase", ["preparation", "design"]),
    ]


def test_a_step_is_kept_as_it_was_taken_last(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    take(db, ana, Step.SCOPE, now=now, skipped=True)
    take(db, ana, Step.SCOPE, now=now + WEEK)
    with db.reading(acme.id) as session:
        [taken] = setup.list_taken(session)
    assert (taken.skipped, taken.at) == (False, now + WEEK)


def test_who_runs_projects_already_stays_live(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    a_project(db, acme)
    with db.reading(acme.id) as session:
        assert setup.has_begun(session)
        assert setup.count_live(session) == 1
    take(db, ana, Step.SCOPE, now=now)
    assert state(db, acme) is WorkspaceState.OPERATING


def test_before_going_live_only_pilots_are_asked_and_nobody_late(
    db: Database, acme: Workspace, ana: Person, now: datetime
) -> None:
    take(db, ana, Step.SCOPE, now=now)
    apollo = a_project(db, acme, "APOLLO", manager=ana, next_due_at=now)
    a_project(db, acme, "GEMINI", manager=ana, next_due_at=now - WEEK)
    assert claimed(db, now) == []

    with db.transaction(acme.id) as session:
        assert [project.key for project in setup.set_pilots(session, [apollo.id], by=ana.id, now=now)] == ["APOLLO"]
        assert [project.key for project in setup.list_pilots(session)] == ["APOLLO"]
    due = now + WEEK
    assert claimed(db, due) == [apollo.id]

    with db.transaction(acme.id) as session:
        setup.go_live(session, by=ana.id, now=due + timedelta(hours=1))
    assert state(db, acme) is WorkspaceState.OPERATING
    assert claimed(db, due + timedelta(hours=1)) == []
    assert len(claimed(db, due + WEEK)) == 2


def test_pilots_that_are_no_more_are_noted(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    apollo, gemini = a_project(db, acme, "APOLLO"), a_project(db, acme, "GEMINI")
    with db.transaction(acme.id) as session:
        setup.set_pilots(session, [apollo.id], by=ana.id, now=now)
        setup.set_pilots(session, [apollo.id, gemini.id], by=ana.id, now=now)
        setup.set_pilots(session, [gemini.id], by=ana.id, now=now)
        noted = [entry.changes["is_pilot"] for entry in audit.list_of(session, apollo)]
    assert noted == [[False, True], [True, False]]


def test_going_live_can_be_taken_back_once(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    with db.transaction(acme.id) as session:
        setup.go_live(session, by=ana.id, now=now)
        setup.go_back(session, by=ana.id, now=now)
    assert state(db, acme) is WorkspaceState.PREPARATION
    with db.transaction(acme.id) as session, pytest.raises(Refused, match="not gone live"):
        setup.go_back(session, by=ana.id, now=now)


def claimed(db: Database, now: datetime) -> list[int | None]:
    """What is claimed now and planned on, as the clock does it."""
    with db.across_workspaces() as session:
        due = schedules.claim_due(session, now, of="project", limit=10)
        for schedule in due:
            schedules.done(session, schedule, now)
        return [schedule.project_id for schedule in due]


def test_a_setting_is_changed_noted_and_undone(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    with db.transaction(acme.id) as session:
        assert setup.change(session, by=ana.id, now=now, currency="GBP") is None
        entry = setup.change(session, by=ana.id, now=now, currency="EUR", scope="All change")
        assert entry is not None
    with db.reading(acme.id) as session:
        last = setup.last_changes(session)
        assert set(last) == {"currency", "scope"}
        assert (last["scope"].entry, last["scope"].by, last["scope"].at) == (entry, "UANA", now)
    with db.transaction(acme.id) as session:
        assert setup.undo(session, entry, by=ana.id, now=now) == {
            "currency": ("EUR", "GBP"),
            "scope": ("All change", None),
        }
        assert workspaces.get(session).currency == "GBP"


def test_what_was_changed_again_is_not_undone(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    with db.transaction(acme.id) as session:
        entry = setup.change(session, by=ana.id, now=now, currency="EUR")
        setup.change(session, by=ana.id, now=now, currency="USD")
        for gone in (entry or 0, 999):
            with pytest.raises(Refused, match="changed again"):
                setup.undo(session, gone, by=ana.id, now=now)


def test_the_sponsor_of_the_pmo_is_named(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    with db.transaction(acme.id) as session:
        assert setup.sponsor(session) is None
        setup.change(session, by=ana.id, now=now, sponsor_id=ana.id)
        assert setup.sponsor(session) == "UANA"


def test_health_follows_what_is_agreed_on(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    a_project(db, acme, "LATE", finish_baseline=now.date(), finish_forecast=now.date() + WEEK)
    a_project(db, acme, "RISKY", worst_unanswered=Severity.VERY_HIGH, open_risks=1, confidential=True)
    assert healths(db, acme) == [Health.NOT_SET, Health.NOT_SET]

    with db.transaction(acme.id) as session:
        session.info["hidden"] = frozenset({projects.get(session, "RISKY").id})
        setup.change(session, by=ana.id, now=now, tolerances={"plus_working_days": "4"})
    assert healths(db, acme) == [Health.RED, Health.RED]
    with db.transaction(acme.id) as session:
        setup.change(session, by=ana.id, now=now, tolerances={"amber_percent": "40"}, services_off=["raid"])
    assert healths(db, acme) == [Health.AMBER, Health.NOT_SET]


def healths(db: Database, acme: Workspace) -> list[Health]:
    with db.reading(acme.id) as session:
        return [project.computed_health for project in setup.list_projects(session, limit=5)]


def test_due_moments_follow_the_calendar(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    project = a_project(db, acme, manager=ana, next_due_at=now + WEEK)
    with db.transaction(acme.id) as session:
        setup.change(session, by=ana.id, now=now, closed_days=[(now + WEEK).date().isoformat()])
        schedule = schedules.of_project(session, project.id)
        assert schedule is not None
        assert schedule.next_due_at == now + WEEK + timedelta(days=3)


def test_prompts_go_with_check_ins_and_come_back_with_them(
    db: Database, acme: Workspace, ana: Person, now: datetime
) -> None:
    project = a_project(db, acme, manager=ana)
    with db.transaction(acme.id) as session:
        for back, answer in ((0, CheckinState.REQUESTED), (7, CheckinState.SUBMITTED)):
            day = now.date() - timedelta(days=back)
            checkin = Checkin(project_id=project.id, period_start=day, period_end=day, due_at=now, state=answer)
            session.add(checkin)
            session.flush()
            posts.put(session, checkin.prompt_key, to="UANA", message=Message("How is it?"), now=now)
    gone: list[list[bool]] = []
    for off in ([Service.CHECKINS.value], [Service.CHECKINS.value, "digests"], []):
        with db.transaction(acme.id) as session:
            setup.change(session, by=ana.id, now=now, services_off=off)
        gone.append([post.withdrawn for post in all_posts(db)])
    assert gone == [[True, False], [True, False], [False, False]]


def test_nobody_is_asked_where_check_ins_are_off_nor_late_once_they_are_on(
    db: Database, acme: Workspace, ana: Person, now: datetime
) -> None:
    project = a_project(db, acme, manager=ana, next_due_at=now)
    with db.transaction(acme.id) as session:
        setup.change(session, by=ana.id, now=now, services_off=["checkins"])
    assert claimed(db, now) == []
    with db.across_workspaces() as session:
        assert schedules.next_due_at(session) is None
    with db.transaction(acme.id) as session:
        setup.change(session, by=ana.id, now=now, services_off=[])
    assert claimed(db, now) == []
    assert claimed(db, now + WEEK) == [project.id]


def test_a_review_is_kept_with_its_figures(db: Database, acme: Workspace, ana: Person, now: datetime) -> None:
    project = a_project(db, acme, manager=ana)
    with db.transaction(acme.id) as session:
        for back, answer in ((0, CheckinState.SUBMITTED), (7, CheckinState.MISSED), (60, CheckinState.MISSED)):
            at = now - timedelta(days=back)
            day = at.date()
            session.add(Checkin(project_id=project.id, period_start=day, period_end=day, due_at=at, state=answer))
        session.flush()
        setup.review(session, "Keep Fridays.", by=ana.id, now=now)
        figures = setup.figures(session, now=now, days=28)
        [entry] = [each for each in audit.list_of(session, workspaces.get(session)) if each.what == "reviewed"]
    assert (figures.asked, figures.answered, figures.missed, figures.risks, figures.editions) == (2, 1, 1, 0, 0)
    assert entry.why == "Keep Fridays."


def test_the_charter_is_read_once_a_session_and_follows_its_changes(
    db: Database, acme: Workspace, ana: Person, now: datetime
) -> None:
    with db.transaction(acme.id) as session:
        assert workspaces.charter(session).tolerances.plus_percent == Decimal(10)
        setup.change(session, by=ana.id, now=now, tolerances={"plus_percent": "5"})
        assert workspaces.charter(session).tolerances.plus_percent == Decimal(5)
        assert workspaces.charter(session) is workspaces.charter(session)
