"""Roles: who is of the PMO, an executive or an auditor in this workspace."""

from datetime import datetime

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.handlers import introductions
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.routing import action, command
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.roles import Appointment
from bot.store import Database, Session


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
    """`/pmo role @ann pmo`: give a role, or with "no" take it back; whoever gets one is told."""
    appointment = rules.roles.one_line(text)
    if appointment.given:
        introductions.meet(client, db, actor.workspace, [("person", appointment.slack_id)], now=now)
    with db.transaction(actor, once=key, now=now) as session:
        changed = _make(session, appointment, actor, now)
    tell(views.roles.done(appointment, changed=changed))
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
    """*Undo*: the role that was just given is taken back."""
    appointment = rules.roles.unpack(value)
    with db.transaction(actor, once=key, now=now) as session:
        changed = _make(session, appointment, actor, now)
    said = views.roles.done(appointment, changed=changed)
    nudge()
    if respond(said, replace_original=True):
        ack()
    else:
        tell(said)


def _make(session: Session, appointment: Appointment, actor: Actor, now: datetime) -> bool:
    """Give or take back, and tell who got it, whoever acts aside; whether that changed anything."""
    person = store.people.find_or_add(session, appointment.slack_id)
    told = f"role:{person.id}:{appointment.role}"
    if not appointment.given:
        store.posts.withdraw(session, told, now=now)
        return store.people.revoke(session, person, appointment.role, by=actor.person, now=now)
    changed = store.people.grant(session, person, appointment.role, by=actor.person, now=now)
    if changed and person.id != actor.person:
        message = views.roles.told(appointment, by=actor.slack_id)
        store.posts.put(session, told, to=person.slack_id, message=message, now=now)
    return changed


ROUTES = (
    command(
        "role",
        Act.MANAGE_ROLES,
        ask,
        usage="@PERSON pmo | executive | auditor",
        says="give somebody a role in this workspace; `no pmo` takes it back",
    ),
    action(views.roles.UNDO, Act.MANAGE_ROLES, undo),
)
