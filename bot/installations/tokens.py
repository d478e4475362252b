"""Tokens: what the bot speaks with in each workspace, opened when it is needed and renewed before it ends."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import structlog

from bot import store
from bot.messenger import Dead, Line, Retry, Undeliverable
from bot.store import Database
from bot.store.tables import Installation
from bot.vault import Locked, Vault

ELSEWHERE = 600.0  # seconds until it is looked again whether the bot may speak somewhere
SOON = 1.0  # second
AHEAD = timedelta(hours=2)
"""So long before a token ends another is asked for: one that lives twelve hours is renewed while nobody waits."""
LEASE = timedelta(seconds=30)
"""Longer than Slack is waited for; who asked in vain leaves it standing, so that Slack is not asked all the time."""
LOOK_AGAIN = 0.05  # seconds
PATIENCE = 2.0  # seconds that somebody waits for another who is renewing
log = structlog.get_logger(__name__)


class NotHere(Retry):
    """The bot is not installed there: what it has to say waits, and never goes to another client's Slack."""

    def __init__(self) -> None:
        super().__init__("not_installed_here", after=ELSEWHERE)


class Tokens:
    """The token of each workspace: its own, or that of the settings in the one workspace that this one is of."""

    def __init__(self, db: Database, line: Line, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._line = line
        self._vault = vault
        self._clock = clock
        self.ours: int | None = None

    def of(self, workspace: int, *, within: int, team: str | None = None) -> str:
        """The token for a workspace (and a team of its org), renewed if need be, which may take so many seconds.

        Raises NotHere, Retry when Slack cannot be asked for another now, and Dead when it gives none any more.
        """
        row = self._here(workspace)
        if team in row.lost_teams:
            raise NotHere
        return self._renewed(row, within) if self._is_old(row, AHEAD) else self.opened(row)

    def find(self, workspace: int) -> Installation | None:
        """How the bot was let in there, while it is."""
        with self._db.reading(workspace) as session:
            return store.installations.find_live(session)

    def opened(self, row: Installation) -> str:
        """The token that was given; raises NotHere when there is none."""
        if row.token is not None:
            return self._open(row.token)
        if row.workspace_id != self.ours:
            raise NotHere
        return self._line.token

    def renew(self, row: Installation, within: int) -> str:
        """Ask Slack for other tokens and keep them; the claim on that is ours. Raises as `of` does."""
        try:
            given = self._line.exchange(
                within, grant_type="refresh_token", refresh_token=self._open(row.refresh_token or "")
            )
        except Dead as dead:
            self.end(row, dead.code)
            raise
        except Undeliverable as misconfigured:
            log.error("token not renewed", workspace=row.workspace_id, why=misconfigured.code)
            raise Retry(misconfigured.code, after=ELSEWHERE) from misconfigured
        token = str(given["access_token"])
        with self._db.transaction(row.workspace_id) as session:
            kept = store.installations.renewed(
                session,
                row,
                token=self._vault.seal(token),
                refresh_token=self._vault.seal(str(given["refresh_token"])),
                expires_at=self._clock() + timedelta(seconds=int(given["expires_in"])),
            )
        if not kept:
            raise Retry("installed_anew", after=SOON)
        log.info("token renewed", workspace=row.workspace_id)
        return token

    def end(self, row: Installation, why: str) -> bool:
        """Slack takes these tokens no more: the workspace is left alone until the bot is installed there again."""
        now = self._clock()
        with self._db.across_workspaces() as session:
            workspace = store.workspaces.get_by_id(session, row.workspace_id)
            ended = store.installations.remove(session, workspace, now=now, why=why, version=row.version)
        if ended:
            log.warning("installation ended", workspace=row.workspace_id, why=why)
        return ended

    def claim(self, row: Installation) -> bool:
        """Be the one who renews these tokens."""
        with self._db.transaction(row.workspace_id) as session:
            return store.installations.claim_renewal(session, row, now=self._clock(), lease=LEASE)

    def _renewed(self, row: Installation, within: int) -> str:
        """Another token: of us all one asks Slack; the others go on with the old one, or wait a little for the new."""
        until = time.monotonic() + PATIENCE
        while self._is_old(row, AHEAD):
            if self.claim(row):
                return self._renewed_or_old(row, within)
            if not self._is_old(row):
                break
            if time.monotonic() >= until:
                raise Retry("token_expired", after=SOON)
            Event().wait(LOOK_AGAIN)
            row = self._here(row.workspace_id)
        return self.opened(row)

    def _renewed_or_old(self, row: Installation, within: int) -> str:
        try:
            return self.renew(row, within)
        except Retry:
            if self._is_old(row):
                raise
            return self.opened(row)

    def _is_old(self, row: Installation, ahead: timedelta = timedelta(0)) -> bool:
        return row.expires_at is not None and self._clock() >= row.expires_at - ahead

    def _here(self, workspace: int) -> Installation:
        row = self.find(workspace)
        if row is None:
            raise NotHere
        return row

    def _open(self, sealed: str) -> str:
        try:
            return self._vault.open(sealed)
        except Locked:
            log.error("token cannot be opened with PMO_ENCRYPTION_KEYS")
            raise Retry("locked", after=ELSEWHERE) from None
