"""Connections over a real line: who takes too long, or says too much before the body, is let go."""

import socket
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web import connections
from bot.web.connections import LARGEST_HEAD
from bot.web.serving import listening, make_server


async def echo(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


Say = Callable[..., bytes]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Send bytes to a server that is not patient, and give all that comes back until it hangs up."""
    monkeypatch.setattr(connections, "WITHIN", 0.3)
    server = make_server(Starlette(routes=[Route("/", echo, methods=["GET", "POST"])]))
    with listening("127.0.0.1", 0) as door:
        thread = Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()

        def sent(*parts: bytes) -> bytes:
            with socket.create_connection(("127.0.0.1", door.getsockname()[1]), timeout=10) as line:
                for part in parts:
                    line.sendall(part)
                said = b""
                try:
                    while more := line.recv(65536):
                        said += more
                except ConnectionResetError:
                    pass
            return said

        yield sent
        server.should_exit = True
        thread.join()


def test_who_asks_in_time_is_answered(say: Say) -> None:
    answer = say(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\nconnection: close\r\n\r\na", b"bc")

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"3 bytes")
    assert b"server:" not in answer


def test_two_requests_in_a_row_are_answered(say: Say) -> None:
    answer = say(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")

    assert answer.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize("begun", [b"", b"POST ", b"POST / HTTP/1.1\r\nhost: x\r\nx-more: "])
def test_who_never_says_what_they_want_is_let_go(say: Say, begun: bytes) -> None:
    assert say(begun).startswith(b"HTTP/1.1 408")


def test_who_never_ends_a_body_is_let_go(say: Say) -> None:
    assert say(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc") == b""


def test_who_never_ends_a_second_request_is_let_go(say: Say) -> None:
    answer = say(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"GET /")

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 408" in answer


def test_a_head_without_end_is_cut_off(say: Say) -> None:
    assert say(b"GET / HTTP/1.1\r\nx-more: " + b"a" * LARGEST_HEAD).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("where", [b"/?%s", b"/ HTTP/1.1\r\nx-more: %s"])
def test_a_large_head_is_refused_when_it_comes_at_once(say: Say, where: bytes) -> None:
    line = where.replace(b"%s", b"a" * LARGEST_HEAD)
    version = b"" if b"HTTP" in line else b" HTTP/1.1"

    assert say(b"GET " + line + version + b"\r\nhost: x\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_what_is_no_request_is_refused(say: Say) -> None:
    assert say(b"\x16\x03\x01 hello\r\n\r\n").startswith(b"HTTP/1.1 400")
