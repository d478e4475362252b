"""Health: what the signals of a project say of it, beside what people report; letters, words and marks for both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.rules import charter as charters
from bot.rules import money, workdays
from bot.rules.charter import Charter
from bot.rules.terms import Dimension, Health, Service, Severity
from bot.rules.tolerances import DEFAULT, Tolerances

CORE: Final = frozenset({Dimension.SCHEDULE, Dimension.COST, Dimension.SCOPE, Dimension.BENEFITS})
"""One red among these makes the whole red."""

SHORT: Final[Mapping[Dimension, str]] = {
    Dimension.SCHEDULE: "S",
    Dimension.COST: "C",
    Dimension.SCOPE: "Sc",
    Dimension.RESOURCES: "Re",
    Dimension.RISK: "Ri",
    Dimension.BENEFITS: "Bn",
    Dimension.QUALITY: "Q",
}
"""How a dimension is named in a line of letters, in this order."""

_WORDS: Final[Mapping[Health, str]] = {
    Health.NOT_SET: "No data",
    Health.DONE: "Done",
    Health.GREEN: "On track",
    Health.AMBER_GREEN: "Mostly on track",
    Health.AMBER: "At risk",
    Health.AMBER_RED: "In doubt",
    Health.RED: "Off track",
}
_MARKS: Final[Mapping[Health, str]] = {
    Health.NOT_SET: "○",
    Health.DONE: "✔",
    Health.GREEN: "●",
    Health.AMBER_GREEN: "◆",
    Health.AMBER: "▲",
    Health.AMBER_RED: "▼",
    Health.RED: "■",
}
_COLOURS: Final[Mapping[Health, str]] = {
    Health.NOT_SET: "not rated",
    Health.DONE: "done",
    Health.GREEN: "green",
    Health.AMBER_GREEN: "amber/green",
    Health.AMBER: "amber",
    Health.AMBER_RED: "amber/red",
    Health.RED: "red",
}

BY_LETTER: Final[Mapping[str, Health]] = {health.letter: health for health in Health}
"""The rating that a letter stands for."""
RATINGS: Final[Mapping[str, Health]] = {health.letter: health for health in Health if health.is_rating}
"""The letters that are judgements."""


class Change(StrEnum):
    """How a rating moved from one report to the next."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    RATED = "rated"
    UNRATED = "unrated"


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a project, whoever says so; None and absent mean that nothing is known.

    `path_to_green` is whether the newest report has an action with an owner and a date. `worst_risk` is the band of
    the worst open risk, `worst_unanswered` of the worst one without an owner or a date. `missed` counts check-ins
    missed in a row, `overdue_escalations` decisions owed to the project. Amounts are in the project's currency.
    """

    dimensions: Mapping[Dimension, Health] = field(default_factory=dict)
    path_to_green: bool = False
    missed: int = 0
    worst_risk: Severity | None = None
    worst_unanswered: Severity | None = None
    overdue_escalations: int = 0
    baseline_finish: date | None = None
    forecast_finish: date | None = None
    bac: Decimal | None = None
    eac: Decimal | None = None


def computed(signals: Signals, charter: Charter = charters.DEFAULT) -> tuple[Health, tuple[str, ...]]:
    """The health of a project by its signals, and what speaks against it, by what its workspace has agreed on.

    Each dimension is the worse of what was reported and what was measured; they roll up to the whole (`overall`).
    Silence and overdue decisions are signals too: the whole is never better than the worst of all. Signals of a
    service that is off are not heard: nobody could answer them.
    """
    signals, tolerances = _heard(signals, charter), charter.tolerances
    measured = {
        Dimension.SCHEDULE: schedule_health(signals.baseline_finish, signals.forecast_finish, tolerances),
        Dimension.COST: cost_health(signals.bac, signals.eac, tolerances),
        Dimension.RISK: risk_health(signals.worst_risk, signals.worst_unanswered),
    }
    dimensions = {
        each: worse(signals.dimensions.get(each, Health.NOT_SET), measured.get(each, Health.NOT_SET))
        for each in Dimension
    }
    rolled_up = overall(dimensions, path_to_green=signals.path_to_green)
    waited_for = Health.AMBER if signals.overdue_escalations else Health.NOT_SET
    whole = max(rolled_up, _silence(signals.missed, tolerances), waited_for)
    return whole, tuple(_reasons(signals, measured))


def overall(dimensions: Mapping[Dimension, Health], *, path_to_green: bool) -> Health:
    """The whole from its dimensions; the first rule that fits wins, a dimension without a rating is left out.

    (1) Red in schedule, cost, scope or benefits: red. (2) Red elsewhere, or two or more amber, without an owned and
    dated path to green: red. (3) Any red or amber: amber, or amber/red where one is. (4) Else the worst rating.
    (5) No rating at all: not set. Source: the default of domain.md 3.5, after the worst-of rule in common use.
    """
    rated = {dimension: health for dimension, health in dimensions.items() if health.is_rating}
    reds = {dimension for dimension, health in rated.items() if health is Health.RED}
    owing = [health for health in rated.values() if health.needs_path_to_green]
    if reds & CORE or (not path_to_green and (reds or len(owing) > 1)):
        return Health.RED
    if owing:
        return Health.AMBER_RED if Health.AMBER_RED in owing else Health.AMBER
    return max(rated.values(), default=Health.NOT_SET)


def schedule_health(baseline: date | None, forecast: date | None, tolerances: Tolerances = DEFAULT) -> Health:
    """By the forecast finish, in working days late: past the tolerance red, past the amber share of it amber."""
    if baseline is None or forecast is None:
        return Health.NOT_SET
    return _against(Decimal(workdays.between(baseline, forecast)), Decimal(tolerances.plus_working_days), tolerances)


def cost_health(bac: Decimal | None, eac: Decimal | None, tolerances: Tolerances = DEFAULT) -> Health:
    """By the estimate at completion, in per cent of the budget: past the tolerance red, past the amber share amber."""
    if bac is None or eac is None:
        return Health.NOT_SET
    return _against((eac - bac) * 100, bac * tolerances.plus_percent, tolerances)


def risk_health(worst: Severity | None, unanswered: Severity | None) -> Health:
    """Very high and unanswered is red; very high in hand, or high and unanswered, is amber; else no signal."""
    if unanswered is Severity.VERY_HIGH:
        return Health.RED
    return Health.AMBER if worst is Severity.VERY_HIGH or unanswered is Severity.HIGH else Health.NOT_SET


def worse(one: Health, other: Health) -> Health:
    """The worse of two; a rating is worse than none."""
    return max(one, other)


def better(one: Health, other: Health) -> Health:
    """The better of two ratings; where only one is a rating, that one."""
    return min(one, other) if one.is_rating and other.is_rating else max(one, other)


def change(old: Health, new: Health) -> Change:
    """How a rating moved; to or from no rating is neither better nor worse."""
    if old.is_rating and new.is_rating:
        return Change.SAME if new is old else Change.WORSE if new > old else Change.BETTER
    if old.is_rating == new.is_rating:
        return Change.SAME
    return Change.RATED if new.is_rating else Change.UNRATED


def is_watermelon(reported: Health, by_signals: Health) -> bool:
    """Green outside, red inside: the signals say worse than was reported, by a letter or more (rule EW05)."""
    return reported.is_rating and by_signals > reported


def letters(dimensions: Mapping[Dimension, Health]) -> str:
    """Every dimension with its letter, X where there is none: S:R C:A Sc:G Re:A Ri:A Bn:G Q:X."""
    return " ".join(f"{SHORT[each]}:{dimensions.get(each, Health.NOT_SET).letter}" for each in SHORT)


def word(health: Health) -> str:
    """The rating in words: On track, At risk, Off track."""
    return _WORDS[health]


def mark(health: Health) -> str:
    """The shape of a rating, for those who do not see its colour."""
    return _MARKS[health]


def colour(health: Health) -> str:
    """The colour of a rating as a word, for sentences such as "red 2 runs"."""
    return _COLOURS[health]


def label(health: Health) -> str:
    """Mark, letter and word: a rating that needs no colour."""
    return f"{mark(health)} {health.letter} {word(health)}"


def _against(used: Decimal, tolerance: Decimal, tolerances: Tolerances) -> Health:
    """Past the tolerance red, past the amber share of it amber, else green."""
    if used > tolerance:
        return Health.RED
    return Health.AMBER if used > tolerance * tolerances.amber_percent / 100 else Health.GREEN


def _heard(signals: Signals, charter: Charter) -> Signals:
    """The signals of the services that are on."""
    if not charter.off:
        return signals
    has_raid = charter.has(Service.RAID)
    return replace(
        signals,
        missed=signals.missed if charter.has(Service.CHECKINS) else 0,
        worst_risk=signals.worst_risk if has_raid else None,
        worst_unanswered=signals.worst_unanswered if has_raid else None,
        overdue_escalations=signals.overdue_escalations if charter.has(Service.ESCALATIONS) else 0,
    )


def _silence(missed: int, tolerances: Tolerances) -> Health:
    """What check-ins missed in a row say."""
    if missed >= tolerances.missed_to_red:
        return Health.RED
    return Health.AMBER if missed else Health.NOT_SET


def _reasons(signals: Signals, measured: Mapping[Dimension, Health]) -> Iterator[str]:
    """What speaks against the project, in words, figures first."""
    if measured[Dimension.SCHEDULE].needs_path_to_green:
        yield _late(signals)
    if measured[Dimension.COST].needs_path_to_green:
        yield _over(signals)
    if measured[Dimension.RISK].needs_path_to_green:
        yield _exposed(signals)
    if signals.missed:
        yield f"{_many(signals.missed, 'check-in')} missed in a row"
    if signals.overdue_escalations:
        yield f"{_many(signals.overdue_escalations, 'decision')} overdue"
    for each in Dimension:
        health = signals.dimensions.get(each, Health.NOT_SET)
        if health.needs_path_to_green:
            yield f"{each} reported {colour(health)}"


def _late(signals: Signals) -> str:
    days = workdays.between(signals.baseline_finish or date.min, signals.forecast_finish or date.min)
    return f"finish forecast {_many(days, 'working day')} late"


def _over(signals: Signals) -> str:
    bac, eac = signals.bac or Decimal(0), signals.eac or Decimal(0)
    over = money.ratio(eac - bac, bac)
    return "cost forecast without a budget" if over is None else f"cost forecast {money.change(over)} against budget"


def _exposed(signals: Signals) -> str:
    band = signals.worst_risk if signals.worst_unanswered is None else signals.worst_unanswered
    worst = "very high" if band is Severity.VERY_HIGH else "high"
    return f"{worst} risk open" if signals.worst_unanswered is None else f"{worst} risk without owner or date"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
