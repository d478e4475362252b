"""The office in which a journey is lived: its doors are open over either wire, its books are kept on either engine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.bots import HTTP, SOCKET
from tests.office import Office, an_office

MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 22, 9, 30, tzinfo=UTC)
TWO_WAYS = [(SOCKET, "sqlite"), (HTTP, "postgresql")]
EVERY_WAY = [*TWO_WAYS, (SOCKET, "postgresql"), (HTTP, "sqlite")]


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks of journeys."""
    config.addinivalue_line("markers", "every_way: lived over both wires and on both engines, four times in all")
    config.addinivalue_line("markers", "at(moment): begins at another moment than Monday 16 November 2026, 9:30 UTC")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A journey that is marked so is lived in four offices, any other in two."""
    if "office" in metafunc.fixturenames:
        ways = EVERY_WAY if metafunc.definition.get_closest_marker("every_way") else TWO_WAYS
        metafunc.parametrize("office", ways, ids="-".join, indirect=True)


@pytest.fixture
def office(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Office]:
    """An office on a Monday morning, or at the moment that a journey is marked with."""
    wire, engine = request.param
    begins = request.node.get_closest_marker("at")
    with an_office(new_database(engine), wire, at=begins.args[0] if begins else MONDAY) as opened:
        yield opened
