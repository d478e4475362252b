"""References: APOLLO-R12, typed wherever the bot listens, shows its record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import escalations, services
from bot.handlers import help as help_
from bot.handlers.calls import Tell
from bot.handlers.routing import REFERENCE, Table, action, command, event
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.references import Letter, Reference
from bot.rules.terms import Service
from bot.store import Database, Session
from bot.store.tables import Message

NOT_KEPT: Final = "Records of this kind are not kept yet: I know risks (R) and escalations (E)."
NOT_THERE: Final = "There is no {}. `/pmo risks` and `/pmo escalations` list what is open."


def ask(text: str, actor: Actor, db: Database, now: datetime, tell: Tell) -> None:
    """`/pmo APOLLO-R12`: the record, to this person alone."""
    tell(_record(db, text, actor, now))


def show(value: str, actor: Actor, db: Database, now: datetime, tell: Tell) -> None:
    """*Open*: the record that the button names."""
    tell(_record(db, value, actor, now))


def answer(
    event: Mapping[str, Any], actor: Actor, db: Database, key: str, now: datetime, table: Table, tell: Tell
) -> None:
    """Somebody wrote to the bot, or of it in a channel: a reference shows its record, anything else the help."""
    with db.transaction(actor, once=key, now=now):
        pass  # Slack may bring the same words twice, and a message cannot be said once by a key
    if rules.references.find_ref(event.get("text") or ""):
        tell(_record(db, event["text"], actor, now))
    else:
        help_.answer(tell, "", table, actor, db)


def _record(db: Database, text: str, actor: Actor, now: datetime) -> Message:
    """The record of the first reference in a text; Refused when it is not there, or not for this person."""
    reference = rules.references.find_ref(text)
    if reference is None or reference.letter not in RECORDS:
        raise Refused(NOT_KEPT)
    service, find = RECORDS[reference.letter]
    services.must_be_on(db, actor, service, now)
    with db.reading(actor) as session:
        return find(session, reference, actor)


def _risk(session: Session, reference: Reference, actor: Actor) -> Message:
    entry = store.risks.find_by_ref(session, reference)
    if entry is None:
        raise Refused(NOT_THERE.format(reference))
    actor.must(Act.SEE_RISKS, entry.project.id)
    return views.risks.card(entry)


def _escalation(session: Session, reference: Reference, actor: Actor) -> Message:
    """As the one who is asked sees it, with the buttons, or as its raiser does, step by step."""
    entry = store.escalations.find_by_ref(session, reference)
    if entry is None:
        raise Refused(NOT_THERE.format(reference))
    if entry.escalation.raised_by != actor.person:
        actor.must(Act.SEE_ESCALATIONS, entry.project.id)
    if escalations.may_decide(actor, entry):
        return views.escalations.asked(entry, entry.escalation.level)
    return views.escalations.progress(entry)


RECORDS: Final[Mapping[Letter, tuple[Service, Callable[[Session, Reference, Actor], Message]]]] = {
    Letter.RISK: (Service.RAID, _risk),
    Letter.ESCALATION: (Service.ESCALATIONS, _escalation),
}
"""Which service keeps each kind of record, how it is found, who may see it, and how it looks."""

ROUTES = (
    command(REFERENCE, Act.SEE_HELP, ask),
    action(views.home.SHOW_RECORD, Act.SEE_HELP, show),
    event("message.im", Act.SEE_HELP, answer),
    event("app_mention", Act.SEE_HELP, answer),
)
