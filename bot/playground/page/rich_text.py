"""rich_text blocks: sections, lists, quotes and code with their leaves, as safe HTML."""

from collections.abc import Callable

from markupsafe import Markup, escape

from bot.playground.page import dates, emoji, mrkdwn
from bot.playground.page.reader import Json, Reader

STYLES = {"bold": "strong", "italic": "em", "strike": "s", "underline": "u", "code": "code"}


def html(block: Json, reader: Reader) -> Markup:
    """A rich_text block; a kind of element that is not known is passed over."""
    return Markup("").join(_element(element, reader) for element in block.get("elements", []))


def words(block: Json, reader: Reader) -> str:
    """What a rich_text block says without any marks: for sorting and for machines that read aloud."""
    return html(block, reader).striptags()


def _element(element: Json, reader: Reader) -> Markup:
    kind = element.get("type")
    if kind == "rich_text_list":
        return _list(element, reader)
    inside = _leaves(element, reader)
    if kind == "rich_text_section":
        return Markup('<div class="rich">{}</div>').format(inside)
    if kind == "rich_text_quote":
        return Markup("<blockquote>{}</blockquote>").format(inside)
    if kind == "rich_text_preformatted":
        return Markup('<pre class="code">{}</pre>').format(inside)
    return Markup("")


def _list(element: Json, reader: Reader) -> Markup:
    """A list; Slack sends one per depth, so the depth is a class and the numbering carries on by offset."""
    items = Markup("").join(Markup("<li>{}</li>").format(_leaves(item, reader)) for item in element.get("elements", []))
    depth = min(int(element.get("indent") or 0), 8)
    border = " border" if element.get("border") else ""
    if element.get("style") == "ordered":
        start = int(element.get("offset") or 0) + 1
        return Markup('<ol class="indent-{}{}" start="{}">{}</ol>').format(depth, border, start, items)
    return Markup('<ul class="indent-{}{}">{}</ul>').format(depth, border, items)


def _leaves(element: Json, reader: Reader) -> Markup:
    return Markup("").join(_styled(leaf, reader) for leaf in element.get("elements", []))


def _styled(leaf: Json, reader: Reader) -> Markup:
    draw = LEAVES.get(str(leaf.get("type")))
    drawn = draw(leaf, reader) if draw else Markup("")
    for style, tag in STYLES.items():
        if (leaf.get("style") or {}).get(style):
            drawn = Markup("<{0}>{1}</{0}>").format(Markup(tag), drawn)  # noqa: S704 - our own tags
    return drawn


def _text(leaf: Json, reader: Reader) -> Markup:
    return Markup("<br>").join(escape(line) for line in str(leaf.get("text", "")).split("\n"))


def _link(leaf: Json, reader: Reader) -> Markup:
    return mrkdwn.link(str(leaf.get("url", "")), str(leaf.get("text") or ""))


def _emoji(leaf: Json, reader: Reader) -> Markup:
    code = leaf.get("unicode")
    try:
        return escape("".join(chr(int(point, 16)) for point in str(code).split("-")) if code else _named(leaf))
    except (ValueError, OverflowError):
        return escape(_named(leaf))


def _named(leaf: Json) -> str:
    return emoji.named(str(leaf.get("name", "")))


def _date(leaf: Json, reader: Reader) -> Markup:
    try:
        epoch = int(leaf["timestamp"])
        drawn = dates.stamp(epoch, dates.written(epoch, str(leaf.get("format", "{date}")), reader), reader)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return escape(leaf.get("fallback", ""))
    return mrkdwn.link(str(leaf["url"]), drawn) if leaf.get("url") else drawn


def _color(leaf: Json, reader: Reader) -> Markup:
    return Markup('<code class="colour">{}</code>').format(leaf.get("value", ""))


LEAVES: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": _text,
    "link": _link,
    "emoji": _emoji,
    "date": _date,
    "color": _color,
    "user": lambda leaf, reader: mrkdwn.person(str(leaf.get("user_id", "")), reader),
    "channel": lambda leaf, reader: mrkdwn.channel(str(leaf.get("channel_id", "")), reader),
    "usergroup": lambda leaf, reader: mrkdwn.broadcast(str(leaf.get("usergroup_id", ""))),
    "team": lambda leaf, reader: mrkdwn.broadcast(str(leaf.get("team_id", ""))),
    "broadcast": lambda leaf, reader: mrkdwn.broadcast(str(leaf.get("range", "channel"))),
}
