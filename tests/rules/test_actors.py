"""Whoever acted, and what they may do where."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import Denied
from bot.rules.access import Act
from bot.rules.actors import Actor, Share
from bot.rules.terms import Role

COLLEAGUE = frozenset({Role.COLLEAGUE})
CHANGE = 3


def an_actor(*roles: Role, over: Role | None = None, **projects: Role) -> Actor:
    """Somebody with roles in the workspace, in projects (p7), and over portfolio 3 of projects 7 and 8."""
    held = {int(number.removeprefix("p")): frozenset({role}) for number, role in projects.items()}
    portfolios = {CHANGE: Share(frozenset({over}), frozenset({7, 8}))} if over else {}
    return Actor(1, 2, "U1", "Ana", "Europe/London", COLLEAGUE | set(roles), held, portfolios)


def test_a_role_of_a_project_counts_in_that_project_only() -> None:
    manager = an_actor(p7=Role.MANAGER)

    assert manager.roles_in(7) == {Role.COLLEAGUE, Role.MANAGER}
    assert manager.roles_in(8) == manager.roles_in(None) == COLLEAGUE
    assert manager.may(Act.SUBMIT_CHECKIN, 7)
    assert not manager.may(Act.SUBMIT_CHECKIN, 8)
    assert not manager.may(Act.SUBMIT_CHECKIN)


def test_a_role_of_a_portfolio_counts_in_it_and_its_projects() -> None:
    lead = an_actor(over=Role.PMO)

    assert lead.roles_in(7) == {Role.COLLEAGUE, Role.PMO}
    assert lead.roles_in(9) == COLLEAGUE
    assert lead.may(Act.EDIT_PROJECT, 7)
    assert not lead.may(Act.EDIT_PROJECT, 9)
    assert not lead.may(Act.EDIT_PROJECT)
    assert lead.may(Act.ADD_PROJECT, portfolio=CHANGE)
    assert not lead.may(Act.ADD_PROJECT, portfolio=4)
    assert not lead.may(Act.MANAGE_ROLES, portfolio=CHANGE)


def test_a_role_of_the_workspace_counts_everywhere() -> None:
    pmo = an_actor(Role.PMO, p7=Role.MEMBER)

    assert pmo.may(Act.EDIT_PROJECT)
    assert pmo.may(Act.EDIT_PROJECT, 7)
    assert pmo.may(Act.EDIT_PROJECT, 8)
    assert pmo.may(Act.ADD_PROJECT, portfolio=CHANGE)


def test_a_form_is_offered_to_whoever_may_somewhere() -> None:
    assert an_actor(p7=Role.MEMBER, p8=Role.MANAGER).may_ever(Act.SUBMIT_CHECKIN)
    assert an_actor(Role.PMO).may_ever(Act.SUBMIT_CHECKIN)
    assert an_actor(over=Role.ANALYST).may_ever(Act.SUBMIT_CHECKIN)
    assert not an_actor(p7=Role.MEMBER).may_ever(Act.SUBMIT_CHECKIN)


def test_whoever_must_not_is_told_who_can() -> None:
    an_actor(p7=Role.MANAGER).must(Act.SUBMIT_CHECKIN, 7)
    with pytest.raises(Denied, match="Only the project's manager, the manager's deputy or the PMO") as denied:
        an_actor(p7=Role.MANAGER).must(Act.SUBMIT_CHECKIN, 8)
    assert (denied.value.act, denied.value.project) == (Act.SUBMIT_CHECKIN, 8)
    with pytest.raises(Denied):
        an_actor(over=Role.PMO).must(Act.ADD_PROJECT, portfolio=4)


def test_the_projects_where_somebody_may_do_an_act() -> None:
    assert an_actor(p7=Role.MEMBER, p8=Role.MANAGER).projects_where(Act.SUBMIT_CHECKIN) == frozenset({8})
    assert an_actor(over=Role.PMO, p9=Role.MANAGER).projects_where(Act.SUBMIT_CHECKIN) == frozenset({7, 8, 9})
    assert an_actor(over=Role.EXECUTIVE).projects_where(Act.SUBMIT_CHECKIN) == frozenset()
    assert an_actor().projects_where(Act.SUBMIT_CHECKIN) == frozenset()
    assert an_actor(Role.PMO, p7=Role.MEMBER).projects_where(Act.SUBMIT_CHECKIN) is None


def test_today_is_the_day_where_the_person_is() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert an_actor().today(late) == date(2026, 7, 2)
