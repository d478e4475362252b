"""Projects are found by key, channel and words; roles and references are held by the database."""

import threading

import pytest

from bot.errors import Refused
from bot.rules.terms import ProjectState, Role
from bot.store import Database, projects
from tests.factories import NOW, a_person, a_project, a_workspace


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
        assert projects.appoint(session, apollo, Role.SPONSOR, []) == (["Bob"], [])
        assert projects.manager(session, apollo.id) is None
        assert projects.appoint(session, apollo, Role.MANAGER, [bob]) == (["Ana"], ["Bob"])
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
