"""Imports: a register goes in once or again; what is there is found, brought up to date, and never rewritten."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.rules.checkins import ReportDraft
from bot.rules.registers import reading
from bot.rules.registers.cells import Person as Named
from bot.rules.registers.entries import ProjectEntry, ReportEntry
from bot.rules.terms import CheckinState, Dimension, Health, ProjectState, Role
from bot.store import Database, audit, imports, portfolios, projects, reports, schedules
from bot.store.imports import Imported
from bot.store.tables import Checkin, Portfolio, Project, Schedule, StatusReport, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor

SHARED = Path(__file__).parents[3] / "shared" / "data"
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def keep(db: Database, workspace: Workspace) -> Callable[..., Imported]:
    def kept(*entries: ProjectEntry, now: datetime = NOW) -> Imported:
        with db.transaction(workspace.id) as session:
            return imports.keep_projects(session, entries, source="register.csv", now=now)

    return kept


def a_report(period_end: date | None = None, health: Health = Health.GREEN, **values: Any) -> ReportEntry:
    return ReportEntry("row 2", period_end, health, **values)


def an_entry(name: str = "Apollo", *told: ReportEntry, **values: Any) -> ProjectEntry:
    period_end = max((report.period_end for report in told if report.period_end), default=None)
    return ProjectEntry("row 2", name, reports=told, **({"period_end": period_end} | values))


def kept_projects(db: Database, workspace: Workspace) -> list[Project]:
    with db.reading(workspace.id) as session:
        found = list(session.exec(select(Project).order_by(col(Project.id))))
        assert [reports.differences(session, project) for project in found] == [{}] * len(found)
        return found


def standing(db: Database, project: Project) -> list[StatusReport]:
    with db.reading(project.workspace_id) as session:
        return [version.report for version in reports.list_of_project(session, project.id)[0]]


def test_a_project_goes_in_with_all_that_is_told(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    ana = a_person(db, workspace, "Ana Diaz", slack_id="UANA", timezone="America/New_York")
    bob = a_person(db, workspace, "Bob", slack_id="UBOB")
    told = a_report(
        TODAY - DAY,
        Health.AMBER,
        dimensions={Dimension.SCHEDULE: Health.RED},
        comments={Dimension.SCHEDULE: "Vendor late"},
        commentary="Late",
        achievements="UAT",
        next_period="Go live",
        decisions_needed="Budget",
        finish=date(2027, 3, 14),
        bac=Decimal(100),
        eac=Decimal(108),
    )

    done = keep(
        an_entry(
            "Payroll",
            told,
            external_id="P-014",
            portfolio="Back office",
            business_unit="HR",
            category="IT",
            description="New payroll",
            manager=Named("ana diaz"),
            sponsor=Named(slack_id="UBOB"),
            deputy=Named(slack_id="UNEW"),
            state=ProjectState.PLANNING,
            currency="EUR",
            start=date(2026, 1, 1),
            start_baseline=date(2026, 1, 2),
            start_actual=date(2026, 1, 3),
            finish=date(2027, 3, 14),
            finish_baseline=date(2027, 2, 28),
            bac=Decimal(100),
            eac=Decimal(108),
            actual_cost=Decimal(40),
        )
    )

    (payroll,) = kept_projects(db, workspace)
    assert (payroll.key, payroll.name, payroll.identity, payroll.state) == (
        "PAYROLL", "Payroll", "id:p-014", ProjectState.PLANNING,
    )  # fmt: skip
    assert (payroll.business_unit, payroll.category, payroll.description) == ("HR", "IT", "New payroll")
    assert (payroll.start_baseline, payroll.start_forecast, payroll.start_actual) == (
        date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 3),
    )  # fmt: skip
    assert (payroll.finish_baseline, payroll.finish_forecast) == (date(2027, 2, 28), date(2027, 3, 14))
    assert (payroll.currency, payroll.budget_baseline, payroll.budget_forecast, payroll.budget_actual) == (
        "EUR", Decimal(100), Decimal(108), Decimal(40),
    )  # fmt: skip
    assert (payroll.reported_health, payroll.cause, payroll.period_end) == (Health.AMBER, "Late", TODAY - DAY)
    assert payroll.computed_health is Health.RED
    (report,) = standing(db, payroll)
    assert (report.author_id, report.overall, report.computed) == (None, Health.AMBER, Health.RED)
    assert (report.comments, report.dimensions) == ({"schedule": "Vendor late"}, {"schedule": int(Health.RED)})
    assert (report.achievements, report.next_steps, report.decisions_needed) == ("UAT", "Go live", "Budget")
    assert (report.budget_baseline, report.budget_forecast) == (Decimal(100), Decimal(108))
    with db.reading(workspace.id) as session:
        held = {
            role: [person.slack_id for person in who] for role, who in projects.holders(session, payroll.id).items()
        }
        assert held == {Role.MANAGER: [ana.slack_id], Role.SPONSOR: [bob.slack_id], Role.DEPUTY: ["UNEW"]}
        schedule = schedules.of_project(session, payroll.id)
        assert schedule
        assert schedule.next_due_at == datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
        (entry,) = audit.list_of(session, payroll)
        assert (entry.what, entry.why, entry.person_id) == ("added", "imported from register.csv", None)
        assert entry.changes["reports"] == [None, 1]
        assert portfolios.names(session) == {"Back office": payroll.portfolio_id}
    assert (done.portfolios, done.reports, done.corrected, done.unplaced) == (("Back office",), 1, 0, ())


def test_the_same_register_again_changes_nothing(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    a_person(db, workspace, "Ana")
    entries = [
        an_entry(
            "Apollo", a_report(date(2025, 12, 31)), a_report(date(2026, 10, 31), Health.RED), manager=Named("Ana")
        ),
        an_entry("Zeus", a_report(commentary="x"), external_id="Z", portfolio="Gods", state=ProjectState.CLOSED),
        an_entry("Hera", a_report(TODAY + 40 * DAY, Health.AMBER), business_unit="Gods"),
        an_entry("Iris"),
    ]
    first = keep(*entries)
    before = kept_projects(db, workspace)

    again = keep(*entries, now=NOW + DAY)

    assert (len(first.added), first.reports, first.portfolios) == (4, 4, ("Gods",))
    assert (again.added, again.changed, again.unchanged) == ((), (), 4)
    assert (again.reports, again.corrected, again.portfolios, again.unplaced) == (0, 0, (), ())
    assert kept_projects(db, workspace) == before
    with db.reading(workspace.id) as session:
        assert [len(audit.list_of(session, project)) for project in before] == [1, 1, 1, 1]


def test_what_changed_is_told_and_a_blank_erases_nothing(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry(portfolio="Moon", category="IT", bac=Decimal(5), start=date(2026, 1, 1)))

    done = keep(an_entry("APOLLO", portfolio="Mars", bac=Decimal(6)))

    (pair,) = done.changed
    assert pair.changes == {
        "name": ("Apollo", "APOLLO"), "budget_baseline": (Decimal(5), Decimal(6)), "portfolio": ("Moon", "Mars"),
    }  # fmt: skip
    (apollo,) = kept_projects(db, workspace)
    assert (apollo.category, apollo.start_forecast) == ("IT", date(2026, 1, 1))
    with db.reading(workspace.id) as session:
        entry = audit.list_of(session, apollo)[-1]
        assert entry.what == "edited"
        assert entry.changes["budget_baseline"] == ["5.00", "6"]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (an_entry("Armour MBT", external_id="M_0104"), an_entry("Armour Tank", external_id="m_0104"), True),
        (an_entry("Apollo"), an_entry("APOLLO!", external_id="A-1"), True),
        (an_entry("Apollo", external_id="A-1"), an_entry("apollo"), True),
        (an_entry("Apollo", external_id="DH_0031"), an_entry("Apollo", external_id="DOH_0031"), True),
        (an_entry("Apollo", external_id="A-1"), an_entry("Apollo", external_id="B-1"), False),
        (an_entry("Apollo"), an_entry("Apollo II", former_names=("Apollo",)), True),
        (an_entry("Apollo", key="MOON"), an_entry("Zeus", key="MOON"), True),
        (an_entry("Apollo"), an_entry("Zeus"), False),
    ],
)
def test_a_project_is_found_again(
    keep: Callable[..., Imported], first: ProjectEntry, second: ProjectEntry, found: bool
) -> None:
    keep(first)

    done = keep(second)

    assert len(done.added) == (0 if found else 1)
    assert keep(second).unchanged == 1


def test_a_project_set_up_in_slack_is_found_by_its_name(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    a_project(db, workspace, "APOLLO", name="Apollo")

    (pair,) = keep(an_entry("Apollo", external_id="A-1")).changed

    assert pair.changes == {"identity": (None, "id:a-1")}


def test_each_project_is_found_once_and_the_one_with_the_id_first(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Apollo", external_id="A-1"))

    done = keep(an_entry("Apollo"), an_entry("Apollo 11", external_id="A-1"))

    assert [pair.project.name for pair in done.added] == ["Apollo"]
    assert [pair.project.name for pair in done.changed] == ["Apollo 11"]


def test_a_project_under_a_former_name_stays_and_is_said(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Atlas"))
    keep(an_entry("Hera", external_id="F-1"))

    done = keep(an_entry("Hera", external_id="F-1", former_names=("Atlas", "Zeus")))

    assert [str(each) for each in done.unplaced] == [
        'row 2, name: "Atlas" is what this project was called once, and a project here: ATLAS'
    ]
    assert len(kept_projects(db, workspace)) == 2


def test_a_key_that_is_taken_is_not_given_and_it_is_said(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    done = keep(an_entry("Apollo", key="MOON"), an_entry("Zeus", key="MOON"))

    assert [project.key for project in kept_projects(db, workspace)] == ["MOON", "ZEUS"]
    assert [str(each) for each in done.unplaced] == ['row 2, key: "MOON" is not its key here: it goes by ZEUS']


def test_an_older_register_adds_history_and_only_what_describes(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Apollo II", a_report(date(2025, 12, 31), Health.RED, finish=date(2028, 1, 1)), bac=Decimal(9)))

    done = keep(
        an_entry(
            "Apollo II",
            a_report(date(2023, 12, 31), finish=date(2026, 1, 1)),
            a_report(date(2024, 12, 31), Health.RED),
            bac=Decimal(5),
            category="IT",
            external_id="A-1",
            state=ProjectState.CLOSED,
        )
    )

    (apollo,) = kept_projects(db, workspace)
    assert (apollo.budget_baseline, apollo.category, apollo.identity, apollo.state) == (
        Decimal(9), "IT", "id:a-1", ProjectState.EXECUTING,
    )  # fmt: skip
    assert (apollo.finish_forecast, apollo.health_runs, apollo.health_since) == (
        date(2028, 1, 1),
        2,
        date(2024, 12, 31),
    )
    assert [report.period_end.year for report in standing(db, apollo)] == [2025, 2024, 2023]
    assert [report.period_start for report in standing(db, apollo)][1:] == [date(2024, 1, 1), date(2023, 12, 31)]
    assert done.changed[0].changes == {
        "category": (None, "IT"), "identity": ("name:apollo ii", "id:a-1"), "reports": (None, 2),
    }  # fmt: skip


def test_an_imported_report_is_corrected_by_a_row_that_supersedes(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Apollo", a_report(date(2025, 12, 31), commentary="Good"), a_report(date(2026, 10, 31))))

    done = keep(an_entry("Apollo", a_report(date(2025, 12, 31), commentary="Bad"), a_report(date(2026, 10, 31))))

    (apollo,) = kept_projects(db, workspace)
    assert (done.reports, done.corrected) == (0, 1)
    assert [report.cause for report in standing(db, apollo)] == [None, "Bad"]
    with db.reading(workspace.id) as session:
        assert len(session.exec(select(StatusReport)).all()) == 3


def submitted(db: Database, workspace: Workspace, project: Project, period_end: date, health: Health) -> None:
    author = an_actor(db, a_person(db, workspace, "Author"))
    draft = ReportDraft(health, dict.fromkeys(Dimension, Health.NOT_SET), forecast_finish=date(2029, 9, 9))
    with db.transaction(workspace.id) as session:
        held = projects.get_by_id(session, project.id)
        reports.submit(session, held, draft, period=(period_end, period_end), by=author, now=NOW)


def test_what_a_person_reported_of_a_period_stands(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry())
    (apollo,) = kept_projects(db, workspace)
    submitted(db, workspace, apollo, TODAY - DAY, Health.RED)

    done = keep(an_entry("Apollo", a_report(TODAY - DAY), period_end=TODAY - DAY))

    (apollo,) = kept_projects(db, workspace)
    assert (done.reports, done.corrected, apollo.reported_health) == (0, 0, Health.RED)


def test_a_register_of_no_period_tells_of_today_and_only_what_is_new(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Apollo", a_report()))
    tomorrow, day_after = NOW + DAY, NOW + 2 * DAY

    same = keep(an_entry("Apollo", a_report()), now=tomorrow)
    other = keep(an_entry("Apollo", a_report(health=Health.RED)), now=tomorrow)
    corrected = keep(an_entry("Apollo", a_report(health=Health.AMBER)), now=tomorrow)
    (apollo,) = kept_projects(db, workspace)
    submitted(db, workspace, apollo, day_after.date(), Health.GREEN)
    stands = keep(an_entry("Apollo", a_report(health=Health.RED)), now=day_after)

    assert [(done.reports, done.corrected) for done in (same, other, corrected, stands)] == [
        (0, 0), (1, 0), (0, 1), (0, 0),
    ]  # fmt: skip
    (apollo,) = kept_projects(db, workspace)
    assert [(report.period_end, report.overall) for report in standing(db, apollo)] == [
        (day_after.date(), Health.GREEN), (tomorrow.date(), Health.AMBER), (TODAY, Health.GREEN),
    ]  # fmt: skip


def test_of_several_periods_that_have_not_ended_the_last_counts(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Apollo", a_report(TODAY + DAY, Health.RED), a_report(TODAY + 9 * DAY, Health.AMBER)))

    (apollo,) = kept_projects(db, workspace)
    assert [(report.period_end, report.overall) for report in standing(db, apollo)] == [(TODAY, Health.AMBER)]


def test_a_report_ends_the_silence_before_it(db: Database, workspace: Workspace, keep: Callable[..., Imported]) -> None:
    keep(an_entry("Apollo", a_report(TODAY - 30 * DAY)))
    (apollo,) = kept_projects(db, workspace)
    with db.transaction(workspace.id) as session:
        for days in (20, 10):
            end = TODAY - days * DAY
            session.add(
                Checkin(project_id=apollo.id, period_start=end, period_end=end, due_at=NOW, state=CheckinState.MISSED)
            )
        projects.get_by_id(session, apollo.id).missed_runs = 2

    keep(an_entry("Apollo", a_report(TODAY - 15 * DAY, Health.AMBER)))

    (apollo,) = kept_projects(db, workspace)
    assert apollo.missed_runs == 1


def test_people_who_are_not_found_leave_the_role_as_it_is_and_are_said(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    for slack_id in ("U1", "U2"):
        a_person(db, workspace, "Ana", slack_id=slack_id)
    a_person(db, workspace, "Robot", slack_id="U3", is_bot=True)

    done = keep(an_entry(manager=Named("Ana"), sponsor=Named("Robot"), deputy=Named("", "cat@example.org")))

    assert [str(each) for each in done.unplaced] == [
        'row 2, manager: "Ana" is the name of several people here',
        'row 2, sponsor: "Robot" is nobody the bot knows here',
        'row 2, deputy: "cat@example.org" is nobody the bot knows here',
    ]
    with db.reading(workspace.id) as session:
        assert session.exec(select(Schedule)).all() == []


@pytest.mark.parametrize("values", [{"is_guest": True}, {"is_stranger": True}, {"deactivated_at": NOW}])
def test_who_cannot_act_is_given_no_part(
    db: Database, workspace: Workspace, keep: Callable[..., Imported], values: dict[str, Any]
) -> None:
    a_person(db, workspace, "Gus", slack_id="UGUS", **values)
    done = keep(an_entry(manager=Named("Gus", slack_id="UGUS")))
    assert [each.why[:15] for each in done.unplaced] == ["cannot act here"]


def test_another_manager_is_appointed_and_asked_in_their_zone(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    ana, bob = a_person(db, workspace, "Ana"), a_person(db, workspace, "Bob", timezone="Asia/Tokyo")
    keep(an_entry(manager=Named("Ana")), an_entry("Zeus"))

    done = keep(an_entry(manager=Named("Bob"), sponsor=Named("Ana")), an_entry("Zeus", manager=Named("Bob")))

    with db.reading(workspace.id) as session:
        [apollo, zeus] = [audit.list_of(session, pair.project)[-1].changes for pair in done.changed]
    assert apollo == {"manager": [[ana.id], [bob.id]], "sponsor": [[], [ana.id]]}
    assert zeus == {"manager": [[], [bob.id]]}
    with db.reading(workspace.id) as session:
        due = [schedule.next_due_at for schedule in session.exec(select(Schedule))]
    assert due == [datetime(2026, 11, 27, 6, 0, tzinfo=UTC)] * 2


def test_a_project_that_is_over_is_not_asked_and_asked_again_when_it_lives(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    a_person(db, workspace, "Ana")
    closed = an_entry("Zeus", a_report(date(2025, 12, 31)), manager=Named("Ana"), state=ProjectState.CLOSED)
    keep(an_entry(manager=Named("Ana")), closed)

    def due() -> list[tuple[str, bool, datetime | None]]:
        with db.reading(workspace.id) as session:
            found = [(project, schedules.of_project(session, project.id)) for project in kept_projects(db, workspace)]
        return [(project.key, bool(plan and plan.next_due_at), project.closed_at) for project, plan in found]

    assert due() == [("APOLLO", True, None), ("ZEUS", False, datetime(2025, 12, 31, tzinfo=UTC))]
    keep(an_entry(state=ProjectState.CANCELLED), replace(closed, state=ProjectState.EXECUTING))
    assert due() == [("APOLLO", False, NOW), ("ZEUS", True, None)]
    keep(an_entry(state=ProjectState.EXECUTING), an_entry("Hera", state=ProjectState.CLOSED))
    assert due() == [("APOLLO", True, None), ("ZEUS", True, None), ("HERA", False, NOW)]
    keep(an_entry("Hera", state=ProjectState.EXECUTING))
    assert due()[-1] == ("HERA", False, None)


def test_portfolios_are_found_however_they_are_written(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    keep(an_entry("Apollo", portfolio="MoD"))

    done = keep(an_entry("Apollo", portfolio="MOD"), an_entry("Zeus", business_unit="mod"))

    assert done.portfolios == ()
    with db.reading(workspace.id) as session:
        assert [portfolio.name for portfolio in session.exec(select(Portfolio))] == ["MoD"]
        assert len({project.portfolio_id for project in session.exec(select(Project))}) == 1


def test_another_workspace_is_not_touched(db: Database, workspace: Workspace, keep: Callable[..., Imported]) -> None:
    other = a_workspace(db)
    a_project(db, other, "APOLLO", name="Apollo")

    keep(an_entry("Apollo", external_id="A-1", bac=Decimal(5)))

    (theirs,) = kept_projects(db, other)
    assert (theirs.identity, theirs.budget_baseline) == (None, None)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_in_whatever_order_columns_and_history_say_the_same(
    db: Database, workspace: Workspace, keep: Callable[..., Imported], seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        entries = []
        for name in chance.sample(["Apollo", "Zeus", "Hera", "Iris"], 3):
            ends = sorted(chance.sample(range(-8, 3), chance.randint(0, 4)))
            told = [
                a_report(
                    TODAY + 30 * end * DAY,
                    chance.choice(list(Health)),
                    finish=chance.choice([None, date(2027, 1, 1), date(2028, 1, 1)]),
                    eac=chance.choice([None, Decimal(5)]),
                )
                for end in ends
            ]
            entries.append(an_entry(name, *told, bac=chance.choice([None, Decimal(4)])))
        keep(*entries)
        kept_projects(db, workspace)
        assert keep(*entries).unchanged == 3


@pytest.mark.skipif(not SHARED.is_dir(), reason="the files of ../shared are not here")
def test_the_british_portfolio_goes_in_twice_and_the_second_time_changes_nothing(
    db: Database, workspace: Workspace, keep: Callable[..., Imported]
) -> None:
    counts = []
    for name, as_of in (
        ("gmpp/uk_2021.csv", None),
        ("gmpp/uk_2016.csv", date(2016, 12, 31)),
        ("gmpp/uk_2019.csv", None),
        ("gmpp_history_2014_2021.csv", None),
    ):
        register = reading.read((SHARED / name).read_bytes(), name, as_of=as_of)
        done, again = keep(*register.projects), keep(*register.projects)
        counts.append((len(done.added), len(done.changed), done.reports))
        assert (again.added, again.changed, again.reports, again.corrected) == ((), (), 0, 0)

    assert counts == [(184, 0, 184), (116, 27, 143), (39, 94, 133), (215, 328, 794)]
    assert len(kept_projects(db, workspace)) == 554
