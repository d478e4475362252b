"""A sheet as people send one: which bytes are text, what parts its columns, where its header stands, how it lies."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import Refused
from bot.rules.registers import guard, xlsx
from bot.rules.registers.cells import quoted

LARGEST_FILE = 20 * 1024 * 1024
"""The most bytes of a file that are read."""

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 2_000, 5_000_000
"""The most filled rows, columns and cells of a sheet that are read."""

MOST_CHARACTERS = 32_767
"""The most characters of one cell: a spreadsheet has no more."""

_HEADER_WITHIN = 30
_LABELS_WITHIN = 200
_SAMPLE = 60
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HINT = re.compile(r"\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_BRACKETED = re.compile(r"\(.*\)|\[.*\]|[£$€%#]|[£$€]?[mk]|dd.mm.yy(yy)?|yyyy.mm.dd", re.IGNORECASE | re.DOTALL)

_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_CP1252 = {sign: code for code, sign in _C1.items() if sign}
_CONTINUED = f"[\x80-\xbf{''.join(_CP1252)}]"
_TWICE_ENCODED = re.compile(f"[ÂÃ]{_CONTINUED}|â{_CONTINUED}{{2}}")
_C0 = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], "")
_SPACES = dict.fromkeys([0xA0, 0x202F, 0x2007, 0x2009, 0x3000], " ")
_UNSEEN = dict.fromkeys([0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF], "")
_MENDED = {**_C1, **_C0, **_SPACES, **_UNSEEN}

Cells = tuple[str, ...]
Known = Callable[[str], str]
"""What a label names (the field's name), or nothing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled rows of a file as they lie in it, each with its number counted from 0, and what was found."""

    numbers: tuple[int, ...]
    rows: tuple[Cells, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One record, and where a person finds it: `row 12`, or `column D` of a sheet that lies turned."""

    place: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Sheet:
    """Records under a header; every record is as wide as the header, and no two columns share a title.

    A column without a title is called by its place, and its title is one of the `untitled`.
    """

    titles: Cells
    rows: tuple[Row, ...]
    turned: bool = False
    untitled: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def column(self, at: int) -> list[str]:
        """The values of one column, blanks too."""
        return [row.cells[at] for row in self.rows]

    def across(self, at: int) -> str:
        """A column as it is called to a person: `column "Budget (£m)"`, or `row ...` of a sheet that lies turned."""
        return f"{'row' if self.turned else 'column'} {quoted(title(self.titles[at]))}"


def title(label: str) -> str:
    """A label as it is shown: its first line, without the footnotes below it."""
    return label.partition("\n")[0].strip()


def read(content: bytes, name: str, known: Known) -> Sheet:
    """Read a CSV or XLSX file (told apart by its content) into records; Refused says why a file cannot be read."""
    return shaped(grid(content, name), known)


def grid(content: bytes, name: str) -> Grid:
    """The cells of a file, whatever its kind, mended: no control signs, plain spaces, nothing around a value."""
    if len(content) > LARGEST_FILE:
        raise Refused(f"{name} has more than {LARGEST_FILE // 1024**2} MB. Split it and import the parts.")
    if xlsx.is_workbook(content):
        rows, note = xlsx.cells(content, name)
        return _filled(rows, name, note)
    if trouble := _no_text(content):
        raise Refused(f"{name} {trouble}. Save it as CSV or XLSX and import that.")
    return _delimited(content, name)


def _filled(rows: Iterable[Sequence[str]], name: str, note: str) -> Grid:
    numbers, kept, width = list[int](), list[Cells](), 0
    for number, row in enumerate(rows):
        cells = _mended(row)
        if cells:
            numbers.append(number)
            kept.append(cells)
            width = max(width, len(cells))
            if max(map(len, cells)) > MOST_CHARACTERS:
                raise Refused(f"{name}, row {number + 1}: a cell has more than {MOST_CHARACTERS:,} characters.")
        if len(kept) > MOST_ROWS or width > MOST_COLUMNS or len(kept) * width > MOST_CELLS:
            raise Refused(
                f"{name} is larger than a register can be at row {number + 1}. Split it and import the parts."
            )
    if not kept:
        raise Refused(f"{name} holds nothing: no row has a filled cell.")
    return Grid(tuple(numbers), tuple(cells + ("",) * (width - len(cells)) for cells in kept), (note,))


def _mended(row: Sequence[str]) -> Cells:
    cells = [_unguarded(_once_encoded(cell).translate(_MENDED).strip()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _unguarded(text: str) -> str:
    """One kind of line break, and no apostrophe that an export put before what a spreadsheet would count."""
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return guard.unguarded(text)


def _once_encoded(text: str) -> str:
    """Undo what happens when UTF-8 is read as Windows-1252 and written again, as in "Â£m" and "letâ€™s"."""
    if "Â" not in text and "â" not in text and "Ã" not in text:
        return text
    return _TWICE_ENCODED.sub(_decoded_once, text)


def _decoded_once(found: re.Match[str]) -> str:
    return bytes(ord(sign) if ord(sign) < 256 else _CP1252[sign] for sign in found.group()).decode()


def _no_text(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "is an old Excel file (.xls) or protected with a password"
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"PK\x03\x04")):
        return "is not a spreadsheet"
    if content.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        return "is a web page or XML, not a spreadsheet"
    return ""


# --- text and its columns ------------------------------------------------------------------------------------


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: a byte order mark decides, then UTF-8 if the bytes are, then Windows-1252, Latin-1."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "UTF-16"
    marked = content.startswith(codecs.BOM_UTF8)
    for codec, name in (
        ("utf-8-sig", "UTF-8 with a byte order mark" if marked else "UTF-8"),
        ("cp1252", "Windows-1252"),
    ):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "Latin-1"


def _delimited(content: bytes, name: str) -> Grid:
    text, encoding = decoded(content)
    hint = _HINT.match(text)
    text = text[hint.end() :] if hint else text
    delimiter = hint.group(1) if hint and hint.group(1) in _DELIMITERS else delimiter_of(text)
    note = f"read as {encoding} text with {_DELIMITERS[delimiter]} between columns"
    return _filled(_records(text, delimiter, name), name, note)


def delimiter_of(text: str) -> str:
    """The sign between columns: the one that parts most of the first records into the same number of cells."""
    return max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths: list[int] = []
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                widths.append(len(record))
            if len(widths) == _SAMPLE:
                break
    except csv.Error:
        return 0, 0
    width, count = (
        Counter(width for width in widths if width > 1).most_common(1)[0] if max(widths, default=0) > 1 else (0, 0)
    )
    return count / max(len(widths), 1), width


_END = "\x00end of file\x00"


def _records(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    """The records of a text; a quotation mark that is never closed would swallow the rest, so it is refused."""
    reader = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=delimiter)
    row = 1
    try:
        while not (record := next(reader, [_END])) or not record[-1].endswith(_END):
            yield record
            row += 1
        if record == [_END]:
            return
    except csv.Error:
        pass
    raise Refused(f"{name}, row {row}: a quotation mark is opened there and never closed. Close it and import again.")


# --- header and direction ------------------------------------------------------------------------------------


def shaped(found: Grid, known: Known) -> Sheet:
    """Records under their header: the sheet is turned when its first column, not a row, holds the labels."""
    rows = list(found.rows)
    if not _lies_turned(rows, known):
        return _under_header(rows, known, [f"row {n + 1}" for n in found.numbers], across=_column, notes=found.notes)
    over = [_column(n) for n in range(len(rows[0]))]
    labels = [f"row {n + 1}" for n in found.numbers]
    notes = (*found.notes, "the sheet lies turned: its fields are in rows, its records in columns")
    turned = list(zip(*rows, strict=True))
    return _under_header(turned, known, over, across=labels.__getitem__, notes=notes, turned=True)


def _column(number: int) -> str:
    return f"column {letters(number)}"


def _lies_turned(rows: Sequence[Cells], known: Known) -> bool:
    down = len({known(row[0]) for row in rows[:_LABELS_WITHIN]} - {""})
    across = max(len(_names(row, known)) for row in rows[:_HEADER_WITHIN])
    return down >= 3 and down > across


def _names(labels: Iterable[str], known: Known) -> set[str]:
    return {known(label) for label in labels if label} - {""}


def _under_header(
    rows: Sequence[Cells],
    known: Known,
    places: Sequence[str],
    *,
    across: Callable[[int], str],
    notes: Cells,
    turned: bool = False,
) -> Sheet:
    at, height, labels = _header(rows, known)
    below = rows[at + height :]
    filled = [column for column, label in enumerate(labels) if label or any(row[column] for row in below)]
    titles, repeated = _apart([labels[column] or across(column) for column in filled])
    records = [
        Row(place, tuple([row[column] for column in filled]))
        for place, row in zip(places[at + height :], below, strict=True)
        if any(row)
    ]
    untitled = frozenset(across(column) for column in filled if not labels[column])
    return Sheet(titles, tuple(records), turned, untitled, (*notes, *repeated))


def _header(rows: Sequence[Cells], known: Known) -> tuple[int, int, Cells]:
    """Where the header stands, how many rows it takes (two when groups stand over it) and its labels."""
    best, found = (0, 0), (_first_wide(rows), 1)
    for at in range(min(len(rows), _HEADER_WITHIN)):
        for height in (1, 2):
            labels = _labels(rows, at, height, known)
            score = (len(_names(labels, known)), height if _only_units(rows, at, height) else -height)
            if score[0] and score > (best if best[0] else (0, -9)):
                best, found = score, (at, height)
    return (*found, _labels(rows, *found, known))


def _first_wide(rows: Sequence[Cells]) -> int:
    return next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)


def _labels(rows: Sequence[Cells], at: int, height: int, known: Known) -> Cells:
    """The labels of a header; in one of two rows, a group counts for the columns up to the next."""
    if height == 1 or at + 1 >= len(rows):
        return rows[at]
    group, labels = "", list[str]()
    for upper, lower in zip(rows[at], rows[at + 1], strict=True):
        group = upper or group
        both = f"{group} {lower}" if lower else upper
        labels.append(lower if known(lower) and not known(both) else both)
    return tuple(labels)


def _only_units(rows: Sequence[Cells], at: int, height: int) -> bool:
    """Whether the second row of a header says nothing but units and forms: (£m), dd/mm/yyyy."""
    lower = [cell for cell in rows[at + 1] if cell] if height == 2 and at + 1 < len(rows) else []
    return bool(lower) and all(_BRACKETED.fullmatch(cell) for cell in lower)


def _apart(titles: Sequence[str]) -> tuple[Cells, Cells]:
    seen: Counter[str] = Counter()
    apart: list[str] = []
    for label in titles:
        seen[label] += 1
        apart.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    twice = [label for label, count in seen.items() if count > 1]
    return tuple(apart), tuple(
        f"{seen[label]} columns are called {quoted(label)}: the second goes by {quoted(f'{label} (2)')}"
        for label in twice
    )


def letters(number: int) -> str:
    """The letters by which a spreadsheet calls a column: 0 is A, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
