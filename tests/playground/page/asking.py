"""Asking an ASGI application over HTTP without a server, one request after another."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class Client:
    """A browser without a screen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, path: str, *, follow_redirects: bool = True, headers: dict[str, str] | None = None) -> httpx.Response:
        """Read an address."""
        return self._ask("GET", path, headers=headers, follow_redirects=follow_redirects)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Send a form."""
        return self._ask("POST", path, **more)

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())
