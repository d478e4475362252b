"""What the buttons and fields of the page do."""

from typing import Any

import pytest

from bot.playground.page.place import field_name
from tests.playground.page import samples
from tests.playground.page.stub import HOME
from tests.playground.page.visiting import Visit


def test_a_message_is_written_and_seen(visit: Visit) -> None:
    assert visit.does("say", _channel=visit.channel("#apollo"), text="Hello @bo, *bold* <b>&amp;")["ok"]

    html = visit.html("#apollo")

    assert 'Hello <span class="mention">@Bo Chen</span>, <strong>bold</strong> &lt;b&gt;&amp;amp;' in html
    assert "Ana Silva" in html


def test_a_command_is_answered_to_one_alone(visit: Visit) -> None:
    visit.does("say", _channel=visit.channel("#apollo"), text="/pmo help me\r\nplease")

    assert visit.bot.last("command")["text"] == "help me\nplease"
    assert "Only visible to you" in visit.sees("#apollo")
    visit.who = "bo"
    assert "Only visible to you" not in visit.sees("#apollo")


def test_an_unknown_command_is_answered_by_slack(visit: Visit) -> None:
    visit.does("say", _channel=visit.channel("#apollo"), text="/nothing")

    assert "Slackbot" in visit.sees("#apollo")
    assert "/nothing is not a valid command." in visit.sees("#apollo")


def test_a_reply_hangs_below(visit: Visit) -> None:
    visit.does("say", _channel=visit.channel("#apollo"), text="question")
    root = visit.slack.as_("ana").reads("#apollo")[-1]

    visit.does("say", _channel=root.channel, text="answer", thread=root.ts)

    assert "1 reply Last reply today at 14:30" in visit.sees("#apollo")
    assert "answer" not in visit.sees("#apollo")
    assert "Thread #apollo" in visit.sees("#apollo", f"?thread={root.ts}")
    assert "answer" in visit.sees("#apollo", f"?thread={root.ts}")
    assert "Thread" not in visit.html("#apollo", "?thread=1.2")


def test_the_clock_is_moved(visit: Visit) -> None:
    assert visit.does("clock", step="day") == {"ok": True, "error": ""}
    assert "Saturday, 22 November 2025, 14:30" in visit.sees()
    visit.clockwork.due = None
    assert visit.does("clock", step="due") == {"ok": False, "error": "Nothing is due."}
    assert 'value="due" disabled' in visit.html()


def test_a_button_reaches_the_bot(visit: Visit) -> None:
    message = visit.posts({"type": "actions", "block_id": "a", "elements": samples.BUTTONS})

    assert visit.acts(message, "a", "no_change")["ok"]

    sent = visit.bot.last("block_actions")
    assert (sent["actions"][0]["action_id"], sent["actions"][0]["value"]) == ("no_change", "1")
    assert sent["user"]["id"] == visit.me


def test_a_line_of_an_overflow_reaches_the_bot(visit: Visit) -> None:
    message = visit.posts({"type": "actions", "block_id": "a", "elements": samples.BUTTONS})

    visit.acts(message, "a", "more", "own")

    assert visit.bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "own"


def test_feedback_reaches_the_bot(visit: Visit) -> None:
    feedback = next(block for block in samples.BLOCKS if block["type"] == "context_actions")
    message = visit.posts(feedback)

    visit.acts(message, "f1", "useful", "0")

    assert visit.bot.last("block_actions")["actions"][0]["value"] == "0"


@pytest.mark.parametrize(
    ("at", "value", "key", "expected"),
    [
        (0, "red", "selected_option", "red"),
        (1, "green", "selected_option", "green"),
        (3, "{bo}", "selected_user", "{bo}"),
        (5, "{apollo}", "selected_channel", "{apollo}"),
        (6, "2025-12-01", "selected_date", "2025-12-01"),
        (7, "09:30", "selected_time", "09:30"),
        (8, "2025-12-01T09:30", "selected_date_time", 1_764_581_400),
    ],
)
def test_a_choice_in_a_message_reaches_the_bot(visit: Visit, at: int, value: str, key: str, expected: Any) -> None:
    ids = {"bo": visit.slack.as_("bo").me.id, "apollo": visit.channel("#apollo")}
    chosen = samples.CHOICES[at]
    message = visit.posts({"type": "actions", "block_id": "a", "elements": [chosen]})
    action, value = chosen["action_id"], value.format(**ids)

    assert visit.acts(message, "a", action, value, **{field_name("a", action): value})["ok"]

    held = visit.bot.last("block_actions")["actions"][0][key]
    assert (held["value"] if isinstance(held, dict) else held) == (
        expected.format(**ids) if isinstance(expected, str) else expected
    )
    assert key in visit.bot.last("block_actions")["state"]["values"]["a"][action]


def test_a_choice_stays_with_who_made_it(visit: Visit) -> None:
    message = visit.posts({"type": "actions", "block_id": "a", "elements": [samples.CHOICES[0]]})
    visit.acts(message, "a", "health", "red", **{field_name("a", "health"): "red"})

    assert '<option value="red" selected>' in visit.html("#apollo")
    visit.who = "bo"
    assert '<option value="amber" selected>' in visit.html("#apollo")


def test_ticks_reach_the_bot_and_can_be_taken_back(visit: Visit) -> None:
    message = visit.posts({"type": "actions", "block_id": "a", "elements": samples.TICKS})

    visit.acts(message, "a", "flags", "green", **{field_name("a", "flags"): ["green", "amber"]})
    assert [one["value"] for one in visit.bot.last("block_actions")["actions"][0]["selected_options"]] == [
        "green",
        "amber",
    ]

    visit.acts(message, "a", "flags", "")
    assert visit.bot.last("block_actions")["actions"][0]["selected_options"] == []
    assert visit.bot.last("block_actions")["state"]["values"]["a"]["rag"]["selected_option"]["value"] == "green"


@pytest.mark.parametrize(
    ("block", "action", "value", "error"),
    [
        ("b", "health", "red", "That is not there any more."),
        ("a", "health", "purple", "That choice is not offered any more."),
        ("a", "by", "soon", "soon is no date and time."),
        ("a", "due", "soon", "soon is not a day in the calendar"),
    ],
)
def test_what_slack_would_not_offer_is_refused(visit: Visit, block: str, action: str, value: str, error: str) -> None:
    message = visit.posts({"type": "actions", "block_id": "a", "elements": samples.CHOICES})

    assert visit.acts(message, block, action, value, **{field_name("a", action): value}) == {
        "ok": False,
        "error": error,
    }


@pytest.mark.parametrize(
    "form", [{}, {"_channel": "C404", "_ts": "1.0"}, {"_view": "V404"}, {"_channel": "{apollo}", "_ts": "1.0"}]
)
def test_what_is_gone_cannot_be_touched(visit: Visit, form: dict[str, str]) -> None:
    filled = {name: value.format(apollo=visit.channel("#apollo")) for name, value in form.items()}

    assert visit.does("act", **filled) == {"ok": False, "error": "That is not there any more."}


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("http_timeout", "The app did not answer in time."),
        ("http_error", "The app answered with an error."),
        ("connection_failed", "The app cannot be reached. Is it running?"),
    ],
)
def test_a_silent_bot_is_told_of(visit: Visit, problem: str, words: str) -> None:
    message = visit.posts({"type": "actions", "block_id": "a", "elements": samples.BUTTONS})
    visit.bot.problem = problem

    assert visit.acts(message, "a", "no_change") == {"ok": False, "error": words}


def test_a_form_is_refused_at_its_fields_and_keeps_what_was_typed(visit: Visit) -> None:
    view = visit.opens_form()

    answer = visit.does(
        "submit", _view=view, **visit.fields(title="Vendor is late", p="4", due="2025-12-01", project="")
    )

    assert not answer["ok"]
    html = visit.html("#apollo")
    assert "Please complete this required field." in html
    assert 'value="Vendor is late"' in html
    assert '<option value="4" selected>' in html
    assert 'value="2025-12-01"' in html


def test_a_form_is_filled_and_sent(visit: Visit) -> None:
    view, bo = visit.opens_form(), visit.slack.as_("bo").me.id
    offered = visit.does("suggest", _view=view, _block="project", _action="project", _value="apo")
    assert offered["options"] == [{"value": "7", "text": "Apollo", "description": ""}]
    form = visit.fields(title="Vendor may slip", p="4", due="", project="7", tell=[bo])

    refused = visit.does("submit", _view=view, **{**form, **visit.fields(title="Vendor")})
    assert refused == {"ok": False, "error": ""}
    assert "Say what may slip." in visit.sees("#apollo")

    assert visit.does("submit", _view=view, **form) == {"ok": True, "error": ""}
    values = visit.bot.last("view_submission")["view"]["state"]["values"]
    assert values["project"]["project"]["selected_option"] == samples.option("Apollo", "7")
    assert values["tell"]["tell"]["selected_users"] == [bo]
    assert values["due"]["due"]["selected_date"] is None
    assert "Risk: Vendor may slip" in visit.sees("#apollo")
    assert 'data-depth="0"' in visit.html("#apollo")


def test_a_bot_that_fails_leaves_the_form_with_a_word(visit: Visit) -> None:
    view = visit.opens_form()
    visit.does("suggest", _view=view, _block="project", _action="project", _value="apo")
    visit.bot.problem = "http_timeout"

    answer = visit.does("submit", _view=view, **visit.fields(title="It may slip", p="1", project="7"))

    assert answer["error"] == "We had some trouble connecting. Try again?"
    assert "We had some trouble connecting. Try again?" in visit.sees("#apollo")


def test_forms_stack_and_close_one_by_one_or_all(visit: Visit) -> None:
    view = visit.opens_form()
    visit.does("act", _view=view, _block="more", _action="explain", **visit.fields(title="Typed below"))
    top = visit.slack.as_("ana").modal
    assert top
    assert 'data-depth="2"' in visit.html()
    assert 'aria-label="Back"' in visit.html()
    assert visit.does("close", _view=view)["error"] == "That is not there any more."

    assert visit.does("close", _view=top.id)["ok"]
    assert 'value="Typed below"' in visit.html()

    visit.does("act", _view=view, _block="more", _action="explain")
    top = visit.slack.as_("ana").modal
    assert top
    assert visit.does("close", _view=top.id, _all="yes")["ok"]
    assert 'data-depth="0"' in visit.html()


def test_a_file_goes_with_the_form(visit: Visit) -> None:
    form = {**samples.asked("Proof", samples.TYPED[6])}
    hands = visit.slack.as_("ana")
    visit.opens_form()
    assert hands.modal
    modal = {"type": "modal", "title": samples.plain("Proof"), "submit": samples.plain("Send"), "blocks": [form]}
    visit.bot.calls("views.update", view_id=hands.modal.id, view=modal)

    empty = visit.does("submit", files={field_name("proof", "proof"): ("", b"")}, _view=hands.modal.id)
    assert not empty["ok"]
    visit.does("submit", files={field_name("proof", "proof"): ("plan.pdf", b"%PDF")}, _view=hands.modal.id)

    assert [file.name for file in visit.workspace.files.values()] == ["plan.pdf"]


def test_shortcuts_reach_the_bot(visit: Visit) -> None:
    visit.does("say", _channel=visit.channel("#apollo"), text="worth a risk")
    message = visit.slack.as_("ana").reads("#apollo")[-1]

    assert visit.does("shortcut", _callback="risk_from_message", _channel=message.channel, _ts=message.ts)["ok"]
    assert visit.bot.last("message_action")["message"]["text"] == "worth a risk"
    assert visit.does("shortcut", _callback="new_project")["ok"]
    assert visit.bot.last("shortcut")["callback_id"] == "new_project"
    assert not visit.does("shortcut", _callback="unheard_of")["ok"]


def test_the_bot_is_told_who_looks_at_it(visit: Visit) -> None:
    assert visit.does("opens", tab="home")["ok"]
    assert visit.bot.last("event_callback")["event"]["tab"] == "home"
    assert "My projects Apollo is amber Check in" in visit.sees("home")

    visit.does("opens", tab="messages")
    assert visit.bot.last("event_callback")["event"]["tab"] == "messages"


def test_a_button_of_the_home_reaches_the_bot(visit: Visit) -> None:
    visit.bot.calls("views.publish", user_id=visit.me, view=HOME)
    home = visit.slack.as_("ana").home
    assert home

    assert visit.does("act", _view=home.id, _block="p", _action="check_in")["ok"]
    assert visit.bot.last("block_actions")["container"] == {"type": "view", "view_id": home.id}


def test_one_joins_to_write(visit: Visit) -> None:
    lunch = visit.channel("#lunch")
    assert "join the channel to write. Join #lunch" in visit.sees("#lunch")
    assert not visit.does("say", _channel=lunch, text="hello")["ok"]

    assert visit.does("join", _channel=lunch)["ok"]

    assert visit.does("say", _channel=lunch, text="hello")["ok"]
    assert "Join" not in visit.sees("#lunch")


def test_traffic_is_listed_newest_first(visit: Visit) -> None:
    visit.does("opens", tab="home")
    visit.does("say", _channel=visit.channel("#apollo"), text="/pmo help")

    html = visit.html()

    assert html.index("<code>/pmo</code>") < html.index("<code>app_home_opened</code>")
    assert "&#34;what&#34;: &#34;/pmo&#34;" in html
