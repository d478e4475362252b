"""Notices: what the PMO admins of a workspace are told once about how the bot is let in there."""

from collections.abc import Iterable
from datetime import datetime

from bot import manifest, store, views
from bot.rules.terms import Role
from bot.store import Session
from bot.store.tables import Installation


def tell_lacking(
    session: Session, row: Installation, *, install_url: str, now: datetime, needed: Iterable[str] = ()
) -> list[str]:
    """Want each PMO admin told, once, which scopes are missing (beside those just `needed`), or told no more.

    Gives the scopes. What is put twice is said once, so that this may be asked at every start.
    """
    missing = sorted({*manifest.lacking(frozenset(row.scopes)), *needed})
    for person in store.people.list_with(session, Role.ADMIN, now=now):
        key = f"installation:lacking:{person.slack_id}"
        if missing:
            message = views.installations.lacking(missing, install_url)
            store.posts.put(session, key, to=person.slack_id, message=message, now=now)
        else:
            store.posts.withdraw(session, key, now=now)
    return missing
