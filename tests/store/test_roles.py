"""Roles are given once, ended, taken back, listed; the last admin stays."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.errors import Refused
from bot.rules.terms import Role
from bot.store import Database, people, roles
from bot.store.tables import AuditEntry, Person, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_workspace

SOON = NOW + timedelta(days=7)


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ann(db: Database, workspace: Workspace) -> Person:
    return a_person(db, workspace, "Ann")


def told(db: Database, workspace: Workspace) -> list[tuple[str, dict[str, list[object]]]]:
    with db.reading(workspace.id) as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(entry.what, entry.changes) for entry in entries]


def test_a_role_is_given_once_and_may_get_another_end(db: Database, workspace: Workspace, ann: Person) -> None:
    with db.transaction(workspace.id) as session:
        assert roles.grant(session, ann, Role.SUPPORT, by=None, now=NOW, until=SOON)
        assert not roles.grant(session, ann, Role.SUPPORT, by=None, now=NOW, until=SOON)
        assert roles.grant(session, ann, Role.SUPPORT, by=None, now=NOW, until=NOW)
    assert told(db, workspace) == [
        ("granted support", {"until": [None, SOON.isoformat()]}),
        ("granted support", {"until": [SOON.isoformat(), NOW.isoformat()]}),
    ]


def test_the_same_role_may_be_held_in_portfolios_and_in_the_whole(
    db: Database, workspace: Workspace, ann: Person
) -> None:
    change, run = a_portfolio(db, workspace, "Change"), a_portfolio(db, workspace, "Run")
    with db.transaction(workspace.id) as session:
        for portfolio in (None, change.id, run.id):
            assert roles.grant(session, ann, Role.EXECUTIVE, by=ann.id, now=NOW, portfolio=portfolio)
        assert roles.revoke(session, ann, Role.EXECUTIVE, by=ann.id, now=NOW, portfolio=run.id)
        assert not roles.revoke(session, ann, Role.EXECUTIVE, by=ann.id, now=NOW, portfolio=run.id)
        held = roles.list_held(session, now=NOW)
        assert [(each.slack_id, each.portfolio) for each in held] == [("UANN", None), ("UANN", "Change")]
        assert roles.count_held(session, now=NOW) == 2
        assert [each.portfolio for each in roles.list_held(session, now=NOW, offset=1, limit=1)] == ["Change"]
    assert told(db, workspace)[-1] == ("revoked executive", {"portfolio_id": [run.id, None]})


def test_what_has_ended_and_who_has_left_is_not_listed(db: Database, workspace: Workspace, ann: Person) -> None:
    bob = a_person(db, workspace, "Bob", Role.PMO)
    with db.transaction(workspace.id) as session:
        roles.grant(session, ann, Role.SUPPORT, by=None, now=NOW, until=SOON)
        session.merge(bob).deactivated_at = NOW
    with db.reading(workspace.id) as session:
        assert [each.slack_id for each in roles.list_held(session, now=NOW)] == ["UANN"]
        assert (roles.list_held(session, now=SOON), roles.count_held(session, now=SOON)) == ([], 0)


def test_the_last_admin_cannot_be_taken_away(db: Database, workspace: Workspace, ann: Person) -> None:
    gone = a_person(db, workspace, "Gone", Role.ADMIN, deactivated_at=NOW)
    with db.transaction(workspace.id) as session:
        roles.grant(session, ann, Role.ADMIN, by=None, now=NOW)
        with pytest.raises(Refused, match="the last PMO admin"):
            roles.revoke(session, ann, Role.ADMIN, by=ann.id, now=NOW)
        assert roles.revoke(session, gone, Role.ADMIN, by=ann.id, now=NOW)
        roles.grant(session, gone, Role.ADMIN, by=None, now=NOW)
        with pytest.raises(Refused, match="the last PMO admin"):
            roles.revoke(session, ann, Role.ADMIN, by=ann.id, now=NOW)


def test_another_admin_makes_room_for_the_first_to_go(db: Database, workspace: Workspace, ann: Person) -> None:
    a_person(db, workspace, "Bob", Role.ADMIN)
    with db.transaction(workspace.id) as session:
        roles.grant(session, ann, Role.ADMIN, by=None, now=NOW)
        assert roles.revoke(session, ann, Role.ADMIN, by=ann.id, now=NOW)


def test_a_first_admin_is_one_until_somebody_is_named(db: Database, workspace: Workspace, ann: Person) -> None:
    with db.transaction(workspace.id) as session:
        for _ in range(2):
            roles.make_first_admin(session, people.get(session, ann.id), now=NOW)
    assert told(db, workspace) == [("first admin", {"is_first_admin": [False, True]})]
