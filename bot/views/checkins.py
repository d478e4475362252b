"""Check-ins: the prompt that asks, the receipt it becomes, and the choice of a project."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules import health
from bot.store.tables import Checkin, Message, Project, StatusReport, Version
from bot.views import reports, text
from bot.views.blocks import Element, actions, button, context, header, menu, option, section
from bot.views.escalations import OPEN as ESCALATE
from bot.views.reports import days
from bot.views.text import channel_link, escape, join_lines, when

OPEN: Final = "checkin.open"
"""Opens the form of a project's check-in; the value is the project's number."""
UNCHANGED: Final = "checkin.unchanged"
EDIT: Final = "checkin.edit"
"""Opens the form of one check-in, whatever became of it; the value is the check-in's number."""
RISK: Final = "risk.open"
"""Raises a risk in a project; the value is the project's number."""
NAME: Final = 200


def prompt(
    checkin: Checkin,
    project: Project,
    last: StatusReport | None,
    *,
    zone: str,
    may_answer: bool = True,
    may_repeat: bool = True,
) -> Message:
    """What is asked of a project's manager, with what was reported last and the two ways to answer.

    Who may not answer is told whom to turn to.
    """
    asked = f"How is {project.key} {text.plain(project.name)}? The check-in for {_period(checkin)} is due."
    if not may_answer:
        return _nobody(project, checkin)
    buttons: list[Element] = [
        button("Check in", OPEN, project.id, style="primary", describes=f"Check in for {project.key}")
    ]
    if may_repeat:
        buttons.append(button("No change", UNCHANGED, checkin.id, describes=f"No change for {project.key}"))
    return Message(
        text=join_lines(asked, f"Last reported: {reports.sentence(last)}" if last else None),
        blocks=[
            header(f"How is {project.key}?"),
            section(f"*{escape(project.name, NAME)}* · {_period(checkin)}"),
            section(_last(last, zone)),
            actions(*buttons),
            *([context("*No change* says the last report again, with today's date.")] if may_repeat else []),
        ],
    )


def missed(checkin: Checkin, project: Project) -> Message:
    """What a prompt becomes when the next one opened before it was answered."""
    said = f"Nothing was reported of {project.key} for {_period(checkin)}, and the next check-in is open."
    return Message(
        text=said,
        blocks=[
            section(said),
            actions(button("Report late", EDIT, checkin.id, describes=f"Report on {project.key} late")),
            context("A late report counts, and is marked as late."),
        ],
    )


def passed(project: Project) -> Message:
    """What was not asked while the bot was away."""
    return Message(f"A check-in of {project.key} {text.plain(project.name)} was due.")


def receipt(
    checkin: Checkin,
    project: Project,
    versions: Sequence[Version],
    *,
    zone: str,
    late: bool = False,
    next_edition: datetime | None = None,
) -> Message:
    """What was saved, by whom, where it will be read, and what can be done about it."""
    report = versions[-1].report
    kept = (
        f"*Saved:* {project.key} {escape(project.name, NAME)} is *{text.health(report.overall)}* for {_period(checkin)}"
    )
    return Message(
        text=f"Saved: {project.key} is {reports.sentence(report)} {reports.signed_plainly(versions, late=late)}",
        blocks=[
            section(join_lines(kept, reports.because(report), _contradiction(report))),
            context(join_lines(reports.signed(versions, zone=zone, late=late), _read(project, next_edition, zone))),
            actions(*_help(checkin, project, report)),
        ],
    )


def choice(found: Sequence[tuple[Project, Checkin | None]]) -> Message:
    """The projects somebody reports on, to choose one from; those that are due say so."""
    options = [
        option(f"{project.key} {project.name}", project.id, f"Due: {_period(checkin)}" if checkin else "Not due now")
        for project, checkin in found
    ]
    due = [project.key for project, checkin in found if checkin]
    said = f"Which project do you report on? Due: {text.listed(due)}." if due else "Which project do you report on?"
    return Message(said, [section(said, menu(OPEN, "Choose a project", options))])


def nothing() -> str:
    """What somebody is told who reports on no project."""
    return (
        "You manage no live project and stand in for nobody, so there is nothing to report on. `/checkin APOLLO` names"
        " a project; `/pmo project APOLLO` shows who manages it."
    )


def _nobody(project: Project, checkin: Checkin) -> Message:
    said = (
        f"The check-in of {project.key} {text.plain(project.name)} for {_period(checkin)} is due, and the project has"
        f" neither a manager nor a deputy to answer it. Ask your PMO to name one."
    )
    return Message(said, [section(said)])


def _last(last: StatusReport | None, zone: str) -> str:
    if last is None:
        return "*Last reported* nothing yet: this is the first check-in."
    return join_lines(
        f"*Last reported* {text.health(last.overall)} · {when(last.reported_at, zone)}", reports.because(last)
    )


def _contradiction(report: StatusReport) -> str | None:
    """Where the facts say worse than the person does, so that it is no surprise in the digest."""
    if not health.is_watermelon(report.overall, report.computed):
        return None
    why = escape("; ".join(report.computed_because), 500)
    return f"*The facts say {text.health(report.computed)}*: {why}. The digest will say so."


def _read(project: Project, next_edition: datetime | None, zone: str) -> str:
    place = (
        f"Shown in {channel_link(project.channel)}"
        if project.channel
        else f"{project.key} has no channel to show it in"
    )
    digest = f"in the next digest, {when(next_edition, zone)}" if next_edition else "in no digest yet"
    return f"{place}, and {digest}."


def _help(checkin: Checkin, project: Project, report: StatusReport) -> list[Element]:
    """The way to correct it; what is not green gets the two ways to help."""
    edit = button("Edit", EDIT, checkin.id, describes=f"Correct the report on {project.key}")
    if not report.overall.needs_path_to_green:
        return [edit]
    return [
        edit,
        button("Raise a risk", RISK, project.id, describes=f"Raise a risk in {project.key}"),
        button("Escalate", ESCALATE, project.id, describes=f"Ask for a decision for {project.key}"),
    ]


def _period(checkin: Checkin) -> str:
    return days(checkin.period_start, checkin.period_end)
