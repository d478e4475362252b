"""The eyes that tests look with."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from bot.playground.page import routes
from bot.playground.page.place import Place
from bot.playground.page.reader import Reader
from tests.playground.page import chromium
from tests.playground.page.asking import Client
from tests.playground.page.desk import Desk
from tests.playground.page.stub import Clockwork, a_slack
from tests.playground.page.visiting import Visit


@pytest.fixture
def eyes() -> Reader:
    """Ana in London, on Friday 21 November 2025 at 15:00, who can see #pmo and her chat with the bot."""
    return Reader(
        now=datetime(2025, 11, 21, 15, tzinfo=UTC),
        zone=ZoneInfo("Europe/London"),
        person="U1",
        people={"U1": "Ana Silva", "U2": "Bo <Chen>"},
        channels={"C1": "pmo", "D1": "PMO Bot", "G1": "board"},
        kinds={"C1": "public", "D1": "im", "G1": "private"},
        base="/w/T1/U1",
    )


@pytest.fixture
def place(eyes: Reader) -> Place:
    """A message before Ana."""
    return Place(eyes, "message", "M1", files={"F1": "/w/T1/files/F1"})


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Ana at the page, without a browser."""
    slack, northwind, bot = a_slack()
    clockwork = Clockwork(slack)
    app = slack.asgi_app(routes(slack, clockwork, life=0.01))
    yield Visit(slack, northwind, bot, clockwork, Client(app))
    slack.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this module."""
    with chromium.running() as running:
        yield running


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    """Ana's desk; a word in the browser's console or a break of the content policy fails the test."""
    slack, northwind, bot = a_slack()
    slack.start(routes(slack, Clockwork(slack)))
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    desk = Desk(slack, northwind, bot, page)
    desk.goes_to()
    yield desk
    context.close()
    slack.stop()
    assert troubles == []
