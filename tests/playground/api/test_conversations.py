"""conversations.* and users.conversations: the bot finds what it may see, by page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.playground import Playground, Workspace
from tests.playground.conftest import Api, Json, StubBot, channel_id, user_id


def names(answer: Json) -> list[str]:
    return [c["name"] for c in answer["channels"]]


class TestOpen:
    def test_it_gives_the_direct_messages_with_somebody(self, api: Api, acme: Workspace) -> None:
        first = api("conversations.open", users=user_id(acme, "ada"))["channel"]
        again = api("conversations.open", users=user_id(acme, "ada"), return_im=True)["channel"]

        assert first == {"id": again["id"]}
        assert again["user"] == user_id(acme, "ada")
        assert api("conversations.open", channel=first["id"])["channel"] == first

    @pytest.mark.parametrize(
        ("args", "error"),
        [
            (lambda ws: {}, "users_list_not_supplied"),
            (lambda ws: {"users": "U99"}, "user_not_found"),
            (lambda ws: {"users": user_id(ws, "gone")}, "user_disabled"),
            (lambda ws: {"users": user_id(ws, "stranger")}, "user_not_visible"),
            (lambda ws: {"users": ws.bot_user}, "invalid_user_combination"),
            (lambda ws: {"users": f"{user_id(ws, 'ada')},{user_id(ws, 'bob')}"}, "missing_scope"),
            (lambda ws: {"channel": channel_id(ws, "apollo")}, "method_not_supported_for_channel_type"),
            (lambda ws: {"channel": "D99"}, "channel_not_found"),
        ],
    )
    def test_it_is_refused(self, api: Api, acme: Workspace, args: Callable[[Workspace], Json], error: str) -> None:
        assert api("conversations.open", **args(acme))["error"] == error

    def test_groups_are_not_played(self, api: Api, acme: Workspace, slack: Playground) -> None:
        slack.install(acme, ["im:write", "mpim:write"])
        pair = f"{user_id(acme, 'ada')},{user_id(acme, 'bob')}"

        assert api("conversations.open", users=pair)["error"] == "method_not_supported_for_channel_type"


class TestInfo:
    def test_a_public_channel_is_known_to_all(self, api: Api, acme: Workspace) -> None:
        found = api("conversations.info", channel=channel_id(acme, "open"), include_num_members="true")["channel"]

        assert (found["name"], found["is_member"], found["is_private"], found["num_members"]) == (
            "open",
            False,
            False,
            1,
        )
        assert "num_members" not in api("conversations.info", channel=channel_id(acme, "open"))["channel"]

    def test_a_private_one_to_its_members(self, api: Api, acme: Workspace) -> None:
        assert api("conversations.info", channel=channel_id(acme, "inner"))["channel"]["is_private"]
        assert api("conversations.info", channel=channel_id(acme, "secret"))["error"] == "channel_not_found"

    def test_direct_messages_of_others_are_none_of_its_business(
        self, api: Api, acme: Workspace, slack: Playground
    ) -> None:
        theirs = slack.as_("ada").goes_to("@bob")

        assert api("conversations.info", channel=theirs.id)["error"] == "channel_not_found"

    def test_each_kind_needs_its_scope(self, api: Api, acme: Workspace, slack: Playground) -> None:
        slack.install(acme, ["channels:read"])

        assert api("conversations.info", channel=channel_id(acme, "apollo"))["ok"]
        answer = api("conversations.info", channel=channel_id(acme, "inner"))
        assert (answer["error"], answer["needed"], answer["provided"]) == (
            "missing_scope",
            "groups:read",
            "channels:read",
        )


def test_members_come_by_page(api: Api, acme: Workspace) -> None:
    where = channel_id(acme, "apollo")
    found: list[str] = []
    cursor = ""
    for _ in range(9):
        page = api("conversations.members", channel=where, limit=2, cursor=cursor)
        found += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break

    assert found == acme.channels[where].members
    assert api("conversations.members", channel=where, cursor="x")["error"] == "invalid_cursor"
    for limit in (0, 1001, "many"):
        assert api("conversations.members", channel=where, limit=limit)["error"] == "invalid_limit"


def test_lists_show_what_the_bot_may_know(api: Api) -> None:
    assert names(api("conversations.list")) == ["apollo", "open", "old", "news"]
    assert names(api("conversations.list", types="private_channel")) == ["inner"]
    assert names(api("conversations.list", exclude_archived=True)) == ["apollo", "open", "news"]
    assert names(api("users.conversations", types="public_channel,private_channel")) == [
        "apollo",
        "inner",
        "old",
        "news",
    ]


def test_of_a_person_it_sees_what_both_may_see(api: Api, acme: Workspace) -> None:
    types = "public_channel,private_channel"

    assert names(api("users.conversations", user=user_id(acme, "bob"), types=types)) == ["apollo", "inner"]
    assert api("users.conversations", user="U99")["error"] == "user_not_found"


def test_kinds_must_be_known_and_granted(api: Api, acme: Workspace, slack: Playground) -> None:
    assert api("conversations.list", types="rooms")["error"] == "invalid_types"
    assert api("conversations.list", types="im")["channels"] == []
    slack.install(acme, ["channels:read"])
    assert api("conversations.list", types="public_channel,private_channel")["error"] == "missing_scope"


class TestHistory:
    @pytest.fixture
    def said(self, api: Api, acme: Workspace, slack: Playground) -> list[str]:
        where, said = channel_id(acme, "apollo"), []
        for text in ("one", "two", "three"):
            metadata = {"event_type": "x", "event_payload": {}}
            said.append(str(api("chat.postMessage", channel=where, text=text, metadata=metadata)["ts"]))
            slack.clock.advance(timedelta(seconds=1))
        api("chat.postMessage", channel=where, text="reply", thread_ts=said[0])
        return said

    def test_it_is_newest_first_without_replies(self, api: Api, acme: Workspace, said: list[str]) -> None:
        answer = api("conversations.history", channel=channel_id(acme, "apollo"), limit=2)

        assert [m["text"] for m in answer["messages"]] == ["three", "two"]
        assert answer["has_more"]
        assert "metadata" not in answer["messages"][0]

    def test_it_has_bounds(self, api: Api, acme: Workspace, said: list[str]) -> None:
        def texts(**more: Any) -> list[str]:
            found = api("conversations.history", channel=channel_id(acme, "apollo"), **more)
            return [m["text"] for m in found["messages"]]

        assert texts(oldest=said[1]) == ["three"]
        assert texts(oldest=said[1], inclusive="true") == ["three", "two"]
        assert texts(latest=said[1]) == ["one"]
        assert texts(latest=said[1], inclusive=True, include_all_metadata=True) == ["two", "one"]

    def test_a_thread_begins_with_its_parent(self, api: Api, acme: Workspace, said: list[str]) -> None:
        answer = api("conversations.replies", channel=channel_id(acme, "apollo"), ts=said[0])

        assert [m["text"] for m in answer["messages"]] == ["one", "reply"]
        assert answer["messages"][0]["reply_count"] == 1
        assert answer["messages"][0]["latest_reply"] == answer["messages"][1]["ts"]

    @pytest.mark.parametrize(
        ("where", "more", "error"),
        [
            ("open", {}, "not_in_channel"),
            ("secret", {}, "channel_not_found"),
            ("apollo", {"oldest": "x"}, "invalid_ts_oldest"),
            ("apollo", {"latest": "x"}, "invalid_ts_latest"),
        ],
    )
    def test_it_is_refused(self, api: Api, acme: Workspace, where: str, more: Json, error: str) -> None:
        assert api("conversations.history", channel=channel_id(acme, where), **more)["error"] == error

    def test_a_thread_needs_its_parent(self, api: Api, acme: Workspace) -> None:
        answer = api("conversations.replies", channel=channel_id(acme, "apollo"), ts="1.000001")
        assert answer["error"] == "thread_not_found"


class TestJoin:
    def test_public_channels_are_joined_and_the_bot_hears_of_it(
        self, api: Api, acme: Workspace, slack: Playground, bot: StubBot
    ) -> None:
        where = channel_id(acme, "open")
        assert api("conversations.join", channel=where)["channel"]["is_member"]
        assert api("conversations.join", channel=where)["warning"] == "already_in_channel"
        slack.delivery.settle()

        assert [event["user"] for event in bot.events("member_joined_channel")] == [acme.bot_user]

    @pytest.mark.parametrize(
        ("where", "error"),
        [
            ("inner", "method_not_supported_for_channel_type"),
            ("secret", "channel_not_found"),
            ("old", "is_archived"),
        ],
    )
    def test_others_are_not(self, api: Api, acme: Workspace, where: str, error: str) -> None:
        assert api("conversations.join", channel=channel_id(acme, where))["error"] == error
