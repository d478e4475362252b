"""Risks: the card in the project's channel, the answer to whoever raised one, and the list."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot import rules
from bot.rules.terms import RiskState, Severity
from bot.store.tables import Message, Project, ProjectName, RiskEntry
from bot.views.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    fields,
    header,
    section,
)
from bot.views.text import (
    channel_link,
    day,
    escape,
    join_lines,
    link,
    mention,
    plain,
    plural,
    quote,
    severity,
    when,
)

EDIT: Final = "risk.edit"
UNDO: Final = "risk.undo"
OWN: Final = "risk.own"
RESCORE: Final = "risk.rescore"
CLOSE: Final = "risk.close"
ESCALATE: Final = "escalation.open_from_risk"
SHOW: Final = "risk.show"
TURN: Final = "risk.turn"
EXAMPLE: Final = "Vendor may slip p4 i5 due fri @ana"
SHOWN: Final = 300


def card(entry: RiskEntry) -> Message:
    """One risk: what may happen, how bad it is, whose it is, and what can be done about it."""
    risk = entry.risk
    if not risk.state.is_open:
        return _closed_card(entry)
    said = f"{severity(risk.severity, risk.score)} risk {risk.ref}: {plain(risk.event, SHOWN)}"
    return Message(
        text=f"{said}. Owner: {mention(entry.owner)}. Due: {_due(risk.due)}.",
        blocks=[
            header(f"{risk.ref} {risk.event}"),
            fields(
                {
                    "Severity": severity(risk.severity, risk.score),
                    "Probability × impact": f"{risk.probability} × {risk.impact}",
                    "Owner": mention(entry.owner),
                    "Due": _due(risk.due),
                }
            ),
            *_story(entry),
            _origin(entry),
            actions(
                button("I'll own it", OWN, risk.id, describes=f"Own risk {risk.ref}"),
                button("Re-score", RESCORE, risk.id, describes=f"Score risk {risk.ref} anew"),
                button("Close", CLOSE, risk.id, describes=f"Close risk {risk.ref}"),
                button("Escalate", ESCALATE, risk.id, describes=f"Escalate risk {risk.ref}"),
            ),
        ],
    )


def saved(entry: RiskEntry, *, assumed: Sequence[str] = (), lost: str = "", undo: bool = True) -> Message:
    """What was understood and kept, field by field, what happens next, and the way back.

    `assumed` names what was not said, `lost` says what could not be kept.
    """
    risk = entry.risk
    buttons: list[Element] = [button("Edit", EDIT, risk.id, describes=f"Edit risk {risk.ref}"), _undo_button(entry)]
    named = f"{risk.ref}: {plain(risk.event, SHOWN)}. {severity(risk.severity, risk.score)}"
    return Message(
        text=f"Saved as {named}. {_next(entry.project)}",
        blocks=[
            section(join_lines(f"*Saved as {risk.ref}*", escape(risk.event, SHOWN))),
            fields(
                {
                    "Project": f"{entry.project.key} {escape(entry.project.name, SHOWN)}",
                    "Severity": severity(risk.severity, risk.score),
                    "Probability": _rated(risk.probability, "probability" in assumed),
                    "Impact": _rated(risk.impact, "impact" in assumed),
                    "Owner": mention(entry.owner),
                    "Due": _due(risk.due),
                }
            ),
            context(join_lines(lost, _owed(entry), _next(entry.project))),
            *([actions(*buttons)] if undo else []),
        ],
    )


def page(
    entries: Sequence[RiskEntry], *, project: Project | None, first: int, total: int, today: date, size: int
) -> Message:
    """A page of the open risks, the worst first; `first` is the number of the first one, from 0."""
    whose = f" of {project.key}" if project else ""
    if not entries:
        return _empty(project)
    last = first + len(entries)
    number = project.id if project else 0
    turns = [
        *([button("Previous", f"{TURN}:back", f"{number}:{max(0, first - size)}")] if first else []),
        *([button("Next", f"{TURN}:on", f"{number}:{last}")] if last < total else []),
    ]
    lines = [_line(entry, today) for entry in entries]
    return Message(
        text=join_lines(f"{plural(total, 'open risk')}{whose}, the worst first:", *lines),
        blocks=[
            header(f"Open risks{whose}"),
            *(section(line, _open_button(entry)) for line, entry in zip(lines, entries, strict=True)),
            context(f"{first + 1} to {last} of {total}, the worst first. `/pmo risks KEY` shows those of one project."),
            *([actions(*turns)] if turns else []),
        ],
    )


def over(entry: RiskEntry) -> str:
    """What somebody is told who wants to change a risk that is over: who ended it, when and how."""
    risk = entry.risk
    at = f" on {when(risk.closed_at, entry.zone)}" if risk.closed_at else ""
    if risk.state is RiskState.REJECTED:
        return f"{risk.ref} was undone already by {mention(entry.closed_by)}{at}."
    how = f": {risk.outcome.value}" if risk.outcome else ""
    return f"{risk.ref} was closed already by {mention(entry.closed_by)}{at}{how}."


def changed(entry: RiskEntry, what: str) -> str:
    """That a change was kept, and where it shows; `what` was done, such as "you own it now"."""
    place = "its card shows it" if entry.project.channel else f"{entry.project.key} has no channel, so I told nobody"
    return f"*{entry.risk.ref}*: {what}; {place}."


def owned(entry: RiskEntry, before: str | None) -> str:
    """That somebody owns a risk now; whom they took it from."""
    if before == entry.owner:
        return f"*{entry.risk.ref}*: you own it already."
    return changed(entry, f"you own it now, instead of {mention(before)}" if before else "you own it now")


def rescored(entry: RiskEntry, level: Severity, score: int) -> str:
    """How bad a risk is now, and was before."""
    risk = entry.risk
    return changed(entry, f"{severity(risk.severity, risk.score)} now; it was {severity(level, score)}")


def undone(entry: RiskEntry) -> str:
    """That a risk was taken back."""
    gone = " Its card is taken away." if entry.project.channel else ""
    return f"{entry.risk.ref} is undone: it counts nowhere any more.{gone}"


def _closed_card(entry: RiskEntry) -> Message:
    risk = entry.risk
    how = f"Closed as {risk.outcome.value}" if risk.outcome else "Undone"
    at = f", {when(risk.closed_at, entry.zone)}" if risk.closed_at else ""
    ended = f"{how} by {mention(entry.closed_by)}{at}."
    note = f"\n{quote(risk.closing_note, 2000)}" if risk.closing_note else ""
    return Message(
        text=f"Risk {risk.ref} is over: {plain(risk.event, SHOWN)}. {ended}",
        blocks=[
            header(f"{risk.ref} {risk.event}"),
            section(f"*{ended}*{note}"),
            *_story(entry),
            _origin(entry),
        ],
    )


def _story(entry: RiskEntry) -> list[Block]:
    risk = entry.risk
    cause = f"*Because of* {escape(risk.cause, 1400)}" if risk.cause else None
    effect = f"*Which would* {escape(risk.effect, 1400)}" if risk.effect else None
    told = join_lines(cause, effect)
    return [section(told)] if told else []


def _origin(entry: RiskEntry) -> Block:
    source = f" from {link(entry.risk.evidence, 'a message')}" if entry.risk.evidence else ""
    raised = f"Raised by {mention(entry.raised_by)}{source}, {when(entry.risk.raised_at, entry.zone)}"
    return context(f"{raised} · {entry.project.key} {escape(entry.project.name, SHOWN)}")


def _line(entry: RiskEntry, today: date) -> str:
    risk = entry.risk
    level = severity(risk.severity, risk.score)
    return join_lines(
        f"*{risk.ref}* {level}: {escape(risk.event, SHOWN)}",
        f"{_whose(entry.owner)} · {_by(risk.due, today)}",
    )


def _whose(owner: str | None) -> str:
    return f"Owner {mention(owner)}" if owner else "No owner"


def _by(due: date | None, today: date) -> str:
    if due is None:
        return "no date"
    return f"due {day(due)}{' (overdue)' if due < today else ''}"


def _empty(project: Project | None) -> Message:
    whose, key = (f" in {project.key}", project.key) if project else ("", "APOLLO")
    text = f"There is no open risk{whose}. Raise one in a line: `/risk {key} {EXAMPLE}`, or `/risk` alone for the form."
    return Message(text=text, blocks=[section(text)])


def _owed(entry: RiskEntry) -> str:
    """What a grave risk still lacks."""
    if not rules.risks.is_unanswered(entry.risk.severity, entry.owner, entry.risk.due):
        return ""
    return "A risk this high counts as unanswered until it has an owner and a date: *Edit* gives it both."


def _next(project: ProjectName) -> str:
    if project.channel:
        return (
            f"Next: its card is shown in {channel_link(project.channel)}, where the team owns, re-scores or closes it."
        )
    return f"{project.key} has no channel, so nobody is told: `/pmo project {project.key} edit` gives it one."


def _rated(value: int, is_assumed: bool) -> str:
    return f"{value} of 5 (assumed: you did not say)" if is_assumed else f"{value} of 5"


def _due(due: date | None) -> str:
    return day(due) if due else "no date"


def _open_button(entry: RiskEntry) -> Element:
    return button("Open", SHOW, entry.risk.id, describes=f"Open risk {entry.risk.ref}")


def _undo_button(entry: RiskEntry) -> Element:
    outcome = f"{entry.risk.ref} is taken back and its card goes away."
    return button(
        "Undo",
        UNDO,
        entry.risk.id,
        confirm=confirm("Undo this risk?", outcome, "Undo"),
        describes=f"Undo risk {entry.risk.ref}",
    )
