"""Check-ins: a status report is a form, then a receipt, and a card in the project's channel."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import forms, introductions
from bot.handlers.calls import Nudge, Tell
from bot.handlers.routing import action, command, of, shortcut, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.delivery import Priority
from bot.rules.terms import CheckinState, Service
from bot.store import Database, Session
from bot.store.checkins import Overtaken
from bot.store.tables import Checkin, Project, StatusReport, Version
from bot.views.blocks import View
from bot.views.checkins import EDIT, OPEN, UNCHANGED
from bot.views.checkins_forms import FORM, OVERALL, PATH

Period = tuple[date, date]

ANSWERED: Final = "This check-in is answered already. *Edit* on its receipt corrects what was said."
TOO_LATE: Final = "The next check-in has opened since, so something may have changed: use *Report late*."
OWED: Final = "Amber and red want a path to green: say why, what is done, who does it and by when."
CHANGED_SINCE: Final = frozenset({"hash_conflict", "not_found"})
"""What Slack says when a form was changed or closed while its new look was on the way; it stays as it is then."""


def ask(
    ack: Ack, tell: Tell, client: WebClient, trigger: str, text: str, actor: Actor, db: Database, now: datetime
) -> None:
    """`/checkin`, with a key or alone, or its shortcut: open the form that is meant, or say what there is to choose."""
    with db.reading(actor) as session:
        found = [] if text else store.checkins.list_of(session, actor)
        project = store.projects.get(session, text) if text else _only(found)
        form = project and _current(session, project, actor, now)
    if form:
        client.views_open(trigger_id=trigger, view=form)
        ack()
    else:
        tell(views.checkins.choice(found) if found else views.checkins.nothing())


def open_form(
    ack: Ack,
    client: WebClient,
    trigger: str,
    view: Mapping[str, Any],
    number: int,
    actor: Actor,
    db: Database,
    now: datetime,
) -> None:
    """*Check in* was pressed or a project chosen: open the form of the project's present period."""
    with db.reading(actor) as session:
        form = _current(session, store.projects.get_by_id(session, number), actor, now)
    _show(ack, client, trigger, view, form)


def edit(
    ack: Ack, client: WebClient, trigger: str, view: Mapping[str, Any], number: int, actor: Actor, db: Database
) -> None:
    """*Edit* or *Report late* was pressed: open the form of that check-in, with what was said of its period."""
    with db.reading(actor) as session:
        checkin = store.checkins.get(session, number)
        form = _form(session, store.projects.get_by_id(session, checkin.project_id), _period(checkin), actor)
    _show(ack, client, trigger, view, form)


def reshape(ack: Ack, client: WebClient, view: Mapping[str, Any], actor: Actor, db: Database) -> None:
    """The overall rating changed: ask for a path to green, or no more; what was typed stays."""
    with db.reading(actor) as session:
        form = _again(session, view, actor)
    ack()
    _replace(client, view, form)


def submit(
    ack: Ack,
    view: Mapping[str, Any],
    client: WebClient,
    key: str,
    actor: Actor,
    db: Database,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form was sent: keep the report, make the prompt its receipt, and have the project's channel told.

    A form that had no time to ask for the path to green asks for it now; so does one that another person's report
    has overtaken show that, and both keep what was typed.
    """
    ids, period, values = forms.metadata(view), _period_of(view), forms.read(view)
    owed, seen = rules.checkins.needs_path(values), ids.find_number("seen")
    with db.reading(actor) as session:
        stands = store.reports.find_of(session, ids.number("project"), period[1])
        unasked = owed and not {*PATH} <= {*forms.inputs(view)}
        form = _again(session, view, actor, note=OWED) if unasked else None
    if form:
        ack(response_action="update", view=form)
        return
    said = {name: value for name, value in values.items() if owed or name not in PATH}
    draft = rules.checkins.draft(said, _today(actor, now, stands))
    introductions.meet(client, db, actor.workspace, [("action_owner", draft.action_owner)], now=now)
    try:
        with db.transaction(actor, once=key, now=now) as session:
            project = store.projects.get_by_id(session, ids.number("project"))
            actor.must(Act.SUBMIT_CHECKIN, project.id)
            kept = store.checkins.answer(session, project, draft, period=period, by=actor, now=now, seen=seen)
            _have_told(session, project, *kept, actor=actor, now=now)
    except Overtaken as overtaken:
        with db.reading(actor) as session:
            form = _again(session, view, actor, other=overtaken.report)
        ack(response_action="update", view=form)
        return
    ack()
    nudge()


def unchanged(ack: Ack, number: int, key: str, actor: Actor, db: Database, now: datetime, nudge: Nudge) -> None:
    """*No change* was pressed: the last report is said again, with today's date."""
    with db.transaction(actor, once=key, now=now) as session:
        checkin = store.checkins.get(session, number)
        actor.must(Act.SUBMIT_CHECKIN, checkin.project_id)
        if checkin.state is not CheckinState.REQUESTED:
            raise Refused(ANSWERED if checkin.report_id else TOO_LATE)
        project = store.projects.get_by_id(session, checkin.project_id)
        last = store.reports.find_last(session, project.id)
        said = store.reports.draft_of(last) if last else None
        draft = rules.checkins.unchanged(said, actor.today(now))
        kept = store.checkins.answer(
            session, project, draft, period=_period(checkin), by=actor, now=now, unchanged=True
        )
        _have_told(session, project, *kept, actor=actor, now=now)
    ack()
    nudge()


def _only(found: Any) -> Project | None:
    """The one project that is due, or the only one there is."""
    due = [project for project, checkin in found if checkin]
    projects = due or [project for project, _ in found]
    return projects[0] if len(projects) == 1 else None


def _current(session: Session, project: Project, actor: Actor, now: datetime) -> View:
    """The form of a project's present period; only what is live is reported on."""
    actor.must(Act.SUBMIT_CHECKIN, project.id)
    if not project.state.is_live:
        state = project.state.value.replace("_", " ")
        raise Refused(f"{project.key} is {state}: only projects that are being worked on are reported on.")
    return _form(session, project, _period(store.checkins.current(session, project, now=now)), actor)


def _form(session: Session, project: Project, period: Period, actor: Actor) -> View:
    """The form of a period, filled in with what was reported of it, else with the last report before."""
    actor.must(Act.SUBMIT_CHECKIN, project.id)
    last = store.reports.find_last(session, project.id, until=period[1])
    again = last is not None and last.period_end == period[1]
    return views.checkins_forms.form(
        project,
        period,
        views.checkins_forms.prefilled(project, last, again=again),
        zone=actor.zone,
        stands=_version(session, last) if last and again else None,
        planned=(last.next_steps or "") if last and not again else "",
    )


def _again(
    session: Session, view: Mapping[str, Any], actor: Actor, *, note: str = "", other: StatusReport | None = None
) -> View:
    """The form in front of the person with what was typed, shaped by it; `other` is a report that has come since."""
    ids, (start, end) = forms.metadata(view), _period_of(view)
    project = store.projects.get_by_id(session, ids.number("project"))
    actor.must(Act.SUBMIT_CHECKIN, project.id)
    last = store.reports.find_last(session, project.id, until=end)
    seen = other or (last if last and last.id == ids.find_number("seen") else None)
    stands = _version(session, seen) if seen else None
    return views.checkins_forms.form(
        project,
        (start, end),
        forms.read(view),
        zone=actor.zone,
        stands=stands,
        planned=(last.next_steps or "") if last and last.period_end < end else "",
        note=views.checkins_forms.overtaken(stands, actor.zone) if other and stands else note,
    )


def _show(ack: Ack, client: WebClient, trigger: str, view: Mapping[str, Any], form: View) -> None:
    """Open a form; where a window is open already, it takes its place."""
    ack()
    if view.get("type") == "modal":
        _replace(client, view, form)
    else:
        client.views_open(trigger_id=trigger, view=form)


def _replace(client: WebClient, view: Mapping[str, Any], form: View) -> None:
    """Put a form in the place of a window, unless that is another one by now."""
    try:
        client.views_update(view_id=view["id"], hash=view["hash"], view=form)
    except SlackApiError as refused:
        if refused.response["error"] not in CHANGED_SINCE:
            raise


def _have_told(
    session: Session, project: Project, checkin: Checkin, report: StatusReport, *, actor: Actor, now: datetime
) -> None:
    """Want the receipt seen where the question stood, and by who answered, and the card in the project's channel."""
    versions = store.reports.versions(session, report)
    late = checkin.state is CheckinState.MISSED
    receipt = views.checkins.receipt(
        checkin,
        project,
        versions,
        zone=actor.zone,
        late=late,
        next_edition=store.reports.next_edition_at(session, project),
    )
    asked = store.posts.find(session, checkin.prompt_key)
    store.posts.put(
        session,
        checkin.prompt_key,
        to=actor.slack_id,
        message=receipt,
        now=now,
        about=project,
        priority=Priority.URGENT,
        any_hour=True,
    )
    if asked is not None and asked.to != actor.slack_id:
        store.posts.put(
            session, checkin.receipt_key(actor.slack_id), to=actor.slack_id, message=receipt, now=now, about=project
        )
    if project.channel:
        card = views.reports.card(project, versions, zone=actor.zone, late=late)
        store.posts.put(session, report.card_key, to=project.channel, message=card, now=now, about=project)


def _today(actor: Actor, now: datetime, stands: StatusReport | None) -> date:
    """The day from which the date of a path may be; a correction may keep what was in time when it was reported."""
    return actor.today(min(now, stands.reported_at) if stands else now)


def _version(session: Session, report: StatusReport) -> Version:
    return next(each for each in store.reports.versions(session, report) if each.report.id == report.id)


def _period(checkin: Checkin) -> Period:
    return checkin.period_start, checkin.period_end


def _period_of(view: Mapping[str, Any]) -> Period:
    """The period that a form reports on."""
    ids = forms.metadata(view)
    return ids.day("start"), ids.day("end")


ROUTES = of(
    Service.CHECKINS,
    command("checkin", Act.SUBMIT_CHECKIN, ask, usage="[KEY]", says="report how your project stands"),
    shortcut("checkin_now", Act.SUBMIT_CHECKIN, ask),
    action(OPEN, Act.SUBMIT_CHECKIN, open_form),
    action(EDIT, Act.SUBMIT_CHECKIN, edit),
    action(UNCHANGED, Act.SUBMIT_CHECKIN, unchanged),
    action(OVERALL, Act.SUBMIT_CHECKIN, reshape),
    view(FORM, Act.SUBMIT_CHECKIN, submit),
)
