"""Risks: what is done to one on its card: own it, score it anew, close it, and show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.handlers import forms
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.risks import show
from bot.handlers.routing import action, of, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import Service
from bot.store import Database, Session
from bot.store.tables import RiskEntry


def open_card(number: int, tell: Tell, actor: Actor, db: Database) -> None:
    """*Open* in a list: the card, for this person alone; what is done on it is done to the risk."""
    with db.reading(actor) as session:
        entry = store.risks.get(session, number)
    tell(views.risks.card(entry))


def own(
    number: int,
    body: Mapping[str, Any],
    ack: Ack,
    tell: Tell,
    respond: Respond,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*I'll own it*: from now on this person answers for the risk, whoever did before."""
    with db.transaction(actor, once=key, now=now) as session:
        entry = _take(session, number, actor, Act.EDIT_RISK)
        said = views.risks.over(entry)
        if entry.risk.state.is_open:
            before = entry.owner
            entry = store.risks.own(session, entry, by=actor, now=now)
            show(session, entry, now)
            said = views.risks.owned(entry, before)
    nudge()
    seen_alone = (body.get("container") or {}).get("is_ephemeral")
    if not (seen_alone and respond(views.risks.card(entry), replace_original=True)):
        tell(said)
    else:
        ack()


def open_rescore(
    number: int, trigger: str, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database
) -> None:
    """*Re-score*: the form with probability and impact."""
    entry = _look(db, number, actor, Act.EDIT_RISK)
    if entry.risk.state.is_open:
        client.views_open(trigger_id=trigger, view=views.risks_forms.rescore_form(entry))
        ack()
    else:
        tell(views.risks.over(entry))


def rescore(
    view: Mapping[str, Any], tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge
) -> None:
    """The form with the new score was sent."""
    probability, impact = rules.risks.rescoring(forms.read(view))
    with db.transaction(actor, once=key, now=now) as session:
        entry = _take(session, forms.metadata(view).number("risk"), actor, Act.EDIT_RISK)
        said = views.risks.over(entry)
        if entry.risk.state.is_open:
            before = entry.risk.severity, entry.risk.score
            entry = store.risks.rescore(session, entry, probability, impact, by=actor, now=now)
            show(session, entry, now)
            said = views.risks.rescored(entry, *before)
    tell(said)
    nudge()


def open_close(number: int, trigger: str, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database) -> None:
    """*Close*: the form that asks how it ended."""
    entry = _look(db, number, actor, Act.CLOSE_RISK)
    if entry.risk.state.is_open:
        client.views_open(trigger_id=trigger, view=views.risks_forms.close_form(entry))
        ack()
    else:
        tell(views.risks.over(entry))


def close(
    view: Mapping[str, Any], tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge
) -> None:
    """The form was sent: the risk is over, and its card says how it ended."""
    closing = rules.risks.closing(forms.read(view))
    with db.transaction(actor, once=key, now=now) as session:
        entry = _take(session, forms.metadata(view).number("risk"), actor, Act.CLOSE_RISK)
        said = views.risks.over(entry)
        if entry.risk.state.is_open:
            entry = store.risks.close(session, entry, closing, by=actor, now=now)
            show(session, entry, now)
            said = views.risks.changed(entry, f"closed as {closing.outcome.value}")
    tell(said)
    nudge()


def _take(session: Session, risk_id: int, actor: Actor, act: Act) -> RiskEntry:
    entry = store.risks.take(session, risk_id)
    actor.must(act, entry.project.id)
    return entry


def _look(db: Database, risk_id: int, actor: Actor, act: Act) -> RiskEntry:
    with db.reading(actor) as session:
        entry = store.risks.get(session, risk_id)
    actor.must(act, entry.project.id)
    return entry


ROUTES = of(
    Service.RAID,
    action(views.risks.SHOW, Act.SEE_RISKS, open_card),
    action(views.risks.OWN, Act.EDIT_RISK, own),
    action(views.risks.RESCORE, Act.EDIT_RISK, open_rescore),
    view(views.risks.RESCORE, Act.EDIT_RISK, rescore),
    action(views.risks.CLOSE, Act.CLOSE_RISK, open_close),
    view(views.risks.CLOSE, Act.CLOSE_RISK, close),
)
