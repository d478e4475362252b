"""Reactions, pins and bookmarks."""

import pytest

from bot.playground import Playground, Workspace
from tests.playground.conftest import Api, Json, channel_id


@pytest.fixture
def where(acme: Workspace) -> str:
    return channel_id(acme, "apollo")


@pytest.fixture
def ts(api: Api, where: str) -> str:
    return str(api("chat.postMessage", channel=where, text="Hello")["ts"])


class TestReactions:
    def test_once_by_each(self, api: Api, slack: Playground, where: str, ts: str) -> None:
        assert api("reactions.add", channel=where, timestamp=ts, name=":eyes:")["ok"]
        assert api("reactions.add", channel=where, timestamp=ts, name="eyes")["error"] == "already_reacted"
        assert list(slack.as_("ada").reads("#apollo")[0].reactions) == ["eyes"]

    @pytest.mark.parametrize(
        ("args", "error"),
        [
            ({"name": "Eyes!"}, "invalid_name"),
            ({"timestamp": None}, "no_item_specified"),
            ({"timestamp": "1"}, "bad_timestamp"),
            ({"timestamp": "1000000000.000001"}, "message_not_found"),
            ({"channel": "C99"}, "channel_not_found"),
        ],
    )
    def test_it_is_refused(self, api: Api, where: str, ts: str, args: Json, error: str) -> None:
        assert api("reactions.add", **{"channel": where, "timestamp": ts, "name": "eyes"} | args)["error"] == error

    def test_channels_closed_to_it(self, api: Api, acme: Workspace, slack: Playground, ts: str) -> None:
        slack.install(acme, ["reactions:write"])
        for name, error in (("old", "is_archived"), ("open", "no_access")):
            answer = api("reactions.add", channel=channel_id(acme, name), timestamp=ts, name="eyes")
            assert answer["error"] == error

    def test_not_more_than_23_kinds(self, api: Api, where: str, ts: str) -> None:
        for number in range(23):
            api("reactions.add", channel=where, timestamp=ts, name=f"e{number}")
        assert api("reactions.add", channel=where, timestamp=ts, name="one-more")["error"] == "too_many_emoji"


def test_pins(api: Api, acme: Workspace, where: str, ts: str) -> None:
    assert api("pins.add", channel=where, timestamp=ts)["ok"]
    assert api("pins.add", channel=where, timestamp=ts)["error"] == "already_pinned"
    assert api("pins.add", channel=channel_id(acme, "open"), timestamp=ts)["error"] == "not_in_channel"
    acme.channels[where].pins = ["x"] * 100
    assert api("pins.add", channel=where, timestamp=ts)["error"] == "too_many_pins"


def test_bookmarks(api: Api, acme: Workspace, where: str) -> None:
    good = {"channel_id": where, "title": "Plan", "type": "link", "link": "https://x.example"}

    assert api("bookmarks.add", **good)["bookmark"]["title"] == "Plan"
    assert api("bookmarks.add", **good | {"type": "poem"})["error"] == "invalid_bookmark_type"
    assert api("bookmarks.add", **good | {"link": "x"})["error"] == "invalid_link"
    acme.channels[where].bookmarks = [{}] * 100
    assert api("bookmarks.add", **good)["error"] == "too_many_bookmarks"
