"""The page in Chromium: everything by keyboard, and nothing lost when it changes by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.playground import Playground, Workspace
from bot.playground.page import routes
from tests.playground.page import chromium, samples
from tests.playground.page.stub import RISK_FORM, Bot, Clockwork, a_slack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PATH is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this module."""
    with chromium.running() as running:
        yield running


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


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    """Ana's desk; a word in the browser's console or a break of the content policy fails the test."""
    slack, northwind, bot = a_slack()
    slack.start(routes(slack, Clockwork(slack)))
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    desk = Desk(slack, northwind, bot, page)
    desk.goes_to()
    yield desk
    context.close()
    slack.stop()
    assert troubles == []


def test_a_risk_is_raised_by_keyboard_alone(desk: Desk) -> None:
    desk.composer.focus()
    desk.page.keyboard.type("/")
    suggestions = desk.page.get_by_role("listbox", name="Suggestions").first
    expect(suggestions.get_by_role("option")).to_have_count(3)
    desk.presses("ArrowDown")
    expect(suggestions.get_by_role("option", name="/risk")).to_have_attribute("aria-selected", "true")
    desk.presses("Tab")
    expect(desk.composer).to_have_value("/risk ")
    desk.presses("Enter")

    title = desk.modal.get_by_role("textbox", name="What may happen")
    expect(title).to_be_focused()
    desk.page.keyboard.type("Vendor is late")
    desk.presses("Tab")
    desk.page.keyboard.type("apo")
    expect(desk.modal.get_by_role("option", name="Apollo")).to_be_visible()
    desk.presses("Enter", "Tab")
    desk.page.keyboard.type("4")
    title.focus()
    desk.presses("Enter")

    expect(title).to_have_accessible_description("Say what may slip.")
    expect(title).to_be_focused()
    expect(title).to_have_value("Vendor is late")
    expect(desk.modal.get_by_role("combobox", name="Project")).to_have_value("Apollo")
    title.fill("Vendor may slip")
    desk.presses("Enter")

    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    expect(desk.composer).to_be_focused()
    expect(desk.page.get_by_test_id("message").last).to_contain_text("Risk: Vendor may slip")
    expect(desk.page.locator("#announcer")).to_contain_text("PMO Bot: PMO Bot APP 14:30 Risk: Vendor may slip")


def test_escape_closes_what_is_on_top(desk: Desk) -> None:
    desk.opens_form()
    desk.modal.get_by_role("textbox", name="What may happen").fill("Kept")
    desk.modal.get_by_role("button", name="What is a risk?").press("Enter")
    expect(desk.modal.get_by_role("heading", name="What is a risk?")).to_be_visible()
    expect(desk.modal.get_by_role("button", name="Back").last).to_be_focused()

    desk.presses("Escape")

    expect(desk.modal.get_by_role("heading", name="Raise a risk")).to_be_visible()
    expect(desk.modal.get_by_role("textbox", name="What may happen")).to_have_value("Kept")
    desk.modal.get_by_role("combobox", name="Project").press_sequentially("b")
    expect(desk.modal.get_by_role("option", name="Borealis")).to_be_visible()
    desk.presses("Escape")
    expect(desk.modal.get_by_role("option", name="Borealis")).to_be_hidden()
    expect(desk.modal).to_be_visible()

    desk.presses("Escape")

    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    expect(desk.composer).to_be_focused()


def test_the_focus_stays_in_the_form(desk: Desk) -> None:
    desk.opens_form()

    for _ in range(14):
        desk.presses("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('#modal')"
        assert desk.page.evaluate(inside)


def test_an_update_of_the_form_keeps_what_is_typed(desk: Desk) -> None:
    desk.opens_form()
    title = desk.modal.get_by_role("textbox", name="What may happen")
    title.press_sequentially("Half a sen")
    view = desk.slack.as_("ana").modal
    assert view
    word = {"type": "section", "text": samples.plain("One more word")}
    changed = {**RISK_FORM, "blocks": [*RISK_FORM["blocks"], word]}

    desk.bot.calls("views.update", view_id=view.id, view=changed)

    expect(desk.modal).to_contain_text("One more word")
    expect(title).to_have_value("Half a sen")
    expect(title).to_be_focused()
    desk.page.keyboard.type("tence")
    expect(title).to_have_value("Half a sentence")


def test_news_come_by_themselves_and_disturb_nothing(desk: Desk) -> None:
    desk.composer.press_sequentially("half a mess")
    chat = desk.slack.as_("ana").place("@bo")

    desk.slack.as_("bo").types("news from Bo", "#apollo")
    expect(desk.page.get_by_test_id("messages")).to_contain_text("news from Bo")
    desk.slack.as_("bo").types("just for you", chat)

    expect(desk.page.get_by_role("link", name="Bo Chen 1 unread")).to_be_visible()
    expect(desk.composer).to_have_value("half a mess")
    expect(desk.composer).to_be_focused()


def test_a_draft_outlives_a_walk_to_another_channel(desk: Desk) -> None:
    desk.composer.press_sequentially("to be finished")
    desk.page.get_by_role("link", name="board").click()
    desk.page.get_by_role("link", name="apollo").click()

    expect(desk.composer).to_have_value("to be finished")


def test_people_are_suggested_by_name(desk: Desk) -> None:
    desk.composer.press_sequentially("ask @che")
    expect(desk.page.get_by_role("option", name="Bo Chen")).to_be_visible()
    desk.presses("Tab")
    expect(desk.composer).to_have_value("ask @bo ")
    desk.presses("Enter")

    expect(desk.page.get_by_test_id("message").last).to_contain_text("ask @Bo Chen")


def test_a_form_is_opened_from_a_message_and_from_the_plus(desk: Desk) -> None:
    desk.slack.as_("bo").types("the vendor is silent", "#apollo")
    message = desk.page.get_by_test_id("message").last
    message.get_by_role("button", name="More actions for this message").press("Enter")
    expect(desk.page.get_by_role("menuitem", name="Reply in thread")).to_be_focused()
    desk.presses("ArrowDown", "Enter")
    expect(desk.modal).to_be_visible()
    assert desk.bot.last("message_action")["message"]["text"] == "the vendor is silent"
    desk.presses("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)

    desk.page.get_by_role("button", name="Shortcuts").press("Enter")
    desk.page.get_by_role("menuitem", name="New project").press("Enter")

    expect(desk.modal).to_be_visible()


def test_a_button_that_asks_first_waits_for_the_answer(desk: Desk) -> None:
    message = desk.posts({"type": "actions", "block_id": "a", "elements": [samples.BUTTONS[2]]})
    button = message.get_by_role("button", name="Close")
    button.click()
    question = desk.page.get_by_role("dialog", name="Close this risk?")
    expect(question).to_contain_text("It leaves the digest.")
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_be_hidden()
    assert not [sent for sent in desk.bot.heard if sent.get("type") == "block_actions"]

    button.click()
    with desk.page.expect_response("**/act"):
        question.get_by_role("button", name="Close it").click()

    assert desk.bot.last("block_actions")["actions"][0]["action_id"] == "close"


def test_a_bot_that_is_away_is_told_of(desk: Desk) -> None:
    message = desk.posts({"type": "actions", "block_id": "a", "elements": samples.BUTTONS[:2]})
    desk.bot.problem = "connection_failed"

    message.get_by_role("button", name="No change").click()

    expect(desk.page.get_by_role("alert")).to_have_text("The app cannot be reached. Is it running?")


def test_a_table_is_sorted_and_turned(desk: Desk) -> None:
    message = desk.posts(samples.DATA_TABLE)
    rows = message.locator("tbody tr:visible th")
    expect(rows).to_have_text(["Borealis", "Apollo", "Cygnus"])

    message.get_by_role("button", name="Open").press("Enter")
    expect(rows).to_have_text(["Cygnus", "Apollo", "Borealis"])
    expect(message.get_by_role("columnheader", name="Open")).to_have_attribute("aria-sort", "ascending")
    message.get_by_role("button", name="Project").click()
    expect(rows).to_have_text(["Apollo", "Borealis", "Cygnus"])
    message.get_by_role("button", name="Project").click()
    expect(rows).to_have_text(["Draco", "Cygnus", "Borealis"])
    message.get_by_role("button", name="Next page").click()

    expect(rows).to_have_text(["Apollo"])
    expect(message.get_by_role("button", name="Next page")).to_be_disabled()
    expect(message.get_by_role("status")).to_have_text("4–4 of 4")


def test_several_are_chosen_from_a_list_one_types_into(desk: Desk) -> None:
    message = desk.posts(
        {"type": "section", "block_id": "s", "text": samples.plain("Healths"), "accessory": samples.MANY[0]}
    )
    field = message.get_by_role("combobox", name="Healths")
    expect(message.locator(".chip")).to_have_text(["Green – On plan×", "Amber – At risk×"])

    field.press_sequentially("re")
    expect(message.get_by_role("option", name="Red")).to_be_visible()
    with desk.page.expect_response("**/act"):
        desk.presses("Enter")
    expect(message.locator(".chip")).to_have_count(3)
    expect(field).to_be_focused()
    with desk.page.expect_response("**/act"):
        desk.presses("Backspace")

    expect(message.locator(".chip")).to_have_count(2)
    chosen = desk.bot.last("block_actions")["actions"][0]["selected_options"]
    assert [one["value"] for one in chosen] == ["green", "amber"]


def test_a_reply_is_written_beside_the_channel(desk: Desk) -> None:
    desk.slack.as_("bo").types("question", "#apollo")
    message = desk.page.get_by_test_id("message").last
    message.hover()
    message.get_by_role("link", name="Reply in thread").click()
    thread = desk.page.get_by_role("complementary", name="Thread")
    thread.get_by_role("combobox", name="Reply in thread").press_sequentially("answer")
    desk.presses("Enter")

    expect(thread.get_by_test_id("message").last).to_contain_text("answer")
    expect(desk.page.get_by_test_id("replies")).to_contain_text("1 reply")
    thread.get_by_role("link", name="Close thread").click()
    expect(thread).to_have_count(0)


def test_the_clock_is_moved_from_the_bar(desk: Desk) -> None:
    now = desk.page.get_by_test_id("now")
    expect(now).to_have_text("Friday, 21 November 2025, 14:30")

    desk.page.get_by_role("button", name="+1 day").click()
    expect(now).to_have_text("Saturday, 22 November 2025, 14:30")
    desk.page.get_by_role("button", name="Next Friday").click()

    expect(now).to_have_text("Friday, 28 November 2025, 15:00")


def test_one_becomes_somebody_else(desk: Desk) -> None:
    desk.page.get_by_role("button", name="You are Ana Silva").click()
    desk.page.get_by_role("navigation", name="Be somebody else").get_by_role("link", name="Bo Chen").click()

    expect(desk.page.get_by_role("button", name="You are Bo Chen")).to_be_visible()
    expect(desk.page.get_by_test_id("now")).to_have_text("Friday, 21 November 2025, 20:00")


def test_the_home_is_published_when_it_is_opened(desk: Desk) -> None:
    desk.page.get_by_role("link", name="App Home").click()
    desk.page.get_by_role("button", name="Check in").click()

    expect(desk.modal).to_be_visible()
    expect(desk.page.get_by_test_id("home")).to_contain_text("My projects")


def test_the_traffic_shows_what_was_sent(desk: Desk) -> None:
    desk.opens_form()
    desk.presses("Escape")
    desk.page.get_by_role("button", name="Traffic", exact=True).click()
    first = desk.page.get_by_test_id("exchange").filter(has_text="/risk")
    first.locator("summary").press("Enter")

    expect(first).to_contain_text('"what": "/risk"')
    desk.slack.clock.advance(timedelta(seconds=1))
    desk.slack.as_("bo").types("/pmo help", "#apollo")
    expect(desk.page.get_by_test_id("exchange").first).to_contain_text("/pmo")
    expect(first).to_have_attribute("open", "")


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_sticks_out_sideways(desk: Desk, width: int) -> None:
    wide = [block for block in samples.BLOCKS if block["type"] in ("header", "section", "actions", "table")]
    desk.posts(*wide)
    desk.posts(samples.DATA_TABLE, samples.PIE, samples.plotted("bar"))
    desk.page.set_viewport_size({"width": width, "height": 844})
    desk.goes_to()
    desk.opens_form()

    for pane in ("document.documentElement", "document.getElementById('here')", "document.querySelector('.fill')"):
        assert desk.page.evaluate(f"{pane}.scrollWidth <= {pane}.clientWidth")


def test_the_sidebar_is_a_drawer_on_a_narrow_screen(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    channels = desk.page.get_by_role("navigation", name="Channels and messages")
    expect(channels).to_be_hidden()
    button = desk.page.get_by_role("button", name="Channels and people")
    button.press("Enter")
    expect(channels).to_be_visible()
    desk.presses("Escape")
    expect(channels).to_be_hidden()
    expect(button).to_be_focused()

    button.click()
    channels.get_by_role("link", name="board").click()

    expect(desk.page.get_by_role("heading", level=1)).to_have_text(re.compile("#board"))


def test_one_can_skip_to_the_messages(desk: Desk) -> None:
    desk.presses("Tab")
    expect(desk.page.get_by_role("link", name="Skip to messages")).to_be_focused()
    desk.presses("Enter")

    expect(desk.page.get_by_role("log")).to_be_focused()
