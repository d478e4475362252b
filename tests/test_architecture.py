"""The house keeps its rules, and each rule's reader can tell a breach."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests import architecture
from tests.architecture import Module, modules, together

Reader = Callable[[Module], Iterator[str]]

READERS: list[Reader] = [
    architecture.unseen,
    architecture.homeless,
    architecture.reserved,
    architecture.catches_all,
    architecture.asks_the_store,
    architecture.opens_a_transaction,
    architecture.eyeless,
    architecture.about_nobody,
    architecture.unsaid,
    architecture.empty_named,
]

MODULES = modules()
KNOWN = [
    "__init__",
    "app",
    "cli",
    "errors",
    "handlers.errors",
    "handlers.risks",
    "messenger",
    "playground.server",
    "rules.health",
    "rules.risks",
    "schedules.__init__",
    "schedules.delivery",
    "settings",
    "store.database",
    "store.risks",
    "store.tables.risks",
    "views.blocks",
    "views.risks",
    "web",
]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_the_house_keeps_its_rules(reader: Reader) -> None:
    assert [breach for module in MODULES for breach in reader(module)] == []


def test_no_module_needs_itself_through_others() -> None:
    assert list(architecture.circles(MODULES)) == []


def test_every_module_belongs_to_a_layer() -> None:
    assert [m.path for m in MODULES if m.package and not architecture.longest(m.package, architecture.MAY_SEE)] == []


# Here the routing table will be read: every route has an act, every act is in the matrix of bot/rules/access.py.


def written(name: str, source: str) -> Module:
    """A module with this source in a house that has one module of each kind."""
    [module] = [module for module in together(dict.fromkeys(KNOWN, "") | {name: source}) if module.name == name]
    return module


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("errors", "from bot import rules"),
        ("rules.risks", "from bot import store"),
        ("rules.risks", "import bot.store.risks"),
        ("rules.risks", "from ..store import risks"),
        ("rules.risks", "def late():\n    from bot.store import risks"),
        ("store.risks", "from bot.handlers import risks"),
        ("store.risks", "from bot import views"),
        ("store.tables.risks", "from bot.store import risks"),
        ("store.tables.risks", "from bot.store.database import Database"),
        ("views.risks", "from bot import store"),
        ("views.risks", "from bot.store import risks"),
        ("views.risks", "from bot.errors import Refused"),
        ("messenger", "from bot.views import risks"),
        ("messenger", "from bot import store"),
        ("handlers.risks", "from bot import messenger"),
        ("handlers.risks", "from bot.schedules import delivery"),
        ("handlers.risks", "from bot.settings import Settings"),
        ("schedules.delivery", "from bot.handlers import risks"),
        ("web", "from bot import app"),
        ("app", "from bot import cli"),
        ("app", "from bot import playground"),
        ("playground.server", "from bot.views import blocks"),
        ("playground.server", "from bot import store"),
        ("__main__", "from bot import app"),
        ("stranger", "from bot import rules"),
    ],
)
def test_an_import_upward_or_sideways_is_seen(name: str, source: str) -> None:
    assert list(architecture.unseen(written(name, source)))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "rules.risks",
            "from bot.errors import Refused\nfrom bot.rules.health import Health\nfrom bot.rules import health",
        ),
        ("store.risks", "from bot import rules\nfrom bot.store.tables.risks import Risk\nfrom bot.store import tables"),
        ("views.risks", "from bot.store.tables.risks import Risk\nfrom bot.store import tables\nfrom bot import rules"),
        ("messenger", "from bot.errors import Undeliverable\nfrom bot.views.blocks import Message"),
        ("handlers.risks", "from bot import rules, store, views\nimport bot"),
        ("schedules.delivery", "from bot.messenger import Messenger\nfrom bot import store, views"),
        ("app", "from bot import handlers, schedules, web\nfrom bot.settings import Settings"),
        ("playground.server", "from bot import app, settings\nfrom bot.playground import server"),
    ],
)
def test_an_import_downward_is_free(name: str, source: str) -> None:
    assert list(architecture.unseen(written(name, source))) == []


def test_a_circle_of_imports_is_seen() -> None:
    house = together({"rules.health": "from bot.rules import risks", "rules.risks": "from bot.rules.health import RED"})

    assert list(architecture.circles(house)) == [
        "a circle of imports: rules.health -> rules.risks -> rules.health",
    ]


def test_imports_in_one_direction_make_no_circle() -> None:
    house = together(
        {
            "store.__init__": "from bot.store import risks, posts",
            "store.risks": "from bot.store import posts",
            "store.posts": "",
        }
    )

    assert list(architecture.circles(house)) == []


@pytest.mark.parametrize(
    ("reader", "name", "source"),
    [
        (architecture.homeless, "handlers.risks", "from sqlmodel import select"),
        (architecture.homeless, "rules.health", "import sqlalchemy.orm"),
        (architecture.homeless, "store.risks", "from slack_sdk import WebClient"),
        (architecture.homeless, "handlers.risks", "from slack_sdk.models.blocks import Block"),
        (architecture.homeless, "schedules.delivery", "from slack_bolt import App"),
        (architecture.homeless, "store.database", "from dateutil.rrule import rrule"),
        (architecture.homeless, "web", "from apscheduler.schedulers.background import BackgroundScheduler"),
        (architecture.reserved, "store.risks", "from datetime import UTC, datetime\nx = datetime.now(UTC)"),
        (architecture.reserved, "store.risks", "from datetime import datetime as dt\nx = dt.utcnow()"),
        (architecture.reserved, "store.risks", "import datetime\nx = datetime.datetime.now()"),
        (architecture.reserved, "store.risks", "import datetime as d\nx = d.date.today()"),
        (
            architecture.reserved,
            "store.risks",
            "from datetime import datetime\nx = field(default_factory=datetime.now)",
        ),
        (architecture.reserved, "handlers.risks", "from time import time\nx = time()"),
        (architecture.reserved, "handlers.risks", "import time\nx = time.time()"),
        (architecture.reserved, "store.risks", "from sqlalchemy import func\nx = func.now()"),
        (architecture.reserved, "app", "import os\nx = os.environ['HOST']"),
        (architecture.reserved, "cli", "from os import getenv\nx = getenv('HOST')"),
        (architecture.reserved, "cli", "print('done')"),
        (architecture.catches_all, "handlers.risks", "try:\n    x()\nexcept Exception:\n    pass"),
        (architecture.catches_all, "store.risks", "try:\n    x()\nexcept:\n    pass"),
        (architecture.catches_all, "store.risks", "try:\n    x()\nexcept (ValueError, BaseException):\n    pass"),
        (architecture.catches_all, "messenger", "with suppress(Exception):\n    x()"),
        (architecture.asks_the_store, "handlers.risks", "session.exec(query)"),
        (architecture.asks_the_store, "schedules.delivery", "risk = session.get(Risk, 1)"),
        (architecture.asks_the_store, "views.risks", "q = 'SELECT id FROM risk'"),
        (architecture.asks_the_store, "store.risks", "session.commit()"),
        (architecture.opens_a_transaction, "store.risks", "with db.transaction(1) as session:\n    pass"),
        (architecture.opens_a_transaction, "handlers.risks", "with db.transaction(1) as session:\n    ack()"),
        (
            architecture.opens_a_transaction,
            "schedules.delivery",
            "with db.across_workspaces() as session:\n    for p in posts:\n        messenger.post(p)",
        ),
        (architecture.eyeless, "handlers.risks", "def own(db, actor):\n    with db.reading(actor.workspace): ..."),
        (
            architecture.eyeless,
            "handlers.risks",
            "def own(db, workspace):\n    with db.transaction(workspace, now=1): ...",
        ),
        (architecture.eyeless, "handlers.risks", "def own(db):\n    with db.across_workspaces(): ..."),
        (architecture.about_nobody, "handlers.risks", "def show(session):\n    store.posts.put(session, 'key', to=x)"),
        (architecture.unsaid, "rules.risks", "x = 1"),
        (architecture.unsaid, "rules.risks", "'''Rules.'''\ndef score(): ..."),
        (architecture.unsaid, "rules.risks", "'''Rules.'''\nclass Draft:\n    '''A draft.'''\n    def ref(self): ..."),
        (architecture.empty_named, "store.utils", ""),
        (architecture.empty_named, "store.risks", "class RiskManager: ..."),
    ],
)
def test_a_breach_is_seen(reader: Reader, name: str, source: str) -> None:
    assert list(reader(written(name, source)))


@pytest.mark.parametrize(
    ("reader", "name", "source"),
    [
        (architecture.homeless, "store.risks", "from sqlmodel import select\nimport re"),
        (architecture.homeless, "views.risks", "from slack_sdk.models.blocks import Block"),
        (architecture.reserved, "app", "from datetime import UTC, datetime\nx = datetime.now(UTC)"),
        (architecture.reserved, "web", "import time\nx = time.perf_counter()"),
        (architecture.reserved, "rules.risks", "def late(now, time):\n    return time.time"),
        (architecture.reserved, "settings", "import os\nx = os.environ"),
        (architecture.catches_all, "handlers.errors", "try:\n    x()\nexcept Exception:\n    pass"),
        (architecture.catches_all, "schedules.__init__", "try:\n    x()\nexcept Exception:\n    pass"),
        (architecture.catches_all, "store.risks", "try:\n    x()\nexcept (KeyError, ValueError):\n    pass"),
        (architecture.asks_the_store, "store.risks", "session.exec(query)\nsession.add(risk)"),
        (architecture.asks_the_store, "store.database", "session.commit()"),
        (architecture.asks_the_store, "views.risks", "x = 'Select one from the list'"),
        (architecture.opens_a_transaction, "handlers.risks", "with db.transaction(1) as session:\n    keep()\nack()"),
        (architecture.eyeless, "handlers.risks", "def own(db, actor):\n    with db.reading(actor): ..."),
        (architecture.about_nobody, "handlers.risks", "def show(s, p):\n    store.posts.put(s, 'key', about=p)"),
        (architecture.eyeless, "schedules.delivery", "def say(db):\n    with db.across_workspaces(): ..."),
        (architecture.unsaid, "rules.risks", "'''Rules.'''\ndef _score(): ..."),
        (architecture.empty_named, "store.risks", "class DataTable: ..."),
    ],
)
def test_what_is_right_passes(reader: Reader, name: str, source: str) -> None:
    assert list(reader(written(name, source))) == []


def test_each_place_that_may_open_a_session_for_nobody_still_does() -> None:
    found = {
        f"{module.name}.{node.name}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert set(architecture.EYELESS) - found == set()
