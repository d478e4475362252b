"""Words on their way to Slack: what a person typed stays what they typed, and never becomes a mention or mark-up.

Three kinds of text, and the way into each:

* `mrkdwn` (section, fields, context): `escape`, and everything here that returns mrkdwn.
* `text` of a message (notifications, screen readers): `plain`, one line of mrkdwn without style.
* `plain_text` (header, button, option, label, title): the typed words as they are; `blocks` calls `line` on them.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import takewhile
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import regex

from bot import rules
from bot.rules.forgetting import is_pseudonym
from bot.rules.terms import Health, Severity

ELLIPSIS = "…"
NOTHING = "–"
"""What stands where nothing was said: Slack refuses an empty text."""

_UNSEEN = "\u200b"
_GRAPHEME = regex.compile(r"\X")
_PIECE = regex.compile(r"<[^<>]*>|&(?:amp|lt|gt);|\X")
_BROKEN = regex.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = regex.compile(r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069--[\n\t]]", regex.V1)
_STYLE = regex.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")
_LOOK_ALIKE = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_QUOTE = regex.compile(r"^(?=[ \t]*>)", regex.MULTILINE)
_SHOUT = regex.compile(r"@(?=here|channel|everyone|group)", regex.IGNORECASE)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_PERSON = regex.compile(r"[UW][A-Z0-9]+")
_CHANNEL = regex.compile(r"[CG][A-Z0-9]+")

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STYLES = {
    "moment": "{date_short_pretty} at {time}",
    "day": "{date_short_pretty}",
    "time": "{time}",
    "ago": "{ago}",
}
# A circle for good, a triangle for doubt, a square for bad: the shape says it to who cannot tell the colours.
_MARKS = {
    Health.NOT_SET: "⚪",
    Health.DONE: "🔵",
    Health.GREEN: "🟢",
    Health.AMBER_GREEN: "🟡",
    Health.AMBER: "⚠️",
    Health.AMBER_RED: "🟧",
    Health.RED: "🟥",
}


# What people typed


def escape(typed: str, limit: int | None = None) -> str:
    """Typed words as mrkdwn that shows them letter by letter, at most `limit` characters of mrkdwn when given.

    `& < >` are escaped, so that no mention, link or date is left; control characters and those that turn the
    direction of writing are dropped. What Slack would read as style is shown by a character that looks the same:
    `* _ ~` at the edge of a word and backticks (a zero-width space, often advised, does not stop a backtick); `>`
    at the start of a line and @here get a zero-width space, for nothing looks like them. Names of emoji stay.
    """
    inert = _STYLE.sub(_look_alike, _SHOUT.sub("@" + _UNSEEN, _clean(typed)))
    safe = _QUOTE.sub(_UNSEEN, inert).translate(_ESCAPES)
    return safe if limit is None else cut_mrkdwn(safe, limit)


def plain(typed: str, limit: int = 150) -> str:
    """Typed words for the `text` of a message: one line, escaped as Slack demands there, no mention possible."""
    return escape(_one_line(typed), limit)


def line(typed: str, limit: int) -> str:
    """Typed words for a plain_text object, which Slack shows as they are: one line of 1 to `limit` characters."""
    return cut(_one_line(typed), limit) or NOTHING


def cut(typed: str, limit: int) -> str:
    """At most `limit` characters of a text without mark-up; what was left off shows as an ellipsis.

    No grapheme is split: a flag, a family or a letter with its accents is kept whole or left off.
    """
    return typed if len(typed) <= limit else _cut(_GRAPHEME, typed, limit)


def cut_mrkdwn(safe: str, limit: int) -> str:
    """At most `limit` characters of mrkdwn, never ending inside an entity, a mention, a link or a date."""
    return safe if len(safe) <= limit else _cut(_PIECE, safe, limit)


def quote(typed: str, limit: int | None = None) -> str:
    """Typed words as a quotation: each line behind a bar."""
    quoted = "\n".join(f"> {escape(part)}" for part in _clean(typed).split("\n"))
    return quoted if limit is None else cut_mrkdwn(quoted, limit)


# What Slack draws


def is_person(slack_id: str | None) -> bool:
    """Whether this has the shape of a person's id in Slack."""
    return bool(slack_id and _PERSON.fullmatch(slack_id))


def is_channel(slack_id: str | None) -> bool:
    """Whether this has the shape of a channel's id in Slack."""
    return bool(slack_id and _CHANNEL.fullmatch(slack_id))


def mention(slack_id: str | None) -> str:
    """A person by their id in Slack, who is told; a forgotten one by their pseudonym; `nobody` for anything else."""
    if is_person(slack_id):
        return f"<@{slack_id}>"
    return str(slack_id) if is_pseudonym(slack_id) else "nobody"


def channel_link(slack_id: str | None) -> str:
    """A channel by its id in Slack, as a link; `no channel` for anything that is not such an id."""
    return f"<#{slack_id}>" if is_channel(slack_id) else "no channel"


def link(url: str, label: str) -> str:
    """Typed words as a link; without a sound http(s) address the words alone."""
    words = escape(_one_line(label.replace("|", "¦"))) or NOTHING
    return f"<{_address(url)}|{words}>" if _is_web(url) else words


def when(moment: datetime, zone: str, style: Literal["moment", "day", "time", "ago"] = "moment") -> str:
    """A moment in the reader's own zone, as mrkdwn; where Slack cannot, in the IANA zone given, which is named."""
    return f"<!date^{int(moment.timestamp())}^{_STYLES[style]}|{clock(moment, zone)}>"


def clock(moment: datetime, zone: str) -> str:
    """A moment in words, for plain_text: 'Fri 4 Dec 2026, 15:00 Europe/Berlin'."""
    local = moment.astimezone(_zone(zone))
    return f"{day(local.date())}, {local:%H:%M} {zone}"


def day(date: date, today: date | None = None) -> str:
    """A date in words, 'Fri 4 Dec 2026'; without its year when that is the year of `today`."""
    year = "" if today and today.year == date.year else f" {date.year}"
    return f"{_WEEKDAYS[date.weekday()]} {date.day} {_MONTHS[date.month - 1]}{year}"


# What the field says


def health(rating: Health) -> str:
    """A health as mark, letter and word: '🟥 [R] Off track'. Without the mark it says the same."""
    return f"{_MARKS[rating]} [{rating.letter}] {rules.health.word(rating)}"


def health_short(rating: Health) -> str:
    """A health as mark and letter, where there is no room for the word: '🟥 R'."""
    return f"{_MARKS[rating]} {rating.letter}"


def severity(level: Severity, score: int | None = None) -> str:
    """The class of a risk, with its score (probability times impact, 1 to 25) when there is one: 'High 12'."""
    word = level.name.replace("_", " ").capitalize()
    return word if score is None else f"{word} {score}"


def shift(days: int) -> str:
    """By how many working days something moved: +21 wd; `as planned` where it did not."""
    return f"{days:+d} wd" if days else "as planned"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: '1 risk', '2 risks', '1,204 entries'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def join_lines(*parts: str | None) -> str:
    """The lines that say something, one under the other."""
    return "\n".join(part for part in parts if part)


def listed(parts: Iterable[str]) -> str:
    """Words in a row: 'a', 'a and b', 'a, b and c'."""
    *first, last = [*parts] or [NOTHING]
    return f"{', '.join(first)} and {last}" if first else last


def _clean(typed: str) -> str:
    return typed if typed.isprintable() else _UNWANTED.sub("", _BROKEN.sub("\n", typed))


def _one_line(typed: str) -> str:
    return " ".join(_clean(typed).split())


def _look_alike(mark: regex.Match[str]) -> str:
    return _LOOK_ALIKE[mark[0]]


def _cut(pieces: regex.Pattern[str], text: str, limit: int) -> str:
    room = limit - len(ELLIPSIS)
    end = max(takewhile(lambda end: end <= room, (piece.end() for piece in pieces.finditer(text))), default=0)
    return text[:end].rstrip() + ELLIPSIS


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _address(url: str) -> str:
    return "%20".join(_clean(url).split()).replace("|", "%7C").translate(_ESCAPES)


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
