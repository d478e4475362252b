"""Home: everybody's own page, made anew each time it is opened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot import store, views
from bot.handlers.routing import event
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database

HOME = "home"


def opened(event: Mapping[str, Any], actor: Actor, db: Database, client: WebClient, now: datetime) -> None:
    """Somebody opened the app: show what concerns them; the tab of messages needs nothing."""
    if event.get("tab") != HOME:
        return
    with db.reading(actor) as session:
        home = store.home.of(session, actor, now=now)
    client.views_publish(user_id=actor.slack_id, view=views.home.page(home, now=now, zone=actor.zone))


ROUTES = (event("app_home_opened", Act.SEE_HOME, opened),)
