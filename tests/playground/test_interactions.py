"""People press and choose in messages, forms and Homes; payloads are Slack's."""

from typing import Any

import pytest

from bot.playground import Impossible, Message, Playground, Workspace
from bot.playground.wire import Reply
from tests.playground.conftest import (
    Api,
    Json,
    Opens,
    StubBot,
    actions,
    button,
    channel_id,
    field,
    held,
    modal,
    options,
    plain,
    section,
    user_id,
)

SUGGESTED = options("Apollo", "Artemis")
A = options("A")[0]


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
