"""No change without an entry: a transaction that changes a record and notes nothing in the audit trail is found.

A table that is new counts as a record until it is said here why it is none. What a test arranges is no change.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlmodel import SQLModel

from bot.store import Database, database

HERE = Path(__file__).parent
BOT = HERE.parent / "bot"

NO_RECORDS: Mapping[str, str] = {
    "audit": "the trail itself",
    "audit_seals": "its seals",
    "audit_unsealed": "the queue for them",
    "exports": "a file that is being made; that it was handed out is noted",
    "forgotten": "what a forgotten person was, kept with the entry that says so",
    "inbox": "what was dealt with already",
    "install_states": "an installation that was begun in a browser",
    "lanes": "when an address may be spoken to again",
    "posts": "what is to be seen in Slack, which follows from records",
    "register_files": "a register on its way in; what it changes is noted",
    "setup_steps": "how far a checklist is, which follows from settings",
    "alembic_version": "how far the migrations are",
}

# Columns that follow from what else is noted, or that the clock and Slack keep for themselves.
FOLLOWING: Mapping[str, Collection[str]] = {
    "channels": ("slack_id", "name", "is_private", "archived_at", "trouble", "seen_at", "members", "members_at"),
    "people": ("name", "timezone", "dm_channel", "refreshed_at"),
    "projects": (
        *("open_risks", "worst_risk", "worst_unanswered", "overdue_escalations", "missed_runs"),
        *("risks_raised", "escalations_raised", "computed_health", "computed_because"),
    ),
    "schedules": ("next_due_at", "last_due_at"),
    "installations": ("token", "refresh_token", "expires_at", "version", "renewing_until"),
}
ADDED_FREELY: Mapping[str, str] = {
    "channels": "Slack told of it",
    "people": "somebody was named in a record, or acted: that record says so",
    "workspaces": "it is noted as an installation",
}

_WRITING = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?', re.IGNORECASE)
_SETTING = re.compile(r"\bSET\b(.*?)(?:\bWHERE\b|\bRETURNING\b|$)", re.IGNORECASE | re.DOTALL)


@dataclass
class Watch:
    """What was written in the transactions of a database, and which of them left no entry."""

    of_tests: bool = False
    unnoted: list[str] = field(default_factory=list)
    _written: dict[int, list[str]] = field(default_factory=dict)

    def seen(self, connection: Connection, statement: str, rows: int) -> None:
        """A statement has run."""
        found = _WRITING.match(statement)
        if found and rows:
            self._written.setdefault(id(connection), []).append(f"{found[2].lower()} {_kept(found, statement)}")

    def ended(self, connection: Connection) -> None:
        """A transaction was committed."""
        written = self._written.pop(id(connection), [])
        if not self.of_tests and is_arranged():
            return
        if "audit" not in {each.partition(" ")[0] for each in written}:
            self.unnoted += [each for each in dict.fromkeys(written) if not each.endswith(" ")]

    def undone(self, connection: Connection) -> None:
        """A transaction was rolled back."""
        self._written.pop(id(connection), None)


def _kept(found: re.Match[str], statement: str) -> str:
    """What of a statement has to be noted; nothing where it follows from something else."""
    verb, table = found[1].upper(), found[2].lower()
    if table in NO_RECORDS or (verb == "INSERT INTO" and table in ADDED_FREELY):
        return ""
    if verb != "UPDATE":
        return verb.lower()
    setting = _SETTING.search(statement)
    columns = {word.lower() for word in re.findall(r'"?(\w+)"?\s*=(?!=)', setting[1])} if setting else set()
    changed = columns & set(SQLModel.metadata.tables[table].columns.keys()) - set(FOLLOWING.get(table, ()))
    return f"update of {', '.join(sorted(changed))}" if changed else ""


def is_arranged() -> bool:
    """Whether the transaction that ends was opened by a test rather than by the bot."""
    frame = sys._getframe()
    while back := frame.f_back:
        frame, path = back, Path(back.f_code.co_filename)
        if path.is_relative_to(BOT) and path != Path(database.__file__):
            return False
        if path.is_relative_to(HERE) and path != Path(__file__):
            return True
    return False


@contextmanager
def watched(db: Database, *, of_tests: bool = False) -> Iterator[Watch]:
    """Watch what is written; the caller looks at `unnoted` in the end."""
    watch, engine = Watch(of_tests), db._writing

    def run(connection: Connection, cursor: Any, statement: str, *_more: Any) -> None:
        watch.seen(connection, statement, cursor.rowcount)

    listeners: dict[str, Callable[..., None]] = {
        "after_cursor_execute": run,
        "commit": watch.ended,
        "rollback": watch.undone,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield watch
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
