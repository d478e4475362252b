"""Money and shares: read as people type them, shown in short units; rounded only to be shown."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from bot.errors import Refused

LARGEST: Final = Decimal(10) ** 15
"""An amount of this many units of currency or more is a slip of the pen."""
UNITS: Final = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
_FACTORS: Final = {"k": 3, "m": 6, "mn": 6, "bn": 9}
_FORM: Final = re.compile(r"(-?[0-9]{1,3}(?:[, '’][0-9]{3})+|-?[0-9]+)(\.[0-9]+)? ?(k|m|mn|bn)?", re.I | re.A)


def parse(text: str, field: str | None = None) -> Decimal:
    """An amount as typed: 1200000, 1,200,000.50, 1 200 000 or 1.2m (k, m, bn); Refused at the field else.

    The point is the decimal sign; what a comma, a space or an apostrophe divides are groups of three digits.
    """
    found = _FORM.fullmatch(" ".join(text.split()))
    if not found:
        raise Refused("Write an amount like 1200000, 1,200,000 or 1.2m, without a currency.", field=field)
    amount = Decimal(re.sub(r"[, '’]", "", found[1]) + (found[2] or ""))
    amount = amount.scaleb(_FACTORS[found[3].lower()]) if found[3] else amount
    if abs(amount) >= LARGEST:
        raise Refused("The amount is too large: it must be below 1,000,000bn.", field=field)
    return amount


def currency(text: str, field: str | None = None) -> str:
    """A currency by its ISO 4217 code, in capitals; Refused at the field when it has not three letters."""
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Refused("Write a currency as three letters, such as EUR.", field=field)
    return code


def short(amount: Decimal, code: str = "") -> str:
    """An amount in three significant digits and its unit (k, m, bn), after its currency: GBP 1.08m."""
    rounded = _significant(amount)
    for size, unit in UNITS:
        if abs(rounded) >= size:
            return _after(code, _plain(rounded / size) + unit)
    return _after(code, _plain(rounded))


def full(amount: Decimal, code: str = "") -> str:
    """An amount to the cent with its digits in groups, after its currency: GBP 1,080,000.00."""
    return _after(code, f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP) + 0:,f}")


def share(part: Decimal) -> str:
    """A ratio as whole per cent: 0.176 is 18%."""
    return f"{(part * 100).quantize(Decimal(1), ROUND_HALF_UP) + 0:f}%"


def change(part: Decimal) -> str:
    """A relative change with its sign and one decimal: 0.0613 is +6.1%; less than half of that is `as planned`."""
    if abs(part) < Decimal("0.0005"):
        return "as planned"
    return f"{(part * 100).quantize(Decimal('0.1'), ROUND_HALF_UP) + 0:+f}%"


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The quotient, to 28 digits; None when there is nothing to divide by."""
    return numerator / denominator if denominator else None


def _significant(amount: Decimal) -> Decimal:
    """The amount to three significant digits, but no finer than a hundredth."""
    place = max(amount.adjusted() - 2, -2)
    return amount.quantize(Decimal(1).scaleb(place), ROUND_HALF_UP) + 0


def _plain(number: Decimal) -> str:
    """A number below a thousand to three digits: 1.08, 14.2, 142, and 9 rather than 9.00."""
    if number == number.to_integral_value():
        return f"{number.to_integral_value():f}"
    return f"{_significant(number):f}"


def _after(code: str, text: str) -> str:
    return f"{code} {text}" if code else text
