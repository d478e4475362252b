"""A confidential project is not there for whoever may not see it: no row of it, in whatever way it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, insert, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, select, update

from bot.rules.actors import Actor
from bot.rules.terms import Role
from bot.store import Database, Session, audit, inside, people, projects, roles
from bot.store.prepared import Prepared
from bot.store.tables import AuditEntry, Person, Post, Project, ProjectRole, Risk, Schedule, Workspace
from bot.store.tables.columns import OfProject
from bot.store.wall import WallBreached, beyond
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace, an_actor

NAMES = Prepared(Project, lambda table: select(table.c.key).order_by(table.c.key))
RENAME = Prepared(Project, lambda table: update(table).values(name="Seen"))
PARTS = Prepared(ProjectRole, lambda table: select(table.c.project_id))
PLANS = Prepared(Schedule, lambda table: select(table.c.project_id))
APPOINT = Prepared(ProjectRole, insert)


@dataclass
class Two:
    """Eva manages two projects, of which GEMINI is confidential; Ben has nothing to do with either."""

    db: Database
    workspace: Workspace
    eva: Person
    ben: Person
    open: int
    hidden: int

    def actor(self, person: Person) -> Actor:
        return an_actor(self.db, person)


@pytest.fixture
def two(db: Database) -> Two:
    workspace = a_workspace(db)
    eva, ben = a_person(db, workspace, "Eva"), a_person(db, workspace, "Ben")
    change = a_portfolio(db, workspace)
    apollo = a_project(db, workspace, manager=eva, portfolio_id=change.id)
    gemini = a_project(db, workspace, "GEMINI", manager=eva, portfolio_id=change.id, confidential=True)
    return Two(db, workspace, eva, ben, apollo.id, gemini.id)


SEEING: dict[str, Callable[[int], Any]] = {
    "rows": lambda _: select(Project),
    "columns": lambda _: select(Project.id),
    "rows of it": lambda _: select(ProjectRole),
    "columns of its rows": lambda _: select(Schedule.id),
    "a join": lambda _: select(Project).join(ProjectRole, col(ProjectRole.project_id) == Project.id),
    "a join without a condition": lambda _: select(Project, Person).join(Person, col(Person.name) == "Eva"),
    "an alias": lambda _: select(aliased(Project)),
    "an alias of its rows": lambda _: select(aliased(ProjectRole)),
    "a subquery": lambda _: select(select(Project.id).subquery()),
    "a common table expression": lambda _: select(select(Project.id).cte()),
    "distinct": lambda _: select(Project.key).distinct(),
    "a union": lambda _: union_all(select(Project.id), select(Project.id).where(col(Project.id) < 0)),
}


@pytest.mark.parametrize("way", SEEING)
def test_only_its_own_see_it(two: Two, way: str) -> None:
    for person, count in ((two.eva, 2), (two.ben, 1), (two.eva, 2)):
        with two.db.reading(two.actor(person)) as session:
            assert len(session.execute(SEEING[way](two.hidden)).all()) == count


def test_it_is_not_counted_got_by_number_or_found_by_key(two: Two) -> None:
    with two.db.reading(two.actor(two.ben)) as session:
        assert session.exec(select(func.count()).select_from(Project)).one() == 1
        assert session.get(Project, two.hidden) is None
        assert projects.find(session, "GEMINI") is None
        assert projects.search(session, "gem") == []


def test_bulk_changes_and_deletes_pass_it_by(two: Two) -> None:
    with two.db.transaction(two.actor(two.ben)) as session:
        assert session.exec(update(Project).values(name="x")).rowcount == 1
        assert session.exec(delete(ProjectRole)).rowcount == 1


def test_prepared_statements_carry_it_too(two: Two) -> None:
    with two.db.transaction(two.actor(two.ben)) as session:
        assert NAMES(session).scalars().all() == ["APOLLO"]
        assert RENAME(session).rowcount == 1
        assert PARTS(session).scalars().all() == PLANS(session).scalars().all() == [two.open]
    with two.db.transaction(two.actor(two.eva)) as session:
        assert NAMES(session).scalars().all() == ["APOLLO", "GEMINI"]


def breach_by_adding(session: Session, two: Two) -> None:
    session.add(ProjectRole(project_id=two.hidden, person_id=two.ben.id, role=Role.MEMBER))
    session.flush()


def breach_by_insert(session: Session, two: Two) -> None:
    values = {"project_id": two.hidden, "person_id": two.ben.id, "role": Role.MEMBER}
    session.execute(insert(ProjectRole), [values])


def breach_by_a_prepared_insert(session: Session, two: Two) -> None:
    APPOINT(session, project_id=two.hidden, person_id=two.ben.id, role=Role.MEMBER)


def breach_by_a_smuggled_row(session: Session, two: Two) -> None:
    with two.db.reading(two.workspace.id) as all_seeing:
        row = all_seeing.get(Project, two.hidden)
        assert row is not None
        all_seeing.expunge(row)
    session.add(row)
    row.name = "Mine now"
    session.flush()


@pytest.mark.parametrize("breach", [value for name, value in list(globals().items()) if name.startswith("breach_by_")])
def test_a_way_into_it_is_refused(two: Two, breach: Callable[[Session, Two], None]) -> None:
    with two.db.transaction(two.actor(two.ben)) as session, pytest.raises(WallBreached):  # noqa: PT012
        try:
            breach(session, two)
        finally:
            session.rollback()


def test_rows_of_no_project_in_particular_are_seen_by_all(two: Two) -> None:
    told: dict[str, Any] = {"to": "C1", "wanted": {}, "created_at": NOW, "not_before": NOW, "expires_at": NOW}
    with two.db.transaction(two.workspace.id) as session:
        for key, number in (("nobody's", None), ("apollo's", two.open), ("gemini's", two.hidden)):
            session.add(Post(key=key, project_id=number, **told))
        audit.record(session, session.merge(two.ben), what="seen", by=None, now=NOW)
        for number in (two.open, two.hidden):
            audit.record(session, projects.get_by_id(session, number), what="edited", by=None, now=NOW)
    with two.db.reading(two.actor(two.ben)) as session:
        assert set(session.exec(select(Post.key))) == {"nobody's", "apollo's"}
        assert set(session.exec(select(AuditEntry.record))) == {f"people:{two.ben.id}", f"projects:{two.open}"}


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.ADMIN, True),
        (Role.PMO, True),
        (Role.ANALYST, False),
        (Role.EXECUTIVE, False),
        (Role.AUDITOR, False),
        (Role.FINANCE, False),
        (Role.SUPPORT, False),
    ],
)
def test_of_the_office_its_leads_see_it(two: Two, role: Role, sees: bool) -> None:
    somebody = a_person(two.db, two.workspace, "Pia", role)
    assert two.actor(somebody).hidden == (frozenset() if sees else {two.hidden})


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DEPUTY, Role.MEMBER, Role.SPONSOR])
def test_everybody_with_a_part_in_it_sees_it(two: Two, role: Role) -> None:
    with two.db.transaction(two.workspace.id) as session:
        projects.appoint(session, projects.get_by_id(session, two.hidden), role, [people.get(session, two.ben.id)])
    assert two.actor(two.ben).hidden == frozenset()


@pytest.mark.parametrize(("role", "sees"), [(Role.PMO, True), (Role.ANALYST, False), (Role.EXECUTIVE, False)])
def test_who_leads_the_pmo_of_its_portfolio_sees_it(two: Two, role: Role, sees: bool) -> None:
    with two.db.transaction(two.workspace.id) as session:
        portfolio = projects.get_by_id(session, two.hidden).portfolio_id
        roles.grant(session, people.get(session, two.ben.id), role, by=None, now=NOW, portfolio=portfolio)
    assert two.actor(two.ben).hidden == (frozenset() if sees else {two.hidden})


def test_the_clock_sees_all_but_what_it_makes_for_others(two: Two) -> None:
    with two.db.across_workspaces() as session, inside(session, two.workspace.id):
        assert len(session.exec(select(Project)).all()) == 2
        with inside(session, two.workspace.id, hidden={two.hidden}):
            assert [project.key for project in session.exec(select(Project))] == ["APOLLO"]
        assert len(session.exec(select(Project)).all()) == 2


def test_to_decide_what_is_not_told_a_session_may_look_behind(two: Two) -> None:
    with two.db.reading(two.actor(two.ben)) as session:
        assert session.hidden == {two.hidden}
        with beyond(session):
            assert projects.find(session, "GEMINI") is not None
        assert projects.find(session, "GEMINI") is None
        assert projects.keys(session) == {"APOLLO", "GEMINI"}


def test_every_table_that_names_a_project_is_of_one() -> None:
    mapped = {mapper.class_ for mapper in Project._sa_registry.mappers}
    named = {row for row in mapped if "project_id" in row.__table__.c} | {Project}
    assert {row.__name__ for row in named if not issubclass(row, OfProject)} == set()
    assert Risk in named
