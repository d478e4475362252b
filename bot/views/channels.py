"""Channels: what the bot says when it is added to one."""

from bot.store.tables import Message
from bot.views.blocks import context, section
from bot.views.text import mention


def hello(by: str | None) -> Message:
    """A short introduction, with who added the bot and what to do next."""
    added = f" {mention(by)} added me." if by else ""
    return Message(
        text=f"I am PMO Bot: I keep projects, their risks and the decisions they need.{added}",
        blocks=[
            section(f"I am PMO Bot: I keep projects, their risks and the decisions they need.{added}"),
            context(
                "`/risk` raises a risk, `/pmo portfolio` shows the projects, `/pmo help` the rest.",
                "A project is followed here once its form names this channel.",
            ),
        ],
    )
