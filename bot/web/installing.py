"""Installing: a browser goes from our page to Slack and comes back with leave to let the bot in (OAuth v2)."""

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlencode, urljoin

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store import Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

from bot.web.notices import HEADERS, Notice, failed, installed

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
TEAM = re.compile(r"[TE][A-Z0-9]{1,30}")
Exchange = Callable[..., Installation | None]


class Installing(OAuthFlow):
    """Bolt's own flow: a state in the database and in a cookie of this browser, good once. The pages are ours.

    Every address it sends a browser to is Slack's or our own, whatever the request says.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        scopes: Sequence[str],
        slack_url: str,
        public_url: str,
        states: OAuthStateStore,
        installations: InstallationStore,
        exchange: Exchange,
    ) -> None:
        self._slack_url = slack_url
        self._exchange = exchange
        settings = OAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=scopes,
            user_scopes=[],
            redirect_uri=public_url + REDIRECT_PATH if public_url else None,
            install_page_rendering_enabled=False,
            authorization_url=urljoin(slack_url, "/oauth/v2/authorize"),
            state_store=states,
            installation_store=installations,
            callback_options=CallbackOptions(success=self._succeeded, failure=self._failed),
        )
        super().__init__(settings=settings)

    def build_authorize_url(self, state: str, request: BoltRequest) -> str:
        """Slack's page; `team` chooses a workspace there, and is passed on only when it can be one."""
        team = (request.query.get("team") or [""])[0]
        return self.settings.authorize_url_generator.generate(state, team=team if TEAM.fullmatch(team) else None)

    def run_installation(self, code: str) -> Installation | None:
        """What Slack gives for the code, or None; unlike Bolt's own it logs no code, and knows our clock."""
        uri = self.settings.redirect_uri
        return self._exchange(code=code, **({"redirect_uri": uri} if uri else {}))

    def _succeeded(self, args: SuccessArgs) -> BoltResponse:
        done = args.installation
        org = done.is_enterprise_install
        name = done.enterprise_name if org else done.team_name
        return self._page(installed(name or "Slack", self._way_on(done), org=org), HTTPStatus.OK)

    def _way_on(self, done: Installation) -> str:
        if done.is_enterprise_install:
            start = done.enterprise_url or ""
            return urljoin(start, f"/manage/organization/apps/profile/{done.app_id}/workspaces/add") if start else ""
        return urljoin(self._slack_url, "/app_redirect?" + urlencode({"app": done.app_id, "team": done.team_id}))

    def _failed(self, args: FailureArgs) -> BoltResponse:
        """Slack's own refusals are no fault of the request; ours, of a state or a code that is not good, are."""
        refused = args.suggested_status_code == HTTPStatus.UNAUTHORIZED
        status = HTTPStatus.BAD_REQUEST if refused else args.suggested_status_code
        return self._page(failed(args.reason, INSTALL_PATH), status)

    def _page(self, notice: Notice, status: int) -> BoltResponse:
        gone = self.settings.state_utils.build_set_cookie_for_deletion()
        headers: dict[str, str | Sequence[str]] = {**HEADERS, "set-cookie": [gone]}
        return BoltResponse(status=status, body=notice.html(), headers=headers)
