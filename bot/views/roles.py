"""Roles: what somebody is told who was given one, what whoever gave it reads, and the list of who has which."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.rules import roles
from bot.rules.roles import Appointment, in_words
from bot.rules.terms import Role
from bot.store.tables import Holding, Message
from bot.views import text
from bot.views.blocks import Block, actions, button, confirm, context, header, section
from bot.views.text import day, escape, join_lines, mention, plural

UNDO: Final = "role.undo"
TAKE_BACK: Final = "role.take_back"
TURN: Final = "role.turn"
MEANS: Final[Mapping[Role, str]] = {
    Role.ADMIN: "does all that the PMO does, names admins and support, and keeps settings, exports and privacy",
    Role.PMO: "sets up projects, digests and roles, and decides what climbs up to the PMO",
    Role.ANALYST: "writes everything for the PMO, and decides nothing",
    Role.EXECUTIVE: "reads every project, its escalations and the digests",
    Role.AUDITOR: "reads everything but confidential projects, the audit trail included, and changes nothing",
    Role.FINANCE: "reads the portfolio and the digests",
    Role.RESOURCE_OWNER: "reads the portfolio and the digests",
    Role.SUPPORT: "helps with settings and deliveries until the day it ends",
}


def done(appointment: Appointment, *, changed: bool, place: str = "") -> Message:
    """What whoever gave a role, or took it back, reads: what it means, and the way back."""
    who, role = mention(appointment.slack_id), in_words(appointment.role)
    where = _where(place)
    if not changed:
        already = f"already {role}{where}" if appointment.given else f"not {role}{where} anyway"
        return Message(text=f"{who} is {already}: nothing was changed.")
    undo = [actions(button("Undo", UNDO, roles.pack(_back(appointment))))]
    if not appointment.given:
        said = f"{who} is not {role}{where} any more."
        return Message(text=said, blocks=[section(said), *undo])
    said = f"{who} is {role}{where} now{_until(appointment)}: {role} {MEANS[appointment.role]}."
    return Message(text=said, blocks=[section(said), *undo])


def told(appointment: Appointment, *, by: str, place: str = "") -> Message:
    """What somebody is told who was given a role."""
    role = in_words(appointment.role)
    said = f"You are {role} here now{_where(place)}{_until(appointment)}: {role} {MEANS[appointment.role]}."
    return Message(
        text=said, blocks=[section(said), context(f"{mention(by)} did this. `/pmo help` shows what you can do.")]
    )


def page(
    held: Sequence[Holding], *, first: int, total: int, size: int, first_admins: Iterable[str], may_change: bool
) -> Message:
    """A page of who has which role; `first_admins` are those who are admins while none is named."""
    named = [mention(slack_id) for slack_id in first_admins]
    note = [context(f"No PMO admin is named yet: {text.listed(named)} can act as one.")] if named else []
    how = context("`/pmo role @ann analyst` gives a role; `for Change` keeps it to a portfolio, `until fri` ends it.")
    if not held:
        return Message("Nobody was given a role yet.", [section("Nobody was given a role yet."), *note, how])
    last = first + len(held)
    turns = [
        *([button("Previous", f"{TURN}:back", max(0, first - size))] if first else []),
        *([button("Next", f"{TURN}:on", last)] if last < total else []),
    ]
    return Message(
        text=join_lines(f"{plural(total, 'role')} held here:", *map(_line, held)),
        blocks=[
            header("Who has which role"),
            *(_listed(each, may_change=may_change) for each in held),
            context(f"{first + 1} to {last} of {total}"),
            *note,
            how,
            *([actions(*turns)] if turns else []),
        ],
    )


def _listed(held: Holding, *, may_change: bool) -> Block:
    if not may_change:
        return section(_line(held))
    taken = Appointment(held.slack_id, held.grant.role, given=False, portfolio=held.grant.portfolio_id)
    what = in_words(held.grant.role)
    ask = confirm("Take this role back?", f"It is {what}. They may not do any more what it allowed.", "Take it back")
    return section(_line(held), button("Take back", TAKE_BACK, roles.pack(taken), confirm=ask, describes=f"Not {what}"))


def _line(held: Holding) -> str:
    ends = f", until {day(held.grant.until.date())}" if held.grant.until else ""
    return f"{mention(held.slack_id)} is {in_words(held.grant.role)}{_where(held.portfolio or '')}{ends}"


def _where(place: str) -> str:
    return f" for {escape(place, 120)}" if place else ""


def _until(appointment: Appointment) -> str:
    return f" until {day(appointment.until)}" if appointment.until else ""


def _back(appointment: Appointment) -> Appointment:
    """What undoes it: a role that was given is taken, one that was taken is given, without an end."""
    return Appointment(
        appointment.slack_id, appointment.role, given=not appointment.given, portfolio=appointment.portfolio
    )
