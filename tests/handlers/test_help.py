"""Help: written from the routing table, and only what the person may do."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.handlers import help as help_
from bot.handlers.calls import Said
from bot.handlers.routing import REFERENCE, Table, command, of
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.charter import Charter
from bot.rules.terms import Role, Service
from bot.store import Database
from tests.factories import a_project, a_workspace


def nothing() -> None:
    """Answer nothing."""


TABLE = Table(
    [
        command("project add", Act.ADD_PROJECT, nothing, says="set up a project"),
        command("project", Act.SEE_PROJECT, nothing, usage="KEY", says="show a project"),
        *of(Service.RAID, command("risk", Act.RAISE_RISK, nothing, usage="[KEY one line]", says="raise a risk")),
        command(REFERENCE, Act.SEE_PROJECT, nothing),
        *help_.ROUTES,
    ]
)


Ask = Callable[..., str]


@pytest.fixture
def db(new_database: Callable[[str], str]) -> Iterator[Database]:
    db = Database(new_database("sqlite"), pool=1)
    yield db
    db.close()


@pytest.fixture
def asked(db: Database) -> Ask:
    """What somebody with these roles is answered, in a workspace that has begun."""
    workspace = a_workspace(db)
    a_project(db, workspace)

    def asked(text: str, *roles: Role, at: int = workspace.id, off: Service | None = None) -> str:
        said: list[Any] = []

        def tell(message: Said) -> None:
            said.append(message)

        held = frozenset({Role.COLLEAGUE, *roles})
        charter = Charter(off=frozenset({off} - {None}))  # type: ignore[arg-type]
        actor = Actor(
            workspace=at, person=1, slack_id="U1", name="Ana", zone="Europe/London", roles=held, charter=charter
        )
        help_.answer(tell, text, TABLE, actor, db)
        return str(said[0])

    return asked


def test_everything_somebody_may_do_is_listed_with_its_usage(asked: Ask) -> None:
    assert asked("", Role.PMO).splitlines() == [
        "*What you can ask PMO Bot*",
        "`/pmo project add` set up a project",
        "`/pmo project KEY` show a project",
        "`/risk [KEY one line]` raise a risk",
        "`/pmo help [WORDS]` what you can ask for",
        help_.REFERENCES,
    ]


def test_what_somebody_may_not_do_is_left_out(asked: Ask) -> None:
    assert "project add" not in asked("")


def test_help_about_something_is_about_that(asked: Ask) -> None:
    assert asked("Risk") == "`/risk [KEY one line]` raise a risk"
    assert len(asked("project", Role.PMO).splitlines()) == 2


@pytest.mark.parametrize(("typed", "meant"), [("rsik APOLLO", "Did you mean `/risk`?"), ("xyzzy", "I do not know")])
def test_unknown_words_are_answered_with_what_may_have_been_meant(asked: Ask, typed: str, meant: str) -> None:
    said = asked(typed)

    assert meant in said
    assert typed not in said
    assert "`/pmo help [WORDS]`" in said


def test_what_somebody_may_not_do_is_not_suggested_either(asked: Ask) -> None:
    assert "Did you mean `/pmo project`?" in asked("project ad Apollo")
    assert "Did you mean `/pmo project add`?" in asked("project ad Apollo", Role.PMO)


def test_what_is_off_is_not_there(asked: Ask) -> None:
    assert "/risk" not in asked("", off=Service.RAID)
    assert "Did you mean" not in asked("rsik", off=Service.RAID)


def test_who_can_begin_is_told_how_until_somebody_has(asked: Ask, db: Database) -> None:
    fresh = a_workspace(db).id

    assert asked("", Role.PMO, at=fresh).startswith(help_.BEGIN)
    assert help_.BEGIN not in asked("", at=fresh)
    assert help_.BEGIN not in asked("", Role.PMO)
