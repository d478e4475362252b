"""Amounts as registers write them: £1,186.00, (12.3), 1.2bn, 12,5, in the unit that the column's header states."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.rules.money import LARGEST
from bot.rules.registers.cells import Reading, is_blank, number, unread

_CENT = Decimal("0.01")
_SYMBOLS = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₹": "INR"}
_CODES = frozenset(
    "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF INR JPY KRW MXN NOK NZD PLN RON SEK SGD TRY UAH USD ZAR".split()
)
_DOLLARS = {
    "us$": " usd ",
    "a$": " aud ",
    "au$": " aud ",
    "c$": " cad ",
    "ca$": " cad ",
    "hk$": " hkd ",
    "nz$": " nzd ",
}
_THOUSAND, _MILLION, _BILLION = Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 9
_LONG_UNITS = {
    "thousand": _THOUSAND, "thousands": _THOUSAND, "million": _MILLION, "millions": _MILLION, "mio": _MILLION,
    "billion": _BILLION, "billions": _BILLION,
}  # fmt: skip
_SHORT_UNITS = {
    "k": _THOUSAND, "000": _THOUSAND, "000s": _THOUSAND, "ks": _THOUSAND, "m": _MILLION, "mn": _MILLION,
    "ms": _MILLION, "mm": _MILLION, "bn": _BILLION, "b": _BILLION,
}  # fmt: skip
_UNITS = _LONG_UNITS | {word: factor for word, factor in _SHORT_UNITS.items() if word.isalpha()}

_RUN = re.compile(r"\d[\d.,'’ ]*\d|\d|(?<!\d)\.\d+")
_POINT = re.compile(r"\d{1,3}(?:(?:,\d{2,3})*,\d{3}|(?: \d{3})+|(?:['’]\d{3})+)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_COMMA = re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?: \d{3})+|(?:['’]\d{3})+)(?:,\d+)?|\d+(?:,\d+)?")
_PROVES_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:[. '’]\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_PROVES_POINT = re.compile(r"\d*\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:[, '’]\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
_TOKEN = re.compile(r"[a-z]+|\S")
_DOLLAR = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, _DOLLARS))})")
_SYMBOL = re.compile(rf"([{''.join(_SYMBOLS)}])")
_BETWEEN = " \t\n_'’"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """What the numbers of a column count: a factor (a million for "£m") and a currency, either of them if stated."""

    factor: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """Units of currency to the cent, and the currency where the cell or its column names one."""

    value: Decimal
    currency: str = ""


NO_UNIT = Unit()


def currency(text: str) -> Reading[str]:
    """A currency by its ISO code or its symbol."""
    if is_blank(text):
        return Reading()
    code = _SYMBOLS.get(text, text.upper())
    return Reading(code) if code in _CODES | set(_SYMBOLS.values()) else unread(text, "is not a currency")


def unit_of(label: str) -> tuple[str, Unit]:
    """A column's label without its unit, and the unit: `Budget (£m)` is `Budget` in millions of pounds.

    Long words (million) count anywhere, short ones (m, k, bn) only beside a currency or alone in brackets.
    """
    pieces = re.findall(r"[^\W_]+|[^\w\s]|[\s_]+", _spelled(label))
    factor, code, kept = None, "", list[str]()
    for at, piece in enumerate(pieces):
        found, money = _label_unit(pieces, at), _code(piece)
        factor, code = factor or found, code or money
        kept.append(piece if found is None and not money else " ")
    return ("".join(kept), Unit(factor, code)) if factor or code else (label, NO_UNIT)


def _label_unit(pieces: list[str], at: int) -> Decimal | None:
    word = pieces[at]
    if word in _LONG_UNITS:
        return _LONG_UNITS[word]
    before = next((piece for piece in pieces[max(0, at - 4) : at][::-1] if piece.strip(_BETWEEN)), "")
    after = next((piece for piece in pieces[at + 1 : at + 5] if piece.strip(_BETWEEN)), "")
    alone = before in ("(", "[") and after in (")", "]")
    return _SHORT_UNITS.get(word) if alone or _code(before) or _code(after) else None


def _spelled(text: str) -> str:
    folded = text.casefold()
    if "$" in folded:
        folded = _DOLLAR.sub(lambda found: _DOLLARS[found.group()], folded)
    return _SYMBOL.sub(r" \1 ", folded)


def _code(piece: str) -> str:
    return _SYMBOLS.get(piece) or (piece.upper() if piece.upper() in _CODES - {"TRY"} else "")


def short(factor: Decimal | None) -> str:
    """The short word of a factor: m for millions; none for single units."""
    return {_THOUSAND: "k", _MILLION: "m", _BILLION: "bn"}.get(factor, "") if factor else ""


def has_unit(text: str) -> bool:
    """Whether the cell states its own unit, as 1.2bn does."""
    return any(token in _UNITS for token in _TOKEN.findall(_spelled(text[:_LONGEST])))


def has_decimal_comma(values: Iterable[str]) -> bool:
    """Whether a column writes 1.234,56: some number in it proves so, and none proves 1,234.56."""
    runs = [run.group() for run in map(_RUN.search, values) if run]
    return any(map(_PROVES_COMMA.fullmatch, runs)) and not any(map(_PROVES_POINT.fullmatch, runs))


@lru_cache(maxsize=16384)
def amount(text: str, *, unit: Unit = NO_UNIT, decimal_comma: bool = False) -> Reading[Amount]:
    """An amount in units of currency: a unit in the cell counts before the column's, brackets or a minus are negative.

    Blank stays blank and never becomes zero; zero stays zero; words that are no unit make it no amount.
    """
    if is_blank(text):
        return Reading()
    found = _found(text, decimal_comma) if len(text) <= _LONGEST else None
    if found is None:
        return unread(text, "is not an amount")
    value, own = found
    total = value * (own.factor or unit.factor or 1)
    if abs(total) >= LARGEST:
        return unread(text, "is larger than any project")
    return Reading(Amount(total.quantize(_CENT), own.currency or unit.currency))


def _found(text: str, decimal_comma: bool) -> tuple[Decimal, Unit] | None:
    if text[-1].isdigit() and (plain := number(text)) is not None and not (decimal_comma and "." in text):
        return plain, NO_UNIT
    folded = _spelled(text)
    runs = _RUN.findall(folded)
    value = _plain(runs[0], decimal_comma) if len(runs) == 1 else None
    around = _around(folded.replace(runs[0], " # ")) if value is not None else None
    if value is None or around is None:
        return None
    negative, unit = around
    return (-value if negative else value), unit


def _plain(run: str, decimal_comma: bool) -> Decimal | None:
    point, comma = _POINT.fullmatch(run), _COMMA.fullmatch(run)
    if comma and (decimal_comma or not point):
        return Decimal(re.sub(r"[. '’]", "", run).replace(",", "."))
    return Decimal(re.sub(r"[, '’]", "", run)) if point else None


def _around(text: str) -> tuple[bool, Unit] | None:
    tokens = [token for token in _TOKEN.findall(text) if token not in "#+"]
    signs = "".join(token for token in tokens if token in "()-–−")
    factors = [_UNITS[token] for token in tokens if token in _UNITS]
    codes = [code for code in map(_code, tokens) if code]
    if len(signs) + len(factors) + len(codes) != len(tokens) or len(factors) > 1 or len(codes) > 1:
        return None
    if signs not in ("", "-", "–", "−", "()"):
        return None
    return bool(signs), Unit(factors[0] if factors else None, codes[0] if codes else "")
