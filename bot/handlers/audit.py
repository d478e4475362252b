"""The audit trail: who did what to a record, in a project, or at all; page by page."""

from dataclasses import replace
from typing import Final

from slack_bolt import Ack

from bot import rules, store, views
from bot.errors import NotHere
from bot.handlers.calls import Respond, Tell
from bot.handlers.routing import action, command
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.audit import About, Asked, Part
from bot.store import Database, Session
from bot.store.tables import Message
from bot.views.audit import TURN

NOBODY: Final = "Nobody like that has had anything to do with PMO Bot here."
NOTHING: Final = "There is no {}. `/pmo risks` and `/pmo escalations` list what is open."


def ask(text: str, actor: Actor, db: Database, tell: Tell) -> None:
    """`/pmo audit`: the newest entries; words name a record, a project or a person."""
    asked = rules.audit.read(text)
    with db.reading(actor) as session:
        page = _page(session, _part(session, asked), actor)
    tell(page)


def turn(ack: Ack, tell: Tell, respond: Respond, value: str, actor: Actor, db: Database) -> None:
    """*Older* or *Newer* was pressed: show that page, in the place of the page before it."""
    part = rules.audit.unpack(value)
    with db.reading(actor) as session:
        page = _page(session, part, actor)
    ack()
    if not respond(page, replace_original=True):
        tell(page)


def _part(session: Session, asked: Asked) -> Part:
    """The part of the trail that is asked for; Refused for what is not there."""
    if asked.person is not None:
        person = store.people.find(session, asked.person)
        if person is None:
            raise NotHere(NOBODY)
        return Part(About.PERSON, str(person.id))
    if asked.reference is not None:
        record = store.audit_trail.find_record(session, asked.reference)
        if record is None:
            raise NotHere(NOTHING.format(asked.reference))
        return Part(About.RECORD, record)
    if asked.key is not None:
        return Part(About.PROJECT, str(store.projects.get(session, asked.key).id))
    return Part()


def _page(session: Session, part: Part, actor: Actor) -> Message:
    """A page; the first one where there is nothing on it (any more)."""
    actor.must(Act.SEE_AUDIT)
    trail = store.audit_trail.page(session, part)
    if not trail.entries:
        trail = store.audit_trail.page(session, replace(part, before=None, after=None))
    return views.audit.message(trail, zone=actor.zone)


ROUTES = (
    command(
        "audit",
        Act.SEE_AUDIT,
        ask,
        usage="[REFERENCE | KEY | @PERSON]",
        says="who changed what, when, from what to what, why and from where",
    ),
    action(TURN, Act.SEE_AUDIT, turn),
)
