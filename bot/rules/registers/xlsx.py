"""The cells of an XLSX workbook as texts: its first sheet that holds a table, dates and shares as they are meant."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any

import openpyxl
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import TranslatorError

from bot.errors import Refused

LARGEST_UNPACKED = 100 * 1024 * 1024
"""The most bytes a workbook may unpack to: a small file can unpack to a very large one."""

DENSEST = 100
"""How many times its packed size a part of more than a megabyte may unpack to; what people type reaches 10 to 40."""

MOST_CELLS = 1_000_000
"""The most cells of a sheet that are looked at, empty ones between others included."""

MOST_ROWS = 1_048_576
"""The most rows of a sheet, empty ones between others included: Excel has no more."""

Rows = tuple[tuple[str, ...], ...]

_BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
    TokenizerError, TranslatorError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged workbook may end in: a parse error is a SyntaxError, an encrypted one a RuntimeError."""


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a packed Excel workbook, whatever the file is called."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return any(name.lower() == "xl/workbook.xml" for name in packed.namelist())
    except _BROKEN:
        return False


def cells(content: bytes, name: str) -> tuple[Rows, str]:
    """The rows of the first visible sheet that holds a table, and a sentence on what was read and what was not.

    A formula gives the value that was stored with it; one without stored value gives its own text, which no kind of
    value takes for one. A cell in the format of per cent gives per cent.
    """
    with _readable(name):
        _check_size(content)
        return _chosen(content)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _BROKEN as error:
        raise Refused(f"{name} is a damaged workbook. Open it in a spreadsheet and save it again.") from error
    except _TooLarge as error:
        raise Refused(f"{name} unpacks to more than can be read. Keep the register alone in the file.") from error


class _TooLarge(Exception):
    pass


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_is_a_bomb, parts)):
        raise _TooLarge


def _is_a_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > max(1024 * 1024, part.compress_size * DENSEST)


def _chosen(content: bytes) -> tuple[Rows, str]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    tables = ((sheet.title, _texts(content, sheet)) for sheet in visible)
    read = [found for found in _until_table(tables) if any(map(any, found[1]))]
    if not read:
        return (), "no sheet of the workbook holds anything"
    title, rows = read[-1] if _is_table(read[-1][1]) else read[0]
    others = [sheet.title for sheet in book.worksheets if sheet.title != title]
    return rows, f'read the sheet "{title}"' + (f"; not read: {', '.join(others)}" if others else "")


def _until_table(sheets: Iterator[tuple[str, Rows]]) -> Iterator[tuple[str, Rows]]:
    for sheet in sheets:
        yield sheet
        if _is_table(sheet[1]):
            return


def _is_table(rows: Rows) -> bool:
    """Two rows of two filled cells; a cover page has none."""
    return sum(sum(map(bool, row)) > 1 for row in rows[:500]) > 1


def _texts(content: bytes, sheet: Any) -> Rows:
    sheet.reset_dimensions()
    rows, uncounted = list[list[str]](), set[tuple[int, int]]()
    for number, row in enumerate(_bounded(sheet), 1):
        texts = [text(cell) for cell in row]
        uncounted |= {(number, at) for at, cell in enumerate(row) if _may_be_uncounted(cell)}
        rows.append(texts)
    if uncounted:
        _name_formulas(content, sheet.title, rows, uncounted)
    return tuple(map(tuple, rows))


def _bounded(sheet: Any) -> Iterator[tuple[Any, ...]]:
    seen = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        seen += len(row)
        if seen > MOST_CELLS or number > MOST_ROWS:
            raise _TooLarge
        yield row


def text(cell: Any) -> str:
    """The value of a cell as a person would type it: dates in ISO form, numbers without a needless fraction."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return str(value)


def _number(value: float, form: str) -> str:
    if not isfinite(value):
        return repr(value)
    if "%" in form:
        return f"{(Decimal(repr(value)) * 100).normalize():f}%"
    return str(int(value)) if value == int(value) and abs(value) < 10**15 else repr(value)


def _may_be_uncounted(cell: Any) -> bool:
    """A formula that no spreadsheet has counted yet looks like an empty cell that is there only for its format."""
    return cell.value is None and hasattr(cell, "row") and cell.data_type == "n"


def _name_formulas(content: bytes, title: str, rows: list[list[str]], uncounted: set[tuple[int, int]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheet: Any = book[title]
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), 1):
        for at, cell in enumerate(row):
            if cell.data_type == "f" and (number, at) in uncounted:
                rows[number - 1][at] = str(getattr(cell.value, "text", cell.value))
