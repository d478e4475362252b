"""Forms and buttons in Chromium, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.playground.page import chromium, samples
from tests.playground.page.desk import Desk
from tests.playground.page.stub import RISK_FORM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PATH is None, reason="there is no Chromium on this machine"),
]


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
