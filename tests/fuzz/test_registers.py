"""Registers as people send them, and files that were never one."""

import csv
import io
from datetime import datetime
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules.registers import reading
from bot.rules.registers.fields import PROJECT_FIELDS
from bot.store import Database, imports
from tests.factories import NOW, a_workspace
from tests.fuzz.cases import Cases
from tests.fuzz.strange import WORDS, words

TITLES = [
    "Project name",
    "ID",
    "RAG",
    "Project manager",
    "Budget (£m)",
    "End date",
    "Baseline",
    "Comments",
    "Portfolio",
]
VALUES = (
    "Apollo",
    "7",
    "R",
    "Amber/Red",
    "A",
    "1.2m",
    "12,5",
    "31/12/2027",
    "2027-12-31",
    "46387",
    "ana@acme.example",
    "",
)
titles = st.lists(st.sampled_from([*TITLES, *(field.name for field in PROJECT_FIELDS)]) | words, min_size=1, max_size=6)
rows = st.lists(st.lists(st.sampled_from([*VALUES, *VALUES, *WORDS]) | words, max_size=6), max_size=4)


def read(content: bytes, name: str) -> Any:
    """What a file says; None when it is refused in words."""
    Cases.tried += 1
    try:
        return reading.read(content, name, as_of=NOW.date())
    except Refused:
        return None


@settings(max_examples=700)
@given(
    head=titles, body=rows, delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"])
)
def test_whatever_is_in_a_sheet(
    head: list[str],
    body: list[list[str]],
    delimiter: str,
    encoding: str,
) -> None:
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter).writerows([head, *body])
    read(sheet.getvalue().encode(encoding, "replace"), "register.csv")


@settings(max_examples=500)
@given(
    content=st.binary(max_size=300),
    lead=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"ID,RAG\n1,"]),
)
def test_files_that_were_never_a_register(content: bytes, lead: bytes) -> None:
    read(lead + content, "register.xlsx")


def a_workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (TITLES, VALUES[: len(TITLES)]):
        book.worksheets[0].append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


WORKBOOK = a_workbook()


@settings(max_examples=300)
@given(at=st.integers(0, len(WORKBOOK) - 1), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_workbooks_that_broke_on_the_way(at: int, cut: int, put: bytes) -> None:
    read(WORKBOOK[:at] + put + WORKBOOK[at + cut :], "register.xlsx")


@settings(max_examples=100)
@given(body=rows)
def test_whatever_is_read_is_kept_behind_the_wall(db: Database, body: list[list[str]], now: datetime) -> None:
    sheet = io.StringIO()
    csv.writer(sheet).writerows([TITLES, *body])
    found = read(sheet.getvalue().encode(), "register.csv")
    if found is not None:
        workspace = a_workspace(db)
        with db.transaction(workspace.id) as session:
            imports.keep_projects(session, found.projects, source="register.csv", now=now)
        assert db.faults() == []
