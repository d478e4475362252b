"""Retention: for how long records are kept after the bot was removed, and how to change that."""

from typing import Final

from bot.store.tables import Message
from bot.views.blocks import section
from bot.views.text import plural

NOW: Final = "at once"


def shown(days: int) -> Message:
    """How long it is now."""
    said = f"After PMO Bot is removed from this workspace, its records are kept for {_long(days)}, and then deleted."
    if not days:
        said = "When PMO Bot is removed from this workspace, its records are deleted at once."
    return Message(
        said,
        [
            section(
                f"{said} Installed again before that, it goes on where it stopped. `/pmo retention 90 days` changes it."
            )
        ],
    )


def changed(days: int, before: int) -> Message:
    """What whoever changed it reads."""
    if days == before:
        return Message(f"It was {_long(days)} before: nothing was changed.")
    kept = f"kept for {_long(days)}" if days else "deleted at once"
    return Message(
        f"From now on records are {kept} after PMO Bot is removed. It was {_long(before)} before; "
        f"`/pmo retention {before} days` sets it back."
    )


def _long(days: int) -> str:
    return plural(days, "day")
