"""Telling open pages that something changed, over server-sent events."""

import asyncio
import itertools
from collections.abc import AsyncIterator

LIFE = 20.0  # seconds after which a stream ends and the browser comes again, so that no stop waits for it for long
PAUSE = 0.05  # seconds between two looks
RETRY = 250  # milliseconds after which the browser comes again


class Changes:
    """Numbers the changes of the world."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.last = 0

    def note(self) -> None:
        """Something is different; called on whatever thread changed it."""
        self.last = next(self._numbers)

    async def stream(self, since: int | None, *, life: float) -> AsyncIterator[str]:
        """Events from the change after `since` on (from now on when it is None), several at once told as one."""
        told = self.last if since is None else since
        yield f"retry: {RETRY}\nid: {told}\ndata:\n\n"
        end = asyncio.get_running_loop().time() + life
        while asyncio.get_running_loop().time() < end:
            if told != self.last:
                told = self.last
                yield f"event: changed\nid: {told}\ndata: {told}\n\n"
            await asyncio.sleep(PAUSE)
