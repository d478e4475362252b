"""How a column of each kind is read, in the style that its values prove: day or month first, decimal comma or point."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from bot.rules.registers import cells, dates, money
from bot.rules.registers.cells import Reading
from bot.rules.registers.dates import DateOrder
from bot.rules.registers.fields import Field, Kind

Reader = Callable[[str], Reading[Any]]

DATES = frozenset({Kind.OPENING, Kind.CLOSING})
"""The kinds that are days."""

_SAMPLE = 200
_UNCHECKED = 0.5
_WORDS_FIT = 0.34
_TEXTS = frozenset({Kind.LINE, Kind.PERSON})


def reader(field: Field, unit: money.Unit, values: Sequence[str], order: DateOrder | None = None) -> Reader:
    """The function that reads one cell of a column, in the style of the column.

    `order` is what the other columns of the file prove about days and months; the column's own proof counts before it.
    """
    if field.kind in DATES:
        own = dates.order_of(values) or order or DateOrder.DAY_FIRST
        return partial(dates.day, order=own, last_of_month=field.kind is Kind.CLOSING)
    if field.kind is Kind.MONEY:
        return partial(money.amount, unit=unit, decimal_comma=money.has_decimal_comma(values))
    if field.kind is Kind.SHARE:
        return partial(cells.share, of_one=cells.counts_from_one(values))
    if field.kind in (Kind.LINE, Kind.TEXT):
        return partial(cells.words, limit=field.limit, one_line=field.kind is Kind.LINE)
    return _PLAIN[field.kind]


_PLAIN: dict[Kind, Reader] = {
    Kind.KEY: cells.key,
    Kind.PERSON: cells.person,
    Kind.CURRENCY: money.currency,
    Kind.RATING: cells.rating,
    Kind.LIFECYCLE: cells.lifecycle,
    Kind.YEAR: cells.year,
}


def fit(field: Field, unit: money.Unit, values: Iterable[str]) -> float:
    """The part of a column's values, blanks aside, that can be read as what the field tells; a text just fits."""
    if field.kind is Kind.TEXT:
        return _WORDS_FIT
    sample = [value for value in values if not cells.is_blank(value)][:_SAMPLE]
    if field.kind in _TEXTS or not sample:
        return _UNCHECKED
    read = reader(field, unit, sample)
    return sum(not read(value).why for value in sample) / len(sample)
