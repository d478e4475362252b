"""The routing table: what was typed finds its function."""

from collections.abc import Callable

import pytest

from bot.handlers.routing import (
    HELP,
    REFERENCE,
    Kind,
    Route,
    Table,
    action,
    closed,
    command,
    event,
    nearest,
    options,
    shortcut,
    view,
)
from bot.rules.access import Act


def nothing() -> None:
    """Answer nothing."""


def table(*words: str) -> Table:
    return Table(command(each, Act.SEE_HELP, nothing) for each in words)


def found(table: Table, name: str, text: str) -> tuple[str, str]:
    route, rest = table.command(name, text)
    assert route is not None
    return route.id, rest


@pytest.mark.parametrize(
    ("name", "text", "route", "rest"),
    [
        ("/pmo", "project add", "project add", ""),
        ("/pmo", "project addition", "project", "addition"),
        ("/pmo", "project APOLLO edit", "project", "APOLLO edit"),
        ("/pmo", "PROJECT Add Apollo Two", "project add", "Apollo Two"),
        ("/pmo", "  project   add   Apollo  Two ", "project add", "Apollo  Two"),
        ("/pmo", "risk one\ntwo\n  three", "risk", "one\ntwo\n  three"),
        ("/risk", "", "risk", ""),
        ("/risk", "APOLLO Vendor may slip", "risk", "APOLLO Vendor may slip"),
        ("/checkin", "APOLLO", "checkin", "APOLLO"),
        ("/pmo", "", "help", ""),
        ("/pmo", "help risk", "help", "risk"),
        ("/pmo", "nothing like it", "help", "nothing like it"),
        ("/nothing", "like it", "help", "nothing like it"),
        ("/pmo", "apollo-r12", "<reference>", "apollo-r12"),
        ("/pmo", "APOLLO-R12 close", "<reference>", "APOLLO-R12 close"),
        ("/pmo", "APOLLO-R", "help", "APOLLO-R"),
    ],
)
def test_the_longest_words_that_fit_decide(name: str, text: str, route: str, rest: str) -> None:
    known = table(HELP, "project", "project add", "risk", "checkin", REFERENCE)

    assert found(known, name, text) == (route, rest)


def test_without_a_route_for_references_they_are_unknown_words() -> None:
    assert found(table(HELP), "/pmo", "APOLLO-R12") == ("help", "APOLLO-R12")


def test_without_help_unknown_words_have_no_route() -> None:
    assert table("risk").command("/pmo", "what") == (None, "what")


def test_an_empty_table_knows_nothing() -> None:
    assert Table([]).command("/pmo", "risk") == (None, "risk")


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (action, Kind.ACTION),
        (view, Kind.VIEW),
        (closed, Kind.CLOSED),
        (shortcut, Kind.SHORTCUT),
        (options, Kind.OPTIONS),
        (event, Kind.EVENT),
    ],
)
def test_each_kind_has_its_own_names(make: Callable[..., Route], kind: Kind) -> None:
    known = Table([make("risk.own", Act.EDIT_RISK, nothing)])

    assert [each for each in Kind if known.find(each, "risk.own")] == [kind]


def test_what_follows_a_colon_tells_buttons_apart_and_not_routes() -> None:
    known = Table([action("risk.own", Act.EDIT_RISK, nothing), action("risk.own:me", Act.EDIT_RISK, nothing)])

    assert [route.id for name in ("risk.own:2", "risk.own:me") if (route := known.find(Kind.ACTION, name))] == [
        "risk.own",
        "risk.own:me",
    ]
    assert known.find(Kind.ACTION, "risk") is None


def test_two_routes_for_one_thing_are_refused() -> None:
    with pytest.raises(ValueError, match="two routes for command 'risk'"):
        table("risk", "Risk")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("projct add Apollo", "project add"),
        ("rsik APOLLO", "risk"),
        ("RISKS", "risk"),
        ("escalation", None),
        ("", None),
    ],
)
def test_what_may_have_been_meant(typed: str, meant: str | None) -> None:
    route = nearest(typed, table("project add", "risk", REFERENCE).commands())

    assert (route and route.id) == meant


def test_commands_are_listed_without_the_way_to_references() -> None:
    assert [route.id for route in table("risk", REFERENCE, HELP).commands()] == ["risk", HELP]
