"""Somebody before the page in a browser."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from bot.playground import Playground, Workspace
from tests.playground.page import samples
from tests.playground.page.stub import Bot


@dataclass
class Desk:
    """Somebody before the page in a browser."""

    slack: Playground
    workspace: Workspace
    bot: Bot
    page: Page

    def goes_to(self, where: str = "#apollo", who: str = "ana") -> None:
        """Open a place and wait for the script."""
        hands = self.slack.as_(who)
        place = where if where == "home" else hands.place(where).id
        self.page.goto(f"{self.slack.url}/w/{self.workspace.id}/{hands.me.id}/{place}")
        expect(self.page.locator("body[data-ready]")).to_be_attached()

    def posts(self, *blocks: samples.Json) -> Locator:
        """The bot says something in #apollo."""
        self.bot.calls("chat.postMessage", channel="#apollo", text="said", blocks=list(blocks))
        return self.page.get_by_test_id("message").last

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("combobox", name="Message #apollo")

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal").last

    def presses(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def opens_form(self) -> None:
        """The risk form, by keyboard alone."""
        self.composer.focus()
        self.page.keyboard.type("/risk")
        self.presses("Enter")
        expect(self.modal.get_by_role("heading", name="Raise a risk")).to_be_visible()
