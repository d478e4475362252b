"""Workbooks: tables written as an XLSX file in which nothing is ever counted, however many rows there are."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from bot.errors import Refused
from bot.rules import exports

ROWS: Final = 1_048_575
"""The most rows of a sheet under its titles: Excel has no more."""
TITLE: Final = 31


def write(tables: Iterable[exports.Table], into: IO[bytes]) -> None:
    """Write each table (name, titles, rows) to a sheet of its own; Refused when one has more rows than a sheet."""
    book = Workbook(write_only=True)
    try:
        for name, titles, rows in tables:
            sheet = book.create_sheet(name[:TITLE])
            sheet.freeze_panes = "A2"
            sheet.append([_written(sheet, title) for title in titles])
            for number, row in enumerate(rows):
                if number == ROWS:
                    raise Refused(f"{name} has more rows than a sheet can hold. Choose CSV.")
                sheet.append([_written(sheet, exports.cell(value)) for value in row])
        book.save(into)
    finally:
        _let_go(book)


def _written(sheet: Any, value: exports.Cell) -> Any:
    """A number or date as such; a text as a text, whatever it begins with."""
    if value is None or isinstance(value, bool | int | Decimal | date):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _let_go(book: Workbook) -> None:
    """Leave no file behind: what was not saved is on the disk until then."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
            sheet._writer.cleanup()  # type: ignore[attr-defined]
    book.close()
