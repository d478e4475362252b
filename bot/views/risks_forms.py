"""Risks: the forms in which they are raised, edited, scored anew and closed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from bot.rules.fields import LINE, TEXT
from bot.rules.terms import RiskOutcome
from bot.store.tables import Project, ProjectName, RiskEntry
from bot.views.blocks import (
    Block,
    Option,
    View,
    alert,
    date_input,
    external_select,
    modal,
    option,
    person_input,
    section,
    select,
    suggestions,
    text_input,
)
from bot.views.risks import CLOSE, EDIT, RESCORE
from bot.views.text import escape

RAISE: Final = "risk.raise"
PROJECT: Final = "risk.project"

PROBABILITIES: Final = (
    "1 Very low: up to 10%",
    "2 Low: 11 to 30%",
    "3 Medium: 31 to 50%",
    "4 High: 51 to 70%",
    "5 Very high: over 70%",
)
"""The anchors of PMBOK 6, table 11-1 (domain.md 8.1); a value on an edge takes the higher class."""
IMPACTS: Final = (
    ("1 Very low: hardly visible", "Cost and time negligible"),
    ("2 Low: minor areas", "Cost below 10%, time below 5%"),
    ("3 Medium: major areas", "Cost 10 to 20%, time 5 to 10%; needs the sponsor's approval"),
    ("4 High: not acceptable to the sponsor", "Cost 20 to 40%, time 10 to 20%"),
    ("5 Very high: the result is useless", "Cost over 40%, time over 20%"),
)
SHARES: Final = "Cost as a share of the budget, time as a share of the duration. On an edge take the higher."
EFFECT: Final = "Name the date, the amount or the benefit that suffers."
OUTCOMES: Final[Mapping[RiskOutcome, tuple[str, str]]] = {
    RiskOutcome.AVOIDED: ("Avoided", "What we did took it away"),
    RiskOutcome.TRANSFERRED: ("Transferred", "Somebody else carries it now"),
    RiskOutcome.EXPIRED: ("Expired", "Its time has passed, and it did not happen"),
    RiskOutcome.REALISED: ("Realised", "It has happened"),
}


def project_option(number: int, key: str, name: str) -> Option:
    """A project as a choice, by its number."""
    return option(f"{key} {name}", number)


def projects(found: Iterable[tuple[int, str, str]]) -> dict[str, Any]:
    """What a menu of projects offers, from their numbers, keys and names."""
    return suggestions(project_option(*project) for project in found)


def raise_form(
    *,
    project: Project | ProjectName | None = None,
    event: str = "",
    probability: int | None = None,
    impact: int | None = None,
    owner: str | None = None,
    due: date | None = None,
    source: Mapping[str, str] | None = None,
    says: str = "",
) -> View:
    """The form of a new risk; `source` is the message it is raised from, `says` why the form is asked."""
    chosen = project_option(project.id, project.key, project.name) if project else None
    return modal(
        "Raise a risk",
        RAISE,
        [
            *([alert(says)] if says else []),
            external_select("project", "Project", PROJECT, chosen, placeholder="Type a key or a name"),
            *_fields(event=event, probability=probability, impact=impact, owner=owner, due=due),
        ],
        submit="Raise",
        metadata=source,
    )


def edit_form(entry: RiskEntry) -> View:
    """Everything that was said of a risk, to be said better; one raised in a line may stay brief."""
    risk = entry.risk
    return modal(
        f"Edit {risk.ref}",
        EDIT,
        _fields(
            event=risk.event,
            cause=risk.cause or "",
            effect=risk.effect or "",
            probability=risk.probability,
            impact=risk.impact,
            owner=entry.owner,
            due=risk.due,
            is_brief=is_brief(entry),
        ),
        submit="Save",
        metadata={"risk": risk.id},
    )


def is_brief(entry: RiskEntry) -> bool:
    """Whether a risk was raised in one line, and goes without cause and effect."""
    return not (entry.risk.cause and entry.risk.effect)


def rescore_form(entry: RiskEntry) -> View:
    """How likely and how bad it is now."""
    risk = entry.risk
    return modal(
        f"Re-score {risk.ref}",
        RESCORE,
        [section(escape(risk.event)), _probability(risk.probability), _impact(risk.impact)],
        submit="Save",
        metadata={"risk": risk.id},
    )


def close_form(entry: RiskEntry) -> View:
    """How it ended, and what is to be remembered."""
    choices = [option(word, outcome.value, says) for outcome, (word, says) in OUTCOMES.items()]
    return modal(
        f"Close {entry.risk.ref}",
        CLOSE,
        [
            section(escape(entry.risk.event)),
            select("outcome", "How did it end?", choices, placeholder="Choose"),
            text_input("note", "What should others know?", multiline=True, max_length=TEXT, optional=True),
        ],
        submit="Close the risk",
        metadata={"risk": entry.risk.id},
    )


def _fields(
    *,
    event: str,
    probability: int | None,
    impact: int | None,
    owner: str | None,
    due: date | None,
    cause: str = "",
    effect: str = "",
    is_brief: bool = False,
) -> list[Block]:
    told: dict[str, Any] = {"multiline": True, "max_length": LINE}
    return [
        text_input("event", "What may happen?", value=event, placeholder="Vendor may slip the API", **told),
        text_input("cause", "Because of what?", value=cause, optional=is_brief, **told),
        text_input("effect", "What would it do?", value=effect, optional=is_brief, hint=EFFECT, **told),
        _probability(probability),
        _impact(impact),
        person_input("owner", "Who answers for it?", value=owner, optional=True),
        date_input("due", "By when is it dealt with?", value=due, optional=True),
    ]


def _probability(value: int | None) -> Block:
    choices = [option(label, number) for number, label in enumerate(PROBABILITIES, 1)]
    return select("probability", "How likely is it?", choices, value, placeholder="1 to 5")


def _impact(value: int | None) -> Block:
    choices = [option(label, number, says) for number, (label, says) in enumerate(IMPACTS, 1)]
    return select("impact", "How bad would it be?", choices, value, placeholder="1 to 5", hint=SHARES)
