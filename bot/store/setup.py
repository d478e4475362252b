"""Setting up: the steps that were taken, and what a workspace agrees on, each change with its entry in the trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import Refused
from bot.rules import setup
from bot.rules.setup import Figures, LastChange, Step, Taken
from bot.rules.terms import CheckinState, Service, WorkspaceState
from bot.store import audit, health, posts, schedules, workspaces
from bot.store.projects import LIVE, OVER
from bot.store.tables import (
    AuditEntry,
    Checkin,
    Edition,
    Escalation,
    Person,
    Project,
    Risk,
    SetupStep,
    Workspace,
)
from bot.store.wall import beyond

OF_HEALTH: Final = frozenset({"tolerances", "services_off"})
"""What the health of projects goes by."""
OF_SCHEDULES: Final = frozenset({"timezone", "country", "closed_days"})
"""What due moments go by."""
CHANGED_SINCE: Final = "This was changed again since, so I left it. `/pmo settings` shows how it stands."


# --- the checklist -------------------------------------------------------------------------------------------


def list_taken(session: Session) -> Sequence[Taken]:
    """The steps that were taken or skipped, each with who did so the last time."""
    query = select(SetupStep, Person.slack_id).outerjoin(Person, col(Person.id) == SetupStep.person_id)
    return [Taken(Step(row.step), row.skipped, by, row.at) for row, by in session.exec(query)]


def has_begun(session: Session) -> bool:
    """Whether anybody has taken a step, or added a project: then nobody has to be told how to begin."""
    if session.exec(select(SetupStep.id).limit(1)).first() is not None:
        return True
    with beyond(session):
        return session.exec(select(Project.id).limit(1)).first() is not None


def take(session: Session, step: Step, *, by: int, now: datetime, skipped: bool = False) -> None:
    """Note that a step is taken, or that it is skipped, and have the workspace's phase follow."""
    before = list_taken(session)
    row = session.exec(select(SetupStep).where(SetupStep.step == step)).one_or_none() or SetupStep(step=step, at=now)
    row.skipped, row.person_id, row.at = skipped, by, now
    session.add(row)
    session.flush()
    workspace = workspaces.get(session)
    begins = setup.begins(workspace.state, before, has_live_projects=count_live(session) > 0)
    if begins or workspace.state in set(setup.PHASES) - {WorkspaceState.OPERATING}:
        _move(session, workspace, setup.phase(list_taken(session)), by=by, now=now)


def go_live(session: Session, *, by: int, now: datetime) -> None:
    """Everybody is asked and told on time from now on; what fell due while nobody was asked is passed over."""
    take(session, Step.GO_LIVE, by=by, now=now)
    _move(session, workspaces.get(session), WorkspaceState.OPERATING, by=by, now=now)
    schedules.replan(session, now, only_past=True)


def go_back(session: Session, *, by: int, now: datetime) -> None:
    """Only pilot projects are asked again; Refused where nobody has gone live by the checklist."""
    live = session.exec(select(SetupStep).where(SetupStep.step == Step.GO_LIVE)).one_or_none()
    workspace = workspaces.get(session)
    if live is None or workspace.state is not WorkspaceState.OPERATING:
        raise Refused(setup.NOT_LIVE)
    session.delete(live)
    session.flush()
    _move(session, workspace, setup.phase(list_taken(session)), by=by, now=now)


def set_pilots(session: Session, numbers: Sequence[int], *, by: int, now: datetime) -> Sequence[Project]:
    """Make these projects the pilots and no others: until the workspace goes live, they alone are asked."""
    wanted = set(numbers)
    pilots = session.exec(select(Project).where(col(Project.is_pilot) | col(Project.id).in_(wanted))).all()
    for project in pilots:
        changes = audit.change(project, is_pilot=project.id in wanted)
        if changes:
            audit.record(session, project, what="edited", by=by, now=now, changes=changes)
    session.flush()
    schedules.replan(session, now, only_past=True)
    return [project for project in pilots if project.is_pilot]


def list_pilots(session: Session) -> Sequence[Project]:
    """The pilot projects, by key."""
    return session.exec(select(Project).where(col(Project.is_pilot)).order_by(Project.key)).all()


def list_projects(session: Session, *, limit: int) -> Sequence[Project]:
    """Projects that can be pilots, by key."""
    return session.exec(select(Project).where(~col(Project.state).in_(OVER)).order_by(Project.key).limit(limit)).all()


def count_live(session: Session) -> int:
    """How many projects are asked for check-ins once the workspace is live."""
    with beyond(session):
        return session.exec(select(func.count()).select_from(Project).where(col(Project.state).in_(LIVE))).one()


def review(session: Session, note: str | None, *, by: int, now: datetime) -> None:
    """Keep that somebody looked at what the services came to, and what they wrote of it."""
    audit.record(session, workspaces.get(session), what="reviewed", by=by, now=now, why=note)
    take(session, Step.REVIEW, by=by, now=now)


def figures(session: Session, *, now: datetime, days: int) -> Figures:
    """What the services came to in the last so many days, in the projects that whoever asks may see."""
    since = now - timedelta(days=days)

    def count(row: type[Any], *where: Any) -> int:
        return session.exec(select(func.count()).select_from(row).where(*where)).one()

    due = col(Checkin.due_at) > since
    return Figures(
        days=days,
        asked=count(Checkin, due),
        answered=count(Checkin, due, Checkin.state == CheckinState.SUBMITTED),
        missed=count(Checkin, due, Checkin.state == CheckinState.MISSED),
        risks=count(Risk, col(Risk.raised_at) > since),
        risks_closed=count(Risk, col(Risk.closed_at) > since),
        escalations=count(Escalation, col(Escalation.raised_at) > since),
        decided=count(Escalation, col(Escalation.decided_at) > since),
        editions=count(Edition, col(Edition.published_at) > since),
    )


# --- settings ------------------------------------------------------------------------------------------------


def change(session: Session, *, by: int, now: datetime, what: str = "settings", **values: Any) -> int | None:
    """Agree on something else: the number of the entry that notes it, None when nothing differs.

    Health, due moments and the prompts that wait follow in the same transaction.
    """
    workspace = workspaces.get(session)
    was_off = set(workspace.services_off)
    changes = audit.change(workspace, **values)
    if not changes:
        return None
    session.flush()
    audit.record(session, workspace, what=what, by=by, now=now, changes=changes)
    workspaces.agreed(session, workspace)
    if not OF_HEALTH.isdisjoint(changes):
        health.recompute_all(session)
    if not OF_SCHEDULES.isdisjoint(changes):
        schedules.replan(session, now)
    if "services_off" in changes:
        _switch(session, was_off, set(workspace.services_off), now)
    return _entries(session, workspace)[-1].id


def undo(session: Session, entry: int, *, by: int, now: datetime) -> Mapping[str, tuple[Any, Any]]:
    """Take a change of settings back; Refused when one of them was changed again since. What it changed, undone."""
    workspace = workspaces.get(session)
    found = [each for each in _entries(session, workspace) if each.id == entry]
    changes = found[0].changes if found else {}
    if not changes or any(_kept(getattr(workspace, name, None)) != new for name, (_, new) in changes.items()):
        raise Refused(CHANGED_SINCE)
    back = {name: _read(name, old) for name, (old, _) in changes.items()}
    change(session, by=by, now=now, what="settings undone", **back)
    return {name: (new, old) for name, (old, new) in changes.items()}


def _kept(value: Any) -> Any:
    """A setting as the trail has it."""
    return value.isoformat() if isinstance(value, time) else value


def _read(name: str, kept: Any) -> Any:
    """A setting from how the trail has it."""
    return time.fromisoformat(kept) if name in setup.QUIET else kept


def sponsor(session: Session) -> str | None:
    """The Slack id of the PMO's own sponsor, or None."""
    mine = select(Workspace.sponsor_id).where(Workspace.id == session.info["workspace"])
    return session.exec(select(Person.slack_id).where(Person.id == session.exec(mine).one())).first()


def last_changes(session: Session) -> Mapping[str, LastChange]:
    """Who changed each setting last, by the setting's name."""
    workspace = workspaces.get(session)
    entries = _entries(session, workspace)
    people = {entry.person_id for entry in entries}
    named = dict(session.exec(select(Person.id, Person.slack_id).where(col(Person.id).in_(people))).all())
    return {
        name: LastChange(entry.id, named.get(entry.person_id or 0), entry.at)
        for entry in entries
        for name in entry.changes
    }


def _entries(session: Session, workspace: Workspace) -> Sequence[AuditEntry]:
    return audit.list_of(session, workspace)


def _move(session: Session, workspace: Workspace, state: WorkspaceState, *, by: int, now: datetime) -> None:
    changes = audit.change(workspace, state=state)
    if changes:
        session.flush()
        audit.record(session, workspace, what="phase", by=by, now=now, changes=changes)
        workspaces.agreed(session, workspace)


def _switch(session: Session, was_off: set[str], off: set[str], now: datetime) -> None:
    """Prompts that nobody can answer go; where a service comes back, so do they, and nothing is asked late."""
    if Service.CHECKINS in was_off ^ off:
        with beyond(session):
            asked = session.exec(select(Checkin).where(Checkin.state == CheckinState.REQUESTED)).all()
        turn = posts.withdraw if Service.CHECKINS in off else posts.restore
        for checkin in asked:
            turn(session, checkin.prompt_key, now=now)
    if was_off - off:
        schedules.replan(session, now, only_past=True)
