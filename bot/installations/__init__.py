"""Installations: the workspaces the bot is let into, whose request each one is, and what it speaks with there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk.oauth.installation_store import Installation as SlackInstallation

from bot import manifest, store
from bot.errors import Refused
from bot.installations.kept import KeptInstallations, Welcome
from bot.installations.notices import tell_lacking
from bot.installations.states import States
from bot.installations.tokens import SOON, NotHere, Tokens
from bot.messenger import Dead, Lacking, Line, Retry, Undeliverable
from bot.rules.audit import OPERATOR
from bot.store import Database
from bot.store.installations import Grant, Place
from bot.store.tables import Installation, Workspace
from bot.vault import NO_KEY_FITS, Locked, Vault

__all__ = ["ANSWERED_WITHIN", "SPOKEN_WITHIN", "Installations", "KeptInstallations", "NotHere", "States", "Welcome"]

ANSWERED_WITHIN = 2  # seconds; who waits has three
SPOKEN_WITHIN = 15  # seconds
KNOWN_FOR = timedelta(seconds=60)
Key = tuple[str | None, str | None]
log = structlog.get_logger(__name__)


class Installations(Authorize):
    """The workspaces the bot is in, looked up at most once a minute each; Slack is never asked.

    Whoever speaks unasked asks the store each time, so that it is silent at once where it was thrown out. What is not
    found is looked for again each time, so that it is there at once where it was let in.
    """

    def __init__(
        self, db: Database, line: Line, vault: Vault, clock: Callable[[], datetime], *, install_url: str = ""
    ) -> None:
        self._db = db
        self._line = line
        self._vault = vault
        self._clock = clock
        self._install_url = install_url
        self._tokens = Tokens(db, line, vault, clock)
        self._known: dict[Key, tuple[datetime, Workspace, str]] = {}

    # --- listening

    def __call__(
        self, *, context: BoltContext, enterprise_id: str | None, team_id: str | None, **_more: Any
    ) -> AuthorizeResult | None:
        """Whose request this is, for Bolt; the workspace's number goes along in the context."""
        found = self._find((enterprise_id, team_id))
        if found is None:
            return None
        workspace, token = found
        context["workspace"] = workspace.id
        return AuthorizeResult(
            enterprise_id=workspace.enterprise_id,
            team_id=workspace.team_id,
            bot_user_id=workspace.bot_user_id,
            bot_id=workspace.bot_id,
            bot_token=token,
        )

    def forget(self) -> None:
        """Look everything up anew: somebody was let in or thrown out."""
        self._known.clear()

    def _find(self, key: Key) -> tuple[Workspace, str] | None:
        now = self._clock()
        looked_up, workspace, token = self._known.get(key, (None, None, ""))
        if workspace is not None and looked_up is not None and looked_up <= now < looked_up + KNOWN_FOR:
            return workspace, token
        enterprise_id, team_id = key
        with self._db.reading_across() as session:
            workspace = store.workspaces.serving(session, team_id, enterprise_id)
        if workspace is None:
            return None
        try:
            token = self._tokens.of(workspace.id, within=ANSWERED_WITHIN, team=team_id)
        except (NotHere, Dead):
            return None
        self._known[key] = (now, workspace, token)
        return workspace, token

    # --- speaking

    def client_for(self, workspace: int) -> Any:
        """The client to speak with in a workspace; raises as `Tokens.of` does.

        Where the bot is not installed its posts are not lost: they wait for a bot that may speak there.
        """
        return self._line.client(SPOKEN_WITHIN, self.token_for(workspace))

    def token_for(self, workspace: int) -> str:
        """The token to speak with in a workspace; raises as `Tokens.of` does."""
        return self._tokens.of(workspace, within=SPOKEN_WITHIN)

    def hear(self, workspace: int, token: str, fault: Exception) -> Exception:
        """Slack refused something there: an installation that is dead ends, one that lacks scopes is told of.

        Gives what is to be raised: what was refused for a token that is not the present one may be tried again.
        """
        if isinstance(fault, Lacking) and fault.detail:
            self._tell_lacking(workspace, fault.detail.split(",")[:1])
        if not isinstance(fault, Dead) or fault.for_now:
            return fault
        row = self._tokens.find(workspace)
        if row is None:
            return NotHere()
        if self._tokens.opened(row) != token:
            return Retry(fault.code, after=SOON)
        if fault.code == "token_expired" and row.refresh_token is not None:
            return self._renewed(row)
        self._tokens.end(row, fault.code)
        self.forget()
        return fault

    def _renewed(self, row: Installation) -> Exception:
        """Ask for another token although ours says it is still good; what is to be raised then."""
        try:
            if self._tokens.claim(row):
                self._tokens.renew(row, SPOKEN_WITHIN)
        except (Retry, Dead) as failed:
            return failed
        finally:
            self.forget()
        return Retry("token_expired", after=SOON)

    # --- being let in

    def exchange(self, *, code: str, **redirect: str) -> SlackInstallation | None:
        """What Slack gives for the code that a browser brought, and who the bot is there; None when it gives nothing.

        Its end is reckoned by our clock, for the library's own reckons by the machine's.
        """
        try:
            given = self._line.exchange(SPOKEN_WITHIN, code=code, **redirect)
            bot = self._line.whose_token(SPOKEN_WITHIN, str(given["access_token"]), name="the token it just gave")
        except (Retry, Dead, Undeliverable, Refused) as failed:
            log.warning("not let in", why=getattr(failed, "code", "auth.test refused"))
            return None
        now, lasts = int(self._clock().timestamp()), given.get("expires_in")
        org, team = given.get("enterprise") or {}, given.get("team") or {}
        return SlackInstallation(
            app_id=given.get("app_id"),
            enterprise_id=org.get("id"),
            enterprise_name=org.get("name"),
            enterprise_url=bot.get("url"),
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=given["access_token"],
            bot_id=bot["bot_id"],
            bot_user_id=bot["user_id"],
            bot_scopes=given.get("scope") or "",
            bot_refresh_token=given.get("refresh_token"),
            bot_token_expires_at=now + int(lasts) if lasts else None,
            user_id=given["authed_user"]["id"],
            is_enterprise_install=given.get("is_enterprise_install"),
            installed_at=float(now),
        )

    def _tell_lacking(self, workspace: int, needed: list[str]) -> None:
        with self._db.transaction(workspace) as session:
            row = store.installations.find_live(session)
            if row is not None:
                tell_lacking(session, row, install_url=self._install_url, now=self._clock(), needed=needed)

    # --- starting

    def introduce(self, admins: tuple[str, ...], *, welcome: Welcome | None = None) -> Workspace:
        """Ask Slack once whose token the settings hold, and keep that workspace and its admins; raises Refused.

        The admins are told how to begin, by `welcome`.
        """
        told = self._line.whose_token(SPOKEN_WITHIN)
        now = self._clock()
        with self._db.across_workspaces(via=OPERATOR) as session:
            place, grant = _place(told), Grant(sorted(told["scopes"]))
            workspace = store.installations.let_in(session, place, grant, now=now)
        with self._db.transaction(workspace.id, via=OPERATOR) as session:
            for slack_id in admins:
                store.roles.make_first_admin(session, store.people.find_or_add(session, slack_id), now=now)
                if welcome is not None:
                    welcome(session, workspace, slack_id, now)
        self._tell_lacking(workspace.id, [])
        self.forget()
        self._tokens.ours = workspace.id
        return workspace

    def look_over(self) -> None:
        """Before the start: every stored token can be opened, and the PMO hears of scopes missing; raises Refused."""
        with self._db.reading_across() as session:
            live = store.installations.list_live(session)
        locked = [workspace.slack_id for workspace, row in live if row.token and not self._opens(row.token)]
        if locked:
            raise Refused(f"The stored tokens of {', '.join(locked)} cannot be opened. {NO_KEY_FITS}")
        for workspace, row in live:
            if manifest.lacking(frozenset(row.scopes)):
                self._tell_lacking(workspace.id, [])

    def _opens(self, sealed: str) -> bool:
        try:
            self._vault.open(sealed)
        except Locked:
            return False
        return True


def _place(told: Any) -> Place:
    """Where a token is of, as auth.test tells; that of a whole org is of none of its teams."""
    is_org = bool(told.get("is_enterprise_install"))
    return Place(
        team_id=None if is_org else told["team_id"],
        enterprise_id=told.get("enterprise_id"),
        name=told.get("team") or told["team_id"],
        bot_user_id=told["user_id"],
        bot_id=told["bot_id"],
    )
