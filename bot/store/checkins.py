"""Check-ins: opened when they are due, once a project and period, and answered, missed or answered late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_
from sqlmodel import Session, col, or_, select

from bot.errors import NotHere, Refused
from bot.rules import cadence, checkins
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.checkins import ReportDraft
from bot.rules.terms import CheckinState, Role
from bot.store import audit, health, people, projects, reports, schedules, workspaces
from bot.store.projects import LIVE
from bot.store.reports import Period
from bot.store.tables import Checkin, Person, Project, Schedule, StatusReport
from bot.store.wall import inside

DAY = timedelta(days=1)
CHOICES = 100
"""So many projects a menu can offer."""


class Overtaken(Refused):
    """Somebody else reported on the same period since the form was opened."""

    def __init__(self, report: StatusReport) -> None:
        super().__init__(
            "Somebody else has reported on this period meanwhile. Open the form anew to see what was said."
        )
        self.report = report


@dataclass(frozen=True, slots=True)
class Opened:
    """A check-in that was opened, with what its prompt says and which ones it found unanswered.

    `asked` is None when nobody of the project is there; `may_answer` is False when it is a sponsor who is told. It is
    worth asking `until` the next is due; `zone` is the one its hour was chosen in. In a long silence the `passed`
    moments came and went.
    """

    checkin: Checkin
    project: Project
    asked: Person | None
    may_answer: bool
    last: StatusReport | None
    missed: Sequence[Checkin]
    zone: str
    until: datetime | None
    passed: tuple[datetime, ...]


def open_due(session: Session, now: datetime, *, limit: int) -> Sequence[Opened]:
    """Open the check-ins whose moment has come, some `limit` at a time; none when nothing more is due.

    Works across workspaces. Projects that are not live, or were reported on unasked, are passed over.
    """
    opened: list[Opened] = []
    while not opened and (claimed := schedules.claim_due(session, now, of="project", limit=limit)):
        for schedule in claimed:
            with inside(session, schedule.workspace_id):
                found = _open(session, schedule, now)
            if found is not None:
                opened.append(found)
    return opened


def _open(session: Session, schedule: Schedule, now: datetime) -> Opened | None:
    zone, calendar = schedules.zone_of(session, schedule), workspaces.charter(session).calendar
    rule = schedules.cadence_of(schedule)
    due = schedules.done(session, schedule, now)
    project = health.hold(session, schedule.project_id or 0)
    if not project.state.is_live:
        return None
    start, end = cadence.period_of(rule, due.moment, zone, calendar)
    missed = _miss(session, project, end, now)
    if find(session, project.id, end) is not None:
        return None
    asked = projects.manager(session, project.id)
    checkin = Checkin(
        project_id=project.id,
        person_id=asked.id if asked else None,
        period_start=start,
        period_end=end,
        due_at=due.moment,
    )
    session.add(checkin)
    session.flush()
    audit.record(session, checkin, what="opened", by=None, now=now)
    last = reports.find_last(session, project.id)
    may_answer = _may_answer(session, project, asked, now)
    return Opened(
        checkin, project, asked, may_answer, last, missed, zone.key, until=schedule.next_due_at, passed=due.passed
    )


def _miss(session: Session, project: Project, before: date, now: datetime) -> Sequence[Checkin]:
    """Note as missed what was asked about earlier periods and not answered; the project's health hears of it."""
    query = select(Checkin).where(
        Checkin.project_id == project.id,
        Checkin.state == CheckinState.REQUESTED,
        col(Checkin.period_end) < before,
    )
    missed = session.exec(query.order_by(col(Checkin.period_end))).all()
    for checkin in missed:
        changes = audit.change(checkin, state=checkins.move(checkin.state, CheckinState.MISSED))
        audit.record(session, checkin, what="missed", by=None, now=now, changes=changes)
    if missed:
        project.missed_runs += len(missed)
        health.recompute(session, project)
    return missed


def _may_answer(session: Session, project: Project, asked: Person | None, now: datetime) -> bool:
    """Whether who is asked may report; somebody whom Slack was not asked about yet was named for it."""
    actor = people.actor(session, asked.slack_id, now=now) if asked else None
    return asked is not None and (actor is None or actor.may(Act.SUBMIT_CHECKIN, project.id))


def current(session: Session, project: Project, *, now: datetime) -> Checkin:
    """The check-in to answer now: the newest while it is open or its period lasts, else the one that is to come.

    One that was not asked for yet is made here and kept by `answer`.
    """
    query = select(Checkin).where(Checkin.project_id == project.id).order_by(col(Checkin.period_end).desc()).limit(1)
    newest = session.exec(query).first()
    schedule = schedules.of_project(session, project.id)
    if schedule is None:
        zone = cadence.zone_or(workspaces.get(session).timezone, "UTC")
    else:
        zone = schedules.zone_of(session, schedule)
    today = now.astimezone(zone).date()
    if newest and (newest.state is CheckinState.REQUESTED or newest.period_end >= today):
        return newest
    if schedule is not None and schedule.next_due_at is not None:
        rule = schedules.cadence_of(schedule)
        start, end = cadence.period_of(rule, schedule.next_due_at, zone, workspaces.charter(session).calendar)
    else:
        start, end = newest.period_end + DAY if newest else today, today
    return Checkin(project_id=project.id, period_start=start, period_end=end, due_at=now)


def answer(
    session: Session,
    project: Project,
    draft: ReportDraft,
    *,
    period: Period,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    unchanged: bool = False,
) -> tuple[Checkin, StatusReport]:
    """Keep a report of a period, and its check-in as answered; a second one corrects the first.

    `seen` is the report that the form showed. Raises Overtaken when another person's has come since.
    """
    project = health.hold(session, project.id)
    stands = reports.find_of(session, project.id, period[1])
    if stands is not None and stands.id != seen and stands.author_id != by.person:
        raise Overtaken(stands)
    checkin = find(session, project.id, period[1]) or _unasked(project, period, by=by, now=now)
    if stands is None:
        report = reports.submit(session, project, draft, period=period, by=by, now=now, unchanged=unchanged)
    else:
        report = reports.correct(session, project, stands, draft, by=by, now=now)
    _answered(session, checkin, report, by=by, now=now)
    return checkin, report


def _unasked(project: Project, period: Period, *, by: Actor, now: datetime) -> Checkin:
    """The check-in of a report that nobody asked for: whoever gives it stands for who was asked."""
    start, end = period
    return Checkin(project_id=project.id, person_id=by.person, period_start=start, period_end=end, due_at=now)


def _answered(session: Session, checkin: Checkin, report: StatusReport, *, by: Actor, now: datetime) -> None:
    """Name the report; what was missed stays missed, for a late report is one of its own."""
    asked = checkin.state is CheckinState.REQUESTED
    changes = audit.change(
        checkin,
        state=checkins.move(checkin.state, CheckinState.SUBMITTED) if asked else checkin.state,
        report_id=report.id,
        answered_at=checkin.answered_at or now,
    )
    if changes:
        session.add(checkin)
        session.flush()
        audit.record(session, checkin, what="answered", by=by.person, now=now, changes=changes)


def find(session: Session, project_id: int, period_end: date) -> Checkin | None:
    """The check-in of a project's period, or None when nobody asked or told."""
    query = select(Checkin).where(Checkin.project_id == project_id, Checkin.period_end == period_end)
    return session.exec(query).one_or_none()


def get(session: Session, checkin_id: int) -> Checkin:
    """The check-in with this number; Refused when it is not there (any more) for whoever asks."""
    checkin = session.exec(select(Checkin).where(Checkin.id == checkin_id)).one_or_none()
    if checkin is None:
        raise NotHere("That check-in is not here any more. `/checkin` opens the one that is due.")
    return checkin


def list_of(session: Session, actor: Actor) -> Sequence[tuple[Project, Checkin | None]]:
    """The live projects somebody reports on, each with its open check-in: the one asked first at the top.

    They are those that the person manages or stands in for, and those that the person was asked about.
    """
    mine = [project for project, roles in actor.projects.items() if roles & {Role.MANAGER, Role.DEPUTY}]
    is_open = and_(col(Checkin.project_id) == Project.id, col(Checkin.state) == CheckinState.REQUESTED)
    query = (
        select(Project, Checkin)
        .outerjoin(Checkin, is_open)
        .where(col(Project.state).in_(LIVE), or_(col(Project.id).in_(mine), col(Checkin.person_id) == actor.person))
        .order_by(col(Checkin.due_at).nulls_last(), col(Project.key))
        .limit(CHOICES)
    )
    return [(project, checkin) for project, checkin in session.exec(query)]
