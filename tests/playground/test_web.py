"""The web edge: the Web API as the SDK speaks to it, files, and installing the app in a browser."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.routing import Route

from bot.playground import Clock, Playground, Workspace
from tests.playground.conftest import MANIFEST, START, section

BACK = "http://bot.example/slack/oauth_redirect"


@pytest.fixture(scope="module")
def slack() -> Iterator[Playground]:
    playground = Playground(Clock(START), MANIFEST)
    playground.start([Route("/extra", lambda request: httpx_like("extra"))])
    yield playground
    playground.stop()


def httpx_like(text: str) -> Any:
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(text)


@pytest.fixture
def other(slack: Playground) -> Workspace:
    slack.world.workspaces.clear()
    return slack.add_workspace("Other & Co", ["eve", "zoe"], install=False)


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    slack.world.workspaces.clear()
    return slack.add_workspace("Acme", ["ada", "bob"], ["#apollo"])


def ask(slack: Playground, **more: str) -> httpx.Response:
    query = {"client_id": slack.world.state.client_id, "scope": "chat:write,commands", "state": "s1"} | more
    return httpx.get(f"{slack.url}/oauth/v2/authorize", params=query)


def came_back(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(BACK)
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_a_person_lets_the_app_in(slack: Playground, other: Workspace) -> None:
    back = came_back(ask(slack, team=other.id, user="zoe", redirect_uri=BACK))
    state = slack.world.state
    form = {
        "client_id": state.client_id,
        "client_secret": state.client_secret,
        "code": back["code"],
        "redirect_uri": BACK,
    }

    answer = httpx.post(slack.api_url + "oauth.v2.access", data=form).json()

    assert back["state"] == "s1"
    assert answer["access_token"] == other.bot_token
    assert answer["scope"] == "chat:write,commands"
    assert answer["authed_user"]["id"] == slack.as_("zoe", other).me.id
    assert other.installed


def test_a_person_may_say_no(slack: Playground, other: Workspace) -> None:
    assert came_back(ask(slack, team=other.id, deny="1")) == {"error": "access_denied", "state": "s1"}


def test_without_a_workspace_it_is_asked_which(slack: Playground, other: Workspace) -> None:
    page = ask(slack)

    assert page.status_code == 200
    assert "Other &amp; Co" in page.text
    assert f"team={other.id}" in page.text
    assert came_back(ask(slack, team=other.id, user="nobody"))["code"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "chat:write,admin"}, "invalid_scope requested: admin"),
        ({"redirect_uri": "http://evil.example/"}, "bad_redirect_uri"),
    ],
)
def test_it_is_refused(slack: Playground, other: Workspace, query: dict[str, str], error: str) -> None:
    answer = ask(slack, team=other.id, **query)

    assert answer.status_code == 400
    assert error in answer.text


def test_other_pages_are_served_beside_it(slack: Playground) -> None:
    assert httpx.get(f"{slack.url}/extra").text == "extra"
    assert httpx.get(f"{slack.url}/nothing").status_code == 404


def test_another_server_may_show_it() -> None:
    playground = Playground(Clock(START), MANIFEST)
    playground.serves_at("localhost", 3000)

    assert playground.api_url == "http://localhost:3000/api/"
    assert playground.services.ticket().startswith("ws://localhost:3000/link?ticket=")
    assert playground.asgi_app([])
    playground.stop()


def test_without_a_manifest_everything_is_allowed_but_commands() -> None:
    playground = Playground(Clock(START))
    workspace = playground.add_workspace("Acme", ["ada"])

    assert playground.manifest.commands == {}
    assert "chat:write" in playground.scopes(workspace)
    assert playground.manifest.home_tab
    assert playground.manifest.app_name == "PMO Bot"
    playground.stop()


class TestWebApi:
    def test_the_sdk_speaks_to_it(self, slack: Playground, acme: Workspace) -> None:
        client = WebClient(token=acme.bot_token, base_url=slack.api_url)
        apollo = acme.channel("#apollo")
        assert apollo

        assert client.auth_test()["team_id"] == acme.id
        assert client.auth_test().headers["x-oauth-scopes"]
        assert client.conversations_info(channel=apollo.id)["channel"]["name"] == "apollo"
        assert [u["name"] for u in client.users_list(limit=200)["members"]] == ["ada", "bob", "pmo"]
        posted = client.chat_postMessage(channel=apollo.id, text="Hi", blocks=[section("Hi")])
        assert client.chat_getPermalink(channel=apollo.id, message_ts=posted["ts"])["permalink"]
        assert client.conversations_open(users=slack.as_("ada", acme).me.id)["channel"]["id"]
        with pytest.raises(SlackApiError, match="channel_not_found"):
            client.chat_postMessage(channel="C0", text="x")

    def test_files_go_up_and_come_back(self, slack: Playground, acme: Workspace) -> None:
        client = WebClient(token=acme.bot_token, base_url=slack.api_url)
        apollo = acme.channel("#apollo")
        assert apollo
        file = client.files_upload_v2(channel=apollo.id, filename="a.png", content=b"abc", title="Chart")["file"]

        token = {"authorization": f"Bearer {acme.bot_token}"}
        assert httpx.get(file["url_private"], headers=token).content == b"abc"
        assert "Sign in" in httpx.get(file["url_private"]).text
        assert slack.as_("ada", acme).reads("#apollo")[0].files == [file["id"]]

    def test_a_form_upload_counts_too(self, slack: Playground, acme: Workspace) -> None:
        client = WebClient(token=acme.bot_token, base_url=slack.api_url)
        url = client.files_getUploadURLExternal(filename="a.png", length=3)["upload_url"]

        assert httpx.post(url, files={"file": ("a.png", b"abcd")}).status_code == 400
        nameless = httpx.post(url, files={"x": (None, "y")})
        assert nameless.status_code == 400
        assert httpx.post(url, files={"file": ("a.png", b"abc")}).status_code == 200

    def test_broken_json_is_said_so(self, slack: Playground, acme: Workspace) -> None:
        headers = {"authorization": f"Bearer {acme.bot_token}", "content-type": "application/json"}
        for body in ("{", "[]"):
            assert (
                httpx.post(slack.api_url + "auth.test", content=body, headers=headers).json()["error"] == "invalid_json"
            )
        assert httpx.post(slack.api_url + "auth.test", content="", headers=headers).json()["ok"]

    def test_traffic_is_logged(self, slack: Playground, acme: Workspace) -> None:
        before = slack.traffic.count("auth.test")
        httpx.get(slack.api_url + "auth.test", headers={"authorization": f"Bearer {acme.bot_token}"})

        assert slack.traffic.count("auth.test") == before + 1
        last = slack.traffic.list("auth.test")[-1]
        assert (last.way, last.status, last.error, last.workspace) == ("api", 200, "", acme.id)
        assert last.received > 0
        assert last.ms >= 0
