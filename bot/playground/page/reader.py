"""Whose eyes a page is drawn for: the zone, the moment, and what ids are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """One person looking at one moment.

    `people` are the names of all there ever were, `left` says who has no account any more; `channels` are the names of
    what this person can see, `kinds` says which is public, private, im or mpim; `base` is where their channels are.
    """

    now: datetime
    zone: tzinfo = UTC
    person: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    left: frozenset[str] = frozenset()

    def local(self, epoch: float) -> datetime:
        """The moment of an epoch in seconds, on this person's own clock."""
        return datetime.fromtimestamp(epoch, self.zone)

    def today(self) -> datetime:
        """The present moment on this person's own clock."""
        return self.now.astimezone(self.zone)

    def person_name(self, user: str) -> str:
        """What a person is called; an id nobody knows stays as it is."""
        return self.people.get(user, user)

    def channel_name(self, channel: str) -> str | None:
        """What a channel is called, or None when this person cannot see it."""
        return self.channels.get(channel)
