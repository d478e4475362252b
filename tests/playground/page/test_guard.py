"""The page's headers, and whose requests it takes."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.playground.page.guard import Guard
from tests.playground.page.asking import Client


@pytest.fixture
def client() -> Client:
    """A page of one address that takes GET and POST."""

    async def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    route = Route("/", hello, methods=["GET", "POST"])
    return Client(Starlette(routes=[route], middleware=[Middleware(Guard)]))


def test_nothing_runs_or_frames_the_page_but_itself(client: Client) -> None:
    headers = client.get("/").headers

    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://testserver.evil.example", ""])
def test_a_post_from_elsewhere_is_refused(client: Client, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}

    answer = client.post("/", headers=headers)

    assert answer.status_code == 403
    assert "content-security-policy" in answer.headers


def test_a_post_from_the_page_is_taken(client: Client) -> None:
    assert client.post("/", headers={"origin": "http://testserver"}).text == "hello"
