"""Projects: a new one, set up by form; its people and its channel are told."""

from contextlib import suppress
from datetime import datetime

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import rules, store, views
from bot.handlers import forms, introductions, places, projects_forms
from bot.handlers.calls import Nudge, notice
from bot.handlers.projects_forms import Values
from bot.handlers.routing import action, command, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.projects import ProjectDraft
from bot.store import Database, Session
from bot.store.projects import HELD
from bot.store.tables import Channel, Message
from bot.views.blocks import View


def open_add(text: str, trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """`/pmo project add`: the form of a new project; words after it are its name."""
    name = rules.words.unmarked(rules.words.tidy(text))
    suggested = _suggested(db, actor, name)
    with db.reading(actor) as session:
        workspace = store.workspaces.get(session)
    usual = {"cadence": workspace.cadence, "cadence_time": rules.words.clock_time(workspace.cadence_time)}
    values = {"name": name, "key": suggested, **usual}
    form = views.projects_forms.add_form(values, suggested=suggested, may_hide=actor.may_ever(Act.HIDE_PROJECT))
    projects_forms.open_form(client, trigger, form)
    ack()


def suggest_key(view: Values, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """A letter of the name was typed: suggest a key, unless somebody wrote one of their own."""
    values, before = forms.read(view), forms.metadata(view).word("suggested")
    suggested = _suggested(db, actor, values.get("name") or "")
    if suggested != before and (values.get("key") or before) == before:
        form = _add_form(db, actor, {**values, "key": suggested}, suggested)
        with suppress(SlackApiError):  # the form was closed, or the next letter came first
            client.views_update(view_id=view["id"], view=form)
    ack()


def add(
    view: Values,
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form of a new project was sent: set it up, and have its people and its channel told."""
    values = forms.read(view)
    with db.reading(actor) as session:
        taken = store.projects.keys(session)
    values["key"] = values.get("key") or rules.projects.suggest_key(values.get("name") or "", taken)
    draft = rules.projects.draft(values, actor.today(now), taken=taken)
    rules.teams.not_themselves((), [draft.sponsor], actor, None)
    introductions.meet(client, db, actor.workspace, projects_forms.people(draft).items(), now=now)
    try:
        channel = places.look(client, db, actor, draft.channel, now=now)
        agreed = places.agree(channel, values, actor)
    except places.Shared as shared:
        ack(projects_forms.shown(_add_form(db, actor, values, forms.metadata(view).word("suggested"), shared.channel)))
        return
    with db.transaction(actor, once=key, now=now) as session:
        places.keep_word(session, channel, agreed, actor, now)
        answer = projects_forms.shown(notice(_add(session, draft, actor, now)))
        store.inbox.remember(session, answer)
    ack(answer)
    nudge()


def _add(session: Session, draft: ProjectDraft, actor: Actor, now: datetime) -> Message:
    """Set the project up where this person may, and have everybody told; what to answer."""
    portfolio = store.portfolios.chosen(session, draft.portfolio, by=actor.person, now=now)
    number = portfolio.id if portfolio else None
    actor.must(Act.ADD_PROJECT, portfolio=number)
    if draft.confidential:
        actor.must(Act.HIDE_PROJECT, portfolio=number)
    project = store.projects.add(session, draft, portfolio=portfolio, by=actor.person, now=now)
    standing = store.projects.standing(session, project)
    projects_forms.announce(session, standing, HELD, actor, now)
    return views.projects.added(standing, zone=actor.zone, is_silent=projects_forms.is_silent(session, project, now))


def _add_form(db: Database, actor: Actor, values: Values, suggested: str, shared: Channel | None = None) -> View:
    """The form of a new project with what was entered."""
    with db.reading(actor) as session:
        portfolio = projects_forms.portfolio_option(session, values.get("portfolio"))
    may_hide = actor.may_ever(Act.HIDE_PROJECT)
    return views.projects_forms.add_form(
        values, suggested=suggested, portfolio=portfolio, may_hide=may_hide, shared=shared
    )


def _suggested(db: Database, actor: Actor, name: str) -> str:
    if not name:
        return ""
    with db.reading(actor) as session:
        return rules.projects.suggest_key(name, store.projects.keys(session))


ROUTES = (
    command("project add", Act.ADD_PROJECT, open_add, usage="[NAME]", says="set up a project"),
    action(views.projects_forms.NAMED, Act.ADD_PROJECT, suggest_key),
    view(views.projects_forms.ADD, Act.ADD_PROJECT, add),
)
