"""The inbox: an interaction that comes twice is dealt with once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from bot.store.tables.inbox import InboxEntry

KEPT = timedelta(days=3)


class Repeated(Exception):
    """The interaction was dealt with before; `answer` is what was answered then, or None."""

    def __init__(self, answer: dict[str, Any] | None) -> None:
        super().__init__("repeated")
        self.answer = answer


def take(session: Session, key: str, *, now: datetime) -> None:
    """Note that this interaction is being dealt with; raises Repeated when it already was.

    Two at once: the second waits for the first to end, and goes on only if that one was rolled back.
    """
    entry = {"workspace_id": session.info["workspace"], "key": key, "received_at": now}
    insert = _insert(session).values(**entry).on_conflict_do_nothing().returning(InboxEntry.id)
    if session.connection().execute(insert).first() is not None:
        session.info["inbox"] = key
        return
    answer = session.exec(select(InboxEntry.answer).where(InboxEntry.key == key)).one()
    raise Repeated(None if answer is None else dict(answer))


def remember(session: Session, answer: dict[str, Any]) -> None:
    """Keep the answer to the interaction at hand, for the case that it comes again."""
    key = session.info.get("inbox")
    if key is not None:
        session.exec(update(InboxEntry).where(col(InboxEntry.key) == key).values(answer=answer))


def forget_old(session: Session, now: datetime) -> int:
    """Drop entries that no retry can still meet (Slack's last retry comes within a day)."""
    return session.exec(delete(InboxEntry).where(col(InboxEntry.received_at) < now - KEPT)).rowcount


def _insert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    make: type[Insert] = postgresql.insert if dialect == "postgresql" else sqlite.insert  # type: ignore[assignment]
    return make(InboxEntry.__table__)  # type: ignore[attr-defined]
