"""Forgetting: somebody who left is a pseudonym from now on; preview, hand over, forget, bring back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import escalations, forms, introductions, risks
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.routing import action, command, options, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database, Session
from bot.store.handovers import Handover
from bot.store.tables import Person
from bot.views.blocks import View
from bot.views.forgetting import FORM, UNDO, WHO

NOBODY = "I know nobody like that, so there is nothing to forget. `/pmo forget` lists those I know as you type."
CHOOSE = "Choose somebody of the list."
GONE = "That person was forgotten already. `/pmo forget undo` lists who can be brought back."


def ask(
    text: str,
    ack: Ack,
    tell: Tell,
    client: WebClient,
    trigger: str,
    actor: Actor,
    db: Database,
) -> None:
    """`/pmo forget @who` shows what that changes; alone it asks whom, and with "undo" lists who can come back."""
    said = text.strip()
    with db.reading(actor) as session:
        if said.lower() == "undo":
            tell(_reversible(session, actor))
            return
        form = _preview(session, _meant(session, said), actor) if said else views.forgetting.ask()
    ack()
    client.views_open(trigger_id=trigger, view=form)


def suggest(value: str, ack: Ack, actor: Actor, db: Database) -> None:
    """Those whose name begins like that, also those who left."""
    with db.reading(actor) as session:
        found = store.forgetting.search(session, value)
    offered = [views.forgetting.suggested(each.id, each.name, has_left=not each.is_active) for each in found]
    ack(**views.blocks.suggestions(offered))


def choose(view: Mapping[str, Any], ack: Ack, actor: Actor, db: Database) -> None:
    """Somebody was chosen: show what would change."""
    chosen = forms.read(view).get("who")
    if not chosen:
        raise Refused(CHOOSE, "who")
    with db.reading(actor) as session:
        person = _known(session, forms.number(chosen, "who"))
        rules.forgetting.check(actor, person.slack_id, is_bot=person.is_bot, field="who")
        form = _preview(session, person, actor)
    ack(response_action="update", view=form)


def submit(
    view: Mapping[str, Any],
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*Forget*: what they answer for goes over first, all in one transaction."""
    number, chosen = forms.metadata(view).number("person"), forms.read(view).get("successor")
    if chosen:
        introductions.meet(client, db, actor.workspace, [("successor", chosen)], now=now)
    with db.transaction(actor, once=key, now=now) as session:
        person = _known(session, number)
        rules.forgetting.check(actor, person.slack_id, is_bot=person.is_bot)
        held = store.handovers.held(session, person)
        heir = rules.forgetting.successor(held, person.slack_id, chosen, field="successor")
        if heir:
            _hand_over(session, person, heir, actor, now)
        forgotten = store.forgetting.forget(session, person, by=actor.person, now=now)
        said = views.forgetting.done(forgotten, pseudonym=person.slack_id, successor=heir, zone=actor.zone)
    tell(said)
    nudge()


def undo(
    number: int,
    ack: Ack,
    tell: Tell,
    respond: Respond,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*Bring back*: they are who they were."""
    with db.transaction(actor, once=key, now=now) as session:
        forgotten = store.forgetting.get(session, number)
        person = store.forgetting.remember(session, forgotten, by=actor.person, now=now)
        said = views.forgetting.undone(person.slack_id)
    nudge()
    if respond(said, replace_original=True):
        ack()
    else:
        tell(said)


def _meant(session: Session, said: str) -> Person:
    """Who was typed: a mention, or the whole name of one person that is known."""
    slack_id = rules.forgetting.mentioned(said)
    found = store.people.find(session, slack_id) if slack_id else store.forgetting.named(session, said)
    if found is None:
        raise Refused(NOBODY)
    return found


def _known(session: Session, number: int) -> Person:
    person = store.forgetting.find(session, number)
    if person is None or rules.forgetting.is_pseudonym(person.slack_id):
        raise Refused(GONE)
    return person


def _preview(session: Session, person: Person, actor: Actor) -> View:
    rules.forgetting.check(actor, person.slack_id, is_bot=person.is_bot)
    trace = store.forgetting.trace(session, person)
    counts = {
        "Reports": trace.reports,
        "Risks": trace.risks,
        "Escalations": trace.escalations,
        "Entries of the audit trail": trace.acts,
        "Texts and messages that mention them": trace.named,
    }
    deputy = store.handovers.deputy_of(session, person)
    return views.forgetting.preview(person.id, person.name, held=trace.held, counts=counts, deputy=deputy)


def _reversible(session: Session, actor: Actor) -> Any:
    known = [
        (each, rules.forgetting.pseudonym(each.number), store.forgetting.name_of(each))
        for each in store.forgetting.list_reversible(session)
    ]
    return views.forgetting.reversible(known, actor.zone)


def _hand_over(session: Session, person: Person, heir: str, actor: Actor, now: datetime) -> None:
    """What they answer for goes to somebody else, who is told, and is seen to be theirs wherever it is shown."""
    to = store.people.responsible(session, heir, field="successor")
    handed = store.handovers.hand_over(session, person, to, by=actor.person, now=now)
    for number in handed.risks:
        risks.show(session, store.risks.get(session, number), now)
    for number in handed.escalations:
        escalations.show(session, store.escalations.get(session, number), now)
    if to.id != actor.person:
        store.posts.put(session, f"handover:{person.id}:{to.id}", to=heir, message=_told(handed, actor), now=now)


def _told(handed: Handover, actor: Actor) -> Any:
    return views.forgetting.took_over(
        projects=handed.projects,
        risks=len(handed.risks),
        escalations=len(handed.escalations),
        checkins=handed.checkins,
        by=actor.slack_id,
    )


ROUTES = (
    command("forget", Act.FORGET, ask, usage="[@PERSON | undo]", says="make somebody who left a pseudonym"),
    options(WHO, Act.FORGET, suggest),
    view(WHO, Act.FORGET, choose),
    view(FORM, Act.FORGET, submit),
    action(UNDO, Act.FORGET, undo),
)
