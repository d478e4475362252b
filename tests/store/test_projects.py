"""Projects are found by key, channel and words; roles and references are held by the database."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules import cadence
from bot.rules.projects import ProjectDraft
from bot.rules.terms import EscalationLevel, EscalationState, Health, ProjectState, Role
from bot.store import Database, audit, people, projects, schedules
from bot.store.tables import Escalation, Project, StatusReport
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace

WEEKLY = cadence.weekly(4, time(15), date(2026, 11, 20))


def test_a_project_is_found_by_its_key_however_typed(db: Database) -> None:
    workspace = a_workspace(db)
    apollo = a_project(db, workspace)
    with db.reading(workspace.id) as session:
        assert projects.get(session, " apollo ").id == apollo.id
        assert projects.get_by_id(session, apollo.id).key == "APOLLO"
        with pytest.raises(Refused) as refused:
            projects.get(session, "GEMINI", field="project")
        assert "project" in refused.value.fields
        with pytest.raises(Refused):
            projects.get_by_id(session, apollo.id + 1)


def test_a_channel_stands_for_its_only_project(db: Database) -> None:
    workspace = a_workspace(db)
    apollo = a_project(db, workspace, channel="C1")
    a_project(db, workspace, "OLD", channel="C1", state=ProjectState.CLOSED)
    with db.reading(workspace.id) as session:
        found = projects.find_by_channel(session, "C1")
        assert found is not None
        assert found.id == apollo.id
        assert projects.find_by_channel(session, "C2") is None
    a_project(db, workspace, "GEMINI", channel="C1")
    with db.reading(workspace.id) as session:
        assert projects.find_by_channel(session, "C1") is None


def test_search_takes_what_was_typed_literally_and_puts_keys_first(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace, "ZEUS", name="Apollo follow-up")
    apollo = a_project(db, workspace, "APOLLO", name="Payroll 100%")
    a_project(db, workspace, "OVER", name="Apollo old", state=ProjectState.CANCELLED)

    def keys(typed: str, among: set[int] | None = None) -> list[str]:
        with db.reading(workspace.id) as session:
            return [key for _, key, _ in projects.search(session, typed, among=among)]

    assert keys("apo") == ["APOLLO", "ZEUS"]
    assert keys("100%") == ["APOLLO"]
    assert keys("_") == []
    assert keys("") == ["APOLLO", "ZEUS"]
    assert keys("apo", among={apollo.id}) == ["APOLLO"]


def test_who_is_asked_is_the_manager_then_the_deputy_then_the_sponsor(db: Database) -> None:
    workspace = a_workspace(db)
    ana, bob = a_person(db, workspace, "Ana", deactivated_at=NOW), a_person(db, workspace, "Bob")
    apollo = a_project(db, workspace, manager=ana, sponsor=bob)
    with db.transaction(workspace.id) as session:
        asked = projects.manager(session, apollo.id)
        assert asked is not None
        assert asked.name == "Bob"
        before, after = projects.appoint(session, apollo, Role.SPONSOR, [])
        assert ([person.id for person in before], after) == ([bob.id], [])
        assert projects.manager(session, apollo.id) is None
        before, after = projects.appoint(session, apollo, Role.MANAGER, [bob])
        assert ([person.id for person in before], after) == ([ana.id], [bob])
        held = projects.holders(session, apollo.id)
    assert {role: [person.name for person in people] for role, people in held.items()} == {Role.MANAGER: ["Bob"]}


def test_references_count_up_by_kind_and_are_never_given_twice(db: Database) -> None:
    workspace = a_workspace(db)
    apollo = a_project(db, workspace)
    given: list[str] = []

    def take() -> None:
        for _ in range(5):
            with db.transaction(workspace.id) as session:
                given.append(projects.next_ref(session, apollo, "R"))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given, key=lambda ref: int(ref[8:])) == [f"APOLLO-R{number}" for number in range(1, 21)]
    with db.transaction(workspace.id) as session:
        assert projects.next_ref(session, apollo, "E") == "APOLLO-E1"


def a_draft(**values: Any) -> ProjectDraft:
    """A project as a form states it, managed by Ana."""
    people: dict[str, Any] = {"manager": "UANA", "sponsor": None, "deputy": None}
    rest = {"portfolio": None, "channel": "C1", "cadence": WEEKLY, **people, **values}
    return ProjectDraft(**({"name": "Apollo data platform", "key": "APOLLO"} | rest))


def test_a_project_is_set_up_with_its_people_cadence_and_audit(db: Database) -> None:
    workspace = a_workspace(db, currency="EUR")
    pia = a_person(db, workspace, "Pia")
    a_person(db, workspace, "Ana", timezone="America/New_York")
    change = a_portfolio(db, workspace)
    draft = a_draft(sponsor="USAM", deputy="UDEE", finish=date(2027, 6, 30), budget=Decimal(5000))
    with db.transaction(workspace.id) as session:
        apollo = projects.add(session, draft, portfolio=change, by=pia.id, now=NOW)
        assert projects.draft_of(session, apollo) == replace(draft, portfolio=str(change.id))
        [entry] = audit.list_of(session, apollo)
        ana, sam, dee = (people.find_or_add(session, slack_id).id for slack_id in ("UANA", "USAM", "UDEE"))
        schedule = schedules.of_project(session, apollo.id)
        assert projects.keys(session) == {"APOLLO"}
    assert (entry.what, entry.person_id, apollo.currency) == ("added", pia.id, "EUR")
    assert {name: new for name, (_, new) in entry.changes.items()} == {
        "key": "APOLLO",
        "name": "Apollo data platform",
        "portfolio": "Change",
        "channel": "C1",
        "confidential": False,
        "state": "executing",
        "finish_baseline": "2027-06-30",
        "budget_baseline": "5000",
        "manager": [ana],
        "sponsor": [sam],
        "deputy": [dee],
        "cadence": "every Friday at 15:00",
    }
    assert schedule is not None
    assert schedule.next_due_at == datetime(2026, 11, 20, 20, tzinfo=UTC)


def test_a_key_that_somebody_has_just_taken_is_refused_at_its_field(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    with db.transaction(workspace.id) as session:
        projects.add(session, a_draft(), portfolio=None, by=ana.id, now=NOW)
        with pytest.raises(Refused) as refused:
            projects.add(session, a_draft(name="Another"), portfolio=None, by=ana.id, now=NOW)
        assert [name for _, _, name in projects.search(session, "")] == ["Apollo data platform"]
    assert "key" in refused.value.fields


def test_an_edit_says_what_it_changed_and_by_whom(db: Database) -> None:
    workspace = a_workspace(db)
    ana, ben = a_person(db, workspace), a_person(db, workspace, "Ben")
    change, run = a_portfolio(db, workspace), a_portfolio(db, workspace, "Run")
    daily = cadence.starting("FREQ=DAILY", time(9), date(2026, 11, 20))
    with db.transaction(workspace.id) as session:
        apollo = projects.add(session, a_draft(), portfolio=change, by=ana.id, now=NOW)
        before = audit.newest(session, apollo)
        draft = a_draft(name="Apollo 2", manager="UBEN", sponsor="UANA", cadence=daily)
        changes = projects.edit(session, apollo, draft, portfolio=run, by=ben.id, now=NOW)
        assert audit.list_of(session, apollo)[-1].changes == {
            "name": ["Apollo data platform", "Apollo 2"],
            "portfolio": ["Change", "Run"],
            "manager": [[ana.id], [ben.id]],
            "sponsor": [[], [ana.id]],
            "cadence": ["every Friday at 15:00", "every day at 09:00"],
        }
        assert [person.name for person in changes["manager"][1]] == ["Ben"]
        [(name, edited)] = projects.edits_since(session, apollo, before)
        assert name == "Ben"
        assert [[person.name for person in held] for held in edited["manager"]] == [["Ana"], ["Ben"]]
        assert edited["name"] == ["Apollo data platform", "Apollo 2"]
        assert projects.edit(session, apollo, draft, portfolio=None, by=ben.id, now=NOW) == {"portfolio": ("Run", None)}
        assert projects.edit(session, apollo, draft, portfolio=None, by=ben.id, now=NOW) == {}
        assert len(projects.edits_since(session, apollo, before)) == 2


def test_a_project_on_hold_is_not_asked_and_resumes_where_it_was_held(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)

    def becomes(state: ProjectState) -> datetime | None:
        projects.edit(session, apollo, a_draft(state=state), portfolio=None, by=ana.id, now=NOW)
        schedule = schedules.of_project(session, apollo.id)
        assert schedule is not None
        return schedule.next_due_at

    with db.transaction(workspace.id) as session:
        apollo = projects.add(session, a_draft(), portfolio=None, by=ana.id, now=NOW)
        assert projects.held_from(session, apollo) is None
        assert becomes(ProjectState.ON_HOLD) is None
        assert projects.held_from(session, apollo) is ProjectState.EXECUTING
        assert becomes(ProjectState.EXECUTING) == NOW + timedelta(days=7)
        assert becomes(ProjectState.CANCELLED) is None
        assert apollo.closed_at == NOW


def test_a_new_manager_is_asked_in_their_own_zone(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    a_person(db, workspace, "Ben", timezone="Asia/Tokyo")
    with db.transaction(workspace.id) as session:
        apollo = projects.add(session, a_draft(), portfolio=None, by=ana.id, now=NOW)
        projects.edit(session, apollo, a_draft(manager="UBEN"), portfolio=None, by=ana.id, now=NOW)
        schedule = schedules.of_project(session, apollo.id)
    assert schedule is not None
    assert schedule.next_due_at == datetime(2026, 11, 27, 6, tzinfo=UTC)


def test_a_project_without_a_schedule_gets_one_with_its_first_edit(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    with db.transaction(workspace.id) as session:
        bare = Project(key="BARE", name="Bare", currency="GBP", created_at=NOW)
        session.add(bare)
        session.flush()
        draft = projects.draft_of(session, bare)
        assert (draft.manager, cadence.in_words(draft.cadence)) == ("", "every Friday at 15:00")
        projects.edit(session, bare, replace(draft, manager="UANA"), portfolio=None, by=ana.id, now=NOW)
        schedule = schedules.of_project(session, bare.id)
    assert schedule is not None
    assert schedule.next_due_at == NOW + timedelta(days=7)


def test_a_card_is_read_with_all_that_belongs_to_it(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    change = a_portfolio(db, workspace)
    apollo = a_project(db, workspace, manager=ana, portfolio_id=change.id)
    gemini = a_project(db, workspace, "GEMINI")
    with db.transaction(workspace.id) as session:
        report = StatusReport(
            project_id=apollo.id,
            author_id=ana.id,
            period_start=date(2026, 11, 7),
            period_end=date(2026, 11, 13),
            reported_at=NOW,
            overall=Health.AMBER,
            computed=Health.RED,
        )
        session.add(report)
        session.flush()
        held = projects.get_to_change(session, apollo.id)
        held.report_id = report.id
        for number, state in enumerate([EscalationState.RAISED, EscalationState.DECIDED]):
            session.add(
                Escalation(
                    project_id=apollo.id,
                    ref=f"APOLLO-E{number}",
                    what="Vendor",
                    ask="Money",
                    impact_if_nothing="Late",
                    decide_by=date(2026, 12, 1),
                    level=EscalationLevel.SPONSOR,
                    state=state,
                    raised_by=ana.id,
                    raised_at=NOW,
                )
            )
        session.flush()
        standing = projects.standing(session, held)
        nothing = projects.standing(session, projects.get_by_id(session, gemini.id))
    assert standing.report is not None
    assert standing.author is not None
    assert (standing.portfolio, standing.open_escalations, standing.author.name) == ("Change", 1, "Ana")
    assert [person.name for person in standing.held[Role.MANAGER]] == ["Ana"]
    assert standing.schedule is not None
    assert (nothing.portfolio, nothing.report, nothing.author, nothing.open_escalations) == (None, None, None, 0)
