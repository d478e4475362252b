"""Sheets: encodings, delimiters, quotes, headers of one and two rows, sheets that lie turned, files that are none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules.registers import sheets
from bot.rules.registers.sheets import Sheet

LABELS = {
    "Name": "name", "Budget": "bac", "RAG": "health", "Sponsor": "sponsor", "Finish Baseline": "finish_baseline",
    "Finish Forecast": "finish", "Budget (£m)": "bac",
}  # fmt: skip


def known(label: str) -> str:
    return LABELS.get(label, "")


def read(text: str | bytes) -> Sheet:
    return sheets.read(text if isinstance(text, bytes) else text.encode(), "register.csv", known)


def values(sheet: Sheet) -> list[list[str]]:
    return [list(row.cells) for row in sheet.rows]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8 text"),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
    ],
)
def test_the_encoding_is_found(encoding: str, said: str) -> None:
    sheet = read("Name,RAG\nCafé – £5,A\n".encode(encoding))

    assert values(sheet) == [["Café – £5", "A"]]
    assert said in sheet.notes[0]


def test_what_windows_cannot_have_written_is_latin_1_with_its_quotes_repaired() -> None:
    sheet = read(b"Name,RAG\nIt\x92s \x81 caf\xe9,A\n")

    assert values(sheet) == [["It’s  café", "A"]]
    assert "Latin-1" in sheet.notes[0]


def test_quotes_that_were_read_with_the_wrong_page_are_repaired() -> None:
    assert values(read("Name,RAG\nIt\x92s \x96 here,A\n")) == [["It’s – here", "A"]]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Â£5", "£5"),
        ("itâ€™s", "it’s"),
        ("cafÃ©", "café"),
        ("It\u00c2\u0092s", "It’s"),
        ("Ã‰–", "É–"),
        ("Â is âge", "Â is âge"),
    ],
)
def test_a_text_that_was_encoded_twice_is_encoded_once_again(broken: str, whole: str) -> None:
    assert values(read(f"Name,RAG\n{broken},A\n")) == [[whole, "A"]]


@pytest.mark.parametrize(("delimiter", "said"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_the_delimiter_is_found(delimiter: str, said: str) -> None:
    text = "\n".join(
        delimiter.join(row) for row in (["Name", "Budget", "RAG"], ["Apollo", "5", "A"], ["Zeus", "6", "R"])
    )

    sheet = read(text)

    assert values(sheet) == [["Apollo", "5", "A"], ["Zeus", "6", "R"]]
    assert said in sheet.notes[0]


def test_commas_within_numbers_and_texts_part_no_columns() -> None:
    text = 'Name;Budget;RAG\nApollo, the first;£2,013.02;A\n"Zeus; or, Jupiter";1,5;R\n'

    assert values(read(text)) == [["Apollo, the first", "£2,013.02", "A"], ["Zeus; or, Jupiter", "1,5", "R"]]


def test_a_spreadsheet_may_say_what_the_delimiter_is() -> None:
    assert values(read("sep=;\r\nName;RAG\r\na,b;c,d\r\n")) == [["a,b", "c,d"]]


def test_an_unknown_hint_is_only_dropped() -> None:
    assert values(read("sep=!\nName,RAG\nApollo,A\n")) == [["Apollo", "A"]]


def test_one_column_needs_no_delimiter() -> None:
    assert values(read("Name\nApollo\nZeus\n")) == [["Apollo"], ["Zeus"]]


def test_line_breaks_in_cells_are_kept_and_rows_are_numbered_as_a_spreadsheet_does() -> None:
    sheet = read('Name,RAG\r\n"Apollo\r\nand\rmore",A\r\n\r\nZeus,R\r\n')

    assert values(sheet) == [["Apollo\nand\nmore", "A"], ["Zeus", "R"]]
    assert [row.place for row in sheet.rows] == ["row 2", "row 4"]


def test_a_lone_carriage_return_ends_a_row_outside_of_quotes() -> None:
    assert values(read("Name,RAG\rApollo,A\rZeus,R\r")) == [["Apollo", "A"], ["Zeus", "R"]]


def test_hard_spaces_outer_spaces_and_unseen_signs_go() -> None:
    assert values(read("Name,RAG\n\u00a0 Apollo\u00a011\u200b ,\ufeffA\x00\n")) == [["Apollo 11", "A"]]


def test_the_guard_of_an_export_against_formulas_is_taken_off() -> None:
    assert values(read("Name,RAG\n'=Apollo,'-5\n'tis,x\n")) == [["=Apollo", "-5"], ["'tis", "x"]]


@pytest.mark.parametrize("filler", ["", "x" * 200_000])
def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_row(filler: str) -> None:
    with pytest.raises(Refused, match=r"register\.csv, row 3: a quotation mark is opened there and never closed"):
        read(f'Name,RAG\nApollo,A\n"Zeus{filler},R\nHera,G\n')


def test_a_title_above_the_header_is_no_header() -> None:
    sheet = read("Register of March,,\n,,\nName,Budget,RAG\nApollo,5,A\n")

    assert sheet.titles == ("Name", "Budget", "RAG")
    assert sheet.rows[0].place == "row 4"


def test_a_group_over_the_header_counts_for_the_columns_up_to_the_next() -> None:
    sheet = read("Name,Finish,,RAG\n,Baseline,Forecast,\nApollo,1 May 2026,2 May 2026,A\n")

    assert sheet.titles == ("Name", "Finish Baseline", "Finish Forecast", "RAG")


def test_a_group_that_says_nothing_is_left_out() -> None:
    assert read("Who,,What,\nName,Sponsor,Budget,RAG\nApollo,Ana,5,A\n").titles == ("Name", "Sponsor", "Budget", "RAG")


def test_a_row_of_units_belongs_to_the_header() -> None:
    sheet = read("Name,Budget,Finish\n,(£m),dd/mm/yyyy\nApollo,5,x\n")

    assert sheet.titles == ("Name", "Budget (£m)", "Finish dd/mm/yyyy")
    assert values(sheet) == [["Apollo", "5", "x"]]


def test_without_a_known_label_the_first_row_of_several_cells_is_the_header() -> None:
    assert read("Titel\nProjekt,Ampel\nApollo,A\n").titles == ("Projekt", "Ampel")
    assert read("Titel\nApollo\n").titles == ("Titel",)


def test_the_header_may_be_all_there_is() -> None:
    assert read("Name,RAG").rows == ()


def test_columns_of_one_name_are_kept_apart_and_said() -> None:
    sheet = read("Name,RAG,RAG,RAG\nApollo,A,G,R\n")

    assert sheet.titles == ("Name", "RAG", "RAG (2)", "RAG (3)")
    assert sheet.notes[-1] == '3 columns are called "RAG": the second goes by "RAG (2)"'


def test_a_column_without_title_goes_by_its_letters_and_an_empty_one_goes() -> None:
    sheet = read("Name,,,RAG\nApollo,,x,A\n")

    assert sheet.titles == ("Name", "column C", "RAG")
    assert sheet.untitled == {"column C"}


def test_a_sheet_that_lies_turned_is_turned() -> None:
    sheet = read("Name,Apollo,Zeus\nBudget,5,6\nRAG,A,R\n,x,y\nSponsor,Ana,Bob\n")

    assert sheet.turned
    assert sheet.titles == ("Name", "Budget", "RAG", "row 4", "Sponsor")
    assert [(row.place, row.cells) for row in sheet.rows] == [
        ("column B", ("Apollo", "5", "A", "x", "Ana")),
        ("column C", ("Zeus", "6", "R", "y", "Bob")),
    ]
    assert sheet.across(1) == 'row "Budget"'
    assert sheet.column(1) == ["5", "6"]


def test_a_label_is_shown_by_its_first_line() -> None:
    assert read('Name,"RAG\n(a footnote)"\nApollo,A\n').across(1) == 'column "RAG"'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "holds nothing"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel file"),
        (b"%PDF-1.7", "is not a spreadsheet"),
        (b"PK\x03\x04rest", "is not a spreadsheet"),
        (b" <!DOCTYPE html><table>", "is a web page"),
        (b"a" * (sheets.LARGEST_FILE + 1), "has more than 20 MB"),
    ],
)
def test_what_is_no_register_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(content)


@pytest.mark.parametrize(("most", "limit", "row"), [("MOST_ROWS", 4, 5), ("MOST_COLUMNS", 4, 1), ("MOST_CELLS", 9, 2)])
def test_what_is_too_large_for_a_register_is_refused_at_the_row(
    monkeypatch: pytest.MonkeyPatch, most: str, limit: int, row: int
) -> None:
    monkeypatch.setattr(sheets, most, limit)

    with pytest.raises(Refused, match=f"register.csv is larger than a register can be at row {row}"):
        read("a,b,c,d,e\n" * 9)


def test_letters_of_columns() -> None:
    assert [sheets.letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.binary(max_size=300) | st.text(alphabet='Name,;\t|"\r\n£RAG', max_size=200).map(str.encode))
def test_no_bytes_are_too_strange(content: bytes) -> None:
    with suppress(Refused):
        sheet = read(content)
        assert all(len(row.cells) == len(sheet.titles) for row in sheet.rows)
        assert len(set(sheet.titles)) == len(sheet.titles)


def test_a_cell_without_end_is_refused() -> None:
    said = f"Name,Comments\nApollo,fine\nGemini,{'x' * 32_768}\n"
    with pytest.raises(Refused, match=r"r\.csv, row 3: a cell has more than 32,767 characters"):
        sheets.grid(said.encode(), "r.csv")
    assert sheets.grid(said.replace("xx", "x", 1).encode(), "r.csv").rows[2][1] == "x" * 32_767
