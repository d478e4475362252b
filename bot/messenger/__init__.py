"""The messenger: the only code that speaks to Slack unasked."""

from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Undeliverable
from bot.messenger.faults import DELETED, GONE, TOO_RICH, Dead, Faulty, Retry, TooRich, Uncertain, Unchangeable, meaning
from bot.messenger.line import Line
from bot.views.blocks import older

__all__ = ["Dead", "Faulty", "Line", "Messenger", "Retry", "TooRich", "Uncertain", "Unchangeable", "Undeliverable"]

Payload = Mapping[str, Any]
log = structlog.get_logger(__name__)


class Messenger:
    """Posts, changes and deletes messages, and asks who somebody is, in any workspace.

    Every method raises Retry, Dead, Undeliverable (this channel, person or message is broken) or its kind Faulty
    (we are); `post` also raises Uncertain. A message has up to three forms by their `plainness`: 0 is as wanted, then
    without Slack's newest blocks, then in words alone. When Slack refuses one and there is a plainer one, TooRich is
    raised: a refused message counts against Slack's pace too, so that whoever asked waits before the next.
    """

    def __init__(self, client_for: Callable[[int], WebClient]) -> None:
        self._client_for = client_for

    def post(
        self,
        workspace: int,
        channel: str,
        message: Payload,
        *,
        thread_ts: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        plainness: int = 0,
    ) -> tuple[str, str]:
        """Say a message (`text` and `blocks`, as a post keeps them); gives the channel and ts Slack put it at."""
        more = {"thread_ts": thread_ts, "metadata": metadata, "unfurl_links": False, "unfurl_media": False}
        told = self._say(workspace, "chat.postMessage", message, {"channel": channel, **more}, plainness)
        return str(told["channel"]), str(told["ts"])

    def update(self, workspace: int, channel: str, ts: str, message: Payload, *, plainness: int = 0) -> None:
        """Change a message; raises Unchangeable when Slack no longer lets it be changed."""
        try:
            self._say(workspace, "chat.update", message, {"channel": channel, "ts": ts}, plainness)
        except Undeliverable as refused:
            if refused.code in GONE:
                raise Unchangeable(refused.code, refused.detail) from refused
            raise

    def delete(self, workspace: int, channel: str, ts: str) -> None:
        """Take a message away; one that is gone already is done."""
        try:
            self._call(workspace, "chat.delete", {"channel": channel, "ts": ts})
        except Undeliverable as refused:
            if refused.code not in DELETED:
                raise

    def open_dm(self, workspace: int, slack_id: str) -> str:
        """The channel of the direct conversation with somebody."""
        return str(self._call(workspace, "conversations.open", {"users": slack_id})["channel"]["id"])

    def person(self, workspace: int, slack_id: str) -> dict[str, Any]:
        """Who somebody is, as Slack describes them (the `user` of users.info)."""
        return dict(self._call(workspace, "users.info", {"user": slack_id})["user"])

    def _say(
        self, workspace: int, method: str, message: Payload, about: Mapping[str, Any], plainness: int
    ) -> Mapping[str, Any]:
        """Send a message in one of its forms."""
        forms = _forms(message)
        try:
            return self._call(workspace, method, {**about, **forms[min(plainness, len(forms) - 1)]})
        except Faulty as refused:
            if refused.code in TOO_RICH and plainness < len(forms) - 1:
                raise TooRich(refused.code, refused.detail) from refused
            raise

    def _call(self, workspace: int, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        client = self._client_for(workspace)
        given = {name: value for name, value in arguments.items() if value is not None}
        ask = {"params": given} if method == "users.info" else {"json": given}
        try:
            return client.api_call(method, **ask)  # type: ignore[arg-type,return-value]
        except SlackApiError as refused:
            raise meaning(refused, posting=method == "chat.postMessage") from refused
        except URLError as unreached:
            raise Retry("unreachable") from unreached
        except (OSError, HTTPException) as broken:
            if method == "chat.postMessage":
                raise Uncertain("the line broke before Slack answered") from broken
            raise Retry("the line broke") from broken


def _forms(message: Payload) -> Sequence[Payload]:
    """The message as it is wanted, without Slack's newest blocks, and in words alone; an update takes blocks away."""
    blocks = message.get("blocks") or []
    known = older(blocks)
    bare = {**message, "blocks": []}
    rich = [{**message, "blocks": kept} for kept in (blocks, known) if kept]
    return [*(rich if known != blocks else rich[:1]), bare]
