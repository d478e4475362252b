"""Socket Mode: connections of the bot, envelopes sent to exactly one of them, acknowledgements matched."""

import asyncio
import itertools
import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.records import Json
from bot.playground.wire import ACK_SECONDS, Envelope, Reply, Retry

MOST = 10
LIFE_SECONDS = 3600


@dataclass
class Connection:
    """One open connection and the acknowledgements it still owes."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    waiting: dict[str, "Future[Any]"] = field(default_factory=dict)

    def send(self, frame: Json) -> None:
        """Send a frame from any thread."""
        asyncio.run_coroutine_threadsafe(self.socket.send_text(json.dumps(frame)), self.loop)

    def take(self, frame: Json) -> None:
        """An acknowledgement came; unknown ones are ignored."""
        waiting = self.waiting.pop(str(frame.get("envelope_id")), None)
        if waiting and not waiting.done():
            waiting.set_result(frame.get("payload"))

    def gone(self) -> None:
        """The connection ended; nothing it owes will come."""
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the connection was closed"))
        self.waiting.clear()


class SocketWire:
    """The connections of one app, at most ten; each payload goes to one of them in turn."""

    def __init__(self, app_id: str, seconds: float = ACK_SECONDS) -> None:
        self.enabled = True
        self.seconds = seconds
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._connections: list[Connection] = []
        self._lock = Lock()
        self.on_change: Callable[[], None] = lambda: None

    @property
    def connected(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def ticket(self) -> str:
        """A pass for one connection."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Speak with one connection until it ends."""
        if socket.query_params.get("ticket") not in self._tickets:
            await socket.close(4403)
            return
        self._tickets.discard(socket.query_params["ticket"])
        await socket.accept()
        refusal = self._refusal()
        if refusal:
            await socket.send_text(json.dumps({"type": "disconnect", "reason": refusal}))
            await socket.close()
            return
        await self._talk(Connection(socket, asyncio.get_running_loop()))

    def _refusal(self) -> str:
        if not self.enabled:
            return "link_disabled"
        return "too_many_websockets" if len(self._connections) >= MOST else ""

    async def _talk(self, connection: Connection) -> None:
        with self._lock:
            self._connections.append(connection)
        try:
            await connection.socket.send_text(json.dumps(self._hello()))
            self.on_change()
            while True:
                connection.take(_frame(await connection.socket.receive_text()))
        except WebSocketDisconnect:
            pass
        finally:
            with self._lock:
                self._connections.remove(connection)
            connection.gone()
            self.on_change()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": LIFE_SECONDS},
            "connection_info": {"app_id": self._app_id},
        }

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        """Deliver to one connection and wait for its acknowledgement."""
        connection = self._next()
        if connection is None:
            return Reply("connection_failed", status=0)
        envelope: Json = {"envelope_id": f"e-{next(self._numbers)}", "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
        waiting: Future[Any] = Future()
        connection.waiting[envelope["envelope_id"]] = waiting
        connection.send(envelope)
        try:
            body = waiting.result(self.seconds)
        except TimeoutError:
            connection.waiting.pop(envelope["envelope_id"], None)
            return Reply("http_timeout", status=0)
        except ConnectionError:
            return Reply("connection_failed", status=0)
        return Reply(body=body, size=len(json.dumps(body)) if body else 0)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to come again, as Slack does now and then."""
        for connection in list(self._connections):
            connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}})

    def _next(self) -> Connection | None:
        with self._lock:
            if not self._connections or not self.enabled:
                return None
            self._connections.append(self._connections.pop(0))
            return self._connections[-1]


def _frame(text: str) -> Json:
    try:
        frame = json.loads(text)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
