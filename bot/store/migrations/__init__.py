"""Schema changes, one file each, applied in order on both engines."""

from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import Refused
from bot.store.tables.columns import Json, Money, Ranked

LOCK = 7_265_011
PLAIN: dict[type, str] = {Ranked: "sa.SmallInteger()", Money: "sa.BigInteger()"}


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Apply what is still to come in one transaction; a second process waits, then finds nothing to do."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        command.upgrade(config(connection), "head")
        if found := lost(connection):
            raise Refused("\n".join(["The database was left as it was, for rows of it point nowhere:", *found]))


def lost(connection: Connection) -> list[str]:
    """The rows of SQLite that point to a row that is not there; PostgreSQL lets none be."""
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [f"{table} {number} points to a row of {parent} that is not there" for table, number, parent, _ in found]


def is_current(connection: Connection) -> bool:
    """Whether the database is at the newest migration."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def env_options() -> dict[str, Any]:
    """How database and tables are compared, and how our column types are written down."""
    return {"compare_type": True, "render_item": _render}


def _render(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration must not change with our code."""
    if kind == "type" and type(item) in PLAIN:
        return PLAIN[type(item)]
    return "JSON" if kind == "type" and item is Json else False
