"""What one cell of a register says: a rating, a person, a share, a text, or nothing."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Generic, TypeVar

from bot.errors import Refused
from bot.rules import projects
from bot.rules.terms import Health, ProjectState

T = TypeVar("T")

QUOTED_LENGTH = 80
"""How much of a refused value is repeated to the person, in characters."""

_BLANKS = frozenset({"", "-", "--", "–", "—", "n/a", "na", "n.a.", "none", "null", "not applicable"})
_LEFT_BLANK = "left blank"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was taken from a cell, and why something of it was not: both may be there, as for a text that was cut."""

    value: T | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a register names one: by name, address or Slack id, whichever the cell held."""

    name: str = ""
    email: str = ""
    slack_id: str = ""


def is_blank(text: str) -> bool:
    """Nothing, a dash, or a word that only says that there is nothing; never a zero."""
    return text.strip().casefold() in _BLANKS


def quoted(text: str) -> str:
    """The value as it is repeated to the person: on one line and not too long."""
    line = " ".join(text.split())
    return f'"{line[: QUOTED_LENGTH - 1]}…"' if len(line) > QUOTED_LENGTH else f'"{line}"'


def unread(text: str, why: str, *, then: str = _LEFT_BLANK) -> Reading[T]:
    """A cell of which nothing was taken: `"TBD" is not a date; left blank`."""
    return Reading(None, f"{quoted(text)} {why}; {then}")


def normalised(text: str) -> str:
    """What is compared when two names are to be the same one: no case, accents of form, punctuation or extra spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(sign if sign.isalnum() else " " for sign in folded)
    return " ".join(letters.split()) or " ".join(folded.split())


# --- ratings -------------------------------------------------------------------------------------------------

_RATINGS = {
    Health.GREEN: ("g", "green", "on track", "🟢"),
    Health.AMBER_GREEN: ("ag", "a/g", "g/a", "amber/green", "green/amber"),
    Health.AMBER: ("a", "y", "amber", "yellow", "at risk", "🟡", "🟠"),
    Health.AMBER_RED: ("ar", "a/r", "r/a", "amber/red", "red/amber"),
    Health.RED: ("r", "red", "off track", "🔴"),
    Health.DONE: ("b", "blue", "done", "complete", "completed", "closed", "finished", "🔵"),
    Health.NOT_SET: ("x", "grey", "gray", "white", "not set", "not rated", "no rating", "⚪"),
}
_HEALTH_OF = {word: health for health, wordings in _RATINGS.items() for word in wordings}


@lru_cache(maxsize=4096)
def rating(text: str) -> Reading[Health]:
    """A RAG rating by letter, word or mark, in any case and with any dash or slash.

    A blank is not set; so is a sentence ("Exempt ...", "Reset"), which is said. Neither is ever green.
    """
    if is_blank(text):
        return Reading(Health.NOT_SET)
    words = " ".join(re.sub(r"[-_–]", " ", text.casefold()).split())
    slashed = re.sub(r" ?[/\\&|] ?", "/", words)
    for wording in (slashed, slashed.replace(" ", "/"), words.removesuffix(" rating"), words.removesuffix(" status")):
        if wording in _HEALTH_OF:
            return Reading(_HEALTH_OF[wording])
    return Reading(Health.NOT_SET, f"{quoted(text)} is not a rating; left not set")


# --- lifecycle -----------------------------------------------------------------------------------------------

_STATES = {
    ProjectState.PROPOSED: ("proposed", "proposal", "idea", "pipeline", "candidate", "draft", "new"),
    ProjectState.APPROVED: ("approved", "authorised", "authorized", "pending", "not started", "planned"),
    ProjectState.INITIATING: ("initiating", "initiation", "initiate", "start up", "startup", "discovery", "definition"),
    ProjectState.PLANNING: ("planning", "plan", "design", "in planning"),
    ProjectState.EXECUTING: ("executing", "execution", "in progress", "active", "live", "open", "running", "delivery",
                             "delivering", "in delivery", "implementation", "build", "ongoing", "started", "wip",
                             "work in progress", "in flight"),
    ProjectState.CLOSING: ("closing", "closure", "closeout", "close out", "handover"),
    ProjectState.ON_HOLD: ("on hold", "hold", "paused", "suspended", "stopped", "deferred"),
    ProjectState.CLOSED: ("closed", "complete", "completed", "done", "finished", "delivered", "closed complete"),
    ProjectState.POST_REVIEWED: ("post reviewed", "reviewed", "post review"),
    ProjectState.CANCELLED: ("cancelled", "canceled", "terminated", "withdrawn", "discontinued", "abandoned",
                             "rejected", "closed incomplete"),
}  # fmt: skip
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}


def lifecycle(text: str) -> Reading[ProjectState]:
    """The state of a project's life by the words registers use for it."""
    if is_blank(text):
        return Reading()
    state = _STATE_OF.get(normalised(text))
    return Reading(state) if state else unread(text, "is not a state of a project")


# --- people --------------------------------------------------------------------------------------------------

_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^>]{0,80})?>|([UW][A-Z0-9]{8,20})")
_NAMED_MENTION = re.compile(r"([^<>]{0,120}?) *<@([UW][A-Z0-9]{2,20})>")
_ADDRESS = re.compile(r"[^@\s<>()]{1,64}@[^@\s<>()]{1,189}\.[^@\s<>().]{2,60}")
_SEVERAL = re.compile(r"[;\n/&]|\band\b")
NAME_LENGTH = 120
"""The longest name of a person that is kept, in characters."""


def person(text: str) -> Reading[Person]:
    """One person: a name, `Ana Diaz <ana@example.org>`, an address or a Slack mention; of several the first.

    Our own export writes `Ana Diaz <@U0ANADIAZ>`: whatever the name, that is who is meant.
    """
    if is_blank(text):
        return Reading()
    if ours := _NAMED_MENTION.fullmatch(text):
        return Reading(Person(name=ours[1], slack_id=ours[2]))
    first, *others = [part.strip() for part in _SEVERAL.split(text) if part.strip()] or [""]
    found = _one_person(first)
    if found is None:
        return unread(text, "is not the name of a person")
    return Reading(found, f"{quoted(text)} names several people; the first was taken" if others else "")


def _one_person(text: str) -> Person | None:
    mention = _MENTION.fullmatch(text)
    if mention:
        return Person(slack_id=mention.group(1) or mention.group(2))
    address = _ADDRESS.search(text)
    name = " ".join(_ADDRESS.sub(" ", text).strip("<>()@ ,").replace("<", "").split()).strip("( ,")
    if len(name) > NAME_LENGTH or not (address or any(sign.isalpha() for sign in name)):
        return None
    return Person(name=name, email=address.group().casefold() if address else "")


# --- shares, years, texts ------------------------------------------------------------------------------------

_SHARE = re.compile(r"([-+]?\d{1,9}(?:[.,]\d{1,20})?) ?(%|percent|per cent)?", re.IGNORECASE)


def counts_from_one(values: Iterable[str]) -> bool:
    """Whether a column writes its shares as parts of one (0.45) instead of per cent (45): none is above one."""
    numbers = [_SHARE.fullmatch(value) for value in values]
    plain = [_decimal(match.group(1)) for match in numbers if match and not match.group(2)]
    return bool(plain) and max(plain) <= 1 and any(number not in (0, 1) for number in plain)


def share(text: str, *, of_one: bool = False) -> Reading[Decimal]:
    """Per cent from 0 to 100; `of_one` says that a number without a sign is a part of one."""
    if is_blank(text):
        return Reading()
    match = _SHARE.fullmatch(text)
    if not match:
        return unread(text, "is not a percentage")
    number = _decimal(match.group(1)) * (100 if of_one and not match.group(2) else 1)
    return Reading(number) if 0 <= number <= 100 else unread(text, "is not between 0 and 100 per cent")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


_YEAR = re.compile(r"(?:fy|cy)? ?((?:19|20|21)\d\d)(?:\.0)?(?: ?[/-] ?((?:19|20|21)?\d\d))?|fy ?(\d\d)", re.IGNORECASE)


def year(text: str) -> Reading[int]:
    """A year: 2021, FY21, or 2020/21, which is known by the year it ends in."""
    if is_blank(text):
        return Reading()
    match = _YEAR.fullmatch(text)
    if not match:
        return unread(text, "is not a year")
    first, last, short = match.groups()
    return Reading(2000 + int(short) if short else int(first[: 4 - len(last)] + last) if last else int(first))


def words(text: str, *, limit: int, one_line: bool) -> Reading[str]:
    """A text up to the limit of characters; a longer one is cut there, which is said."""
    if is_blank(text):
        return Reading()
    whole = " ".join(text.split()) if one_line else text
    if len(whole) <= limit:
        return Reading(whole)
    return Reading(whole[:limit].rstrip(), f"{quoted(whole)} has {len(whole):,} characters; cut at {limit:,}")


_MOST_DIGITS = 40


def key(text: str) -> Reading[str]:
    """The key that stands before a reference, in capitals: 2 to 10 letters and digits, a letter first."""
    if is_blank(text):
        return Reading()
    try:
        return Reading(projects.check_key(text))
    except Refused:
        return unread(text, "is not a key (2 to 10 letters and digits, a letter first, and no command)")


def number(text: str) -> Decimal | None:
    """A number written plainly or as spreadsheets do (1.5E+06), or None."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value.adjusted() < _MOST_DIGITS else None
