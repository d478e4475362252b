"""Roles: what somebody is told who was given one, and what whoever gave it reads."""

from collections.abc import Mapping
from typing import Final

from bot.rules import roles
from bot.rules.roles import Appointment
from bot.rules.terms import Role
from bot.store.tables import Message
from bot.views.blocks import actions, button, context, section
from bot.views.text import mention

UNDO: Final = "role.undo"
MEANS: Final[Mapping[Role, str]] = {
    Role.PMO: "sets up projects, digests and roles, and decides what climbs up to the PMO",
    Role.EXECUTIVE: "reads every project, its escalations and the digests",
    Role.AUDITOR: "reads everything, the audit trail included, and changes nothing",
}


def done(appointment: Appointment, *, changed: bool, may_undo: bool = True) -> Message:
    """What whoever gave a role, or took it back, reads: what it means, and the way back."""
    who, role = mention(appointment.slack_id), _word(appointment.role)
    if not changed:
        already = f"already {role}" if appointment.given else f"not {role} anyway"
        return Message(text=f"{who} is {already}: nothing was changed.")
    if not appointment.given:
        return Message(text=f"{who} is not {role} any more.")
    said = f"{who} is {role} now: {role} {MEANS[appointment.role]}."
    undo = [actions(button("Undo", UNDO, roles.pack(appointment)))] if may_undo else []
    return Message(text=said, blocks=[section(said), *undo])


def told(appointment: Appointment, *, by: str) -> Message:
    """What somebody is told who was given a role."""
    role = _word(appointment.role)
    said = f"You are {role} here now: {role} {MEANS[appointment.role]}."
    return Message(
        text=said, blocks=[section(said), context(f"{mention(by)} did this. `/pmo help` shows what you can do.")]
    )


def _word(role: Role) -> str:
    return {Role.PMO: "PMO", Role.EXECUTIVE: "an executive", Role.AUDITOR: "an auditor"}[role]
