"""The app manifest: Slack's own schema, what that schema lets pass, and nothing in it that nobody answers."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot import handlers
from bot import manifest as told
from bot.handlers.routing import Kind, Table

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT.parent / "shared" / "manifest.schema.json"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "app_manifest.yml").read_text(encoding="utf-8"))
OVER_HTTP = told.read("https://bot.example.com")
# What Slack wants before it sends an event; from its reference of events.
EVENT_SCOPES = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set[str](),
    "channel_archive": {"channels:read"},
    "channel_id_changed": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_shared": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "channel_unshared": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "team_access_granted": set[str](),
    "team_access_revoked": set[str](),
    "tokens_revoked": set[str](),
    "user_change": {"users:read"},
}
# What each Web API method that the bot calls needs, beside what its events need.
USED_SCOPES = {
    "app_mentions:read": "app_mention",
    "channels:history": "conversations.history: was it said, when Slack gave no answer?",
    "channels:read": "conversations.info, conversations.members, events",
    "chat:write": "chat.postMessage",
    "chat:write.public": "cards and digests in channels the bot was not invited to",
    "commands": "slash commands and shortcuts",
    "files:read": "files.info and url_private, of a register that was dropped into a form",
    "files:write": "files.getUploadURLExternal and completeUploadExternal, for exports",
    "groups:history": "the same in private channels",
    "groups:read": "conversations.info of private channels",
    "im:history": "message.im, and the same in direct messages",
    "im:write": "conversations.open",
    "users:read": "users.info, user_change",
}

manifests = pytest.mark.parametrize("manifest", [MANIFEST, OVER_HTTP], ids=["socket mode", "http"])


def at(*path: str, of: dict[str, Any] = MANIFEST) -> Any:
    found: Any = of
    for key in path:
        found = found[key]
    return found


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's schema is not beside this checkout")
@manifests
def test_slacks_own_schema_takes_it(manifest: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(manifest)


@manifests
def test_names_keep_to_what_slack_allows(manifest: dict[str, Any]) -> None:
    told = at("display_information", of=manifest)

    assert re.fullmatch(r"#[0-9a-f]{6}", told["background_color"])
    assert 175 <= len(told["long_description"]) <= 4000
    assert re.fullmatch(r"[a-z0-9._-]+", at("features", "bot_user", "display_name", of=manifest))
    for command in at("features", "slash_commands", of=manifest):
        assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
        assert command["should_escape"] is True
    for shortcut in at("features", "shortcuts", of=manifest):
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"].split()) <= 10


def test_every_event_is_known_and_its_scope_asked_for() -> None:
    scopes = set(at("oauth_config", "scopes", "bot"))
    for event in at("settings", "event_subscriptions", "bot_events"):
        assert EVENT_SCOPES[event] <= scopes, event


def test_no_scope_is_asked_for_that_nothing_needs() -> None:
    assert set(at("oauth_config", "scopes", "bot")) <= USED_SCOPES.keys()


def test_an_optional_scope_is_in_the_whole_list_too() -> None:
    assert set(at("oauth_config", "scopes", "bot_optional")) <= set(at("oauth_config", "scopes", "bot"))


def test_lists_are_sorted_and_name_nothing_twice() -> None:
    for listed in (at("oauth_config", "scopes", "bot"), at("settings", "event_subscriptions", "bot_events")):
        assert all(first < second for first, second in pairwise(listed))


def test_people_can_write_to_the_bot_and_see_its_home() -> None:
    tabs = at("features", "app_home")

    assert tabs == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_over_socket_mode_it_holds_no_address() -> None:
    assert "http" not in json.dumps(MANIFEST)
    assert at("settings", "socket_mode_enabled") is True


def test_over_http_every_address_is_https() -> None:
    addresses = re.findall(r'"(https?://[^"]+)"', json.dumps(OVER_HTTP))

    assert len(addresses) == len(at("features", "slash_commands")) + 4
    assert all(address.startswith("https://bot.example.com/slack/") for address in addresses)


def test_over_http_workspaces_and_whole_orgs_can_install_it() -> None:
    assert at("oauth_config", "redirect_urls", of=OVER_HTTP) == ["https://bot.example.com/slack/oauth_redirect"]
    assert at("settings", "org_deploy_enabled", of=OVER_HTTP) is True
    assert at("settings", "org_deploy_enabled") is False


def test_the_optional_scopes_are_not_missed() -> None:
    assert told.lacking(frozenset(told.scopes())) == []
    assert told.lacking(frozenset(told.scopes()) - {"chat:write", "chat:write.public"}) == ["chat:write"]


def the_table() -> Table:
    return Table(route for module in handlers.MODULES for route in module.ROUTES)


def routes(kind: Kind) -> set[str]:
    return {route.id for route in the_table() if route.kind is kind}


def test_every_command_in_it_is_answered() -> None:
    for command in at("features", "slash_commands"):
        route, rest = the_table().command(command["command"], "")
        assert route is not None
        assert (route.id == "help") == (command["command"] == "/pmo"), command["command"]
        assert rest == ""


def test_its_shortcuts_are_those_that_are_answered() -> None:
    assert {shortcut["callback_id"] for shortcut in at("features", "shortcuts")} == routes(Kind.SHORTCUT)


def test_its_events_are_those_that_are_listened_to() -> None:
    assert set(at("settings", "event_subscriptions", "bot_events")) == routes(Kind.EVENT)


def test_where_something_can_be_clicked_slack_is_told_so() -> None:
    assert routes(Kind.ACTION) | routes(Kind.VIEW)
    assert at("settings", "interactivity", "is_enabled") is True
