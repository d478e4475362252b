"""Settings: read from the environment or .env, checked all at once, and never shown."""

import os
import zoneinfo
from pathlib import Path

import pytest

from bot.settings import READ_BY_BOLT, Settings, SettingsError, forget_environment, load
from bot.vault import new_key

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"}


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours, and no .env."""
    for name in [*Settings.model_fields, *READ_BY_BOLT]:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_nothing_has_to_be_set_to_look_at_the_database() -> None:
    settings = load()

    assert settings.database_url == "sqlite:///pmo.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert not settings.connected


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        load(to_serve=True)

    assert list(error.value.problems) == ["slack_bot_token", "slack_signing_secret"]
    assert "SLACK_SIGNING_SECRET is missing: the Signing Secret" in str(error.value)


def test_socket_mode_needs_no_signing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_APP_TOKEN="xapp-1", SLACK_BOT_TOKEN="xoxb-1")
    settings = load(to_serve=True)

    assert settings.socket_mode
    assert settings.connected


OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "secret", "SLACK_SIGNING_SECRET": "secret"}


def test_over_oauth_no_start_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **OAUTH)
    with pytest.raises(SettingsError, match=r"PMO_ENCRYPTION_KEYS is missing: .*pmo-bot keys new prints one") as error:
        load(to_serve=True)

    assert list(error.value.problems) == ["pmo_encryption_keys"]


def test_over_oauth_there_is_no_bot_token_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **OAUTH, PMO_ENCRYPTION_KEYS=f"{new_key()}, {new_key()}", PUBLIC_URL="https://pmo.example.org/")
    settings = load(to_serve=True)

    assert settings.over_oauth
    assert settings.connected
    assert settings.mode == "HTTP and OAuth"
    assert settings.install_url == "https://pmo.example.org/slack/install"


def test_half_of_the_pair_asks_for_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_CLIENT_ID="1.2", SLACK_APP_TOKEN="xapp-1")
    with pytest.raises(SettingsError) as error:
        load(to_serve=True)

    assert list(error.value.problems) == ["slack_client_secret", "pmo_encryption_keys"]


def test_a_key_that_is_none_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PMO_ENCRYPTION_KEYS=f"{new_key()},hidden", PUBLIC_URL="hidden")
    with pytest.raises(SettingsError) as error:
        load()

    assert set(error.value.problems) == {"pmo_encryption_keys", "public_url"}
    assert "hidden" not in str(error.value)


def test_without_oauth_there_is_nothing_to_install_from(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **TOKENS, PUBLIC_URL="https://pmo.example.org")

    assert load().install_url == ""


def test_http_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **TOKENS)

    assert not load(to_serve=True).socket_mode


def test_what_is_wrong_and_what_is_missing_is_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "hidden-1",
        "SLACK_APP_TOKEN": "hidden-2",
        "DATABASE_URL": "mysql://hidden-3",
        "SLACK_API_URL": "hidden-4",
        "PORT": "hidden-5",
        "PMO_ADMINS": "U1, hidden-6",
        "LOG_LEVEL": "hidden-7",
        "LOG_FORMAT": "hidden-8",
        "THREADS": "0",
    }
    given(monkeypatch, **wrong)
    with pytest.raises(SettingsError) as error:
        load(to_serve=True)

    assert set(error.value.problems) == {name.lower() for name in wrong} | {"slack_signing_secret"}
    assert "hidden" not in str(error.value)


def test_the_pool_is_as_large_as_the_threads_need(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, THREADS="8")
    assert load().database_pool == 12

    given(monkeypatch, DATABASE_POOL="8")
    assert load().database_pool == 8

    given(monkeypatch, DATABASE_POOL="7")
    with pytest.raises(SettingsError, match=r"less than THREADS \(8\)"):
        load()


def test_an_empty_variable_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PORT="", SLACK_APP_TOKEN=" ", PMO_ADMINS="", DATABASE_URL="")

    assert load() == Settings()


def test_admins_are_a_list_of_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PMO_ADMINS=" U1, W2;U3 ")

    assert load().pmo_admins == ("U1", "W2", "U3")


def test_small_differences_are_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, LOG_LEVEL="debug", SLACK_API_URL="http://localhost:9/api")

    assert (load().log_level, load().slack_api_url) == ("DEBUG", "http://localhost:9/api/")


def test_a_file_says_what_the_environment_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nHOST=0.0.0.0\nUNKNOWN=x\n")
    given(monkeypatch, PORT="5000")

    assert (load().host, load().port) == ("0.0.0.0", 5000)  # noqa: S104 - only read


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **TOKENS, SLACK_CLIENT_SECRET="secret", DATABASE_URL="postgresql+psycopg://a:secret@b/c")
    given(monkeypatch, SLACK_APP_TOKEN="xapp-secret", HTTPS_PROXY="http://a:secret@b")
    key = new_key()
    given(monkeypatch, PMO_ENCRYPTION_KEYS=key)

    assert key not in repr(load())
    assert "secret" not in repr(load()).replace("slack_signing_secret", "").replace("slack_client_secret", "")


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxy"),
    [
        ("https://slack.com/api/", "", "http://proxy:1"),
        ("https://slack.com/api/", "example.com, slack.com", None),
        ("https://api.slack.com/", ".slack.com", None),
        ("http://localhost:3000/api/", "", None),
        ("http://127.0.0.1:3000/api/", "", None),
    ],
)
def test_a_proxy_is_for_slack_and_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str, no_proxy: str, proxy: str | None
) -> None:
    given(monkeypatch, HTTPS_PROXY="http://proxy:1", NO_PROXY=no_proxy, SLACK_API_URL=url)

    assert load().proxy == proxy


def test_what_bolt_would_read_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **dict.fromkeys(READ_BY_BOLT, "x"))
    forget_environment()
    forget_environment()

    assert not os.environ.keys() & set(READ_BY_BOLT)


def test_zones_come_from_the_package_and_not_from_the_system() -> None:
    assert zoneinfo.TZPATH == ()
