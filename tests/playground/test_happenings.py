"""What happens in a workspace: messages, mentions, threads, rooms; and what the bot hears of it."""

from typing import Any

import pytest

from bot.playground import Channel, Impossible, Playground, Workspace
from tests.playground.conftest import MANIFEST, StubBot, channel_id, plain, section, user_id

pytestmark = pytest.mark.usefixtures("acme")


class TestMessages:
    def test_a_channel_hears_and_so_does_the_bot(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        slack.as_("ada").types("R&D <late>, see https://x.example/a?b&c @bob #apollo #nowhere @nobody", "#apollo")

        [message] = slack.as_("bob").reads("#apollo")
        apollo, bob = channel_id(acme, "apollo"), user_id(acme, "bob")
        assert message.text == (
            f"R&amp;D &lt;late&gt;, see <https://x.example/a?b&amp;c> <@{bob}> <#{apollo}|apollo> #nowhere @nobody"
        )
        [event] = bot.events()
        assert (event["type"], event["channel_type"], event["user"]) == ("message", "channel", user_id(acme, "ada"))
        outer = bot.payloads("events_api")[0]
        assert (outer["team_id"], outer["event_id"]) == (acme.id, "Ev00000001")
        assert outer["authorizations"][0]["user_id"] == acme.bot_user

    def test_a_mention_comes_as_two_events(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        slack.as_("ada").types("@pmo hello", "#inner")

        assert [e["type"] for e in bot.events()] == ["message", "app_mention"]
        assert bot.events()[1]["text"] == f"<@{acme.bot_user}> hello"
        assert len({p["event_id"] for p in bot.payloads("events_api")}) == 2

    def test_the_bot_hears_nothing_where_it_is_not(self, slack: Playground, bot: StubBot) -> None:
        ada = slack.as_("ada")
        ada.types("@pmo are you here", "#open")
        ada.types("psst", "@bob")

        assert bot.heard == []
        assert [m.text for m in slack.as_("bob").reads("@ada")] == ["psst"]

    def test_direct_messages_get_an_answer(self, slack: Playground, bot: StubBot, acme: Workspace) -> None:
        def answer(kind: str, payload: Any) -> None:
            args = {"channel": payload["event"]["channel"], "text": "Hello yourself"}
            slack.api.call("chat.postMessage", args, {"authorization": f"Bearer {acme.bot_token}"})

        bot.answer = answer
        reply = slack.as_("ada").types("hello")

        assert reply
        assert reply.text == "Hello yourself"
        assert bot.events()[0]["channel_type"] == "im"

    def test_groups_and_everybody_are_mentioned(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        group = slack.add_usergroup(acme, "staff", ["ada"])

        slack.as_("ada").types("@staff @here.", "#apollo")

        assert bot.events()[0]["text"] == f"<!subteam^{group.id}> <!here>."

    def test_threads(self, slack: Playground, bot: StubBot) -> None:
        ada, bob = slack.as_("ada"), slack.as_("bob")
        ada.types("first", "#apollo")
        [first] = ada.reads("#apollo")
        bob.types("second", thread=first)
        [_, second] = bob.reads(thread=first)
        ada.types("third", thread=second)

        assert [m.text for m in ada.reads(thread=first)] == ["first", "second", "third"]
        assert [m.text for m in ada.reads("#apollo")] == ["first"]
        assert bot.events()[-1]["thread_ts"] == first.ts

    def test_they_edit_and_delete_their_own(self, slack: Playground, bot: StubBot) -> None:
        ada = slack.as_("ada")
        ada.types("frist", "#apollo")
        [message] = ada.reads("#apollo")

        ada.edits(message, "first")
        ada.deletes(message)

        assert [e.get("subtype") for e in bot.events()] == [None, "message_changed", "message_deleted"]
        assert bot.events()[1]["message"]["text"] == "first"
        assert bot.events()[1]["previous_message"]["text"] == "frist"
        with pytest.raises(Impossible):
            slack.as_("bob").deletes(message)

    def test_they_react_once(self, slack: Playground, bot: StubBot) -> None:
        ada = slack.as_("ada")
        ada.types("look", "#apollo")
        ada.types("look", "#open")
        [message], [other] = ada.reads("#apollo"), ada.reads("#open")

        ada.reacts(message, ":eyes:")
        ada.reacts(other, "eyes")

        assert [e["item"]["ts"] for e in bot.events("reaction_added")] == [message.ts]
        with pytest.raises(Impossible):
            ada.reacts(message, "eyes")

    @pytest.mark.parametrize(
        ("who", "where", "why"),
        [
            ("ada", "#old", "cannot write"),
            ("ada", "#news", "cannot write"),
            ("bob", "#open", "cannot write"),
            ("bob", "#secret", "cannot see"),
            ("ada", "#nowhere", "there is no"),
            ("gone", "#apollo", "deactivated"),
        ],
    )
    def test_where_nobody_may_write(self, slack: Playground, who: str, where: str, why: str) -> None:
        with pytest.raises(Impossible, match=why):
            slack.as_(who).types("hello", where)

    def test_an_app_may_not_want_messages(self, slack: Playground) -> None:
        home = MANIFEST["features"]["app_home"] | {"messages_tab_read_only_enabled": True}
        slack.manifest.source = MANIFEST | {"features": MANIFEST["features"] | {"app_home": home}}

        with pytest.raises(Impossible, match="turned off"):
            slack.as_("ada").types("hello")

    def test_where_they_are_is_where_they_type(self, slack: Playground, bot: StubBot) -> None:
        ada = slack.as_("ada")
        ada.goes_to("#apollo")
        ada.types("here")

        assert [m.text for m in ada.reads("#apollo")] == ["here"]
        assert ada is slack.as_("@Ada Lovelace")
        with pytest.raises(Impossible):
            slack.as_("nobody")


class TestRooms:
    def test_the_bot_hears_that_it_was_invited_and_removed(
        self, slack: Playground, acme: Workspace, bot: StubBot
    ) -> None:
        ada = slack.as_("ada")
        ada.invites("@pmo", "#secret")
        ada.removes("@pmo", "#secret")

        assert [e["type"] for e in bot.events()] == ["member_joined_channel", "member_left_channel"]
        assert bot.events()[0] == {
            "type": "member_joined_channel",
            "user": acme.bot_user,
            "channel": channel_id(acme, "secret"),
            "channel_type": "G",
            "team": acme.id,
            "inviter": ada.me.id,
            "event_ts": bot.events()[0]["event_ts"],
        }

    def test_of_channels_without_it_it_hears_nothing(self, slack: Playground, bot: StubBot) -> None:
        slack.as_("ada").invites("bob", "#open")
        slack.as_("ada").removes("bob", "#open")

        assert bot.heard == []

    def test_what_cannot_be(self, slack: Playground) -> None:
        ada = slack.as_("ada")
        for who, where in (("bob", "#apollo"), ("bob", "#old"), ("nobody", "#apollo")):
            with pytest.raises(Impossible):
                ada.invites(who, where)
        with pytest.raises(Impossible):
            ada.removes("bob", "#open")

    def test_opening_home_and_direct_messages(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        ada = slack.as_("ada")
        assert ada.opens_home() is None
        args = {"user_id": ada.me.id, "view": {"type": "home", "blocks": [section("Hi")]}}
        slack.api.call("views.publish", args, {"authorization": f"Bearer {acme.bot_token}"})
        home = ada.opens_home()
        ada.goes_to("@pmo")

        assert home
        assert home.shown == "Hi"
        assert [(e["tab"], "view" in e) for e in bot.events("app_home_opened")] == [
            ("home", False),
            ("home", True),
            ("messages", False),
        ]
        slack.manifest.source = {}
        with pytest.raises(Impossible):
            ada.opens_home()

    def test_the_bot_must_be_installed_to_be_talked_to(self, slack: Playground) -> None:
        other = slack.add_workspace("Other", ["eve"], install=False)

        with pytest.raises(Impossible, match="not installed"):
            slack.as_("eve", other).reads()
        with pytest.raises(Impossible, match="shortcut"):
            slack.as_("eve", other).shortcut("checkin")

    def test_admins_change_the_world(self, slack: Playground, acme: Workspace, bot: StubBot) -> None:
        slack.archive(acme, "#apollo")
        slack.archive(acme, "#inner", archive=False)
        slack.rename(acme, "#inner", "#inside")
        slack.rename(acme, "#open", "wide")
        slack.change_person(acme, "bob", tz="Asia/Tokyo", deleted=True)
        slack.add_person(acme, "eve")

        assert [e["type"] for e in bot.events()] == [
            "channel_archive",
            "group_unarchive",
            "group_rename",
            "channel_rename",
            "user_change",
            "team_join",
        ]
        assert bot.events("user_change")[0]["user"]["tz"] == "Asia/Tokyo"
        with pytest.raises(ValueError, match="colour"):
            slack.change_person(acme, "bob", colour="red")
        with pytest.raises(Impossible):
            slack.archive(acme, "#nowhere")

    def test_a_member_must_have_an_account(self, slack: Playground, acme: Workspace) -> None:
        with pytest.raises(ValueError, match="no account"):
            slack.add_channel(acme, Channel("x", members=["nobody"]))
        assert plain("x")
