"""Somebody before the page of an office, with a mouse and a keyboard."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.office import Office


@dataclass
class Window:
    """The page as one person sees it; what the bot has to say after an act, `settles` lets it say."""

    office: Office
    page: Page

    def opens(self, who: str) -> None:
        """Open the page as somebody, at their chat with the bot."""
        me = self.office.slack.as_(who)
        self.page.goto(f"{self.office.slack.url}/w/{self.office.workspace.id}/{me.me.id}/{me.dm.id}")
        self._is_ready()

    def becomes(self, name: str) -> None:
        """Be somebody else, by the button that says who one is."""
        self.page.get_by_test_id("who").click()
        self.page.get_by_role("navigation", name="Be somebody else").get_by_role("link", name=name).click()
        expect(self.page.get_by_role("button", name=f"You are {name}")).to_be_visible()
        self._is_ready()

    def goes_to(self, place: str) -> None:
        """Follow the link to a channel, the chat with the bot or its Home."""
        sidebar = self.page.get_by_role("navigation", name="Channels and messages")
        sidebar.get_by_role("link", name=re.compile(rf"^{place}( \d+ unread)?$")).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("PMO Bot" if place == "App Home" else place)
        self._is_ready()

    def settles(self) -> None:
        """Let the bot say what it has to say."""
        self.office.settle()

    def types(self, *keys: str) -> None:
        """Type on the keyboard: names of keys are pressed, anything else is written letter by letter."""
        for key in keys:
            if key in {"Tab", "Shift+Tab", "Enter", "Space", "ArrowDown", "Escape"}:
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)

    def sends(self, label: str) -> None:
        """Press the button that sends the form."""
        self.modal.get_by_role("button", name=label, exact=True).click()

    def says_and_closes(self, words: str) -> None:
        """The form became an answer with these words; put it away."""
        expect(self.modal).to_contain_text(words)
        self.types("Escape")
        self.has_no_form()

    def has_no_form(self) -> None:
        """No form is open any more; let the bot say what comes of it."""
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        self.settles()

    @property
    def modal(self) -> Locator:
        """The form in front."""
        return self.page.get_by_test_id("modal").last

    def message(self, words: str) -> Locator:
        """The message in which these words stand."""
        return self.page.get_by_test_id("messages").get_by_test_id("message").filter(has_text=words)

    def field(self, label: str) -> Locator:
        """A field of the form in front."""
        return self.modal.get_by_label(label, exact=True)

    def _is_ready(self) -> None:
        expect(self.page.locator("body[data-ready]")).to_be_attached()
