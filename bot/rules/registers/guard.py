"""The guard of cells: what a spreadsheet would count is made text by an apostrophe, and read back without it."""

import re
from typing import Final

# Signs that begin a formula in Excel, LibreOffice or Google Sheets, also as typed in full width (OWASP: CSV injection).
_COUNTED: Final = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n]")
# An apostrophe that stood there before is kept by a second one.
_GUARDED: Final = re.compile(rf"'*(?:{_COUNTED.pattern})")
# What XML 1.0 cannot hold, and a workbook with it cannot be opened.
_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_counted(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula, blanks before it included."""
    return _COUNTED.match(text) is not None


def guarded(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet may count it."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that `guarded` puts before it."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def for_xml(text: str) -> str:
    """The text without the signs that no XML file may hold."""
    return text if text.isprintable() else _NO_XML.sub("", text)
