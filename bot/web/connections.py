"""Connections: each is given only so long, and so many bytes, to say what it wants."""

import asyncio
from asyncio import TimerHandle
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

WITHIN = 10.0  # seconds from a request's first byte, or from connecting, to its last
LARGEST_HEAD = 16 * 1024  # bytes of the request line and the headers; Slack's own have less than one thousand


class Connection(HttpToolsProtocol):
    """A connection of uvicorn's that does not wait for ever, nor hold whatever it is sent.

    Uvicorn itself waits without end for a request that was begun, and has no limit for what stands before its body.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._head: int | None = 0
        self._patience: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected: they have so long to ask."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a request came; a head that grows without end is cut off before it is whole."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head = 0
        self._wait()

    def on_headers_complete(self) -> None:
        """The head is whole; one that came at once may still be too large."""
        self._head = None
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LARGEST_HEAD:
            raise ValueError("the head is too large")  # the parser makes it a 400
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._wait_no_more()
        super().on_message_complete()

    def _wait(self) -> None:
        self._wait_no_more()
        self._patience = self.loop.call_later(WITHIN, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Hang up, with the reason where no answer has begun."""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[status] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()
