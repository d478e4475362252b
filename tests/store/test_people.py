"""People: who acted, with which roles, and what Slack says of them."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules.access import Act
from bot.rules.actors import Share
from bot.rules.terms import Role
from bot.store import Database, audit, people, projects, roles, schedules, workspaces
from bot.store.tables import Person
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace, an_actor


def names(found: Sequence[Person]) -> list[str]:
    return [person.name for person in found]


def test_an_actor_has_the_roles_of_workspace_and_projects(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace, "Ana", Role.EXECUTIVE)
    apollo, gemini = (a_project(db, workspace, key, manager=ana) for key in ("APOLLO", "GEMINI"))
    with db.transaction(workspace.id) as session:
        projects.appoint(session, gemini, Role.SPONSOR, [ana])
    with db.reading(workspace.id) as session:
        actor = people.actor(session, "UANA", now=NOW)
    assert actor is not None
    assert actor.roles == {Role.EXECUTIVE, Role.COLLEAGUE}
    assert actor.projects == {apollo.id: {Role.MANAGER}, gemini.id: {Role.MANAGER, Role.SPONSOR}}


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({}, {Role.COLLEAGUE}),
        ({"is_admin": True}, {Role.COLLEAGUE, Role.ADMIN}),
        ({"is_first_admin": True}, {Role.COLLEAGUE, Role.ADMIN}),
        ({"is_guest": True}, set()),
        ({"is_bot": True, "is_admin": True}, set()),
        ({"is_stranger": True}, set()),
    ],
)
def test_what_somebody_is_in_slack_gives_roles(db: Database, values: dict[str, Any], held: set[Role]) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Ana", **values)
    with db.reading(workspace.id) as session:
        actor = people.actor(session, "UANA", now=NOW)
    assert actor is not None
    assert actor.roles == held


@pytest.mark.parametrize("values", [{"deactivated_at": NOW}, {"refreshed_at": None}])
def test_who_is_gone_or_not_yet_known_is_nobody(db: Database, values: dict[str, Any]) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Ana", **values)
    with db.reading(workspace.id) as session:
        assert people.actor(session, "UANA", now=NOW) is None
        assert people.actor(session, "UNOBODY", now=NOW) is None


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


def test_slacks_admins_and_the_first_ones_are_admins_until_somebody_is_named(db: Database) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Owner", is_admin=True)
    a_person(db, workspace, "First", is_first_admin=True)
    a_person(db, workspace, "Guest", is_admin=True, is_guest=True)
    bob = a_person(db, workspace, "Bob")
    with db.transaction(workspace.id) as session:
        assert names(people.list_with(session, Role.ADMIN, now=NOW)) == ["First", "Owner"]
        assert names(people.list_office(session, now=NOW)) == ["First", "Owner"]
        assert not roles.is_admin_named(session)
        roles.grant(session, bob, Role.ADMIN, by=None, now=NOW)
        assert names(people.list_with(session, Role.ADMIN, now=NOW)) == ["Bob"]
        owner = people.actor(session, "UOWNER", now=NOW)
        assert owner is not None
        assert owner.roles == {Role.COLLEAGUE}
        people.lost(session, bob, now=NOW)
    with db.reading(workspace.id) as session:
        owner = people.actor(session, "UOWNER", now=NOW)
        assert owner is not None
        assert owner.roles == {Role.COLLEAGUE, Role.ADMIN}


def test_a_role_of_a_portfolio_reaches_its_projects_and_ends_with_its_day(db: Database) -> None:
    workspace = a_workspace(db)
    change = a_portfolio(db, workspace)
    ours = [a_project(db, workspace, key, portfolio_id=change.id) for key in ("APOLLO", "GEMINI")]
    a_project(db, workspace, "OTHER")
    ana = a_person(db, workspace)
    with db.transaction(workspace.id) as session:
        for role in (Role.PMO, Role.AUDITOR):
            until = NOW + timedelta(days=1)
            roles.grant(session, ana, role, by=None, now=NOW, portfolio=change.id, until=until)
        assert names(people.list_with(session, Role.PMO, now=NOW)) == []
        assert names(people.list_with(session, Role.PMO, now=NOW, portfolio=change.id)) == ["Ana"]
    numbers = frozenset(project.id for project in ours)
    actor = an_actor(db, ana)
    assert actor.roles == {Role.COLLEAGUE}
    assert actor.portfolios == {change.id: Share(frozenset({Role.PMO, Role.AUDITOR}), numbers)}
    assert actor.projects_where(Act.EDIT_PROJECT) == numbers
    assert an_actor(db, ana, now=NOW + timedelta(days=1)).portfolios == {}


@pytest.mark.parametrize("values", [{"is_guest": True}, {"is_stranger": True}])
def test_who_is_not_a_full_member_any_more_holds_nothing(db: Database, values: dict[str, Any]) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace, "Ana", Role.PMO, **values)
    apollo = a_project(db, workspace, manager=ana, confidential=True)
    actor = an_actor(db, ana)
    assert (actor.roles, actor.projects, actor.portfolios) == (frozenset(), {}, {})
    assert actor.hidden == {apollo.id}
    with db.reading(workspace.id) as session:
        assert people.list_with(session, Role.PMO, now=NOW) == []
        assert people.list_who_may(session, Act.SUBMIT_CHECKIN, now=NOW, project=apollo.id) == []


def test_who_may_do_something_is_named_from_the_project_outwards(db: Database) -> None:
    workspace = a_workspace(db)
    change = a_portfolio(db, workspace)
    a_person(db, workspace, "Ana", Role.PMO)
    lena = a_person(db, workspace, "Lena")
    a_person(db, workspace, "Adam", Role.ADMIN)
    eva = a_person(db, workspace, "Eva")
    apollo = a_project(db, workspace, manager=eva, portfolio_id=change.id)
    with db.transaction(workspace.id) as session:
        roles.grant(session, lena, Role.ANALYST, by=None, now=NOW, portfolio=change.id)
        assert names(people.list_who_may(session, Act.EDIT_PROJECT, now=NOW, project=apollo.id)) == [
            *("Eva", "Lena", "Ana", "Adam")
        ]
        assert names(people.list_who_may(session, Act.EDIT_PROJECT, now=NOW)) == ["Ana", "Adam"]
        assert names(people.list_who_may(session, Act.SEE_HELP, now=NOW)) == ["Ana"]
        assert names(people.list_by_slack_id(session, ["UEVA", "UADAM", "UNOBODY"])) == ["Adam", "Eva"]


@pytest.mark.parametrize(
    ("user", "is_stranger"),
    [
        ({}, False),
        ({"team_id": "T1"}, False),
        ({"team_id": "T2"}, True),
        ({"is_stranger": True}, True),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, False),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}}, True),
    ],
)
def test_somebody_of_another_organisation_is_a_stranger(db: Database, user: dict[str, Any], is_stranger: bool) -> None:
    org = "E1" if "enterprise_user" in user else None
    workspace = a_workspace(db, team_id="T1", enterprise_id=org)
    with db.transaction(workspace.id) as session:
        assert people.keep(session, {"id": "UX", **user}, now=NOW).is_stranger is is_stranger
        if is_stranger:
            with pytest.raises(Refused, match="People of other organisations"):
                people.responsible(session, "UX", field="manager")


def test_a_workspace_is_kept_once_and_brought_up_to_date(db: Database) -> None:
    values: dict[str, Any] = {"team_id": "T9", "enterprise_id": None, "bot_user_id": "UB", "bot_id": "B1", "now": NOW}
    with db.across_workspaces() as session:
        first = workspaces.keep(session, name="Acme", **values)
        again = workspaces.keep(session, name="Acme Ltd", **values)
        assert (first.id, again.name) == (again.id, "Acme Ltd")
        assert workspaces.find(session, "T0") is None
    with db.reading(first.id) as session:
        assert workspaces.get(session).team_id == "T9"


def test_what_slack_changes_of_somebodys_standing_is_noted_and_what_it_says_else_is_not(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace, "Ana")
    told: dict[str, Any] = {"id": "UANA", "name": "ana", "tz": "Asia/Tokyo"}
    for more in ({}, {"is_admin": True}, {"is_admin": True}, {"deleted": True}):
        with db.transaction(workspace.id) as session:
            people.keep(session, told | more, now=NOW)
    with db.transaction(workspace.id) as session:
        people.keep(session, {"id": "UBEN", "name": "ben"}, now=NOW)
        ben = people.find(session, "UBEN")
        assert ben is not None
        people.lost(session, ben, now=NOW)
        noted = [(entry.what, entry.changes) for entry in audit.list_of(session, ana)]
        [lost] = audit.list_of(session, ben)
    assert noted == [
        ("changed in Slack", {"is_admin": [False, True]}),
        ("changed in Slack", {"is_admin": [True, False], "deactivated_at": [None, NOW.isoformat()]}),
    ]
    assert (lost.what, lost.changes) == ("changed in Slack", {"deactivated_at": [None, NOW.isoformat()]})
