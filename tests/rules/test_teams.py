"""Who has which part in a project, changed in one line or in a form."""

from typing import Any

import pytest

from bot.errors import Denied, Refused
from bot.rules import teams
from bot.rules.actors import Actor
from bot.rules.teams import Line
from bot.rules.terms import Role

TEAM = {Role.MANAGER: ["U0EVA"], Role.SPONSOR: ["U0FARAH"], Role.MEMBER: ["U0HANA"]}


def by(role: Role | None, slack_id: str = "U0EVA") -> Actor:
    held = {7: frozenset({role})} if role else {}
    return Actor(1, 2, slack_id, "Eva", "Europe/London", frozenset({Role.COLLEAGUE}), held)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("apollo", Line("apollo")),
        ("APOLLO add <@U0ANN|ann> member", Line("APOLLO", "U0ANN", True, Role.MEMBER)),
        ("APOLLO <@U0ANN>", Line("APOLLO", "U0ANN", True, Role.MEMBER)),
        ("APOLLO <@U0ANN> as Sponsor", Line("APOLLO", "U0ANN", True, Role.SPONSOR)),
        ("APOLLO remove <@W0ANN>", Line("APOLLO", "W0ANN", False, None)),
        ("APOLLO remove <@U0ANN> from member", Line("APOLLO", "U0ANN", False, Role.MEMBER)),
    ],
)
def test_one_line_says_who_joins_or_leaves(text: str, line: Line) -> None:
    assert teams.one_line(text) == line


@pytest.mark.parametrize("text", ["", "add <@U0ANN> member APOLLO", "APOLLO add ann", "APOLLO add <@U0ANN> executive"])
def test_a_line_that_is_not_understood_says_how_to_write_it(text: str) -> None:
    with pytest.raises(Refused, match="/pmo team APOLLO add @ann member"):
        teams.one_line(text)


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (Line("A", "U0ANN", True, Role.MEMBER), {Role.MEMBER: ["U0HANA", "U0ANN"]}),
        (Line("A", "U0ANN", True, Role.SPONSOR), {Role.SPONSOR: ["U0ANN"]}),
        (Line("A", "U0HANA", True, Role.MEMBER), {}),
        (Line("A", "U0HANA", False, Role.MEMBER), {Role.MEMBER: []}),
        (Line("A", "U0HANA", False, Role.SPONSOR), {}),
        (Line("A", "U0FARAH", False, None), {Role.SPONSOR: []}),
    ],
)
def test_a_line_changes_what_differs(line: Line, after: dict[Role, list[str]]) -> None:
    assert teams.changed(TEAM, line) == after


def test_a_form_changes_what_differs() -> None:
    values: dict[str, Any] = {"manager": "U0EVA", "deputy": "U0BEN", "sponsor": None, "members": ["U0HANA", "x"]}
    assert teams.of_form(values, TEAM) == {Role.DEPUTY: ["U0BEN"], Role.SPONSOR: []}


def test_a_form_without_a_manager_or_with_one_as_deputy_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        teams.of_form({"manager": None}, TEAM)
    assert list(refused.value.fields) == ["manager"]
    with pytest.raises(Refused, match="stands in for the manager"):
        teams.of_form({"manager": "U0EVA", "deputy": "U0EVA"}, TEAM)


def test_managers_change_their_team_and_members_do_not() -> None:
    teams.check(TEAM, {Role.MEMBER: []}, by(Role.MANAGER), 7)
    with pytest.raises(Denied, match="Only the project's manager"):
        teams.check(TEAM, {Role.MEMBER: []}, by(Role.MEMBER), 7)


def test_nobody_makes_themself_the_sponsor() -> None:
    with pytest.raises(Denied, match="Nobody makes themself the sponsor") as denied:
        teams.check(TEAM, {Role.SPONSOR: ["U0EVA"]}, by(Role.MANAGER), 7)
    assert (denied.value.project, [*denied.value.fields]) == (7, ["sponsor"])
    teams.check(TEAM, {Role.SPONSOR: ["U0FARAH"]}, by(Role.MANAGER, "U0FARAH"), 7)


def test_a_project_keeps_a_manager() -> None:
    with pytest.raises(Refused, match="needs a manager"):
        teams.check(TEAM, {Role.MANAGER: []}, by(Role.MANAGER), 7)


def test_undo_carries_who_had_the_parts() -> None:
    parts = {Role.MANAGER: ["U0EVA"], Role.MEMBER: []}
    assert teams.unpack(teams.pack(7, parts)) == (7, parts)


@pytest.mark.parametrize("text", ["", "7", "7;boss=U0EVA", "x;manager=U0EVA", "7;manager=eva", "7;manager=U0EVA;x="])
def test_a_button_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="too old"):
        teams.unpack(text)
