"""Projects: finding them, adding and changing them, and who has which role in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import func, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from bot.errors import NotHere, Refused
from bot.rules import cadence
from bot.rules.audit import numbers
from bot.rules.projects import ProjectDraft
from bot.rules.teams import PARTS
from bot.rules.terms import EscalationState, ProjectState, Role
from bot.store import audit, people, posts, schedules, workspaces
from bot.store.tables import Escalation, Person, Portfolio, Project, ProjectRole, Standing, StatusReport
from bot.store.wall import beyond

LIVE = [state for state in ProjectState if state.is_live]
OVER = [ProjectState.CLOSED, ProjectState.POST_REVIEWED, ProjectState.CANCELLED]
HELD: Final = (Role.MANAGER, Role.SPONSOR, Role.DEPUTY)
"""The roles that a project's form names one person for."""


def find(session: Session, key: str) -> Project | None:
    """The project with this key, in whatever case it was typed, or None."""
    return session.exec(select(Project).where(Project.key == key.strip().upper())).one_or_none()


def get(session: Session, key: str, *, field: str | None = None) -> Project:
    """The project with this key; Refused, at the field it was typed in, when there is none."""
    project = find(session, key)
    if project is None:
        raise NotHere("There is no project with that key. `/pmo portfolio` lists them.", field)
    return project


def get_by_id(session: Session, project_id: int) -> Project:
    """The project with this number; Refused when it is not there (any more) for whoever asks."""
    project = session.exec(select(Project).where(Project.id == project_id)).one_or_none()
    if project is None:
        raise NotHere("That project is not here any more. `/pmo portfolio` lists those that are.")
    return project


def get_to_change(session: Session, project_id: int) -> Project:
    """The same, held until the transaction ends, so that of two who change it at once the second sees the first."""
    get_by_id(session, project_id)
    return session.exec(select(Project).where(Project.id == project_id).with_for_update()).one()


def keys(session: Session) -> frozenset[str]:
    """Every key in use, those of projects that are over, or hidden from whoever asks, included: none can be given."""
    with beyond(session):
        return frozenset(session.exec(select(Project.key)).all())


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


def list_confidential(session: Session, typed: str = "", *, limit: int = 50) -> Sequence[tuple[int, str, str]]:
    """Number, key and name of the confidential projects whose key or name holds what was typed, by key."""
    like = f"%{_literal(typed.strip().lower())}%"
    named = func.lower(col(Project.key)).like(like, escape="\\") | func.lower(col(Project.name)).like(like, escape="\\")
    query = select(Project.id, Project.key, Project.name).where(col(Project.confidential), named)
    return session.exec(query.order_by(col(Project.key)).limit(limit)).all()


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
            if person.is_active:
                return person
    return None


def appoint(
    session: Session, project: Project, role: Role, people: Collection[Person]
) -> tuple[list[Person], list[Person]]:
    """Give a role to these people and to nobody else; who had it and who has it, by name, for the audit."""
    before = holders(session, project.id).get(role, [])
    session.exec(delete(ProjectRole).where(col(ProjectRole.project_id) == project.id, col(ProjectRole.role) == role))
    for person in people:
        session.add(
            ProjectRole(workspace_id=project.workspace_id, project_id=project.id, person_id=person.id, role=role)
        )
    session.flush()
    return before, sorted(people, key=lambda person: person.name)


def next_ref(session: Session, project: Project, letter: str) -> str:
    """The next reference of a kind (`APOLLO-R12`): counted up in the database, so that no two are alike."""
    column = {"R": col(Project.risks_raised), "E": col(Project.escalations_raised)}[letter]
    number = session.execute(
        update(Project).where(col(Project.id) == project.id).values({column: column + 1}).returning(column)
    ).scalar_one()
    return f"{project.key}-{letter}{number}"


def add(session: Session, draft: ProjectDraft, *, portfolio: Portfolio | None, by: int, now: datetime) -> Project:
    """Set up a project: its row, who has which role, and its cadence in the zone of its manager.

    Refused, at the key, when somebody else has just taken it.
    """
    project = Project(key=draft.key, currency=workspaces.get(session).currency, created_at=now, **_values(draft))
    project.portfolio_id = portfolio.id if portfolio else None
    try:
        with session.begin_nested():
            session.add(project)
    except IntegrityError:
        raise Refused("This key is taken: choose another.", "key") from None
    told: dict[str, Any] = {"key": draft.key, **_values(draft), "portfolio": portfolio.name if portfolio else None}
    for role in HELD:
        _, told[role.value] = _name_to(session, project, role, _named(draft, role))
    schedules.keep(session, draft.cadence, now=now, project_id=project.id)
    told["cadence"] = cadence.in_words(draft.cadence)
    audit.record(session, project, what="added", by=by, now=now, changes=audit.new(told))
    return project


def edit(
    session: Session,
    project: Project,
    draft: ProjectDraft,
    *,
    portfolio: Portfolio | None,
    by: int,
    now: datetime,
) -> dict[str, tuple[Any, Any]]:
    """Make the project what the draft says, and say what that changed; its schedule rests while it is not live."""
    was = draft_of(session, project)
    changes = audit.change(project, **_values(draft))
    changes |= _moved_to(session, project, portfolio)
    for role in HELD:
        if _named(was, role) != _named(draft, role):
            changes[role.value] = _name_to(session, project, role, _named(draft, role))
    if was.cadence != draft.cadence:
        changes["cadence"] = (cadence.in_words(was.cadence), cadence.in_words(draft.cadence))
    if changes:
        project.closed_at = (project.closed_at or now) if project.state in OVER else None
        _reschedule(session, project, draft, changes, now)
        if project.confidential:
            posts.withdraw_from_others(session, project, now=now)
        audit.record(session, project, what="edited", by=by, now=now, changes=changes)
    return changes


def hide(session: Session, project: Project, *, hidden: bool, by: int, now: datetime) -> dict[str, tuple[Any, Any]]:
    """Make a project confidential, or open to all again; what tells of it where it may not be read any more is gone."""
    changes = audit.change(project, confidential=hidden)
    if changes:
        session.flush()
        audit.record(session, project, what="edited", by=by, now=now, changes=changes)
    if hidden:
        posts.withdraw_from_others(session, project, now=now)
    return changes


def draft_of(session: Session, project: Project) -> ProjectDraft:
    """The project as its form states it."""
    held = holders(session, project.id)
    first = {role: people[0].slack_id for role, people in held.items()}
    schedule = schedules.of_project(session, project.id)
    return ProjectDraft(
        name=project.name,
        key=project.key,
        portfolio=str(project.portfolio_id) if project.portfolio_id else None,
        manager=first.get(Role.MANAGER, ""),
        sponsor=first.get(Role.SPONSOR),
        deputy=first.get(Role.DEPUTY),
        channel=project.channel,
        cadence=schedules.cadence_of(schedule) if schedule else cadence.weekly(4, time(15), project.created_at.date()),
        start=project.start_baseline,
        finish=project.finish_baseline,
        budget=project.budget_baseline,
        state=project.state,
        confidential=project.confidential,
    )


def held_from(session: Session, project: Project) -> ProjectState | None:
    """The state that a project on hold was in before, by its audit trail; None when it says nothing of it."""
    for entry in reversed(audit.list_of(session, project)):
        before, after = entry.changes.get("state", (None, None))
        if after == ProjectState.ON_HOLD:
            return ProjectState(before)
    return None


def edits_since(session: Session, project: Project, entry: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Who edited what after that entry of the audit trail, oldest first: a name, and old and new by field."""
    entries = [each for each in audit.list_of(session, project, after=entry) if each.what == "edited"]
    return [
        (people.get(session, each.person_id).name, _with_people(session, each.changes))
        for each in entries
        if each.person_id
    ]


def _with_people(session: Session, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The changes of an entry, with those who had and have a role in the place of their numbers."""
    told = [role.value for role in PARTS if role.value in changes]
    wanted = {number for name in told for value in changes[name] for number in numbers(value)}
    known = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(wanted)))}
    return {
        **changes,
        **{name: [[known[number] for number in numbers(value)] for value in changes[name]] for name in told},
    }


def standing(session: Session, project: Project) -> Standing:
    """The project with all that its card shows, in five queries."""
    named = select(Portfolio.name).where(Portfolio.id == project.portfolio_id)
    newest = (
        select(StatusReport, Person)
        .outerjoin(Person, col(Person.id) == StatusReport.author_id)
        .where(StatusReport.id == project.report_id)
    )
    report, author = session.exec(newest).one_or_none() or (None, None)
    open_states = [state for state in EscalationState if state.is_open]
    asked = select(func.count()).where(Escalation.project_id == project.id, col(Escalation.state).in_(open_states))
    return Standing(
        project=project,
        portfolio=session.exec(named).one_or_none(),
        held=holders(session, project.id),
        schedule=schedules.of_project(session, project.id),
        report=report,
        author=author,
        open_escalations=session.exec(asked).one(),
        charter=workspaces.charter(session),
    )


def _values(draft: ProjectDraft) -> dict[str, Any]:
    """What a draft puts in the project's own row, key and portfolio aside."""
    return {
        "name": draft.name,
        "channel": draft.channel,
        "start_baseline": draft.start,
        "finish_baseline": draft.finish,
        "budget_baseline": draft.budget,
        "state": draft.state,
        "confidential": draft.confidential,
    }


def _named(draft: ProjectDraft, role: Role) -> str | None:
    return {Role.MANAGER: draft.manager, Role.SPONSOR: draft.sponsor, Role.DEPUTY: draft.deputy}[role] or None


def _name_to(session: Session, project: Project, role: Role, slack_id: str | None) -> tuple[list[Person], list[Person]]:
    """Give a role to one person or to nobody; who had it and who has it."""
    return appoint(session, project, role, [people.find_or_add(session, slack_id)] if slack_id else [])


def _moved_to(session: Session, project: Project, portfolio: Portfolio | None) -> dict[str, tuple[Any, Any]]:
    """Put the project in a portfolio; the names before and after, {} when it was there already."""
    number = portfolio.id if portfolio else None
    if project.portfolio_id == number:
        return {}
    before = session.exec(select(Portfolio.name).where(Portfolio.id == project.portfolio_id)).one_or_none()
    project.portfolio_id = number
    return {"portfolio": (before, portfolio.name if portfolio else None)}


def _reschedule(
    session: Session, project: Project, draft: ProjectDraft, changes: Mapping[str, Any], now: datetime
) -> None:
    """Plan the check-ins anew where what they hang on changed: the cadence, whose zone it is kept in, the state."""
    schedule = schedules.of_project(session, project.id)
    if schedule is None or "cadence" in changes:
        zone = schedule.timezone if schedule else None
        schedule = schedules.keep(session, draft.cadence, now=now, project_id=project.id, timezone=zone)
    elif not changes.keys().isdisjoint({"state", Role.MANAGER.value}):
        schedules.plan(session, schedule, now)
    if not project.state.is_live:
        schedules.pause(session, schedule)
