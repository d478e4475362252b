"""Whom a register names: the people of the workspace, found by the names that they go by in Slack."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.rules.registers.cells import normalised
from bot.rules.registers.entries import ProjectEntry

HELD: Final = ("sponsor", "manager", "deputy")


def named(projects: Iterable[ProjectEntry]) -> frozenset[str]:
    """The names that a register gives and no Slack id with them, as names are compared."""
    people = (getattr(project, role) for project in projects for role in HELD)
    return frozenset(normalised(person.name) for person in people if person and person.name and not person.slack_id)


def found(wanted: frozenset[str], users: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Whom, of Slack's users, each name means; a name that two go by means neither, and who has left is nobody."""
    by_name: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for user in users:
        if not (user.get("deleted") or user.get("is_bot")):
            for name in _names(user) & wanted:
                by_name[name][str(user["id"])] = user
    return {name: next(iter(people.values())) for name, people in by_name.items() if len(people) == 1}


def placed(projects: Sequence[ProjectEntry], slack_ids: Mapping[str, str]) -> tuple[ProjectEntry, ...]:
    """The projects with the Slack ids of those whom their names mean."""
    return tuple(replace(project, **_identified(project, slack_ids)) for project in projects)


def _names(user: Mapping[str, Any]) -> set[str]:
    profile = user.get("profile") or {}
    names = (user.get("real_name"), profile.get("real_name"), profile.get("display_name"), user.get("name"))
    return {normalised(str(name)) for name in names if name}


def _identified(project: ProjectEntry, slack_ids: Mapping[str, str]) -> dict[str, Any]:
    people = {role: getattr(project, role) for role in HELD}
    return {
        role: replace(person, slack_id=slack_ids[normalised(person.name)])
        for role, person in people.items()
        if person and person.name and not person.slack_id and normalised(person.name) in slack_ids
    }
