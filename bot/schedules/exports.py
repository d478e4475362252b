"""Exports on time: a file is made for whoever asked, as they may see things now, and brought to them once."""

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO

import structlog

from bot import rules, store, views
from bot.errors import Denied, Refused, Undeliverable
from bot.messenger import Dead, Messenger, Retry, Uncertain
from bot.rules.actors import Actor
from bot.rules.exports import ACTS, Part
from bot.store import Database
from bot.store.tables import Export, Person

BATCH = 5
IN_MEMORY = 8 * 1024 * 1024
"""A file of more bytes is kept on the disk while it is made, and leaves nothing there."""
LONGEST_WAIT = timedelta(minutes=15)
GONE = "file_not_found"

log = structlog.get_logger(__name__)


def make_due(db: Database, now: datetime, messenger: Messenger) -> int:
    """Make what was asked for and bring it to those who asked; say how many files Slack took."""
    with db.across_workspaces() as session:
        claimed = store.exports.claim_due(session, now, limit=BATCH)
    return sum(_bring(db, export, now, messenger) for export in claimed)


def _bring(db: Database, export: Export, now: datetime, messenger: Messenger) -> bool:
    """Make, upload and show one file, and note how it ended; whether the person has it."""
    try:
        person, actor = _whose(db, export, now)
        file = export.file or _upload(db, export, actor, now, messenger)
        _show(export, file, person, now, messenger)
    except Denied:
        return _give_up(db, export, now, "not_allowed")
    except Refused:
        return _give_up(db, export, now, "too_large")
    except Retry as busy:
        wait = _backoff(export) if busy.after is None else timedelta(seconds=busy.after)
        return _postpone(db, export, now, now + wait, busy.code)
    except Uncertain as unknown:
        return _postpone(db, export, now, now + _backoff(export), str(unknown), uncertain=True)
    except (Undeliverable, Dead) as refusal:
        if refusal.code == GONE and export.file is not None:
            return _settle(db, export, now)
        return _give_up(db, export, now, refusal.code)
    return _sent(db, export, now)


def _whose(db: Database, export: Export, now: datetime) -> tuple[Person, Actor]:
    """Who asked, with the rights they have now; Denied when they may not have it any more."""
    with db.reading(export.workspace_id) as session:
        person = store.people.get(session, export.person_id)
        actor = store.people.actor(session, person.slack_id, now=now)
    if actor is None:
        raise Denied("", act=ACTS[export.part][0])
    for act in ACTS[export.part]:
        actor.must(act)
    return person, replace(actor, via="command export")


def _upload(db: Database, export: Export, actor: Actor, now: datetime, messenger: Messenger) -> str:
    """Make the file and bring its bytes to Slack; from then on it counts as exported."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        rows, name = _write(db, export, actor, now, file)
        uploaded = messenger.upload(export.workspace_id, name, file)
    with db.transaction(actor) as session:
        store.exports.uploaded(session, export, file=uploaded, rows=rows, now=now)
    export.file, export.rows = uploaded, rows
    return uploaded


def _write(db: Database, export: Export, actor: Actor, now: datetime, into: IO[bytes]) -> tuple[int, str]:
    """Write what the person may see; how many rows, and what the file is called."""
    with db.snapshot(actor) as session:
        workspace = store.workspaces.get(session)
        of = actor.person if export.part is Part.MINE else None
        count = store.exports_rows.write(session, export.part, export.form, into, of=of, now=now)
    return count.rows, rules.exports.name(workspace.name, export.part, export.form, actor.today(now))


def _show(export: Export, file: str, person: Person, now: datetime, messenger: Messenger) -> None:
    """Show the upload in the person's conversation with the bot."""
    channel = person.dm_channel or messenger.open_dm(export.workspace_id, person.slack_id)
    comment = views.exports.comment(export, export.rows or 0)
    title = f"{views.exports.PARTS[export.part]}, {now.date()}"
    messenger.show_file(export.workspace_id, file, channel, title=title, comment=comment)


def _settle(db: Database, export: Export, now: datetime) -> bool:
    """Slack does not find the upload: it was shown when the line broke, or was dropped and is made anew."""
    if export.is_uncertain:
        return _sent(db, export, now)
    with db.transaction(export.workspace_id) as session:
        store.exports.lost(session, export, until=now + _backoff(export))
    return False


def _sent(db: Database, export: Export, now: datetime) -> bool:
    with db.transaction(export.workspace_id) as session:
        store.exports.sent(session, export, now=now)
    _tell(db, export, now)
    return True


def _postpone(
    db: Database, export: Export, now: datetime, until: datetime, why: str, *, uncertain: bool = False
) -> bool:
    log.warning("export postponed", export=export.id, workspace=export.workspace_id, why=why)
    with db.transaction(export.workspace_id) as session:
        store.exports.postponed(session, export, until=until, why=why, uncertain=uncertain)
    _tell(db, export, now)
    return False


def _give_up(db: Database, export: Export, now: datetime, why: str) -> bool:
    log.error("export given up", export=export.id, workspace=export.workspace_id, why=why)
    with db.transaction(export.workspace_id) as session:
        store.exports.given_up(session, export, why=why)
    _tell(db, export, now)
    return False


def _tell(db: Database, export: Export, now: datetime) -> None:
    """The person reads how far it is."""
    with db.transaction(export.workspace_id) as session:
        current = store.exports.get(session, export.id)
        person = store.people.get(session, current.person_id)
        message = views.exports.progress(current)
        store.posts.put(session, current.post_key, to=person.slack_id, message=message, now=now, any_hour=True)


def _backoff(export: Export) -> timedelta:
    """Ten seconds, doubled with each attempt, at most a quarter of an hour."""
    return min(timedelta(seconds=5 * 2 ** min(export.attempts, 12)), LONGEST_WAIT)
