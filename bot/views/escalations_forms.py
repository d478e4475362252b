"""Escalations: the forms in which a decision is asked for, and given."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.rules.fields import LINE, TEXT
from bot.rules.terms import EscalationLevel
from bot.store.tables import EscalationEntry, Project, ProjectName
from bot.views.blocks import (
    Block,
    View,
    alert,
    context,
    date_input,
    external_select,
    modal,
    option,
    radio,
    section,
    text_input,
)
from bot.views.escalations import DECIDE
from bot.views.risks_forms import project_option
from bot.views.text import day, escape, join_lines

RAISE: Final = "escalation.raise"
PROJECT: Final = "escalation.project"
CLIMBS: Final = "Unacknowledged after two working days, it goes from the sponsor to the PMO."


def raise_form(
    *,
    project: Project | ProjectName | None = None,
    is_fixed: bool = False,
    what: str = "",
    ask: str = "",
    impact_if_nothing: str = "",
    decide_by: date | None = None,
    says: str = "",
    carries: Mapping[str, Any] | None = None,
) -> View:
    """The form in which a decision is asked for; a fixed project is shown, any other may be chosen.

    `says` tells why the form is as it is, `carries` are the numbers of what it is raised from.
    """
    told: dict[str, Any] = {"multiline": True, "max_length": LINE}
    levels = [option("The project's sponsor", EscalationLevel.SPONSOR), option("The PMO", EscalationLevel.PMO)]
    return modal(
        "Escalate",
        RAISE,
        [
            *([alert(says)] if says else []),
            _project(project, is_fixed),
            text_input("what", "What is the matter?", value=what, **told),
            text_input("ask", "What do you ask for?", value=ask, placeholder="Approve a second tester (41k)", **told),
            text_input("impact_if_nothing", "What happens if nobody decides?", value=impact_if_nothing, **told),
            date_input("decide_by", "By when do you need it?", value=decide_by),
            radio("to", "Who decides?", levels, EscalationLevel.SPONSOR, hint=CLIMBS),
        ],
        submit="Escalate",
        metadata=carries,
    )


def decide_form(entry: EscalationEntry) -> View:
    """The question once more, with the fields for its answer."""
    escalation = entry.escalation
    told: dict[str, Any] = {"multiline": True, "max_length": TEXT}
    return modal(
        f"Decide {escalation.ref}",
        DECIDE,
        [
            section(join_lines(f"*{escape(escalation.what)}*", escape(escalation.ask))),
            context(f"If nothing is done: {escape(escalation.impact_if_nothing)} · by {day(escalation.decide_by)}"),
            text_input("decision", "What do you decide?", **told),
            text_input("reason", "Why?", hint="The people who act on it will ask.", **told),
        ],
        submit="Decide",
        metadata={"escalation": escalation.id},
    )


def _project(project: Project | ProjectName | None, is_fixed: bool) -> Block:
    if project and is_fixed:
        return section(f"*{project.key}* {escape(project.name)}")
    chosen = project_option(project.id, project.key, project.name) if project else None
    return external_select("project", "Project", PROJECT, chosen, placeholder="Type a key or a name")
