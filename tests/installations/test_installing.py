"""Installing: the whole bot over OAuth, from the first page to the first words, and all that can go wrong between."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import structlog

from bot import manifest, store
from bot.app import Bot
from bot.errors import Refused
from bot.playground import Clock, Playground, Workspace
from bot.store.tables import Workspace as Row
from bot.vault import new_key
from tests.bots import HTTP, KEY, SOCKET, running
from tests.browsers import PUBLIC, Browser
from tests.factories import NOW

CALLBACK = "/slack/oauth_redirect"
Run = Callable[..., AbstractContextManager[Bot]]


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(Clock(NOW), manifest.read(PUBLIC), rate_limits=False, ack_seconds=30) as slack:
        yield slack
    assert slack.notes == []


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    return slack.add_workspace("Acme", people=["ada", "bob"], channels=["#apollo"], install=False)


@pytest.fixture
def run(slack: Playground, new_database: Callable[[str], str]) -> Run:
    url = new_database("sqlite")

    def run(wire: str = SOCKET, **more: Any) -> AbstractContextManager[Bot]:
        return running(slack, None, url, wire, **more)

    return run


@pytest.fixture
def bot(run: Run) -> Iterator[Bot]:
    with run() as bot:
        yield bot


@pytest.fixture
def browser(bot: Bot) -> Browser:
    return Browser(bot.asgi)


def kept(bot: Bot, place: Workspace) -> Row | None:
    with bot.db.reading_across() as session:
        return store.workspaces.find(session, place.id)


def words(page: httpx.Response) -> str:
    return re.sub(r"<style>.*</style>|<[^>]+>", " ", page.text)


@pytest.mark.parametrize("wire", [HTTP, SOCKET])
def test_a_workspace_installs_the_bot_and_is_served(slack: Playground, acme: Workspace, run: Run, wire: str) -> None:
    with run(wire) as bot:
        page = Browser(bot.asgi).installs(acme, by="bob")
        bot.tick(slack.clock())
        answer = slack.as_("ada").types("/pmo help", "#apollo")
        first = slack.as_("bob").reads()

    assert page.status_code == 200
    assert "PMO Bot is installed in Acme" in words(page)
    assert answer is not None
    assert "/pmo help" in answer.shown
    assert len(first) == 1
    assert slack.warnings == []


def test_whoever_installs_it_at_night_is_not_kept_waiting(
    slack: Playground, browser: Browser, bot: Bot, acme: Workspace
) -> None:
    slack.clock.advance(timedelta(hours=8))
    browser.installs(acme, by="bob")
    bot.tick(slack.clock())

    assert len(slack.as_("bob").reads()) == 1


def test_the_pages_can_be_read_by_everybody(browser: Browser, acme: Workspace, slack: Playground) -> None:
    page = browser.installs(acme)

    assert '<html lang="en">' in page.text
    assert "<title>PMO Bot is installed in Acme - PMO Bot</title>" in page.text
    assert page.text.count("<h1>") == page.text.count("<main>") == 1
    assert "script" not in page.text
    assert f'href="{slack.url}/app_redirect?app={slack.world.state.app_id}&amp;team={acme.id}"' in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


def test_slack_is_asked_for_what_the_manifest_says(browser: Browser, slack: Playground) -> None:
    where = urlsplit(browser.begins())
    asked = {name: values[0] for name, values in parse_qs(where.query).items()}

    assert f"{where.scheme}://{where.netloc}" == slack.url
    assert asked["scope"].split(",") == manifest.scopes()
    assert asked["redirect_uri"] == PUBLIC + CALLBACK
    assert asked["client_id"] == slack.world.state.client_id


@pytest.mark.parametrize("team", ["T1", "E1"])
def test_a_workspace_can_be_chosen_before(browser: Browser, team: str) -> None:
    where = browser.opens(f"/slack/install?team={team}").headers["location"]

    assert parse_qs(urlsplit(where).query)["team"] == [team]


@pytest.mark.parametrize("team", ["T1&redirect_uri=https://evil.example", "//evil.example", "T1\r\nx: y", "x" * 5000])
def test_nothing_else_is_passed_on_to_slack(browser: Browser, slack: Playground, team: str) -> None:
    answer = browser.opens("/slack/install", params={"team": team})

    assert answer.headers["location"].startswith(f"{slack.url}/oauth/v2/authorize?")
    assert "evil" not in answer.headers["location"]
    assert "x" not in answer.headers


def test_nothing_leads_anywhere_but_to_slack_and_ourselves(
    browser: Browser, slack: Playground, acme: Workspace
) -> None:
    wishes = dict.fromkeys(("next", "url", "redirect", "success_url", "return_to", "error"), "https://evil.example")
    pages = [browser.opens(CALLBACK, params={"state": "s", "code": "c", **wishes}), browser.installs(acme)]

    assert all("location" not in page.headers for page in pages)
    links = {link for page in pages for link in re.findall(r'href="([^"]*)"', page.text)}
    assert all(link.startswith((slack.url, "/slack/install")) for link in links)
    assert "evil" not in "".join(page.text for page in pages)


def test_cancelled_it_says_that_nothing_was_done(browser: Browser, bot: Bot, acme: Workspace) -> None:
    page = browser.installs(acme, deny=True)

    assert page.status_code == 200
    assert "You chose not to let PMO Bot in" in words(page)
    assert 'href="/slack/install"' in page.text
    assert kept(bot, acme) is None


def test_the_state_is_good_in_one_browser_alone(browser: Browser, bot: Bot, acme: Workspace) -> None:
    back = browser.chooses(browser.begins(), acme)
    stranger = Browser(bot.asgi)
    page = stranger.opens(back)

    assert page.status_code == 400
    assert "in the same browser" in words(page)
    assert kept(bot, acme) is None
    stranger.begins()
    assert stranger.opens(back).status_code == 400


def test_the_cookie_is_for_this_site_alone_and_no_script(browser: Browser) -> None:
    cookie = browser.opens("/slack/install").headers["set-cookie"].lower()

    assert all(part in cookie for part in ("secure", "httponly", "samesite=lax", "max-age=600"))


def test_it_is_good_once(browser: Browser, bot: Bot, acme: Workspace) -> None:
    back = browser.chooses(browser.begins(), acme)
    cookies = browser.cookies
    assert browser.opens(back).status_code == 200
    assert not browser.cookies
    browser.cookies = cookies
    again = browser.opens(back)

    assert again.status_code == 400
    assert "or was done already" in words(again)


def test_it_is_good_for_ten_minutes(browser: Browser, slack: Playground, bot: Bot, acme: Workspace) -> None:
    back = browser.chooses(browser.begins(), acme)
    slack.clock.advance(timedelta(minutes=10))

    assert browser.opens(back).status_code == 400
    assert kept(bot, acme) is None


@pytest.mark.parametrize(
    "refusal",
    [
        ("oauth.v2.access", "invalid_code"),
        ("oauth.v2.access", "bad_client_secret"),
        ("oauth.v2.access", "500"),
        ("oauth.v2.access", "reset_before"),
        ("auth.test", "invalid_auth"),
    ],
)
def test_what_slack_does_not_confirm_is_not_kept(
    browser: Browser, slack: Playground, bot: Bot, acme: Workspace, refusal: tuple[str, str]
) -> None:
    back = browser.chooses(browser.begins(), acme)
    slack.misbehave(*refusal)
    with structlog.testing.capture_logs() as lines:
        page = browser.opens(back)

    assert page.status_code == 400
    assert "Slack did not confirm the installation" in words(page)
    assert kept(bot, acme) is None
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert lines
    assert code not in str(lines) + page.text


def test_of_slacks_other_refusals_no_more_than_the_word_is_shown(browser: Browser) -> None:
    assert "(invalid_team_for_non_distributed_app)" in words(
        browser.opens(f"{CALLBACK}?error=invalid_team_for_non_distributed_app")
    )
    odd = browser.opens(CALLBACK, params={"error": "<script>Call 555-123</script>"})
    assert "555" not in odd.text
    assert "Slack did not let PMO Bot in." in words(odd)


def test_without_a_code_there_is_nothing_to_confirm(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.begins()).query)["state"][0]

    assert browser.opens(CALLBACK, params={"state": state}).status_code == 400


def test_when_it_cannot_be_kept_it_says_so(
    browser: Browser, bot: Bot, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = browser.chooses(browser.begins(), acme)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(store.installations, "let_in", fail)
    page = browser.opens(back)

    assert page.status_code == 500
    assert "Something went wrong on our side" in words(page)


def test_without_oauth_there_are_no_such_pages(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str]
) -> None:
    slack.install(acme)
    with running(slack, acme, new_database("sqlite"), SOCKET) as bot:
        pages = [Browser(bot.asgi).opens(path).status_code for path in ("/slack/install", CALLBACK)]

    assert pages == [404, 404]


def test_after_a_restart_it_goes_on_with_the_tokens_it_has(slack: Playground, acme: Workspace, run: Run) -> None:
    with run() as bot:
        Browser(bot.asgi).installs(acme)
    with run():
        answer = slack.as_("ada").types("/pmo help", "#apollo")

    assert answer is not None
    assert "/pmo help" in answer.shown


def test_with_another_key_it_does_not_start(slack: Playground, acme: Workspace, run: Run) -> None:
    with run() as bot:
        Browser(bot.asgi).installs(acme)
    with (
        pytest.raises(Refused, match=rf"{acme.id} cannot be opened.*PMO_ENCRYPTION_KEYS"),
        run(pmo_encryption_keys=new_key()),
    ):
        pytest.fail("it started")
    with run(pmo_encryption_keys=f"{new_key()},{KEY}"):
        pass


def test_a_manifest_that_asks_for_more_is_told_of_at_the_start_once(
    slack: Playground, acme: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run() as bot:
        Browser(bot.asgi).installs(acme, by="ada")
        bot.tick(slack.clock())
    monkeypatch.setattr(manifest, "lacking", lambda granted: ["canvases:write"])
    for _ in range(2):
        with run() as bot:
            slack.clock.advance(timedelta(minutes=1))
            bot.tick(slack.clock())
    told = [message for message in slack.as_("ada").reads() if "canvases:write" in message.shown]

    assert len(told) == 1
    slack.as_("ada").clicks_link(told[0], "Install again")
    assert slack.as_("ada").browser == f"{PUBLIC}/slack/install"


def test_a_scope_that_is_missing_when_it_is_needed_is_told_of_once(
    slack: Playground, acme: Workspace, bot: Bot, browser: Browser
) -> None:
    browser.installs(acme, by="ada")
    slack.world.state.grants[acme.bot_token].scopes.remove("users:read")
    for _ in range(4):
        slack.clock.advance(timedelta(hours=1))
        bot.tick(slack.clock())
    told = [message for message in slack.as_("ada").reads() if "more permissions" in message.shown]

    assert slack.traffic.count("users.info") > 1
    assert len(told) == 1
    assert "users:read" in told[0].shown


def test_installed_by_the_settings_and_by_itself_its_own_token_wins(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str]
) -> None:
    slack.install(acme)
    url = new_database("sqlite")
    with running(slack, acme, url, SOCKET) as alone:
        first = alone.installations.token_for(1)
    with running(slack, None, url, SOCKET, slack_bot_token=acme.bot_token) as both:
        Browser(both.asgi).installs(acme)
        slack.world.state.grants[acme.bot_token].scopes.sort()
        assert both.installations.token_for(1) == acme.bot_token == first
    with running(slack, None, url, SOCKET) as over_oauth:
        assert over_oauth.installations.token_for(1) == acme.bot_token
