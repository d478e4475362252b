"""States: what ties an installation that somebody begins in their browser to the one Slack brings back."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from logging import Logger
from typing import Any

from slack_sdk.oauth.state_store import OAuthStateStore

from bot import store
from bot.store import Database

LASTING = timedelta(minutes=10)


class States(OAuthStateStore):
    """Good once and for ten minutes; whoever reads the database cannot come back with one."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Where the interface logs; nothing is."""
        return logging.getLogger(__name__)

    def issue(self, *_more: Any, **_named: Any) -> str:
        """A state nobody can guess."""
        state = secrets.token_urlsafe(32)
        with self._db.across_workspaces() as session:
            store.installations.issue_state(session, _digest(state), now=self._clock(), lasting=LASTING)
        return state

    def consume(self, state: str) -> bool:
        """Whether it is one of ours that was not used yet, and not too old; it is used now."""
        with self._db.across_workspaces() as session:
            return store.installations.consume_state(session, _digest(state), now=self._clock())


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
