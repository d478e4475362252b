"""Roles: what somebody is made in the workspace, in a portfolio or in a project, read from one line."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.errors import Denied, Refused
from bot.rules import words
from bot.rules.access import PER_PORTFOLIO, Act
from bot.rules.actors import Actor
from bot.rules.terms import Role

GRANTED: Final = tuple(role for role in Role if not role.is_of_project and role is not Role.COLLEAGUE)
"""The roles that are held in the whole workspace, or in a portfolio."""
USAGE: Final = (
    "Write it like `/pmo role @ann pmo`: a person, then admin, pmo, analyst, executive, auditor, finance, resource "
    "owner or support. `for Change` keeps it to a portfolio, `until 30 jun` ends it, `no pmo` takes it back."
)
NOT_THEMSELVES: Final = "Nobody gives themself a role: somebody else has to do it."
KEPT_BY_ADMINS: Final = frozenset({Role.ADMIN, Role.SUPPORT})
"""The roles that only admins give and take back."""

_NAMES: Final = {role.value.replace("_", " "): role for role in Role if role is not Role.COLLEAGUE}
_LINE: Final = re.compile(
    rf"<@([UW][A-Z0-9]{{1,30}})(?:\|[^<>]*)?>\s+(no\s+)?({'|'.join(_NAMES)})(?:\s+(?:for|of|in)\s+(\S.*))?", re.I
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Somebody, by Slack id, is given a role, or loses it: in the whole workspace unless a `portfolio` is named.

    `place` is what was typed of where; `until` is the last day of a role that ends.
    """

    slack_id: str
    role: Role
    given: bool = True
    place: str = ""
    portfolio: int | None = None
    until: date | None = None


def one_line(text: str, today: date) -> Appointment:
    """Who is to be what, where and until when; Refused when it cannot be understood."""
    said, until = words.date_after("until", words.tidy(text).replace("_", " ").split(), today)
    found = _LINE.fullmatch(" ".join(said))
    if not found:
        raise Refused(USAGE)
    place = words.unmarked(found[4] or "")
    return Appointment(found[1], _NAMES[found[3].lower()], given=not found[2], place=place, until=until)


def check(appointment: Appointment, by: Actor, today: date, *, is_admin_named: bool) -> None:
    """Refused where this person may not give or take back the role, or it cannot be held like that.

    Who asks does not approve: nobody gives themself a role, but for whoever is an admin only until one is named.
    """
    role = appointment.role
    by.must(Act.MANAGE_ADMINS if role in KEPT_BY_ADMINS else Act.MANAGE_ROLES)
    if not appointment.given:
        return
    is_first = Role.ADMIN in by.roles and not is_admin_named
    if appointment.slack_id == by.slack_id and not is_first:
        raise Denied(NOT_THEMSELVES, act=Act.MANAGE_ROLES)
    if appointment.portfolio is not None and role not in PER_PORTFOLIO:
        raise Refused(f"{in_words(role).capitalize()} is held in the whole workspace: leave out the portfolio.")
    if appointment.until is not None and appointment.until < today:
        raise Refused("That day has passed: choose today or later.")
    if role is Role.SUPPORT and appointment.until is None:
        raise Refused("Support is for a time: say until when, such as `until +2w`.")
    if role is Role.ADMIN and appointment.until is not None:
        raise Refused("An admin stays one until another takes it back: leave out the day.")


def first_free_day(appointment: Appointment) -> date | None:
    """The day on which a role that ends is not held any more; None for one that stays."""
    return appointment.until + timedelta(days=1) if appointment.until else None


def in_words(role: Role) -> str:
    """What a role is called: pmo is PMO, resource_owner a resource owner."""
    if role is Role.PMO:
        return "PMO"
    if role in {Role.SUPPORT, Role.FINANCE}:
        return role.value
    name = {Role.ADMIN: "PMO admin", Role.ANALYST: "PMO analyst"}.get(role, role.value.replace("_", " "))
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def unpack(text: str) -> Appointment:
    """What a button carries of an appointment (`pack`); Refused for anything that is not of ours."""
    found = re.fullmatch(r"([UW][A-Z0-9]{1,30}):([a-z_]{2,24}):([+-]):([0-9]{0,9}):(|[0-9]{4}-[0-9]{2}-[0-9]{2})", text)
    if not found or found[2] not in GRANTED:
        raise Refused("This button is too old. " + USAGE)
    slack_id, role, sign, portfolio, until = found.groups()
    return Appointment(
        slack_id,
        Role(role),
        given=sign == "+",
        portfolio=int(portfolio) if portfolio else None,
        until=date.fromisoformat(until) if until else None,
    )


def pack(appointment: Appointment) -> str:
    """An appointment as a button carries it."""
    sign, until = "+" if appointment.given else "-", appointment.until or ""
    return f"{appointment.slack_id}:{appointment.role}:{sign}:{appointment.portfolio or ''}:{until}"
