"""Installations: the bot is let into a workspace, given tokens, and thrown out again."""

from collections.abc import Callable
from typing import Literal

from bot.playground.manifest import Manifest
from bot.playground.records import Grant, Json, Person, Workspace
from bot.playground.world import World

Announce = Callable[[Workspace, str, Json], None]

LIFE_SECONDS = 43_200


def install(world: World, manifest: Manifest, workspace: Workspace, scopes: list[str] | None = None) -> Grant:
    """Give the bot a user and a token with these scopes, those of the manifest if none are named."""
    granted = list(manifest.scopes if scopes is None else scopes)
    if not workspace.bot_user:
        bot = Person(handle=manifest.bot_name, real_name=manifest.app_name, tz="UTC", is_bot=True)
        workspace.bot_user = world.add_person(workspace, bot).id
        workspace.bot_id = world.new_id("B")
    workspace.people[workspace.bot_user].deleted = False
    current = world.state.grants.get(workspace.bot_token)
    if current and current.state == "active" and not manifest.rotates_tokens:
        current.scopes = granted
        return current
    return issue(world, manifest, workspace, granted)


def issue(world: World, manifest: Manifest, workspace: Workspace, scopes: list[str]) -> Grant:
    """A new token for the workspace; with rotation it lives twelve hours and has a refresh token."""
    grant = Grant(world.new_secret("xoxb-"), workspace.id, "bot", scopes)
    if manifest.rotates_tokens:
        grant.token, grant.refresh_token = world.new_secret("xoxe.xoxb-1-"), world.new_secret("xoxe-1-")
        grant.expires_at = world.clock().timestamp() + LIFE_SECONDS
    world.state.grants[grant.token] = grant
    workspace.bot_token = grant.token
    world.changed()
    return grant


def revoke(world: World, workspace: Workspace, announce: Announce) -> None:
    """The bot's tokens end, and the bot is told so."""
    tokens = {"oauth": [], "bot": [workspace.bot_user]}
    announce(workspace, "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens, "event_ts": world.next_ts()})
    _end(world, workspace, "revoked")


def uninstall(world: World, workspace: Workspace, announce: Announce) -> None:
    """The app is gone from the workspace, its tokens and open forms with it; the bot is told of both."""
    announce(workspace, "app_uninstalled", {"type": "app_uninstalled", "event_ts": world.next_ts()})
    revoke(world, workspace, announce)
    _end(world, workspace, "inactive")
    workspace.modals.clear()
    workspace.homes.clear()


def _end(world: World, workspace: Workspace, state: Literal["revoked", "inactive"]) -> None:
    for grant in world.state.grants.values():
        if grant.team_id == workspace.id:
            grant.state = state
    workspace.bot_token = ""
    world.changed()
