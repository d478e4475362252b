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
    SEE_CONFIDENTIAL = "see_confidential"
    ADD_PROJECT = "add_project"
    EDIT_PROJECT = "edit_project"
    SET_BASELINE = "set_baseline"
    HIDE_PROJECT = "hide_project"
    SEE_TEAM = "see_team"
    MANAGE_TEAM = "manage_team"
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
    SHARE_OUTSIDE = "share_outside"
    SEE_ROLES = "see_roles"
    MANAGE_ROLES = "manage_roles"
    MANAGE_ADMINS = "manage_admins"
    MANAGE_SETTINGS = "manage_settings"
    SEE_SETTINGS = "see_settings"
    IMPORT_REGISTER = "import_register"
    EXPORT = "export"
    EXPORT_MINE = "export_mine"
    FORGET = "forget"
    SET_RETENTION = "set_retention"
    SEE_DELIVERIES = "see_deliveries"
    SEE_AUDIT = "see_audit"


class Scope(StrEnum):
    """How far a role reaches: everything, the projects of one portfolio, or one project."""

    WORKSPACE = "workspace"
    PORTFOLIO = "portfolio"
    PROJECT = "project"


Roles = frozenset[Role]
Row = tuple[Roles, Roles, Roles]


def _of(*roles: Role) -> Roles:
    return frozenset(roles)


PER_PORTFOLIO: Final = _of(
    Role.PMO, Role.ANALYST, Role.EXECUTIVE, Role.AUDITOR, Role.FINANCE, Role.RESOURCE_OWNER
)  # fmt: skip
"""The roles that can be held in one portfolio as well as in the whole workspace."""

_NOBODY: Final = _of()
_ADMINS: Final = _of(Role.ADMIN)
_LEAD: Final = _of(Role.PMO)
_LEADS: Final = _ADMINS | _LEAD
_WRITERS: Final = _LEAD | {Role.ANALYST}
_OFFICE: Final = _ADMINS | _WRITERS
_AUDIT: Final = _of(Role.AUDITOR, Role.SUPPORT)
_SEERS: Final = _WRITERS | {Role.EXECUTIVE, Role.AUDITOR}
_READERS: Final = _SEERS | {Role.FINANCE, Role.RESOURCE_OWNER}
_MANAGERS: Final = _of(Role.MANAGER, Role.DEPUTY)
_TEAM: Final = _MANAGERS | {Role.MEMBER}
_SPONSOR: Final = _of(Role.SPONSOR)
_PART: Final = _TEAM | _SPONSOR
_ALL: Final = frozenset(role for role in Role if not role.is_of_project)

MATRIX: Final[Mapping[Act, Row]] = {
    # who may do it with a role in: the whole workspace, the project's portfolio, the project
    Act.SEE_HELP: (_ALL, PER_PORTFOLIO, _PART),
    Act.SEE_HOME: (_ALL, PER_PORTFOLIO, _PART),
    Act.SEE_PORTFOLIO: (_ALL, PER_PORTFOLIO, _PART),
    Act.SEE_PROJECT: (_ALL, PER_PORTFOLIO, _PART),
    Act.SEE_CONFIDENTIAL: (_LEADS, _LEAD, _PART),
    Act.ADD_PROJECT: (_OFFICE, _WRITERS, _NOBODY),
    Act.EDIT_PROJECT: (_OFFICE, _WRITERS, _MANAGERS),
    Act.SET_BASELINE: (_LEADS, _LEAD, _NOBODY),
    Act.HIDE_PROJECT: (_LEADS, _LEAD, _of(Role.MANAGER) | _SPONSOR),
    Act.SEE_TEAM: (_ALL, PER_PORTFOLIO, _PART),
    Act.MANAGE_TEAM: (_OFFICE, _WRITERS, _MANAGERS),
    Act.SUBMIT_CHECKIN: (_OFFICE, _WRITERS, _MANAGERS),
    Act.SEE_RISKS: (_ALL, PER_PORTFOLIO, _PART),
    Act.RAISE_RISK: (_ALL, PER_PORTFOLIO, _PART),
    Act.EDIT_RISK: (_OFFICE, _WRITERS, _TEAM),
    Act.CLOSE_RISK: (_OFFICE, _WRITERS, _MANAGERS),
    Act.SEE_ESCALATIONS: (_ADMINS | _SEERS, _SEERS, _PART),
    Act.RAISE_ESCALATION: (_OFFICE, _WRITERS, _MANAGERS),
    Act.WITHDRAW_ESCALATION: (_OFFICE, _WRITERS, _MANAGERS),
    Act.ACKNOWLEDGE_ESCALATION: (_LEADS, _LEAD, _SPONSOR),
    Act.DECIDE_ESCALATION: (_LEADS, _LEAD, _SPONSOR),
    Act.SEE_DIGEST: (_ADMINS | _READERS, _READERS, _MANAGERS | _SPONSOR),
    Act.MANAGE_DIGESTS: (_OFFICE, _NOBODY, _NOBODY),
    Act.SHARE_OUTSIDE: (_LEADS, _NOBODY, _NOBODY),
    Act.SEE_ROLES: (_OFFICE | _AUDIT, _NOBODY, _NOBODY),
    Act.MANAGE_ROLES: (_LEADS, _NOBODY, _NOBODY),
    Act.MANAGE_ADMINS: (_ADMINS, _NOBODY, _NOBODY),
    Act.MANAGE_SETTINGS: (_LEADS | {Role.SUPPORT}, _NOBODY, _NOBODY),
    Act.SEE_SETTINGS: (_OFFICE | _AUDIT, _NOBODY, _NOBODY),
    Act.IMPORT_REGISTER: (_LEADS, _NOBODY, _NOBODY),
    Act.EXPORT: (_ADMINS, _NOBODY, _NOBODY),
    Act.EXPORT_MINE: (_ALL, PER_PORTFOLIO, _PART),
    Act.FORGET: (_ADMINS, _NOBODY, _NOBODY),
    Act.SET_RETENTION: (_ADMINS, _NOBODY, _NOBODY),
    Act.SEE_DELIVERIES: (_OFFICE | _AUDIT, _NOBODY, _NOBODY),
    Act.SEE_AUDIT: (_LEADS | {Role.AUDITOR}, _NOBODY, _NOBODY),
}
"""Which roles may do an act, by how far each is held; what a role does not say, it does not allow.

A role held in a portfolio or a project counts there only. Every full member of the workspace is a colleague in it;
guests, apps and people of other organisations hold no role at all, whatever they were given before.
"""

_NO_ROW: Final[Row] = (_NOBODY, _NOBODY, _NOBODY)
_COLUMN: Final[Mapping[Scope, int]] = {scope: column for column, scope in enumerate(Scope)}

DECIDERS: Final[Mapping[EscalationLevel, Roles]] = {
    EscalationLevel.SPONSOR: _SPONSOR,
    EscalationLevel.PMO: _LEADS,
}
"""Whose decision it is at a level: the PMO does not decide for a sponsor."""

_WORDS: Final[Mapping[Role, str]] = {
    Role.MANAGER: "the project's manager",
    Role.DEPUTY: "the manager's deputy",
    Role.MEMBER: "the project's team",
    Role.SPONSOR: "the project's sponsor",
    Role.EXECUTIVE: "executives",
    Role.AUDITOR: "auditors",
    Role.FINANCE: "finance",
    Role.RESOURCE_OWNER: "resource owners",
    Role.SUPPORT: "support",
    Role.ANALYST: "the PMO",
    Role.PMO: "the PMO",
    Role.ADMIN: "PMO admins",
    Role.COLLEAGUE: "colleagues",
}
"""What a role is called, from the project outwards to the office."""


def allows(act: Act, roles: Collection[Role], scope: Scope = Scope.WORKSPACE) -> bool:
    """Whether one of the roles, held so far, may do the act; what is not in the matrix nobody may."""
    return not holding(act, scope).isdisjoint(roles)


def holding(act: Act, scope: Scope) -> Roles:
    """The roles that may do the act where they are held in this scope."""
    return MATRIX.get(act, _NO_ROW)[_COLUMN[scope]]


def may_decide(level: EscalationLevel, roles: Collection[Role]) -> bool:
    """Whether one of the roles acknowledges and decides at a level."""
    return not DECIDERS[level].isdisjoint(roles)


def who_can(act: Act) -> tuple[Role, ...]:
    """The roles that may do the act somewhere, from the project outwards to the office."""
    somewhere = frozenset[Role]().union(*(holding(act, scope) for scope in Scope))
    return tuple(role for role in _WORDS if role in somewhere)


def refusal(act: Act) -> str:
    """What somebody without the right is told: who has it, or that guests have none."""
    roles = who_can(act)
    if Role.COLLEAGUE in roles:
        return "Only full members of this workspace can do that."
    if not roles:
        return "Nobody can do that here."
    *others, last = dict.fromkeys(_WORDS[role] for role in roles if role is not Role.ADMIN or roles == (role,))
    who = f"{', '.join(others)} or {last}" if others else last
    return f"Only {who} can do that."
