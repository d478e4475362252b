"""auth.*, apps.*, oauth.*: tokens, Socket Mode addresses, installing and leaving."""

import base64
import binascii
from urllib.parse import parse_qs, urlsplit

from bot.playground import installing
from bot.playground.calls import Call, Code, Method
from bot.playground.manifest import Manifest
from bot.playground.records import Grant, Json, Org, Workspace
from bot.playground.refusals import Refusal

CODE_SECONDS = 600


def test(call: Call) -> Json:
    """auth.test: whose token this is; that of an org is of none of its workspaces."""
    if call.org:
        return _org_of_token(call.org, call.services.manifest)
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


def _org_of_token(org: Org, manifest: Manifest) -> Json:
    return {
        "url": f"https://{org.domain}.enterprise.slack.com/",
        "team": org.name,
        "user": manifest.bot_name,
        "team_id": org.id,
        "user_id": org.bot_user,
        "bot_id": org.bot_id,
        "enterprise_id": org.id,
        "is_enterprise_install": True,
    }


def revoke(call: Call) -> Json:
    """auth.revoke: the token ends; with `test` it only would."""
    if call.flag("test"):
        return {"revoked": False}
    installing.revoke(call.world, call.org or call.workspace, call.services.announce)
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    """apps.uninstall: the app leaves the workspace."""
    _client(call)
    installing.uninstall(call.world, call.org or call.workspace, call.services.announce)
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
    return _let_in(call, code) | {"authed_user": {"id": code.user}}


def _let_in(call: Call, code: Code) -> Json:
    world, manifest = call.world, call.services.manifest
    org = world.state.orgs.get(code.team_id)
    if org:
        return _granted_to_org(call, org, installing.install_org(world, manifest, org, code.scopes))
    workspace = world.workspaces[code.team_id]
    return _granted(call, workspace, installing.install(world, manifest, workspace, code.scopes))


def _refresh(call: Call) -> Json:
    wanted = call.text("refresh_token")
    old = next((g for g in call.world.state.grants.values() if wanted and g.refresh_token == wanted), None)
    if old is None or old.state != "active":
        raise Refusal("invalid_refresh_token")
    old.refresh_token = ""
    world, manifest = call.world, call.services.manifest
    if old.enterprise_id:
        org = world.state.orgs[old.enterprise_id]
        return _granted_to_org(call, org, installing.issue_org(world, manifest, org, old.scopes))
    workspace = world.workspaces[old.team_id]
    return _granted(call, workspace, installing.issue(world, manifest, workspace, old.scopes))


def _granted(call: Call, workspace: Workspace, grant: Grant) -> Json:
    enterprise = {"id": workspace.enterprise_id, "name": workspace.enterprise_name}
    return _token(call, grant) | {
        "bot_user_id": workspace.bot_user,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": enterprise if workspace.enterprise_id else None,
        "is_enterprise_install": False,
    }


def _granted_to_org(call: Call, org: Org, grant: Grant) -> Json:
    return _token(call, grant) | {
        "bot_user_id": org.bot_user,
        "team": None,
        "enterprise": {"id": org.id, "name": org.name},
        "is_enterprise_install": True,
    }


def _token(call: Call, grant: Grant) -> Json:
    answer: Json = {
        "access_token": grant.token,
        "token_type": "bot",
        "scope": ",".join(grant.scopes),
        "app_id": call.world.state.app_id,
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
