"""Who may do what: the whole matrix, and nothing is allowed that is not in it."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from bot.rules.terms import EscalationLevel, Role


class Act(StrEnum):
    """What somebody may want to do; every route names one."""

    SEE_HELP = "see_help"
    SEE_HOME = "see_home"
    SEE_PORTFOLIO = "see_portfolio"
    SEE_PROJECT = "see_project"
    ADD_PROJECT = "add_project"
    EDIT_PROJECT = "edit_project"
    SUBMIT_CHECKIN = "submit_checkin"
    SEE_RISKS = "see_risks"
    RAISE_RISK = "raise_risk"
    EDIT_RISK = "edit_risk"
    CLOSE_RISK = "close_risk"
    SEE_ESCALATIONS = "see_escalations"
    RAISE_ESCALATION = "raise_escalation"
    WITHDRAW_ESCALATION = "withdraw_escalation"
    ACKNOWLEDGE_ESCALATION = "acknowledge_escalation"
    DECIDE_ESCALATION = "decide_escalation"
    SEE_DIGEST = "see_digest"
    MANAGE_DIGESTS = "manage_digests"
    MANAGE_ROLES = "manage_roles"
    SEE_DELIVERIES = "see_deliveries"
    SEE_AUDIT = "see_audit"


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_EVERYBODY: Final = _roles(*Role)
_OFFICE: Final = _roles(Role.PMO)
_LEADS: Final = _roles(Role.PMO, Role.MANAGER, Role.DEPUTY)
_TEAM: Final = _LEADS | {Role.MEMBER}
_DECIDERS: Final = _roles(Role.PMO, Role.SPONSOR)
_READERS: Final = _LEADS | {Role.EXECUTIVE, Role.AUDITOR, Role.SPONSOR}

MATRIX: Final[Mapping[Act, frozenset[Role]]] = {
    Act.SEE_HELP: _EVERYBODY,
    Act.SEE_HOME: _EVERYBODY,
    Act.SEE_PORTFOLIO: _EVERYBODY,
    Act.SEE_PROJECT: _EVERYBODY,
    Act.ADD_PROJECT: _OFFICE,
    Act.EDIT_PROJECT: _LEADS,
    Act.SUBMIT_CHECKIN: _LEADS,
    Act.SEE_RISKS: _EVERYBODY,
    Act.RAISE_RISK: _EVERYBODY,
    Act.EDIT_RISK: _TEAM,
    Act.CLOSE_RISK: _LEADS,
    Act.SEE_ESCALATIONS: _READERS | {Role.MEMBER},
    Act.RAISE_ESCALATION: _LEADS,
    Act.WITHDRAW_ESCALATION: _LEADS,
    Act.ACKNOWLEDGE_ESCALATION: _DECIDERS,
    Act.DECIDE_ESCALATION: _DECIDERS,
    Act.SEE_DIGEST: _READERS,
    Act.MANAGE_DIGESTS: _OFFICE,
    Act.MANAGE_ROLES: _OFFICE,
    Act.SEE_DELIVERIES: _roles(Role.PMO, Role.AUDITOR),
    Act.SEE_AUDIT: _roles(Role.PMO, Role.AUDITOR),
}
"""Which roles may do an act; roles of a project count in that project only.

Everybody means every full member of the workspace: guests and bots hold no role at all.
"""

DECIDERS: Final[Mapping[EscalationLevel, Role]] = {
    EscalationLevel.SPONSOR: Role.SPONSOR,
    EscalationLevel.PMO: Role.PMO,
}
"""Whose decision it is at a level: the PMO does not decide for a sponsor."""

_WORDS: Final[Mapping[Role, str]] = {
    Role.MANAGER: "the project's manager",
    Role.DEPUTY: "the manager's deputy",
    Role.MEMBER: "the project's team",
    Role.SPONSOR: "the project's sponsor",
    Role.EXECUTIVE: "executives",
    Role.AUDITOR: "auditors",
    Role.PMO: "the PMO",
    Role.COLLEAGUE: "colleagues",
}
"""What a role is called, from the project outwards to the office."""


def allows(act: Act, roles: Collection[Role]) -> bool:
    """Whether one of the roles may do the act; what is not in the matrix nobody may."""
    return not MATRIX.get(act, frozenset()).isdisjoint(roles)


def may_decide(level: EscalationLevel, roles: Collection[Role]) -> bool:
    """Whether one of the roles acknowledges and decides at a level."""
    return DECIDERS[level] in roles


def who_can(act: Act) -> tuple[Role, ...]:
    """The roles that may do the act, from the project outwards to the office."""
    return tuple(role for role in _WORDS if role in MATRIX.get(act, frozenset()))


def refusal(act: Act) -> str:
    """What somebody without the right is told: who has it, or that guests have none."""
    roles = who_can(act)
    if Role.COLLEAGUE in roles:
        return "Only full members of this workspace can do that. Ask somebody who is one."
    if not roles:
        return "Nobody can do that here."
    *others, last = [_WORDS[role] for role in roles]
    who = f"{', '.join(others)} or {last}" if others else last
    return f"Only {who} can do that. Ask them."
