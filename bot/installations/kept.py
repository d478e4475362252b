"""Kept: what Slack's own library wants of a place for installations, in our database and sealed."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from logging import Logger
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore

from bot import store
from bot.installations.notices import tell_lacking
from bot.rules.audit import SLACK
from bot.store import Database, Session, inside
from bot.store.installations import Grant, Place
from bot.store.tables import Installation as Row
from bot.store.tables import Workspace
from bot.vault import Vault

Welcome = Callable[[Session, Workspace, str, datetime], None]
"""Called with a session of that workspace, the workspace, who let the bot in (by Slack id), and the moment."""


class KeptInstallations(InstallationStore):
    """The bots of all workspaces. Tokens of people are not asked for, so that there are none to keep."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        clock: Callable[[], datetime],
        *,
        welcome: Welcome,
        changed: Callable[[], None],
        install_url: str = "",
    ) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._welcome = welcome
        self._changed = changed
        self._install_url = install_url

    @property
    def logger(self) -> Logger:
        """Where the interface logs; nothing is."""
        return logging.getLogger(__name__)

    def save(self, installation: Installation) -> None:
        """Keep a workspace or org that let the bot in, and welcome whoever did: all of it, or nothing."""
        now = self._clock()
        place, grant = _place(installation), self._grant(installation)
        with self._db.across_workspaces(via=SLACK) as session:
            workspace = store.installations.let_in(session, place, grant, now=now, by=installation.user_id)
            with inside(session, workspace.id):
                row = store.installations.find_live(session)
                if row is not None:
                    tell_lacking(session, row, install_url=self._install_url, now=now)
                self._welcome(session, workspace, installation.user_id, now)
        self._changed()

    def save_bot(self, bot: Bot) -> None:
        """A bot comes with whoever let it in, never alone."""
        raise NotImplementedError

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace, or of a whole org; None when it is not there (any more)."""
        found = self.find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return found.to_bot() if found else None

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """How the bot was let into a workspace, or a whole org; None when it is not there, or another let it in."""
        with self._db.reading_across() as session:
            workspace = store.workspaces.find(session, None if is_enterprise_install else team_id, enterprise_id)
        if workspace is None:
            return None
        with self._db.reading(workspace.id) as session:
            row = store.installations.find_live(session)
            by = store.installations.installer(session, row) if row else None
        if row is None or row.token is None or user_id not in {None, by}:
            return None
        return self._as_slack_has_it(workspace, row, by or "")

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """The bot was thrown out: its tokens are gone, and nothing more is done there."""
        with self._db.across_workspaces(via=SLACK) as session:
            workspace = store.workspaces.find(session, team_id, enterprise_id)
            if workspace is not None:
                store.installations.remove(session, workspace, now=self._clock(), why="deleted")
        self._changed()

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """As `delete_bot`; with a person nothing, for there is no token of theirs."""
        if user_id is None:
            self.delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    def _grant(self, installation: Installation) -> Grant:
        ends, refresh = installation.bot_token_expires_at, installation.bot_refresh_token
        return Grant(
            scopes=list(installation.bot_scopes or ()),
            token=self._vault.seal(installation.bot_token or ""),
            refresh_token=self._vault.seal(refresh) if refresh else None,
            expires_at=datetime.fromtimestamp(ends, UTC) if ends else None,
            app_id=installation.app_id,
        )

    def _as_slack_has_it(self, workspace: Workspace, row: Row, by: str) -> Installation:
        more: dict[str, Any] = {
            "bot_token": self._vault.open(row.token or ""),
            "bot_refresh_token": self._vault.open(row.refresh_token) if row.refresh_token else None,
            "bot_token_expires_at": int(row.expires_at.timestamp()) if row.expires_at else None,
        }
        return Installation(
            app_id=row.app_id,
            enterprise_id=workspace.enterprise_id,
            team_id=workspace.team_id,
            team_name=workspace.name,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user_id,
            bot_scopes=row.scopes,
            user_id=by,
            is_enterprise_install=workspace.team_id is None,
            installed_at=row.installed_at.timestamp(),
            **more,
        )


def _place(installation: Installation) -> Place:
    is_org = installation.is_enterprise_install
    name = installation.enterprise_name if is_org else installation.team_name
    return Place(
        team_id=None if is_org else installation.team_id,
        enterprise_id=installation.enterprise_id,
        name=name or installation.team_id or installation.enterprise_id or "",
        bot_user_id=installation.bot_user_id or "",
        bot_id=installation.bot_id or "",
    )
