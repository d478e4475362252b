"""How Alembic reaches the database and the tables."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from bot.store import migrations, tables

assert tables  # noqa: S101 - importing them fills the metadata


def run(connection: Connection) -> None:
    """Compare or migrate over the connection that was handed in."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        **migrations.env_options(),
    )
    context.run_migrations()


run(context.config.attributes["connection"])
