"""Projects: the form in which one is added or edited."""

from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import Any, Final

from bot.rules import cadence
from bot.rules.portfolios import NEW
from bot.rules.projects import KEY_LENGTH, ProjectDraft
from bot.rules.terms import ProjectState
from bot.store.tables import Channel, Project
from bot.views.blocks import (
    Block,
    Option,
    View,
    alert,
    channel_input,
    checkboxes,
    date_input,
    external_select,
    modal,
    option,
    person_input,
    section,
    select,
    text_input,
    time_input,
)
from bot.views.places import question
from bot.views.projects_changes import changed, state_word
from bot.views.text import escape

ADD: Final = "project.add"
CHANGE: Final = "project.change"
NAMED: Final = "project.named"
PORTFOLIO: Final = "project.portfolio"

Edits = Sequence[tuple[str, Mapping[str, Any]]]


def filled(draft: ProjectDraft) -> dict[str, Any]:
    """What a draft says, by the names of the form's fields, as a sent form would."""
    common = cadence.choice_of(draft.cadence)
    return {
        "name": draft.name,
        "portfolio": draft.portfolio,
        "manager": draft.manager,
        "sponsor": draft.sponsor,
        "deputy": draft.deputy,
        "channel": draft.channel,
        "cadence": common.id if common else None,
        "cadence_time": draft.cadence.at,
        "start": draft.start,
        "finish": draft.finish,
        "budget": _written(draft.budget),
        "state": draft.state.value,
        "confidential": ["yes"] if draft.confidential else [],
    }


def add_form(
    values: Mapping[str, Any],
    *,
    suggested: str = "",
    portfolio: Option | None = None,
    may_hide: bool = False,
    shared: Channel | None = None,
) -> View:
    """The form of a new project, with what was entered so far.

    The key is the one suggested until somebody writes another. Each suggestion has a field of its own: Slack shows
    a new value only in a new field.
    """
    key = text_input(
        f"key:{suggested}",
        "Key",
        value=values.get("key") or "",
        max_length=KEY_LENGTH,
        optional=True,
        hint="2 to 10 letters and digits; it begins every reference, such as APOLLO-R12. Left empty, I make one.",
    )
    name = text_input("name", "Name", value=values.get("name") or "", max_length=200, dispatches=NAMED)
    rest = _fields({"cadence": cadence.WEEKLY_FRIDAY, "cadence_time": time(15)} | _known(values), portfolio)
    more = [*_hiding(values, may_hide), *question(shared)]
    return modal("New project", ADD, [name, key, *rest, *more], submit="Add", metadata={"suggested": suggested})


def edit_form(
    project: Project,
    values: Mapping[str, Any],
    *,
    seen: int,
    ways: Sequence[ProjectState],
    was: ProjectDraft,
    portfolio: Option | None = None,
    edits: Edits = (),
    may_hide: bool = False,
    shared: Channel | None = None,
) -> View:
    """The form of a project that is there; `seen` is the newest change it knows of, `edits` what came after it.

    `shared` is a channel about which a question is owed first.
    """
    name = text_input("name", "Name", value=values.get("name") or "", max_length=200)
    common = cadence.choice_of(was.cadence)
    rest = _fields(values, portfolio, own=None if common else cadence.in_words(was.cadence))
    state = select(
        "state", "State", _states(was.state, ways), values.get("state"), hint="Only a live project is asked."
    )
    return modal(
        f"Edit {project.key}",
        CHANGE,
        [*_conflict(edits), name, *rest, state, *_hiding(values, may_hide), *question(shared)],
        submit="Save",
        metadata={"project": project.id, "seen": seen},
    )


def portfolio_option(number: int, name: str) -> Option:
    """A portfolio to choose."""
    return option(name, number)


def new_portfolio_option(name: str) -> Option:
    """A portfolio to be made, by the name that was typed."""
    return option(f"New portfolio: {name}", f"{NEW}{name}")


def _fields(values: Mapping[str, Any], portfolio: Option | None, own: str | None = None) -> list[Block]:
    """What both forms ask; `own` is a cadence that is none of the common ones, in words."""
    how = [option(choice.label, choice.id) for choice in cadence.CHOICES]
    as_it_is = f"As it is: {own}" if own else ""
    at = values.get("cadence_time")
    return [
        external_select(
            "portfolio", "Portfolio", PORTFOLIO, portfolio, optional=True, placeholder="Choose, or type a new name"
        ),
        person_input("manager", "Manager", value=values.get("manager"), hint="Is asked for the check-ins."),
        person_input("sponsor", "Sponsor", value=values.get("sponsor"), optional=True, hint="Decides escalations."),
        person_input("deputy", "Deputy", value=values.get("deputy"), optional=True, hint="Stands in for the manager."),
        channel_input(
            "channel",
            "Channel",
            value=values.get("channel"),
            optional=True,
            hint="Its cards are posted here. A private channel has to invite me first: /invite @pmo",
        ),
        select(
            "cadence", "Check-ins", how, values.get("cadence"), optional=bool(own), placeholder=as_it_is or "How often"
        ),
        time_input("cadence_time", "At", value=f"{at:%H:%M}" if at else "", hint="In the time zone of the manager."),
        date_input("start", "Start (baseline)", value=values.get("start"), optional=True),
        date_input("finish", "Finish (baseline)", value=values.get("finish"), optional=True),
        text_input(
            "budget",
            "Budget (baseline)",
            value=values.get("budget") or "",
            max_length=40,
            optional=True,
            hint="Such as 1200000 or 1.2m.",
        ),
    ]


def _hiding(values: Mapping[str, Any], may_hide: bool) -> list[Block]:
    if not may_hide:
        return []
    box = option("Confidential", "yes", "Seen by its team, its sponsor and the PMO's leads alone.")
    hint = "Its cards go to its channel only where that is private. What digests said before stays there."
    return [checkboxes("confidential", "Who may see it", [box], values.get("confidential") or (), hint=hint)]


def _states(state: ProjectState, ways: Sequence[ProjectState]) -> list[Option]:
    stays = option(f"{state_word(state).capitalize()} (as it is)", state.value)
    return [stays, *(option(state_word(way).capitalize(), way.value) for way in ways)]


def _conflict(edits: Edits) -> list[Block]:
    """Who changed what meanwhile, and what can be done about it."""
    if not edits:
        return []
    said = [f"*{escape(name)}* changed meanwhile:\n{changed(changes)}" for name, changes in edits]
    mend = "Nothing of yours is lost, nor saved yet. Save puts what stands below over it; Cancel leaves theirs."
    return [alert(mend, "warning"), section("\n".join(said))]


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _written(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,f}".removesuffix(".00")
