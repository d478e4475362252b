"""The office in which a journey is lived: its doors are open over either wire, its books are kept on either engine."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from tests.bots import HTTP, SOCKET
from tests.journeys.window import Window
from tests.office import Office, an_office
from tests.playground.page import chromium

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module; without one there is nothing to see, which only CI may not put up with."""
    if chromium.PATH is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI looks at the page in Chromium, and there is none on this machine.")
        pytest.skip("there is no Chromium on this machine")
    with chromium.running() as running:
        yield running


@pytest.fixture
def window(browser: Browser, new_database: Callable[[str], str]) -> Iterator[Window]:
    """A browser before the page of an office on a Thursday morning; no word of trouble may stand in its console."""
    with an_office(new_database("sqlite"), with_page=True) as office:
        context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
        troubles: list[str] = []
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield Window(office, page)
        context.close()
        assert troubles == []
