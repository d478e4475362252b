"""Installations: what the PMO is told about how the bot is let into Slack."""

from collections.abc import Sequence
from typing import Final

from bot.store.tables import Message
from bot.views.blocks import actions, button, context, section

AGAIN: Final = "installation.again"


def lacking(scopes: Sequence[str], install_url: str) -> Message:
    """The bot may do less than it should: which permissions it lacks, and how to give them."""
    said = f"PMO Bot needs more permissions in Slack than it has here: {', '.join(scopes)}."
    how = "Installing it again gives them; nothing that is kept here is lost."
    if not install_url:
        return Message(text=said, blocks=[section(f"{said} {how} Ask whoever runs PMO Bot for you how.")])
    return Message(
        text=said,
        blocks=[
            section(f"{said} {how}"),
            actions(button("Install again", AGAIN, url=install_url)),
            context("It takes a Slack admin, or whoever may install apps here. Until then some things do not work."),
        ],
    )


def teams_lost(teams: Sequence[str]) -> Message:
    """Some workspaces of the org were taken from the bot."""
    said = f"PMO Bot was taken out of {_named(teams)} of your organisation."
    more = "People there cannot use it any more, and it says nothing there. What is kept here stays as it is."
    return Message(text=said, blocks=[section(f"{said} {more}")])


def _named(teams: Sequence[str]) -> str:
    return f"{'a workspace' if len(teams) == 1 else f'{len(teams)} workspaces'} ({', '.join(teams)})"
