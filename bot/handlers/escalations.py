"""Escalations: asked for in a form, from a line, a risk, a project or a message, and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import evidence, forms
from bot.handlers.calls import Nudge, Respond, Tell, notice
from bot.handlers.routing import action, command, of, options, shortcut, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.escalations import EscalationDraft
from bot.rules.references import Letter
from bot.rules.terms import EscalationLevel, Role, Service
from bot.store import Database, Session
from bot.store.tables import EscalationEntry, Message, Person, Project, RiskEntry
from bot.views.blocks import View

PAGE = 5
NOBODY = "Nobody can decide this: there is no PMO but you. A PMO admin names one: `/pmo role @ann pmo`."


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
    """`/escalate`: the form, with what was said: a project and what is asked, or the reference of a risk."""
    with db.reading(actor) as session:
        form = _of_reference(session, text, actor) or _of_line(session, text, channel, actor, now)
    if isinstance(form, str):
        tell(form)
    else:
        client.views_open(trigger_id=trigger, view=form)
        ack()


def open_from_risk(
    number: int, trigger: str, ack: Ack, tell: Tell, client: WebClient, actor: Actor, db: Database
) -> None:
    """*Escalate* on a risk's card: the form with what the risk says."""
    with db.reading(actor) as session:
        form = _of_risk(session, store.risks.get(session, number), actor)
    if isinstance(form, str):
        tell(form)
    else:
        client.views_open(trigger_id=trigger, view=form)
        ack()


def open_from_project(number: int, trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database) -> None:
    """*Escalate* on a project or its report: the form with the cause that was reported last."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, number)
    actor.must(Act.RAISE_ESCALATION, project.id)
    carries = {"project": project.id, "report": project.report_id}
    form = views.escalations_forms.raise_form(project=project, is_fixed=True, what=project.cause or "", carries=carries)
    client.views_open(trigger_id=trigger, view=form)
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
    """*Escalate this* on a message: the form with its words and the project of the channel."""
    with db.reading(actor) as session:
        project = _here(session, channel, actor)
    form = views.escalations_forms.raise_form(
        project=project, what=evidence.words(message), carries=evidence.source(message, channel)
    )
    client.views_open(trigger_id=trigger, view=form)
    ack()


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
    """The form was sent: keep what is asked, put it to who decides, and show the raiser how it goes."""
    carried = forms.metadata(view)
    values = forms.read(view)
    values.setdefault("project", carried.get("project"))
    draft = rules.escalations.draft(values, actor.today(now))
    draft = replace(draft, evidence=evidence.permalink(client, carried))
    with db.transaction(actor, once=key, now=now) as session:
        said = _raise(session, draft, carried, actor, now)
        answer = {"response_action": "update", "view": notice(said)}
        store.inbox.remember(session, answer)
    ack(answer)
    nudge()


def suggest(ack: Ack, value: str, actor: Actor, db: Database) -> None:
    """The projects somebody may escalate in, by what was typed of key or name."""
    with db.reading(actor) as session:
        found = store.projects.search(session, value, among=actor.projects_where(Act.RAISE_ESCALATION))
    ack(**views.risks_forms.projects(found))


def list_open(tell: Tell, actor: Actor, db: Database, now: datetime) -> None:
    """`/pmo escalations`: the open ones that somebody may see, the overdue first."""
    with db.reading(actor) as session:
        said = _page(session, 0, actor, now)
    tell(said)


def turn(number: int, ack: Ack, tell: Tell, respond: Respond, actor: Actor, db: Database, now: datetime) -> None:
    """*Next* and *Previous*: another page in the place of the one that is seen."""
    with db.reading(actor) as session:
        said = _page(session, number, actor, now)
    ack()
    if not respond(said, replace_original=True):
        tell(said)


def show(session: Session, entry: EscalationEntry, now: datetime) -> None:
    """Want everybody it concerns to see the escalation as it is now."""
    for key, to, message in views.escalations.posts(entry):
        store.posts.put(session, key, to=to, message=message, now=now, about=entry.project)


def _of_reference(session: Session, text: str, actor: Actor) -> View | str | None:
    """The form of the risk whose reference was typed; None for anything else."""
    ref = rules.references.find_ref(text)
    if ref is None or ref.letter is not Letter.RISK or str(ref) != text.upper():
        return None
    entry = store.risks.find_by_ref(session, ref)
    return None if entry is None else _of_risk(session, entry, actor)


def _of_line(session: Session, text: str, channel: str, actor: Actor, now: datetime) -> View:
    """The form with what a line says; its project is that of the first word, else the one of the channel."""
    line = rules.escalations.one_line(text, actor.today(now))
    project = store.projects.find(session, line.key) if line.key else None
    if project is None:
        project, line = _here(session, channel, actor), line.whole
    return views.escalations_forms.raise_form(project=project, ask=line.ask, decide_by=line.decide_by)


def _of_risk(session: Session, entry: RiskEntry, actor: Actor) -> View | str:
    """The form of a risk; in words why there is none, when the risk is over or escalated already."""
    actor.must(Act.RAISE_ESCALATION, entry.project.id)
    if not entry.risk.state.is_open:
        return views.risks.over(entry)
    waiting = store.escalations.find_open_of_risk(session, entry.risk.id)
    if waiting is not None:
        return views.escalations.escalated_already(waiting)
    return views.escalations_forms.raise_form(
        project=entry.project,
        is_fixed=True,
        what=entry.risk.event,
        impact_if_nothing=entry.risk.effect or "",
        carries={"project": entry.project.id, "risk": entry.risk.id},
    )


def _here(session: Session, channel: str, actor: Actor) -> Project | None:
    """The project of the channel, where this person may escalate in it."""
    project = store.projects.find_by_channel(session, channel)
    return project if project and actor.may(Act.RAISE_ESCALATION, project.id) else None


def _raise(
    session: Session, draft: EscalationDraft, carried: forms.Carried, actor: Actor, now: datetime
) -> Message | str:
    project = store.projects.get_by_id(session, forms.number(draft.project, "project"))
    actor.must(Act.RAISE_ESCALATION, project.id)
    if project.state in store.projects.OVER:
        raise Refused(f"{project.key} is over. Choose a project that is still going on.", field="project")
    risk_id = carried.find_number("risk")
    if risk_id is not None and (stopped := _stopped(session, risk_id)):
        return stopped
    draft, to, notices = _addressed(session, draft, project, actor, now)
    entry = store.escalations.raise_escalation(
        session,
        draft,
        project=project,
        to=to,
        by=actor,
        now=now,
        risk_id=risk_id,
        report_id=carried.find_number("report"),
    )
    show(session, entry, now)
    if carried.word("ts") and draft.evidence is None:
        notices = [*notices, evidence.UNLINKED]
    return views.escalations.raised(entry, notices)


def _stopped(session: Session, risk_id: int) -> str | None:
    """Why a risk cannot be escalated (any more), None when it can; it is held until the transaction ends."""
    entry = store.risks.take(session, risk_id)
    if not entry.risk.state.is_open:
        return views.risks.over(entry)
    waiting = store.escalations.find_open_of_risk(session, risk_id)
    return views.escalations.escalated_already(waiting) if waiting else None


def _addressed(
    session: Session, draft: EscalationDraft, project: Project, actor: Actor, now: datetime
) -> tuple[EscalationDraft, Sequence[Person], list[str]]:
    """Who is asked, never who asks: the PMO where there is no other sponsor, with a word about that."""

    def deciders(level: EscalationLevel) -> Sequence[Person]:
        return store.escalations.list_deciders(session, project.id, level, raiser=actor.person, now=now)

    to, notices = deciders(draft.to), []
    if draft.to is EscalationLevel.SPONSOR and not to:
        is_own = Role.SPONSOR in actor.projects.get(project.id, ())
        why = f"You sponsor {project.key} yourself" if is_own else f"{project.key} has no sponsor"
        notices = [f"{why}, so it goes to the PMO."]
        draft = replace(draft, to=EscalationLevel.PMO)
        to = deciders(draft.to)
    if not to:
        raise Refused(NOBODY, field="to")
    return draft, to, notices


def _page(session: Session, first: int, actor: Actor, now: datetime) -> Message:
    total = store.escalations.count_open(session, actor)
    first = min(first, max(0, total - 1) // PAGE * PAGE)
    entries = [
        (entry, may_decide(actor, entry), entry.raised_by == actor.slack_id)
        for entry in store.escalations.list_open(session, actor, limit=PAGE, offset=first)
    ]
    return views.escalations.page(entries, first=first, total=total, today=actor.today(now), size=PAGE)


def may_decide(actor: Actor, entry: EscalationEntry) -> bool:
    """Whether it lies with this person now; who asks does not decide."""
    is_theirs = rules.access.may_decide(entry.escalation.level, actor.roles_in(entry.project.id))
    return is_theirs and entry.escalation.raised_by != actor.person


ROUTES = of(
    Service.ESCALATIONS,
    command(
        "escalate",
        Act.RAISE_ESCALATION,
        ask,
        usage="[KEY what you ask by fri, or APOLLO-R12]",
        says="ask for a decision that is above you",
    ),
    command("escalations", Act.SEE_ESCALATIONS, list_open, says="the decisions that are waiting, the overdue first"),
    view(views.escalations_forms.RAISE, Act.RAISE_ESCALATION, submit),
    options(views.escalations_forms.PROJECT, Act.RAISE_ESCALATION, suggest),
    shortcut("escalate_from_message", Act.RAISE_ESCALATION, from_message),
    action(views.escalations.OPEN, Act.RAISE_ESCALATION, open_from_project),
    action(views.escalations.OPEN_FROM_RISK, Act.RAISE_ESCALATION, open_from_risk),
    action(views.escalations.TURN, Act.SEE_ESCALATIONS, turn),
)
