"""Teams: who has which part in a project, the form that changes it, and what everybody is told of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.rules import teams
from bot.rules.teams import PARTS, Team
from bot.rules.terms import Role
from bot.store.tables import Message, Person, Project
from bot.views import text
from bot.views.blocks import View, actions, button, context, header, modal, people_input, person_input, section
from bot.views.text import escape, join_lines, mention, plain

OPEN: Final = "team.open"
CHANGE: Final = "team.change"
UNDO: Final = "team.undo"
MEANS: Final[Mapping[Role, str]] = {
    Role.MANAGER: "is asked for the check-ins and answers for the project",
    Role.DEPUTY: "stands in for the manager",
    Role.SPONSOR: "decides what the manager cannot",
    Role.MEMBER: "works on it and keeps its risks",
}

Changes = Mapping[Role, tuple[Sequence[Person], Sequence[Person]]]


def card(project: Project, team: Team, *, may_change: bool) -> Message:
    """Who has which part, with what each part means."""
    lines = [f"*{part.value.capitalize()}*: {_named(team.get(part, ()))} — {MEANS[part]}" for part in PARTS]
    change = [actions(button("Change", OPEN, project.id, describes=f"Change the team of {project.key}"))]
    how = f"`/pmo team {project.key} add @ann member`, or `remove`, does it in one line."
    return Message(
        text=join_lines(f"The team of {project.key} {plain(project.name)}:", *lines),
        blocks=[
            header(f"The team of {project.key}"),
            section("\n".join(lines)),
            *([*change, context(how)] if may_change else []),
        ],
    )


def form(project: Project, team: Team, values: Mapping[str, Any], *, seen: int) -> View:
    """The form of a team, with what was entered so far."""
    now = {**{role.value: next(iter(team.get(role, ())), None) for role in PARTS}, **values}
    return modal(
        f"Team of {project.key}",
        CHANGE,
        [
            person_input("manager", "Manager", value=now["manager"], hint="Is asked for the check-ins."),
            person_input("deputy", "Deputy", value=now["deputy"], optional=True, hint="Stands in for the manager."),
            person_input("sponsor", "Sponsor", value=now["sponsor"], optional=True, hint="Decides escalations."),
            people_input(
                "members",
                "Members",
                values=values.get("members", team.get(Role.MEMBER, ())),
                optional=True,
                hint="See it when it is confidential, and keep its risks.",
            ),
        ],
        submit="Save",
        metadata={"project": project.id, "seen": seen},
    )


def saved(project: Project, changes: Changes) -> Message:
    """What whoever changed a team reads: who had each part and who has it now, and the way back."""
    if not changes:
        return Message(text=f"The team of {project.key} stays as it was: nothing was changed.")
    lines = [
        f"• {role.value.capitalize()}: {_people(before)} → {_people(after)}"
        for role, (before, after) in changes.items()
    ]
    back = {role: [person.slack_id for person in before] for role, (before, _) in changes.items()}
    said = join_lines(f"The team of *{project.key}* is changed; they are told:", *lines)
    return Message(
        text=f"The team of {project.key} is changed.",
        blocks=[section(said), actions(button("Undo", UNDO, teams.pack(project.id, back)))],
    )


def joined(project: Project, *, by: str) -> Message:
    """What somebody is told who has become a member of a project's team."""
    may = "you can change its risks and see what it escalates"
    said = f"You are in the team of *{project.key}* {escape(project.name)}: {may}."
    return Message(
        text=f"You are in the team of {project.key} {plain(project.name)}.",
        blocks=[section(said), context(f"{mention(by)} did this. `/pmo project {project.key}` shows how it stands.")],
    )


def left(project: Project, role: Role, *, by: str) -> Message:
    """What somebody is told who has a part in a project no more."""
    part = "in the team" if role is Role.MEMBER else f"the {role.value}"
    said = f"You are not {part} of *{project.key}* {escape(project.name)} any more."
    return Message(
        text=f"You are not {part} of {project.key} {plain(project.name)} any more.",
        blocks=[section(said), context(f"{mention(by)} changed it. Ask them if that is not right.")],
    )


def _people(people: Sequence[Person]) -> str:
    return _named([person.slack_id for person in people])


def _named(slack_ids: Sequence[str]) -> str:
    return text.listed(map(mention, slack_ids)) if slack_ids else "nobody"
