"""What the audit trail notes of a change, and of an act that was refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.rules.actors import Actor
from bot.rules.audit import CLOCK, IMPORT
from bot.rules.terms import Health, ProjectState, Role
from bot.store import Database, audit, inside
from bot.store.tables import AuditEntry, Person, Project, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace, an_actor


def entries(db: Database, workspace: Workspace) -> list[AuditEntry]:
    with db.reading(workspace.id) as session:
        return list(session.exec(select(AuditEntry).order_by(AuditEntry.id)))  # type: ignore[arg-type]


@pytest.fixture
def client(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, client: Workspace) -> Person:
    return a_person(db, client)


@pytest.fixture
def apollo(db: Database, client: Workspace) -> Project:
    return a_project(db, client)


def acting(db: Database, person: Person, via: str = "action risk.close") -> Actor:
    return replace(an_actor(db, person), via=via)


def test_an_entry_says_who_what_when_from_where_and_in_which_project(
    db: Database, client: Workspace, ana: Person, apollo: Project
) -> None:
    with db.transaction(acting(db, ana)) as session:
        audit.record(session, apollo, what="edited", by=ana.id, now=NOW, changes={"name": ("A", "B")}, why="asked for")
    [entry] = entries(db, client)
    assert entry.model_dump(exclude={"id", "workspace_id"}) == {
        "at": NOW,
        "person_id": ana.id,
        "record": f"projects:{apollo.id}",
        "what": "edited",
        "changes": {"name": ["A", "B"]},
        "why": "asked for",
        "project_id": apollo.id,
        "via": "action risk.close",
    }


def test_what_somebody_does_is_theirs_though_nobody_says_so(
    db: Database, client: Workspace, ana: Person, apollo: Project
) -> None:
    with db.transaction(acting(db, ana)) as session:
        audit.record(session, apollo, what="edited", by=None, now=NOW)
    assert [entry.person_id for entry in entries(db, client)] == [ana.id]


def test_what_nobody_does_says_where_it_comes_from(db: Database, client: Workspace, apollo: Project) -> None:
    with db.transaction(client.id) as session:
        audit.record(session, apollo, what="edited", by=None, now=NOW)
    with db.transaction(client.id, via=IMPORT) as session:
        audit.record_all(session, [(apollo, {})], what="edited", by=None, now=NOW)
    with db.across_workspaces() as session:
        audit.record(session, apollo, what="edited", by=None, now=NOW)
        with inside(session, client.id):
            audit.record(session, apollo, what="edited", by=None, now=NOW)
    found = [(entry.person_id, entry.via, entry.project_id) for entry in entries(db, client)]
    assert found == [(None, via, apollo.id) for via in (CLOCK, IMPORT, CLOCK, CLOCK)]


def test_what_is_of_no_project_names_none(db: Database, client: Workspace, ana: Person) -> None:
    change = a_portfolio(db, client)
    with db.transaction(client.id) as session:
        for row in (change, ana, client):
            audit.record(session, row, what="edited", by=None, now=NOW)
    assert [(entry.record, entry.project_id) for entry in entries(db, client)] == [
        (f"portfolios:{change.id}", None),
        (f"people:{ana.id}", None),
        (f"workspaces:{client.id}", None),
    ]


def test_values_are_kept_as_json_and_people_by_their_numbers(
    db: Database, client: Workspace, ana: Person, apollo: Project
) -> None:
    changes = {
        "state": (ProjectState.EXECUTING, ProjectState.ON_HOLD),
        "overall": (Health.GREEN, Health.RED),
        "finish": (None, date(2027, 1, 31)),
        "at": (NOW, NOW + timedelta(hours=1)),
        "budget": (Decimal("1.50"), Decimal(2)),
        "manager": ([ana], []),
        "asked": (None, (ana, Role.SPONSOR)),
    }
    with db.transaction(client.id) as session:
        audit.record(session, apollo, what="edited", by=None, now=NOW, changes=changes)
    entry, _ = entries(db, client)
    assert entry.changes == {
        "state": ["executing", "on_hold"],
        "overall": ["green", "red"],
        "finish": [None, "2027-01-31"],
        "at": ["2026-11-20T15:00:00+00:00", "2026-11-20T16:00:00+00:00"],
        "budget": ["1.50", "2"],
        "manager": [[ana.id], []],
        "asked": [None, [ana.id, "sponsor"]],
    }


@pytest.mark.parametrize("many", [True, False])
def test_who_gets_or_loses_a_part_in_a_project_has_an_entry_of_their_own(
    db: Database, client: Workspace, ana: Person, apollo: Project, many: bool
) -> None:
    bob, cy = a_person(db, client, "Bob"), a_person(db, client, "Cy")
    changes = {"manager": ([ana], [bob]), "member": (None, [ana, cy]), "deputy": (bob.id, bob.id), "name": ("A", "B")}
    with db.transaction(acting(db, ana)) as session:
        if many:
            audit.record_all(session, [(apollo, changes)], what="edited", by=None, now=NOW, why="agreed")
        else:
            audit.record(session, apollo, what="edited", by=None, now=NOW, changes=changes, why="agreed")
    edited, *appointed = entries(db, client)
    assert [(each.record, each.what) for each in appointed] == [
        (f"people:{bob.id}", "made manager"),
        (f"people:{ana.id}", "no longer manager"),
        (f"people:{ana.id}", "made member"),
        (f"people:{cy.id}", "made member"),
    ]
    same = {"person_id", "project_id", "via", "at", "why"}
    assert {each.model_dump_json(include=same) for each in appointed} == {edited.model_dump_json(include=same)}


def test_a_new_row_says_what_it_says() -> None:
    assert audit.new({"name": "A", "cause": None, "effect": "", "asked": [], "runs": 0, "on": False}) == {
        "name": (None, "A"),
        "runs": (None, 0),
        "on": (None, False),
    }


def test_a_refusal_is_an_entry_about_the_person_that_names_the_act_and_the_project(
    db: Database, client: Workspace, ana: Person, apollo: Project
) -> None:
    with db.transaction(acting(db, ana, "view risk.form")) as session:
        audit.refused(session, "close_risk", project=apollo.id, by=ana.id, now=NOW)
        audit.refused(session, "add_project", project=None, by=ana.id, now=NOW)
        assert audit.list_of(session, apollo) == []
        assert audit.newest(session, apollo) == 0
        assert len(audit.list_of(session, ana)) == 2
    about = (ana.id, f"people:{ana.id}", "refused", "view risk.form")
    assert [
        (entry.person_id, entry.record, entry.what, entry.via, entry.changes, entry.project_id)
        for entry in entries(db, client)
    ] == [
        (*about, {"act": [None, "close_risk"]}, apollo.id),
        (*about, {"act": [None, "add_project"]}, None),
    ]


def test_a_project_of_another_client_is_not_named(db: Database, client: Workspace, ana: Person) -> None:
    theirs = a_project(db, a_workspace(db))
    with pytest.raises(Exception, match=r"(?i)foreign key"), db.transaction(client.id) as session:
        audit.refused(session, "close_risk", project=theirs.id, by=ana.id, now=NOW)
