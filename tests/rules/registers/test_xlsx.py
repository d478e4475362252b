"""XLSX workbooks: which sheet is read, and what its cells say."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from bot.errors import Refused
from bot.rules.registers import xlsx

NOON = datetime.fromisoformat("2026-04-03T12:00")


def a_workbook(*sheets: list[list[Any]], titles: tuple[str, ...] = ("One", "Two", "Three"), **formats: str) -> Workbook:
    book = Workbook()
    book.remove(book["Sheet"])
    for title, rows in zip(titles, sheets, strict=False):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for place, form in formats.items():
            sheet[place].number_format = form
    return book


def packed(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            text = before.read(part)
            after.writestr(part, change(text.decode()) if part == name else text)
    return file.getvalue()


def read(book: Workbook | bytes) -> tuple[xlsx.Rows, str]:
    content = book if isinstance(book, bytes) else packed(book)
    assert xlsx.is_workbook(content)
    return xlsx.cells(content, "register.xlsx")


def test_cells_say_what_a_person_would_type() -> None:
    rows = [
        ["Apollo", 12, 12.5, 1e16, True, None, date(2026, 4, 3), NOON, "#N/A", 0.455],
        [timedelta(hours=1), float("1e-7")],
    ]

    found, said = read(a_workbook(rows, J1="0.0%"))

    assert found[0] == (
        "Apollo", "12", "12.5", "1e+16", "TRUE", "", "2026-04-03", "2026-04-03 12:00:00", "#N/A", "45.5%",
    )  # fmt: skip
    assert found[1] == ("1:00:00", "1e-07")
    assert said == 'read the sheet "One"'


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_named() -> None:
    cover, table = [["Register"], ["of March"]], [["Name", "RAG"], ["Apollo", "A"]]

    assert read(a_workbook(cover, table, table)) == (
        (("Name", "RAG"), ("Apollo", "A")),
        'read the sheet "Two"; not read: One, Three',
    )


def test_without_a_table_the_first_sheet_that_holds_anything_is_read() -> None:
    assert read(a_workbook([], [["Name"], ["Apollo"]], [["x"]]))[0] == (("Name",), ("Apollo",))


def test_a_hidden_sheet_is_not_read() -> None:
    book = a_workbook([["Name", "RAG"], ["Old", "A"]], [["Name", "RAG"], ["New", "A"]])
    book["One"].sheet_state = "hidden"

    assert read(book)[0][1] == ("New", "A")


def test_an_empty_workbook_holds_nothing() -> None:
    assert read(a_workbook([])) == ((), "no sheet of the workbook holds anything")


def test_a_formula_gives_its_stored_value_and_without_one_its_text() -> None:
    book = a_workbook([["Name", "Budget", "RAG"], ["Apollo", "=1+1", "=2+2"]])
    book["One"]["A3"] = ArrayFormula("A3", "=B2:B2")
    book["One"]["B3"].number_format = "0.00"
    book["One"]["C3"] = 5
    content = changed(
        packed(book),
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(r"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", "<f>1+1</f><v>2</v>", text),
    )

    assert read(content)[0] == (("Name", "Budget", "RAG"), ("Apollo", "2", "=2+2"), ("=B2:B2", "", "5"))


def test_a_wrong_size_in_the_file_is_not_believed() -> None:
    content = packed(a_workbook([["Name", "RAG"], ["Apollo", "A"]]))
    content = changed(content, "xl/worksheets/sheet1.xml", lambda text: text.replace('ref="A1:B2"', 'ref="A1:A1"'))

    assert read(content)[0] == (("Name", "RAG"), ("Apollo", "A"))


def test_a_number_that_is_none_is_said_as_it_stands() -> None:
    content = packed(a_workbook([["Name", "Budget"], ["Apollo", 5]]))
    content = changed(content, "xl/worksheets/sheet1.xml", lambda text: text.replace("<v>5</v>", "<v>1e999</v>"))

    assert read(content)[0][1] == ("Apollo", "inf")


def test_rows_and_cells_far_away_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    book = a_workbook([["Name", "RAG"], ["Apollo", "A"]])
    book["One"]["A100"] = "far"
    monkeypatch.setattr(xlsx, "MOST_ROWS", 50)
    with pytest.raises(Refused, match="unpacks to more than can be read"):
        read(book)

    monkeypatch.setattr(xlsx, "MOST_ROWS", 200)
    monkeypatch.setattr(xlsx, "MOST_CELLS", 3)
    with pytest.raises(Refused, match="unpacks to more than can be read"):
        read(book)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/more.bin"])
def test_a_part_that_is_packed_far_too_well_is_refused(part: str) -> None:
    content = packed(a_workbook([["Name", "RAG"], ["Apollo", "A"]]))
    with zipfile.ZipFile(file := io.BytesIO(content), "a", zipfile.ZIP_DEFLATED) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        book.writestr(part, b" " * 2_000_000)

    with pytest.raises(Refused, match="unpacks to more than can be read"):
        xlsx.cells(file.getvalue(), "register.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LARGEST_UNPACKED", 1_000)

    with pytest.raises(Refused, match=r"register\.xlsx unpacks to more than can be read"):
        read(a_workbook([["Name"]]))


def test_a_damaged_workbook_is_refused() -> None:
    content = changed(packed(a_workbook([["Name", "RAG"]])), "xl/worksheets/sheet1.xml", lambda text: text[:-30])

    with pytest.raises(Refused, match=r"register\.xlsx is a damaged workbook"):
        read(content)


@pytest.mark.parametrize("content", [b"Name,RAG", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
def test_other_bytes_are_no_workbook(content: bytes) -> None:
    assert not xlsx.is_workbook(content)


@given(st.integers(0, 6_000), st.binary(min_size=1, max_size=20))
def test_no_damage_is_too_strange(at: int, damage: bytes) -> None:
    content = packed(a_workbook([["Name", "RAG"], ["Apollo", "=1+1"]]))
    broken = content[: at % len(content)] + damage + content[at % len(content) + len(damage) :]
    with suppress(Refused):
        xlsx.cells(broken, "register.xlsx")
