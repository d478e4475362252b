"""Roles of the workspace are given and taken back in one line."""

import pytest

from bot.errors import Refused
from bot.rules import roles
from bot.rules.roles import Appointment
from bot.rules.terms import Role


@pytest.mark.parametrize(
    ("text", "appointment"),
    [
        ("<@U0ANN|ann> pmo", Appointment("U0ANN", Role.PMO)),
        (" <@W0ANN>  Executive ", Appointment("W0ANN", Role.EXECUTIVE)),
        ("<@U0ANN> no auditor", Appointment("U0ANN", Role.AUDITOR, given=False)),
    ],
)
def test_a_role_is_given_in_one_line(text: str, appointment: Appointment) -> None:
    assert roles.one_line(text) == appointment


@pytest.mark.parametrize("text", ["", "@ann pmo", "<@U0ANN>", "<@U0ANN> manager", "<@U0ANN> pmo now", "pmo <@U0ANN>"])
def test_a_line_that_is_not_understood_says_how_to_write_it(text: str) -> None:
    with pytest.raises(Refused, match="/pmo role @ann pmo"):
        roles.one_line(text)


def test_undo_takes_back_what_its_button_names() -> None:
    given = Appointment("U0ANN", Role.PMO)
    assert roles.unpack(roles.pack(given)) == Appointment("U0ANN", Role.PMO, given=False)
    with pytest.raises(Refused, match="too old"):
        roles.unpack("U0ANN:manager")
