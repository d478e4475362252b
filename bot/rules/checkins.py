"""Check-ins: what a status report must say, and what *No change* may repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.errors import Refused
from bot.rules import transitions
from bot.rules.fields import Fields
from bot.rules.health import BY_LETTER, RATINGS
from bot.rules.terms import CheckinState, Dimension, Health

MOVES: Final[Mapping[CheckinState, frozenset[CheckinState]]] = {
    CheckinState.REQUESTED: frozenset({CheckinState.SUBMITTED, CheckinState.MISSED}),
    CheckinState.SUBMITTED: frozenset(),
    CheckinState.MISSED: frozenset(),
}
"""The lifecycle of a request; it is missed once the next one is due, and a late report is one of its own."""


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A status report as its author states it.

    Every dimension has a health, NOT_SET where none was given. The path to green is `action`, `action_owner` (a Slack
    id) and `action_due`, its cause `cause`. `eac` is the estimate at completion in the project's currency; None is
    not known, never 0.
    """

    overall: Health
    dimensions: Mapping[Dimension, Health]
    cause: str = ""
    action: str = ""
    action_owner: str | None = None
    action_due: date | None = None
    forecast_finish: date | None = None
    eac: Decimal | None = None
    achievements: str = ""
    next_steps: str = ""
    decisions_needed: str = ""

    @property
    def has_path(self) -> bool:
        """Whether there is a path to green with an owner and a date."""
        return bool(self.action and self.action_owner and self.action_due)


def draft(values: Mapping[str, Any], today: date) -> ReportDraft:
    """The report of a sent form; Refused with the faults of all its fields.

    Ratings come as letters, dimensions under their own names. Amber and worse owe a cause, an action, its owner and
    a date that has not passed. Texts have at most 300 characters: they are read in a digest.
    """
    fields = Fields(values)
    owes = needs_path(values)
    report = ReportDraft(
        overall=fields.choice("overall", RATINGS, needs="Say how the project is.") or Health.NOT_SET,
        dimensions={each: fields.choice(each.value, BY_LETTER) or Health.NOT_SET for each in Dimension},
        cause=fields.text("cause", needs="Say why it is not green." if owes else ""),
        action=fields.text("action", needs="Say what is done to get back to green." if owes else ""),
        action_owner=fields.person("action_owner", needs="Say who does it." if owes else ""),
        action_due=fields.day("action_due", needs="Say by when." if owes else "", earliest=today if owes else None),
        forecast_finish=fields.day("forecast_finish"),
        eac=fields.amount("eac"),
        achievements=fields.text("achievements"),
        next_steps=fields.text("next_steps"),
        decisions_needed=fields.text("decisions_needed"),
    )
    fields.settle()
    return report


def needs_path(values: Mapping[str, Any]) -> bool:
    """Whether a form with these values asks for the path to green: when the overall rating is amber or worse."""
    return RATINGS.get(str(values.get("overall")), Health.NOT_SET).needs_path_to_green


def unchanged(last: ReportDraft | None, today: date) -> ReportDraft:
    """The last report said again, by *No change*; what was achieved in its period is left out.

    Refused without a last report, when it was red, or when the date of its path to green has passed: then there is
    something to say.
    """
    if last is None:
        raise Refused("There is no report yet that could be unchanged: use Check in.")
    if last.overall is Health.RED:
        raise Refused("The project was red, and red wants an answer: use Check in.")
    if last.overall.needs_path_to_green and last.action_due and last.action_due < today:
        raise Refused("The date of the path to green has passed: use Check in and say what became of it.")
    return replace(last, achievements="")


def move(state: CheckinState, to: CheckinState) -> CheckinState:
    """The new state; Refused when a check-in has no such step."""
    return transitions.step(MOVES, state, to)
