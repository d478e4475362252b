"""Roles are given and taken back in one line, by who may, and by nobody to themself."""

from datetime import date

import pytest

from bot.errors import Denied, Refused
from bot.rules import roles
from bot.rules.actors import Actor
from bot.rules.roles import Appointment
from bot.rules.terms import Role

TODAY = date(2026, 11, 19)


def by(*held: Role, slack_id: str = "U0BEN") -> Actor:
    return Actor(1, 2, slack_id, "Ben", "Europe/London", frozenset({Role.COLLEAGUE, *held}))


@pytest.mark.parametrize(
    ("text", "appointment"),
    [
        ("<@U0ANN|ann> pmo", Appointment("U0ANN", Role.PMO)),
        (" <@W0ANN>  Executive ", Appointment("W0ANN", Role.EXECUTIVE)),
        ("<@U0ANN> no auditor", Appointment("U0ANN", Role.AUDITOR, given=False)),
        ("<@U0ANN> resource owner", Appointment("U0ANN", Role.RESOURCE_OWNER)),
        ("<@U0ANN> resource_owner for Big Change", Appointment("U0ANN", Role.RESOURCE_OWNER, place="Big Change")),
        ("<@U0ANN> sponsor for APOLLO", Appointment("U0ANN", Role.SPONSOR, place="APOLLO")),
        ("<@U0ANN> support until 30 nov", Appointment("U0ANN", Role.SUPPORT, until=date(2026, 11, 30))),
        (
            "<@U0ANN> no executive of Change until fri",
            Appointment("U0ANN", Role.EXECUTIVE, given=False, place="Change", until=date(2026, 11, 20)),
        ),
    ],
)
def test_a_role_is_given_in_one_line(text: str, appointment: Appointment) -> None:
    assert roles.one_line(text, TODAY) == appointment


@pytest.mark.parametrize(
    "text", ["", "@ann pmo", "<@U0ANN>", "<@U0ANN> colleague", "<@U0ANN> pmo now", "pmo <@U0ANN>", "<@U0ANN> pmo for"]
)
def test_a_line_that_is_not_understood_says_how_to_write_it(text: str) -> None:
    with pytest.raises(Refused, match="/pmo role @ann pmo"):
        roles.one_line(text, TODAY)


ANN = Appointment("U0ANN", Role.PMO)


@pytest.mark.parametrize(
    ("appointment", "actor"),
    [
        (ANN, by(Role.PMO)),
        (Appointment("U0ANN", Role.EXECUTIVE, portfolio=3), by(Role.ADMIN)),
        (Appointment("U0ANN", Role.ADMIN), by(Role.ADMIN)),
        (Appointment("U0ANN", Role.SUPPORT, until=TODAY), by(Role.ADMIN)),
        (Appointment("U0BEN", Role.PMO, given=False), by(Role.PMO)),
    ],
)
def test_who_may_gives_a_role(appointment: Appointment, actor: Actor) -> None:
    roles.check(appointment, actor, TODAY, is_admin_named=True)


@pytest.mark.parametrize(
    ("appointment", "actor", "why"),
    [
        (ANN, by(Role.ANALYST), "Only the PMO"),
        (Appointment("U0ANN", Role.ADMIN), by(Role.PMO), "Only PMO admins"),
        (Appointment("U0ANN", Role.ADMIN, given=False), by(Role.PMO), "Only PMO admins"),
        (Appointment("U0ANN", Role.SUPPORT, until=TODAY), by(Role.PMO), "Only PMO admins"),
        (Appointment("U0BEN", Role.EXECUTIVE), by(Role.PMO), "Nobody gives themself a role"),
        (Appointment("U0BEN", Role.ADMIN), by(Role.ADMIN), "Nobody gives themself a role"),
    ],
)
def test_who_may_not_is_denied(appointment: Appointment, actor: Actor, why: str) -> None:
    with pytest.raises(Denied, match=why):
        roles.check(appointment, actor, TODAY, is_admin_named=True)


def test_the_first_admin_may_name_themself_until_somebody_is_named() -> None:
    for role in (Role.ADMIN, Role.PMO):
        roles.check(Appointment("U0BEN", role), by(Role.ADMIN), TODAY, is_admin_named=False)
        with pytest.raises(Denied, match="Nobody gives themself"):
            roles.check(Appointment("U0BEN", role), by(Role.ADMIN), TODAY, is_admin_named=True)
    with pytest.raises(Denied, match="Nobody gives themself"):
        roles.check(Appointment("U0BEN", Role.AUDITOR), by(Role.PMO), TODAY, is_admin_named=False)


@pytest.mark.parametrize(
    ("appointment", "why"),
    [
        (Appointment("U0ANN", Role.ADMIN, portfolio=3), "A pmo admin is held in the whole workspace"),
        (Appointment("U0ANN", Role.PMO, until=date(2026, 11, 18)), "has passed"),
        (Appointment("U0ANN", Role.SUPPORT), "say until when"),
        (Appointment("U0ANN", Role.ADMIN, until=TODAY), "leave out the day"),
    ],
)
def test_what_cannot_be_held_is_refused(appointment: Appointment, why: str) -> None:
    with pytest.raises(Refused, match=f"(?i){why}"):
        roles.check(appointment, by(Role.ADMIN), TODAY, is_admin_named=True)


def test_a_role_that_ends_is_held_through_its_last_day() -> None:
    assert roles.first_free_day(Appointment("U0ANN", Role.PMO, until=TODAY)) == date(2026, 11, 20)
    assert roles.first_free_day(ANN) is None


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.PMO, "PMO"),
        (Role.ADMIN, "a PMO admin"),
        (Role.EXECUTIVE, "an executive"),
        (Role.RESOURCE_OWNER, "a resource owner"),
        (Role.SUPPORT, "support"),
    ],
)
def test_roles_have_names(role: Role, words: str) -> None:
    assert roles.in_words(role) == words


@pytest.mark.parametrize(
    "appointment", [ANN, Appointment("W0ANN", Role.RESOURCE_OWNER, given=False, portfolio=3, until=TODAY)]
)
def test_a_button_carries_an_appointment(appointment: Appointment) -> None:
    assert roles.unpack(roles.pack(appointment)) == appointment


@pytest.mark.parametrize("text", ["", "U0ANN:pmo", "U0ANN:manager:+::", "U0ANN:pmo:?::", "x:pmo:+::"])
def test_a_button_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="too old"):
        roles.unpack(text)
