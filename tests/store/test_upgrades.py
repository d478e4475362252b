"""Upgrades: a database with a client's records in it keeps them all, on both engines."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, func, insert, inspect, select

from bot.errors import Refused
from bot.store import Database, migrations
from tests.factories import NOW

# What a column takes that is not told by its type alone.
WORDS: dict[str, Any] = {
    "workspaces.state": "operating",
    "workspaces.timezone": "Europe/London",
    "people.timezone": "Europe/London",
    "people.slack_id": "UANA",
    "role_grants.role": "pmo",
    "portfolios.state": "active",
    "projects.state": "executing",
    "projects.path_owner": "UANA",
    "project_roles.role": "manager",
    "checkins.state": "requested",
    "risks.state": "identified",
    "escalations.level": "sponsor",
    "escalations.state": "raised",
    "escalations.asked": [["sponsor", "UANA"]],
    "posts.to": "UANA",
    "status_reports.path_owner": "UANA",
    "schedules.project_id": 1,
}
BY_TYPE: dict[type, Any] = {bool: False, int: 1, str: "x", date: NOW.date(), datetime: NOW, time: time(15), dict: {}}


def value(column: Column[Any]) -> Any:
    named = f"{column.table.name}.{column.name}"
    if named in WORDS:
        return WORDS[named]
    kind = dict if "JSON" in str(column.type) else column.type.python_type
    return BY_TYPE[kind]


def fill(connection: Connection) -> dict[str, dict[str, Any]]:
    """One row in every table, each pointing to the others; what was put where."""
    known = MetaData()
    known.reflect(connection)
    rows = {}
    for table in known.sorted_tables:
        if table.name != "alembic_version":
            wanted = [c for c in table.columns if not c.nullable or f"{table.name}.{c.name}" in WORDS]
            rows[table.name] = {c.name: value(c) for c in wanted}
            connection.execute(insert(table), [rows[table.name]])
    return rows


@pytest.fixture
def at_the_first(database_url: Callable[[str], str], engine_kind: str) -> Iterator[Database]:
    """A database as the first version left it, with a row in every table."""
    db = Database(database_url(engine_kind))
    engine = create_engine(db.url)
    with engine.begin() as connection:
        command.upgrade(migrations.config(connection), "0001")
        fill(connection)
    engine.dispose()
    yield db
    db.close()


def look(db: Database) -> tuple[dict[str, int], list[str]]:
    """How many rows each table has, and the columns of workspaces."""
    engine = create_engine(db.url)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        counts = {name: _count(connection, name) for name in names}
        columns = [column["name"] for column in inspect(connection).get_columns("workspaces")]
    engine.dispose()
    return counts, columns


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(Table(name, MetaData()))).scalar_one()


def test_nothing_that_was_kept_is_lost(at_the_first: Database) -> None:
    before, old = look(at_the_first)
    at_the_first.upgrade()
    after, new = look(at_the_first)

    assert at_the_first.is_current()
    assert at_the_first.faults() == []
    assert {name: after.get(name) for name in before} == before
    assert set(before.values()) == {1}
    assert set(old) < set(new)


def test_foreign_keys_are_held_again_afterwards(at_the_first: Database) -> None:
    at_the_first.upgrade()
    if at_the_first.is_sqlite:
        with at_the_first.across_workspaces() as session:
            assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_what_points_nowhere_stops_the_upgrade(database_url: Callable[[str], str]) -> None:
    db = Database(database_url("sqlite"))
    engine = create_engine(db.url)
    with engine.begin() as connection:
        command.upgrade(migrations.config(connection), "0001")
        fill(connection)
        connection.exec_driver_sql("UPDATE people SET workspace_id = 77 WHERE id = 1")
    engine.dispose()
    with pytest.raises(Refused, match="people 1 points to a row of workspaces"):
        db.upgrade()

    assert not db.is_current()
    db.close()
