"""What an import came to, told so that a person can check it: the same words on the command line and in Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.rules.terms import Health


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of a register in one workspace: projects a line each, and counts."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    unchanged: int = 0
    reports: int = 0
    corrected: int = 0


def changed(changes: Mapping[str, tuple[Any, Any]]) -> str:
    """What an import changed of a project: every field with what it was and is, and how many reports were kept."""
    parts = [f"{name} {_shown(old)} -> {_shown(new)}" for name, (old, new) in changes.items() if name != "reports"]
    reports = changes.get("reports", (None, 0))[1]
    return "; ".join([*parts, *([f"{counted(reports, 'report')} kept"] if reports else [])])


def counted(number: int, thing: str) -> str:
    """1 report, 2 reports."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(person.name for person in value)
    if isinstance(value, Health):
        return value.letter
    if isinstance(value, Enum):
        return str(value.value)
    return f"{value:,}" if isinstance(value, Decimal) else " ".join(str(value).split())[:60]
