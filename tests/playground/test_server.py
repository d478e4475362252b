"""Both roads to a real Bolt app: Socket Mode and signed HTTP, and the whole of a small conversation over each."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground import Channel, Clock, Playground, Workspace
from tests.playground.conftest import MANIFEST, actions, button, field, modal, options, section

Start = Callable[[App], None]


@pytest.fixture(scope="module")
def served() -> Iterator[Playground]:
    """One served playground for the module; its clock is the real one, for Bolt checks signatures by it."""
    with Playground(Clock(running=True), MANIFEST, rate_limits=False, ack_seconds=10) as playground:
        yield playground


@pytest.fixture
def slack(served: Playground) -> Iterator[Playground]:
    served.warnings.clear()
    served.notes.clear()
    served.faults.clear()
    yield served
    served.delivery.settle()
    served.deliver_over_sockets()
    served.sockets.seconds = 10


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    slack.world.workspaces.clear()
    return slack.add_workspace("Acme", ["ada", "bob"], ["#apollo", Channel("secret", "private", members=["ada"])])


@pytest.fixture
def app(slack: Playground, acme: Workspace) -> App:
    client = WebClient(token=acme.bot_token, base_url=slack.api_url)
    return App(client=client, signing_secret=acme.signing_secret, process_before_response=True)


def over_sockets(slack: Playground, app: App) -> Callable[[], None]:
    handler: Any = SocketModeHandler(app, slack.world.state.app_token)
    handler.connect()

    def close() -> None:
        slack.delivery.settle()
        handler.close()

    return close


class QuietServer(ThreadingHTTPServer):
    """A server that does not mind when Slack hangs up before the answer."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


def over_http(slack: Playground, app: App) -> Callable[[], None]:
    class Edge(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            answer = app.dispatch(BoltRequest(body=body, headers={k: [v] for k, v in self.headers.items()}))
            self.send_response(answer.status)
            for name, value in answer.first_headers_without_set_cookie().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = QuietServer(("127.0.0.1", 0), Edge)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    slack.deliver_over_http(f"http://127.0.0.1:{server.server_address[1]}/slack/events")

    def close() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return close


@pytest.fixture(params=[over_sockets, over_http], ids=["socket", "http"])
def start(request: pytest.FixtureRequest, slack: Playground) -> Iterator[Start]:
    closing: list[Callable[[], None]] = []
    yield lambda app: closing.append(request.param(slack, app))
    for close in closing:
        close()


def test_a_form_from_command_to_receipt(slack: Playground, acme: Workspace, app: App, start: Start) -> None:
    @app.command("/risk")
    def open_form(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(
            trigger_id=body["trigger_id"],
            view=modal(
                field("cause", {"type": "plain_text_input"}),
                field("project", {"type": "external_select", "min_query_length": 1}),
            ),
        )
        ack()

    @app.options("project")
    def suggest(ack: Any, payload: Any) -> None:
        ack(options=[o for o in options("Apollo", "Artemis") if payload["value"].lower() in o["value"]])

    @app.view("form")
    def submit(ack: Any, view: Any, client: WebClient, body: Any) -> None:
        cause = view["state"]["values"]["cause"]["cause"]["value"]
        if cause == "vague":
            ack(response_action="errors", errors={"cause": "Say more"})
            return
        client.chat_postMessage(channel=body["user"]["id"], text=cause, blocks=[actions(button("Close", "close"))])
        ack()

    @app.action("close")
    def close(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Closed", replace_original=True)

    start(app)
    ada = slack.as_("ada", acme)

    assert ada.types("/risk", "#apollo") is None
    ada.fills(cause="vague", project="Apollo")
    assert ada.submits() == {"cause": "Say more"}
    ada.fills(cause="Vendor slips")
    assert ada.submits() == {}
    [receipt] = ada.reads()
    ada.presses(receipt, "Close")

    assert [m.text for m in ada.reads()] == ["Closed"]
    assert (slack.warnings, slack.notes) == ([], [])


def test_words_in_an_acknowledgement_reach_the_person(
    slack: Playground, acme: Workspace, app: App, start: Start
) -> None:
    app.command("/risk")(lambda ack, command: ack({"response_type": "in_channel", "text": f"Saved {command['text']}"}))
    app.command("/plain")(lambda ack: ack("Just you"))
    start(app)
    ada, bob = slack.as_("ada", acme), slack.as_("bob", acme)

    ada.types("/risk payday @bob", "#apollo")
    ada.types("/plain", "#apollo")

    assert [m.text for m in bob.reads("#apollo")] == ["/risk payday @bob", f"Saved payday <@{bob.me.id}|bob>"]
    assert [m.text for m in ada.reads("#apollo")][-1] == "Just you"


def test_events_are_answered(slack: Playground, acme: Workspace, app: App, start: Start) -> None:
    app.event("message")(lambda event, say: say(f"Heard {event['text']}"))
    app.event("app_home_opened")(
        lambda event, client: client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]}
        )
    )
    start(app)
    ada = slack.as_("ada", acme)

    reply = ada.types("hello", "@pmo")
    home = ada.opens_home()

    assert reply
    assert reply.text == "Heard hello"
    assert home
    assert home.shown == "Welcome"


def test_what_is_not_acknowledged_in_time_times_out(slack: Playground, acme: Workspace, app: App, start: Start) -> None:
    late = threading.Event()

    @app.command("/risk")
    def slow(ack: Any) -> None:
        late.wait(30)
        ack()

    start(app)
    slack.delivery.wire.seconds = 0.3
    ada = slack.as_("ada", acme)
    ada.types("/risk", "#apollo")
    late.set()

    assert ada.warning == '/risk failed with the error "operation_timeout"'


def test_what_nobody_handles_is_a_warning(slack: Playground, acme: Workspace, app: App, start: Start) -> None:
    start(app)
    slack.delivery.wire.seconds = 0.3
    ada = slack.as_("ada", acme)
    app.client.chat_postMessage(channel=acme.channel("#apollo").id, text="x", blocks=[actions(button())])  # type: ignore[union-attr]

    ada.presses(ada.reads("#apollo")[0], "go")

    assert ada.warning in ("⚠ http_error", "⚠ http_timeout")


def test_forged_requests_are_not_ours(slack: Playground, acme: Workspace, app: App) -> None:
    close = over_http(slack, app)
    app.command("/risk")(lambda ack: ack())
    slack.delivery.wire._secret = "wrong"  # type: ignore[attr-defined]
    ada = slack.as_("ada", acme)

    ada.types("/risk", "#apollo")

    assert ada.warning == '/risk failed with the error "dispatch_failed"'
    close()


def test_nobody_at_the_address(slack: Playground, acme: Workspace) -> None:
    slack.deliver_over_http("http://127.0.0.1:9/slack/events")
    slack.as_("ada", acme).types("/risk", "#apollo")

    assert "dispatch_failed" in slack.warnings[0]


class TestSockets:
    def test_a_connection_closed_in_between_fails(self, slack: Playground, acme: Workspace, app: App) -> None:
        slack.as_("ada", acme).types("/risk", "#apollo")

        assert "dispatch_failed" in slack.warnings[0]
        assert slack.sockets.connected == 0

    def test_the_bot_comes_again_when_told(self, slack: Playground, acme: Workspace, app: App) -> None:
        app.command("/risk")(lambda ack: ack("Here"))
        opened = threading.Event()
        close = over_sockets(slack, app)
        calls = slack.traffic.count("apps.connections.open")
        slack.on_change(lambda: opened.set() if slack.traffic.count("apps.connections.open") > calls else None)

        slack.sockets.disconnect()
        assert opened.wait(5)
        reply = None
        while reply is None or "failed" in reply.text:
            reply = slack.as_("ada", acme).types("/risk", "#apollo")

        assert reply.text == "Here"
        close()

    def test_one_of_several_connections_gets_it(self, slack: Playground, acme: Workspace, app: App) -> None:
        heard: list[str] = []

        @app.command("/risk")
        def risk(ack: Any) -> None:
            heard.append("one")
            ack()

        closing = [over_sockets(slack, app), over_sockets(slack, app)]
        assert slack.sockets.connected == 2
        slack.as_("ada", acme).types("/risk", "#apollo")

        assert heard == ["one"]
        for close in closing:
            close()

    def test_a_ticket_is_for_one_connection(self, slack: Playground) -> None:
        assert httpx.get(f"{slack.url}/link").status_code in (403, 404, 405, 426)
