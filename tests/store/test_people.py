"""People: who acted, with which roles, and what Slack says of them."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.rules.terms import Role
from bot.store import Database, people, projects, schedules, workspaces
from bot.store.tables import AuditEntry
from tests.factories import NOW, a_person, a_project, a_workspace


def test_an_actor_has_the_roles_of_workspace_and_projects(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace, "Ana", Role.EXECUTIVE)
    apollo, gemini = (a_project(db, workspace, key, manager=ana) for key in ("APOLLO", "GEMINI"))
    with db.transaction(workspace.id) as session:
        projects.appoint(session, gemini, Role.SPONSOR, [ana])
    with db.reading(workspace.id) as session:
        actor = people.actor(session, "UANA")
    assert actor is not None
    assert actor.roles == {Role.EXECUTIVE, Role.COLLEAGUE}
    assert actor.projects == {apollo.id: {Role.MANAGER}, gemini.id: {Role.MANAGER, Role.SPONSOR}}


@pytest.mark.parametrize(
    ("values", "roles"),
    [
        ({}, {Role.COLLEAGUE}),
        ({"is_admin": True}, {Role.COLLEAGUE, Role.PMO}),
        ({"is_guest": True}, set()),
        ({"is_bot": True}, set()),
    ],
)
def test_what_somebody_is_in_slack_gives_roles(db: Database, values: dict[str, Any], roles: set[Role]) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Ana", **values)
    with db.reading(workspace.id) as session:
        actor = people.actor(session, "UANA")
    assert actor is not None
    assert actor.roles == roles


@pytest.mark.parametrize("values", [{"deactivated_at": NOW}, {"refreshed_at": None}])
def test_who_is_gone_or_not_yet_known_is_nobody(db: Database, values: dict[str, Any]) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Ana", **values)
    with db.reading(workspace.id) as session:
        assert people.actor(session, "UANA") is None
        assert people.actor(session, "UNOBODY") is None


def test_slacks_word_is_kept_and_a_deactivated_person_marked_once(db: Database) -> None:
    workspace = a_workspace(db)
    user = {"id": "UANA", "name": "ana", "real_name": "Ana Lopes", "tz": "Asia/Tokyo", "is_owner": True}
    with db.transaction(workspace.id) as session:
        ana = people.keep(session, user, now=NOW)
        assert (ana.name, ana.timezone, ana.is_admin) == ("Ana Lopes", "Asia/Tokyo", True)
        gone = user | {"deleted": True, "profile": {"display_name": "ana l"}, "is_restricted": True}
        for later in (1, 2):
            ana = people.keep(session, gone, now=NOW + timedelta(days=later))
        assert (ana.name, ana.is_guest, ana.deactivated_at) == ("ana l", True, NOW + timedelta(days=1))
        assert people.keep(session, user, now=NOW).deactivated_at is None


def test_somebody_new_gets_the_workspaces_zone_until_slack_was_asked(db: Database) -> None:
    workspace = a_workspace(db, timezone="Europe/Lisbon")
    with db.transaction(workspace.id) as session:
        ana = people.find_or_add(session, "UANA")
        assert people.find_or_add(session, "UANA").id == ana.id
        assert (ana.timezone, ana.refreshed_at) == ("Europe/Lisbon", None)
        people.keep(session, {"id": "UANA"}, now=NOW)
        assert ana.refreshed_at == NOW


def test_who_moves_zone_is_asked_at_the_same_local_time(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    project = a_project(db, workspace, manager=ana, next_due_at=NOW + timedelta(days=7))
    with db.transaction(workspace.id) as session:
        people.keep(session, {"id": "UANA", "tz": "America/New_York"}, now=NOW + timedelta(days=1))
        schedule = schedules.of_project(session, project.id)
    assert schedule is not None
    assert (schedule.local_time, schedule.next_due_at) == (time(15), NOW + timedelta(days=7, hours=5))


def test_slacks_admins_are_the_pmo_until_somebody_is_named(db: Database) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Owner", is_admin=True)
    bob = a_person(db, workspace, "Bob")
    with db.transaction(workspace.id) as session:
        assert [person.name for person in people.list_with(session, Role.PMO)] == ["Owner"]
        assert people.list_with(session, Role.EXECUTIVE) == []
        for _ in range(2):
            people.grant(session, bob, Role.PMO, by=None, now=NOW)
        assert [person.name for person in people.list_with(session, Role.PMO)] == ["Bob"]
        assert [entry.what for entry in session.exec(select(AuditEntry))] == ["granted pmo"]
        assert people.get(session, bob.id).name == "Bob"


def test_a_workspace_is_kept_once_and_brought_up_to_date(db: Database) -> None:
    values: dict[str, Any] = {"team_id": "T9", "enterprise_id": None, "bot_user_id": "UB", "bot_id": "B1", "now": NOW}
    with db.across_workspaces() as session:
        first = workspaces.keep(session, name="Acme", **values)
        again = workspaces.keep(session, name="Acme Ltd", **values)
        assert (first.id, again.name) == (again.id, "Acme Ltd")
        assert workspaces.find(session, "T0") is None
    with db.reading(first.id) as session:
        assert workspaces.get(session).team_id == "T9"
