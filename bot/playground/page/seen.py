"""What each person has read: the last message they saw in each channel, kept while the playground runs."""

from datetime import datetime, timedelta

from bot.playground.records import Channel, Message

NEWS = timedelta(days=1)


class Seen:
    """The ts up to which each person has read each channel."""

    def __init__(self) -> None:
        self._since = ""
        self._last: dict[tuple[str, str], str] = {}

    def begin(self, now: datetime) -> None:
        """Somebody looks for the first time: what came within the last day is news to all, what is older is not."""
        self._since = self._since or f"{(now - NEWS).timestamp():.6f}"

    def mark(self, channel: Channel, person: str) -> None:
        """This person has the channel before their eyes."""
        newest = max((message.ts for message in channel.messages), default=self._since)
        self._last[channel.id, person] = max(newest, self._since)

    def unread(self, channel: Channel, person: str) -> int:
        """How many messages from others came since."""
        last = self._last.get((channel.id, person), self._since)
        return sum(
            visible(message, person) and message.user != person and message.ts > last for message in channel.messages
        )


def visible(message: Message, person: str) -> bool:
    """Whether a person sees a message: all but what was said to another alone."""
    return message.ephemeral_to in ("", person)
