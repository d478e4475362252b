"""Setting up: the checklist, the form of each step, and all that a workspace has agreed on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import checklist, digests, digests_forms, forms, introductions, roles, services
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.routing import action, command, options, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.roles import Appointment
from bot.rules.setup import REVIEWED_DAYS, Step
from bot.rules.terms import Role, Service
from bot.store import Database, Session
from bot.store.tables import Workspace
from bot.views import setup_forms
from bot.views.blocks import View, suggestions

Values = Mapping[str, Any]
MOST: Final = 50
"""So many choices a menu offers at once."""
OLD: Final = "This step is no longer known here. `/pmo setup` shows those that are."
HELD: Final = (Role.PMO, Role.EXECUTIVE, Role.AUDITOR)


def welcome(session: Session, _workspace: Workspace, installer: str, now: datetime) -> None:
    """Have whoever installed the bot told what it does and how to begin, once, and not where it is at work already."""
    key = f"installation:welcome:{installer}"
    if store.posts.find(session, key) is None and not store.setup.has_begun(session):
        message = views.setup.welcome(store.workspaces.get(session).name)
        store.posts.put(session, key, to=installer, message=message, now=now)


def ask(trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """`/pmo setup`, or *Set up*: the checklist."""
    client.views_open(trigger_id=trigger, view=checklist.window(db, actor))
    ack()


def step(
    value: str,
    view: Values,
    trigger: str,
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
    now: datetime,
) -> None:
    """The button of a step: its form, upon the checklist where that is open."""
    if value not in set(Step):
        raise Refused(OLD)
    actor.must(NEEDS.get(Step(value), Act.MANAGE_SETTINGS))
    if Step(value) is Step.DIGEST:
        services.must_be_on(db, actor, Service.DIGESTS, now)
    with db.reading(actor) as session:
        form = FORMS[Step(value)](session, actor, now)
    show = client.views_push if view.get("type") == "modal" else client.views_open
    show(trigger_id=trigger, view=form)
    ack()


def skip(
    value: str, view: Values, ack: Ack, client: WebClient, actor: Actor, db: Database, key: str, now: datetime
) -> None:
    """*Skip*: the step is left out, and can be taken all the same."""
    if value not in set(Step) - rules.setup.ALWAYS:
        raise Refused(OLD)
    with db.transaction(actor, once=key, now=now) as session:
        store.setup.take(session, Step(value), by=actor.person, now=now, skipped=True)
    checklist.refresh(client, db, actor, view["id"], said=views.setup.skipped(Step(value)))
    ack()


def keep(
    view: Values,
    ack: Ack,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """A form of settings was sent: agree on what it says."""
    taken, read = SETTINGS[view["callback_id"]]
    values = forms.read(view)
    introductions.meet(client, db, actor.workspace, [("sponsor", values.get("sponsor"))], now=now)
    with db.transaction(actor, once=key, now=now) as session:
        was = {name: getattr(store.workspaces.get(session), name) for name in views.setup.GROUPS[taken]}
        wanted = read(session, values, actor, now)
        entry = store.setup.change(session, by=actor.person, now=now, **wanted)
        store.setup.take(session, taken, by=actor.person, now=now)
        changes = {name: (was[name], new) for name, new in wanted.items() if was[name] != new}
        said = views.setup.changed(changes, _named(session, changes))
    actor = _afresh(db, actor, now)
    checklist.answer(ack, tell, client, db, actor, view, said=said, undo=entry)
    nudge()


def keep_roles(
    view: Values,
    ack: Ack,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form of roles was sent: whoever is named has the role now, whoever is not has it no more."""
    wanted = rules.setup.roles(forms.read(view))
    picked = [(role.value, slack_id) for role, people in wanted.items() for slack_id in people]
    introductions.meet(client, db, actor.workspace, picked, now=now)
    given, gone = dict[str, list[str]](), dict[str, list[str]]()
    with db.transaction(actor, once=key, now=now) as session:
        for role, people in wanted.items():
            held = _holders(session, role, now)
            given[role.value] = [each for each in people if each not in held]
            gone[role.value] = [each for each in held if each not in people]
            for slack_id in given[role.value]:
                roles.appoint(session, Appointment(slack_id, role), actor, now)
            for slack_id in gone[role.value]:
                roles.appoint(session, Appointment(slack_id, role, given=False), actor, now)
        store.setup.take(session, Step.ROLES, by=actor.person, now=now)
    checklist.answer(ack, tell, client, db, actor, view, said=views.setup.appointed(given, gone))
    nudge()


def keep_pilots(
    view: Values, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database, key: str, now: datetime
) -> None:
    """The form of pilots was sent: they alone are asked until the workspace goes live."""
    numbers = rules.setup.pilots(forms.read(view))
    with db.transaction(actor, once=key, now=now) as session:
        pilots = store.setup.set_pilots(session, numbers, by=actor.person, now=now)
        store.setup.take(session, Step.PILOTS, by=actor.person, now=now)
        is_live = store.workspaces.get(session).state.is_live
    said = views.setup.piloted(sorted(project.key for project in pilots), is_live=is_live)
    checklist.answer(ack, tell, client, db, actor, view, said=said)


def choose_channel(ack: Ack, actor: Actor, db: Database) -> None:
    """The digest was looked at: now its channel and its day."""
    ack(response_action="update", view=digests_forms.new_form(db, actor))


def go_live(
    view: Values, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database, key: str, now: datetime
) -> None:
    """*Go live*: everybody is asked and told on time from now on."""
    with db.transaction(actor, once=key, now=now) as session:
        store.setup.go_live(session, by=actor.person, now=now)
        said = views.setup.gone_live(store.setup.count_live(session))
    checklist.answer(ack, tell, client, db, actor, view, said=said)


def go_back(view: Values, tell: Tell, client: WebClient, actor: Actor, db: Database, key: str, now: datetime) -> None:
    """*Back to pilots only*: whoever is no pilot is not asked until the workspace goes live again."""
    with db.transaction(actor, once=key, now=now) as session:
        store.setup.go_back(session, by=actor.person, now=now)
    if checklist.is_below(view):
        checklist.refresh(client, db, actor, view["root_view_id"], said=views.setup.gone_back())
    tell(views.setup.gone_back())


def review(
    view: Values, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database, key: str, now: datetime
) -> None:
    """The review was sent: it is kept with what was written."""
    with db.transaction(actor, once=key, now=now) as session:
        store.setup.review(session, forms.read(view).get("note"), by=actor.person, now=now)
        figures = store.setup.figures(session, now=now, days=REVIEWED_DAYS)
    checklist.answer(ack, tell, client, db, actor, view, said=views.setup.reviewed(figures))


def undo(
    number: int,
    view: Values,
    ack: Ack,
    tell: Tell,
    respond: Respond,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*Undo*: the settings are what they were before, unless one was changed again."""
    with db.transaction(actor, once=key, now=now) as session:
        changes = store.setup.undo(session, number, by=actor.person, now=now)
        said = views.setup.changed(changes, _named(session, changes))
    nudge()
    if view.get("callback_id") == views.setup.CHECKLIST:
        checklist.refresh(client, db, actor, view["id"], said=said)
        ack()
    elif view or not respond(_settings(db, _afresh(db, actor, now)), replace_original=True):
        tell(said)
    else:
        ack()


def show_settings(actor: Actor, db: Database, tell: Tell) -> None:
    """`/pmo settings`: all that is agreed on, and who changed what last."""
    tell(_settings(db, actor))


def suggest_zones(value: str, ack: Ack) -> None:
    """The zones like what was typed."""
    ack(**suggestions(map(setup_forms.zone_option, rules.cadence.zones_like(value, most=MOST))))


def suggest_countries(value: str, ack: Ack) -> None:
    """The countries and regions like what was typed, and none."""
    found = [setup_forms.country_option(place) for place, _ in rules.calendars.search(value)]
    ack(**suggestions([setup_forms.country_option(None), *found]))


def suggest_projects(value: str, ack: Ack, actor: Actor, db: Database) -> None:
    """The projects like what was typed."""
    with db.reading(actor) as session:
        found = store.projects.search(session, value, limit=MOST)
    ack(**suggestions(views.blocks.option(f"{key} {name}", number) for number, key, name in found))


# --- forms ---------------------------------------------------------------------------------------------------


def _scope(session: Session, _actor: Actor, _now: datetime) -> View:
    workspace = store.workspaces.get(session)
    return setup_forms.scope(workspace, store.setup.sponsor(session))


def _services(session: Session, _actor: Actor, _now: datetime) -> View:
    return setup_forms.switches(store.workspaces.get(session))


def _roles(session: Session, actor: Actor, now: datetime) -> View:
    held = {role: _holders(session, role, now) for role in HELD}
    return setup_forms.roles(held | {Role.PMO: held[Role.PMO] or [actor.slack_id]})


def _defaults(session: Session, _actor: Actor, _now: datetime) -> View:
    return setup_forms.defaults(store.workspaces.get(session))


def _calendar(session: Session, actor: Actor, now: datetime) -> View:
    return setup_forms.holidays(store.workspaces.get(session), actor.today(now))


def _tolerances(session: Session, _actor: Actor, _now: datetime) -> View:
    return setup_forms.thresholds(store.workspaces.get(session))


def _register(_session: Session, _actor: Actor, _now: datetime) -> View:
    return setup_forms.register()


def _pilots(session: Session, _actor: Actor, _now: datetime) -> View:
    is_live = store.workspaces.get(session).state.is_live
    return setup_forms.pilots(store.setup.list_pilots(session), is_live=is_live)


def _digest(session: Session, actor: Actor, now: datetime) -> View:
    return setup_forms.digest(views.blocks.older(digests.as_of_now(session, actor, now).blocks))


def _go_live(session: Session, _actor: Actor, _now: datetime) -> View:
    live, is_live = store.setup.count_live(session), store.workspaces.get(session).state.is_live
    taken = any(each.step is Step.GO_LIVE for each in store.setup.list_taken(session))
    if is_live and not taken:
        return setup_forms.live_already(live)
    pilots, running = len(store.setup.list_pilots(session)), len(store.digests.list_running(session))
    return setup_forms.go_live(live=live, pilots=pilots, digests=running, taken=is_live)


def _review(session: Session, _actor: Actor, now: datetime) -> View:
    return setup_forms.review(store.setup.figures(session, now=now, days=REVIEWED_DAYS))


FORMS: Final[Mapping[Step, Callable[[Session, Actor, datetime], View]]] = {
    Step.SCOPE: _scope,
    Step.SERVICES: _services,
    Step.ROLES: _roles,
    Step.DEFAULTS: _defaults,
    Step.CALENDAR: _calendar,
    Step.TOLERANCES: _tolerances,
    Step.REGISTER: _register,
    Step.PILOTS: _pilots,
    Step.DIGEST: _digest,
    Step.GO_LIVE: _go_live,
    Step.REVIEW: _review,
}
"""The form of each step, as things stand."""
NEEDS: Final[Mapping[Step, Act]] = {
    Step.ROLES: Act.MANAGE_ROLES,
    Step.REGISTER: Act.IMPORT_REGISTER,
    Step.DIGEST: Act.MANAGE_DIGESTS,
}
"""What somebody must be allowed to take a step, where that is not to manage settings."""


# --- what forms say ------------------------------------------------------------------------------------------


def _read_scope(session: Session, values: Values, _actor: Actor, _now: datetime) -> dict[str, Any]:
    scope = rules.setup.scope(values)
    sponsor = store.people.responsible(session, scope.sponsor, field="sponsor").id if scope.sponsor else None
    return {"scope": scope.scope, "sponsor_id": sponsor}


def _read_services(_session: Session, values: Values, _actor: Actor, _now: datetime) -> dict[str, Any]:
    return {"services_off": rules.services.read_off(values)}


def _read_defaults(_session: Session, values: Values, _actor: Actor, _now: datetime) -> dict[str, Any]:
    chosen = rules.setup.defaults(values)
    return {
        "cadence": chosen.choice,
        "cadence_time": chosen.at,
        "timezone": chosen.zone,
        "currency": chosen.currency,
        "quiet_from": chosen.quiet_from,
        "quiet_until": chosen.quiet_until,
    }


def _read_calendar(_session: Session, values: Values, actor: Actor, now: datetime) -> dict[str, Any]:
    country = None if values.get("country") == setup_forms.NOWHERE else values.get("country")
    place, closed = rules.setup.calendar({**values, "country": country}, actor.today(now))
    return {"country": place, "closed_days": closed}


def _read_tolerances(_session: Session, values: Values, _actor: Actor, _now: datetime) -> dict[str, Any]:
    return {"tolerances": rules.tolerances.changed(rules.tolerances.read(values))}


SETTINGS: Final[Mapping[str, tuple[Step, Callable[[Session, Values, Actor, datetime], dict[str, Any]]]]] = {
    setup_forms.SCOPE: (Step.SCOPE, _read_scope),
    setup_forms.SERVICES: (Step.SERVICES, _read_services),
    setup_forms.DEFAULTS: (Step.DEFAULTS, _read_defaults),
    setup_forms.CALENDAR: (Step.CALENDAR, _read_calendar),
    setup_forms.THRESHOLDS: (Step.TOLERANCES, _read_tolerances),
}
"""The forms that change settings: the step each is of, and what it says."""


def _holders(session: Session, role: Role, now: datetime) -> list[str]:
    return [person.slack_id for person in store.people.list_with(session, role, now=now)]


def _named(session: Session, changes: Mapping[str, tuple[Any, Any]]) -> dict[int, str]:
    """The Slack ids of the people who are in changes by their numbers."""
    numbers = [number for number in changes.get("sponsor_id", ()) if number]
    return {number: store.people.get(session, number).slack_id for number in numbers}


def _afresh(db: Database, actor: Actor, now: datetime) -> Actor:
    """Whoever acts, with what the workspace agrees on now."""
    with db.reading(actor) as session:
        return store.people.actor(session, actor.slack_id, now=now) or actor


def _settings(db: Database, actor: Actor) -> Any:
    with db.reading(actor) as session:
        workspace, last = store.workspaces.get(session), store.setup.last_changes(session)
        sponsor = store.setup.sponsor(session)
    may_change = actor.may(Act.MANAGE_SETTINGS)
    return views.setup.settings(workspace, sponsor=sponsor, last=last, zone=actor.zone, may_change=may_change)


ROUTES = (
    command("setup", Act.MANAGE_SETTINGS, ask, says="set the PMO up, step by step; it remembers where you are"),
    command("settings", Act.SEE_SETTINGS, show_settings, says="all that is agreed on, and who changed it"),
    action(views.setup.OPEN, Act.MANAGE_SETTINGS, ask),
    action(views.setup.STEP, Act.MANAGE_SETTINGS, step),
    action(views.setup.SKIP, Act.MANAGE_SETTINGS, skip),
    action(views.setup.UNDO, Act.MANAGE_SETTINGS, undo),
    action(views.setup.GO_BACK, Act.MANAGE_SETTINGS, go_back),
    *(view(callback, Act.MANAGE_SETTINGS, keep) for callback in SETTINGS),
    view(setup_forms.ROLES, Act.MANAGE_ROLES, keep_roles),
    view(setup_forms.PILOTS, Act.MANAGE_SETTINGS, keep_pilots),
    view(setup_forms.DIGEST, Act.MANAGE_DIGESTS, choose_channel),
    view(setup_forms.LIVE, Act.MANAGE_SETTINGS, go_live),
    view(setup_forms.REVIEW, Act.MANAGE_SETTINGS, review),
    options(setup_forms.ZONES, Act.MANAGE_SETTINGS, suggest_zones),
    options(setup_forms.COUNTRIES, Act.MANAGE_SETTINGS, suggest_countries),
    options(setup_forms.PROJECTS, Act.MANAGE_SETTINGS, suggest_projects),
)
