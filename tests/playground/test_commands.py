"""Slash commands and shortcuts: only declared ones, answered in time, and only to the right eyes."""

from typing import Any

import pytest

from bot.playground import Impossible, Playground, Workspace
from bot.playground.wire import Reply
from tests.playground.conftest import StubBot, channel_id, section, user_id

pytestmark = pytest.mark.usefixtures("acme")


class TestCommands:
    def test_the_bot_gets_the_form_of_it(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        acme.enterprise_id, acme.enterprise_name = "E1", "Group"
        slack.as_("ada").types("/risk  APOLLO late @bob #secret & https://x.example ", "#apollo")

        [form] = bot.payloads("slash_commands")
        bob, secret = user_id(acme, "bob"), channel_id(acme, "secret")
        assert form["text"] == f"APOLLO late <@{bob}|bob> <#{secret}|> &amp; <https://x.example>"
        assert (form["command"], form["channel_name"], form["user_name"]) == ("/risk", "apollo", "ada")
        assert (form["team_id"], form["enterprise_id"]) == (acme.id, "E1")
        slack.as_("ada").shortcut("checkin")
        assert bot.last["enterprise"] == {"id": "E1", "name": "Group"}
        assert bot.last["team"]["enterprise_id"] == "E1"
        assert form["response_url"].startswith("http://127.0.0.1:0/hooks/commands/")

    def test_without_should_escape_it_is_as_typed(self, slack: Playground, bot: StubBot) -> None:
        slack.as_("ada").types("/plain @bob & co", "#inner")

        assert (bot.last["text"], bot.last["channel_name"]) == ("@bob & co", "privategroup")
        slack.as_("ada").types("/plain")
        assert bot.last["channel_name"] == "directmessage"

    def test_groups_keep_their_label(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        group = slack.add_usergroup(acme, "staff", ["ada"])

        slack.as_("ada").types("/risk @staff!", "#apollo")

        assert bot.last["text"] == f"<!subteam^{group.id}|@staff>!"

    @pytest.mark.parametrize("answer", ["Saved", {"text": "Saved"}, {"response_type": "ephemeral", "text": "Saved"}])
    def test_an_answer_is_for_the_person_alone(self, slack: Playground, bot: StubBot, answer: Any) -> None:
        bot.answer = lambda kind, payload: answer
        reply = slack.as_("ada").types("/risk", "#apollo")

        assert reply
        assert (reply.text, reply.ephemeral_to) == ("Saved", slack.as_("ada").me.id)
        assert slack.as_("bob").reads("#apollo") == []

    def test_an_answer_for_all_shows_what_was_typed(self, slack: Playground, bot: StubBot) -> None:
        bot.answer = lambda kind, payload: {"response_type": "in_channel", "blocks": [section("Saved")]}
        slack.as_("ada").types("/risk late", "#apollo")

        assert [m.shown for m in slack.as_("bob").reads("#apollo")] == ["/risk late", "Saved"]

    @pytest.mark.parametrize("answer", [None, "", {}])
    def test_an_empty_answer_shows_nothing(self, slack: Playground, bot: StubBot, answer: Any) -> None:
        bot.answer = lambda kind, payload: answer

        assert slack.as_("ada").types("/risk", "#apollo") is None
        assert slack.warnings == []

    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (Reply("http_timeout", 0), "operation_timeout"),
            (Reply("http_error", 404), "dispatch_failed"),
            (Reply("connection_failed", 0), "dispatch_failed"),
            (Reply(body={"blocks": [{"type": "poem"}]}), "invalid_blocks"),
            (Reply(body={"response_type": "loud", "text": "x"}), "invalid_arguments"),
            (Reply(body=["x"]), ""),
        ],
    )
    def test_the_person_sees_what_went_wrong(self, slack: Playground, bot: StubBot, reply: Reply, code: str) -> None:
        bot.answer = lambda kind, payload: reply
        ada = slack.as_("ada")
        seen = ada.types("/risk", "#apollo")

        assert seen
        if code:
            assert seen.text == f'/risk failed with the error "{code}"'
            assert seen.text == ada.warning
            assert slack.warnings == [f"ada: {ada.warning}"]
        assert len(bot.heard) == 1

    @pytest.mark.parametrize("typed", ["/dance", "/risks"])
    def test_only_declared_commands_are_valid(self, slack: Playground, bot: StubBot, typed: str) -> None:
        reply = slack.as_("ada").types(typed, "#apollo")

        assert reply
        assert reply.text == f"{typed} is not a valid command."
        assert bot.heard == []

    def test_an_app_that_is_gone_has_no_commands(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        slack.uninstall(acme)
        reply = slack.as_("ada").types("/risk", "#apollo")

        assert reply
        assert "not a valid command" in reply.text

    def test_not_without_the_scope_nor_in_threads(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        ada = slack.as_("ada")
        ada.types("first", "#apollo")
        bot.heard.clear()
        reply = ada.types("/risk", thread=ada.reads("#apollo")[0])
        assert reply
        assert reply.text == "/risk is not supported in threads. Sorry!"
        slack.install(acme, ["chat:write"])
        ada.types("/risk", "#apollo")
        assert "not a valid command" in ada.warning
        assert bot.heard == []


class TestShortcuts:
    def test_on_a_message(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        ada = slack.as_("ada")
        ada.types("late again", "#apollo")
        [message] = ada.reads("#apollo")

        ada.shortcut("Raise a risk", message)

        assert (bot.last["type"], bot.last["callback_id"]) == ("message_action", "raise")
        assert bot.last["message"]["text"] == "late again"
        assert bot.last["channel"] == {"id": message.channel, "name": "apollo"}
        assert bot.last["response_url"]
        with pytest.raises(Impossible):
            slack.as_("ada").shortcut("Check in", message)

    def test_from_anywhere(self, slack: Playground, bot: StubBot) -> None:
        slack.as_("ada").shortcut("checkin")

        assert (bot.last["type"], bot.last["callback_id"]) == ("shortcut", "checkin")
        assert not {"channel", "response_url", "message"} & set(bot.last)

    def test_not_on_what_only_one_sees(self, slack: Playground, bot: StubBot) -> None:
        bot.answer = lambda kind, payload: "Saved"
        ada = slack.as_("ada")
        reply = ada.types("/risk", "#apollo")

        with pytest.raises(Impossible, match="everybody"):
            ada.shortcut("raise", reply)
