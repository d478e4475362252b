"""A register of projects from CSV or XLSX: what goes in, what does not and why, and how its columns were understood."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.errors import Refused
from bot.rules.registers import columns as columns_of
from bot.rules.registers import dates, kinds, money, sheets
from bot.rules.registers import entries as entries_of
from bot.rules.registers.cells import Reading, is_blank, normalised, quoted, unread
from bot.rules.registers.columns import Column, Columns
from bot.rules.registers.dates import DateOrder
from bot.rules.registers.entries import ProjectEntry, ReportEntry
from bot.rules.registers.fields import PROJECT_FIELDS, Kind, comment_field, health_field
from bot.rules.registers.sheets import Row, Sheet
from bot.rules.terms import Dimension, Health, ProjectState

_TOTAL = re.compile(
    r"(?:grand |sub ?|overall |portfolio |programme )?totals?(?: \d+| projects?| of .*)?|sum|average|count"
)
_HEADING_FROM = 3
_REPORTED = (
    "commentary",
    "achievements",
    "next_period",
    "decisions_needed",
    "finish",
    "bac",
    "eac",
    "actual_cost",
    "complete",
)
_ELSEWHERE = {
    "name", "id", "year", "period_end", "currency", "health", "commentary", "achievements", "next_period",
    "decisions_needed", *(name(dimension) for dimension in Dimension for name in (health_field, comment_field)),
}  # fmt: skip
_OF_PROJECT = [field.name for field in PROJECT_FIELDS if field.name not in _ELSEWHERE]


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell, or a whole row where `column` is empty, that was not taken or not taken as it stands, and why."""

    row: str
    column: str
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.row}, {self.column}: {self.why}" if self.column else f"{self.row}: {self.why}"


@dataclass(frozen=True, slots=True)
class Register:
    """All that a file told: projects with their reports, refused cells in the order of the file, notes, columns."""

    projects: tuple[ProjectEntry, ...]
    refused: tuple[RefusedCell, ...]
    notes: tuple[str, ...]
    columns: Columns
    rows: int = 0

    @property
    def mapping(self) -> dict[str, str]:
        """How the columns were understood, in the form in which a person may give a mapping."""
        return {column.title: _wanted(column) for column in self.columns.read}


def _wanted(column: Column) -> str:
    unit = " ".join(filter(None, (column.unit.currency, money.short(column.unit.factor))))
    return f"{column.field.name} ({unit})" if unit and column.field.kind is Kind.MONEY else column.field.name


@dataclass(slots=True)
class _Found:
    """What is gathered while the rows are read."""

    entries: list[ProjectEntry] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(content: bytes, name: str, mapping: Mapping[str, str] | None = None, *, as_of: date | None = None) -> Register:
    """Read a register from the bytes of a CSV or XLSX file; Refused says why a file as a whole cannot be read.

    `mapping` says what columns tell where their labels do not (see `columns.understand`). `as_of` is the
    day the register tells of when no column says so.
    """
    given = mapping or {}
    return read_projects(sheets.read(content, name, columns_of.namer(PROJECT_FIELDS, given)), given, as_of=as_of)


def read_projects(sheet: Sheet, mapping: Mapping[str, str], *, as_of: date | None = None) -> Register:
    """The projects of a sheet. A refused cell never costs its row, a row without a name is left out, and both are said.

    Rows of one project for several periods become one project with a report for each.
    """
    columns = columns_of.understand(sheet, PROJECT_FIELDS, mapping)
    _check_named(sheet, columns)
    readers, notes = _readers(sheet, columns)
    found = _Found(notes=[*sheet.notes, *columns.notes, *notes])
    for row in sheet.rows:
        _take(row, sheet, readers, found, as_of=as_of)
    return _register(sheet, columns, found)


def _check_named(sheet: Sheet, columns: Columns) -> None:
    if all(column.field.name != "name" for column in columns.read):
        shown = ", ".join(quoted(sheets.title(label)) for label in sheet.titles)
        raise Refused(
            f'No column holds the names of the projects. Map the one that does to "name". The columns are: {shown}.'
        )


# --- how each column is read ---------------------------------------------------------------------------------

_Readers = list[tuple[Column, kinds.Reader]]


def _readers(sheet: Sheet, columns: Columns) -> tuple[_Readers, list[str]]:
    values = {column.at: sheet.column(column.at) for column in columns.read}
    days = {column.at: dates.order_of(values[column.at]) for column in columns.read if column.field.kind in kinds.DATES}
    proven = set(days.values()) - {None}
    elsewhere = proven.pop() if len(proven) == 1 else None
    readers = [
        (column, kinds.reader(column.field, column.unit, values[column.at], elsewhere)) for column in columns.read
    ]
    readers.sort(key=lambda pair: pair[0].field.kind is not Kind.CURRENCY)
    doubtful = [at for at, order in days.items() if order is None and dates.has_order(values[at])]
    notes = [_on_order(sheet.across(at), elsewhere) for at in doubtful]
    bare = [column for column in columns.read if _states_no_unit(column, values[column.at])]
    return readers, [*notes, *([_on_units(sheet, bare)] if bare else [])]


def _on_order(column: str, elsewhere: DateOrder | None) -> str:
    if elsewhere:
        return f"{column}: dates were read as {elsewhere.value}, as the other columns of the file prove"
    return f"{column}: dates were read as {DateOrder.DAY_FIRST.value}, though nothing in it proves which comes first"


def _states_no_unit(column: Column, values: Iterable[str]) -> bool:
    if column.field.kind is not Kind.MONEY or column.unit.factor:
        return False
    filled = [value for value in values if not is_blank(value)]
    return bool(filled) and not any(money.has_unit(value) for value in filled)


def _on_units(sheet: Sheet, bare: list[Column]) -> str:
    named = ", ".join(sheet.across(column.at) for column in bare)
    return f'{named}: no unit is stated, so amounts count as they stand; for millions map to "{bare[0].field.name} (m)"'


# --- rows ----------------------------------------------------------------------------------------------------


def _take(row: Row, sheet: Sheet, readers: _Readers, found: _Found, *, as_of: date | None) -> None:
    at = next(column.at for column, _ in readers if column.field.name == "name")
    first = next(cell for cell in row.cells if cell)
    if why := _no_project(row, sheet, at, first):
        found.notes.append(f"{row.place} {quoted(first)} {why}")
    elif why := _incomplete(row, at, len(readers)):
        found.refused.append(RefusedCell(row.place, "", first, f"{quoted(first)} {why}; left out"))
    else:
        told = _told(row, sheet, readers, found.refused)
        dated = any(column.field.name == "period_end" for column, _ in readers)
        found.entries.append(_entry(row.place, told, as_of, dated=dated))


def _no_project(row: Row, sheet: Sheet, at: int, first: str) -> str:
    if row.cells[at] and columns_of.label_words(row.cells[at]) == columns_of.label_words(sheet.titles[at]):
        return "repeats the header"
    if _TOTAL.fullmatch(normalised(row.cells[at] or first)):
        return "is a total, not a project"
    return "is a heading, not a project" if not row.cells[at] and row.cells.count("") == len(row.cells) - 1 else ""


def _incomplete(row: Row, at: int, columns: int) -> str:
    if is_blank(row.cells[at]):
        return "stands in a row without the name of a project"
    alone = row.cells.count("") == len(row.cells) - 1
    return "stands alone in its row and was taken for a heading" if alone and columns >= _HEADING_FROM else ""


def _told(row: Row, sheet: Sheet, readers: _Readers, refused: list[RefusedCell]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for column, reader in readers:
        cell = row.cells[column.at]
        if is_blank(cell) or column.field.name in told:
            continue
        reading = reader(cell)
        if isinstance(reading.value, money.Amount):
            reading = _in_currency(cell, reading.value, told)
        if reading.why:
            refused.append(RefusedCell(row.place, sheet.across(column.at), cell, reading.why))
        if reading.value is not None:
            told[column.field.name] = reading.value
    return told


def _in_currency(cell: str, amount: money.Amount, told: dict[str, Any]) -> Reading[Decimal]:
    """The amount, when it is in the currency of the project: that of its own column, else of its first amount."""
    known = told.setdefault("currency", amount.currency) or amount.currency
    if amount.currency not in ("", known):
        return unread(cell, f"is in {amount.currency}, the project in {known}")
    told["currency"] = known
    return Reading(amount.value)


def _entry(place: str, told: Mapping[str, Any], as_of: date | None, *, dated: bool = False) -> ProjectEntry:
    """The project of a row; where the register says which period each report is of, one without reports nothing."""
    period_end = told.get("period_end") or (date(told["year"], 12, 31) if "year" in told else as_of)
    report = _report(place, told, period_end)
    return ProjectEntry(
        place,
        told["name"],
        period_end,
        told.get("id"),
        currency=told.get("currency", ""),
        reports=() if _is_no_report(report, dated=dated) and not {"period_end", "year"} & told.keys() else (report,),
        **{name: told[name] for name in _OF_PROJECT if name in told},
    )


def _is_no_report(report: ReportEntry, *, dated: bool) -> bool:
    """Whether nothing was said: not even figures, or those alone where what was said has the day it was said of."""
    return report.says_nothing or (dated and report.says_figures_alone)


def _report(place: str, told: Mapping[str, Any], period_end: date | None) -> ReportEntry:
    return ReportEntry(
        place,
        period_end,
        told.get("health", Health.NOT_SET),
        {dimension: told[name] for dimension in Dimension if told.get(name := health_field(dimension))},
        {dimension: told[name] for dimension in Dimension if (name := comment_field(dimension)) in told},
        **{name: told[name] for name in _REPORTED if name in told},
    )


# --- the whole -----------------------------------------------------------------------------------------------


def _register(sheet: Sheet, columns: Columns, found: _Found) -> Register:
    joined, repeated = entries_of.joined(found.entries)
    projects, gone = _without_gone(joined, columns)
    found.refused += [
        RefusedCell(late.place, "", late.name, f"{quoted(late.name)} stands in {first.place} already; left out")
        for late, first in repeated
    ]
    order = {row.place: at for at, row in enumerate(sheet.rows)}
    found.refused.sort(key=lambda refused: order[refused.row])
    notes = (*found.notes, *entries_of.other_spellings(found.entries, projects), *_renumbered(found.entries, projects))
    return Register(tuple(projects), tuple(found.refused), (*notes, *gone), columns, len(sheet.rows))


def _without_gone(projects: list[ProjectEntry], columns: Columns) -> tuple[list[ProjectEntry], list[str]]:
    """A register by years that tells no states: who is not in its newest year has left the portfolio and is closed."""
    told = {column.field.name for column in columns.read}
    periods = [project.period_end for project in projects if project.period_end]
    if "year" not in told or "state" in told or not periods:
        return projects, []
    newest = max(periods)
    gone = {project.identity for project in projects if project.period_end and project.period_end < newest}
    note = f"not in the newest year of the register, and so taken as closed: {len(gone)} of {len(projects)} projects"
    closed = [replace(each, state=ProjectState.CLOSED) if each.identity in gone else each for each in projects]
    return closed, [note] if gone else []


def _renumbered(entries: Iterable[ProjectEntry], projects: Iterable[ProjectEntry]) -> Iterator[str]:
    kept = {project.identity for project in projects}
    ids = dict.fromkeys(entry.external_id for entry in entries if entry.external_id and entry.identity not in kept)
    if ids:
        yield f"projects whose id changed were joined with their newer row: {', '.join(filter(None, ids))}"
