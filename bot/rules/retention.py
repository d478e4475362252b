"""Retention: for how long a client's records are kept after the bot was removed."""

import re
from datetime import datetime, timedelta
from typing import Final

from bot.errors import Refused

LONGEST: Final = 3650
"""The most days that may be agreed: ten years."""

GONE_POSTS: Final = timedelta(days=30)
"""For how long a message that was taken away from Slack is kept here, in case it is asked about."""

_DAYS: Final = re.compile(r"([0-9]{1,5})(?: ?days?| ?d)?")
NO_DAYS: Final = f"Say it in days, from 0 to {LONGEST:,}, such as `/pmo retention 90 days`."


def days(text: str, field: str | None = None) -> int:
    """The days that somebody typed: 90, 90 days, 90d."""
    found = _DAYS.fullmatch(text.strip().lower())
    if found is None or int(found[1]) > LONGEST:
        raise Refused(NO_DAYS, field)
    return int(found[1])


def ends_at(removed_at: datetime, kept_days: int) -> datetime:
    """When the records of a workspace that the bot was removed from are deleted."""
    return removed_at + timedelta(days=kept_days)
