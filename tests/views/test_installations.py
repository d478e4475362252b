"""Installations: what people read about how the bot is let in, and what they can do."""

from bot.views import installations


def test_what_is_lacking_is_named_with_the_way_to_give_it() -> None:
    said = installations.lacking(["im:write", "users:read"], "https://bot.example/slack/install")

    assert said.text == "PMO Bot needs more permissions in Slack than it has here: im:write, users:read."
    assert said.blocks[1]["elements"][0]["url"] == "https://bot.example/slack/install"


def test_without_an_address_it_says_whom_to_ask() -> None:
    said = installations.lacking(["im:write"], "")

    assert [block["type"] for block in said.blocks] == ["section"]
    assert "Ask whoever runs PMO Bot" in str(said.blocks)


def test_the_workspaces_that_were_taken_are_counted() -> None:
    assert "out of a workspace (T1) of your" in installations.teams_lost(["T1"]).text
    assert "out of 2 workspaces (T1, T2) of your" in installations.teams_lost(["T1", "T2"]).text
