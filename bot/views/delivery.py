"""Delivery: a message that is too long, or late, and what people are told when something could not be said."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.rules import delivery
from bot.store.tables import Message, Post
from bot.views import packing
from bot.views.blocks import context, section
from bot.views.text import channel_link, cut_mrkdwn, join_lines, mention, plural, when

TEXT: Final = 4000
"""Characters of a message of words alone; more than that is hard to read, and a tenth of what Slack takes."""
SUMMARY: Final = 40_000
"""Characters of the words that go with blocks: past these Slack cuts them."""
QUOTED: Final = 1500
LISTED: Final = 10
EVERYTHING: Final = "`/pmo deliveries` shows all that I could not say."

# Slack's words for what is broken: what that is, and how it is mended.
CHANNEL: Final = {
    "is_archived": ("it is archived", "Unarchive it, or choose another channel in the form of whatever is told there."),
    "not_in_channel": ("I am not in it", "Type `/invite @pmo` there."),
    "channel_not_found": ("it is gone, or private and I am not in it", "Type `/invite @pmo` there."),
}
PERSON: Final = {
    "user_disabled": ("their account is not active any more", "Name somebody else for what is theirs."),
    "user_not_found": ("Slack knows nobody of that name any more", "Name somebody else for what is theirs."),
}
NAMES: Final = {"checkin": "check-in"}
OTHERWISE: Final = "Ask a Slack admin to let me post there, or choose another place."


def parts(message: Message) -> list[Message]:
    """The message as Slack takes it, and what is too much for one as replies to it; nothing is cut."""
    if not message.blocks:
        return [Message(text) for text in _slices(message.text, TEXT)]
    first, *more = _slices(message.text, SUMMARY)
    page, *pages = [message.blocks] if packing.fits(message.blocks) else packing.pages(message.blocks)
    replies = [Message(f"{_opening(first)} (part {number})", rest) for number, rest in enumerate(pages, 2)]
    return [Message(first, page), *replies, *(Message(text) for text in more)]


def late(message: Message, moment: datetime, zone: str) -> Message:
    """The message, saying that its moment has passed."""
    said = f"This comes late: it was due {when(moment, zone)}."
    return Message(f"{message.text} {said}", [*message.blocks, context(f"_{said}_")] if message.blocks else [])


def broken(post: Post, why: str) -> Message:
    """What is told once of a channel where nothing can be said, or of a person, with what was to be said there."""
    person = post.to[:1] in {"U", "W"}
    what, mend = (PERSON if person else CHANNEL).get(why, (f"Slack says `{why}`", OTHERWISE))
    where = f"I cannot reach {mention(post.to)}" if person else f"I cannot speak in {channel_link(post.to)}"
    said = f"{where}: {what}."
    return Message(
        text=f"{said} {mend}",
        blocks=[
            section(f"*{said}*\n{mend}"),
            section(join_lines("What I could not say:", _quoted(post))),
            context(EVERYTHING),
        ],
    )


def uncertain(post: Post, zone: str) -> Message:
    """What the PMO is asked when Slack may have a message, nobody can look, and twice would be wrong."""
    where = mention(post.to) if post.to[:1] in {"U", "W"} else channel_link(post.to)
    sent = when(post.unsure_since or post.moment, zone)
    said = f"I do not know whether {where} has seen this: Slack gave no answer when I sent it, {sent}."
    return Message(
        text=said,
        blocks=[
            section(join_lines(said, _quoted(post))),
            context("Ask, or look there. `/pmo deliveries` lets you say it again, or drop it."),
        ],
    )


def missed(posts: Sequence[Post], total: int, zone: str) -> Message:
    """What the PMO is told of all that was not said in time and is not worth saying any more, the newest first."""
    said = f"{plural(total, 'message')} could not be said in time, and I have dropped {'it' if total == 1 else 'them'}."
    more = total - len(posts[:LISTED])
    lines = [_line(post, zone) for post in posts[:LISTED]]
    return Message(
        text=said,
        blocks=[
            section(f"*{said}*"),
            section(join_lines(*lines, f"+ {more} more" if more else None)),
            context(EVERYTHING),
        ],
    )


def _line(post: Post, zone: str) -> str:
    to = mention(post.to) if post.to[:1] in {"U", "W"} else channel_link(post.to)
    what = delivery.kind(post.key).split(" ")[0]
    return f"• {NAMES.get(what, what)} for {to}, due {when(post.moment, zone)}"


def _quoted(post: Post) -> str:
    """The words of a post, which are safe already, behind a bar."""
    return "\n".join(f"> {line}" for line in cut_mrkdwn(str(post.wanted["text"]), QUOTED).split("\n"))


def _opening(text: str) -> str:
    return cut_mrkdwn(text.split("\n", 1)[0], 150)


def _slices(text: str, most: int) -> Iterator[str]:
    """A text in pieces of at most so many characters, parted at a line or a word where there is one."""
    while len(text) > most:
        at = max(text.rfind("\n", 1, most), 0) or max(text.rfind(" ", 1, most), 0) or most
        yield text[:at]
        text = text[at:].lstrip()
    yield text
