"""The messenger: the only code that speaks to Slack unasked, and what Slack's refusals mean."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Undeliverable

Payload = Mapping[str, Any]
NEWEST = frozenset({"data_table", "data_visualization"})
AFTER_429 = 30.0  # seconds, where Slack names none
log = structlog.get_logger(__name__)

BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
PASSING = frozenset({"internal_error", "service_unavailable", "request_timeout", "team_added_to_org", "hash_conflict"})
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
DELETED = GONE | {"cant_delete_message"}
DEAD = frozenset(
    {"account_inactive", "token_revoked", "invalid_auth", "not_authed", "invalid_refresh_token", "token_expired"}
)
BLOCKED = frozenset(
    {
        "accesslimited",
        "app_access_restricted",
        "enterprise_is_restricted",
        "org_access_restricted",
        "org_login_required",
        "two_factor_setup_required",
    }
)
TOO_RICH = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "block_mismatch",
        "invalid_arguments",
        "msg_blocks_too_long",
        "only_one_table_allowed",
        "invalid_attachments",
        "too_many_attachments",
    }
)
BROKEN_TARGET = frozenset(
    {
        "access_denied",
        "cannot_reply_to_message",
        "channel_is_limited_access",
        "channel_not_found",
        "ekm_access_denied",
        "file_type_not_allowed",
        "file_uploads_disabled",
        "is_archived",
        "no_permission",
        "not_in_channel",
        "plan_upgrade_required",
        "posting_to_channel_denied",
        "storage_limit_reached",
        "thread_locked",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
        "users_not_found",
        *GONE,
    }
)
BROKEN_TARGETS = ("restricted_action", "slack_connect_")


class Retry(Exception):
    """Not now: the same call may work later; `after` is in seconds, and None leaves the pace to whoever asks."""

    def __init__(self, code: str, after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.after = after


class Uncertain(Exception):
    """The line broke after a message was sent: Slack may have it, so it is not sent again unseen."""


class Dead(Exception):
    """The installation does not work any more; `for_now` when an admin only holds it back."""

    def __init__(self, code: str, *, for_now: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_now = for_now


class Unchangeable(Undeliverable):
    """That message can no longer be changed; it can be said anew."""


class Faulty(Undeliverable):
    """Our own message, scope or configuration is wrong: sending it again cannot help."""


class Messenger:
    """Posts, changes and deletes messages, and asks who somebody is, in any workspace.

    Every method raises Retry, Dead, Undeliverable (this channel, person or message is broken) or its kind Faulty
    (we are); `post` also raises Uncertain.
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
    ) -> tuple[str, str]:
        """Say a message (`text` and `blocks`, as a post keeps them); gives the channel and ts Slack put it at."""
        more = {"thread_ts": thread_ts, "metadata": metadata, "unfurl_links": False, "unfurl_media": False}
        told = self._plainer(workspace, "chat.postMessage", message, {"channel": channel, **more})
        return str(told["channel"]), str(told["ts"])

    def update(self, workspace: int, channel: str, ts: str, message: Payload) -> None:
        """Change a message; raises Unchangeable when Slack no longer lets it be changed."""
        try:
            self._plainer(workspace, "chat.update", message, {"channel": channel, "ts": ts})
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

    def _plainer(self, workspace: int, method: str, message: Payload, about: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a message, and when Slack refuses its form, a plainer one: the words must arrive."""
        forms = _forms(message)
        for form in forms[:-1]:
            try:
                return self._call(workspace, method, {**about, **form})
            except Faulty as refused:
                if refused.code not in TOO_RICH:
                    raise
                log.warning("made plainer", method=method, workspace=workspace, code=refused.code, said=refused.detail)
        return self._call(workspace, method, {**about, **forms[-1]})

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


def meaning(refused: SlackApiError, *, posting: bool = False) -> Exception:
    """What a refusal of Slack's means for the work at hand (the table of faults: retry, target, dead, or our bug)."""
    response = refused.response
    code = str(response.get("error", "")) if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else ""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or code in BUSY:
        return Retry("ratelimited", _seconds(response.headers))
    if not code or code in PASSING or code.startswith("Received a response in a non-JSON format"):
        return Retry(code if code in PASSING else f"http_{response.status_code}")
    if code == "fatal_error":
        return Uncertain(code) if posting else Retry(code)
    if code in DEAD or code in BLOCKED:
        return Dead(code, for_now=code in BLOCKED)
    said = " ".join((response.get("response_metadata") or {}).get("messages") or ())
    if code in BROKEN_TARGET or code.startswith(BROKEN_TARGETS):
        return Undeliverable(code, said)
    needed = f"needs {response.get('needed')}" if code == "missing_scope" else ""
    return Faulty(code, needed or said)


def _forms(message: Payload) -> Sequence[Payload]:
    """The message as it is wanted, without Slack's newest blocks, and in words alone; an update takes blocks away."""
    blocks = message.get("blocks") or []
    older = [block for block in blocks if block.get("type") not in NEWEST]
    bare = {**message, "blocks": []}
    rich = [{**message, "blocks": kept} for kept in (blocks, older) if kept]
    return [*(rich if older != blocks else rich[:1]), bare]


def _seconds(headers: Mapping[str, str]) -> float:
    named = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return float(named) if named.isdecimal() else AFTER_429
