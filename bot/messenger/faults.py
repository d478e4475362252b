"""Faults: what each of Slack's refusals means for the work at hand."""

from collections.abc import Mapping
from http import HTTPStatus

from slack_sdk.errors import SlackApiError

from bot.errors import Undeliverable

AFTER_429 = 30.0  # seconds, where Slack names none
RATE_LIMITED = "ratelimited"
BUSY = frozenset({RATE_LIMITED, "rate_limited"})
FULL = "message_limit_exceeded"
AFTER_FULL = 3600.0  # seconds: a workspace that takes no more messages for now
HALFWAY = frozenset({"internal_error", "service_unavailable", "request_timeout", "fatal_error"})
"""After these Slack may have done it all the same."""
PASSING = frozenset({"team_added_to_org", "hash_conflict"})
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
DELETED = GONE | {"cant_delete_message"}
NO_THREAD = frozenset({"thread_not_found", "message_not_found"})
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
    """The line broke after a message was sent, or Slack failed over it: it may have it, and is not sent it unseen."""


class Unseen(Exception):
    """The bot may not look there: for want of a scope, or because it is not in the channel."""


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


class Lacking(Faulty):
    """The bot was let in with fewer scopes than it needs: `detail` names those that would do."""


class TooRich(Faulty):
    """Slack does not take the message in this form; it may take a plainer one."""


def meaning(refused: SlackApiError, *, posting: bool = False) -> Exception:
    """What a refusal of Slack's means for the work at hand (the table of faults: retry, target, dead, or our bug)."""
    response = refused.response
    code = str(response.get("error", "")) if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else ""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or code in BUSY:
        return Retry(RATE_LIMITED, _seconds(response.headers))
    if code == FULL:
        return Retry(FULL, AFTER_FULL)
    if not code or code in HALFWAY or code.startswith("Received a response in a non-JSON format"):
        known = code if code in HALFWAY else f"http_{response.status_code}"
        return Uncertain(known) if posting else Retry(known)
    if code in PASSING:
        return Retry(code)
    if code in DEAD or code in BLOCKED:
        return Dead(code, for_now=code in BLOCKED)
    said = " ".join((response.get("response_metadata") or {}).get("messages") or ())
    if code in BROKEN_TARGET or code.startswith(BROKEN_TARGETS):
        return Undeliverable(code, said)
    if code == "missing_scope":
        return Lacking(code, str(response.get("needed") or ""))
    return Faulty(code, said)


def _seconds(headers: Mapping[str, str]) -> float:
    named = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return float(named) if named.isdecimal() else AFTER_429
