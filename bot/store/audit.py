"""The audit trail: every change of a record, a setting or a role leaves one entry in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from bot.rules.audit import CLOCK, REFUSED, numbers
from bot.rules.terms import Role
from bot.store.prepared import Prepared
from bot.store.tables import AuditEntry, Person, Project, Workspace
from bot.store.tables.columns import Walled

Changes = Mapping[str, tuple[Any, Any]]
"""The fields that changed, each with what it was and what it is. Somebody is their row, or its number, never a name."""


def record(
    session: Session,
    row: Walled | Workspace,
    *,
    what: str,
    by: int | None,
    now: datetime,
    changes: Changes | None = None,
    why: str | None = None,
) -> None:
    """Note what was done to a row that has its number already, from where, and in which project.

    `by` is a person's number; None for whoever the session works for, and nobody where it works for the clock.
    """
    if _home(row) == session.info["workspace"]:
        entry = _entry(session, row, changes or {}, what=what, by=by, now=now, why=why)
        for each in (entry, *_appointments(row, entry)):
            _RECORD(session, **each)
    else:
        record_all(session, [(row, changes or {})], what=what, by=by, now=now, why=why)


def record_all(
    session: Session,
    rows: Iterable[tuple[Walled | Workspace, Changes]],
    *,
    what: str,
    by: int | None,
    now: datetime,
    why: str | None = None,
) -> None:
    """Note that the same was done to many rows, each with its own changes, in one statement."""
    entries = [
        {"workspace_id": _home(row), **each}
        for row, changes in rows
        for entry in [_entry(session, row, changes, what=what, by=by, now=now, why=why)]
        for each in (entry, *_appointments(row, entry))
    ]
    if entries:
        session.execute(insert(AuditEntry), entries)


def refused(session: Session, act: str, *, project: int | None, by: int, now: datetime) -> None:
    """Note that somebody wanted to do what they have no right to, in a project where one was meant.

    It is an entry about the person: what they wanted to touch is as it was.
    """
    values = {"at": now, "person_id": by, "record": f"{Person.__tablename__}:{by}", "what": REFUSED, "why": None}
    changes = {"act": [None, act]}
    _RECORD(session, **values, changes=changes, project_id=project, via=_via(session))


def change(row: Walled | Workspace, **values: Any) -> dict[str, tuple[Any, Any]]:
    """Set what differs and say what did, as `{field: (old, new)}`; empty when nothing changed."""
    changes = {name: (getattr(row, name), new) for name, new in values.items() if getattr(row, name) != new}
    for name, (_, new) in changes.items():
        setattr(row, name, new)
    return changes


def new(values: Mapping[str, Any]) -> dict[str, tuple[None, Any]]:
    """What a new row says, as changes from nothing; what it leaves open is left out."""
    return {name: (None, value) for name, value in values.items() if value not in (None, "", [])}


def list_of(session: Session, row: Walled | Workspace, *, after: int = 0) -> Sequence[AuditEntry]:
    """Everything done to one row, oldest first; only what came after the entry of that number, when given."""
    query = select(AuditEntry).where(AuditEntry.record == _name(row), col(AuditEntry.id) > after)
    return session.exec(query.order_by(col(AuditEntry.id))).all()


def newest(session: Session, row: Walled | Workspace) -> int:
    """The number of the newest entry about one row, 0 when there is none: it changes whenever the row is changed."""
    return session.exec(select(func.max(AuditEntry.id)).where(AuditEntry.record == _name(row))).one() or 0


def _entry(
    session: Session,
    row: Walled | Workspace,
    changes: Changes,
    *,
    what: str,
    by: int | None,
    now: datetime,
    why: str | None,
) -> dict[str, Any]:
    actor = session.info.get("actor")
    return {
        "at": now,
        "person_id": actor.person if by is None and actor else by,
        "record": _name(row),
        "what": what,
        "changes": {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()},
        "why": why,
        "project_id": row.id if isinstance(row, Project) else getattr(row, "project_id", None),
        "via": _via(session),
    }


_RECORD = Prepared(AuditEntry, insert)
_PARTS = frozenset(role.value for role in Role if role.is_of_project)


def _appointments(row: Walled | Workspace, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Who got or lost a part in a project has an entry of their own, so that it is found with all that they are."""
    if not isinstance(row, Project):
        return
    for role in sorted(_PARTS.intersection(entry["changes"])):
        before, after = (set(numbers(each)) for each in entry["changes"][role])
        for people, what in ((after - before, f"made {role}"), (before - after, f"no longer {role}")):
            for person in sorted(people):
                yield {**entry, "record": f"{Person.__tablename__}:{person}", "what": what, "changes": {}}


def _home(row: Walled | Workspace) -> int:
    """The workspace that a row belongs to, or is."""
    return row.id if isinstance(row, Workspace) else row.workspace_id


def _name(row: Walled | Workspace) -> str:
    return f"{row.__tablename__}:{row.id}"


def _via(session: Session) -> str:
    """Where what is done in this session comes from: the interaction of whoever acts, else what the session says."""
    actor = session.info.get("actor")
    via: str = (actor and actor.via) or session.info.get("via", CLOCK)
    return via[:80]


def _plain(value: Any) -> Any:
    """A value as JSON keeps it.

    Somebody is a number, enums are their word or letter, moments and dates ISO 8601, money is text.
    """
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Person):
        return value.id
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value
