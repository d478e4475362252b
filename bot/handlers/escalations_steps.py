"""Escalations: what is done to one: acknowledge it, decide it, withdraw it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Denied
from bot.handlers import forms
from bot.handlers.calls import Nudge, Tell
from bot.handlers.escalations import may_decide, show
from bot.handlers.routing import action, of, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import EscalationState, Service
from bot.store import Database
from bot.store.tables import EscalationEntry


def acknowledge(number: int, tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Acknowledge*: whoever decides has seen it, and it does not climb any more."""
    with db.transaction(actor, once=key, now=now) as session:
        entry = store.escalations.take(session, number)
        _must_decide(actor, entry, Act.ACKNOWLEDGE_ESCALATION)
        said = views.escalations.already(entry)
        if entry.escalation.state is EscalationState.RAISED:
            entry = store.escalations.acknowledge(session, entry, by=actor, now=now)
            show(session, entry, now)
            said = views.escalations.acknowledged(entry)
    tell(said)
    nudge()


def open_decide(number: int, trigger: str, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database) -> None:
    """*Decide*: the form with the question; who comes too late learns who decided."""
    with db.reading(actor) as session:
        entry = store.escalations.get(session, number)
    _must_decide(actor, entry, Act.DECIDE_ESCALATION)
    if entry.escalation.state.is_open:
        client.views_open(trigger_id=trigger, view=views.escalations_forms.decide_form(entry))
        ack()
    else:
        tell(views.escalations.already(entry))


def decide(
    view: Mapping[str, Any], tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge
) -> None:
    """The decision was sent: keep it with its reason, and let all whom it concerns see it."""
    decision = rules.escalations.decision(forms.read(view))
    with db.transaction(actor, once=key, now=now) as session:
        entry = store.escalations.take(session, forms.metadata(view).number("escalation"))
        _must_decide(actor, entry, Act.DECIDE_ESCALATION)
        said = views.escalations.already(entry)
        if entry.escalation.state.is_open:
            entry = store.escalations.decide(session, entry, decision, by=actor, now=now)
            show(session, entry, now)
            said = views.escalations.decided(entry)
    tell(said)
    nudge()


def withdraw(number: int, tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Withdraw*: the decision is not needed any more."""
    with db.transaction(actor, once=key, now=now) as session:
        entry = store.escalations.take(session, number)
        if entry.raised_by != actor.slack_id:
            actor.must(Act.WITHDRAW_ESCALATION, entry.project.id)
        said = views.escalations.already(entry)
        if entry.escalation.state.is_open:
            entry = store.escalations.withdraw(session, entry, by=actor, now=now)
            show(session, entry, now)
            said = views.escalations.withdrawn(entry)
    tell(said)
    nudge()


def _must_decide(actor: Actor, entry: EscalationEntry, act: Act) -> None:
    """Raise Denied unless the escalation is over, or lies with this person now."""
    actor.must(act, entry.project.id)
    if entry.escalation.state.is_open and not may_decide(actor, entry):
        asked = entry.escalation.put_to(entry.escalation.level)
        is_own = entry.escalation.raised_by == actor.person
        said = views.escalations.not_yours(entry, is_own=is_own)
        raise Denied(said, act=act, project=entry.project.id, whom=asked)


ROUTES = of(
    Service.ESCALATIONS,
    action(views.escalations.ACKNOWLEDGE, Act.ACKNOWLEDGE_ESCALATION, acknowledge),
    action(views.escalations.DECIDE, Act.DECIDE_ESCALATION, open_decide),
    view(views.escalations.DECIDE, Act.DECIDE_ESCALATION, decide),
    action(views.escalations.WITHDRAW, Act.WITHDRAW_ESCALATION, withdraw),
)
