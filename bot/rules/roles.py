"""Roles: what somebody is made in the whole workspace, read from one line."""

import re
from dataclasses import dataclass
from typing import Final

from bot.errors import Refused
from bot.rules.terms import Role

GRANTED: Final = (Role.PMO, Role.EXECUTIVE, Role.AUDITOR)
"""The roles that are held in the whole workspace."""
USAGE: Final = "Write it like `/pmo role @ann pmo`: a person, then pmo, executive or auditor; `no pmo` takes it back."


@dataclass(frozen=True, slots=True)
class Appointment:
    """Somebody, by Slack id, is given a role of the workspace, or loses it."""

    slack_id: str
    role: Role
    given: bool = True


def one_line(text: str) -> Appointment:
    """Who is to be what: a person mentioned and a role, with "no" before it to take it back; Refused else."""
    found = re.fullmatch(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>\s+(no\s+)?([a-z]+)", text.strip(), re.I)
    roles = {role.value: role for role in GRANTED}
    if not found or found[3].lower() not in roles:
        raise Refused(USAGE)
    return Appointment(found[1], roles[found[3].lower()], given=not found[2])


def unpack(text: str) -> Appointment:
    """What a button carries of an appointment (`pack`); Refused for anything that is not of ours."""
    slack_id, _, role = text.partition(":")
    if role not in GRANTED:
        raise Refused("This button is too old. " + USAGE)
    return Appointment(slack_id, Role(role), given=False)


def pack(appointment: Appointment) -> str:
    """An appointment as a button carries it."""
    return f"{appointment.slack_id}:{appointment.role}"
