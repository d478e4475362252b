"""Orgs: one installation for many workspaces, which are added to it and taken from it."""

from typing import Any

import httpx
import pytest

from bot.playground import Impossible, Org, Playground, Workspace
from tests.playground.conftest import MANIFEST, Json, StubBot, user_id


@pytest.fixture
def globex(slack: Playground) -> Org:
    return slack.add_org("Globex Corp")


@pytest.fixture
def labs(slack: Playground, globex: Org) -> Workspace:
    return slack.add_workspace("Labs", people=["zoe"], channels=["#labs"], org=globex)


@pytest.fixture
def works(slack: Playground, globex: Org) -> Workspace:
    return slack.add_workspace("Works", people=["max"], channels=["#works"], org=globex)


@pytest.fixture
def org_wide(slack: Playground) -> None:
    """An app that whole orgs can install."""
    slack.manifest.source = MANIFEST | {"settings": MANIFEST["settings"] | {"org_deploy_enabled": True}}


def access(slack: Playground, **given: str) -> Json:
    state = slack.world.state
    app = {"client_id": state.client_id, "client_secret": state.client_secret}
    return slack.api.call("oauth.v2.access", app | given, {}).body


def installs(slack: Playground, org: Org, *workspaces: Workspace) -> Json:
    """Zoe lets the app into the whole org, which then adds it to these workspaces."""
    back = "http://bot.example/slack/oauth_redirect"
    query = {
        "client_id": slack.world.state.client_id,
        "scope": "commands,chat:write,users:read,im:write",
        "team": org.id,
    }
    slack.start()
    answer = httpx.get(f"{slack.url}/oauth/v2/authorize", params=query | {"redirect_uri": back, "user": "zoe"})
    given = access(slack, code=httpx.URL(answer.headers["location"]).params["code"])
    for workspace in workspaces:
        slack.add_app_to(workspace)
    return given


def call(slack: Playground, org: Org, method: str, **args: Any) -> Json:
    return slack.api.call(method, args | {"token": org.bot_token}, {}).body


@pytest.mark.usefixtures("org_wide")
def test_an_org_lets_the_app_in_as_a_whole(slack: Playground, globex: Org, labs: Workspace) -> None:
    given = installs(slack, globex)

    assert (given["team"], given["enterprise"]) == (None, {"id": globex.id, "name": "Globex Corp"})
    assert given["is_enterprise_install"] is True
    assert given["access_token"] == globex.bot_token
    assert given["authed_user"] == {"id": user_id(labs, "zoe")}
    assert not labs.installed
    told = call(slack, globex, "auth.test")
    assert (told["enterprise_id"], told["is_enterprise_install"]) == (globex.id, True)
    assert (told["user_id"], told["bot_id"]) == (globex.bot_user, globex.bot_id)


def test_an_app_that_is_not_for_orgs_is_not_offered_to_one(slack: Playground, globex: Org, labs: Workspace) -> None:
    slack.start()
    query = {"client_id": slack.world.state.client_id, "scope": "chat:write"}
    page = httpx.get(f"{slack.url}/oauth/v2/authorize", params=query | {"team": globex.id})

    assert page.status_code == 200
    assert "Labs" in page.text
    assert "Globex" not in page.text


@pytest.mark.usefixtures("org_wide")
def test_its_token_works_where_the_org_added_it(
    slack: Playground, globex: Org, labs: Workspace, works: Workspace
) -> None:
    installs(slack, globex, labs)
    place = labs.channel("labs")
    assert place is not None
    place.members.append(labs.bot_user)

    assert call(slack, globex, "chat.postMessage", channel=place.id, text="Hello")["ok"]
    assert call(slack, globex, "users.info", user=user_id(labs, "zoe"))["user"]["team_id"] == labs.id
    assert call(slack, globex, "conversations.open", users=user_id(labs, "zoe"))["ok"]
    assert call(slack, globex, "users.info", user=user_id(works, "max"))["error"] == "user_not_found"
    slack.add_app_to(works)
    assert call(slack, globex, "users.info", user=user_id(works, "max"))["user"]["team_id"] == works.id


@pytest.mark.usefixtures("org_wide")
def test_a_form_opens_where_somebody_acted(slack: Playground, globex: Org, labs: Workspace, works: Workspace) -> None:
    installs(slack, globex, labs, works)
    trigger = slack.triggers.issue(works.id, user_id(works, "max"))
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Hello"}, "blocks": [{"type": "divider"}]}
    opened = call(slack, globex, "views.open", trigger_id=trigger, view=view)

    assert opened["ok"], opened
    assert works.modals[user_id(works, "max")]
    changed = call(slack, globex, "views.update", view_id=opened["view"]["id"], view=view)
    assert changed["ok"], changed


@pytest.mark.usefixtures("org_wide")
def test_what_happens_in_its_workspaces_names_the_org(
    slack: Playground, bot: StubBot, globex: Org, labs: Workspace
) -> None:
    installs(slack, globex, labs)
    zoe = slack.as_("zoe", labs)
    zoe.opens_home()
    [event] = [each for each in bot.payloads("events_api") if each["event"]["type"] == "app_home_opened"]
    zoe.types("/risk", "#labs")
    zoe.shortcut("Check in")

    assert event["team_id"] == labs.id
    assert event["authorizations"][0]["team_id"] is None
    assert event["authorizations"][0]["is_enterprise_install"] is True
    assert bot.payloads("slash_commands")[0]["is_enterprise_install"] == "true"
    assert bot.last["team"] is None
    assert bot.last["enterprise"]["id"] == globex.id
    assert bot.last["is_enterprise_install"] is True


@pytest.mark.usefixtures("org_wide")
def test_the_bot_is_told_where_it_was_added_and_taken(
    slack: Playground, bot: StubBot, globex: Org, labs: Workspace, works: Workspace
) -> None:
    installs(slack, globex, labs, works)
    slack.take_app_from(works)

    assert [e["team_ids"] for e in bot.events("team_access_granted")] == [[labs.id], [works.id]]
    assert [e["team_ids"] for e in bot.events("team_access_revoked")] == [[works.id]]
    [outer] = [each for each in bot.payloads("events_api") if each["event"]["type"] == "team_access_revoked"]
    assert outer["enterprise_id"] == globex.id
    assert "team_id" not in outer
    assert (labs.installed, works.installed) == (True, False)


@pytest.mark.usefixtures("org_wide")
@pytest.mark.parametrize("how", ["uninstall", "auth.revoke", "apps.uninstall"])
def test_an_org_ends_it_everywhere(slack: Playground, bot: StubBot, globex: Org, labs: Workspace, how: str) -> None:
    installs(slack, globex, labs)
    token = globex.bot_token
    if how == "uninstall":
        slack.uninstall(globex)
    else:
        state = slack.world.state
        app = {"client_id": state.client_id, "client_secret": state.client_secret} if "apps" in how else {}
        assert call(slack, globex, how, **app)["ok"]
        slack.delivery.settle()

    assert slack.api.call("auth.test", {"token": token}, {}).error in {"account_inactive", "token_revoked"}
    assert bot.events("tokens_revoked")
    assert not labs.installed
    with pytest.raises(Impossible):
        slack.add_app_to(labs)


def test_tokens_of_an_org_rotate_for_all_its_workspaces(slack: Playground, globex: Org, labs: Workspace) -> None:
    rotating = MANIFEST["settings"] | {"org_deploy_enabled": True, "token_rotation_enabled": True}
    slack.manifest.source = MANIFEST | {"settings": rotating}
    first = installs(slack, globex, labs)
    second = access(slack, grant_type="refresh_token", refresh_token=first["refresh_token"])

    assert second["access_token"] == globex.bot_token == labs.bot_token != first["access_token"]
    assert second["is_enterprise_install"] is True


@pytest.mark.usefixtures("org_wide")
def test_orgs_are_there_again_after_a_restart(slack: Playground, globex: Org, labs: Workspace, tmp_path: Any) -> None:
    installs(slack, globex, labs)
    slack.save(tmp_path / "slack.json")
    again = Playground.load(tmp_path / "slack.json", slack.manifest.source)

    assert again.world.org_of(again.world.workspaces[labs.id]) == globex
    again.stop()
