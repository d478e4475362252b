"""The tests' own PostgreSQL: real, empty at first, copied on demand."""

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tests.postgres import Postgres


def test_a_database_is_a_copy_of_its_template(postgres: Postgres) -> None:
    template = postgres.new_database()
    engine = create_engine(template, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (id int)"))

    copy = postgres.new_database(template)

    assert inspect(create_engine(copy, poolclass=NullPool)).get_table_names() == ["seen"]
    postgres.drop(copy)
    postgres.drop(template)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_database_of_each_kind_is_empty(kind: str, database_url: Callable[[str], str]) -> None:
    url = database_url(kind)

    assert url.startswith(kind)
    assert inspect(create_engine(url, poolclass=NullPool)).get_table_names() == []


def test_the_server_is_postgresql_18_or_newer(postgres: Postgres, database_url: Callable[[str], str]) -> None:
    with create_engine(database_url("postgresql"), poolclass=NullPool).connect() as connection:
        assert int(connection.execute(text("SHOW server_version_num")).scalar_one()) >= 180000
