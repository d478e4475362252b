"""Who may do what."""

from itertools import product

import pytest

from bot.rules import access
from bot.rules.access import DECIDERS, MATRIX, PER_PORTFOLIO, Act, Scope
from bot.rules.terms import EscalationLevel, Role

IN_PROJECTS = {Role.MANAGER, Role.DEPUTY, Role.MEMBER, Role.SPONSOR}
EVERYBODY = set(Role)
WIDE = EVERYBODY - IN_PROJECTS
READS = {*PER_PORTFOLIO}

# Acts, who may do them in the whole workspace, in a portfolio, in a project; written apart from the matrix.
TABLE: list[tuple[str, str, str, str]] = [
    ("see_help see_home see_portfolio see_project see_team see_risks raise_risk export_mine", "*", "*", "*"),
    ("see_confidential", "admin pmo", "pmo", "*"),
    ("add_project", "admin pmo analyst", "pmo analyst", ""),
    ("edit_project submit_checkin close_risk", "admin pmo analyst", "pmo analyst", "manager deputy"),
    ("raise_escalation withdraw_escalation manage_team", "admin pmo analyst", "pmo analyst", "manager deputy"),
    ("edit_risk", "admin pmo analyst", "pmo analyst", "manager deputy member"),
    ("set_baseline", "admin pmo", "pmo", ""),
    ("hide_project", "admin pmo", "pmo", "manager sponsor"),
    ("see_escalations", "admin pmo analyst executive auditor", "pmo analyst executive auditor", "*"),
    ("acknowledge_escalation decide_escalation", "admin pmo", "pmo", "sponsor"),
    (
        "see_digest",
        "admin pmo analyst executive auditor finance resource_owner",
        "pmo analyst executive auditor finance resource_owner",
        "manager deputy sponsor",
    ),
    ("manage_digests", "admin pmo analyst", "", ""),
    ("share_outside manage_roles import_register", "admin pmo", "", ""),
    ("manage_admins export forget set_retention", "admin", "", ""),
    ("manage_settings", "admin pmo support", "", ""),
    ("see_settings", "admin pmo analyst auditor support", "", ""),
    ("see_roles see_deliveries see_settings", "admin pmo analyst auditor support", "", ""),
    ("see_audit", "admin pmo auditor", "", ""),
]
EXPECTED = {
    (act, scope): everybody if words == "*" else set(words.split())
    for acts, *row in TABLE
    for act in acts.split()
    for scope, words, everybody in zip(Scope, row, (WIDE, READS, IN_PROJECTS), strict=True)
}


@pytest.mark.parametrize(("act", "scope"), list(product(Act, Scope)))
def test_the_matrix(act: Act, scope: Scope) -> None:
    assert {role for role in Role if access.allows(act, {role}, scope)} == EXPECTED[act, scope]


def test_no_act_is_forgotten() -> None:
    assert set(MATRIX) == set(Act)


def test_no_role_is_without_a_right() -> None:
    everyday = {act for act in Act if access.allows(act, {Role.COLLEAGUE})}
    for role in Role:
        rights = {act for act, scope in product(Act, Scope) if access.allows(act, {role}, scope)}
        assert rights - everyday or role is Role.COLLEAGUE


def test_a_role_counts_only_in_the_scope_it_is_held_in() -> None:
    for act, scope in product(Act, Scope):
        allowed = {Scope.WORKSPACE: WIDE, Scope.PORTFOLIO: READS, Scope.PROJECT: IN_PROJECTS}[scope]
        assert access.holding(act, scope) <= allowed


def test_whoever_has_no_role_may_nothing() -> None:
    assert not any(access.allows(act, [], scope) for act, scope in product(Act, Scope))


def test_one_role_of_several_is_enough() -> None:
    assert access.allows(Act.ADD_PROJECT, [Role.COLLEAGUE, Role.PMO])


def test_what_is_not_in_the_matrix_is_denied_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MATRIX", {})

    assert not access.allows(Act.SEE_HELP, EVERYBODY)
    assert access.who_can(Act.SEE_HELP) == ()
    assert access.refusal(Act.SEE_HELP) == "Nobody can do that here."


def test_admins_may_every_act_and_analysts_write_all_but_decide_nothing() -> None:
    assert all(access.allows(act, {Role.ADMIN}) for act in Act)
    decisions = {Act.ACKNOWLEDGE_ESCALATION, Act.DECIDE_ESCALATION, Act.SET_BASELINE, Act.HIDE_PROJECT}
    assert not any(access.allows(act, {Role.ANALYST}) for act in decisions)
    assert access.allows(Act.SUBMIT_CHECKIN, {Role.ANALYST})


def test_auditors_change_nothing() -> None:
    changing = {act for act in Act if not act.startswith("see_") and act not in {Act.RAISE_RISK, Act.EXPORT_MINE}}
    assert not any(access.allows(act, {Role.AUDITOR}) for act in changing)


def test_the_pmo_does_not_decide_for_a_sponsor() -> None:
    assert not access.may_decide(EscalationLevel.SPONSOR, {Role.PMO, Role.ADMIN})
    assert access.may_decide(EscalationLevel.PMO, {Role.PMO})
    assert access.may_decide(EscalationLevel.SPONSOR, {Role.COLLEAGUE, Role.SPONSOR})
    assert not access.may_decide(EscalationLevel.PMO, {Role.SPONSOR, Role.ANALYST})


def test_every_level_has_a_decider_who_is_allowed_to_decide() -> None:
    assert set(DECIDERS) == set(EscalationLevel)
    assert frozenset[Role]().union(*DECIDERS.values()) == {*access.who_can(Act.DECIDE_ESCALATION)}


def test_a_refusal_names_who_can_from_the_project_outwards() -> None:
    assert access.who_can(Act.EDIT_PROJECT) == (Role.MANAGER, Role.DEPUTY, Role.ANALYST, Role.PMO, Role.ADMIN)
    assert (
        access.refusal(Act.EDIT_PROJECT) == "Only the project's manager, the manager's deputy or the PMO can do that."
    )
    assert access.refusal(Act.ADD_PROJECT) == "Only the PMO can do that."
    assert access.refusal(Act.EXPORT) == "Only PMO admins can do that."


def test_guests_are_told_that_they_are_guests() -> None:
    assert access.refusal(Act.RAISE_RISK) == "Only full members of this workspace can do that."
