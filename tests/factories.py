"""Rows for tests: only what matters to a test has to be said."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from sqlmodel import select

from bot.rules.actors import Actor
from bot.rules.delivery import End
from bot.rules.terms import Role
from bot.store import Database, inside, people
from bot.store import roles as granted
from bot.store.tables import Person, Portfolio, Post, Project, ProjectRole, Schedule, Workspace

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NUMBERS = count(1)


def a_workspace(db: Database, **values: Any) -> Workspace:
    """A client with a name of its own; London, pounds."""
    number = next(NUMBERS)
    values = {"team_id": f"T{number:04}", "name": f"Client {number}", "bot_user_id": "UBOT", "bot_id": "BBOT"} | values
    with db.across_workspaces() as session:
        workspace = Workspace(created_at=NOW, **values)
        session.add(workspace)
    return workspace


def a_person(db: Database, workspace: Workspace, name: str = "Ana", *roles: Role, **values: Any) -> Person:
    """Somebody Slack was asked about, with roles in the workspace."""
    defaults: dict[str, Any] = {"slack_id": f"U{name.upper()}", "timezone": "Europe/London", "refreshed_at": NOW}
    with db.transaction(workspace.id) as session:
        person = Person(name=name, **(defaults | values))
        session.add(person)
        session.flush()
        for role in roles:
            granted.grant(session, person, role, by=None, now=NOW)
    return person


def a_portfolio(db: Database, workspace: Workspace, name: str = "Change") -> Portfolio:
    """An active portfolio."""
    with db.transaction(workspace.id) as session:
        portfolio = Portfolio(name=name, created_at=NOW)
        session.add(portfolio)
    return portfolio


def a_project(
    db: Database,
    workspace: Workspace,
    key: str = "APOLLO",
    *,
    manager: Person | None = None,
    sponsor: Person | None = None,
    deputy: Person | None = None,
    next_due_at: datetime | None = None,
    **values: Any,
) -> Project:
    """A live project that is asked on Fridays at 15:00 in its manager's zone."""
    values = {"name": key.title(), "currency": "GBP", "channel": f"C{key}"} | values
    held = {Role.MANAGER: manager, Role.SPONSOR: sponsor, Role.DEPUTY: deputy}
    with db.transaction(workspace.id) as session:
        project = Project(key=key, created_at=NOW, **values)
        session.add(project)
        session.flush()
        for role, person in held.items():
            if person is not None:
                session.add(ProjectRole(project_id=project.id, person_id=person.id, role=role))
        session.add(
            Schedule(
                project_id=project.id,
                rrule="FREQ=WEEKLY;BYDAY=FR",
                local_time=time(15),
                anchor=date(2026, 1, 2),
                next_due_at=next_due_at,
            )
        )
    return project


def an_actor(db: Database, person: Person, *, now: datetime = NOW) -> Actor:
    """The person as somebody who acts now."""
    with db.reading(person.workspace_id) as session:
        actor = people.actor(session, person.slack_id, now=now)
    assert actor is not None
    return actor


def posts(db: Database, workspace: Workspace | None = None) -> list[Post]:
    """All posts wanted, in the order they were first wanted."""
    with db.across_workspaces() as session:
        if workspace is None:
            return list(session.exec(select(Post).order_by(Post.id)))  # type: ignore[arg-type]
        with inside(session, workspace.id):
            return list(session.exec(select(Post).order_by(Post.id)))  # type: ignore[arg-type]


def said(post: Post, channel: str, ts: str = "1") -> None:
    """Have it that Slack shows a post."""
    post.channel, post.ts, post.delivered_version, post.due_at = channel, ts, post.version, None
    post.ended, post.ended_at, post.delivered_at = End.SAID, NOW, NOW


def given_up(post: Post, why: str = "is_archived") -> None:
    """Have it that Slack will not take a post."""
    post.due_at, post.ended, post.ended_at, post.trouble = None, End.GIVEN_UP, NOW, why
