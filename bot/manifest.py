"""The manifest: what Slack is told about the app."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent.parent / "app_manifest.yml"
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


def read(url: str = "") -> dict[str, Any]:
    """As it stands for Socket Mode or, with our public address, for HTTP and for whole orgs too."""
    told: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if not url:
        return told
    address = url + EVENTS_PATH
    told["settings"] |= {"socket_mode_enabled": False, "org_deploy_enabled": True}
    told["settings"]["event_subscriptions"] = {"request_url": address, **told["settings"]["event_subscriptions"]}
    told["settings"]["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
    told["oauth_config"] = {"redirect_urls": [url + REDIRECT_PATH], **told["oauth_config"]}
    for command in told["features"]["slash_commands"]:
        command["url"] = address
    return told


def scopes() -> list[str]:
    """Everything the bot asks for when it is installed."""
    return list(read()["oauth_config"]["scopes"]["bot"])


def lacking(granted: frozenset[str]) -> list[str]:
    """What it cannot do without and was not granted; the optional scopes are not missed."""
    return sorted(_needed() - granted)


@cache
def _needed() -> frozenset[str]:
    asked = read()["oauth_config"]["scopes"]
    return frozenset(asked["bot"]) - frozenset(asked.get("bot_optional", ()))
