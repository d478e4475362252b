"""The upgrade by which records hold people by number: whoever was named by an id in Slack is still who is meant."""

from collections.abc import Callable

from alembic import command
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, select

from bot.rules.terms import WorkspaceState
from bot.store import Database, migrations
from tests.factories import NOW

TODAY = NOW.date()
OWNERS = ["UANA", "UNEW", None]


def rows(connection: Connection, table: str) -> list[dict[str, object]]:
    found = Table(table, MetaData(), autoload_with=connection)
    return [dict(row._mapping) for row in connection.execute(select(found).order_by(found.c.id))]


def add(connection: Connection, table: str, **values: object) -> None:
    known = Table(table, MetaData(), autoload_with=connection)
    defaults = {column.name: 0 for column in known.columns if not column.nullable and column.server_default is None}
    defaults = {name: value for name, value in defaults.items() if name != "id"}
    connection.execute(insert(known), [defaults | values])


def fill(connection: Connection) -> None:
    """Ana is known, Una is named in records only, and something has no owner."""
    place = {"timezone": "Asia/Tokyo", "state": WorkspaceState.OPERATING.value, "created_at": NOW}
    add(connection, "workspaces", team_id="T1", name="x", bot_user_id="x", bot_id="x", currency="GBP", **place)
    add(connection, "people", workspace_id=1, slack_id="UANA", name="Ana", timezone="Europe/London", is_admin=False,
        is_guest=False, is_bot=False)  # fmt: skip
    for number, owner in enumerate(OWNERS, 1):
        add(connection, "projects", workspace_id=1, key=f"P{number}", name="x", state="executing", currency="GBP",
            created_at=NOW, computed_because=[], dimensions={}, path_owner=owner)  # fmt: skip
        add(connection, "status_reports", workspace_id=1, project_id=number, period_start=TODAY, period_end=TODAY,
            reported_at=NOW, is_unchanged=False, computed_because=[], dimensions={}, comments={},
            action_owner=owner)  # fmt: skip


def migrated(db: Database, revision: str, go: Callable[..., None] = command.upgrade) -> None:
    with db._writing.connect() as connection, db._deaf_to_foreign_keys(connection), connection.begin():
        go(migrations.config(connection), revision)


def look(db: Database, table: str) -> list[dict[str, object]]:
    engine = create_engine(db.url)
    with engine.connect() as connection:
        found = rows(connection, table)
    engine.dispose()
    return found


def test_ids_become_numbers_and_back(database_url: Callable[[str], str], engine_kind: str) -> None:
    db = Database(database_url(engine_kind))
    migrated(db, "0005")
    engine = create_engine(db.url)
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()

    migrated(db, "0006")

    people = {row["slack_id"]: row for row in look(db, "people")}
    assert set(people) == {"UANA", "UNEW"}
    assert (people["UNEW"]["name"], people["UNEW"]["timezone"], people["UNEW"]["refreshed_at"]) == (
        "UNEW",
        "Asia/Tokyo",
        None,
    )
    numbers = [people["UANA"]["id"], people["UNEW"]["id"], None]
    assert [row["path_owner_id"] for row in look(db, "projects")] == numbers
    assert [row["action_owner_id"] for row in look(db, "status_reports")] == numbers
    assert "path_owner" not in look(db, "projects")[0]
    assert db.faults() == []

    migrated(db, "0005", command.downgrade)

    assert [row["path_owner"] for row in look(db, "projects")] == OWNERS
    assert [row["action_owner"] for row in look(db, "status_reports")] == OWNERS
    db.close()
