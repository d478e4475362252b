"""The snapshot of a digest: everything, in a fixed number of queries; and editions, one a period."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlalchemy.engine import Engine

from bot.errors import Refused
from bot.rules import cadence
from bot.rules.digests import Snapshot
from bot.rules.terms import (
    CheckinState,
    Dimension,
    EscalationLevel,
    EscalationState,
    Health,
    ProjectState,
    RiskState,
    Role,
    Severity,
)
from bot.store import Database, audit, digests, schedules
from bot.store.digests import Previous
from bot.store.tables import Checkin, Digest, Escalation, Person, Project, Risk, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace

DAY = timedelta(days=1)


def take(db: Database, workspace: Workspace, *, portfolio: int | None = None, **rated: Health) -> Snapshot:
    previous = Previous(NOW - 7 * DAY, rated) if rated else None
    with db.reading(workspace.id) as session:
        return digests.snapshot(session, portfolio_id=portfolio, now=NOW, previous=previous)


def add(db: Database, workspace: Workspace, *rows: Any) -> None:
    with db.transaction(workspace.id) as session:
        session.add_all(rows)


def a_risk(project: Project, owner: Person, number: int, *, score: int = 20, **values: Any) -> Risk:
    values = {"severity": Severity.HIGH, "probability": 4, "impact": 5} | values
    return Risk(
        project_id=project.id,
        ref=f"{project.key}-R{number}",
        event="It may rain",
        score=score,
        owner_id=owner.id,
        raised_by=owner.id,
        raised_at=NOW,
        **values,
    )


def an_escalation(project: Project, by: Person, number: int = 1, **values: Any) -> Escalation:
    given: dict[str, Any] = {"level": EscalationLevel.SPONSOR, "decider_id": by.id} | values
    return Escalation(
        project_id=project.id,
        ref=f"{project.key}-E{number}",
        what="Rain",
        ask="Buy umbrellas",
        impact_if_nothing="Wet",
        decide_by=date(2026, 11, 25),
        raised_by=by.id,
        raised_at=NOW,
        **given,
    )


def test_a_project_is_told_with_all_its_figures(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace, "Ana")
    a_project(
        db,
        workspace,
        reported_health=Health.RED,
        computed_health=Health.RED,
        computed_because=["2 reports are missing"],
        dimensions={"schedule": int(Health.RED)},
        cause="Rain",
        path_action="Umbrellas",
        path_owner_id=ana.id,
        path_due=date(2026, 12, 1),
        budget_baseline=Decimal(100),
        budget_forecast=Decimal("110.50"),
        health_runs=3,
        open_risks=4,
    )
    taken = take(db, workspace, APOLLO=Health.AMBER)
    [line] = taken.projects
    assert (line.key, line.reported, line.previous, line.runs) == ("APOLLO", Health.RED, Health.AMBER, 3)
    assert (line.dimensions, line.because) == ({Dimension.SCHEDULE: Health.RED}, ("2 reports are missing",))
    assert (line.cause, line.action, line.action_owner, line.action_due) == (
        "Rain",
        "Umbrellas",
        "UANA",
        date(2026, 12, 1),
    )
    assert (line.currency, line.bac, line.eac) == ("GBP", Decimal(100), Decimal("110.50"))
    assert (taken.name, taken.since, taken.open_risks) == (workspace.name, NOW - 7 * DAY, 4)


def test_what_ended_since_the_edition_before_is_told_and_what_ended_earlier_is_not(db: Database) -> None:
    workspace = a_workspace(db)
    for key, state in (
        ("NOW", ProjectState.CLOSED),
        ("LONGAGO", ProjectState.CANCELLED),
        ("HELD", ProjectState.ON_HOLD),
    ):
        a_project(db, workspace, key, state=state)
    taken = take(db, workspace, NOW=Health.GREEN)
    assert [(line.key, line.state, line.previous) for line in taken.closed] == [
        ("NOW", ProjectState.CLOSED, Health.GREEN)
    ]
    assert taken.projects == []


def test_a_report_is_missing_while_somebody_is_asked_and_after_it_was_missed(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    asked, late, never = (
        a_project(db, workspace, key, missed_runs=runs) for key, runs in (("A", 0), ("B", 2), ("C", 0))
    )
    for project, at in ((asked, NOW), (late, NOW), (never, NOW + DAY)):
        period: dict[str, Any] = {"period_start": date(2026, 11, 14), "period_end": date(2026, 11, 20)}
        add(
            db,
            workspace,
            Checkin(project_id=project.id, person_id=ana.id, due_at=at, state=CheckinState.REQUESTED, **period),
        )
    with db.transaction(workspace.id) as session:
        for project in (asked, late):
            schedule = schedules.of_project(session, project.id)
            assert schedule is not None
            schedule.last_due_at = NOW
    told = {line.key: (line.asked, line.missed) for line in take(db, workspace).projects}
    assert told == {"A": (True, 1), "B": (True, 3), "C": (False, 0)}


def test_open_decisions_name_who_is_asked(db: Database) -> None:
    workspace = a_workspace(db)
    farah, ana = a_person(db, workspace, "Farah"), a_person(db, workspace, "Ana", Role.PMO)
    apollo = a_project(db, workspace)
    office: dict[str, Any] = {"level": EscalationLevel.PMO, "decider_id": None, "state": EscalationState.ACKNOWLEDGED}
    add(
        db,
        workspace,
        an_escalation(apollo, farah),
        an_escalation(apollo, ana, 2, **office),
        an_escalation(apollo, ana, 3, state=EscalationState.DECIDED),
    )
    told = {line.ref: (line.to, line.acknowledged) for line in take(db, workspace).decisions}
    assert told == {"APOLLO-E1": (("UFARAH",), False), "APOLLO-E2": (("UANA",), True)}


def test_the_worst_open_risks_of_live_projects_are_told(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    apollo, over = a_project(db, workspace), a_project(db, workspace, "OVER", state=ProjectState.CLOSED)
    add(
        db,
        workspace,
        *(a_risk(apollo, ana, number, score=number) for number in range(1, 8)),
        a_risk(apollo, ana, 9, score=25, state=RiskState.CLOSED),
        a_risk(over, ana, 1, score=25),
    )
    taken = take(db, workspace)
    assert [(risk.ref, risk.owner) for risk in taken.risks] == [(f"APOLLO-R{n}", "UANA") for n in (7, 6, 5, 4, 3)]


def test_a_portfolios_digest_has_nothing_of_others(db: Database) -> None:
    workspace = a_workspace(db)
    ana, change = a_person(db, workspace), a_portfolio(db, workspace)
    ours, other = a_project(db, workspace, portfolio_id=change.id), a_project(db, workspace, "OTHER")
    for project in (ours, other):
        add(db, workspace, a_risk(project, ana, 1), an_escalation(project, ana))
    taken = take(db, workspace, portfolio=change.id)
    assert taken.name == "Change"
    assert {line.key for line in taken.projects} == {"APOLLO"}
    assert {line.project for line in taken.risks} == {"APOLLO"}
    assert {line.project for line in taken.decisions} == {"APOLLO"}


def test_it_costs_the_same_number_of_queries_however_many_projects(db: Database) -> None:
    workspace = a_workspace(db)
    counted: list[int] = []
    for more in (1, 200):
        values = {"name": "Name", "currency": "GBP", "created_at": NOW, "state": ProjectState.EXECUTING}
        with db.transaction(workspace.id) as session:
            session.execute(insert(Project), [values | {"key": f"P{more}X{number}"} for number in range(more)])
        statements: list[str] = []

        def count(*_: Any, statements: list[str] = statements) -> None:
            statements.append("one")

        event.listen(Engine, "before_cursor_execute", count)
        taken = take(db, workspace)
        event.remove(Engine, "before_cursor_execute", count)
        assert len(taken.projects) >= more
        counted.append(sum(1 for _ in statements))
    assert counted[0] == counted[1] <= 10


def test_an_edition_is_kept_once_and_an_extra_one_is_number_two(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace, reported_health=Health.AMBER)
    taken = take(db, workspace)
    with db.transaction(workspace.id) as session:
        digest = digests.add(session, name="Board", channel="C1", portfolio_id=None, now=NOW)
        assert digests.previous_edition(session, digest.id) is None

        def keep(due: Any) -> str | None:
            kept = digests.keep_edition(session, digest, period="2026-W48", due_at=due, now=NOW, of=taken)
            return kept.period if kept else None

        assert [keep(NOW), keep(NOW), keep(NOW + DAY)] == ["2026-W48", None, "2026-W48.2"]
        assert digests.previous_edition(session, digest.id) == Previous(NOW + DAY, {"APOLLO": Health.AMBER})
        noted = [(entry.what, entry.changes) for entry in audit.list_of(session, digest)]
    assert noted == [("published", {"edition": [None, period]}) for period in ("2026-W48", "2026-W48.2")]


def test_digests_are_listed_by_name_until_they_are_stopped(db: Database) -> None:
    workspace = a_workspace(db)
    with db.transaction(workspace.id) as session:
        weekly = cadence.chosen(cadence.WEEKLY_MONDAY, NOW.time(), NOW.date())
        made: list[Digest] = []
        for name in ("Board", "Archive"):
            made.append(digests.add(session, name=name, channel="C1", portfolio_id=None, now=NOW))
            schedules.keep(session, weekly, digest_id=made[-1].id, timezone="UTC", now=NOW)
        assert [digest.name for digest, _ in digests.list_running(session)] == ["Archive", "Board"]
        made[0].stopped_at = NOW
        assert [digest.name for digest, _ in digests.list_running(session)] == ["Archive"]
        assert digests.get(session, made[0].id).name == "Board"
        with pytest.raises(Refused):
            digests.get(session, 999)
