"""Teams: who has which part in a project, and what one line changes of it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import Denied, Refused
from bot.rules import words
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.fields import Fields
from bot.rules.terms import Role

PARTS: Final = (Role.MANAGER, Role.DEPUTY, Role.SPONSOR, Role.MEMBER)
"""The roles of a project; all but members are one person each."""
USAGE: Final = (
    "Write it like `/pmo team APOLLO add @ann member`: a project, then add or remove, a person, and manager, deputy, "
    "sponsor or member."
)
MOST: Final = 50
"""So many members a form shows."""

Team = Mapping[Role, Sequence[str]]
"""Who has each part, by their ids in Slack."""

_LINE: Final = re.compile(
    rf"(\S+)\s+(?:(add|remove)\s+)?<@([UW][A-Z0-9]{{1,30}})(?:\|[^<>]*)?>(?:\s+(?:as\s+|from\s+)?({'|'.join(PARTS)}))?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed: a project's key, and who joins or leaves in which part; no part stands for all of theirs."""

    key: str
    slack_id: str = ""
    joins: bool = True
    role: Role | None = None


def one_line(text: str) -> Line:
    """The team that is meant, and what is to change of it; Refused when it cannot be understood."""
    said = words.tidy(text)
    if len(said.split()) == 1:
        return Line(said)
    found = _LINE.fullmatch(said)
    if not found:
        raise Refused(USAGE)
    role = Role(found[4].lower()) if found[4] else None
    joins = (found[2] or "add").lower() == "add"
    return Line(found[1], found[3], joins, role or (Role.MEMBER if joins else None))


def changed(team: Team, line: Line) -> dict[Role, list[str]]:
    """What the line makes of a team: the parts that differ, each with who has it then."""
    after: dict[Role, list[str]] = {}
    for role in PARTS:
        held = [*team.get(role, ())]
        if line.joins and role is line.role and line.slack_id not in held:
            after[role] = [*held, line.slack_id] if role is Role.MEMBER else [line.slack_id]
        elif not line.joins and line.role in {None, role} and line.slack_id in held:
            after[role] = [slack_id for slack_id in held if slack_id != line.slack_id]
    return after


def of_form(values: Mapping[str, Any], team: Team) -> dict[Role, list[str]]:
    """What a sent form makes of a team: the parts that differ; Refused with the faults of all fields."""
    fields = Fields(values)
    manager = fields.person("manager", needs="Choose who manages it: the check-in goes to them.") or ""
    others = {Role.SPONSOR: fields.person("sponsor"), Role.DEPUTY: fields.person("deputy")}
    if others[Role.DEPUTY] == manager:
        fields.fault("deputy", "A deputy stands in for the manager: choose somebody else.")
    fields.settle()
    wanted = {Role.MANAGER: [manager], **{role: [picked] if picked else [] for role, picked in others.items()}}
    wanted[Role.MEMBER] = sorted({slack_id for slack_id in values.get("members") or () if _is_person(slack_id)})
    return {role: wanted[role] for role in PARTS if sorted(wanted[role]) != sorted(team.get(role, ()))}


def check(team: Team, after: Mapping[Role, Collection[str]], by: Actor, project: int) -> None:
    """Refused where this person may not change the team like that.

    A project keeps a manager: the check-in goes to them.
    """
    by.must(Act.MANAGE_TEAM, project)
    not_themselves(team.get(Role.SPONSOR, ()), after.get(Role.SPONSOR, ()), by, project)
    if Role.MANAGER in after and not after[Role.MANAGER]:
        raise Refused("A project needs a manager: name another one instead, with `add @ann manager`.")


def not_themselves(
    before: Collection[str | None], after: Collection[str | None], by: Actor, project: int | None
) -> None:
    """Denied, at its field, where somebody becomes the sponsor by their own hand: who asks does not approve."""
    if by.slack_id in {*after} - {*before}:
        said = "Nobody makes themself the sponsor: somebody else has to do it."
        raise Denied(said, "sponsor", act=Act.MANAGE_TEAM, project=project)


def pack(project: int, parts: Mapping[Role, Collection[str]]) -> str:
    """A project and who had the parts of it that changed, as the button to undo it carries them."""
    return ";".join([str(project), *(f"{role}={','.join(parts[role])}" for role in PARTS if role in parts)])


def unpack(text: str) -> tuple[int, dict[Role, list[str]]]:
    """What such a button carries; Refused for anything that is not of ours."""
    number, *said = text.split(";")
    parts = dict(part.partition("=")[::2] for part in said)
    held = {Role(role): [each for each in ids.split(",") if each] for role, ids in parts.items() if role in PARTS}
    is_ours = re.fullmatch("[0-9]{1,9}", number) and held and len(held) == len(said)
    if not is_ours or not all(_is_person(each) for ids in held.values() for each in ids):
        raise Refused("This button is too old. " + USAGE)
    return int(number), held


def _is_person(slack_id: Any) -> bool:
    return isinstance(slack_id, str) and re.fullmatch(r"[UW][A-Z0-9]{1,30}", slack_id) is not None
