"""Dates as Slack writes them: its date tokens, in the reader's own zone, in British order."""

import re
from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from bot.playground.page.reader import Reader

TOKEN = re.compile(r"\{(\w+)\}")


def clock(moment: datetime) -> str:
    """A time of day on the 24-hour clock."""
    return f"{moment:%H:%M}"


def day(moment: datetime) -> str:
    """A day of the month without a leading zero, its month and its year."""
    return f"{moment.day} {moment:%B %Y}"


def short_day(moment: datetime) -> str:
    """As `day`, with the month in three letters."""
    return f"{moment.day} {moment:%b %Y}"


def long_day(moment: datetime) -> str:
    """As `day`, with the day of the week before it."""
    return f"{moment:%A}, {day(moment)}"


def near(moment: datetime, today: datetime) -> str | None:
    """Yesterday, today or tomorrow; None for any other day."""
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - today.date()).days)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago a moment was, or how far ahead it lies, in its largest whole unit."""
    seconds = (now - moment).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = int(abs(seconds) // size)
        if count:
            length = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"{length} ago" if seconds > 0 else f"in {length}"
    return "just now"


def heading(moment: datetime, today: datetime) -> str:
    """The words over the messages of one day."""
    word = near(moment, today)
    return word.capitalize() if word in ("yesterday", "today") else long_day(moment)


FORMATS: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda moment: f"{moment:%Y-%m-%d}",
    "date_slash": lambda moment: f"{moment:%d/%m/%Y}",
    "date": day,
    "date_short": short_day,
    "date_long": long_day,
    "date_long_full": long_day,
    "time": clock,
    "time_secs": lambda moment: f"{moment:%H:%M:%S}",
}


def written(epoch: float, form: str, reader: Reader) -> str:
    """Slack's date format with each token replaced; a token Slack does not know stays as it is."""
    moment, today = reader.local(epoch), reader.today()

    def token(match: re.Match[str]) -> str:
        name = match[1]
        if name == "ago":
            return ago(moment, today)
        if name == "day_divider_pretty":
            return heading(moment, today)
        plain = name.removesuffix("_pretty")
        if plain not in FORMATS:
            return match[0]
        word = near(moment, today) if name != plain else None
        return word or FORMATS[plain](moment)

    return TOKEN.sub(token, form)


def stamp(epoch: float, text: str, reader: Reader) -> Markup:
    """A moment as HTML: the words given, with the exact moment for machines and on hovering."""
    moment = reader.local(epoch)
    exact = f"{long_day(moment)} at {moment:%H:%M:%S}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), exact, text)
