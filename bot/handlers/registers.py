"""Registers: a file dropped into the form is read and shown first, and goes in when somebody says so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import checklist, forms
from bot.handlers.calls import Nudge, Tell
from bot.handlers.routing import action, command, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import RegisterState
from bot.store import Database
from bot.views import setup_forms

NO_FILE = "Drop a CSV or XLSX file here."
TOO_LARGE = f"This file is larger than {rules.setup.REGISTER_MB} MB. `pmo-bot import projects` takes larger ones."


def ask(trigger: str, ack: Ack, client: WebClient) -> None:
    """`/pmo import`: the form into which a register is dropped."""
    client.views_open(trigger_id=trigger, view=setup_forms.register())
    ack()


def submit(
    view: Mapping[str, Any],
    ack: Ack,
    tell: Tell,
    client: WebClient,
    actor: Actor,
    db: Database,
    key: str,
    now: datetime,
    nudge: Nudge,
) -> None:
    """The form was sent: have the file read, which takes longer than a form may; the person is told in their chat."""
    values = forms.read(view)
    columns = rules.setup.mapping(values)
    file = _file(values)
    with db.transaction(actor, once=key, now=now) as session:
        register = store.registers.ask(
            session,
            file_id=str(file["id"]),
            name=str(file.get("name") or "register"),
            columns=columns,
            as_of=values.get("as_of"),
            by=actor.person,
            now=now,
        )
        message = views.registers.being_read(register)
        store.posts.put(session, register.post_key, to=actor.slack_id, message=message, now=now)
    checklist.answer(ack, tell, client, db, actor, view, said=views.registers.asked(register))
    nudge()


def want(number: int, ack: Ack, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Import*: what was shown goes in."""
    with db.transaction(actor, once=key, now=now) as session:
        register = store.registers.take(session, number)
        _must_be_theirs(register.person_id, actor)
        store.registers.wanted(session, register, now=now)
        message = views.registers.importing(register)
        store.posts.put(session, register.post_key, to=actor.slack_id, message=message, now=now)
    ack()
    nudge()


def leave(number: int, ack: Ack, actor: Actor, db: Database, key: str, now: datetime, nudge: Nudge) -> None:
    """*Leave it*: nothing of it goes in."""
    with db.transaction(actor, once=key, now=now) as session:
        register = store.registers.take(session, number)
        _must_be_theirs(register.person_id, actor)
        store.registers.ended(session, register, RegisterState.DROPPED)
        message = views.registers.dropped(register)
        store.posts.put(session, register.post_key, to=actor.slack_id, message=message, now=now)
    ack()
    nudge()


def _file(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one file of the form; Refused, at its field, for none or a large one."""
    files: list[Mapping[str, Any]] = values.get("file") or []
    if not files or not files[0].get("id"):
        raise Refused(NO_FILE, field="file")
    if int(files[0].get("size") or 0) > rules.setup.REGISTER_MB * 1024 * 1024:
        raise Refused(TOO_LARGE, field="file")
    return files[0]


def _must_be_theirs(person: int, actor: Actor) -> None:
    if person != actor.person:
        raise Refused("Only whoever dropped this register can say what becomes of it.")


ROUTES = (
    command("import", Act.IMPORT_REGISTER, ask, says="a register of projects from a CSV or XLSX file, shown first"),
    view(setup_forms.REGISTER, Act.IMPORT_REGISTER, submit),
    action(views.registers.IMPORT, Act.IMPORT_REGISTER, want),
    action(views.registers.LEAVE, Act.IMPORT_REGISTER, leave),
)
