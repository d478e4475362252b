"""Projects: added and edited by form; whoever is given a part in one is told, and so is its channel."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import forms, introductions
from bot.handlers.calls import Nudge, notice
from bot.handlers.routing import action, command, options, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.projects import ProjectDraft
from bot.rules.terms import Role
from bot.store import Database, Session
from bot.store.projects import HELD
from bot.store.tables import Message, Project, Standing
from bot.views.blocks import Option, View, suggestions

ONLY_PMO = "A new portfolio is made by the PMO: choose one that is there, or ask them."
Values = Mapping[str, Any]


class EditedMeanwhile(Exception):
    """Somebody else edited the project while its form was open; `form` says what, over what was typed."""

    def __init__(self, form: View) -> None:
        super().__init__("edited meanwhile")
        self.form = form


def open_add(text: str, trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """`/pmo project add`: the form of a new project; words after it are its name."""
    name = rules.words.unmarked(rules.words.tidy(text))
    suggested = _suggested(db, actor, name)
    form = views.projects_forms.add_form({"name": name, "key": suggested}, suggested=suggested)
    open_form(client, trigger, form)
    ack()


def open_form(client: WebClient, trigger: str, form: View) -> None:
    """Put a form before the person."""
    client.views_open(trigger_id=trigger, view=form)


def suggest_key(view: Values, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """A letter of the name was typed: suggest a key, unless somebody wrote one of their own."""
    values, before = forms.read(view), forms.metadata(view).get("suggested") or ""
    suggested = _suggested(db, actor, values.get("name") or "")
    if suggested != before and (values.get("key") or before) == before:
        with db.reading(actor) as session:
            portfolio = _portfolio_option(session, values.get("portfolio"))
        form = views.projects_forms.add_form({**values, "key": suggested}, suggested=suggested, portfolio=portfolio)
        with suppress(SlackApiError):  # the form was closed, or the next letter came first
            client.views_update(view_id=view["id"], view=form)
    ack()


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
    introductions.meet(client, db, actor.workspace, _people(draft).items(), now=now)
    with db.transaction(actor, once=key, now=now) as session:
        portfolio = store.portfolios.chosen(session, draft.portfolio, by=actor.person, now=now)
        project = store.projects.add(session, draft, portfolio=portfolio, by=actor.person, now=now)
        standing = store.projects.standing(session, project)
        _announce(session, standing, HELD, actor, now)
        answer = _answer(notice(views.projects.added(standing, zone=actor.zone)))
        store.inbox.remember(session, answer)
    ack(answer)
    nudge()


def open_edit(value: str, trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """*Edit*: the form with what the project is."""
    open_form(client, trigger, edit_form(db, int(value), actor))
    ack()


def edit_form(db: Database, project_id: int, actor: Actor) -> View:
    """The form of a project as it is now, for who may edit it."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, project_id)
        actor.must(Act.EDIT_PROJECT, project.id)
        was = store.projects.draft_of(session, project)
        return _form(session, project, was, views.projects_forms.filled(was))


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
        before, after = _people(was), _people(draft)
        newly = {role: after[role] for role in HELD if before[role] != after[role]}
        introductions.meet(client, db, actor.workspace, newly.items(), now=now)
        with db.transaction(actor, once=key, now=now) as session:
            project = store.projects.get_to_change(session, kept["project"])
            _unchanged(session, project, values, kept)
            answer = _answer(notice(_save(session, project, was, draft, actor, now)))
            _announce(session, store.projects.standing(session, project), newly, actor, now)
            store.inbox.remember(session, answer)
    except EditedMeanwhile as meanwhile:
        ack(_answer(meanwhile.form))
        return
    ack(answer)
    nudge()


def _draft(
    db: Database, values: Values, kept: Values, actor: Actor, now: datetime
) -> tuple[ProjectDraft, ProjectDraft]:
    """The project as it is, and as the form says, where this person may say it."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, kept["project"])
        actor.must(Act.EDIT_PROJECT, project.id)
        was = _unchanged(session, project, values, kept)
        held_from = store.projects.held_from(session, project)
    draft = rules.projects.draft(values, actor.today(now), was=was, held_from=held_from)
    if not actor.may(Act.ADD_PROJECT):
        rules.projects.keep_baseline(was, draft)
        if draft.portfolio and rules.portfolios.new_name(draft.portfolio):
            raise Refused(ONLY_PMO, "portfolio")
    return was, draft


def _unchanged(session: Session, project: Project, values: Values, kept: Values) -> ProjectDraft:
    """The project as the form showed it; raises EditedMeanwhile when that is not so any more."""
    was = store.projects.draft_of(session, project)
    edits = store.projects.edits_since(session, project, kept["seen"])
    if edits:
        raise EditedMeanwhile(_form(session, project, was, values, edits=edits))
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
    return views.projects.edited(project, changes)


def _announce(session: Session, standing: Standing, roles: Iterable[Role], actor: Actor, now: datetime) -> None:
    """Tell those who hold these roles, whoever acts aside, and show the project in its channel."""
    project = standing.project
    for role in roles:
        for person in standing.held.get(role, []):
            if person.id != actor.person:
                said = views.projects.told(standing, role, by=actor.slack_id, zone=person.timezone)
                store.posts.put(
                    session, project.told_key(role, person.slack_id), to=person.slack_id, message=said, now=now
                )
    if project.channel:
        welcome = views.projects.welcome(standing)
        store.posts.put(session, project.card_key, to=project.channel, message=welcome, now=now)


def _form(
    session: Session,
    project: Project,
    was: ProjectDraft,
    values: Values,
    *,
    edits: views.projects_forms.Edits = (),
) -> View:
    held_from = store.projects.held_from(session, project)
    return views.projects_forms.edit_form(
        project,
        values,
        seen=store.audit.newest(session, project),
        ways=rules.projects.ways(was.state, held_from),
        was=was,
        portfolio=_portfolio_option(session, values.get("portfolio")),
        edits=edits,
    )


def _portfolio_option(session: Session, picked: str | None) -> Option | None:
    """What the form shows as its portfolio."""
    if not picked:
        return None
    name = rules.portfolios.new_name(picked)
    if name is not None:
        return views.projects_forms.new_portfolio_option(name)
    portfolio = store.portfolios.find(session, int(picked))
    return views.projects_forms.portfolio_option(portfolio.id, portfolio.name) if portfolio else None


def _suggested(db: Database, actor: Actor, name: str) -> str:
    if not name:
        return ""
    with db.reading(actor) as session:
        return rules.projects.suggest_key(name, store.projects.keys(session))


def _people(draft: ProjectDraft) -> dict[Role, str | None]:
    return {Role.MANAGER: draft.manager, Role.SPONSOR: draft.sponsor, Role.DEPUTY: draft.deputy}


def _answer(form: View) -> dict[str, Any]:
    return {"response_action": "update", "view": form}


ROUTES = (
    command("project add", Act.ADD_PROJECT, open_add, usage="[NAME]", says="set up a project"),
    action(views.projects_forms.NAMED, Act.ADD_PROJECT, suggest_key),
    options(views.projects_forms.PORTFOLIO, Act.EDIT_PROJECT, suggest_portfolio),
    view(views.projects_forms.ADD, Act.ADD_PROJECT, add),
    action(views.projects.EDIT, Act.EDIT_PROJECT, open_edit),
    view(views.projects_forms.CHANGE, Act.EDIT_PROJECT, change),
)
