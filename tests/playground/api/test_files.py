"""Uploads in three steps, and reading them back."""

from typing import Any

import pytest

from bot.playground import Playground, Workspace
from bot.playground.api import files
from tests.playground.conftest import Api, Json, channel_id, user_id


@pytest.fixture
def where(acme: Workspace) -> str:
    return channel_id(acme, "apollo")


@pytest.fixture
def ts(api: Api, where: str) -> str:
    return str(api("chat.postMessage", channel=where, text="Hello")["ts"])


class TestUploads:
    def upload(self, api: Api, slack: Playground, content: bytes = b"abc", **more: Any) -> str:
        answer = api("files.getUploadURLExternal", filename="a.png", length=len(content), **more)
        *_, number, secret = answer["upload_url"].split("/")
        assert files.receive(slack.world, number, secret, content)
        return str(answer["file_id"])

    def test_three_steps_make_a_file_that_is_shown(self, api: Api, slack: Playground, where: str, ts: str) -> None:
        number = self.upload(api, slack, alt_txt="A chart")
        args = {"files": f'[{{"id":"{number}","title":"Chart"}}]', "channel_id": where}

        [file] = api("files.completeUploadExternal", **args, initial_comment="Look", thread_ts=ts)["files"]

        assert (file["title"], file["mimetype"], file["channels"]) == ("Chart", "image/png", [where])
        assert api("files.info", file=number)["file"]["size"] == 3
        message = slack.as_("ada").reads(thread=slack.as_("ada").reads("#apollo")[0])[-1]
        assert (message.text, message.files) == ("Look", [number])
        assert api("conversations.replies", channel=where, ts=ts)["messages"][1]["files"][0]["id"] == number

    def test_a_picture_may_stand_in_a_block_once_it_is_complete(self, api: Api, slack: Playground, where: str) -> None:
        number = self.upload(api, slack)
        blocks = [{"type": "image", "alt_text": "A chart", "slack_file": {"id": number}}]

        assert api("chat.postMessage", channel=where, text="x", blocks=blocks)["error"] == "invalid_blocks"
        api("files.completeUploadExternal", files=[{"id": number}])
        assert api("chat.postMessage", channel=where, text="x", blocks=blocks)["ok"]

    @pytest.mark.parametrize(
        ("args", "error"),
        [
            ({"length": 0}, "invalid_arguments"),
            ({"length": "x"}, "invalid_arguments"),
            ({"length": 2_000_000_000}, "file_upload_size_restricted"),
            ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
            ({"filename": None}, "invalid_arguments"),
        ],
    )
    def test_the_first_step_is_refused(self, api: Api, args: Json, error: str) -> None:
        assert api("files.getUploadURLExternal", **{"filename": "a.png", "length": 3} | args)["error"] == error

    def test_an_admin_may_forbid_uploads(self, api: Api, acme: Workspace) -> None:
        acme.uploads_allowed = False
        assert api("files.getUploadURLExternal", filename="a", length=1)["error"] == "file_uploads_disabled"

    def test_bytes_count_only_as_announced(self, api: Api, slack: Playground) -> None:
        answer = api("files.getUploadURLExternal", filename="a.png", length=3)
        *_, number, secret = answer["upload_url"].split("/")

        assert not files.receive(slack.world, "F99", secret, b"abc")
        assert not files.receive(slack.world, number, "guess", b"abc")
        assert not files.receive(slack.world, number, secret, b"abcd")

    def test_the_last_step_is_refused(self, api: Api, slack: Playground, acme: Workspace) -> None:
        number = self.upload(api, slack)
        row = [{"id": number}]
        cases: list[tuple[Json, str]] = [
            ({}, "invalid_arguments"),
            ({"files": "["}, "invalid_arguments"),
            ({"files": ["x"]}, "file_not_found"),
            ({"files": [{"id": "F99"}]}, "file_not_found"),
            ({"files": row, "channel_id": "C99"}, "channel_not_found"),
            ({"files": row, "channel_id": channel_id(acme, "open")}, "not_in_channel"),
            ({"files": row, "channel_id": channel_id(acme, "old")}, "posting_to_channel_denied"),
            ({"files": row, "channels": ",".join(["C1"] * 101)}, "channels_limit_exceeded"),
        ]
        for args, error in cases:
            assert api("files.completeUploadExternal", **args)["error"] == error
        assert api("files.info", file=number)["error"] == "file_not_found"

    def test_without_a_channel_it_is_not_shown(self, api: Api, slack: Playground, acme: Workspace) -> None:
        api("files.completeUploadExternal", files=[{"id": self.upload(api, slack)}])

        assert slack.as_("ada").reads("#apollo") == []
        assert user_id(acme, "ada")
