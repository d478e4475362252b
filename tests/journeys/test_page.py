"""The week at the page, with a mouse and a keyboard: asked, answered, raised, escalated, decided, told."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.window import Window

pytestmark = pytest.mark.browser

REQUIRED = "Please complete this required field."


@pytest.fixture
def apollo(window: Window) -> Window:
    """The page of an office with Apollo, which Eva manages and Farah sponsors, and a digest for #board."""
    window.office.has_project()
    window.office.ana.types("/pmo digest add", "#general")
    window.office.ana.fills(channel="#board")
    assert window.office.ana.submits() == {}
    window.office.ana.closes()
    return window


def test_the_week_at_the_page(apollo: Window) -> None:
    eva_is_asked_when_the_clock_is_moved(apollo)
    eva_answers_by_the_keyboard_and_mends_what_is_wrong(apollo)
    eva_raises_a_risk_from_a_message(apollo)
    eva_escalates_it(apollo)
    farah_decides(apollo)
    the_board_reads_the_digest(apollo)
    farah_looks_at_her_home(apollo)


def eva_is_asked_when_the_clock_is_moved(window: Window) -> None:
    window.opens("eva")
    now = window.page.get_by_test_id("now")
    expect(now).to_contain_text("Thursday, 19 November 2026, 11:0")
    window.page.get_by_role("button", name=re.compile("To the next due moment")).click()
    expect(now).to_have_text("Friday, 20 November 2026, 15:00")
    expect(window.message("How is APOLLO?")).to_contain_text("this is the first check-in")


def eva_answers_by_the_keyboard_and_mends_what_is_wrong(window: Window) -> None:
    window.message("How is APOLLO?").get_by_role("button", name="Check in").press("Enter")
    expect(window.modal.get_by_role("heading", name="Check in: APOLLO")).to_be_visible()
    window.field("What was achieved?").focus()
    window.types("The legs fold")
    window.modal.get_by_role("radio", name="At risk").press("Space")
    expect(window.field("Because of what?")).to_be_visible()
    window.sends("Send")

    cause = window.field("Because of what?")
    for label in ("Because of what?", "Path to green: what is done?", "Who does it?", "By when?"):
        expect(window.field(label)).to_have_accessible_description(re.compile(REQUIRED))
    expect(cause).to_be_focused()
    window.types("The API is late", "Tab", "A second vendor", "Tab", "Hana")
    window.field("By when?").fill("2026-11-13")
    window.sends("Send")
    expect(window.field("By when?")).to_have_accessible_description(re.compile("This date has passed"))
    expect(window.field("What was achieved?")).to_have_value("The legs fold")
    window.field("By when?").fill("2026-12-04")
    window.sends("Send")

    window.has_no_form()
    receipt = window.message("Saved: APOLLO")
    expect(receipt).to_contain_text("[A] At risk")
    expect(receipt).to_contain_text("A second vendor · @Hana Weiss by Fri 4 Dec 2026")
    expect(window.message("How is APOLLO?")).to_have_count(0)


def eva_raises_a_risk_from_a_message(window: Window) -> None:
    window.goes_to("apollo")
    expect(window.message("The legs fold")).to_contain_text("[A] At risk")
    window.page.get_by_role("combobox", name="Message #apollo").focus()
    window.types("The vendor does not answer the phone", "Enter")
    message = window.message("does not answer the phone")
    message.hover()
    message.get_by_role("button", name="More actions for this message").click()
    window.page.get_by_role("menuitem", name="Raise a risk").click()

    expect(window.field("What may happen?")).to_have_value("The vendor does not answer the phone")
    expect(window.modal.get_by_role("combobox", name="Project")).to_have_value("APOLLO Apollo")
    window.field("Because of what?").fill("They are broke")
    window.field("What would it do?").fill("No API at all")
    window.field("How likely is it?").select_option("3")
    window.field("How bad would it be?").select_option("5")
    window.sends("Raise")
    window.says_and_closes("Saved as APOLLO-R1")
    expect(window.message("APOLLO-R1")).to_contain_text("Very high 15")
    expect(window.message("APOLLO-R1").get_by_role("link", name="a message")).to_be_visible()


def eva_escalates_it(window: Window) -> None:
    window.message("APOLLO-R1").get_by_role("button", name="Escalate").click()
    expect(window.field("What is the matter?")).to_have_value("The vendor does not answer the phone")
    window.field("What do you ask for?").fill("Name a second vendor")
    window.field("What happens if nobody decides?").fill("Three weeks")
    window.field("By when do you need it?").fill("2026-11-27")
    window.sends("Escalate")
    window.says_and_closes("Saved as APOLLO-E1 and put to the sponsor")


def farah_decides(window: Window) -> None:
    window.goes_to("PMO Bot")
    window.becomes("Farah Haddad")
    question = window.message("APOLLO-E1 Decision asked")
    expect(question).to_contain_text("@Eva Lindqvist needs your decision by Fri 27 Nov 2026")
    question.get_by_role("button", name="Decide").click()
    window.field("What do you decide?").fill("Call Contoso")
    window.field("Why?").fill("They have done it before")
    window.sends("Decide")
    window.says_and_closes("APOLLO-E1 is decided")
    question = window.message("APOLLO-E1 Decided")
    expect(question).to_contain_text(re.compile("Decided by .*Call Contoso.*Because.*They have done it before", re.S))
    expect(question.get_by_role("button", name="Decide")).to_have_count(0)
    expect(question).not_to_contain_text("*")


def the_board_reads_the_digest(window: Window) -> None:
    window.goes_to("board")
    window.page.get_by_role("button", name=re.compile("To the next due moment")).click()
    expect(window.page.get_by_test_id("now")).to_have_text("Monday, 23 November 2026, 09:00")
    digest = window.message("PMO digest")
    expect(digest).to_contain_text("reports 1 of 1")
    expect(digest).to_contain_text("because The API is late · fix: A second vendor")
    expect(digest.get_by_role("rowheader", name="APOLLO")).to_be_visible()
    digest.get_by_role("figure", name="Projects by reported health").get_by_text("Show as table").click()
    expect(digest.get_by_role("cell", name="1", exact=True).first).to_be_visible()


def farah_looks_at_her_home(window: Window) -> None:
    window.goes_to("App Home")
    home = window.page.get_by_test_id("home")
    expect(home).to_contain_text("APOLLO Apollo · sponsor")
    home.get_by_role("button", name="Open APOLLO").click()
    expect(window.modal).to_contain_text("The API is late")
    window.types("Escape")
    window.has_no_form()


def test_a_chat_with_the_bot_by_the_keyboard_alone(apollo: Window) -> None:
    apollo.opens("ben")
    apollo.page.get_by_role("combobox", name="Message PMO Bot").focus()
    apollo.types("/pm")
    expect(apollo.page.get_by_role("option", name="/pmo")).to_be_visible()
    apollo.types("Tab", "portfolio", "Enter")
    listed = apollo.message("All projects")
    expect(listed).to_contain_text("Only visible to you")
    listed.get_by_role("button", name="Open APOLLO").press("Enter")
    expect(apollo.message("This project").or_(apollo.message("Manager"))).to_be_visible()
