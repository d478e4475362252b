"""What somebody may take along, and how a value stands in a cell."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules import exports
from bot.rules.access import Act
from bot.rules.exports import ACTS, Form, Part
from bot.rules.terms import Health, RiskState, Severity

MOMENT = datetime(2026, 11, 20, 15, 0, 7, 123, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("risks xlsx", (Part.RISKS, Form.XLSX)),
        ("JSON all", (Part.ALL, Form.JSON)),
        ("me", (Part.MINE, Form.CSV)),
    ],
)
def test_one_line_says_what_and_as_what(said: str, meant: tuple[Part, Form]) -> None:
    assert exports.one_line(said) == meant


@pytest.mark.parametrize("said", ["", "xlsx", "risks projects", "risks csv xlsx", "risks please"])
def test_what_cannot_be_understood_is_refused_with_examples(said: str) -> None:
    with pytest.raises(Refused, match="/pmo export risks xlsx"):
        exports.one_line(said)


def test_the_form_says_the_same() -> None:
    assert exports.draft({"part": "audit", "form": "json"}) == (Part.AUDIT, Form.JSON)


def test_every_fault_of_the_form_is_marked() -> None:
    with pytest.raises(Refused) as refused:
        exports.draft({"part": "tokens"})

    assert list(refused.value.fields) == ["part", "form"]


def test_everything_and_the_trail_need_the_right_to_the_trail_and_what_is_ones_own_needs_none_of_it() -> None:
    assert ACTS[Part.ALL] == ACTS[Part.AUDIT] == (Act.EXPORT, Act.SEE_AUDIT)
    assert ACTS[Part.RISKS] == (Act.EXPORT,)
    assert ACTS[Part.MINE] == (Act.EXPORT_MINE,)
    assert set(ACTS) == set(Part)


@pytest.mark.parametrize(
    ("workspace", "name"),
    [
        ("Northwind", "northwind-risks-2026-11-20.zip"),
        ("../../etc/pässwd", "etc-p-sswd-risks-2026-11-20.zip"),
        ("北風", "pmo-risks-2026-11-20.zip"),
        ("x" * 90, f"{'x' * 40}-risks-2026-11-20.zip"),
    ],
)
def test_a_file_has_a_plain_name(workspace: str, name: str) -> None:
    assert exports.name(workspace, Part.RISKS, Form.CSV, date(2026, 11, 20)) == name


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (True, True),
        (-5, -5),
        (Decimal("-12.50"), Decimal("-12.50")),
        (date(2026, 11, 20), date(2026, 11, 20)),
        (MOMENT, "2026-11-20T15:00:07+00:00"),
        (time(9, 30), "09:30"),
        (Health.AMBER_RED, "AR"),
        (Severity.VERY_HIGH, "very_high"),
        (RiskState.CLOSED, "closed"),
        ({}, ""),
        ({"schedule": 6}, '{"schedule": 6}'),
        (["é"], '["é"]'),
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("a\x00b", "ab"),
        ("x" * 40_000, "x" * 32_766),
    ],
)
def test_numbers_stay_numbers_and_texts_are_made_safe(value: Any, cell: Any) -> None:
    assert exports.cell(value) == cell
    assert type(exports.cell(value)) is type(cell)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Health.RED, 6),
        (RiskState.CLOSED, "closed"),
        (Decimal("1.10"), "1.10"),
        (MOMENT, "2026-11-20T15:00:07.000123+00:00"),
        (time(9, 30), "09:30:00"),
        ("=1+1", "=1+1"),
        (True, True),
        ({"a": [1]}, {"a": [1]}),
    ],
)
def test_json_keeps_what_it_can_be_made_of_again(value: Any, kept: Any) -> None:
    assert exports.plain(value) == kept
    assert type(exports.plain(value)) is type(kept)


def test_a_zip_holds_a_csv_file_for_each_table_that_any_reader_takes() -> None:
    rows = [[1, 'two\nlines, and "quotes"', None, True, date(2026, 11, 20)], [2, "=cmd", Decimal("1.5"), False, None]]
    packed = io.BytesIO()

    exports.write_csv([("risks", ["id", "event", "a", "b", "c"], rows), ("none", ["id"], [])], packed)

    with zipfile.ZipFile(packed) as opened:
        assert opened.namelist() == ["risks.csv", "none.csv"]
        text = opened.read("risks.csv").decode("utf-8-sig")
        assert opened.read("none.csv") == b"\xef\xbb\xbfid\r\n"
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["id", "event", "a", "b", "c"],
        ["1", 'two\nlines, and "quotes"', "", "yes", "2026-11-20"],
        ["2", "'=cmd", "1.5", "no", ""],
    ]


def test_the_same_rows_make_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for into in (first, second):
        exports.write_csv([("risks", ["id"], [[1]])], into)

    assert first.getvalue() == second.getvalue()


def test_json_is_one_object_with_a_line_for_each_row() -> None:
    tables = [("people", [{"id": 1, "name": "Zoë"}, {"id": 2, "name": "Bo"}]), ("risks", [])]

    lines = "".join(exports.json_lines({"format": "pmo-bot"}, tables))

    assert json.loads(lines) == {
        "format": "pmo-bot",
        "tables": {"people": [{"id": 1, "name": "Zoë"}, {"id": 2, "name": "Bo"}], "risks": []},
    }
    assert '\n{"id": 2, "name": "Bo"}' in lines
