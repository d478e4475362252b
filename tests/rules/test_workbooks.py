"""Workbooks in which nothing is ever counted."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from bot.errors import Refused
from bot.rules import workbooks
from tests.rules.registers.test_guard import DANGEROUS


def test_each_table_is_a_sheet_with_numbers_dates_and_texts_as_such() -> None:
    into = io.BytesIO()
    rows = [[1, "a\x07b", Decimal("1.5"), date(2026, 11, 20), True, None, datetime(2026, 1, 2, tzinfo=UTC)]]

    workbooks.write([("risks", list("abcdefg"), rows), ("x" * 40, ["id"], [])], into)

    book = openpyxl.load_workbook(into)
    assert book.sheetnames == ["risks", "x" * 31]
    (titles, values) = book["risks"].iter_rows(values_only=True)
    assert titles == tuple("abcdefg")
    assert values == (
        1,
        "ab",
        1.5,
        datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None),
        True,
        None,
        "2026-01-02T00:00:00+00:00",
    )


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text: str) -> None:
    into = io.BytesIO()

    workbooks.write([("risks", ["event"], [[text]])], into)

    (cell,) = openpyxl.load_workbook(into)["risks"][2]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_a_title_is_no_formula_either() -> None:
    into = io.BytesIO()

    workbooks.write([("risks", ["=1+1"], [])], into)

    assert openpyxl.load_workbook(into)["risks"]["A1"].data_type == "s"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "ROWS", 2)

    with pytest.raises(Refused, match="risks has more rows than a sheet can hold"):
        workbooks.write([("risks", ["id"], [[1], [2], [3]])], io.BytesIO())
