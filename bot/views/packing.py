"""Packing: however much there is to say, one message within Slack's limits, and the rest in its thread."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.store.tables import Message
from bot.views.blocks import CHARTS, MESSAGE_BLOCKS, MESSAGE_SIZE, SECTION, Block, section, size
from bot.views.text import plural

BUTTON = 200
"""About what a button takes, in characters of JSON."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message: a heading, and items of which the first `shown` are in the message itself.

    Each item is a line of mrkdwn with, perhaps, a block that shows the same with something to press. What is not
    shown goes to the thread under `title`; `unit` names it there and in the line that says how many there are.
    """

    title: str
    items: Sequence[str]
    unit: str
    shown: int
    units: str | None = None
    blocks: Sequence[Block] = ()

    @property
    def rest(self) -> Sequence[str]:
        """What goes to the thread."""
        return self.items[self.shown :]

    def drawn(self, *, thread: bool) -> list[Block]:
        """The part as it stands in the message; without a thread the rest is only counted."""
        more = plural(len(self.rest), self.unit, self.units)
        left = (f"_+ {more} in the thread_" if thread else f"_+ {more}_") if self.rest else ""
        if self.blocks:
            closing = [section(left)] if left else []
            return [section(self.title), *self.blocks[: self.shown], *closing]
        return [section(text) for text in _sections([self.title, *self.items[: self.shown], *([left] if left else [])])]


def packed(parts: Sequence[Part | Sequence[Block]], *, thread: bool = True) -> tuple[list[Block], list[Part]]:
    """The blocks of the one message, and the parts of which something is left for the thread.

    While it is too large, the part that shows most gives up one item: so that each keeps its most urgent ones. What
    is no part must fit by itself; ValueError when there is nothing left to give up.
    """
    kept = list(parts)
    while True:
        blocks = [block for part in kept for block in (part.drawn(thread=thread) if isinstance(part, Part) else part)]
        if len(blocks) <= MESSAGE_BLOCKS and size(blocks) <= MESSAGE_SIZE:
            return blocks, [part for part in kept if isinstance(part, Part) and part.rest]
        largest = max((part for part in kept if isinstance(part, Part)), key=_weight)
        kept[kept.index(largest)] = replace(largest, shown=largest.shown - 1)


def _weight(part: Part) -> int:
    """How much room the shown items of a part take, in characters; what carries a button takes more."""
    return sum(map(len, part.items[: part.shown])) + BUTTON * part.shown * bool(part.blocks)


def thread(parts: Sequence[Part], *, most: int, more: str) -> list[Message]:
    """What is left, as messages for the thread; of each part at most so many items, and then `more` says where."""
    blocks = [section(text) for part in parts for text in _sections([part.title, *_some(part, most, more)])]
    return [Message(text=_said(page), blocks=page) for page in pages(blocks)]


def _some(part: Part, most: int, more: str) -> Iterator[str]:
    yield from part.rest[:most]
    if len(part.rest) > most:
        yield f"_+ {plural(len(part.rest) - most, part.unit, part.units)}: {more}_"


def _sections(lines: Sequence[str]) -> Iterator[str]:
    """Lines joined into as few texts as a section's limit allows; no line is longer than that."""
    text = ""
    for line in lines:
        if text and len(text) + 1 + len(line) > SECTION:
            yield text
            text = line
        else:
            text = f"{text}\n{line}" if text else line
    if text:
        yield text


def pages(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks in as few messages as Slack's limits allow, in their order."""
    page: list[Block] = []
    for block in blocks:
        if page and not fits([*page, block]):
            yield page
            page = []
        page.append(block)
    if page:
        yield page


def fits(blocks: Sequence[Block]) -> bool:
    """Whether one message takes these blocks: there are limits for all of them together, and for tables and charts."""
    kinds = Counter(block["type"] for block in blocks)
    few = kinds["data_table"] <= 1 and kinds["data_visualization"] <= CHARTS and len(blocks) <= MESSAGE_BLOCKS
    return few and size(blocks) <= MESSAGE_SIZE


def _said(page: Sequence[Block]) -> str:
    """The words of a page, for notifications and screen readers: its first lines, which name what it goes on with."""
    return "More of the digest: " + str(page[0]["text"]["text"]).splitlines()[0].strip("*")
