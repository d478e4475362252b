"""Which column of a sheet tells what: by the person's own mapping first, else by its label and by what stands in it."""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.errors import Refused
from bot.rules.registers import kinds, money
from bot.rules.registers.cells import quoted
from bot.rules.registers.fields import IGNORE, REMARKS, Field, Kind
from bot.rules.registers.sheets import Sheet, title

FITS = 1 / 3
"""A guess is kept when at least this part of the column's values can be read as what it was guessed to be."""

_STRONG, _LOOSE, _WITHIN = 300, 200, 100
_LONGEST_LABEL = 400


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is read: where it stands, what it tells, in which unit, and whether a person said so."""

    at: int
    title: str
    field: Field
    unit: money.Unit = money.NO_UNIT
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a sheet were understood: those read, those not, and what is to be said about them."""

    read: tuple[Column, ...]
    unread: tuple[str, ...]
    notes: tuple[str, ...] = ()


# --- labels --------------------------------------------------------------------------------------------------

_YEARS = re.compile(
    r"\b(?:fy ?)?(?:(?:19|20)\d\d|\d\d) ?[/-] ?(?:(?:19|20)?\d\d)\b|\bfy ?(?:20)?\d\d\b|\b(?:financial|fiscal) year\b"
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\([^()]*$")


@lru_cache(maxsize=8192)
def label_words(label: str) -> str:
    """A label as it is compared: without its unit, brackets, punctuation and case; a financial year is "fy".

    >>> label_words("2015/16 Budget (£million)")
    'fy budget'
    """
    bare, _ = money.unit_of(_HUMP.sub(" ", label.replace("_", " ")))
    plain = _YEARS.sub(" fy ", bare.casefold().replace("%", " percent "))
    words = " ".join(re.findall(r"[^\W_]+", _ASIDE.sub(" ", plain)))
    return words or " ".join(re.findall(r"[^\W_]+", plain))


def namer(fields: Sequence[Field], mapping: Mapping[str, str]) -> Callable[[str], str]:
    """A function that gives the name of what a label tells, or nothing; a mapped label tells what it is mapped to."""
    given = {_plain(label): _target(wanted)[0] for label, wanted in mapping.items()}

    @lru_cache(maxsize=8192)
    def name(label: str) -> str:
        if len(label) > _LONGEST_LABEL:
            return ""
        words = label_words(label)
        surest = max((_strength(words, field), field.name) for field in fields)
        return given.get(_plain(label)) or given.get(_plain(title(label))) or (surest[1] if surest[0] else "")

    return name


def _strength(words: str, field: Field) -> int:
    """How surely a label tells a field; 0 is not at all."""
    if words in field.strong:
        return _STRONG
    if words in field.loose:
        return _LOOSE
    apart = words.split()
    if "variance" in apart or field.remark == REMARKS.isdisjoint(apart):
        return 0
    found = [len(phrase.split()) for phrase in field.within if f" {phrase} " in f" {words} "]
    return _WITHIN + max(found) if found else 0


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


def _target(wanted: str) -> tuple[str, money.Unit]:
    bare, unit = money.unit_of(wanted)
    return _ASIDE.sub("", bare).strip().casefold(), unit


# --- columns -------------------------------------------------------------------------------------------------


def understand(sheet: Sheet, fields: Sequence[Field], mapping: Mapping[str, str]) -> Columns:
    """What each column tells. A mapping counts before any guess; each field is told by one column.

    A mapping gives the column's title and the field's name, with a unit where the header states none:
    `{"Whole life cost": "bac (£m)", "Remarks": "ignore"}`. Refused names a column or field that does not exist.
    """
    given = dict(_given(sheet, fields, mapping))
    read = {column.at: column for column in given.values() if column}
    told = {column.field.name for column in read.values()}
    guesses = [guess for guess in _guesses(sheet, fields, given) if guess[2].field.name not in told]
    fitting = [guess for guess in guesses if guess[1] >= FITS]
    for _, _, column in sorted(fitting, key=lambda guess: (-guess[0], -guess[1], guess[2].at)):
        if column.at not in read and (column.field.filled_up or column.field.name not in told):
            read[column.at] = column
            told.add(column.field.name)
    if "name" not in told and (unnamed := _unnamed(sheet, fields, given.keys() | read.keys())):
        read[unnamed.at] = unnamed
    doubtful = {column.at for _, _, column in guesses} - {column.at for _, _, column in fitting} - read.keys()
    return Columns(
        read=tuple(read[at] for at in sorted(read)),
        unread=tuple(label for at, label in enumerate(sheet.titles) if at not in read),
        notes=tuple(
            f"{sheet.across(at)} was not read: few of its values are what its name promises" for at in sorted(doubtful)
        ),
    )


def _guesses(sheet: Sheet, fields: Sequence[Field], given: Container[int]) -> Iterator[tuple[int, float, Column]]:
    for at, label in enumerate(sheet.titles):
        if at in given:
            continue
        words, (_, unit) = label_words(label), money.unit_of(label.replace("_", " "))
        for field in fields:
            strength = _strength(words, field)
            if strength and (not unit.factor or field.kind is Kind.MONEY):
                fit = kinds.fit(field, unit, sheet.column(at))
                yield strength, fit, Column(at, label, field, unit)


def _unnamed(sheet: Sheet, fields: Sequence[Field], taken: Container[int]) -> Column | None:
    """The first column without a title of its own: some registers leave the corner over the names empty."""
    name = next(field for field in fields if field.name == "name")
    free = (at for at, label in enumerate(sheet.titles) if at not in taken and label in sheet.untitled)
    return next((Column(at, sheet.titles[at], name) for at in free), None)


def _given(sheet: Sheet, fields: Sequence[Field], mapping: Mapping[str, str]) -> Iterator[tuple[int, Column | None]]:
    by_name = {field.name: field for field in fields}
    told: dict[str, str] = {}
    for label, wanted in mapping.items():
        at, (name, unit) = _found(sheet, label), _target(wanted)
        if name in ("", IGNORE):
            yield at, None
            continue
        if name not in by_name:
            raise Refused(f'"{wanted}" is nothing a register tells. Choose one of: {", ".join([*by_name, IGNORE])}.')
        if name in told:
            raise Refused(f"{quoted(told[name])} and {quoted(label)} are both mapped to {name}. Choose one of them.")
        told[name] = label
        stated = money.unit_of(sheet.titles[at].replace("_", " "))[1]
        yield at, Column(at, sheet.titles[at], by_name[name], unit if unit != money.NO_UNIT else stated, mapped=True)


def _found(sheet: Sheet, label: str) -> int:
    for shown in (str, title):
        for at, known in enumerate(sheet.titles):
            if _plain(shown(known)) == _plain(label):
                return at
    columns = ", ".join(quoted(title(known)) for known in sheet.titles)
    raise Refused(f"No column is called {quoted(label)}. The columns are: {columns}.")
