"""Teams: who has which part in a project, shown, and changed in a form or in one line; they are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import forms, introductions
from bot.handlers.calls import Nudge, Respond, Tell, notice
from bot.handlers.routing import action, command, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.teams import Line, Team
from bot.rules.terms import Role
from bot.store import Database, Session
from bot.store.tables import Message, Project
from bot.store.teams import Changes

WHICH = "Say which project: `/pmo team APOLLO`. In a project's own channel `/pmo team` is enough."
MEANWHILE = "Somebody changed this project since the form was opened. Close it and open it anew."


def ask(
    text: str,
    channel: str,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """`/pmo team APOLLO` shows the team; `add @ann member` or `remove @ann` after it changes it."""
    line = rules.teams.one_line(text) if text else Line("")
    if line.slack_id:
        change_by_line(line, tell=tell, client=client, actor=actor, db=db, key=key, now=now, nudge=nudge)
        return
    with db.reading(actor) as session:
        here = store.projects.find_by_channel(session, channel)
        project = store.projects.get(session, line.key) if line.key else here
        if project is None:
            raise Refused(WHICH)
        actor.must(Act.SEE_TEAM, project.id)
        may_change = actor.may(Act.MANAGE_TEAM, project.id)
        said = views.teams.card(project, store.teams.of(session, project.id), may_change=may_change)
    tell(said)


def change_by_line(
    line: Line,
    *,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """Somebody joins a team or leaves it, as one line says."""
    with db.reading(actor) as session:
        project = store.projects.get(session, line.key)
        team = store.teams.of(session, project.id)
    rules.teams.check(team, rules.teams.changed(team, line), actor, project.id)
    if line.joins:
        introductions.meet(client, db, actor.workspace, [("person", line.slack_id)], now=now)
    with db.transaction(actor, once=key, now=now) as session:
        project = store.projects.get_to_change(session, project.id)
        team = store.teams.of(session, project.id)
        said = _save(session, project, team, rules.teams.changed(team, line), actor, now)
    tell(said)
    nudge()


def open_form(
    number: int, view: Mapping[str, Any], trigger: str, ack: Ack, client: WebClient, actor: Actor, db: Database
) -> None:
    """*Change*: the form with who is in the team now."""
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, number)
        actor.must(Act.MANAGE_TEAM, project.id)
        team, seen = store.teams.of(session, project.id), store.audit.newest(session, project)
    form = views.teams.form(project, team, {}, seen=seen)
    if view.get("type") == "modal":
        client.views_push(trigger_id=trigger, view=form)
    else:
        client.views_open(trigger_id=trigger, view=form)
    ack()


def change(
    view: Mapping[str, Any],
    ack: Ack,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form was sent: save the team, unless somebody else changed the project meanwhile."""
    values, kept = forms.read(view), forms.metadata(view)
    with db.reading(actor) as session:
        project = store.projects.get_by_id(session, kept.number("project"))
        team = store.teams.of(session, project.id)
    after = rules.teams.of_form(values, team)
    rules.teams.check(team, after, actor, project.id)
    introductions.meet(client, db, actor.workspace, _newcomers(team, after), now=now)
    with db.transaction(actor, once=key, now=now) as session:
        project = store.projects.get_to_change(session, project.id)
        if store.projects.edits_since(session, project, kept.number("seen")):
            raise Refused(MEANWHILE)
        said = _save(session, project, store.teams.of(session, project.id), after, actor, now)
        answer = {"response_action": "update", "view": notice(said)}
        store.inbox.remember(session, answer)
    ack(answer)
    nudge()


def undo(
    value: str,
    ack: Ack,
    tell: Tell,
    respond: Respond,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """*Undo*: those who had the parts have them again."""
    number, parts = rules.teams.unpack(value)
    with db.transaction(actor, once=key, now=now) as session:
        project = store.projects.get_to_change(session, number)
        team = store.teams.of(session, project.id)
        after = {role: held for role, held in parts.items() if sorted(held) != sorted(team.get(role, ()))}
        said = _save(session, project, team, after, actor, now)
    nudge()
    if respond(said, replace_original=True):
        ack()
    else:
        tell(said)


def tell_of_parts(session: Session, project: Project, changes: Changes, actor: Actor, now: datetime) -> None:
    """Tell those who have a part now, and those who have it no more, whoever acts aside."""
    standing = store.projects.standing(session, project)
    for role, (before, after) in changes.items():
        had, has = {person.slack_id for person in before}, {person.slack_id for person in after}
        for person in after:
            if person.slack_id not in had and person.id != actor.person:
                said = (
                    views.teams.joined(project, by=actor.slack_id)
                    if role is Role.MEMBER
                    else views.projects.told(standing, role, by=actor.slack_id, zone=person.timezone)
                )
                key = project.told_key(role, person.slack_id)
                store.posts.put(session, key, to=person.slack_id, message=said, now=now, about=project)
        for person in before:
            if person.slack_id not in has and person.id != actor.person:
                said = views.teams.left(project, role, by=actor.slack_id)
                key = project.told_key(role, person.slack_id)
                store.posts.put(session, key, to=person.slack_id, message=said, now=now, about=project)


def _save(
    session: Session, project: Project, team: Team, after: Mapping[Role, list[str]], actor: Actor, now: datetime
) -> Message:
    """Change the parts that differ, tell whom it concerns, and say what was changed."""
    rules.teams.check(team, after, actor, project.id)
    changes = store.teams.change(session, project, after, by=actor.person, now=now) if after else {}
    tell_of_parts(session, project, changes, actor, now)
    return views.teams.saved(project, changes)


def _newcomers(team: Team, after: Mapping[Role, list[str]]) -> list[tuple[str, str]]:
    """Who has a part that they did not have, by the field of the form."""
    return [
        ("members" if role is Role.MEMBER else role.value, slack_id)
        for role, held in after.items()
        for slack_id in held
        if slack_id not in team.get(role, ())
    ]


ROUTES = (
    command(
        "team",
        Act.SEE_TEAM,
        ask,
        usage="KEY [add | remove @PERSON PART]",
        says="who has which part in a project; add or remove somebody",
    ),
    action(views.teams.OPEN, Act.MANAGE_TEAM, open_form),
    view(views.teams.CHANGE, Act.MANAGE_TEAM, change),
    action(views.teams.UNDO, Act.MANAGE_TEAM, undo),
)
