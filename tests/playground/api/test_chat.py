"""chat.*: what the bot may post, change and delete, and Slack's word where it may not."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.playground import Playground, Workspace
from tests.playground.conftest import Api, Json, StubBot, button, channel_id, plain, section, user_id

ARGS = Callable[[Workspace], Json]
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}


def at(name: str, **more: Any) -> ARGS:
    return lambda ws: {"channel": channel_id(ws, name), "text": "Hello", **more}


def to(name: str, **more: Any) -> ARGS:
    return lambda ws: {"channel": user_id(ws, name), "text": "Hello", **more}


REFUSED: dict[str, tuple[ARGS, str]] = {
    "no channel": (lambda ws: {"text": "x"}, "invalid_arguments"),
    "a name": (lambda ws: {"channel": "#apollo", "text": "x"}, "channel_not_found"),
    "unknown": (lambda ws: {"channel": "C99", "text": "x"}, "channel_not_found"),
    "private without the bot": (at("secret"), "channel_not_found"),
    "archived": (at("old"), "is_archived"),
    "read only": (at("news"), "restricted_action_read_only_channel"),
    "nothing": (at("apollo", text=None), "no_text"),
    "empty": (at("apollo", text=""), "no_text"),
    "empty blocks": (at("apollo", text="", blocks=[]), "no_text"),
    "long text": (at("apollo", text="x" * 40_001), "msg_too_long"),
    "text of no kind": (at("apollo", text=["x"]), "invalid_arguments"),
    "bad blocks": (at("apollo", blocks=[section("x" * 3001)]), "invalid_blocks"),
    "blocks are no JSON": (at("apollo", blocks="[{"), "invalid_blocks_format"),
    "blocks are no list": (at("apollo", blocks={"type": "divider"}), "invalid_blocks_format"),
    "too much": (at("apollo", blocks=[section("x" * 2990)] * 5), "msg_blocks_too_long"),
    "two tables": (at("apollo", blocks=[TABLE, TABLE]), "only_one_table_allowed"),
    "unknown file": (
        at("apollo", blocks=[{"type": "image", "alt_text": "x", "slack_file": {"id": "F99"}}]),
        "invalid_blocks",
    ),
    "markdown beside text": (at("apollo", markdown_text="*x*"), "markdown_text_conflict"),
    "long markdown": (at("apollo", text=None, markdown_text="x" * 12_001), "msg_too_long"),
    "empty markdown": (at("apollo", text=None, markdown_text=""), "no_text"),
    "attachments of no kind": (at("apollo", attachments={"x": 1}), "invalid_attachments"),
    "attachment of no kind": (at("apollo", attachments=["x"]), "invalid_attachments"),
    "101 attachments": (at("apollo", attachments=[{"text": "x"}] * 101), "too_many_attachments"),
    "bad blocks in attachment": (at("apollo", attachments=[{"blocks": [{"type": "poem"}]}]), "invalid_blocks"),
    "metadata of no kind": (at("apollo", metadata="x"), "invalid_metadata_format"),
    "metadata without payload": (at("apollo", metadata={"event_type": "x"}), "invalid_metadata_schema"),
    "metadata without type": (at("apollo", metadata={"event_payload": {}}), "invalid_metadata_format"),
    "long metadata": (
        at("apollo", metadata={"event_type": "x", "event_payload": {"x": "y" * 16_000}}),
        "metadata_too_large",
    ),
    "no such thread": (at("apollo", thread_ts="1.000001"), "cannot_reply_to_message"),
    "broadcast of no reply": (at("apollo", reply_broadcast=True), "invalid_arguments"),
    "a video": (
        at(
            "apollo",
            blocks=[
                {
                    "type": "video",
                    "title": plain("x"),
                    "alt_text": "x",
                    "video_url": "https://x.example/v",
                    "thumbnail_url": "https://x.example/t",
                }
            ],
        ),
        "invalid_blocks",
    ),
    "good attachment": (
        at("apollo", text=None, attachments=[{"blocks": [section()]}, {"text": "x"}, "x"]),
        "invalid_attachments",
    ),
    "as somebody": (at("apollo", as_user=True), "as_user_not_supported"),
    "another name": (at("apollo", username="Boss"), "missing_scope"),
    "to the deactivated": (to("gone"), "user_disabled"),
    "to a stranger": (to("stranger"), "user_not_visible"),
    "to itself": (to("pmo"), "channel_not_found"),
}


@pytest.mark.parametrize(("args", "error"), REFUSED.values(), ids=REFUSED)
def test_a_post_is_refused(api: Api, acme: Workspace, args: ARGS, error: str) -> None:
    assert api("chat.postMessage", **args(acme))["error"] == error


def test_why_blocks_are_refused_is_said(api: Api, acme: Workspace) -> None:
    answer = api("chat.postMessage", channel=channel_id(acme, "apollo"), blocks=[section("x" * 3001)])

    expected = "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["response_metadata"]["messages"] == [expected]


def test_a_post_is_kept_with_names_for_its_blocks(api: Api, acme: Workspace, slack: Playground) -> None:
    blocks = [section(accessory={"type": "button", "text": plain("Go")})]
    answer = api("chat.postMessage", channel=channel_id(acme, "apollo"), text="Hello", blocks=blocks)

    [message] = slack.as_("ada").reads("#apollo")
    assert answer["ok"]
    assert answer["ts"] == message.ts == "1795165200.000000"
    assert message.blocks[0]["block_id"]
    assert message.blocks[0]["accessory"]["action_id"]
    assert answer["message"]["bot_id"] == acme.bot_id
    assert message.shown == "Hello\nGo"


def test_blocks_may_be_json_text_and_build_the_text(api: Api, acme: Workspace, slack: Playground) -> None:
    api(
        "chat.postMessage",
        channel=channel_id(acme, "apollo"),
        blocks='[{"type":"header","text":{"type":"plain_text","text":"Hi"}}]',
    )

    assert slack.as_("ada").reads("#apollo")[0].text == "Hi"


def test_markdown_becomes_a_block(api: Api, acme: Workspace, slack: Playground) -> None:
    api("chat.postMessage", channel=channel_id(acme, "apollo"), markdown_text="**x**")

    assert slack.as_("ada").reads("#apollo")[0].blocks[0]["type"] == "markdown"


def test_a_person_is_reached_by_their_id(api: Api, acme: Workspace, slack: Playground) -> None:
    answer = api(
        "chat.postMessage", channel=user_id(acme, "ada"), text="Hello", metadata='{"event_type":"x","event_payload":{}}'
    )

    assert answer["channel"].startswith("D")
    assert [m.text for m in slack.as_("ada").reads()] == ["Hello"]
    assert answer["message"]["metadata"]["event_type"] == "x"


def test_public_channels_need_membership_or_a_scope(api: Api, acme: Workspace, slack: Playground) -> None:
    assert api("chat.postMessage", **at("open")(acme))["ok"]

    slack.install(acme, [s for s in slack.manifest.scopes if s != "chat:write.public"])

    assert api("chat.postMessage", **at("open")(acme))["error"] == "not_in_channel"
    assert api("chat.postMessage", **at("apollo")(acme))["ok"]


def test_newest_blocks_may_be_unknown_to_a_workspace(api: Api, acme: Workspace) -> None:
    chart = {
        "type": "data_visualization",
        "title": "x",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    }
    assert api("chat.postMessage", **at("apollo", blocks=[chart])(acme))["ok"]
    acme.newest_blocks = False
    assert api("chat.postMessage", **at("apollo", blocks=[chart])(acme))["error"] == "invalid_blocks"


def test_an_admin_may_forbid_broadcasts(api: Api, acme: Workspace) -> None:
    acme.broadcasts_allowed = False

    assert api("chat.postMessage", **at("apollo", text="<!channel> look")(acme))["error"] == "restricted_action"
    assert api("chat.postMessage", **at("apollo")(acme))["ok"]


def test_a_thread_hangs_below_its_first_message(api: Api, acme: Workspace, slack: Playground) -> None:
    parent = api("chat.postMessage", **at("apollo")(acme))["ts"]
    reply = api("chat.postMessage", **at("apollo", thread_ts=parent)(acme))["ts"]
    shown = api("chat.postMessage", **at("apollo", thread_ts=parent, reply_broadcast=True)(acme))["ts"]

    assert api("chat.postMessage", **at("apollo", thread_ts=reply)(acme))["error"] == "cannot_reply_to_message"
    ada = slack.as_("ada")
    assert [m.ts for m in ada.reads("#apollo")] == [parent, shown]
    assert [m.ts for m in ada.reads(thread=ada.reads("#apollo")[0])] == [parent, reply, shown]


def test_the_messages_tab_must_be_on(api: Api, acme: Workspace, slack: Playground) -> None:
    slack.manifest.source = {**slack.manifest.source, "features": {}}

    assert api("chat.postMessage", **to("ada")(acme))["error"] == "messages_tab_disabled"


class TestUpdate:
    @pytest.fixture
    def ts(self, api: Api, acme: Workspace) -> str:
        metadata = {"event_type": "x", "event_payload": {}}
        return str(api("chat.postMessage", **at("apollo", blocks=[section("Old")], metadata=metadata)(acme))["ts"])

    def test_text_alone_takes_the_blocks_away(self, api: Api, acme: Workspace, slack: Playground, ts: str) -> None:
        api("chat.update", **at("apollo", ts=ts, text="New")(acme))

        [message] = slack.as_("ada").reads("#apollo")
        assert (message.text, message.blocks, bool(message.edited_ts)) == ("New", [], True)
        assert message.metadata

    def test_blocks_leave_no_edited_mark(self, api: Api, acme: Workspace, slack: Playground, ts: str) -> None:
        api("chat.update", **at("apollo", ts=ts, text=None, blocks=[section("New")], metadata={})(acme))

        [message] = slack.as_("ada").reads("#apollo")
        assert (message.text, message.edited_ts, message.metadata) == ("New", "", None)

    def test_it_is_refused(self, api: Api, acme: Workspace, slack: Playground, ts: str) -> None:
        theirs = slack.as_("ada").types("Mine", "#apollo") or slack.as_("ada").reads("#apollo")[-1]
        hers = api("chat.postEphemeral", **at("apollo", user=user_id(acme, "ada"))(acme))["message_ts"]
        cases: list[tuple[Json, str]] = [
            ({"ts": None}, "invalid_arguments"),
            ({"ts": "1.000001"}, "message_not_found"),
            ({"ts": hers}, "message_not_found"),
            ({"ts": theirs.ts}, "cant_update_message"),
            ({"ts": ts, "text": None}, "no_text"),
            ({"ts": ts, "as_user": "true"}, "as_user_not_supported"),
            ({"ts": ts, "channel": user_id(acme, "ada")}, "channel_not_found"),
        ]
        for args, error in cases:
            assert api("chat.update", **at("apollo", **args)(acme))["error"] == error

    def test_an_archived_channel_is_inactive(self, api: Api, acme: Workspace, slack: Playground, ts: str) -> None:
        slack.archive(acme, "#apollo")

        assert api("chat.update", **at("apollo", ts=ts)(acme))["error"] == "is_inactive"


class TestDelete:
    def test_own_messages_go(self, api: Api, acme: Workspace, slack: Playground) -> None:
        ts = api("chat.postMessage", **at("apollo")(acme))["ts"]

        assert api("chat.delete", **at("apollo", ts=ts)(acme))["ok"]
        assert slack.as_("ada").reads("#apollo") == []
        assert api("chat.delete", **at("apollo", ts=ts)(acme))["error"] == "message_not_found"

    def test_those_of_others_stay(self, api: Api, acme: Workspace, slack: Playground) -> None:
        slack.as_("ada").types("Mine", "#apollo")
        [message] = slack.as_("ada").reads("#apollo")

        assert api("chat.delete", **at("apollo", ts=message.ts)(acme))["error"] == "cant_delete_message"

    def test_a_thread_keeps_a_tombstone(self, api: Api, acme: Workspace, slack: Playground) -> None:
        ts = api("chat.postMessage", **at("apollo")(acme))["ts"]
        api("chat.postMessage", **at("apollo", thread_ts=ts)(acme))

        api("chat.delete", **at("apollo", ts=ts)(acme))

        [message] = slack.as_("ada").reads("#apollo")
        assert (message.subtype, message.text) == ("tombstone", "This message was deleted.")
        assert api("chat.update", **at("apollo", ts=ts)(acme))["error"] == "message_not_found"
        assert api("chat.postMessage", **at("apollo", thread_ts=ts)(acme))["error"] == "cannot_reply_to_message"


class TestEphemeral:
    def test_one_person_sees_it_and_the_api_does_not(self, api: Api, acme: Workspace, slack: Playground) -> None:
        ada, bob = slack.as_("ada"), slack.as_("bob")
        assert api("chat.postEphemeral", **at("apollo", user=ada.me.id)(acme))["message_ts"]

        assert [m.text for m in ada.reads("#apollo")] == ["Hello"]
        assert bob.reads("#apollo") == []
        assert api("conversations.history", channel=channel_id(acme, "apollo"))["messages"] == []

    def test_nobody_sees_it_who_is_offline(self, api: Api, acme: Workspace, slack: Playground) -> None:
        slack.as_("ada").me.online = False

        assert api("chat.postEphemeral", **at("apollo", user=user_id(acme, "ada"))(acme))["ok"]
        assert slack.as_("ada").reads("#apollo") == []

    @pytest.mark.parametrize(
        ("channel", "user", "error"),
        [
            ("apollo", "gone", "user_not_in_channel"),
            ("open", "bob", "user_not_in_channel"),
            ("open", "ada", "not_in_channel"),
            ("secret", "ada", "channel_not_found"),
            ("old", "ada", "is_archived"),
        ],
    )
    def test_it_is_refused(self, api: Api, acme: Workspace, channel: str, user: str, error: str) -> None:
        assert api("chat.postEphemeral", **at(channel, user=user_id(acme, user))(acme))["error"] == error


def test_a_permalink_names_channel_message_and_thread(api: Api, acme: Workspace) -> None:
    where = channel_id(acme, "apollo")
    ts = api("chat.postMessage", **at("apollo")(acme))["ts"]
    reply = api("chat.postMessage", **at("apollo", thread_ts=ts)(acme))["ts"]

    link = api("chat.getPermalink", channel=where, message_ts=ts)["permalink"]
    inner = api("chat.getPermalink", channel=where, message_ts=reply)["permalink"]
    assert link == f"https://acme-ltd.slack.com/archives/{where}/p{ts.replace('.', '')}"
    assert inner.endswith(f"?thread_ts={ts}&cid={where}")
    assert api("chat.getPermalink", channel=where, message_ts="1.1")["error"] == "message_not_found"


def test_the_bot_hears_its_own_messages(api: Api, acme: Workspace, slack: Playground, bot: StubBot) -> None:
    ts = api("chat.postMessage", **at("apollo", blocks=[{"type": "actions", "elements": [button()]}])(acme))["ts"]
    api("chat.update", **at("apollo", ts=ts)(acme))
    api("chat.delete", **at("apollo", ts=ts)(acme))
    api("chat.postMessage", **at("open")(acme))
    slack.delivery.settle()

    assert [event.get("subtype", "") for event in bot.events("message")] == ["", "message_changed", "message_deleted"]
    assert {event["bot_id"] for event in bot.events() if "bot_id" in event} == {acme.bot_id}
