"""Settings: everything the outside decides, read once and checked at start."""

import os
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import vault
from bot.errors import Refused

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
# Bolt and the SDK read these by themselves; client id and secret, for one, would switch their own OAuth on.
READ_BY_BOLT = (
    "SLACK_SIGNING_SECRET",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_SCOPES",
    "SLACK_USER_SCOPES",
    "SLACK_REDIRECT_URI",
    "SLACK_INSTALL_PATH",
    "SLACK_REDIRECT_URI_PATH",
    "SLACK_VERIFICATION_TOKEN",
    *PROXIES,
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SPARE_CONNECTIONS = 4
HINTS = {
    "database_url": "give sqlite:///pmo.db or postgresql+psycopg://user:password@host/name",
    "slack_bot_token": "the Bot User OAuth Token of the app's page OAuth & Permissions, xoxb-...",
    "slack_app_token": "an app-level token with connections:write from the page Basic Information, xapp-...",
    "slack_signing_secret": "the Signing Secret of the app's page Basic Information (needed without SLACK_APP_TOKEN)",
    "slack_client_id": "the Client ID of the app's page Basic Information (with the secret: installed over OAuth)",
    "slack_client_secret": "the Client Secret of the app's page Basic Information",
    "pmo_encryption_keys": "what stored tokens are sealed with, with commas between; pmo-bot keys new prints one",
    "public_url": "the address under which browsers reach this bot, such as https://pmo.example.org",
    "slack_api_url": "an address such as https://slack.com/api/",
    "port": "a number from 0 to 65535",
    "pmo_admins": "Slack user ids such as U012AB3CD, with commas between",
    "log_level": "one of DEBUG, INFO, WARNING, ERROR",
    "log_format": "console or json",
    "threads": "a number from 1 to 256",
    "messages_a_minute": "a number from 30 to 60000: what Slack takes from one workspace",
    "speakers": "a number from 1 to 256",
    "database_pool": "a number at least as large as THREADS (leave it out, and it is)",
}


class SettingsError(Refused):
    """What is missing or wrong among the variables, all of it at once, each with how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        lines = [
            f"  {name.upper()} {problem}: {HINTS.get(name, 'see README.md')}" for name, problem in problems.items()
        ]
        super().__init__("\n".join(["The settings (environment or .env) need mending:", *lines]))


class Settings(BaseSettings):
    """The variables of the environment, or of .env, by their names in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True, frozen=True)

    database_url: str = Field(default="sqlite:///pmo.db", repr=False)
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    pmo_encryption_keys: SecretStr | None = None
    public_url: str | None = None
    slack_api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    pmo_admins: Annotated[tuple[str, ...], NoDecode] = ()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    threads: int = Field(default=16, ge=1, le=256)
    messages_a_minute: int = Field(default=300, ge=30, le=60_000)
    speakers: int = Field(default=24, ge=1, le=256)
    database_pool: int = Field(default=0, validate_default=True)
    https_proxy: str | None = Field(default=None, repr=False)
    no_proxy: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any, info: ValidationInfo) -> Any:
        empty = isinstance(value, str) and not value.strip()
        return cls.model_fields[info.field_name or ""].default if empty else value

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("is of an engine this bot does not know")
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _right_kind(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        start = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(start):
            raise ValueError(f"does not start with {start}")
        return value

    @field_validator("slack_api_url", "public_url")
    @classmethod
    def _is_an_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Slack's address ends with a slash, as its client wants it; ours without one."""
        if value is None:
            return None
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise ValueError("is no http(s) address")
        return value.rstrip("/") + ("/" if info.field_name == "slack_api_url" else "")

    @field_validator("pmo_encryption_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            vault.split(value.get_secret_value() if value else "")
        except ValueError:
            raise ValueError("holds something that is no key") from None
        return value

    @field_validator("pmo_admins", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        ids = re.findall(r"[^\s,;]+", value) if isinstance(value, str) else value
        if any(not re.fullmatch(r"[UW][A-Z0-9]+", name) for name in ids):
            raise ValueError("holds something that is no user id")
        return tuple(ids)

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_pool")
    @classmethod
    def _one_for_each_thread(cls, value: int, info: ValidationInfo) -> int:
        threads: int = info.data.get("threads", 0)
        if 0 < value < threads:
            raise ValueError(f"is less than THREADS ({threads})")
        return value or threads + SPARE_CONNECTIONS

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is met over a WebSocket; without an app-level token it calls us over HTTP."""
        return self.slack_app_token is not None

    @property
    def over_oauth(self) -> bool:
        """Whether workspaces install the bot themselves; else it is in the one that SLACK_BOT_TOKEN is of."""
        return self.slack_client_id is not None or self.slack_client_secret is not None

    @property
    def mode(self) -> str:
        """How Slack is met, in words."""
        return ("Socket Mode" if self.socket_mode else "HTTP") + (" and OAuth" if self.over_oauth else "")

    @property
    def install_url(self) -> str:
        """Where a workspace installs the bot, as far as we were told our address."""
        return f"{self.public_url}/slack/install" if self.over_oauth and self.public_url else ""

    @property
    def connected(self) -> bool:
        """Whether there are credentials for Slack at all."""
        return self.over_oauth or any((self.slack_bot_token, self.slack_app_token, self.slack_signing_secret))

    @property
    def proxy(self) -> str | None:
        """The proxy on the way to Slack's API, if there is one; a Slack on this machine needs none."""
        host = urlsplit(self.slack_api_url).hostname or ""
        direct = (*LOOPBACK, *(name.strip().lstrip(".") for name in self.no_proxy.split(",") if name.strip()))
        if any(host == name or host.endswith("." + name) for name in direct):
            return None
        return self.https_proxy

    def lacking(self) -> dict[str, str]:
        """What the bot cannot run without, in the mode these settings ask for."""
        over_oauth = ["slack_client_id", "slack_client_secret", "pmo_encryption_keys"]
        needed = over_oauth if self.over_oauth else ["slack_bot_token"]
        needed += [] if self.socket_mode else ["slack_signing_secret"]
        return {name: "is missing" for name in needed if getattr(self, name) is None}


def load(*, to_serve: bool = False, **given: Any) -> Settings:
    """Read the settings; raises SettingsError naming everything that is missing or wrong, and no value.

    `to_serve` asks also for what only a running bot needs. What is `given` wins over the environment.
    """
    wrong: dict[str, str] = {}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]): _in_words(problem["msg"]) for problem in error.errors(include_input=False)}
        settings = Settings(**given | {name: Settings.model_fields[name].default for name in wrong})
    if to_serve:
        wrong = settings.lacking() | wrong
    if wrong:
        raise SettingsError(wrong)
    return settings


def _in_words(message: str) -> str:
    ours = message.removeprefix("Value error, ")
    return ours if ours != message else "is not valid"


def forget_environment() -> None:
    """Take away the variables that Bolt and the SDK would read behind our back; ours were read before."""
    for name in READ_BY_BOLT:
        os.environ.pop(name, None)
