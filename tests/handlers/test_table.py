"""The routing table as a whole: nothing is offered that nobody answers, and nothing is answered without an act."""

import importlib
import pkgutil
import re

import pytest

from bot import handlers, views
from bot.handlers.routing import Kind, Route
from bot.rules.access import MATRIX, allows
from bot.rules.terms import Role

ROUTES = [route for module in handlers.MODULES for route in module.ROUTES]
WINDOWS = {"portfolio.window", "setup.checklist"}
"""Windows that only show something: nothing is sent from them."""
LINKS = {"installation.again"}
"""Buttons that lead to a page: Slack tells of the click, and nothing is to be done."""
HEARD = {route.id for route in ROUTES if route.kind is not Kind.COMMAND}


def offered() -> dict[str, str]:
    """Every id of an interaction that a view names, and the view that does."""
    found: dict[str, str] = {}
    for info in pkgutil.iter_modules(views.__path__):
        module = importlib.import_module(f"bot.views.{info.name}")
        ids = [each for name, each in vars(module).items() if name.isupper() and isinstance(each, str)]
        found |= {each: info.name for each in ids if re.fullmatch(r"[a-z]+\.[a-z_]+", each)}
    return found


def test_whatever_a_view_offers_has_a_route() -> None:
    assert {each: view for each, view in offered().items() if each not in HEARD | WINDOWS | LINKS} == {}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.kind}:{route.id}")
def test_every_route_has_an_act_that_somebody_may(route: Route) -> None:
    if route.act is None:
        assert route.kind is Kind.EVENT, "only what Slack itself tells may come without an act"
    else:
        assert any(MATRIX[route.act])


def test_an_admin_may_ask_for_everything() -> None:
    acts = {route.act for route in ROUTES if route.act is not None}
    assert {act for act in acts if not allows(act, {Role.ADMIN})} == set()


def test_every_command_says_what_it_does() -> None:
    commands = [route for route in ROUTES if route.kind is Kind.COMMAND and not route.id.startswith("<")]
    assert [route.id for route in commands if not route.says] == []
