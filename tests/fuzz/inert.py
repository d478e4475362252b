"""What is alive in a message: words that Slack would make a mention, a broadcast or a link, and that are not ours."""

import re
from collections.abc import Iterator
from typing import Any

from bot.playground.lint import objects_in

BROADCAST = re.compile(r"<!(?:channel|here|everyone|subteam)[^>]*>")
NOT_OURS = re.compile(r"<(?:@UZEBRA|#CZEBRA|https?://zebra)[^>]*>")
"""A person, a channel and an address that nobody but a fuzzer names."""
PARSED = ("mrkdwn", "markdown")


def alive_in(said: Any) -> list[str]:
    """The mentions, broadcasts and links in what the bot said that must have come from somebody's words."""
    texts = [*parsed(said)]
    found = [mark for text in texts for pattern in (BROADCAST, NOT_OURS) for mark in pattern.findall(text)]
    return found + [str(part) for part in objects_in(said) if part.get("type") in {"broadcast", "usergroup"}]


def parsed(said: Any) -> Iterator[str]:
    """Every text of a message or a view in which Slack looks for marks."""
    if isinstance(said, str):
        yield said
    if isinstance(said, dict) and isinstance(said.get("text"), str):
        yield said["text"]
    for part in objects_in(said):
        if part.get("type") in PARSED and isinstance(part.get("text"), str):
            yield part["text"]
