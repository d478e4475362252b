"""The app manifest as Slack reads it: commands, shortcuts, scopes, events and tabs."""

from dataclasses import dataclass
from typing import Any

from bot.playground.records import Json

BOT_SCOPES = [
    "app_mentions:read", "bookmarks:write", "channels:history", "channels:join", "channels:read", "chat:write",
    "chat:write.public", "commands", "files:read", "files:write", "groups:history", "groups:read", "im:history",
    "im:read", "im:write", "mpim:read", "pins:write", "reactions:read", "reactions:write", "team:read",
    "usergroups:read", "users:read", "users:read.email",
]  # fmt: skip

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_id_changed": ("channels:read", "groups:read"),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "team_access_granted": (),
    "team_access_revoked": (),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}

DEFAULT: Json = {
    "display_information": {"name": "PMO Bot"},
    "features": {
        "bot_user": {"display_name": "pmo"},
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
    },
    "oauth_config": {"scopes": {"bot": BOT_SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": sorted(EVENT_SCOPES)},
        "interactivity": {"is_enabled": True},
    },
}


@dataclass(frozen=True)
class Shortcut:
    """A named act in the menu of a message, or the global one."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class Command:
    """A slash command people may type."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


class Manifest:
    """What the app declared; nothing that is not declared here happens."""

    def __init__(self, source: Json | None = None) -> None:
        self.source = source if source is not None else DEFAULT

    @property
    def bot_name(self) -> str:
        """The handle of the bot's user."""
        name = self._at("features", "bot_user", "display_name") or "pmo"
        return str(name).lower().replace(" ", "-")

    @property
    def app_name(self) -> str:
        """The app's name."""
        return str(self._at("display_information", "name") or "PMO Bot")

    @property
    def scopes(self) -> list[str]:
        """The bot scopes that an installation asks for."""
        return list(self._at("oauth_config", "scopes", "bot") or [])

    @property
    def redirect_urls(self) -> list[str]:
        """Where an installation may lead back to."""
        return list(self._at("oauth_config", "redirect_urls") or [])

    @property
    def commands(self) -> dict[str, Command]:
        """The slash commands by name."""
        rows = self._at("features", "slash_commands") or []
        return {
            row["command"]: Command(
                row["command"], row.get("description", ""), row.get("usage_hint", ""), bool(row.get("should_escape"))
            )
            for row in rows
        }

    @property
    def shortcuts(self) -> list[Shortcut]:
        """The message and global shortcuts."""
        rows = self._at("features", "shortcuts") or []
        return [Shortcut(r["name"], r["type"], r["callback_id"], r.get("description", "")) for r in rows]

    @property
    def interactive(self) -> bool:
        """Whether buttons, forms and shortcuts reach the bot."""
        return bool(self._at("settings", "interactivity", "is_enabled"))

    @property
    def home_tab(self) -> bool:
        """Whether the App Home has a Home tab."""
        return bool(self._at("features", "app_home", "home_tab_enabled"))

    @property
    def messages_tab(self) -> bool:
        """Whether the bot may write to people directly."""
        return bool(self._at("features", "app_home", "messages_tab_enabled"))

    @property
    def people_may_write(self) -> bool:
        """Whether people may write to the bot directly."""
        return self.messages_tab and not self._at("features", "app_home", "messages_tab_read_only_enabled")

    @property
    def rotates_tokens(self) -> bool:
        """Whether tokens live twelve hours only."""
        return bool(self._at("settings", "token_rotation_enabled"))

    @property
    def for_orgs(self) -> bool:
        """Whether a whole org may install the app."""
        return bool(self._at("settings", "org_deploy_enabled"))

    def sends(self, event: str, scopes: list[str]) -> bool:
        """Whether the event reaches the bot: subscribed to, and one of its scopes granted."""
        wanted = self._at("settings", "event_subscriptions", "bot_events") or []
        needed = EVENT_SCOPES.get(event)
        if event not in wanted or needed is None:
            return False
        return not needed or any(scope in scopes for scope in needed)

    def _at(self, *path: str) -> Any:
        found: Any = self.source
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found
