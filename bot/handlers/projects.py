"""Projects: shown, and the door to the form of one."""

from datetime import datetime

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import store, views
from bot.errors import Refused
from bot.handlers import projects_forms
from bot.handlers.calls import Nudge, Tell
from bot.handlers.routing import action, command
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database, Session
from bot.store.tables import Message, Project

USAGE = "I know `/pmo project KEY`, `/pmo project KEY edit` and `/pmo project add`."


def ask(
    text: str,
    channel: str,
    trigger: str,
    ack: Ack,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    now: datetime,
) -> None:
    """`/pmo project KEY` shows its card, with "edit" its form; alone, the project of the channel, or one's own."""
    key, _, wish = text.lower().partition(" ")
    if wish.strip() not in {"", "edit"}:
        raise Refused(USAGE)
    with db.reading(actor) as session:
        project = store.projects.get(session, key) if key else store.projects.find_by_channel(session, channel)
        if project is None:
            mine = store.projects.search(session, "", among=[*actor.projects], limit=20)
            said = views.projects.list_mine(mine)
        else:
            said = card(session, project, actor, now)
    if project is not None and wish:
        projects_forms.open_form(client, trigger, projects_forms.edit_form(db, project.id, actor))
        ack()
    else:
        tell(said)


def show(number: int, actor: Actor, db: Database, now: datetime, tell: Tell) -> None:
    """*Open*: the card, for this person alone."""
    with db.reading(actor) as session:
        said = card(session, store.projects.get_by_id(session, number), actor, now)
    tell(said)


def hide(number: int, tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Make confidential*: from now on only its own see it."""
    tell(_veil(db, number, True, actor, key, now))
    nudge()


def unhide(number: int, tell: Tell, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Not confidential*: everybody here can see it again."""
    tell(_veil(db, number, False, actor, key, now))
    nudge()


def _veil(db: Database, number: int, hidden: bool, actor: Actor, key: str, now: datetime) -> Message:
    with db.transaction(actor, once=key, now=now) as session:
        project = store.projects.get_to_change(session, number)
        actor.must(Act.HIDE_PROJECT, project.id)
        changes = store.projects.hide(session, project, hidden=hidden, by=actor.person, now=now)
        return views.projects_changes.edited(
            project, changes, is_silent=projects_forms.is_silent(session, project, now)
        )


def card(session: Session, project: Project, actor: Actor, now: datetime) -> Message:
    """How a project stands, as this person may see it, with what they may do."""
    actor.must(Act.SEE_PROJECT, project.id)
    may = [act for act in Act if actor.may(act, project.id)]
    return views.projects.card(store.projects.standing(session, project), now=now, zone=actor.zone, may=may)


ROUTES = (
    command("project", Act.SEE_PROJECT, ask, usage="KEY [edit]", says="how a project stands; its form to change it"),
    action(views.projects.SHOW, Act.SEE_PROJECT, show),
    action(views.projects.HIDE, Act.HIDE_PROJECT, hide),
    action(views.projects.UNHIDE, Act.HIDE_PROJECT, unhide),
)
