"""Who may call: tokens alive and dead, of the right kind, with the right scopes; installing and leaving."""

import base64
from datetime import timedelta

import pytest

from bot.playground import Playground, Workspace
from bot.playground.api import METHODS
from bot.playground.calls import Code
from tests.playground.conftest import MANIFEST, START, Api, Json, StubBot, user_id


def client(slack: Playground) -> Json:
    state = slack.world.state
    return {"client_id": state.client_id, "client_secret": state.client_secret}


def code(slack: Playground, acme: Workspace, **more: str) -> str:
    scopes = ["chat:write"]
    redirect = more.get("redirect_uri", "")
    slack.services.codes["c1"] = Code(acme.id, user_id(acme, "ada"), scopes, redirect, slack.clock().timestamp())
    return "c1"


def test_auth_test_says_whose_token_it_is(api: Api, acme: Workspace, slack: Playground) -> None:
    answer = api("auth.test")
    headers = slack.api.call("auth.test", {"token": acme.bot_token}, {}).headers

    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (acme.id, acme.bot_user, acme.bot_id)
    assert headers["x-oauth-scopes"].split(",") == slack.manifest.scopes
    acme.enterprise_id = "E1"
    assert api("auth.test")["enterprise_id"] == "E1"


def test_tokens_that_are_none(api: Api, acme: Workspace) -> None:
    assert api("auth.test", token="")["error"] == "not_authed"
    assert api("auth.test", token="xoxb-nobody")["error"] == "invalid_auth"
    assert api("auth.test", token=acme.app_token)["error"] == "not_allowed_token_type"
    assert api("apps.connections.open")["error"] == "not_allowed_token_type"
    assert api("poems.write")["error"] == "unknown_method"


def test_a_workspace_may_be_gone(api: Api, acme: Workspace, slack: Playground) -> None:
    token = acme.bot_token
    slack.world.workspaces.clear()

    assert api("auth.test", token=token)["error"] == "team_not_found"


def test_a_revoked_token_is_dead_and_the_bot_is_told(
    api: Api, acme: Workspace, slack: Playground, bot: StubBot
) -> None:
    token = acme.bot_token

    assert api("auth.revoke", test="true") == {"ok": True, "revoked": False}
    assert api("auth.revoke") == {"ok": True, "revoked": True}
    assert api("auth.test", token=token)["error"] == "token_revoked"
    slack.delivery.settle()
    assert bot.events("tokens_revoked")[0]["tokens"] == {"oauth": [], "bot": [acme.bot_user]}
    assert not acme.installed


def test_an_uninstalled_app_has_an_inactive_account(api: Api, acme: Workspace, slack: Playground, bot: StubBot) -> None:
    token = acme.bot_token

    assert api("apps.uninstall", client_id="x")["error"] == "invalid_client_id"
    assert api("apps.uninstall", **client(slack) | {"client_secret": "x"})["error"] == "bad_client_secret"
    assert api("apps.uninstall", **client(slack))["ok"]
    assert api("auth.test", token=token)["error"] == "account_inactive"
    slack.delivery.settle()
    assert [e["type"] for e in bot.events()] == ["app_uninstalled", "tokens_revoked"]


def test_an_admin_may_throw_the_app_out_and_in_again(
    api: Api, acme: Workspace, slack: Playground, bot: StubBot
) -> None:
    old, user = acme.bot_token, acme.bot_user

    slack.uninstall(acme)
    new = slack.install(acme)

    assert api("auth.test", token=old)["error"] == "account_inactive"
    assert api("auth.test", token=new.token)["user_id"] == user
    assert new.token != old
    assert slack.install(acme, ["users:read"]).token == new.token


@pytest.mark.parametrize("method", sorted(m for m, found in METHODS.items() if found.scopes and found.token == "bot"))
def test_without_its_scope_a_method_is_refused(api: Api, acme: Workspace, slack: Playground, method: str) -> None:
    slack.install(acme, ["commands"])

    answer = api(method)

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == ",".join(METHODS[method].scopes)
    assert answer["provided"] == "commands"


class TestOAuth:
    def test_a_code_becomes_a_token_once(self, api: Api, acme: Workspace, slack: Playground) -> None:
        slack.uninstall(acme)
        code(slack, acme)

        answer = api("oauth.v2.access", code="c1", **client(slack))
        again = api("oauth.v2.access", code="c1", **client(slack))

        assert answer["access_token"] == acme.bot_token
        assert (answer["scope"], answer["team"]["id"]) == ("chat:write", acme.id)
        assert answer["authed_user"] == {"id": user_id(acme, "ada")}
        assert again["error"] == "invalid_code"

    def test_the_app_may_prove_itself_by_basic_authentication(self, acme: Workspace, slack: Playground) -> None:
        pair = base64.b64encode(":".join(client(slack).values()).encode()).decode()
        args = {"code": code(slack, acme)}

        assert slack.api.call("oauth.v2.access", args, {"authorization": "Basic /w=="}).error == "invalid_client_id"
        assert slack.api.call("oauth.v2.access", args, {"authorization": f"Basic {pair}"}).body["ok"]

    def test_it_is_refused(self, api: Api, acme: Workspace, slack: Playground) -> None:
        mine = client(slack)
        assert api("oauth.v2.access", code="x")["error"] == "invalid_client_id"
        assert api("oauth.v2.access", code="x", **mine)["error"] == "invalid_code"
        assert api("oauth.v2.access", code="x", grant_type="magic", **mine)["error"] == "invalid_grant_type"
        code(slack, acme, redirect_uri="http://a.example")
        answer = api("oauth.v2.access", code="c1", redirect_uri="http://b.example", **mine)
        assert answer["error"] == "bad_redirect_uri"
        code(slack, acme)
        slack.clock.advance(timedelta(minutes=11))
        assert api("oauth.v2.access", code="c1", **mine)["error"] == "invalid_code"

    def test_tokens_may_rotate(self, api: Api, acme: Workspace, slack: Playground) -> None:
        settings = MANIFEST["settings"] | {"token_rotation_enabled": True}
        slack.manifest.source = MANIFEST | {"settings": settings}
        acme.enterprise_id = "E1"
        code(slack, acme)
        first = api("oauth.v2.access", code="c1", **client(slack))
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **client(slack)}

        second = api("oauth.v2.access", **refresh)

        assert (first["expires_in"], first["enterprise"]["id"]) == (43_200, "E1")
        assert second["access_token"] != first["access_token"]
        assert api("oauth.v2.access", **refresh)["error"] == "invalid_refresh_token"
        slack.clock.advance(timedelta(hours=12))
        assert api("auth.test", token=second["access_token"])["error"] == "token_expired"


def test_the_clock_of_the_tests_is_where_they_think(slack: Playground) -> None:
    assert slack.clock() == START
