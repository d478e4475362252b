"""What Slack has sent, with a difference; and bytes that were never a request, rightly signed all the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.guard import LARGEST
from tests.fuzz.ground import Ground, request
from tests.fuzz.strange import changed, words

KINDS = ("application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "")
PATHS = (
    "/slack/events",
    "/healthz",
    "/slack/install",
    "/slack/oauth_redirect",
    "/",
    "/slack/events/",
    "//",
    "/%2e%2e/",
)
BITS = (
    b"payload=",
    b"{",
    b"}",
    b"%",
    b"\xff",
    b"\x00",
    b"&",
    b"=",
    b"[" * 3000,
    b'"type":',
    b"1e9999",
    b"9" * 5000,
    b"%ED%A0%80",
)


@settings(max_examples=2000)
@given(number=st.integers(0, 10_000), data=st.data())
def test_what_slack_sends_with_a_difference(ground: Ground, number: int, data: st.DataObject) -> None:
    known = one_of_each(ground)
    kind, payload = known[number % len(known)]
    sent = data.draw(changed(ground.trigger(payload, "eva")))
    status, _ = ground.send(kind, sent)
    assert status in {200, 400, 413}


@settings(max_examples=2000)
@given(
    body=st.binary(max_size=200) | st.lists(st.sampled_from(BITS) | words.map(str.encode), max_size=8).map(b"".join),
    content_type=st.sampled_from(KINDS),
)
def test_bytes_that_were_never_a_request(ground: Ground, body: bytes, content_type: str) -> None:
    status, answer = ground.way.post(body, content_type)
    ground.check(status, answer)
    assert status in {200, 400}


@settings(max_examples=2000)
@given(number=st.integers(0, 10_000), at=st.integers(0, 20_000), bit=st.sampled_from(BITS), cut=st.integers(0, 40))
def test_requests_with_bytes_in_the_wrong_place(ground: Ground, number: int, at: int, bit: bytes, cut: int) -> None:
    known = one_of_each(ground)
    content_type, body = request(*known[number % len(known)])
    at %= len(body)
    status, answer = ground.way.post(body[:at] + bit + body[at + cut :], content_type)
    ground.check(status, answer)
    assert status in {200, 400}


@settings(max_examples=300)
@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "POST", "BREW"]),
    path=st.sampled_from(PATHS) | st.text(max_size=20).map("/{}".format),
    body=st.sampled_from([b"", b"x", b"x" * (LARGEST + 1)]),
)
def test_pages_that_are_not_there(ground: Ground, method: str, path: str, body: bytes) -> None:
    status, answer = ground.way.post(body, "text/plain", method=method, path=path)
    ground.check(status, answer)


def one_of_each(ground: Ground) -> list[tuple[Any, Any]]:
    """One payload of each kind of thing that was sent."""
    found = {kind_of(kind, payload): (kind, payload) for kind, payload in reversed(ground.lived)}
    return list(found.values())


def kind_of(kind: str, payload: dict[str, Any]) -> tuple[str, ...]:
    """What tells one kind of thing from another."""
    view, actions = payload.get("view") or {}, payload.get("actions") or [{}]
    event = payload.get("event") or {}
    names = (payload.get("type"), payload.get("command"), payload.get("callback_id"), view.get("callback_id"))
    return (kind, *map(str, (*names, actions[0].get("action_id"), event.get("type"), event.get("channel_type"))))
