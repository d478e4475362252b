"""Socket Mode: Slack over a WebSocket that we open, for a bot without a public address."""

import contextlib
import logging
from socket import SHUT_RDWR
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response

from bot.web.edge import Edge

WIRE = "socket_mode"
PING_EVERY = 10  # seconds


class Socket(SocketModeHandler):
    """Bolt's own handler, with every envelope going the way that HTTP requests go."""

    def __init__(self, bolt: App, token: str, edge: Edge, *, threads: int) -> None:
        quiet = logging.getLogger("slack_sdk")
        super().__init__(bolt, token, logger=quiet, concurrency=threads, ping_interval=PING_EVERY)
        self._edge = edge

    def handle(self, client: Any, req: Any) -> None:
        """Answer one envelope; while we end it stays unanswered, and Slack brings an event again elsewhere."""
        headers = {name: str(value) for name, value in (build_headers(req) or {}).items()}
        with self._edge.holding() as taken:
            if taken:
                send_response(client, req, self._edge.dispatch(WIRE, req.payload, headers), 0.0)

    def is_connected(self) -> bool:
        """Whether Slack can reach us now."""
        return self.client.is_connected()

    def connect(self) -> None:
        """Connect, and stay connected through Slack's own reconnections."""
        self.client.connect()

    def close(self) -> None:
        """Hang up; answers still to be given are lost, so drain the edge before.

        The library's own close waits for a reader that looks up every three seconds, and for a queue that it watches
        a second long: both are woken first.
        """
        self.client.auto_reconnect_enabled = False
        self.client.current_session_state.terminated = True
        session = self.client.current_session
        if session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.shutdown(SHUT_RDWR)
        self.client.message_processor.event.set()
        self.client.enqueue_message("")
        self.client.close()
