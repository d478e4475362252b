"""The line to Slack's Web API: one address, one TLS context, and clients that never send anything twice."""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Refused
from bot.messenger.faults import Retry, meaning


class Line:
    """Makes clients. The SDK's own would load the TLS certificates for each call, and send again after a drop."""

    def __init__(
        self, url: str, *, token: str = "", client_id: str = "", client_secret: str = "", proxy: str | None = None
    ) -> None:
        self.url = url
        self.token = token
        self._app = {"client_id": client_id, "client_secret": client_secret}
        self._given: dict[str, Any] = {
            "base_url": url,
            "proxy": proxy,
            "ssl": ssl.create_default_context() if url.startswith("https:") else None,
            "logger": logging.getLogger("slack_sdk"),
        }

    def client(self, timeout: int, token: str | None = None) -> WebClient:
        """A client that gives up after so many seconds and tries nothing again."""
        return WebClient(token=token, timeout=timeout, retry_handlers=[], **self._given)

    def whose_token(self, timeout: int, token: str = "", *, name: str = "SLACK_BOT_TOKEN") -> Mapping[str, Any]:
        """The workspace and bot a token belongs to, as auth.test tells; its `scopes`, and the `date` at Slack.

        Without another it is the token of the settings; `name` is what Refused calls it.
        """
        with self.trusting(name):
            told = self.client(timeout, token or self.token).auth_test()
        headers = {name.lower(): value for name, value in told.headers.items()}
        granted = frozenset(headers.get("x-oauth-scopes", "").replace(" ", "").split(","))
        return {**dict(told.data), "scopes": granted, "date": headers.get("date", "")}  # type: ignore[arg-type]

    def exchange(self, timeout: int, **given: str) -> Mapping[str, Any]:
        """What Slack gives for a `code` or a `refresh_token` (oauth.v2.access); raises as `meaning` says, or Retry."""
        try:
            return dict(self.client(timeout).oauth_v2_access(**self._app, **given).data)  # type: ignore[arg-type]
        except SlackApiError as refused:
            raise meaning(refused) from None
        except (OSError, HTTPException):
            raise Retry("unreachable") from None

    @contextmanager
    def trusting(self, name: str) -> Iterator[None]:
        """Raise Refused, naming the setting to mend, when Slack does not take a token or cannot be reached."""
        try:
            yield
        except SlackApiError as refused:
            raise Refused(f"Slack does not take {name} ({refused.response['error']}).") from refused
        except OSError as error:
            raise Refused(f"Slack cannot be reached at {self.url}.") from error
