"""Check-ins: the form of a status report."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.rules import money
from bot.rules.checkins import needs_path
from bot.rules.fields import LINE
from bot.rules.terms import Dimension, Health
from bot.store.tables import Project, StatusReport, Version
from bot.views import text
from bot.views.blocks import (
    Block,
    Option,
    View,
    alert,
    context,
    date_input,
    modal,
    option,
    person_input,
    radio,
    select,
    text_input,
)
from bot.views.reports import days
from bot.views.text import escape, mention, when

FORM: Final = "checkin.form"
OVERALL: Final = "checkin.overall"
"""Hears how the whole is rated, so that the form asks for a path to green."""
PATH: Final = ("cause", "action", "action_owner", "action_due")
SCALE: Final = (Health.GREEN, Health.AMBER, Health.RED)
NAME: Final = 200


def form(
    project: Project,
    period: tuple[date, date],
    values: Mapping[str, Any],
    *,
    zone: str,
    stands: Version | None = None,
    planned: str = "",
    note: str = "",
) -> View:
    """The report of a project and period, filled in with `values` under the names of its fields.

    `stands` is the report that this one would correct, `planned` what was to be done by now, `note` what the person
    has to know before they send it. The form that comes back names its project, its period and what it showed.
    """
    start, end = period
    return modal(
        f"Check in: {project.key}",
        FORM,
        [
            *([alert(note, "warning")] if note else []),
            context(f"*{escape(project.name, NAME)}* · {days(start, end)}{_correcting(stands, zone)}"),
            radio(
                "overall",
                "How is it going, overall?",
                _ratings(values.get("overall")),
                values.get("overall"),
                dispatches=OVERALL,
            ),
            *_path(values),
            *(_dimension(each, values.get(each.value)) for each in Dimension),
            *_forecasts(project, values),
            *_story(values, planned),
        ],
        submit="Save the correction" if stands else "Send",
        metadata={
            "project": project.id,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "seen": stands.report.id if stands else None,
        },
    )


def prefilled(project: Project, last: StatusReport | None, *, again: bool) -> dict[str, Any]:
    """What the form says at first: the last report, and where it said nothing the project's own forecasts.

    What was achieved then is not achieved anew, so it stands only where the same period is reported on `again`.
    """
    forecasts = {"forecast_finish": project.finish_forecast, "eac": project.budget_forecast}
    if last is None:
        return forecasts
    values: dict[str, Any] = {
        "overall": last.overall.letter,
        **{name: Health(rank).letter for name, rank in last.dimensions.items()},
        "forecast_finish": last.finish_forecast or forecasts["forecast_finish"],
        "eac": forecasts["eac"] if last.budget_forecast is None else last.budget_forecast,
        "next_steps": last.next_steps,
        "decisions_needed": last.decisions_needed,
    }
    if again:
        values["achievements"] = last.achievements
    if last.overall.needs_path_to_green:
        values |= {
            "cause": last.cause,
            "action": last.action,
            "action_owner": last.action_owner,
            "action_due": last.action_due,
        }
    return values


def overtaken(other: Version, zone: str) -> str:
    """What somebody is told whose form is older than another person's report of the same period."""
    rated = f"{text.health(other.report.overall)}, {when(other.report.reported_at, zone)}"
    return f"Sending this again corrects what {mention(other.author)} has reported meanwhile: {rated}."


def _correcting(stands: Version | None, zone: str) -> str:
    if stands is None:
        return ""
    author = mention(stands.author) if stands.author else "an import"
    return f" · corrects the report by {author}, {when(stands.report.reported_at, zone)}"


def _path(values: Mapping[str, Any]) -> list[Block]:
    """Why it is not green and what is done about it: asked for where it is owed, kept in sight where it was typed."""
    owed = needs_path(values)
    if not owed and not any(values.get(name) for name in PATH):
        return []
    told: dict[str, Any] = {"multiline": True, "max_length": LINE, "optional": not owed}
    return [
        *([] if owed else [context("Green needs no path to green: these four are left out when you send it green.")]),
        text_input("cause", "Because of what?", value=values.get("cause") or "", **told),
        text_input("action", "Path to green: what is done?", value=values.get("action") or "", **told),
        person_input("action_owner", "Who does it?", value=values.get("action_owner"), optional=not owed),
        date_input("action_due", "By when?", value=values.get("action_due"), optional=not owed),
    ]


def _ratings(letter: str | None, *more: Health) -> list[Option]:
    """The three ratings; one of a finer scale, as an import brings it, stays on offer where it was given."""
    given = [health for health in Health if health.letter == letter and health not in {*SCALE, *more, Health.NOT_SET}]
    return [option(text.health(health), health.letter) for health in sorted({*SCALE, *given})] + [
        option(text.health(health), health.letter) for health in more
    ]


def _dimension(dimension: Dimension, letter: str | None) -> Block:
    options = _ratings(letter, Health.NOT_SET)
    return select(dimension.value, dimension.value.capitalize(), options, letter or Health.NOT_SET.letter)


def _forecasts(project: Project, values: Mapping[str, Any]) -> list[Block]:
    baseline, budget = project.finish_baseline, project.budget_baseline
    planned = f"Budget: {money.full(budget, project.currency)}." if budget is not None else ""
    return [
        date_input(
            "forecast_finish",
            "Forecast finish",
            value=values.get("forecast_finish"),
            optional=True,
            hint=f"Planned: {text.day(baseline)}" if baseline else "",
        ),
        text_input(
            "eac",
            f"Forecast cost at completion, in {project.currency}",
            value=_digits(values.get("eac")),
            max_length=40,
            optional=True,
            hint=" ".join(filter(None, [planned, "Such as 1200000 or 1.2m."])),
        ),
    ]


def _story(values: Mapping[str, Any], planned: str) -> list[Block]:
    told: dict[str, Any] = {"multiline": True, "max_length": LINE, "optional": True}
    hint = f"Planned last time: {planned}" if planned else ""
    return [
        text_input("achievements", "What was achieved?", value=values.get("achievements") or "", hint=hint, **told),
        text_input("next_steps", "What is next?", value=values.get("next_steps") or "", **told),
        text_input(
            "decisions_needed", "Which decisions are needed?", value=values.get("decisions_needed") or "", **told
        ),
    ]


def _digits(amount: Decimal | str | None) -> str:
    """An amount in digits, without cents that are nought; what was typed already stays as it was typed."""
    if amount is None or isinstance(amount, str):
        return amount or ""
    return f"{amount:f}".removesuffix(".00")
