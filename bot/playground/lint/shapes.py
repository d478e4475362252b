"""The words the rules of Block Kit are written in: texts, lists, choices and shapes, each a check."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Check = Callable[[Any, "Report", str], None]
Fields = dict[str, Check]


@dataclass
class Report:
    """What is wrong so far, in Slack's own form, and where it is to be shown."""

    surface: Surface
    newest: bool = True
    problems: list[str] = field(default_factory=list)

    def add(self, problem: str, pointer: str) -> None:
        """Keep one finding with the JSON pointer to its place."""
        self.problems.append(f"[ERROR] {problem} [json-pointer:{pointer}]")


@dataclass(frozen=True)
class Shape:
    """An object: keys it must have, keys it may have, and rules over several keys; other keys are refused."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: tuple[Check, ...] = ()

    def __call__(self, value: Any, report: Report, pointer: str) -> None:
        """Check one object."""
        if not isinstance(value, dict):
            report.add("must provide an object", pointer)
            return
        for key in self.required:
            if value.get(key) is None:
                report.add(f"missing required field: {key}", pointer)
        known = {**self.required, **self.optional}
        for key, inner in value.items():
            self._one(key, inner, known, report, pointer)
        for rule in self.rules:
            rule(value, report, pointer)

    @staticmethod
    def _one(key: str, inner: Any, known: Mapping[str, Check], report: Report, pointer: str) -> None:
        if key == "type":
            return
        if key not in known:
            report.add(f"invalid additional property: {key}", pointer)
        elif inner is not None:
            known[key](inner, report, f"{pointer}/{key}")


def anything(value: Any, report: Report, pointer: str) -> None:
    """No rule."""


def string(most: int | None = None, least: int = 0, like: str | None = None) -> Check:
    """A text of so many characters, perhaps of a given pattern."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if not isinstance(value, str):
            report.add("must be a string", pointer)
            return
        if most is not None and len(value) > most:
            report.add(f"must be less than {most + 1} characters", pointer)
        if len(value) < least:
            report.add(f"must be more than {least - 1} characters", pointer)
        elif like is not None and not re.fullmatch(like, value):
            report.add("does not match the expected format", pointer)

    return check


def url(most: int = 3000) -> Check:
    """A web address."""
    return string(most, 1, r"https?://\S+")


def among(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if value not in allowed:
            report.add(f"must be one of: {', '.join(allowed)}", pointer)

    return check


def flag(value: Any, report: Report, pointer: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", pointer)


def whole(least: int | None = None, most: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", pointer)
        elif least is not None and value < least:
            report.add(f"must be greater than {least - 1}", pointer)
        elif most is not None and value > most:
            report.add(f"must be less than {most + 1}", pointer)

    return check


def number(value: Any, report: Report, pointer: str) -> None:
    """Any finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        report.add("must be a number", pointer)


def listed(check: Check, most: int | None = None, least: int = 1) -> Check:
    """A list of so many, each of one kind."""

    def check_all(value: Any, report: Report, pointer: str) -> None:
        if not isinstance(value, list):
            report.add("must be an array", pointer)
            return
        if most is not None and len(value) > most:
            report.add(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            report.add(f"no fewer than {least} items allowed", pointer)
        for index, item in enumerate(value):
            check(item, report, f"{pointer}/{index}")

    return check_all


def typed(table: Mapping[str, Check], allowed: frozenset[str] | None = None) -> Check:
    """An object whose `type` says which check holds; types that do not belong here are refused."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if not isinstance(value, dict):
            report.add("must provide an object", pointer)
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            report.add("missing required field: type", pointer)
        elif kind not in table or (allowed is not None and kind not in allowed):
            report.add(f"unsupported type: {kind}", pointer)
        else:
            table[kind](value, report, pointer)

    return check


def exactly_one(*keys: str) -> Check:
    """One of these keys, and only one."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if sum(value.get(key) is not None for key in keys) != 1:
            report.add(f"must have exactly one of: {', '.join(keys)}", pointer)

    return check


def at_least_one(*keys: str) -> Check:
    """One or more of these keys."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if not any(value.get(key) for key in keys):
            report.add(f"missing one of the required fields: {', '.join(keys)}", pointer)

    return check


def only_on(*surfaces: Surface) -> Check:
    """Allowed in some places only."""

    def check(value: Any, report: Report, pointer: str) -> None:
        if report.surface not in surfaces:
            report.add(f"unsupported type: {value['type']}", pointer)

    return check


def in_order(low: str, high: str) -> Check:
    """A lower bound that is not above the upper one."""

    def check(value: Any, report: Report, pointer: str) -> None:
        first, last = _number(value.get(low)), _number(value.get(high))
        if first is not None and last is not None and first > last:
            report.add(f"{low} must not be greater than {high}", pointer)

    return check


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def unique(problem: str, values: list[Any], report: Report, pointer: str) -> None:
    """Find values that occur twice."""
    seen: list[Any] = []
    for value in values:
        if value in seen:
            report.add(f"{problem}: {value}", pointer)
        seen.append(value)
