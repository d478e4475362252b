"""The watch over the audit trail sees a change that leaves no entry, and knows what is no change of a record."""

import pytest
from sqlmodel import SQLModel, col, delete, select, update

from bot.store import Database, Session, audit, channels, people
from bot.store.tables import Portfolio, Project, ProjectRole, Schedule
from tests import audited
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace


def an_insert(session: Session) -> None:
    session.add(Portfolio(name="New", created_at=NOW))


def an_update(session: Session) -> None:
    session.exec(select(Project)).one().name = "Renamed"


def a_bulk_update(session: Session) -> None:
    session.exec(update(Project).values(channel="C9", open_risks=col(Project.open_risks) + 1))


def a_delete(session: Session) -> None:
    session.exec(delete(ProjectRole))


def one_after_another_was_undone(session: Session) -> None:
    session.exec(update(Project).values(name="Undone"))
    session.rollback()
    session.exec(update(Project).values(channel="C9"))


SILENT = {
    an_insert: ["portfolios insert into"],
    an_update: ["projects update of name"],
    a_bulk_update: ["projects update of channel"],
    a_delete: ["project_roles delete from"],
    one_after_another_was_undone: ["projects update of channel"],
}


def nothing(_session: Session) -> None:
    pass


def counters(session: Session) -> None:
    session.exec(update(Project).values(open_risks=3, computed_because=["x"]))
    session.exec(update(Schedule).values(next_due_at=NOW))


def plumbing(session: Session) -> None:
    people.find_or_add(session, "U0NEW")
    channels.keep(session, "C0NEW", name="new")


def what_meets_no_row(session: Session) -> None:
    session.exec(update(Project).where(col(Project.id) < 0).values(name="Nobody's"))


@pytest.mark.parametrize("write", SILENT)
def test_a_change_that_leaves_no_entry_is_seen(db: Database, write: object) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace, manager=a_person(db, workspace))
    with audited.watched(db, of_tests=True) as watch:
        with db.transaction(workspace.id) as session:
            write(session)  # type: ignore[operator]
        assert watch.unnoted == SILENT[write]  # type: ignore[index]


@pytest.mark.parametrize("write", [nothing, counters, plumbing, what_meets_no_row])
def test_what_is_no_change_of_a_record_needs_no_entry(db: Database, write: object) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace)
    with audited.watched(db, of_tests=True) as watch, db.transaction(workspace.id) as session:
        write(session)  # type: ignore[operator]
    assert watch.unnoted == []


def test_a_change_with_an_entry_is_as_it_should_be(db: Database) -> None:
    workspace = a_workspace(db)
    run = a_portfolio(db, workspace)
    with audited.watched(db, of_tests=True) as watch:
        with db.transaction(workspace.id) as session:
            changes = audit.change(session.merge(run), name="Walk")
            audit.record(session, run, what="edited", by=None, now=NOW, changes=changes)
        with db.transaction(workspace.id) as session:
            session.merge(run).name = "Crawl"
    assert watch.unnoted == ["portfolios update of name"]


def test_what_is_said_to_be_no_record_is_there() -> None:
    known = SQLModel.metadata.tables.keys() | {"alembic_version"}
    assert {*audited.NO_RECORDS, *audited.FOLLOWING, *audited.ADDED_FREELY} <= known
    for table, columns in audited.FOLLOWING.items():
        assert set(columns) <= set(SQLModel.metadata.tables[table].columns.keys())


def test_what_a_test_arranges_is_no_change_and_what_the_bot_does_for_it_is_one(db: Database) -> None:
    workspace = a_workspace(db)
    with audited.watched(db) as watch:
        a_project(db, workspace)
        assert watch.unnoted == []
        _by_the_bot(db, workspace.id)
        assert watch.unnoted == ["portfolios insert into"]


def _by_the_bot(db: Database, workspace: int) -> None:
    """As if a file of the bot had opened the transaction."""
    code = compile(BOT_CODE, str(audited.BOT / "handlers" / "portfolios.py"), "exec")
    exec(code, {"db": db, "workspace": workspace, "Portfolio": Portfolio, "NOW": NOW})  # noqa: S102 - the line below


BOT_CODE = """
with db.transaction(workspace) as session:
    session.add(Portfolio(name="New", created_at=NOW))
"""
