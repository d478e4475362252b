"""Installations: the bot is let into a workspace, given tokens, and thrown out again."""

from collections.abc import Callable
from typing import Literal

from bot.playground.manifest import Manifest
from bot.playground.records import Grant, Json, Org, Person, Workspace
from bot.playground.world import World

Announce = Callable[[Workspace | Org, str, Json], None]

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
    grant = _new(world, manifest, Grant("", workspace.id, "bot", scopes))
    workspace.bot_token = grant.token
    world.changed()
    return grant


def _new(world: World, manifest: Manifest, grant: Grant) -> Grant:
    """The grant with a token nobody has had."""
    grant.token = world.new_secret("xoxb-")
    if manifest.rotates_tokens:
        grant.token, grant.refresh_token = world.new_secret("xoxe.xoxb-1-"), world.new_secret("xoxe-1-")
        grant.expires_at = world.clock().timestamp() + LIFE_SECONDS
    world.state.grants[grant.token] = grant
    return grant


def install_org(world: World, manifest: Manifest, org: Org, scopes: list[str] | None = None) -> Grant:
    """Let the bot into a whole org: one token, and no workspace of it until the org adds some."""
    if not org.bot_user:
        org.bot_user, org.bot_id = world.new_id("U"), world.new_id("B")
    return issue_org(world, manifest, org, list(manifest.scopes if scopes is None else scopes))


def issue_org(world: World, manifest: Manifest, org: Org, scopes: list[str]) -> Grant:
    """A new token for the org, and for every workspace that held the one before."""
    held = world.held_by(org)
    grant = _new(world, manifest, Grant("", "", "bot", scopes, enterprise_id=org.id))
    org.bot_token = grant.token
    for workspace in held:
        workspace.bot_token = grant.token
    world.changed()
    return grant


def add_to(world: World, manifest: Manifest, org: Org, workspace: Workspace, announce: Announce) -> None:
    """The org adds its bot to one of its workspaces, and the bot is told."""
    workspace.bot_user, workspace.bot_id, workspace.bot_token = org.bot_user, org.bot_id, org.bot_token
    if org.bot_user not in workspace.people:
        bot = Person(manifest.bot_name, manifest.app_name, "UTC", id=org.bot_user, is_bot=True)
        world.add_person(workspace, bot)
    _teams(world, org, "team_access_granted", workspace, announce)


def take_from(world: World, org: Org, workspace: Workspace, announce: Announce) -> None:
    """The org takes its bot out of one of its workspaces, and the bot is told; its token goes on elsewhere."""
    _leave(workspace)
    _teams(world, org, "team_access_revoked", workspace, announce)


def _teams(world: World, org: Org, event: str, workspace: Workspace, announce: Announce) -> None:
    announce(org, event, {"type": event, "team_ids": [workspace.id], "event_ts": world.next_ts()})
    world.changed()


def revoke(world: World, place: Workspace | Org, announce: Announce) -> None:
    """The bot's tokens end, and the bot is told so."""
    tokens = {"oauth": [], "bot": [place.bot_user]}
    announce(place, "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens, "event_ts": world.next_ts()})
    _end(world, place, "revoked")


def uninstall(world: World, place: Workspace | Org, announce: Announce) -> None:
    """The app is gone from the workspace or org, its tokens and open forms with it; the bot is told of both."""
    announce(place, "app_uninstalled", {"type": "app_uninstalled", "event_ts": world.next_ts()})
    revoke(world, place, announce)
    _end(world, place, "inactive")


def _end(world: World, place: Workspace | Org, state: Literal["revoked", "inactive"]) -> None:
    for grant in world.state.grants.values():
        if grant.kind == "bot" and place.id in (grant.team_id, grant.enterprise_id):
            grant.state = state
    for workspace in world.held_by(place) if isinstance(place, Org) else [place]:
        _leave(workspace)
    place.bot_token = ""
    world.changed()


def _leave(workspace: Workspace) -> None:
    workspace.bot_token = ""
    workspace.modals.clear()
    workspace.homes.clear()
