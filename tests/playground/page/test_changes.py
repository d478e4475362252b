"""Changes as server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from bot.playground.page.changes import Changes


def events(stream: AsyncIterator[str], changes: Changes, notes: int = 0) -> list[str]:
    """Everything a stream says, with so many changes after its first words."""

    async def listen() -> list[str]:
        said = [await anext(stream)]
        for _ in range(notes):
            changes.note()
        said += [event async for event in stream]
        return said

    return asyncio.run(listen())


def test_changes_close_together_are_told_once() -> None:
    changes = Changes()

    assert events(changes.stream(None, life=0.08), changes, notes=3) == [
        "retry: 250\nid: 0\ndata:\n\n",
        "event: changed\nid: 3\ndata: 3\n\n",
    ]


def test_a_stream_begins_with_now() -> None:
    changes = Changes()
    changes.note()

    assert events(changes.stream(None, life=0.01), changes) == ["retry: 250\nid: 1\ndata:\n\n"]


def test_who_comes_again_is_told_what_they_missed() -> None:
    changes = Changes()
    changes.note()
    changes.note()

    assert "id: 2\ndata: 2\n\n" in events(changes.stream(1, life=0.01), changes)[-1]
