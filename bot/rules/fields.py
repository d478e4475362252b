"""What a form holds, read field by field: every fault is kept, so that a person sees all of them at once."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from bot.errors import Refused
from bot.rules import money, words

T = TypeVar("T")

LINE: Final = 300
"""The length of a text that others read in a digest, in characters."""
TEXT: Final = 3000
"""The length of a text that stands on its own record; Slack's inputs take no more."""
SCALE: Final = {str(value): value for value in range(1, 6)}
"""Probability and impact: 1 (very low) to 5 (very high)."""


TOO_OLD: Final = "This is too old to be used. Please open it anew."
LARGEST: Final = 2**31 - 1
"""The largest number that a row can have, on either engine."""


def number(carried: Any, field: str | None = None) -> int:
    """The number of a row as a button, a menu or a form carries it; Refused for anything else."""
    digits = str(carried) if type(carried) in {int, str} else ""
    if not re.fullmatch("[0-9]{1,10}", digits) or int(digits) > LARGEST:
        raise Refused(TOO_OLD, field)
    return int(digits)


class Fields:
    """The values of a form by field name, and what was found wrong with them.

    A reader gives None, or an empty text, for what is absent or wrong. `needs` is what a person is told when the
    field is empty; without it the field may be empty. `settle` raises Refused with every fault, so that what a draft
    puts after an `or` for a field that is needed is never used.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._faults: dict[str, str] = {}

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong with a field; its first fault is the one that is shown."""
        self._faults.setdefault(name, message)

    def settle(self) -> None:
        """Raise Refused when a fault was found."""
        if self._faults:
            raise Refused(fields=self._faults)

    def text(self, name: str, *, needs: str = "", most: int = LINE) -> str:
        """A text of at most so many characters."""
        value = self._values.get(name)
        text = words.tidy("" if value is None else str(value))
        if not text and needs:
            self.fault(name, needs)
        if len(text) > most:
            self.fault(name, f"Keep it to {most} characters; these are {len(text)}.")
        return text

    def choice(self, name: str, options: Mapping[str, T], *, needs: str = "") -> T | None:
        """What one of the options stands for."""
        picked = self.text(name, needs=needs)
        if picked and picked not in options:
            self.fault(name, "Choose one of the list.")
        return options.get(picked)

    def person(self, name: str, *, needs: str = "") -> str | None:
        """Somebody's Slack id."""
        picked = self.text(name, needs=needs)
        if picked and not re.fullmatch(r"[UW][A-Z0-9]{1,30}", picked):
            self.fault(name, "Choose a person of this workspace.")
        return picked or None

    def day(self, name: str, *, needs: str = "", earliest: date | None = None, was: date | None = None) -> date | None:
        """A date as a date picker gives it (ISO 8601), not before the earliest unless it `was` there already."""
        picked = self.text(name, needs=needs)
        try:
            day = date.fromisoformat(picked) if picked else None
        except ValueError:
            self.fault(name, "Choose a date.")
            return None
        if day and words.is_far_off(day):
            self.fault(name, words.FAR_OFF)
        if day and earliest and day < earliest and day != was:
            self.fault(name, "This date has passed: choose today or later.")
        return day

    def amount(self, name: str) -> Decimal | None:
        """An amount of money of 0 or more; blank is None, never 0."""
        typed = self.text(name)
        try:
            amount = money.parse(typed) if typed else None
        except Refused as refused:
            self.fault(name, refused.message)
            return None
        if amount is not None and amount < 0:
            self.fault(name, "An amount cannot be below 0 here.")
        return amount
