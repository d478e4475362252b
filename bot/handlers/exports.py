"""Exports: somebody asks for a file; it is made, and brought to them, on time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.handlers import forms
from bot.handlers.calls import Nudge, Tell
from bot.handlers.routing import command, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.exports import ACTS, Form, Part
from bot.store import Database
from bot.views.exports import FORM


def ask(
    text: str,
    ack: Ack,
    tell: Tell,
    client: WebClient,
    trigger: str,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """`/pmo export risks xlsx` asks at once; alone it opens the form, with what this person may have."""
    if not text:
        ack()
        client.views_open(trigger_id=trigger, view=views.exports.form(_offered(actor)))
        return
    part, form = rules.exports.one_line(text)
    _keep(db, part, form, actor=actor, key=key, now=now)
    tell(views.exports.asked(part))
    nudge()


def submit(
    view: Mapping[str, Any], tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge
) -> None:
    """The form was sent: the file is on its way."""
    part, form = rules.exports.draft(forms.read(view))
    _keep(db, part, form, actor=actor, key=key, now=now)
    tell(views.exports.asked(part))
    nudge()


def _offered(actor: Actor) -> list[Part]:
    return [part for part in Part if all(actor.may(act) for act in ACTS[part])]


def _keep(db: Database, part: Part, form: Form, *, actor: Actor, key: str, now: datetime) -> None:
    for act in ACTS[part]:
        actor.must(act)
    with db.transaction(actor, once=key, now=now) as session:
        export = store.exports.ask(session, part, form, by=actor, now=now)
        message = views.exports.progress(export)
        store.posts.put(session, export.post_key, to=actor.slack_id, message=message, now=now, any_hour=True)


ROUTES = (
    command(
        "export",
        Act.EXPORT_MINE,
        ask,
        usage="[me | all | projects | risks | escalations | reports | audit] [csv | xlsx | json]",
        says="get a file with what is kept; `me` is what is kept about you",
    ),
    view(FORM, Act.EXPORT_MINE, submit),
)
