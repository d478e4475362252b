"""Places: channels that people of other organisations read, and what is asked before anything is posted there."""

from typing import Final

from bot.store.tables import Channel, Message
from bot.views.blocks import Block, actions, alert, button, checkboxes, confirm, option, section
from bot.views.text import channel_link, mention

ALLOW: Final = "channel.allow"
HOLD: Final = "channel.hold"
SHARED: Final = "shared"
"""The field that says it may be posted all the same."""


def question(channel: Channel | None) -> list[Block]:
    """What a form asks before it takes a channel that is shared; nothing for any other."""
    if channel is None or not channel.is_held_back:
        return []
    where = f"#{channel.name}" if channel.name else "This channel"
    said = f"{where} is shared with another organisation: its people read all that is posted there."
    agreed = option("Yes, they may read it", "yes", "It is noted that you said so.")
    return [
        alert(said, "warning"),
        checkboxes(SHARED, "Post there all the same?", [agreed], optional=False, hint="Or choose another channel."),
    ]


def ask(channel: Channel) -> Message:
    """What the PMO is asked when a channel that is in use comes to be shared."""
    where = channel_link(channel.slack_id)
    said = (
        f"{where} is shared with another organisation now. What I have to say there waits until you say that its "
        "people may read it. You can also choose another channel for the project or the digest."
    )
    sure = confirm("Post there?", "People of the other organisation read it then.", "Post there")
    return Message(
        text=f"{where} is shared with another organisation: may I still post there?",
        blocks=[
            section(said),
            actions(
                button("They may read it", ALLOW, channel.slack_id, confirm=sure),
                button("Keep it back", HOLD, channel.slack_id),
            ),
        ],
    )


def allowed(channel: Channel, by: str) -> Message:
    """That it may be posted there after all, and who said so."""
    where = channel_link(channel.slack_id)
    said = f"{mention(by)} said that people of the other organisation may read what I post in {where}."
    return Message(text=said, blocks=[section(said)])


def ours_again(channel: Channel) -> Message:
    """That a channel is shared with nobody any more."""
    said = f"{channel_link(channel.slack_id)} is shared with nobody outside any more: I post there as before."
    return Message(text=said, blocks=[section(said)])


def settled(channel: Channel) -> Message:
    """That there is nothing to say about a channel any more."""
    said = f"That is settled: I post in {channel_link(channel.slack_id)}."
    return Message(text=said, blocks=[section(said)])


def held_back(channel: Channel) -> Message:
    """That nothing is posted there, and what can be done."""
    said = (
        f"I keep back what was for {channel_link(channel.slack_id)}. `/pmo project KEY edit` and `/pmo digests` choose "
        "another channel."
    )
    return Message(text=said, blocks=[section(said)])
