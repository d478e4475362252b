"""The messenger: the only code that speaks to Slack unasked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from http.client import HTTPException
from io import SEEK_END
from typing import IO, Any
from urllib.error import URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Undeliverable
from bot.messenger import files
from bot.messenger.faults import (
    DELETED,
    GONE,
    NO_THREAD,
    RATE_LIMITED,
    TOO_RICH,
    Dead,
    Faulty,
    Lacking,
    Retry,
    TooRich,
    Uncertain,
    Unchangeable,
    Unseen,
    meaning,
)
from bot.messenger.line import Line
from bot.views.blocks import older

__all__ = [
    "RATE_LIMITED",
    "Dead",
    "Faulty",
    "Lacking",
    "Line",
    "Messenger",
    "Retry",
    "TooRich",
    "Uncertain",
    "Unchangeable",
    "Undeliverable",
    "Unseen",
]

ONCE = frozenset({"chat.postMessage", "files.completeUploadExternal"})
"""What shows something new each time: where its end is unknown, it is not simply done again."""
OPTIONAL = frozenset({"conversations.history", "conversations.replies"})
"""What an admin may not let the bot do: it does without."""
TAKES_NO_JSON = frozenset(
    {
        *("users.info", "users.list", "files.info", "files.getUploadURLExternal"),
        *("conversations.info", "conversations.members", *OPTIONAL),
    }
)
EVENT = "pmo_post"
"""What marks a message as one of our posts, for whoever looks for it: apps see such marks, and people do not."""
PAGE, PAGES, PEOPLE = 200, 10, 1000

Payload = Mapping[str, Any]
Hear = Callable[[int, str, Exception], Exception]
log = structlog.get_logger(__name__)


class Messenger:
    """Posts, changes and deletes messages, and asks who somebody is, in any workspace.

    Every method raises Retry, Dead, Undeliverable (this channel, person or message is broken) or its kind Faulty
    (we are); `post` also raises Uncertain, and `find` Unseen. A message has up to three forms by their `plainness`: 0
    is as wanted, then without Slack's newest blocks, then in words alone. When Slack refuses one and there is a
    plainer one, TooRich is raised: a refused message counts against Slack's pace too, so that whoever asked waits
    before the next.

    What goes wrong is told to `hear` first, with the workspace and the token: it says what is to be raised.
    """

    def __init__(
        self, client_for: Callable[[int], WebClient], hear: Hear = lambda _workspace, _token, fault: fault
    ) -> None:
        self._client_for = client_for
        self._hear = hear

    def post(
        self,
        workspace: int,
        channel: str,
        message: Payload,
        *,
        thread_ts: str | None = None,
        mark: tuple[str, int] | None = None,
        plainness: int = 0,
    ) -> tuple[str, str]:
        """Say a message (`text` and `blocks`, as a post keeps them); gives the channel and ts Slack put it at.

        By its `mark`, the key and version of a post, it can be found again.
        """
        metadata = {"event_type": EVENT, "event_payload": {"key": mark[0], "version": mark[1]}} if mark else None
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

    def find(
        self, workspace: int, channel: str, key: str, *, since: datetime, until: datetime, thread_ts: str | None = None
    ) -> tuple[str, int] | None:
        """The ts and version of what Slack shows of a post that was said in this time; None when there is nothing.

        Raises Unseen where the bot may not look.
        """
        try:
            for message in self._said(workspace, channel, since, until, thread_ts):
                mark = message.get("metadata") or {}
                if mark.get("event_type") == EVENT and mark["event_payload"].get("key") == key:
                    return str(message["ts"]), int(mark["event_payload"]["version"])
        except Undeliverable as refused:
            if refused.code in NO_THREAD:
                return None
            raise Unseen(refused.code) from refused
        return None

    def _said(
        self, workspace: int, channel: str, since: datetime, until: datetime, thread_ts: str | None
    ) -> Iterator[Mapping[str, Any]]:
        """The messages of a channel, or of a thread, in that time."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        about = {"channel": channel, "ts": thread_ts, "oldest": _ts(since), "latest": _ts(until)}
        cursor = None
        for _ in range(PAGES):
            asked = {**about, "limit": PAGE, "include_all_metadata": True, "cursor": cursor}
            page = self._call(workspace, method, asked)
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def open_dm(self, workspace: int, slack_id: str) -> str:
        """The channel of the direct conversation with somebody."""
        return str(self._call(workspace, "conversations.open", {"users": slack_id})["channel"]["id"])

    def person(self, workspace: int, slack_id: str) -> dict[str, Any]:
        """Who somebody is, as Slack describes them (the `user` of users.info)."""
        return dict(self._call(workspace, "users.info", {"user": slack_id})["user"])

    def channel(self, workspace: int, slack_id: str) -> dict[str, Any]:
        """What Slack tells of a channel (the `channel` of conversations.info)."""
        return dict(self._call(workspace, "conversations.info", {"channel": slack_id})["channel"])

    def members(self, workspace: int, slack_id: str) -> list[str] | None:
        """The ids of all who are in a channel; None when there are more than so many pages hold."""
        found: list[str] = []
        cursor = None
        for _ in range(PAGES):
            page = self._call(
                workspace, "conversations.members", {"channel": slack_id, "limit": PAGE, "cursor": cursor}
            )
            found += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found
        return None

    def everybody(self, workspace: int) -> Iterator[dict[str, Any]]:
        """Everybody in the workspace as Slack describes them, as far as so many pages go."""
        cursor = None
        for _ in range(PAGES):
            page = self._call(workspace, "users.list", {"limit": PEOPLE, "cursor": cursor})
            yield from page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def upload(self, workspace: int, name: str, content: IO[bytes]) -> str:
        """Bring a file to Slack, where nobody sees it until it is shown; gives Slack's id of it.

        It may simply be done again: Slack drops what is never shown.
        """
        size = content.seek(0, SEEK_END)
        told = self._call(workspace, "files.getUploadURLExternal", {"filename": name, "length": size})
        content.seek(0)
        files.send(self._client_for(workspace), str(told["upload_url"]), content, size)
        return str(told["file_id"])

    def show_file(self, workspace: int, file: str, channel: str, *, title: str, comment: str) -> None:
        """Show an uploaded file in a conversation; raises Uncertain where Slack may have done so.

        Slack does it once: after that it does not find the upload any more.
        """
        shown = {"files": [{"id": file, "title": title}], "channel_id": channel, "initial_comment": comment}
        self._call(workspace, "files.completeUploadExternal", shown)

    def download(self, workspace: int, file: str, *, most: int) -> bytes:
        """The bytes of a file in Slack, by its id; raises Undeliverable when it cannot be had, or is too large."""
        told = self._call(workspace, "files.info", {"file": file})["file"]
        if int(told.get("size") or 0) > most:
            raise Undeliverable("file_too_large")
        return files.fetch(self._client_for(workspace), str(told.get("url_private") or ""), most=most)

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
        ask = {"params": given} if method in TAKES_NO_JSON else {"json": given}
        try:
            return client.api_call(method, **ask)  # type: ignore[arg-type,return-value]
        except SlackApiError as refused:
            fault = meaning(refused, posting=method in ONCE)
            if method in OPTIONAL and isinstance(fault, Lacking):
                raise fault from refused
            raise self._hear(workspace, client.token or "", fault) from refused
        except URLError as unreached:
            raise Retry("unreachable") from unreached
        except (OSError, HTTPException) as broken:
            if method in ONCE:
                raise Uncertain("the line broke before Slack answered") from broken
            raise Retry("the line broke") from broken


def _ts(moment: datetime) -> str:
    """A moment as Slack bounds its answers by: seconds since 1970."""
    return f"{moment.timestamp():.6f}"


def _forms(message: Payload) -> Sequence[Payload]:
    """The message as it is wanted, without Slack's newest blocks, and in words alone; an update takes blocks away."""
    blocks = message.get("blocks") or []
    known = older(blocks)
    bare = {**message, "blocks": []}
    rich = [{**message, "blocks": kept} for kept in (blocks, known) if kept]
    return [*(rich if known != blocks else rich[:1]), bare]
