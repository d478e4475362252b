"""Who may do what."""

from itertools import product

import pytest

from bot.rules import access
from bot.rules.access import DECIDERS, MATRIX, Act
from bot.rules.terms import EscalationLevel, Role

EVERYBODY = set(Role)
TABLE = {
    "see_help see_home see_portfolio see_project see_risks raise_risk": EVERYBODY,
    "add_project manage_digests manage_roles": {Role.PMO},
    "edit_project submit_checkin close_risk raise_escalation withdraw_escalation": {
        Role.PMO,
        Role.MANAGER,
        Role.DEPUTY,
    },
    "edit_risk": {Role.PMO, Role.MANAGER, Role.DEPUTY, Role.MEMBER},
    "acknowledge_escalation decide_escalation": {Role.PMO, Role.SPONSOR},
    "see_escalations": EVERYBODY - {Role.COLLEAGUE},
    "see_digest": EVERYBODY - {Role.COLLEAGUE, Role.MEMBER},
    "see_deliveries see_audit": {Role.PMO, Role.AUDITOR},
}


@pytest.mark.parametrize(("acts", "role"), list(product(TABLE, Role)))
def test_the_matrix(acts: str, role: Role) -> None:
    for act in acts.split():
        assert access.allows(Act(act), {role}) is (role in TABLE[acts])


def test_no_act_is_forgotten() -> None:
    assert sorted(act.value for act in MATRIX) == sorted(" ".join(TABLE).split()) == sorted(Act)


def test_whoever_has_no_role_may_nothing() -> None:
    assert not any(access.allows(act, []) for act in Act)


def test_one_role_of_several_is_enough() -> None:
    assert access.allows(Act.ADD_PROJECT, [Role.COLLEAGUE, Role.PMO])


def test_what_is_not_in_the_matrix_is_denied_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MATRIX", {})

    assert not access.allows(Act.SEE_HELP, EVERYBODY)
    assert access.who_can(Act.SEE_HELP) == ()
    assert access.refusal(Act.SEE_HELP) == "Nobody can do that here."


def test_the_pmo_may_every_act_but_decides_at_its_own_level_only() -> None:
    assert all(access.allows(act, {Role.PMO}) for act in Act)
    assert not access.may_decide(EscalationLevel.SPONSOR, {Role.PMO})
    assert access.may_decide(EscalationLevel.PMO, {Role.PMO})
    assert access.may_decide(EscalationLevel.SPONSOR, {Role.COLLEAGUE, Role.SPONSOR})
    assert not access.may_decide(EscalationLevel.PMO, {Role.SPONSOR})


def test_every_level_has_a_decider_who_is_allowed_to_decide() -> None:
    assert set(DECIDERS) == set(EscalationLevel)
    assert set(DECIDERS.values()) == MATRIX[Act.DECIDE_ESCALATION]


def test_a_refusal_names_who_can_from_the_project_outwards() -> None:
    assert access.who_can(Act.EDIT_PROJECT) == (Role.MANAGER, Role.DEPUTY, Role.PMO)
    assert access.refusal(Act.EDIT_PROJECT) == (
        "Only the project's manager, the manager's deputy or the PMO can do that. Ask them."
    )
    assert access.refusal(Act.ADD_PROJECT) == "Only the PMO can do that. Ask them."


def test_guests_are_told_that_they_are_guests() -> None:
    assert access.refusal(Act.RAISE_RISK).startswith("Only full members of this workspace can do that.")
