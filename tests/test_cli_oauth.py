"""The command line where workspaces install the bot themselves: the doctor, the clock turned by hand, and the keys."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli, cli_doctor, manifest, store
from bot.app import make_bot
from bot.playground import Clock, Playground, Workspace
from bot.settings import READ_BY_BOLT, Settings, load
from bot.store import Database
from bot.store.installations import Grant, Place
from bot.store.tables import Message
from bot.vault import new_key
from tests.browsers import PUBLIC, Browser
from tests.factories import NOW

KEY = new_key()


@pytest.fixture(autouse=True)
def slack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new_database: Callable[[str], str]) -> Iterator[Playground]:
    """A Slack whose app is in the environment, with nothing of ours beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_doctor, "CLOCK_MAY_DIFFER", timedelta.max)
    for name in [*Settings.model_fields, *READ_BY_BOLT]:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with Playground(Clock(NOW), manifest.read(PUBLIC)) as slack:
        state = slack.world.state
        given = {
            "SLACK_CLIENT_ID": state.client_id,
            "SLACK_CLIENT_SECRET": state.client_secret,
            "SLACK_SIGNING_SECRET": state.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "PMO_ENCRYPTION_KEYS": KEY,
            "PUBLIC_URL": PUBLIC,
            "DATABASE_URL": new_database("sqlite"),
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("bot.settings.READ_BY_BOLT", ())  # which a bot takes out of the environment
        yield slack
    root.handlers[:] = before[0]
    root.setLevel(before[1])


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    """A workspace that installed the bot."""
    acme = slack.add_workspace("Acme", people=["ada"], install=False)
    bot = make_bot(load(), clock=slack.clock)
    page = Browser(bot.asgi).installs(acme, by="ada")
    assert page.status_code == 200, page.text
    bot.tick(slack.clock())
    bot.stop()
    return acme


def pmo_bot(*words: str) -> tuple[int, str]:
    seen = CliRunner().invoke(cli.app, words)
    return seen.exit_code, seen.stdout + str(seen.exception or "")


def test_the_doctor_finds_every_workspace_sound(acme: Workspace) -> None:
    code, said = pmo_bot("doctor")

    assert "MEND" not in said
    assert code == 0
    for found in (
        "ok    settings: complete, for HTTP and OAuth",
        f"ok    address: {PUBLIC}/slack/install",
        f"ok    workspace {acme.id}: bot {acme.bot_user}",
        f"ok    scopes of {acme.id}: all granted",
    ):
        assert found in said


def test_the_doctor_says_that_a_token_cannot_be_opened(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMO_ENCRYPTION_KEYS", new_key())
    code, said = pmo_bot("doctor")

    assert code == 1
    assert f"MEND  workspace {acme.id}: A stored token was sealed with a key that is not in PMO_ENCRYPTION_KEYS" in said


def test_the_doctor_says_that_a_token_is_dead_and_what_is_missing(slack: Playground, acme: Workspace) -> None:
    slack.world.state.grants[acme.bot_token].scopes.remove("im:write")
    assert f"MEND  scopes of {acme.id}: missing im:write" in pmo_bot("doctor")[1]
    slack.world.state.grants[acme.bot_token].state = "inactive"
    assert f"MEND  workspace {acme.id}: Slack does not take its token" in pmo_bot("doctor")[1]


def test_the_doctor_says_that_a_token_cannot_be_renewed(slack: Playground, acme: Workspace) -> None:
    db = Database(os.environ["DATABASE_URL"])
    with db.across_workspaces() as session:
        [(_, row)] = store.installations.list_live(session)
        row.expires_at, row.refresh_token = NOW, row.token
    db.close()
    slack.misbehave("oauth.v2.access", "500")

    assert f"MEND  workspace {acme.id}: its token cannot be renewed (http_500)" in pmo_bot("doctor")[1]


def test_the_doctor_says_what_has_no_token_and_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database(os.environ["DATABASE_URL"])
    with db.across_workspaces() as session:
        bare = Place("T7", None, "Bare", "U", "B")
        store.installations.let_in(session, bare, Grant(["chat:write"]), now=NOW)
    db.close()
    monkeypatch.setenv("PUBLIC_URL", "")
    _, said = pmo_bot("doctor")

    assert "MEND  workspace T7: has no token" in said
    assert "MEND  address: set PUBLIC_URL" in said


def test_the_clock_turned_by_hand_speaks_in_each_workspace(slack: Playground, acme: Workspace) -> None:
    db = Database(os.environ["DATABASE_URL"])
    with db.transaction(1) as session:
        ada = slack.as_("ada").me.id
        store.posts.put(session, "hello", to=ada, message=Message("Hello"), now=NOW)
    db.close()
    code, said = pmo_bot("tick", "--now", "2026-11-20T16:00:00Z")

    assert code == 0
    assert json.loads(said)["failed"] == 0
    assert slack.as_("ada").reads()


def test_a_key_is_rotated_and_the_old_one_dispensable(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = new_key()
    monkeypatch.setenv("PMO_ENCRYPTION_KEYS", f"{newer},{KEY}")
    assert pmo_bot("keys", "rotate") == (0, "The tokens of 1 workspace are sealed with the first key.\n")
    monkeypatch.setenv("PMO_ENCRYPTION_KEYS", newer)
    assert pmo_bot("doctor")[0] == 0
    assert pmo_bot("keys", "rotate")[0] == 0
    monkeypatch.setenv("PMO_ENCRYPTION_KEYS", KEY)
    code, said = pmo_bot("keys", "rotate")

    assert code == 1
    assert "PMO_ENCRYPTION_KEYS" in said


def test_without_a_key_there_is_nothing_to_rotate_with(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMO_ENCRYPTION_KEYS", "")
    code, said = pmo_bot("keys", "rotate")

    assert code == 1
    assert "pmo-bot keys new" in said
