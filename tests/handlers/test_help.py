"""Help: written from the routing table, and only what the person may do."""

from typing import Any

import pytest

from bot.handlers import help as help_
from bot.handlers.calls import Said
from bot.handlers.routing import REFERENCE, Table, command
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import Role


def nothing() -> None:
    """Answer nothing."""


TABLE = Table(
    [
        command("project add", Act.ADD_PROJECT, nothing, says="set up a project"),
        command("project", Act.SEE_PROJECT, nothing, usage="KEY", says="show a project"),
        command("risk", Act.RAISE_RISK, nothing, usage="[KEY one line]", says="raise a risk"),
        command(REFERENCE, Act.SEE_PROJECT, nothing),
        *help_.ROUTES,
    ]
)


def asked(text: str, *roles: Role) -> str:
    said: list[Any] = []

    def tell(message: Said) -> None:
        said.append(message)

    held = frozenset({Role.COLLEAGUE, *roles})
    actor = Actor(workspace=1, person=1, slack_id="U1", name="Ana", zone="Europe/London", roles=held)
    help_.answer(tell, text, TABLE, actor)
    return str(said[0])


def test_everything_somebody_may_do_is_listed_with_its_usage() -> None:
    assert asked("", Role.PMO).splitlines() == [
        "*What you can ask PMO Bot*",
        "`/pmo project add` set up a project",
        "`/pmo project KEY` show a project",
        "`/risk [KEY one line]` raise a risk",
        "`/pmo help [WORDS]` what you can ask for",
    ]


def test_what_somebody_may_not_do_is_left_out() -> None:
    assert "project add" not in asked("")


def test_help_about_something_is_about_that() -> None:
    assert asked("Risk") == "`/risk [KEY one line]` raise a risk"
    assert len(asked("project", Role.PMO).splitlines()) == 2


@pytest.mark.parametrize(("typed", "meant"), [("rsik APOLLO", "Did you mean `/risk`?"), ("xyzzy", "I do not know")])
def test_unknown_words_are_answered_with_what_may_have_been_meant(typed: str, meant: str) -> None:
    said = asked(typed)

    assert meant in said
    assert typed not in said
    assert "`/pmo help [WORDS]`" in said


def test_what_somebody_may_not_do_is_not_suggested_either() -> None:
    assert "Did you mean `/pmo project`?" in asked("project ad Apollo")
    assert "Did you mean `/pmo project add`?" in asked("project ad Apollo", Role.PMO)
