"""A Slack whose tokens live twelve hours, and a bot's database on either engine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot import manifest
from bot.installations.tokens import Tokens
from bot.messenger import Line
from bot.playground import Clock, Playground, Workspace
from bot.store import Database
from bot.vault import Vault
from tests.bots import KEY
from tests.browsers import PUBLIC
from tests.factories import NOW

ROTATING: dict[str, Any] = manifest.read(PUBLIC)
ROTATING["settings"] |= {"token_rotation_enabled": True}


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(Clock(NOW), ROTATING, rate_limits=False, ack_seconds=30) as slack:
        yield slack


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    return slack.add_workspace("Acme", people=["ada", "bob"], channels=["#apollo"])


@pytest.fixture
def vault() -> Vault:
    return Vault(KEY)


@pytest.fixture
def line(slack: Playground) -> Line:
    state = slack.world.state
    return Line(slack.api_url, client_id=state.client_id, client_secret=state.client_secret)


@pytest.fixture
def another(slack: Playground, line: Line, vault: Vault, db: Database) -> Iterator[Callable[[], Tokens]]:
    """Tokens as one more process has them, on the same database."""
    opened: list[Database] = []

    def another() -> Tokens:
        opened.append(Database(db.url.render_as_string(hide_password=False), pool=5))
        return Tokens(opened[-1], line, vault, slack.clock)

    yield another
    for database in opened:
        database.close()
