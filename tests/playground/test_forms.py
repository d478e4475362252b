"""People send and close forms, and the bot answers them."""

from typing import Any

import pytest

from bot.playground import Impossible, Playground, Workspace
from bot.playground.interactions import TROUBLE
from bot.playground.wire import Reply
from tests.playground.conftest import (
    Json,
    Opens,
    StubBot,
    channel_id,
    field,
    held,
    modal,
    plain,
    section,
)


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
