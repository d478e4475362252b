"""Slack's own markup turned into HTML that is safe: whatever is not markup is escaped."""

import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bot.playground.page import dates, emoji
from bot.playground.page.reader import Json, Reader

SAFE_SCHEMES = ("http", "https", "mailto", "tel")
FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
QUOTED = re.compile(r"(?:>|&gt;)\s?")
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
ENTITY = re.compile("|".join(ENTITIES))
STYLED = r"(?<![\w{mark}])\{mark}(?P<{name}>(?=[^\s{mark}])(?:<[^<>\n]*>|[^<{mark}\n])+(?<!\s))\{mark}(?![\w{mark}])"
INLINE = re.compile(
    "|".join(
        [
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<control>[^<>\n]+)>",
            STYLED.format(mark="*", name="strong"),
            STYLED.format(mark="_", name="em"),
            STYLED.format(mark="~", name="s"),
            r":(?P<emoji>[a-z0-9_+'-]+):",
            r"(?P<url>https?://[^\s<>|*`]+[^\s<>|*`.,;:!?)'\"])",
            r"(?<![\w&/])\#(?P<channel>[a-z0-9][\w-]*)",
        ]
    )
)


def html(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """A mrkdwn text: fenced code, quotes and lines, and the marks inside them."""
    parts = FENCE.split(text)
    drawn = [
        Markup('<pre class="code">{}</pre>').format(_code(part, reader)) if at % 2 else _lines(part, reader, verbatim)
        for at, part in enumerate(parts)
    ]
    return Markup("").join(drawn)


def plain(text: str, *, with_emoji: bool = True) -> Markup:
    """A plain_text: no markup at all but emoji names and line breaks."""
    return _broken(emoji.replaced(text) if with_emoji else text)


def text_object(thing: Json | str | None, reader: Reader) -> Markup:
    """A text object of Block Kit, or nothing when there is none."""
    if not thing:
        return Markup("")
    if isinstance(thing, str):
        return plain(thing)
    if thing.get("type") == "mrkdwn":
        return html(str(thing.get("text", "")), reader, verbatim=bool(thing.get("verbatim")))
    return plain(str(thing.get("text", "")), with_emoji=thing.get("emoji", True))


def unescaped(text: str) -> str:
    """Slack's three entities, and no others, turned back into their characters (once)."""
    return ENTITY.sub(lambda match: ENTITIES[match[0]], text)


def link(url: str, label: Markup | str = "") -> Markup:
    """A link that opens in a new tab; an address that could run something is shown, never linked."""
    if urlsplit(url).scheme.lower() not in SAFE_SCHEMES:
        return escape(label or url)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label or url)


def person(user: str, reader: Reader) -> Markup:
    """A mention of a person; one's own stands out."""
    kind = "mention me" if user == reader.person else "mention"
    return Markup('<span class="{}">@{}</span>').format(kind, reader.person_name(user))


def channel(identity: str, reader: Reader, label: str = "") -> Markup:
    """A mention of a channel, linked when the reader can see it."""
    name = reader.channel_name(identity)
    if name is None:
        return Markup('<span class="mention">#{}</span>').format(label or "private channel")
    return Markup('<a class="mention" href="{}/{}">#{}</a>').format(reader.base, identity, name)


def broadcast(name: str) -> Markup:
    """A mention of everybody: @here, @channel, @everyone."""
    return Markup('<span class="mention broadcast">@{}</span>').format(name)


def _lines(text: str, reader: Reader, verbatim: bool) -> Markup:
    """Lines of text, those that begin with > gathered into quotes."""
    drawn = Markup("")
    for quoted, group in groupby(text.split("\n"), key=lambda line: bool(QUOTED.match(line))):
        lines = [QUOTED.sub("", line, count=1) if quoted else line for line in group]
        body = Markup("<br>").join(_inline(line, reader, verbatim) for line in lines)
        drawn += Markup("<blockquote>{}</blockquote>").format(body) if quoted else body
    return drawn


def _inline(text: str, reader: Reader, verbatim: bool) -> Markup:
    return Markup("").join(_pieces(text, reader, verbatim))


def _pieces(text: str, reader: Reader, verbatim: bool) -> Iterator[Markup]:
    """The marks of one line, and the escaped text between them."""
    at = 0
    for match in INLINE.finditer(text):
        yield escape(unescaped(text[at : match.start()]))
        yield _piece(str(match.lastgroup), match, reader, verbatim)
        at = match.end()
    yield escape(unescaped(text[at:]))


def _piece(kind: str, match: re.Match[str], reader: Reader, verbatim: bool) -> Markup:
    inside = match[kind]
    if kind == "code":
        return Markup("<code>{}</code>").format(_code(inside, reader))
    if kind == "control":
        return _control(inside, reader)
    if kind in ("strong", "em", "s"):
        return Markup("<{0}>{1}</{0}>").format(Markup(kind), _inline(inside, reader, verbatim))  # noqa: S704 - ours
    if kind == "emoji":
        return escape(emoji.named(inside))
    if kind == "url" and not verbatim:
        return link(unescaped(inside))
    if kind == "channel" and not verbatim:
        return _channel_called(inside, reader)
    return escape(unescaped(match[0]))


def _channel_called(name: str, reader: Reader) -> Markup:
    for identity, known in reader.channels.items():
        if known == name:
            return channel(identity, reader)
    return escape(f"#{name}")


def _control(inside: str, reader: Reader) -> Markup:
    """What stands between < and >: a mention, a date or a link, with its label after the bar."""
    target, _, label = inside.partition("|")
    label = emoji.replaced(unescaped(label))
    if target.startswith("@"):
        return person(target[1:], reader)
    if target.startswith("#"):
        return channel(target[1:], reader, label)
    if target.startswith("!"):
        return _special(target[1:], label, reader)
    return link(unescaped(target), label)


def _special(target: str, label: str, reader: Reader) -> Markup:
    name, *rest = target.split("^")
    if name == "date" and len(rest) >= 2 and rest[0].lstrip("-").isdigit():
        return _date(int(rest[0]), rest[1], rest[2] if len(rest) > 2 else "", label, reader)
    if name == "subteam" and rest:
        return broadcast(label.removeprefix("@") or rest[0])
    return broadcast(name) if name in ("here", "channel", "everyone") else escape(label or target)


def _date(epoch: int, form: str, url: str, label: str, reader: Reader) -> Markup:
    """A date token; a moment no calendar holds falls back to the label written for it."""
    try:
        drawn = dates.stamp(epoch, dates.written(epoch, unescaped(form), reader), reader)
    except (ValueError, OverflowError, OSError):
        return escape(label)
    return link(unescaped(url), drawn) if url else drawn


def _code(text: str, reader: Reader) -> Markup:
    """Code shows its characters; Slack resolves only what stands between < and >."""
    pieces = re.split(r"<([^<>\n]+)>", text)
    return Markup("").join(
        _control(piece, reader) if at % 2 else escape(unescaped(piece)) for at, piece in enumerate(pieces)
    )


def _broken(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
