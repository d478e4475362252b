"""Risks: raised in a line, in a form or from a message, edited, taken back, and listed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import evidence, forms, introductions
from bot.handlers.calls import Nudge, Respond, Tell, notice
from bot.handlers.routing import action, command, of, options, shortcut, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.fields import Fields
from bot.rules.risks import OneLine, RiskDraft
from bot.rules.terms import Service
from bot.store import Database, Session
from bot.store.tables import Message, Person, Project, RiskEntry

WHICH = "Which project is it? The line names none that I know, and no single project lives in this channel."
PAGE = 8


def ask(
    text: str,
    channel: str,
    trigger: str,
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """`/risk`: with words the risk is kept at once and answered with what was understood, else the form opens."""
    line = rules.risks.one_line(text, actor.today(now))
    introductions.meet(client, db, actor.workspace, [("owner", line.owner)], now=now)
    answer = _keep_line(db, line, channel, actor, key, now) if text else None
    if answer is None:
        with db.reading(actor) as session:
            project, line = _meant(session, line, channel)
        client.views_open(trigger_id=trigger, view=_form(project, line))
        ack()
    else:
        ack(answer)
        nudge()


def submit(
    view: Mapping[str, Any],
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form was sent: keep the risk, with a link to the message it was raised from."""
    source = forms.metadata(view)
    draft = rules.risks.draft(forms.read(view), actor.today(now))
    introductions.meet(client, db, actor.workspace, [("owner", draft.owner)], now=now)
    link = evidence.permalink(client, source)
    lost = evidence.UNLINKED if source and link is None else ""
    with db.transaction(actor, once=key, now=now) as session:
        entry = _keep(session, replace(draft, evidence=link), forms.number(draft.project, "project"), actor, now)
        if entry is None:
            raise Refused("That project is not here any more. Choose another one.", field="project")
        said = notice(views.risks.saved(entry, lost=lost, undo=False))
        answer = {"response_action": "update", "view": said}
        store.inbox.remember(session, answer)
    ack(answer)
    nudge()


def open_form(value: str, trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """*Raise a risk* on a card or on Home: the form, with the project where one is meant."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, forms.number(value)) if value else None
    client.views_open(trigger_id=trigger, view=views.risks_forms.raise_form(project=project))
    ack()


def from_message(
    message: Mapping[str, Any],
    channel: str,
    trigger: str,
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
) -> None:
    """*Raise a risk* on a message: the form with its words, its author and the project of the channel."""
    with db.reading(actor) as session:
        project = store.projects.find_by_channel(session, channel)
    form = views.risks_forms.raise_form(
        project=project,
        event=evidence.words(message),
        owner=evidence.author(message),
        source=evidence.source(message, channel),
    )
    client.views_open(trigger_id=trigger, view=form)
    ack()


def suggest(ack: Ack, value: str, actor: Actor, db: Database) -> None:
    """The projects somebody may raise a risk in, by what was typed of key or name."""
    with db.reading(actor) as session:
        found = store.projects.search(session, value, among=actor.projects_where(Act.RAISE_RISK))
    ack(**views.risks_forms.projects(found))


def open_edit(number: int, trigger: str, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database) -> None:
    """*Edit*: the form with all that was said."""
    with db.reading(actor) as session:
        entry = store.risks.get(session, number)
    _must_edit(actor, entry)
    if entry.risk.state.is_open:
        client.views_open(trigger_id=trigger, view=views.risks_forms.edit_form(entry))
        ack()
    else:
        tell(views.risks.over(entry))


def edit(
    view: Mapping[str, Any],
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The edited form was sent: keep what was said anew."""
    values = forms.read(view)
    introductions.meet(client, db, actor.workspace, [("owner", Fields(values).person("owner"))], now=now)
    with db.transaction(actor, once=key, now=now) as session:
        entry = store.risks.take(session, forms.metadata(view).number("risk"))
        _must_edit(actor, entry)
        said = views.risks.over(entry)
        if entry.risk.state.is_open:
            draft = rules.risks.draft(
                {**values, "project": str(entry.project.id)},
                actor.today(now),
                due_before=entry.risk.due,
                is_brief=views.risks_forms.is_brief(entry),
            )
            entry = store.risks.edit(session, entry, draft, owner=_owner(session, draft), by=actor, now=now)
            show(session, entry, now)
            said = views.risks.changed(entry, "saved as you wrote it")
    tell(said)
    nudge()


def undo(
    number: int,
    ack: Ack,
    tell: Tell,
    respond: Respond,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*Undo*: take the risk back, and its card with it; the answer takes the place of the button."""
    with db.transaction(actor, once=key, now=now) as session:
        entry = store.risks.take(session, number)
        if entry.risk.raised_by != actor.person:
            actor.must(Act.CLOSE_RISK, entry.project.id)
        said = views.risks.over(entry)
        if entry.risk.state.is_open:
            entry = store.risks.undo(session, entry, by=actor, now=now)
            store.posts.withdraw(session, entry.risk.card_key, now=now)
            said = views.risks.undone(entry)
    ack()
    nudge()
    if not respond(said, replace_original=True):
        tell(said)


def list_open(text: str, tell: Tell, actor: Actor, db: Database, now: datetime) -> None:
    """`/pmo risks [KEY]`: the open risks, of one project or of all."""
    with db.reading(actor) as session:
        project = store.projects.get(session, text) if text else None
        said = _page(session, project, 0, actor, now)
    tell(said)


def turn(value: str, ack: Ack, tell: Tell, respond: Respond, actor: Actor, db: Database, now: datetime) -> None:
    """*Next* and *Previous*: another page in the place of the one that is seen."""
    project_id, _, first = value.partition(":")
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, forms.number(project_id)) if project_id != "0" else None
        said = _page(session, project, forms.number(first), actor, now)
    ack()
    if not respond(said, replace_original=True):
        tell(said)


def show(session: Session, entry: RiskEntry, now: datetime) -> None:
    """Want the card to be seen as the risk is now, in its project's channel if there is one."""
    if entry.project.channel:
        message = views.risks.card(entry)
        store.posts.put(
            session, entry.risk.card_key, to=entry.project.channel, message=message, now=now, about=entry.project
        )


def _keep_line(
    db: Database, line: OneLine, channel: str, actor: Actor, key: str, now: datetime
) -> dict[str, Any] | None:
    """Keep a risk said in one line, and give the answer; None when it does not say enough for that.

    This is what people do most: the project is found and counted in one statement, the answer is kept with its key.
    """
    with db.transaction(actor) as session:
        entry = _keep(session, line.draft(line.key), line.key, actor, now) if line.key and line.event else None
        if entry is None:
            project, line = _meant(session, line, channel)
            entry = _keep(session, line.draft(project.key), project.id, actor, now) if project and line.event else None
        if entry is None:
            return None
        said = views.risks.saved(entry, assumed=line.assumed)
        answer = {"response_type": "ephemeral", **said.payload()}
        store.inbox.take(session, key, now=now, answer=answer)
    return answer


def _meant(session: Session, line: OneLine, channel: str) -> tuple[Project | None, OneLine]:
    """The project that a line is about: that of its first word, else the one of the channel it was typed in."""
    project = store.projects.find(session, line.key) if line.key else None
    if project is not None:
        return project, line
    return store.projects.find_by_channel(session, channel), line.whole


def _form(project: Project | None, line: OneLine) -> dict[str, Any]:
    """The form with what was understood of a line."""
    return views.risks_forms.raise_form(
        project=project,
        event=line.event,
        probability=None if "probability" in line.assumed else line.probability,
        impact=None if "impact" in line.assumed else line.impact,
        owner=line.owner,
        due=line.due,
        says=WHICH if line.event and project is None else "",
    )


def _keep(session: Session, draft: RiskDraft, of: int | str, actor: Actor, now: datetime) -> RiskEntry | None:
    """Keep a risk of a project, named by number or key, and want its card; None when there is no such project."""
    owner = _owner(session, draft)
    entry = store.risks.raise_risk(session, draft, of=of, owner=owner, by=actor, now=now)
    if entry is not None:
        actor.must(Act.RAISE_RISK, entry.project.id)
        show(session, entry, now)
    return entry


def _owner(session: Session, draft: RiskDraft) -> Person | None:
    return store.people.responsible(session, draft.owner, field="owner") if draft.owner else None


def _must_edit(actor: Actor, entry: RiskEntry) -> None:
    """The project's team edits its risks, and whoever raised one edits that."""
    if entry.risk.raised_by != actor.person:
        actor.must(Act.EDIT_RISK, entry.project.id)


def _page(session: Session, project: Project | None, first: int, actor: Actor, now: datetime) -> Message:
    number = project.id if project else None
    total = store.risks.count_open(session, project_id=number)
    first = min(first, max(0, total - 1) // PAGE * PAGE)
    entries = store.risks.list_open(session, project_id=number, limit=PAGE, offset=first)
    today = actor.today(now)
    return views.risks.page(entries, project=project, first=first, total=total, today=today, size=PAGE)


ROUTES = of(
    Service.RAID,
    command(
        "risk",
        Act.RAISE_RISK,
        ask,
        usage="[KEY what may happen p4 i5 due fri @ana]",
        says="raise a risk, in a form or in one line",
    ),
    command("risks", Act.SEE_RISKS, list_open, usage="[KEY]", says="the open risks, the worst first"),
    action(views.checkins.RISK, Act.RAISE_RISK, open_form),
    view(views.risks_forms.RAISE, Act.RAISE_RISK, submit),
    options(views.risks_forms.PROJECT, Act.RAISE_RISK, suggest),
    shortcut("risk_from_message", Act.RAISE_RISK, from_message),
    action(views.risks.EDIT, Act.RAISE_RISK, open_edit),
    view(views.risks.EDIT, Act.RAISE_RISK, edit),
    action(views.risks.UNDO, Act.RAISE_RISK, undo),
    action(views.risks.TURN, Act.SEE_RISKS, turn),
)
