"""Projects: finding them, and who has which role in them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select, update

from bot.errors import Refused
from bot.rules.terms import ProjectState, Role
from bot.store.tables import Person, Project, ProjectRole

LIVE = [state for state in ProjectState if state.is_live]
OVER = [ProjectState.CLOSED, ProjectState.POST_REVIEWED, ProjectState.CANCELLED]


def find(session: Session, key: str) -> Project | None:
    """The project with this key, in whatever case it was typed, or None."""
    return session.exec(select(Project).where(Project.key == key.strip().upper())).one_or_none()


def get(session: Session, key: str, *, field: str | None = None) -> Project:
    """The project with this key; Refused, at the field it was typed in, when there is none."""
    project = find(session, key)
    if project is None:
        raise Refused("There is no project with that key. `/pmo portfolio` lists them.", field)
    return project


def get_by_id(session: Session, project_id: int) -> Project:
    """The project with this number; Refused when it is not there (any more) for whoever asks."""
    project = session.exec(select(Project).where(Project.id == project_id)).one_or_none()
    if project is None:
        raise Refused("That project is not here any more. `/pmo portfolio` lists those that are.")
    return project


def find_by_channel(session: Session, channel: str) -> Project | None:
    """The one project that lives in a channel, or None when none or several do."""
    found = session.exec(
        select(Project).where(Project.channel == channel, ~col(Project.state).in_(OVER)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def search(
    session: Session, typed: str, *, among: Collection[int] | None = None, limit: int = 50
) -> Sequence[tuple[int, str, str]]:
    """Number, key and name of projects whose key or name holds what was typed, those beginning with it first.

    `among` keeps to these projects; projects that are over are left out.
    """
    like = f"%{_literal(typed.strip().lower())}%"
    query = (
        select(Project.id, Project.key, Project.name)
        .where(
            or_(
                func.lower(col(Project.key)).like(like, escape="\\"),
                func.lower(col(Project.name)).like(like, escape="\\"),
            ),
            ~col(Project.state).in_(OVER),
        )
        .order_by(~func.lower(col(Project.key)).like(like[1:], escape="\\"), col(Project.key))
        .limit(limit)
    )
    if among is not None:
        query = query.where(col(Project.id).in_(among))
    return session.exec(query).all()


def _literal(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def holders(session: Session, project_id: int) -> dict[Role, list[Person]]:
    """Who has which role in a project, by name."""
    query = (
        select(ProjectRole.role, Person)
        .join(Person, col(Person.id) == ProjectRole.person_id)
        .where(ProjectRole.project_id == project_id)
        .order_by(Person.name)
    )
    held: dict[Role, list[Person]] = {}
    for role, person in session.exec(query):
        held.setdefault(Role(role), []).append(person)
    return held


def manager(session: Session, project_id: int) -> Person | None:
    """Who is asked for the project's check-ins: its manager while active, else the deputy, else the sponsor."""
    held = holders(session, project_id)
    for role in (Role.MANAGER, Role.DEPUTY, Role.SPONSOR):
        for person in held.get(role, []):
            if person.deactivated_at is None:
                return person
    return None


def appoint(session: Session, project: Project, role: Role, people: Collection[Person]) -> tuple[list[str], list[str]]:
    """Give a role to these people and to nobody else; the names before and after, for the audit."""
    before = [person.name for person in holders(session, project.id).get(role, [])]
    session.exec(delete(ProjectRole).where(col(ProjectRole.project_id) == project.id, col(ProjectRole.role) == role))
    for person in people:
        session.add(
            ProjectRole(workspace_id=project.workspace_id, project_id=project.id, person_id=person.id, role=role)
        )
    session.flush()
    return before, sorted(person.name for person in people)


def next_ref(session: Session, project: Project, letter: str) -> str:
    """The next reference of a kind (`APOLLO-R12`): counted up in the database, so that no two are alike."""
    column = {"R": col(Project.risks_raised), "E": col(Project.escalations_raised)}[letter]
    number = session.execute(
        update(Project).where(col(Project.id) == project.id).values({column: column + 1}).returning(column)
    ).scalar_one()
    return f"{project.key}-{letter}{number}"
