"""A browser in which somebody installs the bot: our page, Slack's page, and back."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

from bot.playground import Org, Workspace

PUBLIC = "https://bot.example"


class Browser:
    """One browser, with its cookies; it follows no redirection by itself."""

    def __init__(self, pages: ASGIApp) -> None:
        self._pages = pages
        self.cookies = httpx.Cookies()

    def opens(self, address: str, **more: Any) -> httpx.Response:
        """Go to an address of the bot."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._pages, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=PUBLIC, cookies=self.cookies) as client:
                answer = await client.get(address, **more)
                self.cookies = client.cookies
                return answer

        return asyncio.run(ask())

    def begins(self) -> str:
        """Open our page; where it leads to."""
        return self.opens("/slack/install").headers["location"]

    def chooses(self, at_slack: str, place: Workspace | Org, *, by: str = "", deny: bool = False) -> str:
        """Choose a workspace or org on Slack's page, as somebody, and allow what is asked or not; where that leads."""
        chosen = {"team": place.id} | ({"user": by} if by else {}) | ({"deny": "1"} if deny else {})
        return httpx.get(at_slack, params=httpx.QueryParams(httpx.URL(at_slack).params).merge(chosen)).headers[
            "location"
        ]

    def installs(self, place: Workspace | Org, *, by: str = "", deny: bool = False) -> httpx.Response:
        """Do all of it; the page that is shown in the end."""
        return self.opens(self.chooses(self.begins(), place, by=by, deny=deny))
