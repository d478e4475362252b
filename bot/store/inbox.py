"""The inbox: an interaction that comes twice is dealt with once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from bot.store.prepared import Prepared
from bot.store.tables.inbox import InboxEntry

KEPT = timedelta(days=3)


class Repeated(Exception):
    """The interaction was dealt with before; `answer` is what was answered then, or None."""

    def __init__(self, answer: dict[str, Any] | None) -> None:
        super().__init__("repeated")
        self.answer = answer


def take(session: Session, key: str, *, now: datetime, answer: dict[str, Any] | None = None) -> None:
    """Note that this interaction is being dealt with; raises Repeated when it already was.

    Two at once: the second waits for the first to end, and goes on only if that one was rolled back. Where nothing
    before it could be refused because of the first one, it may come last, with the answer: that spares `remember`.
    """
    take = _TAKE[session.get_bind().dialect.name]
    if take(session, key=key, received_at=now, answer=answer).first() is not None:
        session.info["inbox"] = key
        return
    first = session.exec(select(InboxEntry.answer).where(InboxEntry.key == key)).one()
    raise Repeated(None if first is None else dict(first))


def remember(session: Session, answer: dict[str, Any]) -> None:
    """Keep the answer to the interaction at hand, for the case that it comes again."""
    key = session.info.get("inbox")
    if key is not None:
        _REMEMBER(session, taken=key, said=answer)


def forget_old(session: Session, now: datetime, *, limit: int) -> int:
    """Drop entries that no retry can still meet (Slack's last retry comes within a day); how many went."""
    old = session.exec(select(InboxEntry.id).where(col(InboxEntry.received_at) < now - KEPT).limit(limit)).all()
    return session.exec(delete(InboxEntry).where(col(InboxEntry.id).in_(old))).rowcount if old else 0


def _take(insert: Any) -> Prepared:
    return Prepared(InboxEntry, lambda inbox: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id))


_TAKE = {"postgresql": _take(postgresql.insert), "sqlite": _take(sqlite.insert)}
_REMEMBER = Prepared(
    InboxEntry,
    lambda inbox: update(inbox).where(inbox.c.key == bindparam("taken")).values(answer=bindparam("said")),
)
