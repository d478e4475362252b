"""Tolerances: how far a project may be off, and for how long people may be silent, before it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.rules.fields import Fields


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What a workspace has agreed on; the defaults are those of domain.md 8.2.

    A project is red past `plus_working_days` of delay or `plus_percent` over its budget, and amber past
    `amber_percent` of either. One check-in missed makes it amber, `missed_to_red` in a row red (rule EW09).
    A level has `acknowledge_working_days` to acknowledge an escalation (rule EW16).
    """

    plus_working_days: int = 10
    plus_percent: Decimal = Decimal(10)
    amber_percent: Decimal = Decimal(50)
    missed_to_red: int = 2
    acknowledge_working_days: int = 2


DEFAULT: Final = Tolerances()

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "plus_working_days": (0, 250),
    "plus_percent": (0, 100),
    "amber_percent": (0, 100),
    "missed_to_red": (1, 20),
    "acknowledge_working_days": (1, 20),
}
"""The least and the most that can be agreed on."""


def read(values: Mapping[str, Any]) -> Tolerances:
    """The tolerances of a sent form, where an empty field is the default; Refused with the faults of all fields."""
    form = Fields(values)
    found = {name: _number(form, name, values.get(name)) for name in BOUNDS}
    form.settle()
    return _made({name: number for name, number in found.items() if number is not None})


def kept(stored: Mapping[str, str]) -> Tolerances:
    """The tolerances from what is kept of them: only what was changed, as text."""
    return _made({name: Decimal(number) for name, number in stored.items() if name in BOUNDS}) if stored else DEFAULT


def changed(tolerances: Tolerances) -> dict[str, str]:
    """What differs from the defaults, as it is kept."""
    pairs = {field.name: (getattr(tolerances, field.name), getattr(DEFAULT, field.name)) for field in fields(DEFAULT)}
    return {name: str(value) for name, (value, default) in pairs.items() if value != default}


def _made(numbers: Mapping[str, Decimal]) -> Tolerances:
    kinds = {field.name: type(getattr(DEFAULT, field.name)) for field in fields(DEFAULT)}
    return Tolerances(**{name: kinds[name](number) for name, number in numbers.items()})


def _number(form: Fields, name: str, typed: Any) -> Decimal | None:
    if typed is None or typed == "":
        return None
    least, most = BOUNDS[name]
    try:
        number = Decimal(typed)
    except InvalidOperation:
        form.fault(name, "Write a number.")
        return None
    is_whole = isinstance(getattr(DEFAULT, name), int)
    if not (number.is_finite() and least <= number <= most) or (is_whole and number != number.to_integral_value()):
        form.fault(name, f"Write a {'whole ' if is_whole else ''}number from {least} to {most}.")
        return None
    return number
