"""What is posted to the bot: forms and JSON, signed; and how its answers are read."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.playground import Clock, Playground
from bot.playground.wire import HttpWire, Reply, Retry
from tests.playground.conftest import START

SECRET = "s3cret"
Answer = tuple[int, dict[str, str], bytes]


class App(HTTPServer):
    """An app that answers what a test says."""

    answer: Callable[[bytes], Answer] = staticmethod(lambda body: (200, {}, b""))
    body = b""
    headers: Any = None


class Handler(BaseHTTPRequestHandler):
    server: App

    def do_POST(self) -> None:
        self.server.body = self.rfile.read(int(self.headers["content-length"]))
        self.server.headers = self.headers
        status, headers, content = self.server.answer(self.server.body)
        if not status:
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[App]:
    server = App(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def url(app: App) -> str:
    return f"http://127.0.0.1:{app.server_address[1]}/slack/events"


@pytest.fixture
def wire(url: str) -> HttpWire:
    return HttpWire(url, SECRET, Clock(START), 1)


def test_everything_is_signed_at_the_virtual_moment(app: App, wire: HttpWire) -> None:
    wire.send("events_api", {"text": "ä"})

    timestamp, signature = app.headers["x-slack-request-timestamp"], app.headers["x-slack-signature"]
    assert timestamp == str(int(START.timestamp()))
    expected = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=app.body)
    assert signature == expected


def test_each_kind_has_its_form(app: App, wire: HttpWire) -> None:
    wire.send("events_api", {"type": "event_callback"}, Retry(2, "http_timeout"))
    assert json.loads(app.body) == {"type": "event_callback"}
    assert (app.headers["x-slack-retry-num"], app.headers["x-slack-retry-reason"]) == ("2", "http_timeout")
    assert app.headers["content-type"] == "application/json"

    wire.send("interactive", {"type": "block_actions"})
    assert json.loads(parse_qs(app.body.decode())["payload"][0]) == {"type": "block_actions"}
    assert "x-slack-retry-num" not in app.headers

    wire.send("slash_commands", {"command": "/risk", "text": "a&b=c"})
    assert parse_qs(app.body.decode()) == {"command": ["/risk"], "text": ["a&b=c"]}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {}, b""), Reply()),
        ((200, {}, b"Saved"), Reply(body="Saved", size=5)),
        ((200, {"content-type": "application/json"}, b'{"a":1}'), Reply(body={"a": 1}, size=7)),
        ((200, {"content-type": "application/json"}, b"{"), Reply(body="{", size=1)),
        ((200, {"content-type": "application/json"}, b""), Reply()),
        ((404, {}, b"x"), Reply("http_error", 404, size=1)),
        ((302, {"location": "/x"}, b""), Reply("http_error", 302)),
        ((500, {"x-slack-no-retry": "1"}, b""), Reply("http_error", 500, no_retry=True)),
        ((0, {}, b""), Reply("connection_failed", 0)),
    ],
)
def test_answers_are_read_as_slack_reads_them(app: App, wire: HttpWire, answer: Answer, expected: Reply) -> None:
    app.answer = lambda body: answer

    assert wire.send("interactive", {}) == expected


def test_an_answer_that_trickles_is_late_too(app: App, url: str) -> None:
    ticks = iter([0.0, 9.0])
    clock = Clock(START)
    clock.real_seconds = lambda: next(ticks)  # type: ignore[method-assign]

    assert HttpWire(url, SECRET, clock).send("interactive", {}).problem == "http_timeout"


def test_a_request_url_must_echo_the_challenge(app: App, url: str) -> None:
    slack = Playground(Clock(START))
    assert not slack.verifies(url)
    app.answer = lambda body: (200, {}, json.loads(body)["challenge"].encode())
    assert slack.verifies(url)
    app.answer = lambda body: (200, {"content-type": "application/json"}, body)
    assert slack.verifies(url)
    app.answer = lambda body: (200, {"content-type": "application/json"}, b"{}")
    assert not slack.verifies(url)
    slack.stop()


def test_secure_addresses_are_spoken_to_securely(app: App) -> None:
    secure = HttpWire(f"https://127.0.0.1:{app.server_address[1]}/", SECRET, Clock(START), 1)

    assert secure.send("interactive", {}).problem == "connection_failed"
