"""Transactions, the inbox, and migrations that agree with the tables, on both engines."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel, col, select, update

from bot.store import Database, Repeated, inbox
from bot.store.database import GroupFlush
from bot.store.migrations import env_options
from bot.store.tables import InboxEntry, Portfolio, Project
from tests.factories import NOW, a_portfolio, a_project, a_workspace


def test_migrations_and_tables_agree(db: Database) -> None:
    engine = create_engine(db.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=env_options())
        differences = compare_metadata(context, SQLModel.metadata)
        checks = {check["name"] for check in inspect(connection).get_check_constraints("projects")}
    engine.dispose()
    assert differences == []
    assert checks == {"ck_projects_project_state"}


def test_upgrading_twice_changes_nothing(db: Database) -> None:
    assert db.is_current()
    db.upgrade()
    assert db.is_current()


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not db.is_current()
    db.close()


def test_two_processes_may_upgrade_at_once(database_url: Callable[[str], str], engine_kind: str) -> None:
    url = database_url(engine_kind)
    databases = [Database(url) for _ in range(3)]
    errors: list[BaseException] = []

    def upgrade(database: Database) -> None:
        try:
            database.upgrade()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=upgrade, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert databases[0].is_current()
    for database in databases:
        database.close()


def _half(db: Database, workspace: int) -> float:
    with db.transaction(workspace) as session:
        session.add(Portfolio(name="Half", created_at=NOW))
        session.flush()
        return 1 / 0


def test_what_fails_leaves_nothing(db: Database) -> None:
    workspace = a_workspace(db)
    with pytest.raises(ZeroDivisionError):
        _half(db, workspace.id)
    with db.reading(workspace.id) as session:
        assert session.exec(select(Portfolio)).all() == []


def test_the_same_interaction_is_dealt_with_once_and_answered_alike(db: Database) -> None:
    workspace = a_workspace(db)
    with db.transaction(workspace.id, once="view:V1", now=NOW) as session:
        inbox.remember(session, {"text": "Saved"})
    with pytest.raises(Repeated) as again, db.transaction(workspace.id, once="view:V1", now=NOW):
        pytest.fail("the work was done a second time")
    assert again.value.answer == {"text": "Saved"}


def test_an_interaction_that_failed_may_come_again(db: Database) -> None:
    workspace = a_workspace(db)
    with pytest.raises(ZeroDivisionError), db.transaction(workspace.id, once="view:V1", now=NOW):
        _ = 1 / 0
    with db.transaction(workspace.id, once="view:V1", now=NOW) as session:
        session.add(Portfolio(name="Second try", created_at=NOW))


def test_the_same_key_in_another_workspace_is_another_interaction(db: Database) -> None:
    for workspace in (a_workspace(db), a_workspace(db)):
        with db.transaction(workspace.id, once="view:V1", now=NOW) as session:
            session.add(Portfolio(name="Each", created_at=NOW))


def test_two_at_once_with_one_key_do_it_once(db: Database) -> None:
    workspace = a_workspace(db)
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def act() -> None:
        gate.wait()
        try:
            with db.transaction(workspace.id, once="view:V1", now=NOW) as session:
                session.add(Portfolio(name="Once", created_at=NOW))
            outcomes.append("done")
        except Repeated:
            outcomes.append("repeated")

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["repeated"] * 7


def test_many_writers_lose_no_update(db: Database) -> None:
    workspace = a_workspace(db)
    project = a_project(db, workspace)

    def count_up() -> None:
        for _ in range(25):
            with db.transaction(workspace.id) as session:
                session.exec(
                    update(Project)
                    .where(col(Project.id) == project.id)
                    .values(risks_raised=col(Project.risks_raised) + 1)
                )

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading(workspace.id) as session:
        assert session.exec(select(Project.risks_raised)).one() == 200


def test_old_inbox_entries_are_dropped(db: Database) -> None:
    workspace = a_workspace(db)
    with db.transaction(workspace.id, once="old", now=NOW - inbox.KEPT * 2):
        pass
    with db.transaction(workspace.id, once="new", now=NOW) as session:
        assert inbox.forget_old(session, NOW, limit=9) == 1
    with db.reading(workspace.id) as session:
        assert session.exec(select(InboxEntry.key)).all() == ["new"]


def test_a_backup_is_a_whole_database(tmp_path: Path, new_database: Callable[[str], str]) -> None:
    db = Database(new_database("sqlite"))
    a_portfolio(db, a_workspace(db), "Kept")
    db.backup(tmp_path / "copy.db")
    copy = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.across_workspaces() as session:
        assert session.exec(select(Portfolio.name)).all() == ["Kept"]
    for each in (db, copy):
        each.close()


def test_commits_that_wait_together_share_one_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "wal"
    log.touch()
    flush = GroupFlush(str(log))
    flushed: list[int] = []
    together = threading.Barrier(6)

    def all_the_others_come_meanwhile(file: int) -> None:
        if not flushed:
            for other in others:
                other.start()
            together.wait()
        flushed.append(file)

    def come() -> None:
        ticket = flush.ask()
        together.wait()
        flush.wait(ticket)

    others = [threading.Thread(target=come) for _ in range(5)]
    monkeypatch.setattr("bot.store.database.os.fsync", all_the_others_come_meanwhile)
    flush.flush()
    for other in others:
        other.join()
    assert len(flushed) == 2


def test_without_a_log_there_is_nothing_to_flush(tmp_path: Path) -> None:
    GroupFlush(str(tmp_path / "none")).flush()


def test_every_write_is_flushed_and_no_reading_is(
    monkeypatch: pytest.MonkeyPatch, new_database: Callable[[str], str]
) -> None:
    db = Database(new_database("sqlite"))
    flushed: list[int] = []
    monkeypatch.setattr("bot.store.database.os.fsync", flushed.append)
    workspace = a_workspace(db)
    assert len(flushed) == 1
    with db.transaction(workspace.id) as session:
        session.add(Portfolio(name="Kept", created_at=NOW))
    assert len(flushed) == 2
    with db.reading(workspace.id) as session:
        session.exec(select(Portfolio)).all()
    assert len(flushed) == 2
    db.close()
