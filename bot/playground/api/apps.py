"""auth.*, apps.*, oauth.*: tokens, Socket Mode addresses, installing and leaving."""

import base64
import binascii
from urllib.parse import parse_qs, urlsplit

from bot.playground import installing
from bot.playground.calls import Call, Method
from bot.playground.records import Grant, Json, Workspace
from bot.playground.refusals import Refusal

CODE_SECONDS = 600


def test(call: Call) -> Json:
    """auth.test: whose token this is."""
    workspace = call.workspace
    answer: Json = {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": call.bot.handle,
        "team_id": workspace.id,
        "user_id": call.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }
    return answer | ({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {})


def revoke(call: Call) -> Json:
    """auth.revoke: the token ends; with `test` it only would."""
    if call.flag("test"):
        return {"revoked": False}
    installing.revoke(call.world, call.workspace, call.services.announce)
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    """apps.uninstall: the app leaves the workspace."""
    _client(call)
    installing.uninstall(call.world, call.workspace, call.services.announce)
    return {}


def open_connection(call: Call) -> Json:
    """apps.connections.open: an address for one Socket Mode connection."""
    return {"url": call.services.ticket()}


def access(call: Call) -> Json:
    """oauth.v2.access: a code, or a refresh token, becomes a bot token."""
    _client(call)
    if call.text("grant_type") == "refresh_token":
        return _refresh(call)
    if call.text("grant_type", "authorization_code") != "authorization_code":
        raise Refusal("invalid_grant_type")
    code = call.services.codes.pop(call.text("code"), None)
    if code is None or call.now.timestamp() - code.issued_at > CODE_SECONDS:
        raise Refusal("invalid_code")
    if call.text("redirect_uri", code.redirect_uri) != code.redirect_uri:
        raise Refusal("bad_redirect_uri")
    workspace = call.world.workspaces[code.team_id]
    grant = installing.install(call.world, call.services.manifest, workspace, code.scopes)
    return _granted(call, workspace, grant) | {"authed_user": {"id": code.user}}


def _refresh(call: Call) -> Json:
    wanted = call.text("refresh_token")
    old = next((g for g in call.world.state.grants.values() if wanted and g.refresh_token == wanted), None)
    if old is None or old.state != "active":
        raise Refusal("invalid_refresh_token")
    workspace = call.world.workspaces[old.team_id]
    old.refresh_token = ""
    return _granted(call, workspace, installing.issue(call.world, call.services.manifest, workspace, old.scopes))


def _granted(call: Call, workspace: Workspace, grant: Grant) -> Json:
    enterprise = {"id": workspace.enterprise_id, "name": workspace.enterprise_name}
    answer: Json = {
        "access_token": grant.token,
        "token_type": "bot",
        "scope": ",".join(grant.scopes),
        "bot_user_id": workspace.bot_user,
        "app_id": call.world.state.app_id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": enterprise if workspace.enterprise_id else None,
        "is_enterprise_install": False,
    }
    if grant.refresh_token:
        answer |= {"refresh_token": grant.refresh_token, "expires_in": installing.LIFE_SECONDS}
    return answer


def _client(call: Call) -> None:
    """The app proves itself by its client id and secret, as arguments or by basic authentication."""
    client_id, secret = call.text("client_id"), call.text("client_secret")
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if not client_id and scheme.lower() == "basic":
        client_id, _, secret = _decoded(encoded).partition(":")
    if client_id != call.world.state.client_id:
        raise Refusal("invalid_client_id")
    if secret != call.world.state.client_secret:
        raise Refusal("bad_client_secret")


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def allowed_redirect(wanted: str, allowed: list[str]) -> bool:
    """Whether an installation may lead back there: to a declared address, or below one."""
    return any(_below(wanted, base) for base in allowed)


def _below(wanted: str, base: str) -> bool:
    one, other = urlsplit(wanted), urlsplit(base)
    return one[:2] == other[:2] and one.path.startswith(other.path) and parse_qs(other.query) == {}


METHODS = {
    "auth.test": Method(test),
    "auth.revoke": Method(revoke),
    "apps.uninstall": Method(uninstall),
    "apps.connections.open": Method(open_connection, ("connections:write",), "app"),
    "oauth.v2.access": Method(access, (), "none"),
}
