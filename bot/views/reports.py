"""Status reports: the card in the project's channel, how a report is put in words, and the history."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from bot.rules import health, money, workdays
from bot.rules.terms import Dimension, Health
from bot.store.tables import Message, Project, StatusReport, Version
from bot.views import text
from bot.views.blocks import Block, Element, actions, button, context, fields, header, section
from bot.views.text import escape, join_lines, mention, plain, when

HISTORY: Final = "report.history"
"""Shows what was reported of a project; the value is the project's number."""

SHOWN: Final = 300


def card(project: Project, versions: Sequence[Version], *, zone: str, late: bool = False) -> Message:
    """What was reported of a period, with its reasons, forecasts and authors; the newest of its versions."""
    report = versions[-1].report
    return Message(
        text=" ".join([f"{project.key} {plain(project.name)}:", sentence(report), signed_plainly(versions, late=late)]),
        blocks=[
            header(f"{project.key} {project.name}"),
            section(f"*{text.health(report.overall)}* for {period(report)}"),
            fields(figures(project, report)),
            *_story(report),
            actions(button("History", HISTORY, project.id, describes=f"What was reported of {project.key} before")),
            context(signed(versions, zone=zone, late=late)),
        ],
    )


def sentence(report: StatusReport) -> str:
    """A report in a sentence or two, for who sees no blocks."""
    because = f" because {plain(report.cause)}" if report.cause else ""
    fix = f" Path to green: {plain(report.action)}, {_by_whom(report)}." if report.action else ""
    asks = f" Decisions needed: {plain(report.decisions_needed)}." if report.decisions_needed else ""
    return f"{text.health(report.overall)} for {period(report)}{because}.{fix}{asks}"


def because(report: StatusReport) -> str:
    """Why it is not green, and what is done about it, in mrkdwn; nothing where neither was said."""
    cause = f"*Because of* {escape(report.cause, SHOWN)}" if report.cause else None
    path = f"*Path to green* {escape(report.action, SHOWN)} · {_by_whom(report)}" if report.action else None
    return join_lines(cause, path)


def figures(project: Project, report: StatusReport) -> dict[str, str]:
    """Letters and numbers: dimensions, and the forecasts against what was approved."""
    rated = {Dimension(name): Health(rank) for name, rank in report.dimensions.items()}
    return {
        "Dimensions": health.letters(rated) if rated else text.NOTHING,
        "Forecast finish": finish(project.finish_baseline, report.finish_forecast),
        "Forecast cost": cost(project.budget_baseline, report.budget_forecast, project.currency),
    }


def period(report: StatusReport) -> str:
    """The period that is reported on."""
    return days(report.period_start, report.period_end)


def days(start: date, end: date) -> str:
    """A period in words, its last day being part of it: Sat 14 Nov to Fri 20 Nov 2026."""
    return text.day(end) if start == end else f"{text.day(start, end)} to {text.day(end)}"


def finish(baseline: date | None, forecast: date | None) -> str:
    """A forecast finish with its working days against the baseline; a dash where there is no forecast."""
    if forecast is None or baseline is None:
        return text.day(forecast) if forecast else text.NOTHING
    return f"{text.day(forecast)} ({text.shift(workdays.between(baseline, forecast))})"


def cost(budget: Decimal | None, forecast: Decimal | None, currency: str) -> str:
    """An estimate at completion with its share over or under the budget; a dash where there is none."""
    if forecast is None:
        return text.NOTHING
    if budget is None:
        return money.short(forecast, currency)
    over = money.ratio(forecast - budget, budget)
    change = "no budget" if over is None else money.change(over)
    return f"{money.short(forecast, currency)} of {money.short(budget)} ({change})"


def history(project: Project, page: Sequence[Version], *, number: int, size: int, total: int, zone: str) -> Message:
    """What was reported of a project, period by period, the newest first; `number` counts pages from 0."""
    if not total:
        said = f"Nothing was reported of {project.key} yet. `/checkin {project.key}` does it."
        return Message(said, [section(said)])
    first = number * size
    counted = f"{first + 1} to {first + len(page)} of {text.plural(total, 'report')}, the newest first."
    return Message(
        text=join_lines(f"What was reported of {project.key}:", *(sentence(each.report) for each in page)),
        blocks=[
            header(f"{project.key}: what was reported"),
            *(section(_line(project, each, zone)) for each in page),
            context(counted),
            *_turns(project, number, is_last=first + len(page) >= total),
        ],
    )


def signed(versions: Sequence[Version], *, zone: str, late: bool) -> str:
    """Who said it and when, who corrected it and when."""
    first, newest = versions[0], versions[-1]
    how = "No change, said" if first.report.is_unchanged else "Reported late" if late else "Reported"
    said = f"{how} by {_author(first)} {when(first.report.reported_at, zone)}"
    if newest is first:
        return said
    return f"{said} · *corrected* by {_author(newest)} {when(newest.report.reported_at, zone)}"


def signed_plainly(versions: Sequence[Version], *, late: bool) -> str:
    """Who said it last, in a sentence for who sees no blocks."""
    how = "Corrected" if len(versions) > 1 else "Reported late" if late else "Reported"
    return f"{how} by {_author(versions[-1])}."


def _line(project: Project, version: Version, zone: str) -> str:
    report = version.report
    facts = [fact for fact in figures(project, report).values() if fact != text.NOTHING]
    marks = ["no change"] * report.is_unchanged + ["corrected"] * (report.supersedes_id is not None)
    by = f"{_author(version)} {when(report.reported_at, zone)}"
    return join_lines(
        f"*{period(report)}* · {text.health(report.overall)}",
        " · ".join(facts),
        because(report),
        " · ".join([f"_{by}_", *marks]),
    )


def _turns(project: Project, number: int, *, is_last: bool) -> list[Block]:
    buttons: list[Element] = []
    if number:
        buttons.append(button("Newer", f"{HISTORY}:{number - 1}", project.id))
    if not is_last:
        buttons.append(button("Older", f"{HISTORY}:{number + 1}", project.id))
    return [actions(*buttons)] if buttons else []


def _story(report: StatusReport) -> list[Block]:
    told = {
        "Achieved": report.achievements,
        "Next": report.next_steps,
        "Decisions needed": report.decisions_needed,
    }
    lines = [f"*{name}* {escape(said, SHOWN)}" for name, said in told.items() if said]
    return [section(part) for part in (because(report), join_lines(*lines)) if part]


def _by_whom(report: StatusReport) -> str:
    by = f" by {text.day(report.action_due)}" if report.action_due else ", without a date"
    return f"{mention(report.action_owner)}{by}"


def _author(version: Version) -> str:
    return mention(version.author) if version.author else "an import"
