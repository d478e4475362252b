"""table and data_table: their cells, which way columns lean, and what a column is sorted by."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.playground.page import rich_text
from bot.playground.page.reader import Json, Reader

SIDES = ("left", "center", "right")


@dataclass(frozen=True)
class Cell:
    """One cell: what it shows, what it is sorted by, and the button in it when there is one."""

    html: Markup
    key: str
    button: Json | None = None


@dataclass(frozen=True)
class Column:
    """How a column looks: its side, whether long text wraps, whether it holds figures alone."""

    side: str = "left"
    wrapped: bool = False
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its first row taken as its head."""

    head: list[Cell]
    rows: list[list[Cell]]
    columns: list[Column]
    row_header: int | None = None
    page_size: int = 0


def table(block: Json, reader: Reader) -> Table:
    """The plain table block, its columns set as `column_settings` says."""
    head, *rows = _cells(block, reader) or [[]]
    settings = list(block.get("column_settings") or [])
    settings += [None] * (len(head) - len(settings))
    return Table(head, rows, [_column(setting or {}) for setting in settings])


def data_table(block: Json, reader: Reader) -> Table:
    """The data_table block: sorted by figures where a column has nothing else, paged by five unless told."""
    head, *rows = _cells(block, reader) or [[]]
    raw = list(block.get("rows", []))[1:]
    numeric = [bool(raw) and all(_is_number(row, at) for row in raw) for at in range(len(head))]
    columns = [Column("right" if figures else "left", numeric=figures) for figures in numeric]
    return Table(head, rows, columns, int(block.get("row_header_column_index") or 0), int(block.get("page_size") or 5))


def _cells(block: Json, reader: Reader) -> list[list[Cell]]:
    return [[_cell(cell, reader) for cell in row] for row in block.get("rows", [])]


def _cell(cell: Json | None, reader: Reader) -> Cell:
    """A cell; an empty place in a row is an empty cell."""
    cell = cell or {}
    if cell.get("type") == "rich_text":
        return Cell(rich_text.html(cell, reader), rich_text.words(cell, reader))
    if cell.get("type") == "action_cell":
        button = cell.get("element") or {}
        return Cell(Markup(""), str((button.get("text") or {}).get("text", "")), button)
    text = str(cell.get("text", ""))
    return Cell(escape(text), str(cell.get("value", text)))


def _column(setting: Json) -> Column:
    side = str(setting.get("align") or "left")
    return Column(side if side in SIDES else "left", bool(setting.get("is_wrapped")))


def _is_number(row: list[Json], at: int) -> bool:
    return at < len(row) and (row[at] or {}).get("type") == "raw_number"
