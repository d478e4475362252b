"""People press, choose, fill in and send; state.values and payloads are Slack's."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from bot.playground import Hands, Impossible, Message, Playground, Workspace
from bot.playground.interactions import TROUBLE
from bot.playground.wire import Reply
from tests.playground.conftest import (
    Api,
    Json,
    StubBot,
    actions,
    button,
    channel_id,
    field,
    modal,
    options,
    plain,
    section,
    user_id,
)

Opens = Callable[[Json], Hands]


@pytest.fixture
def opens(api: Api, slack: Playground, acme: Workspace, bot: StubBot) -> Opens:
    """Open a form before Ada."""

    def open_(view: Json) -> Hands:
        answer = api("views.open", trigger_id=slack.triggers.issue(acme.id, user_id(acme, "ada"), "C1"), view=view)
        assert answer["ok"], answer
        return slack.as_("ada")

    return open_


def held(hands: Hands, name: str) -> Json:
    assert hands.modal
    found: Json = hands.modal.values[name][name]
    return found


SUGGESTED = options("Apollo", "Artemis")
A = options("A")[0]
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}

FILLED: dict[str, tuple[Json, Any, Json]] = {
    "text": ({"type": "plain_text_input"}, "late", {"value": "late"}),
    "emptied": ({"type": "plain_text_input", "initial_value": "x"}, None, {"value": None}),
    "number": ({"type": "number_input", "is_decimal_allowed": True}, Decimal("3.5"), {"value": "3.5"}),
    "email": ({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}),
    "url": ({"type": "url_text_input"}, "https://b.example", {"value": "https://b.example"}),
    "by label": ({"type": "static_select", "options": options("A", "B")}, "A", {"selected_option": A}),
    "by value": ({"type": "static_select", "options": options("A", "B")}, "a", {"selected_option": A}),
    "by part of it": (
        {"type": "radio_buttons", "options": options("Green", "Red")},
        "gree",
        {"selected_option": options("Green")[0]},
    ),
    "by option": ({"type": "static_select", "options": options("A", "B")}, A, {"selected_option": A}),
    "in a group": (
        {"type": "static_select", "option_groups": [{"label": plain("g"), "options": options("A")}]},
        "A",
        {"selected_option": A},
    ),
    "multi": (
        {"type": "multi_static_select", "options": options("A", "B")},
        ["A", "b"],
        {"selected_options": options("A", "B")},
    ),
    "none of many": ({"type": "multi_static_select", "options": options("A")}, [], {"selected_options": []}),
    "checkbox": ({"type": "checkboxes", "options": options("A")}, "A", {"selected_options": [A]}),
    "external": ({"type": "external_select"}, "Apollo", {"selected_option": SUGGESTED[0]}),
    "externals": ({"type": "multi_external_select"}, ["Artemis"], {"selected_options": SUGGESTED[1:]}),
    "day": ({"type": "datepicker"}, date(2026, 12, 1), {"selected_date": "2026-12-01"}),
    "day as text": ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
    "time": ({"type": "timepicker"}, time(9, 5), {"selected_time": "09:05"}),
    "time with a zone": (
        {"type": "timepicker", "timezone": "Europe/Paris"},
        "17:30",
        {"selected_time": "17:30", "timezone": "Europe/Paris"},
    ),
    "moment": ({"type": "datetimepicker"}, datetime(2026, 12, 1, tzinfo=UTC), {"selected_date_time": 1796083200}),
    "moment as number": ({"type": "datetimepicker"}, 1796083200, {"selected_date_time": 1796083200}),
    "rich text": ({"type": "rich_text_input"}, "x", {"rich_text_value": RICH}),
    "rich block": ({"type": "rich_text_input"}, RICH, {"rich_text_value": RICH}),
}


@pytest.mark.parametrize(("element", "typed", "expected"), FILLED.values(), ids=FILLED)
def test_each_input_holds_what_slack_would_send(
    opens: Opens, bot: StubBot, element: Json, typed: Any, expected: Json
) -> None:
    bot.answer = lambda kind, payload: {"options": SUGGESTED}
    ada = opens(modal(field("it", element)))

    ada.fills(it=typed)

    assert held(ada, "it") == {"type": element["type"], **expected}


def test_people_and_channels_are_named(opens: Opens, acme: Workspace, slack: Playground) -> None:
    ada = opens(
        modal(
            field("owner", {"type": "users_select"}),
            field("team", {"type": "multi_users_select"}),
            field("where", {"type": "channels_select"}),
            field("talk", {"type": "multi_conversations_select"}),
        )
    )
    direct = slack.as_("ada").goes_to("@bob")

    ada.fills({"owner": "@bob", "team": ["ada", slack.as_("bob").me], "where": "#apollo", "talk": ["#secret", "bob"]})

    bob = user_id(acme, "bob")
    assert held(ada, "owner")["selected_user"] == bob
    assert held(ada, "team")["selected_users"] == [user_id(acme, "ada"), bob]
    assert held(ada, "where")["selected_channel"] == channel_id(acme, "apollo")
    assert held(ada, "talk")["selected_conversations"] == [channel_id(acme, "secret"), direct.id]


NOT_OFFERED: dict[str, tuple[Json, Any]] = {
    "long": ({"type": "plain_text_input", "max_length": 3}, "1234"),
    "over 3000": ({"type": "plain_text_input"}, "x" * 3001),
    "two lines": ({"type": "plain_text_input"}, "a\nb"),
    "no such option": ({"type": "static_select", "options": options("A")}, "Z"),
    "either of two": ({"type": "static_select", "options": options("Amber", "Amber-red")}, "amb"),
    "too many": ({"type": "multi_static_select", "options": options("A", "B"), "max_selected_items": 1}, ["A", "B"]),
    "not suggested": ({"type": "external_select"}, "Zeus"),
    "typed too little": ({"type": "external_select"}, "Ap"),
    "radio taken back": ({"type": "radio_buttons", "options": options("A")}, None),
    "no day": ({"type": "datepicker"}, "2026-02-30"),
    "no time": ({"type": "timepicker"}, "25:00"),
    "deactivated": ({"type": "users_select"}, "gone"),
    "nobody": ({"type": "users_select"}, "nobody"),
    "private": ({"type": "channels_select"}, "#secret"),
    "archived": ({"type": "conversations_select"}, "#old"),
    "no conversation": ({"type": "conversations_select"}, "bob"),
    "filtered out": ({"type": "conversations_select", "filter": {"include": ["im"]}}, "#apollo"),
    "a bot": ({"type": "conversations_select", "filter": {"exclude_bot_users": True}}, "pmo"),
    "shared": ({"type": "conversations_select", "filter": {"exclude_external_shared_channels": True}}, "#open"),
    "too many files": ({"type": "file_input", "max_files": 1}, ["a.png", "b.png"]),
    "wrong file": ({"type": "file_input", "filetypes": ["png"]}, ["a.pdf"]),
}


@pytest.mark.parametrize(("element", "typed"), NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_the_client_refuses_what_is_not_offered(
    opens: Opens, bot: StubBot, acme: Workspace, element: Json, typed: Any
) -> None:
    bot.answer = lambda kind, payload: {"options": SUGGESTED}
    acme.channels[channel_id(acme, "open")].is_ext_shared = True
    ada = opens(modal(field("it", element)))
    assert ada.dm

    with pytest.raises(Impossible):
        ada.fills(it=typed)


class TestSending:
    def test_the_bot_gets_every_input_and_an_empty_answer_closes(
        self, opens: Opens, bot: StubBot, acme: Workspace
    ) -> None:
        ada = opens(
            modal(
                field("cause", {"type": "plain_text_input"}),
                field("files", {"type": "file_input"}, optional=True),
                section(block_id="more", accessory={"type": "users_select", "action_id": "who"}),
                private_metadata="42",
            )
        )
        ada.fills(cause="late", files=[("a.csv", b"1;2")])

        assert ada.submits() == {}
        assert ada.modal is None
        payload = bot.last
        values = payload["view"]["state"]["values"]
        assert values["cause"] == {"cause": {"type": "plain_text_input", "value": "late"}}
        assert values["more"] == {"who": {"type": "users_select", "selected_user": None}}
        [file] = values["files"]["files"]["files"]
        assert (file["name"], file["filetype"], file["size"]) == ("a.csv", "csv", 3)
        assert (payload["type"], payload["view"]["private_metadata"], payload["response_urls"]) == (
            "view_submission",
            "42",
            [],
        )
        assert payload["user"] == {"id": ada.me.id, "username": "ada", "name": "ada", "team_id": acme.id}

    def test_what_is_required_is_asked_for_without_the_bot(self, opens: Opens, bot: StubBot) -> None:
        number = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}
        ada = opens(
            modal(
                field("cause", {"type": "plain_text_input", "min_length": 3}),
                field("owner", {"type": "users_select"}),
                field("score", number),
                field("mail", {"type": "email_text_input"}, optional=True),
                field("link", {"type": "url_text_input"}, optional=True),
                field("note", {"type": "plain_text_input"}, optional=True),
            )
        )

        assert sorted(ada.submits()) == ["cause", "owner", "score"]
        assert ada.modal
        assert ada.modal.errors["owner"] == "Please complete this required field."
        ada.fills(cause="ab", owner="bob", score="9", mail="x", link="x")
        assert sorted(ada.submits()) == ["cause", "link", "mail", "score"]
        for wrong in ("0", "1.5", "many", "NaN"):
            ada.fills(cause="abc", score=wrong, mail="a@b.example", link=None)
            assert sorted(ada.submits()) == ["score"]
        assert bot.heard == []
        ada.fills(score="5")
        assert ada.submits() == {}

    def test_field_errors_keep_the_form_and_what_was_typed(self, opens: Opens, bot: StubBot, slack: Playground) -> None:
        bot.answer = lambda kind, payload: {"response_action": "errors", "errors": {"cause": "Too vague"}}
        ada = opens(modal(field("cause", {"type": "plain_text_input"})))
        ada.fills(cause="late")

        assert ada.submits() == {"cause": "Too vague"}
        assert held(ada, "cause")["value"] == "late"
        assert ada.modal
        assert ada.modal.errors == {"cause": "Too vague"}
        assert (slack.warnings, slack.notes) == ([], [])

    @pytest.mark.parametrize(
        "answer",
        [
            {"response_action": "errors", "errors": {"nowhere": "x"}},
            {"response_action": "errors", "errors": {"text": "x"}},
            {"response_action": "errors", "errors": {}},
            {"response_action": "errors", "errors": {"cause": ""}},
            {"response_action": "errors", "errors": ["x"]},
            {"response_action": "update", "view": {"type": "modal"}},
            {"response_action": "push"},
            {"response_action": "push", "view": {"type": "home", "blocks": [section()]}},
            {"response_action": "dance"},
            {"text": "Saved"},
            "Saved",
            Reply("http_timeout", 0),
            Reply("http_error", 404),
            Reply("http_error", 500),
        ],
    )
    def test_an_answer_slack_does_not_understand_is_trouble(
        self, opens: Opens, bot: StubBot, slack: Playground, answer: Any
    ) -> None:
        bot.answer = lambda kind, payload: answer
        ada = opens(modal(section(block_id="text"), field("cause", {"type": "plain_text_input"})))
        ada.fills(cause="late")

        assert ada.submits() == {"": TROUBLE}
        assert held(ada, "cause")["value"] == "late"
        assert slack.warnings == [f"ada: {TROUBLE}"]
        assert bool(slack.notes) != isinstance(answer, Reply)

    def test_update_push_and_clear(self, opens: Opens, bot: StubBot) -> None:
        ada = opens(modal(external_id="mine"))
        answers: list[Json] = [
            {"response_action": "update", "view": modal(section("Two"), external_id="mine")},
            {"response_action": "push", "view": modal(section("Three"))},
            {"response_action": "clear"},
        ]
        bot.answer = lambda kind, payload: answers.pop(0)

        seen = []
        for _ in range(3):
            assert ada.submits() == {}
            seen.append(ada.modal.shown if ada.modal else "")
        assert seen == ["Form\nTwo", "Form\nThree", ""]
        assert bot.last["view"]["previous_view_id"]
        assert bot.last["view"]["root_view_id"] == bot.payloads()[0]["view"]["id"]

    def test_a_fourth_form_is_trouble(self, opens: Opens, bot: StubBot, slack: Playground) -> None:
        bot.answer = lambda kind, payload: {"response_action": "push", "view": modal()}
        ada = opens(modal())

        assert [ada.submits(), ada.submits()] == [{}, {}]
        assert ada.submits() == {"": TROUBLE}
        assert "push_limit_reached" in slack.notes[0]

    def test_reply_addresses_of_a_form(self, opens: Opens, bot: StubBot, acme: Workspace, slack: Playground) -> None:
        select = {"type": "conversations_select", "response_url_enabled": True}
        ada = opens(modal(field("where", select), field("else", select, optional=True)))
        ada.fills(where="#secret")

        ada.submits()

        [row] = bot.last["response_urls"]
        assert (row["block_id"], row["channel_id"]) == ("where", channel_id(acme, "secret"))

    def test_a_form_pushed_upon_a_closed_one_stands_alone(self, opens: Opens, bot: StubBot) -> None:
        ada = opens(modal())

        def answer(kind: str, payload: Json) -> Json:
            ada.closes()
            return {"response_action": "push", "view": modal(section("Alone"))}

        bot.answer = answer
        ada.submits()
        assert ada.modal
        assert (ada.modal.previous_view_id, ada.modal.root_view_id) == ("", ada.modal.id)

    def test_without_a_button_nothing_is_sent(self, opens: Opens) -> None:
        ada = opens({"type": "modal", "title": plain("Loading"), "blocks": [section()]})

        with pytest.raises(Impossible):
            ada.submits()
        ada.closes()
        with pytest.raises(Impossible):
            ada.submits()
        with pytest.raises(Impossible):
            ada.fills(cause="x")

    def test_unknown_inputs_are_named(self, opens: Opens) -> None:
        ada = opens(modal(field("cause", {"type": "plain_text_input"})))

        with pytest.raises(Impossible, match=r"no 'cost', only \['cause'\]"):
            ada.fills(cost="x")


class TestClosing:
    def test_the_bot_hears_of_it_only_when_it_asked(self, opens: Opens, bot: StubBot) -> None:
        ada = opens(modal())
        assert ada.closes() is None
        assert bot.heard == []

        opens(modal(notify_on_close=True))
        ada.closes()
        assert (bot.last["type"], bot.last["is_cleared"]) == ("view_closed", False)

    def test_one_form_may_close_them_all(self, opens: Opens, bot: StubBot) -> None:
        bot.answer = lambda kind, payload: {"response_action": "push", "view": modal(clear_on_close=True)}
        ada = opens(modal(notify_on_close=True))
        ada.submits()
        bot.answer = lambda kind, payload: Reply("http_error", 500)

        assert ada.closes() is None
        assert bot.last["is_cleared"] is True
        assert ada.warning == "⚠ http_error"

    def test_the_one_below_comes_to_sight(self, opens: Opens, bot: StubBot) -> None:
        bot.answer = lambda kind, payload: {"response_action": "push", "view": modal(section("Above"))}
        ada = opens(modal(section("Below")))
        ada.submits()

        below = ada.closes()
        assert below
        assert below.shown == "Form\nBelow"


class TestPressing:
    @pytest.fixture
    def message(self, api: Api, slack: Playground, acme: Workspace, bot: StubBot) -> Message:
        blocks = [
            section("One", block_id="one", accessory=button("Close", "close", value="1", style="danger")),
            section("Two", block_id="two", accessory=button("Close", "close", value="2")),
            actions(
                button("Ask", "ask", confirm={k: plain(k) for k in ("title", "text", "confirm", "deny")}),
                button("Read", "read", url="https://x.example/read"),
                button("Hers", "hers", visible_to_user_ids=[user_id(acme, "ada")]),
                {
                    "type": "static_select",
                    "action_id": "rag",
                    "placeholder": plain("Health"),
                    "options": options("Red"),
                },
            )
            | {"block_id": "act"},
            section(
                "Three",
                accessory={"type": "overflow", "action_id": "more", "options": [A | {"url": "https://x.example"}]},
            ),
            section("Four", accessory={"type": "users_select", "action_id": "owner", "placeholder": plain("Owner")}),
        ]
        api("chat.postMessage", channel=channel_id(acme, "apollo"), text="x", blocks=blocks)
        slack.delivery.settle()
        bot.heard.clear()
        return slack.as_("ada").reads("#apollo")[0]

    def test_the_payload_is_slacks(self, slack: Playground, bot: StubBot, message: Message, acme: Workspace) -> None:
        slack.as_("ada").presses(message, "Close", value="2")

        payload = bot.last
        [action] = payload["actions"]
        assert (action["action_id"], action["block_id"], action["value"]) == ("close", "two", "2")
        assert action["text"] == plain("Close")
        assert payload["container"] == {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": False,
        }
        assert payload["message"]["bot_id"] == acme.bot_id
        assert payload["state"]["values"]["act"] == {"rag": {"type": "static_select", "selected_option": None}}
        assert payload["response_url"].startswith("http://127.0.0.1:0/hooks/actions/")

    def test_which_of_two_must_be_said(self, slack: Playground, bot: StubBot, message: Message) -> None:
        ada = slack.as_("ada")
        with pytest.raises(Impossible, match="2 of 'Close'"):
            ada.presses(message, "Close")
        ada.presses(message, "close", block_id="one")
        assert bot.last["actions"][0]["style"] == "danger"

    def test_what_is_not_there_cannot_be_pressed(self, slack: Playground, message: Message) -> None:
        for name in ("Open", "rag", "more"):
            with pytest.raises(Impossible):
                slack.as_("ada").presses(message, name)
        with pytest.raises(Impossible):
            slack.as_("ada").selects(message, "Read", "x")
        with pytest.raises(Impossible):
            slack.as_("bob").presses(message, "Hers")
        slack.as_("ada").presses(message, "Hers")

    def test_a_question_may_be_answered_with_no(self, slack: Playground, bot: StubBot, message: Message) -> None:
        slack.as_("ada").presses(message, "Ask", confirm=False)
        assert bot.heard == []
        slack.as_("ada").presses(message, "Ask")
        assert len(bot.heard) == 1

    def test_links_open_and_are_told(self, slack: Playground, bot: StubBot, message: Message) -> None:
        ada = slack.as_("ada")
        assert ada.clicks_link(message, "Read") == "https://x.example/read"
        assert bot.last["actions"][0]["url"] == "https://x.example/read"
        ada.selects(message, "more", "A")
        assert ada.browser == "https://x.example"
        assert bot.last["actions"][0]["selected_option"] == A
        with pytest.raises(Impossible):
            ada.clicks_link(message, "Ask")

    def test_choices_in_a_message_are_each_persons_own(self, slack: Playground, bot: StubBot, message: Message) -> None:
        slack.as_("ada").selects(message, "Health", "Red")
        [action] = bot.last["actions"]
        assert action["selected_option"] == options("Red")[0]
        assert bot.last["state"]["values"]["act"]["rag"]["selected_option"] == options("Red")[0]

        slack.as_("bob").selects(message, "owner", "ada")
        assert bot.last["state"]["values"]["act"]["rag"]["selected_option"] is None

    def test_a_changed_message_has_what_stands_there_now(
        self, api: Api, slack: Playground, bot: StubBot, message: Message
    ) -> None:
        slack.as_("ada").selects(message, "Health", "Red")
        picker = {"type": "datepicker", "action_id": "day"}
        api(
            "chat.update",
            channel=message.channel,
            ts=message.ts,
            text="x",
            blocks=[actions(picker) | {"block_id": "act"}],
        )
        slack.as_("ada").selects(message, "day", "2026-12-01")

        held = {"type": "datepicker", "selected_date": "2026-12-01"}
        assert bot.payloads()[-1]["state"]["values"] == {"act": {"day": held}}

    def test_a_bot_that_fails_leaves_a_mark(self, slack: Playground, bot: StubBot, message: Message) -> None:
        bot.answer = lambda kind, payload: Reply("http_error", 404)
        slack.as_("ada").presses(message, "read")

        assert slack.warnings == ["ada: ⚠ http_error"]

    def test_what_is_gone_or_not_ones_own_cannot_be_pressed(
        self, api: Api, slack: Playground, acme: Workspace, message: Message
    ) -> None:
        args = {"channel": message.channel, "text": "x", "blocks": [actions(button())]}
        api("chat.postEphemeral", user=user_id(acme, "ada"), **args)
        hers = slack.as_("ada").reads("#apollo")[-1]
        slack.as_("ada").presses(hers, "go")
        with pytest.raises(Impossible):
            slack.as_("bob").presses(hers, "go")
        api("chat.delete", channel=message.channel, ts=message.ts)
        with pytest.raises(Impossible):
            slack.as_("ada").presses(message, "read")

    def test_an_app_may_not_be_interactive(self, slack: Playground, bot: StubBot, message: Message) -> None:
        slack.manifest.source = {}
        slack.as_("ada").presses(message, "read")

        assert "not configured" in slack.as_("ada").warning
        assert bot.heard == []

    def test_an_app_may_be_gone(self, slack: Playground, acme: Workspace, bot: StubBot, message: Message) -> None:
        slack.uninstall(acme)
        slack.as_("ada").presses(message, "read")

        assert "not installed" in slack.as_("ada").warning
        assert bot.payloads() == []


class TestViewsThatAct:
    def test_a_button_in_a_form(self, opens: Opens, bot: StubBot) -> None:
        ada = opens(modal(actions(button("More", "more")), field("note", {"type": "plain_text_input"})))
        ada.fills(note="typed")
        ada.presses(None, "More")

        assert bot.last["container"] == {"type": "view", "view_id": bot.last["view"]["id"]}
        assert bot.last["view"]["state"]["values"]["note"]["note"]["value"] == "typed"
        assert "response_url" not in bot.last

    def test_inputs_tell_only_when_they_dispatch(self, opens: Opens, bot: StubBot) -> None:
        select = {"type": "static_select", "options": options("Red", "Green")}
        ada = opens(modal(field("quiet", select), field("loud", select, dispatch_action=True)))

        ada.fills(quiet="Red", loud="Green")
        ada.selects(ada.modal, "quiet", "Green", block_id="quiet")

        [payload] = bot.payloads()
        assert payload["actions"][0]["action_id"] == "loud"
        assert payload["actions"][0]["selected_option"] == options("Green")[0]

    def test_what_is_covered_cannot_be_touched(self, opens: Opens, bot: StubBot) -> None:
        ada = opens(modal(actions(button())))
        below = ada.modal
        bot.answer = lambda kind, payload: {"response_action": "push", "view": modal()}
        ada.submits()

        with pytest.raises(Impossible, match="in front"):
            ada.presses(below, "go")

    def test_a_home_acts_too(self, api: Api, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        picker = {"type": "datepicker", "action_id": "day"}
        api("views.publish", user_id=user_id(acme, "ada"), view={"type": "home", "blocks": [actions(button(), picker)]})
        ada = slack.as_("ada")
        ada.presses(ada.home, "go")
        ada.selects(ada.home, "day", "2026-12-01")

        assert bot.last["view"]["type"] == "home"
        assert bot.last["actions"][0]["selected_date"] == "2026-12-01"

    def test_a_conversation_starts_where_the_form_was_asked_for(
        self, api: Api, slack: Playground, acme: Workspace, bot: StubBot
    ) -> None:
        both = [
            field("one", {"type": "conversations_select", "default_to_current_conversation": True}),
            field("many", {"type": "multi_conversations_select", "default_to_current_conversation": True}),
        ]

        def answer(kind: str, payload: Json) -> None:
            api("views.open", trigger_id=payload["trigger_id"], view=modal(*both))

        bot.answer = answer
        ada = slack.as_("ada")
        ada.types("/risk", "#apollo")

        assert held(ada, "one")["selected_conversation"] == channel_id(acme, "apollo")
        assert held(ada, "many")["selected_conversations"] == [channel_id(acme, "apollo")]


class TestSuggestions:
    FORM = modal(field("project", {"type": "external_select", "min_query_length": 1}))

    def test_the_bot_is_asked_with_what_was_typed(self, opens: Opens, bot: StubBot) -> None:
        bot.answer = lambda kind, payload: {"option_groups": [{"label": plain("Mine"), "options": SUGGESTED}]}
        ada = opens(self.FORM)

        assert ada.suggestions("project", "a") == ["Apollo", "Artemis"]
        assert (bot.last["type"], bot.last["value"]) == ("block_suggestion", "a")
        assert (bot.last["block_id"], bot.last["action_id"]) == ("project", "project")
        assert bot.last["container"]["type"] == "view"

    @pytest.mark.parametrize("answer", [None, {}, {"options": [{"text": "x"}]}, Reply("http_timeout", 0)])
    def test_a_wrong_answer_offers_nothing(self, opens: Opens, bot: StubBot, slack: Playground, answer: Any) -> None:
        bot.answer = lambda kind, payload: answer
        ada = opens(self.FORM)

        assert ada.suggestions("project", "a") == []
        assert ada.warning.startswith("⚠")

    def test_in_a_message(self, api: Api, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        bot.answer = lambda kind, payload: {"options": SUGGESTED}
        blocks = [section(block_id="p", accessory={"type": "external_select", "action_id": "p", "min_query_length": 0})]
        api("chat.postMessage", channel=channel_id(acme, "apollo"), text="x", blocks=blocks)
        slack.delivery.settle()
        [message] = slack.as_("ada").reads("#apollo")

        assert slack.as_("ada").suggestions("p", "", message) == ["Apollo", "Artemis"]
        assert bot.last["container"]["message_ts"] == message.ts
        slack.as_("ada").selects(message, "p", "Apollo")
        assert bot.last["actions"][0]["selected_option"] == SUGGESTED[0]

    def test_other_inputs_suggest_nothing(self, opens: Opens) -> None:
        ada = opens(modal(field("note", {"type": "plain_text_input"})))

        with pytest.raises(Impossible):
            ada.suggestions("note", "abc")
