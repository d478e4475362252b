"""Exports: what somebody may take with them, in which form, and how a value stands in a cell."""

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import IO, Any, Final

from bot.errors import Refused
from bot.rules.access import Act
from bot.rules.registers.guard import for_xml, guarded
from bot.rules.terms import Health

KEPT: Final = timedelta(days=30)
"""For how long it is kept who asked for which export; that one was made stays in the audit trail."""

CELL: Final = 32_767
"""The most characters of a cell: Excel takes no more."""

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The moment that stands in a ZIP: the same rows make the same bytes."""

Table = tuple[str, Iterable[str], Iterable[Iterable[Any]]]
Cell = str | int | Decimal | date | bool | None


class Form(StrEnum):
    """The kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def ending(self) -> str:
        """How the file's name ends: several CSV files come in one ZIP."""
        return "zip" if self is Form.CSV else self.value


class Part(StrEnum):
    """What is in an export."""

    ALL = "all"
    PROJECTS = "projects"
    RISKS = "risks"
    ESCALATIONS = "escalations"
    REPORTS = "reports"
    AUDIT = "audit"
    MINE = "me"


ACTS: Final[Mapping[Part, tuple[Act, ...]]] = {
    **dict.fromkeys(Part, (Act.EXPORT,)),
    Part.ALL: (Act.EXPORT, Act.SEE_AUDIT),
    Part.AUDIT: (Act.EXPORT, Act.SEE_AUDIT),
    Part.MINE: (Act.EXPORT_MINE,),
}
"""What somebody must be allowed to do who takes a part along; what concerns themselves is everybody's."""

UNKNOWN: Final = (
    "Say what and as which kind of file, such as `/pmo export risks xlsx`, `/pmo export all` or `/pmo export me`."
)


def one_line(text: str) -> tuple[Part, Form]:
    """What `/pmo export risks xlsx` asks for, its words in any order; CSV where no form is named."""
    said = text.lower().split()
    parts = [Part(word) for word in said if word in set(Part)]
    forms = [Form(word) for word in said if word in set(Form)]
    if len(parts) != 1 or len(forms) > 1 or len(said) != len(parts) + len(forms):
        raise Refused(UNKNOWN)
    return parts[0], forms[0] if forms else Form.CSV


def draft(values: Mapping[str, Any]) -> tuple[Part, Form]:
    """What the form asks for; Refused, at its field, for what is not on offer."""
    faults = {
        name: "Choose one of the list."
        for name, offered in (("part", set(Part)), ("form", set(Form)))
        if values.get(name) not in offered
    }
    if faults:
        raise Refused(fields=faults)
    return Part(values["part"]), Form(values["form"])


def name(workspace: str, part: Part, form: Form, day: date) -> str:
    """What the file is called: letters, digits and hyphens only, whatever the workspace is called."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in workspace.lower()).split()
    return f"{'-'.join(words)[:40].strip('-') or 'pmo'}-{part}-{day}.{form.ending}"


# --- values --------------------------------------------------------------------------------------------------


def cell(value: Any) -> Cell:
    """A value as a cell holds it: numbers and dates as such, ratings by their letter, all else as a text that is safe.

    A text that a spreadsheet would count stands behind an apostrophe, which our import takes off again.
    """
    if value is None or isinstance(value, bool | Decimal):
        return value
    if isinstance(value, Enum):
        return _word(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int | date):
        return value
    return guarded(for_xml(_text(value))[: CELL - 1])


def plain(value: Any) -> Any:
    """A value as JSON keeps it, from which it can be made again: ranks, words, ISO 8601, money as text."""
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | StrEnum) else value


def _word(value: Enum) -> str:
    if isinstance(value, Health):
        return value.letter
    return value.name.lower() if isinstance(value, IntEnum) else str(value.value)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value.isoformat("minutes") if isinstance(value, time) else str(value)


# --- files ---------------------------------------------------------------------------------------------------


class _Echo:
    """Gives each line of the CSV writer back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(titles: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A table as the lines of a CSV file (RFC 4180), with the mark by which Excel knows UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(titles)
    for row in rows:
        yield writer.writerow([_in_csv(cell(value)) for value in row])


def write_csv(tables: Iterable[Table], into: IO[bytes]) -> None:
    """Each table (name, titles, rows) as a CSV file in one ZIP."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, titles, rows in tables:
            with packed.open(zipfile.ZipInfo(f"{name}.csv", EPOCH), "w", force_zip64=True) as file:
                write_text(csv_lines(titles, rows), file)


def write_text(lines: Iterable[str], into: IO[bytes]) -> None:
    """Lines as bytes, a handful of them at a time."""
    for line in lines:
        into.write(line.encode())


def json_lines(about: Mapping[str, Any], tables: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> Iterator[str]:
    """One JSON object: what it is about, and under `tables` each table's rows, a row to a line."""
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "tables": {'
    for number, (table, rows) in enumerate(tables):
        yield f"{',' if number else ''}\n{json.dumps(table)}: ["
        for at, row in enumerate(rows):
            kept = {name: plain(value) for name, value in row.items()}
            yield f"{',' if at else ''}\n{json.dumps(kept, ensure_ascii=False)}"
        yield "\n]"
    yield "\n}}\n"


def _in_csv(value: Cell) -> str | int | Decimal:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else "" if value is None else value
