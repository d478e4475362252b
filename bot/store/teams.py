"""Teams: who has which part in a project."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.rules.teams import Team
from bot.rules.terms import Role
from bot.store import audit, people, posts, projects, schedules
from bot.store.tables import Person, Project

Changes = Mapping[Role, tuple[Sequence[Person], Sequence[Person]]]
"""Who had a part, and who has it now."""


def of(session: Session, project_id: int) -> Team:
    """Who has each part in a project, by their ids in Slack."""
    held = projects.holders(session, project_id)
    return {role: [person.slack_id for person in some] for role, some in held.items()}


def change(
    session: Session, project: Project, parts: Mapping[Role, Sequence[str]], *, by: int, now: datetime
) -> Changes:
    """Give each of these parts to these people and to nobody else, and say who had it before.

    The check-ins follow the manager's zone; what tells of a confidential project is taken from who left it.
    """
    changes = {
        role: projects.appoint(session, project, role, [people.find_or_add(session, each) for each in slack_ids])
        for role, slack_ids in parts.items()
    }
    schedule = schedules.of_project(session, project.id)
    if Role.MANAGER in changes and schedule is not None and project.state.is_live:
        schedules.plan(session, schedule, now)
    if project.confidential:
        posts.withdraw_from_others(session, project, now=now)
    told = {role.value: change for role, change in changes.items()}
    audit.record(session, project, what="edited", by=by, now=now, changes=told)
    return changes
