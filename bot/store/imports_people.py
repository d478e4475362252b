"""Imports: who a register names as sponsor, manager and deputy, found among the people of the workspace."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, select

from bot.rules import cadence
from bot.rules.registers.cells import Person as Named
from bot.rules.registers.cells import normalised
from bot.rules.terms import Role
from bot.store import people, projects, schedules, workspaces
from bot.store.imports_found import Pair, Unplaced
from bot.store.projects import HELD
from bot.store.tables import Person, Project, ProjectRole, Schedule

CANNOT_ACT = "cannot act here: somebody who left, a guest, an app, or of another organisation"


class _People:
    """The people of the workspace by Slack id and by name; a name that two have finds neither."""

    def __init__(self, session: Session) -> None:
        self._session = session
        rows = session.exec(select(Person).where(people.ACTIVE)).all()
        self._by_slack_id = {person.slack_id: person for person in rows}
        self._by_name: dict[str, list[Person]] = {}
        for person in rows:
            self._by_name.setdefault(normalised(person.name), []).append(person)

    def find(self, named: Named) -> tuple[Person | None, str]:
        """The person, or why there is none."""
        if named.slack_id:
            known = self._by_slack_id.get(named.slack_id) or people.find_or_add(self._session, named.slack_id)
            return (known, "") if known.is_active else (None, CANNOT_ACT)
        found = self._by_name.get(normalised(named.name), []) if named.name else []
        if len(found) == 1:
            return found[0], ""
        return None, "is the name of several people here" if found else "is nobody the bot knows here"


def appoint(session: Session, pairs: Sequence[Pair], *, now: datetime) -> list[Unplaced]:
    """Give the roles a register names; who is not found leaves the role as it is, and is said.

    A project that is live and gets a manager is asked every Friday at 15:00 in the manager's zone, unless it has a
    cadence already; one that is not live any more is not asked.
    """
    known, held = _People(session), _held(session)
    appointed, unplaced = list[tuple[Pair, Role, Person]](), list[Unplaced]()
    for each, role, named in _named(pairs):
        person, why = known.find(named)
        if person is None:
            unplaced.append(Unplaced(each.entry.place, role.value, named.name or named.email, why))
        elif held.get((each.project.id, role)) != {person.id}:
            appointed.append((each, role, person))
    _give(session, [given for given in appointed if given[0].is_new])
    _replace(session, [given for given in appointed if not given[0].is_new])
    managed = [given for given in appointed if given[1] is Role.MANAGER]
    _ask(session, [given for given in managed if given[0].is_new], now)
    planned_anew = {each.project.id: each.project for each, _, _ in managed if not each.is_new}
    planned_anew |= {each.project.id: each.project for each in pairs if "state" in each.changes}
    for project in planned_anew.values():
        _plan_anew(session, project, now)
    return unplaced


def _held(session: Session) -> dict[tuple[int, Role], set[int]]:
    held: dict[tuple[int, Role], set[int]] = {}
    rows = session.exec(select(ProjectRole.project_id, ProjectRole.role, ProjectRole.person_id))
    for project_id, role, person_id in rows:
        held.setdefault((project_id, Role(role)), set()).add(person_id)
    return held


def _named(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Role, Named]]:
    for each in pairs:
        for role in HELD:
            named: Named | None = getattr(each.entry, role.value)
            if named is not None:
                yield each, role, named


def _give(session: Session, appointed: Sequence[tuple[Pair, Role, Person]]) -> None:
    rows = [{"project_id": each.project.id, "person_id": person.id, "role": role} for each, role, person in appointed]
    if rows:
        session.execute(insert(ProjectRole), rows)
    for each, role, person in appointed:
        each.changes[role.value] = ([], [person])


def _replace(session: Session, appointed: Sequence[tuple[Pair, Role, Person]]) -> None:
    for each, role, person in appointed:
        each.changes[role.value] = projects.appoint(session, each.project, role, [person])


def _ask(session: Session, managed: Sequence[tuple[Pair, Role, Person]], now: datetime) -> None:
    """Plan the check-ins of new projects: each zone's moment is found once."""
    rule, calendar = workspaces.default_cadence(session, now), workspaces.charter(session).calendar
    zones = {person.timezone for _, _, person in managed}
    due = {zone: cadence.next_due(rule, cadence.zone_or(zone, "UTC"), now, calendar) for zone in zones}
    rows = [
        {
            "project_id": each.project.id,
            "rrule": rule.rrule,
            "local_time": rule.at,
            "anchor": rule.anchor,
            "next_due_at": due[person.timezone],
        }
        for each, _, person in managed
        if each.project.state.is_live
    ]
    if rows:
        session.execute(insert(Schedule), rows)


def _plan_anew(session: Session, project: Project, now: datetime) -> None:
    schedule = schedules.of_project(session, project.id)
    if schedule is None and project.state.is_live and projects.manager(session, project.id):
        schedules.keep(session, workspaces.default_cadence(session, now), now=now, project_id=project.id)
    elif schedule is not None and project.state.is_live:
        schedules.plan(session, schedule, now)
    elif schedule is not None:
        schedules.pause(session, schedule)
