"""Projects: what was changed of one, told a field a line."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.rules.terms import ProjectState
from bot.store.tables import Message, Project
from bot.views import text
from bot.views.blocks import section
from bot.views.text import channel_link, day, escape, join_lines, mention

SILENT: Final = "It is confidential, and its channel is not a private one of ours: nothing is posted there."

FIELDS: Final[Mapping[str, str]] = {
    "name": "name",
    "portfolio": "portfolio",
    "manager": "manager",
    "sponsor": "sponsor",
    "deputy": "deputy",
    "member": "members",
    "confidential": "confidential",
    "channel": "channel",
    "cadence": "check-ins",
    "start_baseline": "start",
    "finish_baseline": "finish",
    "budget_baseline": "budget",
    "state": "state",
}
"""What a field of the form is called where a change of it is told."""


def edited(project: Project, changes: Mapping[str, Any], *, is_silent: bool = False) -> Message:
    """What whoever edited a project reads: what was changed, if anything; whether its channel is told nothing."""
    if not changes:
        return Message(text=f"{project.key} stays as it was: nothing was changed.")
    said = join_lines(f"Saved for *{project.key}*:", changed(changes), SILENT if is_silent else "")
    return Message(text=f"{project.key} is changed.", blocks=[section(said)])


def changed(changes: Mapping[str, Any]) -> str:
    """What was changed, a line each: the field, what it was and what it is."""
    return "\n".join(
        f"• {FIELDS[name]}: {_value(name, old)} → {_value(name, new)}"
        for name, (old, new) in changes.items()
        if name in FIELDS
    )


def state_word(state: ProjectState) -> str:
    """A state of the lifecycle as people say it: on hold."""
    return state.value.replace("_", " ")


def _value(name: str, value: Any) -> str:
    """A value of a change as it is kept in the audit trail, or as it is now, in words."""
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return text.listed(mention(person.slack_id) for person in value)
    if name == "channel":
        return channel_link(str(value))
    if name == "state":
        return state_word(ProjectState(value))
    if name.endswith("_baseline") and name != "budget_baseline":
        return day(date.fromisoformat(str(value)))
    return escape(f"{Decimal(value):,.2f}" if name == "budget_baseline" else str(value), 150)
