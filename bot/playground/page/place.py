"""Where blocks are drawn: in a message, a modal or a home, with what was typed and refused there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from bot.playground.page import charts, markdown, mrkdwn, rich_text, tables
from bot.playground.page.reader import Json, Reader

ALL_KINDS = ("public", "private", "im", "mpim")
ICONS = {"default": "•", "info": "ℹ️", "warning": "⚠️", "error": "⛔", "success": "✅", "trash": "🗑️"}


def field_name(block_id: object, action_id: object) -> str:
    """The name under which a form sends an element; the two ids may hold any character."""
    return f"{quote(str(block_id), safe='')}/{quote(str(action_id), safe='')}"


@dataclass(frozen=True)
class Place:
    """One message, modal or home; `key` tells it from every other on the page."""

    reader: Reader
    kind: str
    key: str
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def name(self, block: Json, element: Json) -> str:
        """The form name of an element of a block."""
        return field_name(block.get("block_id", ""), element.get("action_id", ""))

    def mark(self, *parts: object) -> str:
        """An id for HTML: the same for the same parts in this place, different for any others."""
        digest = blake2s("\0".join([self.key, *map(str, parts)]).encode(), digest_size=6).hexdigest()
        return f"x{digest}"

    def text(self, thing: Json | str | None) -> Markup:
        """A text object as HTML."""
        return mrkdwn.text_object(thing, self.reader)

    def words(self, thing: Json | str | None) -> str:
        """A text object without its marks: for attributes and the options of a native select."""
        return self.text(thing).striptags()

    def rich(self, block: Json) -> Markup:
        """A rich_text block as HTML."""
        return rich_text.html(block, self.reader)

    def markdown(self, text: str) -> Markup:
        """A markdown block's text as HTML."""
        return markdown.html(text)

    def table(self, block: Json) -> tables.Table:
        """A table block's cells and columns."""
        return tables.table(block, self.reader)

    def data_table(self, block: Json) -> tables.Table:
        """A data_table block's cells and columns."""
        return tables.data_table(block, self.reader)

    def chart(self, chart: Json) -> charts.Drawing:
        """The shapes of a chart."""
        return charts.drawing(chart)

    def icon(self, name: str) -> str:
        """The picture of an alert's level or of an icon button."""
        return ICONS.get(name, "•")

    def image(self, thing: Json) -> str | None:
        """The address of a picture, or None when it has none that a browser may load."""
        known = thing.get("slack_file") or {}
        url = str(thing.get("image_url") or self.files.get(str(known.get("id"))) or known.get("url") or "")
        return url if url.startswith(("https://", "http://", "/")) else None

    def refusal(self, block: Json) -> str | None:
        """What is wrong at an input block, in the bot's words."""
        return self.errors.get(str(block.get("block_id")))

    def value(self, block: Json, element: Json, key: str, initial: str) -> Any:
        """What stands in an element: what the person put there, else what the bot put there first."""
        typed = self.values.get(str(block.get("block_id")), {}).get(str(element.get("action_id")))
        return element.get(initial) if typed is None else typed.get(key)

    def chosen(self, block: Json, element: Json) -> list[str]:
        """The values of the options that are chosen, of a list or of a single choice."""
        many = self.value(block, element, "selected_options", "initial_options")
        one = self.value(block, element, "selected_option", "initial_option")
        return [str(option.get("value")) for option in [*(many or []), *([one] if one else [])]]

    def local_moment(self, epoch: int | None) -> str:
        """A moment as a native date-and-time field wants it, on the reader's own clock."""
        return f"{self.reader.local(epoch):%Y-%m-%dT%H:%M}" if epoch else ""

    def people(self) -> Iterator[tuple[str, str]]:
        """Everybody who can be chosen, by name."""
        known = [(user, name) for user, name in self.reader.people.items() if user not in self.reader.left]
        return iter(sorted(known, key=lambda person: person[1].casefold()))

    def conversations(self, element: Json) -> Iterator[tuple[str, str]]:
        """The channels that an element lets one choose: public ones alone, or what its filter includes."""
        every = "conversations" in str(element.get("type"))
        allowed = (element.get("filter") or {}).get("include") or ALL_KINDS if every else ("public",)
        for identity, name in sorted(self.reader.channels.items(), key=lambda channel: channel[1]):
            kind = self.reader.kinds.get(identity, "public")
            if kind in allowed:
                yield identity, name if kind in ("im", "mpim") else f"#{name}"
