"""Evidence: the message that a record was raised from, and the link to it."""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import rules
from bot.handlers import forms

UNLINKED = "I could not link the message it was raised from: invite me to its channel and I can the next time."


def source(message: Mapping[str, Any], channel: str) -> dict[str, str]:
    """Which message it is, as a form carries it."""
    return {"channel": channel, "ts": str(message.get("ts") or "")}


def words(message: Mapping[str, Any]) -> str:
    """What the message says, as it was typed."""
    return rules.words.tidy(rules.words.unmarked(str(message.get("text") or "")))


def author(message: Mapping[str, Any]) -> str | None:
    """Who wrote it, unless an app did."""
    if message.get("bot_id") or message.get("subtype"):
        return None
    return message.get("user")


def permalink(client: WebClient, source: forms.Carried) -> str | None:
    """The link to the message a form was opened from; None when there is none, or Slack does not give it."""
    channel, ts = source.word("channel"), source.word("ts")
    if not ts:
        return None
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except (SlackApiError, OSError):
        return None
