"""The edge over HTTP: what is refused, what gets through, and what the pages say."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.errors import Refused
from bot.web import Edge, Meters, Web
from bot.web.edge import FormSafeRequest
from bot.web.guard import LARGEST
from bot.web.serving import leave
from bot.web.serving import listening as listening_on
from tests.factories import NOW

SECRET = "a signing secret"
FORM = "application/x-www-form-urlencoded"
EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "app_home_opened", "user": "U1"},
}


class Listening:
    """A Bolt app that keeps what it hears, behind the pages."""

    def __init__(self, **checks: Any) -> None:
        self.heard: list[dict[str, Any]] = []
        self.lazily: list[dict[str, Any]] = []
        self.done = Event()
        self.executor = ThreadPoolExecutor(1)
        self.bolt = App(
            client=WebClient(retry_handlers=[]),
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
            process_before_response=True,
            token_verification_enabled=False,
            request_verification_enabled=False,
            listener_executor=self.executor,
        )
        self.bolt.command(re.compile(""))(ack=self._hear, lazy=[self._hear_lazily])
        self.bolt.action(re.compile(""))(self._hear)
        self.bolt.view(re.compile(""))(self._hear)
        self.bolt.event(re.compile(""))(self._hear)
        self.edge = Edge(self.bolt, Meters(), trusts=lambda url: url.startswith("https://hooks.slack.com/"))
        self.web = Web(self.edge, secret=SECRET, clock=lambda: NOW, threads=2, checks=checks, waiting=lambda: 7)
        self.asgi = self.web.asgi()

    def _hear(self, ack: Ack, body: dict[str, Any]) -> None:
        self.heard.append(body)
        ack()

    def _hear_lazily(self, body: dict[str, Any]) -> None:
        self.lazily.append(body)
        self.done.set()

    def ask(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.asgi)
            async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def post(self, body: bytes | str, **changed: str) -> httpx.Response:
        """Send a body as Slack does, signed; headers may be changed, or taken away with an empty one."""
        content = body.encode() if isinstance(body, str) else body
        headers = {"content-type": FORM, **signed(content), **{k.replace("_", "-"): v for k, v in changed.items()}}
        return self.ask("/slack/events", "POST", content=content, headers={k: v for k, v in headers.items() if v})

    def refused(self) -> dict[str, float]:
        samples = [sample for family in self.edge.meters.refused.collect() for sample in family.samples]
        return {s.labels["why"]: s.value for s in samples if s.name.endswith("_total")}


def minutes_off(body: str, minutes: int) -> dict[str, str]:
    headers = signed(body.encode(), NOW + timedelta(minutes=minutes))
    return {name.replace("-", "_"): value for name, value in headers.items()}


def signed(body: bytes, at: datetime = NOW) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body.decode("utf-8", "replace"))
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": str(signature)}


def a_command(text: str, **more: str) -> str:
    fields = {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "command": "/risk", "text": text, "trigger_id": "1"}
    return urlencode(fields | more)


@pytest.fixture
def listening() -> Iterator[Listening]:
    made = Listening()
    yield made
    made.web.close()
    made.executor.shutdown()


def test_a_signed_command_is_heard(listening: Listening) -> None:
    assert listening.post(a_command("late")).status_code == 200

    assert [body["text"] for body in listening.heard] == ["late"]


def test_the_word_payload_in_a_command_is_only_a_word(listening: Listening) -> None:
    listening.post(a_command("payload mass over", channel_name="payloads"))

    assert [body["text"] for body in listening.heard] == ["payload mass over"]
    assert listening.done.wait(5)
    assert [body["text"] for body in listening.lazily] == ["payload mass over"]


def test_an_interaction_is_heard(listening: Listening) -> None:
    pressed = {"action_id": "a", "type": "button"}
    payload = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [pressed]}

    assert listening.post(urlencode({"payload": json.dumps(payload)})).status_code == 200
    assert listening.heard[0]["actions"][0]["action_id"] == "a"


@pytest.mark.parametrize("named", [{"response_url": "%s"}, {"response_urls": [{"response_url": "%s"}]}])
@pytest.mark.parametrize(("url", "status"), [("https://hooks.slack.com/x", 200), ("http://169.254.169.254/", 400)])
def test_nobody_but_slack_is_answered(listening: Listening, named: dict[str, Any], url: str, status: int) -> None:
    pressed = {"action_id": "a", "type": "button"}
    payload = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [pressed], **named}
    said = json.dumps(payload).replace("%s", url)

    assert listening.post(urlencode({"payload": said})).status_code == status
    assert len(listening.heard) == (status == 200)


def test_slacks_question_whether_this_is_the_address_is_answered(listening: Listening) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "xyz"})

    assert "xyz" in listening.post(body, content_type="application/json").text


@pytest.mark.parametrize(
    "changed",
    [
        {"x_slack_signature": ""},
        {"x_slack_signature": "v0=" + "0" * 64},
        {"x_slack_signature": "v1=" + "0" * 64},
        {"x_slack_signature": "v0=abc"},
        {"x_slack_request_timestamp": ""},
        {"x_slack_request_timestamp": "now"},
        {"x_slack_request_timestamp": "-1"},
        {"x_slack_request_timestamp": "1" * 13},
        {"x_slack_request_timestamp": "1_0"},
        {"x_slack_request_timestamp": "0"},
    ],
)
def test_who_is_not_slack_is_turned_away(listening: Listening, changed: dict[str, str]) -> None:
    assert listening.post(a_command("late"), **changed).status_code == 401
    assert not listening.heard


def test_headers_that_are_no_ascii_are_no_error(listening: Listening) -> None:
    headers = [(b"x-slack-signature", "v0=é".encode("latin-1")), (b"x-slack-request-timestamp", "²".encode("latin-1"))]

    assert listening.ask("/slack/events", "POST", content=b"a=b", headers=headers).status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_signature_is_refused(listening: Listening, minutes: int) -> None:
    body = a_command("late")

    assert listening.post(body, **minutes_off(body, minutes)).status_code == 401


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_that_is_a_little_off_is_let_pass(listening: Listening, minutes: int) -> None:
    body = a_command("late")

    assert listening.post(body, **minutes_off(body, minutes)).status_code == 200


def test_a_body_changed_on_the_way_is_refused(listening: Listening) -> None:
    assert listening.post("text=two", **minutes_off("text=one", 0)).status_code == 401


def test_a_body_over_a_megabyte_is_not_read(listening: Listening) -> None:
    assert listening.post(b"a" * (LARGEST + 1)).status_code == 413
    assert listening.post(b"text=" + b"a" * (LARGEST - 5)).status_code == 400
    assert listening.post("a=b", content_length="9" * 5000).status_code == 413


def test_a_body_that_never_says_how_long_it_is_ends_at_a_megabyte(listening: Listening) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"a" * 65536

    headers = signed(b"")

    assert listening.ask("/slack/events", "POST", content=endless(), headers=headers).status_code == 413


def test_bad_utf_8_is_refused(listening: Listening) -> None:
    assert listening.post(b"text=\xff\xfe").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nothing",
        "{",
        "[]",
        "null",
        '"words"',
        "5",
        "[" * 100_000,
        '{"event": 5}',
        '{"user": 5}',
        '{"team": 5}',
        '{"enterprise": 5}',
        '{"authorizations": 5}',
        '{"authorizations": [5]}',
        '{"type": "event_callback"}',
        '{"type": "event_callback", "event": {"type": 5}}',
        '{"type": "event_callback", "event": {"type": "message", "text": 5}}',
        '{"type": "view_submission"}',
        '{"type": "view_submission", "view": []}',
        '{"type": "view_submission", "view": {"callback_id": 5}}',
        '{"type": "block_actions", "actions": [5]}',
        '{"type": "block_actions", "actions": {"a": 1}}',
        '{"type": ["block_actions"]}',
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_what_slack_never_sends_is_a_bad_request(listening: Listening, body: str, wrapped: bool) -> None:
    content_type = FORM if wrapped else "application/json"
    sent = urlencode({"payload": body}) if wrapped else body

    assert listening.post(sent, content_type=content_type).status_code == 400
    assert not listening.heard


def test_nothing_of_a_refused_body_is_logged(
    listening: Listening, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    for body in ("text=secret words", '{"secret words": ', '["secret words"]'):
        listening.post(body, x_slack_signature="v0=" + "0" * 64)
        listening.post(body)
    listening.post(b"secret words \xff")

    assert "secret" not in caplog.text + "".join(capfd.readouterr())


def test_headers_that_slack_does_not_sign_do_not_reach_bolt(listening: Listening) -> None:
    listening.post(a_command("late"), x_slack_bolt_lazy_only="1", x_slack_bolt_lazy_function_name="_hear_lazily")

    assert [body["text"] for body in listening.heard] == ["late"]


def test_the_number_of_a_retry_reaches_bolt(listening: Listening) -> None:
    seen: list[Any] = []

    @listening.bolt.middleware
    def look(request: BoltRequest, next_: Any) -> BoltResponse:
        seen.append(request.headers["x-slack-retry-num"])
        return next_()  # type: ignore[no-any-return]

    listening.post(json.dumps(EVENT), content_type="application/json", x_slack_retry_num="2")

    assert seen == [["2"]]


def test_every_other_page_is_not_there(listening: Listening) -> None:
    for method, path in [("GET", "/"), ("POST", "/slack/events/"), ("GET", "//healthz"), ("OPTIONS", "/%00")]:
        assert listening.ask(path, method).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/slack/events"), ("POST", "/healthz"), ("OPTIONS", "/metrics"), ("X", "/readyz")]
)
def test_a_page_says_what_can_be_asked_of_it(listening: Listening, method: str, path: str) -> None:
    answer = listening.ask(path, method)

    assert answer.status_code == 405
    assert answer.headers["allow"] in {"POST", "GET, HEAD", "HEAD, GET"}


def test_who_only_looks_gets_the_head(listening: Listening) -> None:
    answer = listening.ask("/healthz", "HEAD")

    assert (answer.status_code, answer.text) == (200, "")


def test_over_socket_mode_there_is_no_page_for_events() -> None:
    listening = Listening()
    listening.asgi = Web(listening.edge, secret=None, clock=lambda: NOW, threads=1, checks={}).asgi()

    assert listening.post(a_command("late")).status_code == 404


def test_it_is_alive(listening: Listening) -> None:
    assert listening.ask("/healthz").text == "ok"


def test_it_is_ready_when_everything_it_needs_is() -> None:
    answer = Listening(database=lambda: True, slack=lambda: True).ask("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "slack": True})


def a_failure() -> bool:
    raise OSError("secret address")


@pytest.mark.parametrize("check", [lambda: False, a_failure])
def test_it_is_not_ready_while_something_is_missing(check: Any) -> None:
    answer = Listening(database=check, slack=lambda: True).ask("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": False, "slack": True})


def test_a_check_that_hangs_is_not_fulfilled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.pages.ASKED_WITHIN", 0.01)
    over = Event()
    answer = Listening(database=lambda: over.wait(5)).ask("/readyz")
    over.set()

    assert answer.json() == {"database": False}


def test_while_ending_it_is_not_ready_and_takes_nothing(listening: Listening) -> None:
    assert listening.edge.drain(0)

    assert listening.ask("/readyz").status_code == 503
    assert listening.post(a_command("late")).status_code == 503
    assert not listening.heard


def test_figures_are_shown_for_prometheus(listening: Listening) -> None:
    listening.post(a_command("late"))
    listening.post(a_command("late"), x_slack_signature="")
    shown = listening.ask("/metrics")

    assert shown.headers["content-type"].startswith("text/plain")
    assert 'pmo_requests_total{status="200",wire="http"} 1.0' in shown.text
    assert 'pmo_refused_requests_total{why="unsigned"} 1.0' in shown.text
    assert "pmo_posts_waiting 7.0" in shown.text


def test_figures_are_shown_without_a_database() -> None:
    listening = Listening()
    listening.asgi = Web(
        listening.edge, secret=None, clock=lambda: NOW, threads=1, checks={}, waiting=lambda: int(a_failure())
    ).asgi()

    assert "pmo_posts_waiting NaN" in listening.ask("/metrics").text


def test_refusals_are_counted_by_their_reason(listening: Listening) -> None:
    listening.post(b"\xff")
    listening.post("{", content_type="application/json")
    listening.post("a=b", x_slack_signature="v0=" + "0" * 64)
    listening.post(b"a" * (LARGEST + 1))

    assert listening.refused() == {"not utf-8": 1, "misshapen": 1, "badly signed": 1, "too large": 1}


def test_two_bots_count_for_themselves() -> None:
    Meters()
    Meters()


def test_a_caller_who_hangs_up_is_no_error(listening: Listening) -> None:
    async def hang_up() -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/slack/events",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in signed(b"").items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None: ...

        await listening.asgi(scope, receive, send)

    asyncio.run(hang_up())

    assert listening.refused() == {"cut off": 1}


def test_what_runs_is_waited_for(listening: Listening) -> None:
    begun, go_on = Event(), Event()

    @listening.bolt.middleware
    def slow(next_: Any) -> BoltResponse:
        begun.set()
        go_on.wait(5)
        return next_()  # type: ignore[no-any-return]

    def answer() -> int:
        with listening.edge.holding():
            return listening.edge.dispatch("socket_mode", EVENT, {}).status

    with ThreadPoolExecutor(1) as caller:
        answered = caller.submit(answer)
        assert begun.wait(5)
        assert not listening.edge.drain(0)
        go_on.set()
        assert listening.edge.drain(5)

    assert answered.result() == 200


def test_a_copy_of_a_request_is_the_same_request() -> None:
    request = FormSafeRequest(body=a_command("payload"), headers={"content-type": FORM})

    assert request.to_copyable().body == request.body
    assert FormSafeRequest(body=EVENT, mode="socket_mode").to_copyable().body == EVENT


def test_an_empty_payload_stays_empty() -> None:
    assert FormSafeRequest(body=urlencode({"payload": "{}"}), headers={"content-type": FORM}).body == {}


def test_a_port_that_is_taken_is_named() -> None:
    with listening_on("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port}"):
            listening_on("127.0.0.1", port)


def test_a_process_whose_threads_do_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    leave(ended=True)
    leave(ended=False)

    assert codes == [1]
