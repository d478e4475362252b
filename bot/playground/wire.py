"""Both roads to the bot: signed HTTP, and Socket Mode; the same payloads, and three seconds to answer."""

import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode, urlsplit

from bot.playground.clock import Clock
from bot.playground.records import Json

Envelope = Literal["events_api", "interactive", "slash_commands"]
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Retry:
    """This delivery is a repetition: which, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Reply:
    """What the bot answered; `problem` is empty, or why Slack holds the delivery for failed."""

    problem: Literal["", "http_timeout", "http_error", "connection_failed"] = ""
    status: int = 200
    body: Any = None
    no_retry: bool = False
    size: int = 0


class Wire(Protocol):
    """A road to the bot; `seconds` is how long Slack waits for an answer."""

    seconds: float

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        """Deliver one payload and wait for the answer, three seconds at most."""
        ...


class NoWire:
    """Nobody listens yet."""

    seconds = ACK_SECONDS

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        """Fail, as Slack does without an address."""
        return Reply("connection_failed", status=0)


class HttpWire:
    """POST to the app's request URL, signed with its signing secret at the virtual moment."""

    def __init__(self, url: str, secret: str, clock: Clock, seconds: float = ACK_SECONDS) -> None:
        self._url = urlsplit(url)
        self._secret = secret
        self._clock = clock
        self.seconds = seconds

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        """Deliver over HTTP; anything but 2xx within three seconds is a failure."""
        content_type, body = encoded(kind, payload)
        headers = {"content-type": content_type, "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= signed(body, self._secret, int(self._clock().timestamp()))
        if retry:
            headers |= {"x-slack-retry-num": str(retry.number), "x-slack-retry-reason": retry.reason}
        started = self._clock.real_seconds()
        try:
            reply = self._post(body, headers)
        except TimeoutError:
            return Reply("http_timeout", status=0)
        except (OSError, http.client.HTTPException):
            return Reply("connection_failed", status=0)
        late = self._clock.real_seconds() - started > self.seconds
        return Reply("http_timeout", status=reply.status) if late else reply

    def _post(self, body: bytes, headers: dict[str, str]) -> Reply:
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self.seconds)
        try:
            connection.request("POST", self._url.path or "/", body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        no_retry = response.headers.get("x-slack-no-retry") == "1"
        if not 200 <= response.status < 300:
            return Reply("http_error", response.status, None, no_retry, len(content))
        parsed = _parsed(response.headers.get("content-type", ""), content)
        return Reply("", response.status, parsed, no_retry, len(content))


def _parsed(content_type: str, content: bytes) -> Any:
    text = content.decode("utf-8", "replace")
    if "json" not in content_type:
        return text or None
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def encoded(kind: Envelope, payload: Json) -> tuple[str, bytes]:
    """A payload as Slack posts it: commands as a form, interactions as one form field, events as JSON."""
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def signed(body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    """The two headers that prove a request comes from Slack."""
    digest = hmac.new(secret.encode(), b"v0:%d:" % timestamp + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}
