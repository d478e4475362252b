"""Status reports are never changed, only superseded, and their project's own columns say what its history says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules import cadence
from bot.rules.checkins import ReportDraft
from bot.rules.terms import CheckinState, Dimension, Health, ProjectState
from bot.store import Database, audit, digests, projects, reports, schedules
from bot.store.tables import Checkin, Person, Project, StatusReport, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace, an_actor

DAY = timedelta(days=1)
FRIDAY = date(2026, 11, 20)
GREEN = ReportDraft(Health.GREEN, dict.fromkeys(Dimension, Health.NOT_SET))
AMBER = replace(
    GREEN,
    overall=Health.AMBER,
    dimensions={**GREEN.dimensions, Dimension.SCHEDULE: Health.AMBER, Dimension.COST: Health.AMBER},
    cause="Vendor is late",
    action="A second tester",
    action_owner="UBOB",
    action_due=date(2026, 12, 4),
    forecast_finish=date(2027, 3, 14),
    eac=Decimal("1080000.50"),
    achievements="UAT done",
    next_steps="Go live",
    decisions_needed="Budget for a tester",
)


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, workspace: Workspace) -> Person:
    return a_person(db, workspace, "Ana")


@pytest.fixture
def apollo(db: Database, workspace: Workspace, ana: Person) -> Project:
    return a_project(db, workspace, manager=ana)


@pytest.fixture
def report(db: Database, ana: Person, apollo: Project) -> Callable[..., StatusReport]:
    """Report on the week that ends so many weeks after FRIDAY, or correct what was reported of it."""
    actor = an_actor(db, ana)

    def keep(weeks: int, draft: ReportDraft = GREEN, **more: Any) -> StatusReport:
        end = FRIDAY + weeks * 7 * DAY
        with db.transaction(apollo.workspace_id) as session:
            project = projects.get_by_id(session, apollo.id)
            stands = reports.find_of(session, apollo.id, end)
            if stands:
                return reports.correct(session, project, stands, draft, by=actor, now=NOW)
            return reports.submit(session, project, draft, period=(end - 6 * DAY, end), by=actor, now=NOW, **more)

    return keep


@pytest.fixture
def now_says(db: Database, apollo: Project) -> Callable[[], Project]:
    """The project as it stands, its columns being true to its history."""

    def read() -> Project:
        with db.reading(apollo.workspace_id) as session:
            project = projects.get_by_id(session, apollo.id)
            assert reports.differences(session, project) == {}
            return project

    return read


def test_a_report_is_a_snapshot_of_what_was_said(
    db: Database, ana: Person, apollo: Project, report: Callable[..., StatusReport]
) -> None:
    kept = report(0, AMBER)
    assert (kept.author_id, kept.reported_at, kept.supersedes_id, kept.is_unchanged) == (ana.id, NOW, None, False)
    with db.reading(apollo.workspace_id) as session:
        [version] = reports.versions(session, kept)
        assert version.author == ana.slack_id
        assert reports.draft_of(version.report) == AMBER
        assert [entry.what for entry in audit.list_of(session, kept)] == ["submitted"]


def test_the_project_has_what_is_current(report: Callable[..., StatusReport], now_says: Callable[[], Project]) -> None:
    kept = report(0, AMBER)
    project = now_says()
    assert (project.report_id, project.reported_at, project.period_end) == (kept.id, NOW, FRIDAY)
    assert (project.reported_health, project.previous_health) == (Health.AMBER, Health.NOT_SET)
    assert project.dimensions == {"schedule": Health.AMBER, "cost": Health.AMBER}
    assert (project.cause, project.path_action) == ("Vendor is late", "A second tester")
    assert (project.path_owner, project.path_due) == ("UBOB", date(2026, 12, 4))
    assert (project.finish_forecast, project.budget_forecast) == (date(2027, 3, 14), Decimal("1080000.50"))


def test_a_run_counts_the_reports_with_the_same_rating(
    report: Callable[..., StatusReport], now_says: Callable[[], Project]
) -> None:
    for week, draft in enumerate([AMBER, GREEN, GREEN, GREEN]):
        report(week, draft, unchanged=week > 1)
    project = now_says()
    assert (project.health_runs, project.health_since, project.unchanged_runs) == (3, FRIDAY + 7 * DAY, 2)
    assert (project.reported_health, project.previous_health) == (Health.GREEN, Health.GREEN)


def test_a_report_of_an_older_period_leaves_what_is_current(
    report: Callable[..., StatusReport], now_says: Callable[[], Project]
) -> None:
    newest = report(2, GREEN)
    report(0, AMBER)
    report(1, GREEN)
    project = now_says()
    assert (project.report_id, project.health_runs, project.cause) == (newest.id, 2, None)


def test_a_correction_is_a_new_row_and_the_first_stays(
    db: Database, apollo: Project, report: Callable[..., StatusReport], now_says: Callable[[], Project]
) -> None:
    first = report(0, AMBER)
    correction = report(0, replace(AMBER, cause="Vendor is very late", eac=None))
    assert (correction.supersedes_id, correction.period_start) == (first.id, first.period_start)
    assert (now_says().report_id, now_says().cause) == (correction.id, "Vendor is very late")
    with db.reading(apollo.workspace_id) as session:
        assert [each.report.id for each in reports.versions(session, correction)] == [first.id, correction.id]
        assert reports.find_last(session, apollo.id) == correction
        [entry] = audit.list_of(session, correction)
        assert (entry.what, entry.changes) == (
            "corrected",
            {"cause": ["Vendor is late", "Vendor is very late"], "budget_forecast": ["1080000.50", None]},
        )


def test_a_correction_that_says_the_same_is_none(report: Callable[..., StatusReport]) -> None:
    assert report(0, AMBER).id == report(0, AMBER).id


def test_a_correction_counts_as_one_report_of_the_run(
    report: Callable[..., StatusReport], now_says: Callable[[], Project]
) -> None:
    report(0, GREEN)
    report(1, AMBER)
    report(1, GREEN)
    assert (now_says().health_runs, now_says().previous_health) == (2, Health.GREEN)


def test_a_forecast_left_blank_is_that_of_before(
    report: Callable[..., StatusReport], now_says: Callable[[], Project]
) -> None:
    report(0, AMBER)
    report(1, GREEN)
    assert (now_says().finish_forecast, now_says().budget_forecast) == (date(2027, 3, 14), Decimal("1080000.50"))


def test_nothing_is_a_forecast_too(report: Callable[..., StatusReport], now_says: Callable[[], Project]) -> None:
    report(0, AMBER)
    report(1, replace(GREEN, eac=Decimal(0)))
    assert now_says().budget_forecast == 0


def test_health_is_computed_from_the_facts_of_the_report(
    db: Database, workspace: Workspace, ana: Person, report: Callable[..., StatusReport], apollo: Project
) -> None:
    with db.transaction(workspace.id) as session:
        projects.get_by_id(session, apollo.id).finish_baseline = date(2027, 1, 1)
    kept = report(0, replace(AMBER, overall=Health.GREEN))
    assert kept.computed is Health.RED
    assert kept.computed_because[0] == "finish forecast 50 working days late"
    with db.reading(workspace.id) as session:
        project = projects.get_by_id(session, apollo.id)
        assert (project.computed_health, project.computed_because) == (Health.RED, kept.computed_because)


def test_a_report_without_dimensions_is_taken_at_its_word(report: Callable[..., StatusReport]) -> None:
    assert report(0, replace(GREEN, overall=Health.RED)).computed is Health.RED


def test_a_report_ends_the_silence_before_it(
    db: Database, apollo: Project, report: Callable[..., StatusReport], now_says: Callable[[], Project]
) -> None:
    with db.transaction(apollo.workspace_id) as session:
        for week in (0, 1, 2):
            end = FRIDAY + week * 7 * DAY
            missed: dict[str, Any] = {"project_id": apollo.id, "state": CheckinState.MISSED, "due_at": NOW}
            session.add(Checkin(period_start=end - 6 * DAY, period_end=end, **missed))
    assert report(0).computed is Health.GREEN
    assert (now_says().missed_runs, now_says().computed_health) == (2, Health.RED)
    report(3)
    assert (now_says().missed_runs, now_says().computed_health) == (0, Health.GREEN)


def test_what_changed_in_the_project_is_in_its_audit_trail(
    db: Database, ana: Person, apollo: Project, report: Callable[..., StatusReport]
) -> None:
    report(0, AMBER)
    with db.reading(apollo.workspace_id) as session:
        [entry] = audit.list_of(session, apollo)
        assert (entry.what, entry.person_id) == ("reported", ana.id)
        assert entry.changes["reported_health"] == ["not_set", "amber"]
        assert entry.changes["budget_forecast"] == [None, "1080000.50"]


def test_a_column_that_is_not_true_to_history_is_named(
    db: Database, apollo: Project, report: Callable[..., StatusReport]
) -> None:
    with db.reading(apollo.workspace_id) as session:
        assert reports.differences(session, apollo) == {}
    report(0)
    with db.transaction(apollo.workspace_id) as session:
        project = projects.get_by_id(session, apollo.id)
        project.health_runs = 7
        assert reports.differences(session, project) == {"health_runs": (7, 1)}


def test_the_last_report_up_to_a_period(db: Database, apollo: Project, report: Callable[..., StatusReport]) -> None:
    older, newer = report(0), report(2)
    with db.reading(apollo.workspace_id) as session:
        assert reports.find_last(session, apollo.id) == newer
        assert reports.find_last(session, apollo.id, until=FRIDAY + 7 * DAY) == older
        assert reports.find_last(session, apollo.id, until=FRIDAY - DAY) is None
        assert reports.find_of(session, apollo.id, FRIDAY + 7 * DAY) is None


def test_history_is_paged_the_newest_first_each_period_once(
    db: Database, apollo: Project, report: Callable[..., StatusReport]
) -> None:
    for week in range(12):
        report(week)
    report(11, AMBER)
    with db.reading(apollo.workspace_id) as session:
        first, total = reports.list_of_project(session, apollo.id)
        second, _ = reports.list_of_project(session, apollo.id, page=1)
    assert total == 12
    assert [(each.report.period_end - FRIDAY).days // 7 for each in (*first, *second)] == list(range(11, -1, -1))
    assert (first[0].report.overall, first[0].author) == (Health.AMBER, "UANA")


def test_the_next_digest_is_the_first_that_tells_of_the_project(
    db: Database, workspace: Workspace, apollo: Project
) -> None:
    def next_edition() -> Any:
        with db.reading(workspace.id) as session:
            return reports.next_edition_at(session, apollo)

    assert next_edition() is None
    change = a_portfolio(db, workspace)
    with db.transaction(workspace.id) as session:
        for weekday, portfolio_id in ((0, change.id), (2, None), (3, None)):
            digest = digests.add(session, name="D", channel="C1", portfolio_id=portfolio_id, now=NOW)
            rule = cadence.weekly(weekday, NOW.time(), NOW.date())
            schedules.keep(session, rule, now=NOW, digest_id=digest.id, timezone="UTC")
    assert next_edition() == NOW + 5 * DAY
    with db.transaction(workspace.id) as session:
        projects.get_by_id(session, apollo.id).portfolio_id = change.id
    apollo.portfolio_id = change.id
    assert next_edition() == NOW + 3 * DAY


drafts = st.builds(
    ReportDraft,
    overall=st.sampled_from([Health.GREEN, Health.AMBER, Health.RED]),
    dimensions=st.just(GREEN.dimensions),
    forecast_finish=st.none() | st.just(date(2027, 1, 1)),
    eac=st.none() | st.just(Decimal(7)),
)


@given(st.lists(st.tuples(st.integers(0, 4), drafts, st.booleans()), max_size=8))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_reports_come_the_project_is_true_to_them(
    db: Database, told: list[tuple[int, ReportDraft, bool]]
) -> None:
    workspace = a_workspace(db)
    apollo = a_project(db, workspace, state=ProjectState.EXECUTING)
    actor = an_actor(db, a_person(db, workspace, "Ana"))
    for week, draft, unchanged in told:
        end = FRIDAY + week * 7 * DAY
        with db.transaction(workspace.id) as session:
            project = projects.get_by_id(session, apollo.id)
            stands = reports.find_of(session, apollo.id, end)
            if stands:
                reports.correct(session, project, stands, draft, by=actor, now=NOW)
            else:
                period = (end - 6 * DAY, end)
                reports.submit(session, project, draft, period=period, by=actor, now=NOW, unchanged=unchanged)
    newest = {week: draft.overall for week, draft, _ in told}
    with db.reading(workspace.id) as session:
        project = projects.get_by_id(session, apollo.id)
        assert reports.differences(session, project) == {}
        assert project.reported_health is (newest[max(newest)] if newest else Health.NOT_SET)
