"""Projects: added and edited by form; whoever is given a part in one is told, and so is its channel."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import forms, introductions, places
from bot.handlers.calls import Nudge, notice
from bot.handlers.routing import action, options, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.projects import ProjectDraft
from bot.rules.terms import Role
from bot.store import Database, Session
from bot.store.projects import HELD
from bot.store.tables import Channel, Message, Project, Standing
from bot.views.blocks import Option, View, suggestions

ONLY_PMO = "A new portfolio is made by the PMO: choose one that is there, or ask them."
Values = Mapping[str, Any]


class EditedMeanwhile(Exception):
    """Somebody else edited the project while its form was open; `form` says what, over what was typed."""

    def __init__(self, form: View) -> None:
        super().__init__("edited meanwhile")
        self.form = form


def open_form(client: WebClient, trigger: str, form: View) -> None:
    """Put a form before the person."""
    client.views_open(trigger_id=trigger, view=form)


def suggest_portfolio(value: str, ack: Ack, actor: Actor, db: Database) -> None:
    """The portfolios like what was typed; the PMO may make that a new one."""
    typed = " ".join(value.split())
    with db.reading(actor) as session:
        found = store.portfolios.search(session, typed)
    offered = [views.projects_forms.portfolio_option(number, name) for number, name in found]
    is_new = typed and typed.casefold() not in {name.casefold() for _, name in found}
    if is_new and len(typed) <= rules.portfolios.NAME and actor.may(Act.ADD_PROJECT):
        offered.append(views.projects_forms.new_portfolio_option(typed))
    ack(**suggestions(offered))


def is_silent(session: Session, project: Project, now: datetime) -> bool:
    """Whether the project has a channel that is told nothing of it."""
    return bool(project.channel) and not store.audiences.may_read(session, project, project.channel or "", now=now)


def open_edit(number: int, trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """*Edit*: the form with what the project is."""
    open_form(client, trigger, edit_form(db, number, actor))
    ack()


def edit_form(db: Database, project_id: int, actor: Actor) -> View:
    """The form of a project as it is now, for who may edit it."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, project_id)
        actor.must(Act.EDIT_PROJECT, project.id)
        was = store.projects.draft_of(session, project)
        return _form(session, project, was, views.projects_forms.filled(was), actor)


def change(
    view: Values,
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form was sent: save it, unless somebody else edited the project meanwhile; who has a new part is told."""
    values, kept = forms.read(view), forms.metadata(view)
    try:
        was, draft = _draft(db, values, kept, actor, now)
        before, after = people(was), people(draft)
        newly = {role: after[role] for role in HELD if before[role] != after[role]}
        introductions.meet(client, db, actor.workspace, newly.items(), now=now)
        channel = places.look(client, db, actor, draft.channel, now=now) if draft.channel != was.channel else None
        agreed = places.agree(channel, values, actor)
        with db.transaction(actor, once=key, now=now) as session:
            places.keep_word(session, channel, agreed, actor, now)
            project = store.projects.get_to_change(session, kept.number("project"))
            _unchanged(session, project, values, kept, actor)
            answer = shown(notice(_save(session, project, was, draft, actor, now)))
            announce(session, store.projects.standing(session, project), newly, actor, now)
            store.inbox.remember(session, answer)
    except EditedMeanwhile as meanwhile:
        ack(shown(meanwhile.form))
        return
    except places.Shared as shared:
        ack(shown(_ask_first(db, kept, values, actor, shared.channel)))
        return
    ack(answer)
    nudge()


def _draft(
    db: Database, values: Values, kept: forms.Carried, actor: Actor, now: datetime
) -> tuple[ProjectDraft, ProjectDraft]:
    """The project as it is, and as the form says, where this person may say it."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, kept.number("project"))
        actor.must(Act.EDIT_PROJECT, project.id)
        was = _unchanged(session, project, values, kept, actor)
        held_from = store.projects.held_from(session, project)
    draft = rules.projects.draft(values, actor.today(now), was=was, held_from=held_from)
    if not actor.may(Act.SET_BASELINE, project.id):
        rules.projects.keep_baseline(was, draft)
    if not actor.may(Act.ADD_PROJECT) and draft.portfolio and rules.portfolios.new_name(draft.portfolio):
        raise Refused(ONLY_PMO, "portfolio")
    if was.confidential is not draft.confidential:
        actor.must(Act.HIDE_PROJECT, project.id)
    rules.teams.not_themselves([was.sponsor], [draft.sponsor], actor, project.id)
    return was, draft


def _unchanged(session: Session, project: Project, values: Values, kept: forms.Carried, actor: Actor) -> ProjectDraft:
    """The project as the form showed it; raises EditedMeanwhile when that is not so any more."""
    was = store.projects.draft_of(session, project)
    edits = store.projects.edits_since(session, project, kept.number("seen"))
    if edits:
        raise EditedMeanwhile(_form(session, project, was, values, actor, edits=edits))
    return was


def _save(
    session: Session, project: Project, was: ProjectDraft, draft: ProjectDraft, actor: Actor, now: datetime
) -> Message:
    """Make the project what the form says, and take its card out of a channel it left; what to answer."""
    portfolio = store.portfolios.chosen(session, draft.portfolio, by=actor.person, now=now)
    card = project.card_key
    changes = store.projects.edit(session, project, draft, portfolio=portfolio, by=actor.person, now=now)
    if was.channel != draft.channel:
        store.posts.withdraw(session, card, now=now)
    return views.projects_changes.edited(project, changes, is_silent=is_silent(session, project, now))


def announce(session: Session, standing: Standing, roles: Iterable[Role], actor: Actor, now: datetime) -> None:
    """Tell those who hold these roles, whoever acts aside, and show the project in its channel."""
    project = standing.project
    for role in roles:
        for person in standing.held.get(role, []):
            if person.id != actor.person:
                said = views.projects.told(standing, role, by=actor.slack_id, zone=person.timezone)
                key = project.told_key(role, person.slack_id)
                store.posts.put(session, key, to=person.slack_id, message=said, now=now, about=project)
    if project.channel:
        welcome = views.projects.welcome(standing)
        store.posts.put(session, project.card_key, to=project.channel, message=welcome, now=now, about=project)


def _form(
    session: Session,
    project: Project,
    was: ProjectDraft,
    values: Values,
    actor: Actor,
    *,
    edits: views.projects_forms.Edits = (),
    shared: Channel | None = None,
) -> View:
    held_from = store.projects.held_from(session, project)
    return views.projects_forms.edit_form(
        project,
        values,
        seen=store.audit.newest(session, project),
        ways=rules.projects.ways(was.state, held_from),
        was=was,
        portfolio=portfolio_option(session, values.get("portfolio")),
        edits=edits,
        may_hide=actor.may(Act.HIDE_PROJECT, project.id),
        shared=shared,
    )


def _ask_first(db: Database, kept: forms.Carried, values: Values, actor: Actor, shared: Channel) -> View:
    """The form as it was sent, with the question that is owed about its channel."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, kept.number("project"))
        was = store.projects.draft_of(session, project)
        return _form(session, project, was, values, actor, shared=shared)


def portfolio_option(session: Session, picked: str | None) -> Option | None:
    """What the form shows as its portfolio."""
    if not picked:
        return None
    name = rules.portfolios.new_name(picked)
    if name is not None:
        return views.projects_forms.new_portfolio_option(name)
    portfolio = store.portfolios.find(session, forms.number(picked, "portfolio"))
    return views.projects_forms.portfolio_option(portfolio.id, portfolio.name) if portfolio else None


def people(draft: ProjectDraft) -> dict[Role, str | None]:
    """Whom a form names for each part, by their ids in Slack."""
    return {Role.MANAGER: draft.manager, Role.SPONSOR: draft.sponsor, Role.DEPUTY: draft.deputy}


def shown(form: View) -> dict[str, Any]:
    """The answer that puts a form, or a notice, in the place of the one that was sent."""
    return {"response_action": "update", "view": form}


ROUTES = (
    options(views.projects_forms.PORTFOLIO, Act.EDIT_PROJECT, suggest_portfolio),
    action(views.projects.EDIT, Act.EDIT_PROJECT, open_edit),
    view(views.projects_forms.CHANGE, Act.EDIT_PROJECT, change),
)
