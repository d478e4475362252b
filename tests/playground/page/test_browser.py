"""The page in Chromium: it follows what happens, and nothing is lost when it changes by itself."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.playground.page import chromium, samples
from tests.playground.page.desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PATH is None, reason="there is no Chromium on this machine"),
]


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

    desk.composer.press_sequentially("or @cleo")
    desk.presses("Enter")

    expect(desk.page.get_by_test_id("message").last).to_contain_text("or @Cleo Martin")


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
