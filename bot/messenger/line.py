"""The line to Slack's Web API: one address, one TLS context, and clients that never send anything twice."""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Refused


class Line:
    """Makes clients. The SDK's own would load the TLS certificates for each call, and send again after a drop."""

    def __init__(self, url: str, *, token: str = "", proxy: str | None = None) -> None:
        self.url = url
        self.token = token
        self._given: dict[str, Any] = {
            "base_url": url,
            "proxy": proxy,
            "ssl": ssl.create_default_context() if url.startswith("https:") else None,
            "logger": logging.getLogger("slack_sdk"),
        }

    def client(self, timeout: int, token: str | None = None) -> WebClient:
        """A client that gives up after so many seconds and tries nothing again."""
        return WebClient(token=token, timeout=timeout, retry_handlers=[], **self._given)

    def whose_token(self, timeout: int) -> Mapping[str, Any]:
        """The workspace and bot the token belongs to, as auth.test tells; its `scopes`, and the `date` at Slack."""
        with self.trusting("SLACK_BOT_TOKEN"):
            told = self.client(timeout, self.token).auth_test()
        headers = {name.lower(): value for name, value in told.headers.items()}
        granted = frozenset(headers.get("x-oauth-scopes", "").replace(" ", "").split(","))
        return {**dict(told.data), "scopes": granted, "date": headers.get("date", "")}  # type: ignore[arg-type]

    @contextmanager
    def trusting(self, name: str) -> Iterator[None]:
        """Raise Refused, naming the setting to mend, when Slack does not take a token or cannot be reached."""
        try:
            yield
        except SlackApiError as refused:
            raise Refused(f"Slack does not take {name} ({refused.response['error']}).") from refused
        except OSError as error:
            raise Refused(f"Slack cannot be reached at {self.url}.") from error
