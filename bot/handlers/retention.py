"""Retention: for how long this workspace's records are kept after the bot was removed."""

from datetime import datetime

from bot import rules, store, views
from bot.handlers.calls import Tell
from bot.handlers.routing import command
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database


def ask(text: str, tell: Tell, actor: Actor, db: Database, key: str, now: datetime) -> None:
    """`/pmo retention 90 days` sets it; alone it says how it is."""
    if not text.strip():
        with db.reading(actor) as session:
            kept = store.workspaces.get(session).retention_days
        tell(views.retention.shown(kept))
        return
    days = rules.retention.days(text)
    with db.transaction(actor, once=key, now=now) as session:
        before = store.workspaces.keep_for(session, days, by=actor.person, now=now)
    tell(views.retention.changed(days, before))


ROUTES = (
    command(
        "retention",
        Act.SET_RETENTION,
        ask,
        usage="[90 days]",
        says="how long records are kept after PMO Bot was removed",
    ),
)
