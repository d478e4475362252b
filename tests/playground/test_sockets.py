"""Socket Mode frame by frame: hello, envelopes, acknowledgements, and connections that are refused."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.playground import Clock, Playground, Workspace
from bot.playground.sockets import MOST
from tests.playground.conftest import MANIFEST, START


@pytest.fixture(scope="module")
def served() -> Iterator[Playground]:
    with Playground(Clock(START), MANIFEST, rate_limits=False, ack_seconds=2) as playground:
        yield playground


@pytest.fixture
def slack(served: Playground) -> Iterator[Playground]:
    served.world.workspaces.clear()
    served.warnings.clear()
    yield served
    served.deliver_over_sockets()


@pytest.fixture
def link(slack: Playground, acme: Workspace) -> Iterator[ClientConnection]:
    with connect(address(slack)) as connection:
        assert frame(connection)["type"] == "hello"
        yield connection


def address(slack: Playground) -> str:
    headers = {"authorization": f"Bearer {slack.world.state.app_token}"}
    return str(httpx.post(slack.api_url + "apps.connections.open", headers=headers).json()["url"])


def frame(connection: ClientConnection) -> Any:
    return json.loads(connection.recv(timeout=5))


def typing(slack: Playground, text: str) -> threading.Thread:
    thread = threading.Thread(target=lambda: slack.as_("ada").types(text, "#apollo"))
    thread.start()
    return thread


def test_hello_says_how_long_and_how_many(slack: Playground, acme: Workspace) -> None:
    with connect(address(slack)) as connection:
        hello = frame(connection)

    assert hello["debug_info"]["approximate_connection_time"] == 3600
    assert hello["num_connections"] >= 1
    assert hello["connection_info"] == {"app_id": slack.world.state.app_id}


def test_only_its_own_acknowledgement_counts(slack: Playground, link: ClientConnection) -> None:
    typist = typing(slack, "/risk late")
    envelope = frame(link)
    for other in ("junk", "[]", '{"envelope_id": "e-0"}', json.dumps({"envelope_id": envelope["envelope_id"]}) * 2):
        link.send(other)
    link.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "Saved"}}))
    typist.join()

    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["text"] == "late"
    assert slack.as_("ada").reads("#apollo")[-1].text == "Saved"


def test_events_say_which_try_they_are(slack: Playground, link: ClientConnection) -> None:
    typist = typing(slack, "hello")
    event = frame(link)
    link.send(json.dumps({"envelope_id": event["envelope_id"]}))
    typist.join()

    assert (event["type"], event["retry_attempt"], event["retry_reason"]) == ("events_api", 0, "")
    assert event["accepts_response_payload"] is False


def test_a_connection_that_ends_owes_nothing(slack: Playground, link: ClientConnection) -> None:
    typist = typing(slack, "/risk")
    frame(link)
    link.close()
    typist.join()

    assert slack.as_("ada").warning == '/risk failed with the error "dispatch_failed"'


def test_a_ticket_opens_one_connection(slack: Playground, acme: Workspace) -> None:
    once = address(slack)
    with connect(once) as connection:
        frame(connection)
        with pytest.raises(InvalidStatus):
            connect(once)


def test_with_socket_mode_off_the_link_is_disabled(slack: Playground, link: ClientConnection) -> None:
    slack.deliver_over_http("http://127.0.0.1:9/")

    assert frame(link)["reason"] == "link_disabled"
    with connect(address(slack)) as late:
        assert frame(late) == {"type": "disconnect", "reason": "link_disabled"}
        with pytest.raises(ConnectionClosed):
            late.recv(timeout=5)


def test_an_eleventh_connection_is_too_many(slack: Playground, acme: Workspace) -> None:
    with ExitStack() as stack:
        links = [stack.enter_context(connect(address(slack))) for _ in range(MOST)]
        assert [frame(each)["type"] for each in links] == ["hello"] * MOST
        late = stack.enter_context(connect(address(slack)))
        assert frame(late)["reason"] == "too_many_websockets"
