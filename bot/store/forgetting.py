"""Forgetting: one row says who somebody is, and is rewritten, with the texts that name them (decision 029)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy
from sqlalchemy import JSON, Enum, String, cast, func, or_
from sqlmodel import Session, col, delete, select, update

from bot import rules
from bot.errors import Refused
from bot.rules.forgetting import REVERSIBLE, Held
from bot.store import audit, handovers, posts
from bot.store.exports_rows import walled
from bot.store.projects import OVER
from bot.store.tables import (
    AuditEntry,
    Escalation,
    Export,
    Forgotten,
    Lane,
    Person,
    Post,
    Project,
    ProjectRole,
    Risk,
    RoleGrant,
    StatusReport,
)
from bot.store.tables.columns import Frozen, Walled

WHO: Final = ("slack_id", "name", "dm_channel", "is_admin", "is_guest", "deactivated_at")
"""The columns of a person that say who it is, or what Slack lets them do."""

UNNAMED: Final = frozenset({"people", "forgotten", "lanes", "installations"})
"""Tables in which no text that people wrote stands: they are seen to by themselves, or hold no name."""

CHOICES: Final = 100
"""How many people a menu of Slack can offer."""

BACK: Final = "They have used PMO Bot again since, and are known as somebody new: the two cannot be made one."
TOO_LATE: Final = "That can no longer be undone: who it was is not known any more."


@dataclass(frozen=True, slots=True)
class Trace:
    """How much of somebody is there: what they answer for, and how many records their words stay in."""

    held: Held
    reports: int
    risks: int
    escalations: int
    acts: int
    named: int


def trace(session: Session, person: Person) -> Trace:
    """What the preview shows before anything is changed."""

    def count(kind: Any, *columns: Any) -> int:
        return session.exec(
            select(func.count()).select_from(kind).where(or_(*(each == person.id for each in columns)))
        ).one()

    return Trace(
        held=handovers.held(session, person),
        reports=count(StatusReport, StatusReport.author_id),
        risks=count(Risk, Risk.raised_by, Risk.owner_id),
        escalations=count(Escalation, Escalation.raised_by, Escalation.decided_by),
        acts=count(AuditEntry, AuditEntry.person_id),
        named=sum(1 for _ in _naming(session, person, person.slack_id)),
    )


def forget(session: Session, person: Person, *, by: int, now: datetime) -> Forgotten:
    """Somebody is a pseudonym from now on, wherever they are named; their words, and what they did, stay.

    Whoever still answers for something is refused: `handovers.hand_over` comes first. What was said to them is not
    tracked any more, and roles that they hold in what is not over end.
    """
    if handovers.held(session, person):
        raise Refused("This person still answers for something. Hand it over first.")
    slack_id, number = person.slack_id, (session.exec(select(func.max(Forgotten.number))).one() or 0) + 1
    pseudonym = rules.forgetting.pseudonym(number)
    _let_go(session, person)
    kept: dict[str, Any] = {_name(Person, person.id): {name: _plain(getattr(person, name)) for name in WHO}}
    for kind, row, before in _naming(session, person, slack_id):
        after = {name: _renamed(value, person, slack_id, pseudonym) for name, value in before.items()}
        _write(session, kind, row, after, now)
        if kind.__tablename__ != "inbox":
            kept[_name(kind, row)] = before
    _become(person, pseudonym, now)
    forgotten = Forgotten(
        workspace_id=person.workspace_id,
        person_id=person.id,
        number=number,
        forgotten_at=now,
        kept=kept,
        kept_until=now + REVERSIBLE,
    )
    session.add(forgotten)
    session.flush()
    audit.record(session, person, what="forgotten", by=by, now=now)
    return forgotten


def remember(session: Session, forgotten: Forgotten, *, by: int, now: datetime) -> Person:
    """Somebody is themself again, also in the texts that nobody has changed since; roles are not given back.

    Refused when what they were is not known any more, or when they came back as somebody new.
    """
    if forgotten.kept is None:
        raise Refused(TOO_LATE)
    kept = dict(forgotten.kept)
    person = session.exec(select(Person).where(Person.id == forgotten.person_id)).one()
    was = kept.pop(_name(Person, person.id))
    if session.exec(select(Person.id).where(Person.slack_id == was["slack_id"])).first() is not None:
        raise Refused(BACK)
    pseudonym = person.slack_id
    _become_again(person, was)
    kinds = {kind.__tablename__: kind for kind in walled()}
    for record, before in kept.items():
        table, _, number = record.partition(":")
        _restore(session, kinds[table], int(number), before, person=person, pseudonym=pseudonym, now=now)
    session.delete(forgotten)
    session.flush()
    audit.record(session, person, what="remembered", by=by, now=now)
    return person


def list_reversible(session: Session) -> Sequence[Forgotten]:
    """Those who can still be brought back, the last forgotten first."""
    query = select(Forgotten).where(col(Forgotten.kept_until).is_not(None))
    return session.exec(query.order_by(col(Forgotten.forgotten_at).desc(), col(Forgotten.id).desc())).all()


def get(session: Session, number: int) -> Forgotten:
    """The forgotten person with this row; Refused when it was undone already."""
    found = session.exec(select(Forgotten).where(Forgotten.id == number)).one_or_none()
    if found is None:
        raise Refused("That was undone already.")
    return found


def drop_due(session: Session, now: datetime, *, limit: int) -> int:
    """What could bring somebody back is gone for good once its time is over; how many that concerned."""
    over = select(Forgotten.id).where(col(Forgotten.kept_until) <= now).limit(limit)
    numbers = session.exec(over).all()
    if not numbers:
        return 0
    return session.exec(
        update(Forgotten).where(col(Forgotten.id).in_(numbers)).values(kept=None, kept_until=None)
    ).rowcount


def search(session: Session, typed: str) -> Sequence[Person]:
    """People whose name holds what was typed, those who were forgotten and apps left out, by name."""
    found = select(Person).where(
        ~col(Person.is_bot),
        col(Person.id).not_in(select(Forgotten.person_id)),
        col(Person.name).icontains(typed, autoescape=True),
    )
    return session.exec(found.order_by(col(Person.name), col(Person.id)).limit(CHOICES)).all()


def named(session: Session, name: str) -> Person | None:
    """The only person of that name, however it is capitalised; None when there is none, or several are."""
    wanted = name.strip().lstrip("@")
    found = [each for each in search(session, wanted) if each.name.casefold() == wanted.casefold()]
    return found[0] if len(found) == 1 else None


def find(session: Session, person_id: int) -> Person | None:
    """The person with this number, or None."""
    return session.exec(select(Person).where(Person.id == person_id)).one_or_none()


def name_of(forgotten: Forgotten) -> str:
    """What somebody was called who can still be brought back."""
    return str((forgotten.kept or {}).get(_name(Person, forgotten.person_id), {}).get("name", ""))


# --- forgetting ----------------------------------------------------------------------------------------------


def _let_go(session: Session, person: Person) -> None:
    """Roles end, and what was said to them alone is not tracked any more: it is in their Slack, not ours to change."""
    over = select(Project.id).where(col(Project.state).in_(OVER))
    session.exec(delete(RoleGrant).where(col(RoleGrant.person_id) == person.id))
    session.exec(
        delete(ProjectRole).where(col(ProjectRole.person_id) == person.id, col(ProjectRole.project_id).not_in(over))
    )
    session.exec(delete(Post).where(col(Post.to) == person.slack_id))
    session.exec(delete(Lane).where(col(Lane.address) == person.slack_id))
    session.exec(delete(Export).where(col(Export.person_id) == person.id))


def _naming(session: Session, person: Person, slack_id: str) -> Iterator[tuple[type[Walled], int, dict[str, Any]]]:
    """Every row, history aside, with a text in it that names somebody as Slack does, and those texts."""
    for kind in walled():
        table = kind.__tablename__
        columns = _texts(kind)
        if not columns or table in UNNAMED or issubclass(kind, Frozen):
            continue
        wanted = [getattr(kind, name) for name in columns]
        told = or_(*(part for each in wanted for part in _mentions(each, slack_id, person.name)))
        for row in session.execute(sqlalchemy.select(col(kind.id), *wanted).where(told).order_by(col(kind.id))).all():
            values = dict(zip(columns, row[1:], strict=True))
            named = {name: value for name, value in values.items() if _renamed(value, person, slack_id, "") != value}
            if named:
                yield kind, row[0], named


def _texts(kind: type[Walled]) -> list[str]:
    """The columns of a table that hold words: texts, and what is kept as JSON."""
    columns = kind.__table__.columns  # type: ignore[attr-defined]
    return [column.key for column in columns if _holds_words(getattr(column.type, "impl_instance", column.type))]


def _holds_words(kind: Any) -> bool:
    return isinstance(kind, JSON) or (isinstance(kind, String) and not isinstance(kind, Enum))


def _mentions(column: Any, slack_id: str, name: str) -> Iterator[Any]:
    """That a column may name somebody; JSON is looked at as the text it is kept as, letters escaped or not."""
    words = cast(column, String)
    yield words.contains(slack_id, autoescape=True)
    if name:
        for spelled in {name, json.dumps(name)[1:-1]}:
            yield words.contains(f"@{spelled}", autoescape=True)


def _renamed(value: Any, person: Person, slack_id: str, to: str) -> Any:
    if isinstance(value, str):
        return rules.forgetting.renamed(value, slack_id, person.name, to)
    if isinstance(value, dict):
        return {name: _renamed(each, person, slack_id, to) for name, each in value.items()}
    return [_renamed(each, person, slack_id, to) for each in value] if isinstance(value, list) else value


def _write(session: Session, kind: type[Walled], row: int, values: Mapping[str, Any], now: datetime) -> None:
    """Set texts; what is seen in Slack is seen there as it is wanted now."""
    session.exec(update(kind).where(col(kind.id) == row).values(**values))
    if kind is Post and "wanted" in values:
        posts.say_anew(session, row, now=now)


def _become(person: Person, pseudonym: str, now: datetime) -> None:
    person.slack_id = person.name = pseudonym
    person.dm_channel = None
    person.is_admin = False
    person.deactivated_at = person.deactivated_at or now


def _become_again(person: Person, was: Mapping[str, Any]) -> None:
    gone = was["deactivated_at"]
    for name in WHO:
        setattr(person, name, was[name])
    person.deactivated_at = datetime.fromisoformat(gone) if gone else None


def _restore(
    session: Session,
    kind: type[Walled],
    row: int,
    before: Mapping[str, Any],
    *,
    person: Person,
    pseudonym: str,
    now: datetime,
) -> None:
    """Put back the texts that stand as forgetting left them; what somebody wrote since stays as they wrote it."""
    columns = [getattr(kind, name) for name in before]
    found = session.execute(sqlalchemy.select(*columns).where(col(kind.id) == row)).one_or_none()
    left = {name: _renamed(value, person, person.slack_id, pseudonym) for name, value in before.items()}
    if found is not None and dict(zip(before, found, strict=True)) == left:
        _write(session, kind, row, before, now)


def _name(kind: type[Walled], row: int) -> str:
    return f"{kind.__tablename__}:{row}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
