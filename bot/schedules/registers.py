"""Registers on time: a file that was dropped is fetched, read and shown, and goes in once somebody wants that."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot import rules, store, views
from bot.errors import Denied, Refused, Undeliverable
from bot.messenger import Dead, Lacking, Messenger, Retry
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.audit import IMPORT
from bot.rules.registers import people, reading, told
from bot.rules.registers.reading import Register
from bot.rules.registers.told import Outcome
from bot.rules.setup import Step
from bot.rules.terms import RegisterState
from bot.store import Database, Session
from bot.store.imports import Imported
from bot.store.tables import Message, RegisterFile

BATCH: Final = 2
ATTEMPTS: Final = 5
LATER: Final = timedelta(seconds=30)
WHY: Final = {
    "file_too_large": f"it is larger than {rules.setup.REGISTER_MB} MB. `pmo-bot import projects` takes larger ones.",
    "file_not_found": "Slack does not have it any more.",
    "file_deleted": "it was deleted in Slack.",
    "file_elsewhere": "it is kept outside of Slack. Download it, and drop the file itself.",
}
"""Why a file cannot be had, by Slack's word or ours."""
NOT_SHOWN: Final = "Slack does not show it to me. Ask an admin whether PMO Bot may read files, and drop it again."
TOO_OFTEN: Final = "I tried several times and came to no end with it. Ask whoever runs PMO Bot to look into the log."
NO_RIGHT: Final = "whoever dropped it may not import registers any more."
log = structlog.get_logger(__name__)


class _Untouched(Exception):
    """A preview is over: nothing of it is kept."""


@dataclass(frozen=True)
class _Work:
    """A register that was claimed, and who dropped it, with the rights they have now."""

    file: RegisterFile
    actor: Actor

    @property
    def to(self) -> str:
        return self.actor.slack_id


def work_due(db: Database, now: datetime, messenger: Messenger) -> int:
    """Read what was dropped, import what is wanted, let go of what nobody wanted; how many there were."""
    with db.across_workspaces() as session:
        claimed = store.registers.claim_due(session, now, limit=BATCH)
    for file in claimed:
        _deal(db, file, now, messenger)
    return len(claimed)


def _deal(db: Database, file: RegisterFile, now: datetime, messenger: Messenger) -> None:
    with db.reading(file.workspace_id) as session:
        slack_id = store.people.get(session, file.person_id).slack_id
        actor = store.people.actor(session, slack_id, now=now)
    if actor is None:
        _end(db, file, RegisterState.DROPPED, views.registers.refused(file, NO_RIGHT), to=slack_id, now=now)
        return
    work = _Work(file, actor)
    try:
        actor.must(Act.IMPORT_REGISTER)
        if file.attempts > ATTEMPTS:
            raise Refused(TOO_OFTEN)
        STEPS[file.state](db, work, now, messenger)
    except Retry as busy:
        _postpone(db, file, now, busy)
    except Denied:
        _refuse(db, work, NO_RIGHT, now)
    except Refused as refused:
        _refuse(db, work, refused.message, now)
    except (Undeliverable, Lacking, Dead) as refused:
        _refuse(db, work, WHY.get(refused.code, NOT_SHOWN), now)


def _read(db: Database, work: _Work, now: datetime, messenger: Messenger) -> None:
    """Fetch and read it, and show what would change; nothing of that is kept, but who its people are."""
    most = rules.setup.REGISTER_MB * 1024 * 1024
    content = messenger.download(work.file.workspace_id, work.file.file_id, most=most)
    register = _understood(work.file, content)
    known = _met(db, work, register, now, messenger)
    register = replace(register, projects=people.placed(register.projects, known))
    outcome = _tried(db, work, register, now)
    with db.transaction(work.actor, via=IMPORT) as session:
        store.registers.shown(session, work.file, content, known, now=now)
        _show(session, work, views.registers.preview(work.file, register, outcome), register, now)


def _met(db: Database, work: _Work, register: Register, now: datetime, messenger: Messenger) -> dict[str, str]:
    """Whom the names of a register mean in Slack, by Slack id; where it does not say, only those known here are found.

    They are met like anybody who is picked in a form; nobody else whom Slack lists is kept.
    """
    wanted = people.named(register.projects)
    try:
        users = people.found(wanted, messenger.everybody(work.file.workspace_id)) if wanted else {}
    except (Undeliverable, Lacking):
        return {}
    with db.transaction(work.actor, via=IMPORT) as session:
        for user in users.values():
            store.people.keep(session, user, now=now)
    return {name: str(user["id"]) for name, user in users.items()}


def _import(db: Database, work: _Work, now: datetime, _messenger: Messenger) -> None:
    """It is wanted: keep all of it, or nothing."""
    register = _understood(work.file, work.file.content or b"")
    register = replace(register, projects=people.placed(register.projects, work.file.people))
    with db.transaction(work.actor, via=IMPORT) as session:
        # First the step: where nothing runs yet it begins setting up, and nobody is asked before somebody goes live.
        store.setup.take(session, Step.REGISTER, by=work.file.person_id, now=now)
        done = _kept(session, work, register, now)
        store.registers.ended(session, work.file, RegisterState.IMPORTED)
        waits = not store.workspaces.get(session).state.is_live
        message = views.registers.imported(work.file, register, _outcome(done), waits=waits)
        store.posts.put(session, work.file.post_key, to=work.to, message=message, now=now)


def _let_go(db: Database, work: _Work, now: datetime, _messenger: Messenger) -> None:
    """Nobody said for a day whether it goes in."""
    _end(db, work.file, RegisterState.DROPPED, views.registers.dropped(work.file), to=work.to, now=now)


STEPS: Final = {
    RegisterState.ASKED: _read,
    RegisterState.SHOWN: _let_go,
    RegisterState.WANTED: _import,
}
"""What is to be done with a register that is due, by how far it is."""


def _understood(file: RegisterFile, content: bytes) -> Register:
    return reading.read(content, file.name, file.columns or None, as_of=file.as_of)


def _tried(db: Database, work: _Work, register: Register, now: datetime) -> Outcome:
    """What keeping it would come to."""
    done: list[Outcome] = []
    with suppress(_Untouched), db.transaction(work.actor, via=IMPORT) as session:
        done.append(_outcome(_kept(session, work, register, now)))
        raise _Untouched
    return done[0]


def _kept(session: Session, work: _Work, register: Register, now: datetime) -> Imported:
    source, by = work.file.name, work.file.person_id
    return store.imports.keep_projects(session, register.projects, source=source, now=now, by=by)


def _outcome(done: Imported) -> Outcome:
    return Outcome(
        added=tuple(f"{pair.project.key} {pair.project.name}" for pair in done.added),
        changed=tuple(f"{pair.project.key} {pair.project.name}: {told.changed(pair.changes)}" for pair in done.changed),
        unplaced=tuple(map(str, done.unplaced)),
        unchanged=done.unchanged,
        reports=done.reports,
        corrected=done.corrected,
    )


def _show(session: Session, work: _Work, message: Message, register: Register, now: datetime) -> None:
    """The preview in the person's chat, and in its thread every cell that was not taken as it stands."""
    key = work.file.post_key
    store.posts.put(session, key, to=work.to, message=message, now=now)
    for number, part in enumerate(views.registers.faults(register), 1):
        store.posts.put(session, f"{key}:refused:{number}", to=work.to, message=part, now=now, under=key)


def _postpone(db: Database, file: RegisterFile, now: datetime, busy: Retry) -> None:
    log.warning("register postponed", register=file.id, workspace=file.workspace_id, why=busy.code)
    wait = LATER if busy.after is None else timedelta(seconds=busy.after)
    with db.transaction(file.workspace_id) as session:
        store.registers.postponed(session, file, until=now + wait)


def _refuse(db: Database, work: _Work, why: str, now: datetime) -> None:
    _end(db, work.file, RegisterState.REFUSED, views.registers.refused(work.file, why), to=work.to, now=now)


def _end(db: Database, file: RegisterFile, state: RegisterState, message: Message, *, to: str, now: datetime) -> None:
    with db.transaction(file.workspace_id) as session:
        store.registers.ended(session, file, state)
        store.posts.put(session, file.post_key, to=to, message=message, now=now)
