"""Roles: who is what in this workspace or in a portfolio, given, taken back and listed."""

from dataclasses import replace
from datetime import datetime, time

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import NotHere, Refused
from bot.handlers import forms, introductions, teams
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.routing import action, command
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.roles import Appointment
from bot.rules.teams import Line
from bot.rules.terms import Role
from bot.store import Database, Session
from bot.store.tables import Message

PAGE = 10
NO_PLACE = "There is no portfolio of that name, and no project with that key. `/pmo portfolio` shows what there is."


def ask(
    text: str,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """`/pmo role @ann pmo`: give a role, or with "no" take it back; whoever gets one is told.

    A part in a project is one in its team: `/pmo role @ann sponsor for APOLLO` does what `/pmo team` does.
    """
    appointment = rules.roles.one_line(text, actor.today(now))
    if appointment.role.is_of_project:
        line = Line(appointment.place, appointment.slack_id, appointment.given, appointment.role)
        teams.change_by_line(line, tell=tell, client=client, actor=actor, db=db, key=key, now=now, nudge=nudge)
        return
    with db.reading(actor) as session:
        appointment, _ = _placed(session, appointment)
        _check(session, appointment, actor, now)
    if appointment.given:
        introductions.meet(client, db, actor.workspace, [("person", appointment.slack_id)], now=now)
    tell(_appoint(db, appointment, actor, key, now))
    nudge()


def undo(
    value: str,
    ack: Ack,
    tell: Tell,
    respond: Respond,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*Undo*: the role that was just given is taken back, or the other way round."""
    said = _appoint(db, rules.roles.unpack(value), actor, key, now)
    nudge()
    if respond(said, replace_original=True):
        ack()
    else:
        tell(said)


def take_back(value: str, tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Take back* in the list: the role is held no more."""
    tell(_appoint(db, replace(rules.roles.unpack(value), given=False), actor, key, now))
    nudge()


def list_all(tell: Tell, actor: Actor, db: Database, now: datetime) -> None:
    """`/pmo roles`: who has which role, page by page."""
    tell(_page(db, 0, actor, now))


def turn(value: str, ack: Ack, tell: Tell, respond: Respond, actor: Actor, db: Database, now: datetime) -> None:
    """*Next* and *Previous*: another page in the place of the one that is seen."""
    said = _page(db, forms.number(value), actor, now)
    ack()
    if not respond(said, replace_original=True):
        tell(said)


def _placed(session: Session, appointment: Appointment) -> tuple[Appointment, str]:
    """The appointment with the number of its portfolio, and the portfolio's name; Refused where there is none."""
    names = store.portfolios.names(session)
    if appointment.place:
        found = {name.casefold(): number for name, number in names.items()}.get(appointment.place.casefold())
        if found is None:
            raise Refused(_not_a_portfolio(session, appointment))
        appointment = replace(appointment, portfolio=found)
    if appointment.portfolio is None:
        return appointment, ""
    named = {number: name for name, number in names.items()}
    if appointment.portfolio not in named:
        raise NotHere("That portfolio is not here any more. `/pmo portfolio` shows those that are.")
    return appointment, named[appointment.portfolio]


def _not_a_portfolio(session: Session, appointment: Appointment) -> str:
    """Why there is no such place: a project is none for a role of the office, but its portfolio may be."""
    project = store.projects.find(session, appointment.place)
    if project is None:
        return NO_PLACE
    role = rules.roles.in_words(appointment.role)
    portfolio = store.portfolios.find(session, project.portfolio_id) if project.portfolio_id else None
    hint = f" {project.key} is in {portfolio.name}: write `for {portfolio.name}`." if portfolio else ""
    return f"Somebody is {role} of the whole workspace or of a portfolio, not of one project.{hint}"


def _check(session: Session, appointment: Appointment, actor: Actor, now: datetime) -> None:
    named = store.roles.is_admin_named(session)
    rules.roles.check(appointment, actor, actor.today(now), is_admin_named=named)


def _appoint(db: Database, appointment: Appointment, actor: Actor, key: str, now: datetime) -> Message:
    """Give or take back, and tell who got it, whoever acts aside; what whoever acts reads."""
    with db.transaction(actor, once=key, now=now) as session:
        appointment, place = _placed(session, appointment)
        changed = appoint(session, appointment, actor, now, place=place)
    return views.roles.done(appointment, changed=changed, place=place)


def appoint(session: Session, appointment: Appointment, actor: Actor, now: datetime, *, place: str = "") -> bool:
    """Give or take back where this person may, and tell who got it, whoever acts aside; whether that changed anything.

    `place` is the name of the portfolio.
    """
    _check(session, appointment, actor, now)
    role, portfolio = appointment.role, appointment.portfolio
    person = store.people.find_or_add(session, appointment.slack_id)
    told = f"role:{person.id}:{role}" + (f":{portfolio}" if portfolio else "")
    if not appointment.given:
        store.posts.withdraw(session, told, now=now)
        return store.roles.revoke(session, person, role, by=actor.person, now=now, portfolio=portfolio)
    until = _end(appointment, actor)
    changed = store.roles.grant(session, person, role, by=actor.person, now=now, portfolio=portfolio, until=until)
    if changed and person.id != actor.person:
        message = views.roles.told(appointment, by=actor.slack_id, place=place)
        store.posts.put(session, told, to=person.slack_id, message=message, now=now)
    return changed


def _end(appointment: Appointment, actor: Actor) -> datetime | None:
    """The moment at which a role ends: midnight after its last day, where whoever gives it is."""
    after = rules.roles.first_free_day(appointment)
    return rules.cadence.moment(after, time(), rules.cadence.zone_named(actor.zone)) if after else None


def _page(db: Database, first: int, actor: Actor, now: datetime) -> Message:
    with db.reading(actor) as session:
        total = store.roles.count_held(session, now=now)
        first = min(first, max(0, total - 1) // PAGE * PAGE)
        held = store.roles.list_held(session, now=now, offset=first, limit=PAGE)
        for_now = [] if store.roles.is_admin_named(session) else store.people.list_with(session, Role.ADMIN, now=now)
    return views.roles.page(
        held,
        first=first,
        total=total,
        size=PAGE,
        first_admins=[person.slack_id for person in for_now],
        may_change=actor.may(Act.MANAGE_ROLES),
    )


ROUTES = (
    command(
        "role",
        Act.MANAGE_ROLES,
        ask,
        usage="@PERSON ROLE [for PORTFOLIO] [until DATE]",
        says="give somebody a role here, such as pmo, analyst or executive; `no pmo` takes it back",
    ),
    command("roles", Act.SEE_ROLES, list_all, says="who has which role here"),
    action(views.roles.UNDO, Act.MANAGE_ROLES, undo),
    action(views.roles.TAKE_BACK, Act.MANAGE_ROLES, take_back),
    action(views.roles.TURN, Act.SEE_ROLES, turn),
)
