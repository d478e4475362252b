"""Setting up: the first message, the checklist by its four phases, and the settings as they stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.rules import cadence, calendars, services
from bot.rules import tolerances as agreed
from bot.rules.setup import Figures, LastChange, Line, Standing, Step
from bot.rules.terms import Service, WorkspaceState
from bot.store.tables import Message, Workspace
from bot.views import text
from bot.views.blocks import Block, Element, View, actions, button, confirm, context, header, modal, section
from bot.views.text import escape, mention, plural, when

OPEN: Final = "setup.open"
STEP: Final = "setup.step"
SKIP: Final = "setup.skip"
UNDO: Final = "setup.undo"
GO_BACK: Final = "setup.go_back"
CHECKLIST: Final = "setup.checklist"
SHOWN: Final = 300
"""Characters of a text that are shown where it is one of many."""

PHASES: Final[Mapping[WorkspaceState, str]] = {
    WorkspaceState.PREPARATION: "1 · Preparation",
    WorkspaceState.DESIGN: "2 · Design",
    WorkspaceState.DEPLOYMENT: "3 · Deployment",
    WorkspaceState.OPERATING: "4 · Monitoring and continuous improvement",
}
STEPS: Final[Mapping[Step, tuple[str, str]]] = {
    Step.SCOPE: ("Scope and sponsor", "what this PMO does, for whom, and who stands behind it"),
    Step.SERVICES: ("Services", "what is on: check-ins, RAID, escalations, digests"),
    Step.ROLES: ("Roles", "who is of the PMO, who reads as an executive or an auditor"),
    Step.DEFAULTS: ("Cadence, zone and currency", "what new projects begin with, and when nobody is disturbed"),
    Step.CALENDAR: ("Holidays", "the days on which nobody is asked and no clock runs"),
    Step.TOLERANCES: ("Thresholds", "from when a project is amber or red, and how long people have"),
    Step.REGISTER: ("Register", "your projects from a CSV or XLSX file; nothing goes in unseen"),
    Step.PILOTS: ("Pilot projects", "those that are asked before you go live"),
    Step.DIGEST: ("First digest", "see what it says, then choose its channel"),
    Step.GO_LIVE: ("Go live", "everybody is asked, and digests go out"),
    Step.REVIEW: ("Review", "what it is worth, and what to change"),
}
"""What each step is called, and what it settles."""
MARKS: Final[Mapping[Standing, str]] = {
    Standing.DONE: "✅",
    Standing.SKIPPED: "➖",
    Standing.NEXT: "➡️",
    Standing.NOT_YET: "⬜",
}
NAMES: Final[Mapping[str, str]] = {
    "scope": "Scope",
    "sponsor_id": "Sponsor",
    "services_off": "Services that are off",
    "cadence": "Check-ins",
    "cadence_time": "At",
    "timezone": "Zone",
    "currency": "Currency",
    "quiet_from": "Quiet from",
    "quiet_until": "Quiet until",
    "country": "Public holidays",
    "closed_days": "Closed days of your own",
    "tolerances": "Thresholds",
    "state": "Phase",
}
"""What a setting is called; its values are said by `VALUES`."""
TOLERANCES: Final[Mapping[str, tuple[str, str]]] = {
    "plus_working_days": ("Red when later than", "working days"),
    "plus_percent": ("Red when over budget by more than", "%"),
    "amber_percent": ("Amber from this share of either", "%"),
    "missed_to_red": ("Red after missed check-ins in a row", ""),
    "acknowledge_working_days": ("Time to acknowledge an escalation", "working days"),
}
"""How a threshold is asked for, and its unit."""
GROUPS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.SCOPE: ("scope", "sponsor_id"),
    Step.SERVICES: ("services_off",),
    Step.DEFAULTS: ("cadence", "cadence_time", "timezone", "currency", "quiet_from", "quiet_until"),
    Step.CALENDAR: ("country", "closed_days"),
    Step.TOLERANCES: ("tolerances",),
}
"""Which settings a form changes."""


def welcome(name: str) -> Message:
    """What whoever installed the bot reads, once: what it does, and how to begin."""
    said = (
        f"PMO Bot is here, in {text.plain(name)}. It asks managers how their projects stand, keeps risks and "
        "escalations, and tells executives what needs a decision."
    )
    return Message(
        text=f"{said} Begin with `/pmo setup`.",
        blocks=[
            section(said),
            section(
                "*Setting up takes a day at most*, in steps that you can leave and come back to. Nobody else hears "
                "from me before you say so. You are PMO admin here until you name one: `/pmo role @ann admin`."
            ),
            actions(button("Set up", OPEN, style="primary")),
            context("`/pmo setup` opens the same list at any time, `/pmo help` shows all you can do."),
        ],
    )


def checklist(
    phases: Mapping[WorkspaceState, Sequence[Line]],
    *,
    state: WorkspaceState,
    live: int,
    zone: str,
    said: str = "",
    undo: int | None = None,
) -> View:
    """Every step with how it stands; `said` is what was just changed, `undo` the entry to take back."""
    shown: list[Block] = [*_said(said, undo), section(_state(state, live))]
    for phase, lines in phases.items():
        shown += [header(PHASES[phase]), *(block for line in lines for block in _line(line, zone))]
    return modal("Setting up", CHECKLIST, [*shown, context("`/pmo settings` shows all that is agreed on.")])


def _said(said: str, undo: int | None) -> list[Block]:
    if not said:
        return []
    return [section(said), *([actions(button("Undo", UNDO, undo))] if undo else [])]


def _state(state: WorkspaceState, live: int) -> str:
    projects = plural(live, "live project")
    if state.is_live:
        return f"*This workspace is live:* {projects}; whoever is to be asked or told is. Every step can be taken anew."
    return f"*{PHASES.get(state, state.value)}* · {projects}. Until you go live, only pilot projects are asked."


def _line(line: Line, zone: str) -> Iterator[Block]:
    name, settles = STEPS[line.step]
    said = f"{MARKS[line.standing]} *{name}* · {_how(line, zone)}\n{settles}"
    if line.standing is Standing.NEXT:
        yield section(said)
        begin = button("Begin", STEP, line.step.value, style="primary", describes=f"Begin: {name}")
        skip = [button("Skip", SKIP, line.step.value, describes=f"Skip: {name}")] if line.may_skip else []
        yield actions(begin, *skip)
    else:
        label = "Open" if line.standing is Standing.NOT_YET else "Change"
        yield section(said, button(label, STEP, line.step.value, describes=f"{label}: {name}"))


def _how(line: Line, zone: str) -> str:
    if line.taken is None:
        return line.standing.value
    return f"{line.standing.value} by {mention(line.taken.by)}, {when(line.taken.at, zone, 'day')}"


# --- settings ------------------------------------------------------------------------------------------------


def settings(
    workspace: Workspace, *, sponsor: str | None, last: Mapping[str, LastChange], zone: str, may_change: bool
) -> Message:
    """Every setting with its value, its default, and who changed it last."""
    shown: list[Block] = [header("Settings")]
    for step, names in GROUPS.items():
        name = STEPS[step][0]
        change = button("Change", STEP, step.value, describes=f"Change: {name}") if may_change else None
        lines = (value for each in names for value in _lines(workspace, each, sponsor))
        shown.append(section("\n".join([f"*{name}*", *lines]), change))
        newest = max((last[each] for each in names if each in last), key=lambda each: each.entry, default=None)
        if newest:
            shown.append(context(f"Changed by {mention(newest.by)}, {when(newest.at, zone)}"))
            if may_change:
                undo = button("Undo", UNDO, newest.entry, describes=f"Undo the last change: {name}")
                shown.append(actions(undo))
    return Message("The settings of this workspace.", [*shown, context("`/pmo setup` shows how far setting up is.")])


def changed(changes: Mapping[str, tuple[Any, Any]], people: Mapping[int, str] | None = None) -> str:
    """What was changed, a line each: the setting, what it was and what it is."""
    if not changes:
        return "Nothing was changed."
    lines = [
        f"• {NAMES.get(name, name)}: {_value(name, old, people)} → {_value(name, new, people)}"
        for name, (old, new) in changes.items()
    ]
    return "\n".join(["*Saved*", *lines])


def saved(said: str, undo: int | None) -> Message:
    """The same as a message of its own."""
    return Message(said.replace("*", ""), _said(said, undo))


def _lines(workspace: Workspace, name: str, sponsor: str | None) -> Iterator[str]:
    """A setting as it stands; what nobody changed says so."""
    if name == "tolerances":
        yield from _thresholds(workspace.tolerances)
        return
    value = getattr(workspace, name)
    default = Workspace.model_fields[name].get_default(call_default_factory=True)
    people = {workspace.sponsor_id or 0: sponsor} if sponsor else {}
    usual = " _(default)_" if value == default and value else ""
    yield f"{NAMES[name]}: {_value(name, value, people)}{usual}"


def _thresholds(changed: Mapping[str, str]) -> Iterator[str]:
    now = agreed.kept(changed)
    for name, (asked, unit) in TOLERANCES.items():
        value, default = getattr(now, name), getattr(agreed.DEFAULT, name)
        usual = "" if value != default else " _(default)_"
        yield f"{asked}: {_number(value)} {unit}".rstrip() + usual


def _number(value: int | Decimal) -> str:
    return format(Decimal(value).normalize(), "f")


def _value(name: str, value: Any, people: Mapping[int, Any] | None = None) -> str:
    """A setting's value in words."""
    if value in (None, "", [], {}):
        return "all are on" if name == "services_off" else "none"
    if name == "sponsor_id":
        return mention((people or {}).get(int(value)))
    return VALUES.get(name, lambda kept: escape(str(kept), SHOWN))(value)


def _choice(value: Any) -> str:
    return next((each.label for each in cadence.CHOICES if each.id == value), str(value))


VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "services_off": lambda off: text.listed(services.CATALOGUE[Service(name)].name for name in off),
    "cadence": _choice,
    "quiet_from": lambda at: str(at)[:5],
    "quiet_until": lambda at: str(at)[:5],
    "country": lambda place: escape(calendars.name_of(place)),
    "closed_days": lambda days: escape(calendars.written(map(date.fromisoformat, days)).replace("\n", ", "), SHOWN),
    "tolerances": lambda changed: text.listed(
        f"{TOLERANCES[name][0].lower()} {_number(Decimal(value))} {TOLERANCES[name][1]}".strip()
        for name, value in changed.items()
    ),
}


# --- what happens with a step --------------------------------------------------------------------------------


def skipped(step: Step) -> str:
    """That a step is left out, which nothing is lost by."""
    return f"*{STEPS[step][0]}* is skipped. You can take it at any time."


def appointed(given: Mapping[str, Sequence[str]], taken: Mapping[str, Sequence[str]]) -> str:
    """Who got a role and who lost one; those who got one are told."""
    lines = [f"• {role}: {text.listed(map(mention, people))}" for role, people in given.items() if people]
    gone = [f"• not {role} any more: {text.listed(map(mention, people))}" for role, people in taken.items() if people]
    if not lines and not gone:
        return "Nothing was changed."
    return "\n".join(["*Saved.* I tell whoever got a role.", *lines, *gone])


def piloted(keys: Sequence[str], *, is_live: bool) -> str:
    """Which projects are asked before all others."""
    if not keys:
        return "*Saved.* No project is a pilot: nobody is asked before you go live."
    asked = "Everybody is asked already, so this changes nothing now." if is_live else "They are asked from now on."
    return f"*Saved.* Pilots: {text.listed(keys)}. {asked}"


def gone_live(live: int) -> str:
    """What happens from now on."""
    return (
        f"*You are live.* The managers of {plural(live, 'live project')} are asked when their next check-in is due, "
        "and digests go out on their days. What fell due before today is not asked late."
    )


def gone_back() -> str:
    """What happens no more."""
    return "*Back to pilots.* Only pilot projects are asked, and digests wait, until you go live again."


def reviewed(figures: Figures) -> str:
    """That the review is kept."""
    return f"*Reviewed.* {counted(figures)} It is in the audit trail, with what you wrote."


def counted(figures: Figures) -> str:
    """What the last weeks came to."""
    said = [
        f"{figures.answered} of {plural(figures.asked, 'check-in')} answered, {figures.missed} missed"
        if figures.asked
        else "no check-ins were due",
        f"{plural(figures.risks, 'risk')} raised, {figures.risks_closed} closed",
        f"{plural(figures.escalations, 'escalation')} raised, {figures.decided} decided",
        f"{plural(figures.editions, 'digest')} published",
    ]
    return f"In the last {figures.days} days: {'; '.join(said)}."


def back_button() -> Element:
    """The way back from having gone live; asked before it is done."""
    sure = confirm("Back to pilots?", "Nobody else is asked, and digests wait, until you go live again.", "Go back")
    return button("Back to pilots only", GO_BACK, style="danger", confirm=sure)
