"""The audit trail, read: a page of it, with the names by which people know its records and each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Select
from sqlmodel import Session, col, or_, select

from bot.rules.audit import PEOPLE, POINTS_TO, About, Part, numbers
from bot.rules.references import Letter, Reference
from bot.store.tables import (
    AuditEntry,
    Channel,
    Checkin,
    Digest,
    Escalation,
    Name,
    Person,
    Portfolio,
    Project,
    Risk,
    StatusReport,
    Trail,
)

PAGE: Final = 10


def page(session: Session, part: Part) -> Trail:
    """A page of what is asked for; a fixed number of queries, however long the trail is."""
    query = select(AuditEntry).where(*_about(part))
    if part.after is None:
        older = query if part.before is None else query.where(col(AuditEntry.id) < part.before)
        found = list(session.exec(older.order_by(col(AuditEntry.id).desc()).limit(PAGE + 1)))
        entries, has_newer, has_older = found[:PAGE], part.before is not None, len(found) > PAGE
    else:
        newer = query.where(col(AuditEntry.id) > part.after).order_by(col(AuditEntry.id))
        found = list(session.exec(newer.limit(PAGE + 1)))
        entries, has_newer, has_older = found[:PAGE][::-1], len(found) > PAGE, True
    return Trail(part, entries, _names(session, part, entries), has_newer, has_older)


def find_record(session: Session, reference: Reference) -> str | None:
    """The record that people call this, as the trail names it; None when it is not there, or not kept yet."""
    row = BY_LETTER.get(reference.letter)
    if row is None:
        return None
    number = session.exec(select(row.id).where(row.ref == str(reference))).one_or_none()
    return None if number is None else f"{row.__tablename__}:{number}"


BY_LETTER: Final[Mapping[Letter, Any]] = {Letter.RISK: Risk, Letter.ESCALATION: Escalation}
"""The records that have a reference, by its letter."""


def _about(part: Part) -> list[Any]:
    """What the entries of a part have in common: of a person, what they did and what was done to them."""
    if part.about is About.PROJECT:
        return [AuditEntry.project_id == int(part.of)]
    if part.about is About.PERSON:
        return [or_(AuditEntry.person_id == int(part.of), AuditEntry.record == part.record)]
    if part.about is About.RECORD:
        return [AuditEntry.record == part.of]
    return []


def _names(session: Session, part: Part, entries: Iterable[AuditEntry]) -> dict[str, Name]:
    """What everything and everybody in these entries is called, and what they are all about; one query a table."""
    wanted: dict[str, set[int]] = {}
    for table, number in chain(_itself(part), *map(_named, entries)):
        wanted.setdefault(table, set()).add(number)
    return {
        f"{table}:{number}": Name(*called)
        for table, numbers in wanted.items()
        if table in CALLED
        for number, *called in session.execute(CALLED[table](numbers))
    }


def _itself(part: Part) -> Iterator[tuple[str, int]]:
    if part.record:
        table, _, number = part.record.partition(":")
        yield table, int(number)


def _named(entry: AuditEntry) -> Iterator[tuple[str, int]]:
    """The record of an entry, who acted, the project, and the rows that its values point to."""
    table, _, number = entry.record.partition(":")
    yield table, int(number)
    if entry.person_id is not None:
        yield PEOPLE, entry.person_id
    if entry.project_id is not None:
        yield str(Project.__tablename__), entry.project_id
    for name in POINTS_TO.keys() & entry.changes.keys():
        for value in entry.changes[name]:
            yield from ((POINTS_TO[name], each) for each in numbers(value))


def _called(row: Any, *by: Any) -> Callable[[set[int]], Select[Any]]:
    return lambda numbers: sqlalchemy.select(row.id, *by).where(col(row.id).in_(numbers))


def _of_period(row: Any) -> Callable[[set[int]], Select[Any]]:
    of = _called(row, Project.key, row.period_end)
    return lambda numbers: of(numbers).join(Project, col(Project.id) == row.project_id)


CALLED: Final[Mapping[str, Callable[[set[int]], Select[Any]]]] = {
    PEOPLE: _called(Person, Person.slack_id),
    "projects": _called(Project, Project.key),
    "risks": _called(Risk, Risk.ref),
    "escalations": _called(Escalation, Escalation.ref),
    "portfolios": _called(Portfolio, Portfolio.name),
    "digests": _called(Digest, Digest.name),
    "channels": _called(Channel, Channel.slack_id),
    "checkins": _of_period(Checkin),
    "status_reports": _of_period(StatusReport),
}
"""What the rows of a table are called: number, word and, where they have one, the day their period ends."""
