"""The audit trail: where an act comes from, how an entry is sealed, and which part of the trail is asked for."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.errors import Refused
from bot.rules.references import KEY, Reference, find_ref

CLOCK: Final = "clock"
IMPORT: Final = "import"
SLACK: Final = "slack"
OPERATOR: Final = "operator"
"""Where an act of nobody's comes from: the time came, a register was read, Slack told of it, an operator did it."""

REFUSED: Final = "refused"
"""What an entry says of an act that somebody wanted and had no right to."""

USAGE: Final = (
    "Write it like `/pmo audit APOLLO-R12`, `/pmo audit APOLLO` or `/pmo audit @ann`; "
    "`/pmo audit` alone shows the latest."
)
TOO_OLD: Final = "This button is too old. `/pmo audit` shows the latest."

_PERSON: Final = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>")
_PACKED: Final = re.compile(r"(all|(?:project|person|record:[a-z_]{1,40}):[0-9]{1,9})/([<>]?)([0-9]{1,9})")


PEOPLE: Final = "people"
PROJECTS: Final = "projects"
PORTFOLIOS: Final = "portfolios"
POINTS_TO: Final[Mapping[str, str]] = {
    **dict.fromkeys(("manager", "sponsor", "deputy", "member", "asked", "sponsor_id", "decider_id"), PEOPLE),
    **dict.fromkeys(("owner_id", "path_owner_id", "action_owner_id", "person_id", "shared_by"), PEOPLE),
    **dict.fromkeys(("closed_by", "acknowledged_by", "decided_by", "withdrawn_by", "installed_by"), PEOPLE),
    "portfolio_id": PORTFOLIOS,
    "confidential": PROJECTS,
}
"""The fields in a change whose values are the numbers of rows, and the table of these."""


def numbers(value: Any) -> list[int]:
    """The numbers of rows in such a value: none, one or several."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, int) and not isinstance(each, bool)]


def seal(before: str, entry: Mapping[str, Any]) -> str:
    """The seal of an entry, given the one before it ("" for the first): SHA-256 of both, in 64 hexadecimal digits.

    The entry is all its columns as JSON in ASCII, without spaces, keys in order, moments in UTC by ISO 8601. What is
    null is left out, so that a column added later breaks no chain.
    """
    told = {name: value for name, value in entry.items() if value is not None}
    return hashlib.sha256(f"{before}{_JSON.encode(told)}".encode("ascii")).hexdigest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_JSON: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_moment)


class About(StrEnum):
    """What a part of the trail is about."""

    ALL = "all"
    PROJECT = "project"
    PERSON = "person"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: nothing, a person by their id in Slack, a reference, or the key of a project."""

    person: str | None = None
    reference: Reference | None = None
    key: str | None = None


def read(text: str) -> Asked:
    """What is asked for by the words after `/pmo audit`; Refused for anything that names nothing."""
    words = text.strip()
    if not words:
        return Asked()
    if found := _PERSON.fullmatch(words):
        return Asked(person=found[1])
    reference = find_ref(words)
    if reference is not None and str(reference) == words.upper():
        return Asked(reference=reference)
    if re.fullmatch(KEY, words):
        return Asked(key=words.upper())
    raise Refused(USAGE)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the trail: of everything, a project, a person or a record, the newest entry first.

    `of` is the number of the project or person, or the record (`risks:88`). The page is the newest before an entry,
    or the oldest after one; with neither it is the first. So it stays what it was while new entries come.
    """

    about: About = About.ALL
    of: str = ""
    before: int | None = None
    after: int | None = None

    @property
    def record(self) -> str:
        """The record that the page is about, as the trail names it; empty for everything."""
        return {About.PROJECT: f"{PROJECTS}:{self.of}", About.PERSON: f"{PEOPLE}:{self.of}"}.get(self.about, self.of)

    def older(self, than: int) -> "Part":
        """The page before this entry."""
        return replace(self, before=than, after=None)

    def newer(self, than: int) -> "Part":
        """The page after this entry."""
        return replace(self, before=None, after=than)

    def packed(self) -> str:
        """The page as a button carries it."""
        what = f"{self.about}:{self.of}" if self.of else str(self.about)
        if self.after is not None:
            return f"{what}/>{self.after}"
        return f"{what}/<{self.before}" if self.before is not None else f"{what}/0"


def unpack(text: str) -> Part:
    """The page that a button carries; Refused for anything that is not of ours."""
    found = _PACKED.fullmatch(text)
    if not found:
        raise Refused(TOO_OLD)
    about, _, of = found[1].partition(":")
    part = Part(About(about), of)
    if not found[2]:
        return part
    return part.older(int(found[3])) if found[2] == "<" else part.newer(int(found[3]))
