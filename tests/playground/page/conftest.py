"""The eyes that tests look with."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.playground.page.place import Place
from bot.playground.page.reader import Reader


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of tests that need Chromium."""
    config.addinivalue_line("markers", "browser: drives the page in Chromium; skipped where there is none")


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
