"""Serving: the bot runs until it is told to end, and then ends in order."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from types import FrameType

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.errors import Refused
from bot.web.connections import Connection

GRACE = 10.0  # seconds that what runs may take to end
BACKLOG = 2048
CONNECTIONS = 512  # of which one process can hold more than a thousand at the most
SIGNALS = (signal.SIGTERM, signal.SIGINT)
log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """A uvicorn that leaves the signals to us: its own way ends the process by the signal, not with 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signals."""
        yield


def serve(asgi: ASGIApp, host: str, port: int, *, start: Callable[[], None], stop: Callable[[float], bool]) -> bool:
    """Run until SIGTERM or SIGINT; then stop taking, and give what runs ten seconds. Whether all of it ended.

    The port is taken first, then `start` is called; `stop` is told how many seconds are left.
    """
    server = make_server(asgi)
    ending: list[float] = []

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.append(time.monotonic() + GRACE)
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in SIGNALS}
    try:
        with listening(host, port) as door:
            start()
            log.info("listening", host=host, port=door.getsockname()[1])
            server.run(sockets=[door])
    finally:
        ended = stop(max(0.0, ending[0] - time.monotonic()) if ending else GRACE)
        for number, handler in before.items():
            signal.signal(number, handler)
    log.info("ended", whole=ended)
    return ended


def make_server(asgi: ASGIApp) -> Server:
    """A web server that waits for what runs no longer than GRACE."""
    return Server(
        uvicorn.Config(
            asgi,
            http=Connection,
            limit_concurrency=CONNECTIONS,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=int(GRACE),
        )
    )


def listening(host: str, port: int) -> socket.socket:
    """The open port; raises Refused when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Refused(f"Cannot listen on {host} port {port} ({error.strerror}). Set HOST and PORT.") from error


def leave(*, ended: bool) -> None:
    """End the process; with threads that would not end, at once, for Python would wait for them."""
    if not ended:
        log.error("gave up waiting", seconds=GRACE)
        os._exit(1)
