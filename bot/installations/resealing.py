"""Resealing: stored tokens are sealed with a newer key, while the bot may be at work."""

from bot import store
from bot.store import Database
from bot.vault import Vault


def reseal(db: Database, vault: Vault) -> int:
    """Seal every stored token with the first key; how many workspaces' there are. Raises Locked, and changes nothing.

    A token that is renewed meanwhile was sealed with the first key by then.
    """
    with db.across_workspaces() as session:
        sealed = [row for row in store.installations.list_all(session) if row.token is not None]
        for row in sealed:
            store.installations.reseal(
                session,
                row,
                token=vault.reseal(row.token or ""),
                refresh_token=vault.reseal(row.refresh_token) if row.refresh_token else None,
            )
    return len(sealed)
