"""The guard: what every answer carries, and what is turned away before any page sees it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web import Meters
from bot.web.guard import HEADERS, LARGEST, Guard


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def own(_request: Request) -> Response:
    return PlainTextResponse("", headers={"content-security-policy": "default-src 'self'"})


async def broken(_request: Request) -> Response:
    raise RuntimeError


PAGES = [Route("/echo", echo, methods=["GET", "POST"]), Route("/own", own), Route("/broken", broken)]


def ask(method: str, path: str, *, at_once: int = 8, scheme: str = "http", **more: Any) -> httpx.Response:
    """Ask a guarded page; every other page takes one of those that may run at once."""

    async def asked() -> httpx.Response:
        guard = Guard(Starlette(routes=PAGES), Meters(), at_once=at_once)
        transport = httpx.ASGITransport(guard, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://bot") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/echo", 200),
        ("HEAD", "/echo", 200),
        ("DELETE", "/echo", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/broken", 500),
    ],
)
def test_every_answer_carries_the_headers(method: str, path: str, status: int) -> None:
    answer = ask(method, path)

    assert answer.status_code == status
    assert HEADERS.items() <= answer.headers.items()
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


def test_a_page_that_says_something_of_its_own_is_left_its_word() -> None:
    assert ask("GET", "/own").headers["content-security-policy"] == "default-src 'self'"


@pytest.mark.parametrize("said", [{"scheme": "https"}, {"headers": {"x-forwarded-proto": "https"}}])
def test_who_comes_over_https_is_to_stay_there(said: Any) -> None:
    assert ask("GET", "/echo", **said).headers["strict-transport-security"] == "max-age=31536000"


def test_a_body_that_is_too_large_is_not_taken_on_any_page() -> None:
    assert ask("POST", "/echo", content=b"a" * LARGEST).text == str(LARGEST)
    assert ask("POST", "/echo", content=b"a" * (LARGEST + 1)).status_code == 413
    assert ask("POST", "/nowhere", headers={"content-length": "9" * 5000}).status_code == 413


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"a" * 65536

    answer = ask("POST", "/echo", content=endless())

    assert answer.status_code == 413
    assert HEADERS.items() <= answer.headers.items()


def test_who_comes_when_there_are_too_many_comes_again() -> None:
    answer = ask("GET", "/echo", at_once=0)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert HEADERS.items() <= answer.headers.items()


def test_who_has_been_answered_makes_room() -> None:
    async def twice() -> list[int]:
        guard = Guard(Starlette(routes=PAGES), Meters(), at_once=1)
        transport = httpx.ASGITransport(guard, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return [(await client.get(path)).status_code for path in ("/broken", "/echo")]

    assert asyncio.run(twice()) == [500, 200]


def test_what_is_turned_away_is_counted() -> None:
    meters = Meters()

    async def refused() -> None:
        transport = httpx.ASGITransport(Guard(Starlette(), meters, at_once=0))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            await client.get("/")

    asyncio.run(refused())

    assert meters.registry.get_sample_value("pmo_refused_requests_total", {"why": "too many at once"}) == 1
