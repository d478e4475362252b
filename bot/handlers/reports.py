"""Status reports: what was reported of a project, read back."""

from collections.abc import Mapping
from typing import Any, Final

from slack_bolt import Ack

from bot import store, views
from bot.errors import Refused
from bot.handlers import forms
from bot.handlers.calls import Respond, Tell
from bot.handlers.routing import action, command, of
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import Service
from bot.store import Database, Session
from bot.store.reports import PAGE
from bot.store.tables import Message, Project
from bot.views.reports import HISTORY

WHICH: Final = "Say which project: `/pmo history APOLLO`. In a project's own channel `/pmo history` is enough."


def show(tell: Tell, text: str, channel: str, actor: Actor, db: Database) -> None:
    """`/pmo history KEY`: what was reported of a project, the newest first."""
    with db.reading(actor) as session:
        project = store.projects.get(session, text) if text else store.projects.find_by_channel(session, channel)
        if project is None:
            raise Refused(WHICH)
        page = _page(session, project, 0, actor)
    tell(page)


def turn(
    ack: Ack, tell: Tell, respond: Respond, action: Mapping[str, Any], number: int, actor: Actor, db: Database
) -> None:
    """*History*, *Older* or *Newer* was pressed: show that page, in the place of the page before it."""
    turned = action["action_id"].partition(":")[2]
    with db.reading(actor) as session:
        page = _page(session, store.projects.get_by_id(session, number), forms.number(turned or 0), actor)
    ack()
    if not turned or not respond(page, replace_original=True):
        tell(page)


def _page(session: Session, project: Project, number: int, actor: Actor) -> Message:
    actor.must(Act.SEE_PROJECT, project.id)
    found, total = store.reports.list_of_project(session, project.id, page=number)
    return views.reports.history(project, found, number=number, size=PAGE, total=total, zone=actor.zone)


ROUTES = of(
    Service.CHECKINS,
    command("history", Act.SEE_PROJECT, show, usage="KEY", says="what was reported of a project, period by period"),
    action(HISTORY, Act.SEE_PROJECT, turn),
)
