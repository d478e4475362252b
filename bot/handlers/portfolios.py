"""Portfolios: the list of projects, narrowed by words or by menus, page by page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.handlers.calls import Respond, Tell
from bot.handlers.routing import action, command, options
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database
from bot.views.blocks import suggestions


def ask(text: str, actor: Actor, db: Database, now: datetime, tell: Tell) -> None:
    """`/pmo portfolio`: the projects, worst first; words name a portfolio, healths, or both."""
    with db.reading(actor) as session:
        wanted = rules.portfolios.read(rules.words.unmarked(text), store.portfolios.names(session))
        page = store.portfolios.page(session, wanted)
    tell(views.portfolios.message(page, now=now, zone=actor.zone, may_add=actor.may(Act.ADD_PROJECT)))


def show(
    value: str,
    view: Mapping[str, Any],
    trigger: str,
    ack: Ack,
    tell: Tell,
    respond: Respond,
    client: WebClient,
    actor: Actor,
    db: Database,
    now: datetime,
) -> None:
    """A menu or a page was chosen: the list changes in its place; from Home it opens over it."""
    with db.reading(actor) as session:
        page = store.portfolios.page(session, rules.portfolios.unpack(value))
    may_add = actor.may(Act.ADD_PROJECT)
    message = views.portfolios.message(page, now=now, zone=actor.zone, may_add=may_add)
    window = views.portfolios.window(page, now=now, zone=actor.zone, may_add=may_add)
    if view.get("type") == "modal":
        client.views_update(view_id=view["id"], view=window)
    elif view:
        client.views_open(trigger_id=trigger, view=window)
    elif not respond(message, replace_original=True):
        tell(message)
    ack()


def suggest(value: str, body: Mapping[str, Any], ack: Ack, actor: Actor, db: Database) -> None:
    """The portfolios like what was typed, each with the healths that the list is narrowed to."""
    wanted = rules.portfolios.unpack(body["action_id"].partition(":")[2])
    with db.reading(actor) as session:
        found = store.portfolios.search(session, value.strip())
    ack(**suggestions(views.portfolios.choices(found, wanted)))


ROUTES = (
    command(
        "portfolio",
        Act.SEE_PORTFOLIO,
        ask,
        usage="[PORTFOLIO] [red | A,R]",
        says="the projects, the worst first; of one portfolio, of some healths",
    ),
    action(views.portfolios.SHOW, Act.SEE_PORTFOLIO, show),
    action(views.portfolios.OF, Act.SEE_PORTFOLIO, show),
    options(views.portfolios.OF, Act.SEE_PORTFOLIO, suggest),
)
