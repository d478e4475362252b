"""What every test may ask for."""

import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.office", "tests.bots", "tests.factories")

from bot.store import Database  # noqa: E402
from tests import watching  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.office import Office, an_office  # noqa: E402
from tests.postgres import Postgres, running  # noqa: E402

watching.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look through what every test has logged."""
    report = yield
    watching.judge(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases the fuzzers have tried."""
    told = [dict(report.user_properties) for report in terminalreporter.getreports("")]
    cases = sum(int(properties.get("cases", 0)) for properties in told)
    if cases:
        terminalreporter.write_line(f"{cases:,} cases of fuzzing")


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("steady", derandomize=True, database=None, deadline=None, suppress_health_check=SLOW)
settings.register_profile("wild", derandomize=False, deadline=None, suppress_health_check=SLOW)
settings.load_profile("steady")  # the same cases on every machine; --hypothesis-profile=wild looks for new ones


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started when the first test asks for it (0.5 s); each xdist worker has its own."""
    with running() as server:
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Give the URL of a new, empty database of a kind, "sqlite" or "postgresql", gone after the test."""
    taken: list[str] = []

    def new(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / uuid4().hex}.db"
        server: Postgres = request.getfixturevalue("postgres")
        taken.append(server.new_database())
        return taken[-1]

    yield new
    for url in taken:
        request.getfixturevalue("postgres").drop(url)


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Give the URL of a database of a kind with all tables and no rows, made once, to be copied."""
    made: dict[str, str] = {}

    def template(kind: str) -> str:
        if kind not in made:
            sqlite = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
            made[kind] = sqlite if kind == "sqlite" else request.getfixturevalue("postgres").new_database()
            database = Database(made[kind])
            database.upgrade()
            database.close()
        return made[kind]

    return template


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Callable[[str], str]
) -> Iterator[Callable[[str], str]]:
    """Give the URL of a new database of a kind with all tables and no rows, gone after the test."""
    taken: list[str] = []

    def new(kind: str) -> str:
        template = migrated(kind)
        if kind == "sqlite":
            path = tmp_path / f"{uuid4().hex}.db"
            shutil.copy(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        taken.append(request.getfixturevalue("postgres").new_database(template))
        return taken[-1]

    yield new
    for url in taken:
        request.getfixturevalue("postgres").drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Database]:
    """An empty database with all tables, once on each engine."""
    database = Database(new_database(request.param), pool=5)
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    """Friday 20 November 2026, three in the afternoon in London."""
    return NOW


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_kind(request: pytest.FixtureRequest) -> str:
    """Each of the two engines."""
    return str(request.param)


@pytest.fixture
def office(new_database: Callable[[str], str]) -> Iterator[Office]:
    """An office on SQLite over Socket Mode."""
    with an_office(new_database("sqlite")) as opened:
        yield opened
