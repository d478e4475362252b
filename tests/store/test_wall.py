"""A workspace is a wall: what a query without a filter can see, add, change and delete."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, insert, text, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, delete, select, update

from bot.store import Database, Session, inside
from bot.store.tables import AuditEntry, Person, Portfolio, Project, ProjectRole
from bot.store.tables.columns import Walled
from bot.store.wall import HistoryRewritten, WallBreached
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace


@dataclass
class Two:
    """Two clients with a person, a portfolio and a project each."""

    db: Database
    ours: int
    theirs: int
    their_project: int

    def left(self) -> list[tuple[str, str]]:
        """What stands in the other workspace."""
        with self.db.reading(self.theirs) as session:
            return [(project.key, project.name) for project in session.exec(select(Project))]


@pytest.fixture
def two(db: Database) -> Two:
    ours, theirs = a_workspace(db), a_workspace(db)
    projects = [
        a_project(db, workspace, manager=a_person(db, workspace), portfolio_id=a_portfolio(db, workspace).id)
        for workspace in (ours, theirs)
    ]
    return Two(db, ours.id, theirs.id, projects[1].id)


SEEING: dict[str, Callable[[int], Any]] = {
    "rows": lambda _: select(Project),
    "columns": lambda _: select(Project.id),
    "by number": lambda theirs: select(Project).where(Project.id == theirs),
    "a join": lambda _: select(Project).join(Portfolio, col(Portfolio.id) == Project.portfolio_id),
    "a join without a condition": lambda _: select(Project, Person).join(Person, col(Person.id) > 0),
    "an alias": lambda _: select(aliased(Project)),
    "a subquery": lambda _: select(select(Project.id).subquery()),
    "a common table expression": lambda _: select(select(Project.id).cte()),
    "exists": lambda theirs: select(Person.id).where(
        select(Project.id).where(Project.id == theirs).exists(), col(Person.id) > 0
    ),
    "distinct": lambda _: select(Project.workspace_id).distinct(),
    "a union": lambda _: union_all(select(Project.id), select(Project.id).where(col(Project.id) < 0)),
}


@pytest.mark.parametrize("way", SEEING)
def test_nothing_of_another_workspace_is_seen(two: Two, way: str) -> None:
    with two.db.reading(two.ours) as session:
        found = session.execute(SEEING[way](two.their_project)).all()
    assert len(found) == (0 if way in {"by number", "exists"} else 1)


def test_another_workspaces_rows_are_not_counted(two: Two) -> None:
    with two.db.reading(two.ours) as session:
        assert session.exec(select(func.count()).select_from(Project)).one() == 1
        assert session.exec(select(func.count(col(Project.id)))).one() == 1


def test_another_workspaces_row_is_not_got_by_its_number(two: Two) -> None:
    with two.db.reading(two.ours) as session:
        assert session.get(Project, two.their_project) is None


def test_bulk_changes_stop_at_the_wall(two: Two) -> None:
    with two.db.transaction(two.ours) as session:
        assert session.exec(update(Project).values(name="Ours now")).rowcount == 1
        assert session.exec(update(Project).where(col(Project.id) == two.their_project).values(name="x")).rowcount == 0
    assert two.left() == [("APOLLO", "Apollo")]


def test_bulk_deletes_stop_at_the_wall(two: Two) -> None:
    with two.db.transaction(two.ours) as session:
        assert session.exec(delete(ProjectRole)).rowcount == 1
        assert session.exec(delete(Project).where(col(Project.id) == two.their_project)).rowcount == 0
    assert two.left() == [("APOLLO", "Apollo")]


def test_a_bulk_insert_is_stamped(two: Two) -> None:
    with two.db.transaction(two.ours) as session:
        session.execute(insert(Portfolio), [{"name": "New", "state": "active", "created_at": NOW}])
    with two.db.reading(two.ours) as session:
        assert set(session.exec(select(Portfolio.name))) == {"Change", "New"}


def breach_by_insert(session: Session, two: Two) -> None:
    session.execute(insert(Portfolio), [{"workspace_id": two.theirs, "name": "Spy", "created_at": NOW}])


def breach_by_values(session: Session, two: Two) -> None:
    session.execute(insert(Portfolio).values(workspace_id=two.theirs, name="Spy", created_at=NOW))


def breach_by_adding(session: Session, two: Two) -> None:
    session.add(Portfolio(workspace_id=two.theirs, name="Spy", created_at=NOW))
    session.flush()


def breach_by_moving(session: Session, two: Two) -> None:
    session.exec(select(Portfolio)).one().workspace_id = two.theirs
    session.flush()


def breach_by_bulk_moving(session: Session, two: Two) -> None:
    session.exec(update(Portfolio).values(workspace_id=two.theirs))


def breach_by_text(session: Session, _: Two) -> None:
    session.execute(text("select * from projects"))


def breach_by_table(session: Session, _: Two) -> None:
    session.execute(select(SQLModel.metadata.tables["projects"].c.id))


def breach_by_a_smuggled_row(session: Session, two: Two) -> None:
    with two.db.reading(two.theirs) as their_session:
        row = their_session.exec(select(Project)).one()
        their_session.expunge(row)
    session.add(row)
    row.name = "Ours now"
    session.flush()


def breach_by_deleting_a_smuggled_row(session: Session, two: Two) -> None:
    with two.db.reading(two.theirs) as their_session:
        row = their_session.exec(select(Project)).one()
        their_session.expunge(row)
    session.delete(row)
    session.flush()


BREACHES = [value for name, value in list(globals().items()) if name.startswith("breach_by_")]


@pytest.mark.parametrize("breach", BREACHES)
def test_a_way_around_the_wall_is_refused(two: Two, breach: Callable[[Session, Two], None]) -> None:
    with two.db.transaction(two.ours) as session, pytest.raises(WallBreached):  # noqa: PT012
        try:
            breach(session, two)
        finally:
            session.rollback()
    assert two.left() == [("APOLLO", "Apollo")]


def test_a_reference_into_another_workspace_is_refused_by_the_database(two: Two) -> None:
    with pytest.raises(IntegrityError), two.db.across_workspaces() as session:  # noqa: PT012
        session.exec(update(Project).where(col(Project.workspace_id) == two.ours).values(portfolio_id=None))
        their = session.exec(select(Portfolio.id).where(Portfolio.workspace_id == two.theirs)).one()
        session.exec(update(Project).where(col(Project.workspace_id) == two.ours).values(portfolio_id=their))


def test_work_across_workspaces_says_so_and_sees_all(two: Two) -> None:
    with two.db.across_workspaces() as session:
        assert len(session.exec(select(Project)).all()) == 2


def test_inside_puts_the_wall_up_for_a_while(two: Two) -> None:
    with two.db.across_workspaces() as session:
        with inside(session, two.ours):
            assert [row.workspace_id for row in session.exec(select(Project))] == [two.ours]
            session.add(Portfolio(name="New", created_at=NOW))
        assert len(session.exec(select(Project)).all()) == 2
    with two.db.reading(two.ours) as session:
        assert len(session.exec(select(Portfolio)).all()) == 2


def history(session: Session, workspace: int) -> AuditEntry:
    entry = AuditEntry(workspace_id=workspace, at=NOW, record="projects:1", what="made")
    session.add(entry)
    session.flush()
    return entry


@pytest.mark.parametrize("wall", [True, False])
def test_history_is_not_rewritten(two: Two, wall: bool) -> None:
    opened = two.db.transaction(two.ours) if wall else two.db.across_workspaces()
    with opened as session:
        entry = history(session, two.ours)
        with pytest.raises(HistoryRewritten):
            session.exec(update(AuditEntry).values(what="nothing"))
        with pytest.raises(HistoryRewritten):
            session.exec(delete(AuditEntry))
        entry.what = "nothing"
        with pytest.raises(HistoryRewritten):
            session.flush()
        session.refresh(entry)
        session.delete(entry)
        with pytest.raises(HistoryRewritten):
            session.flush()
        session.rollback()


def test_every_table_but_those_from_before_there_is_a_client_is_walled() -> None:
    mapped = {mapper.class_ for mapper in Project._sa_registry.mappers}
    assert {row.__tablename__ for row in mapped if not issubclass(row, Walled)} == {"workspaces", "install_states"}
