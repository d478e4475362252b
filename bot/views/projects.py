"""Projects: the card, the introduction in the channel, and what people are told of their part in one."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from bot.rules import cadence, health, money, workdays
from bot.rules.access import Act
from bot.rules.cadence import Cadence
from bot.rules.terms import Role, Service
from bot.store.tables import Message, Project, Standing
from bot.views import text
from bot.views.blocks import Block, Element, actions, button, confirm, context, fields, header, section
from bot.views.checkins import OPEN as CHECK_IN
from bot.views.checkins import RISK as RAISE
from bot.views.escalations import OPEN as ESCALATE
from bot.views.projects_changes import SILENT, state_word
from bot.views.teams import OPEN as TEAM
from bot.views.text import channel_link, day, escape, join_lines, mention, plain, plural, quote, when

SHOW: Final = "project.show"
EDIT: Final = "project.edit"
HIDE: Final = "project.hide"
UNHIDE: Final = "project.unhide"
SAID: Final = 400
"""Characters of each part of the last report that a card shows."""

CONFIDENTIAL: Final = "Confidential: its team, its sponsor and the leads of the PMO see it, and nobody else."


BUTTONS: Final = (
    (Act.SUBMIT_CHECKIN, "Check in", CHECK_IN),
    (Act.RAISE_RISK, "Raise a risk", RAISE),
    (Act.RAISE_ESCALATION, "Escalate", ESCALATE),
    (Act.EDIT_PROJECT, "Edit", EDIT),
    (Act.MANAGE_TEAM, "Team", TEAM),
)
"""What can be done with a project from its card, for who may."""


def card(standing: Standing, *, now: datetime, zone: str, may: Collection[Act]) -> Message:
    """How a project stands, and what this reader, in this zone, may do with it."""
    project = standing.project
    return Message(
        text=f"{project.key} {plain(project.name)}: {said_health(project)}.",
        blocks=[
            header(f"{project.key} · {project.name}"),
            *([context(CONFIDENTIAL)] if project.confidential else []),
            section(_health(project, zone)),
            fields(
                {
                    **_people(standing),
                    "Channel": channel_link(project.channel),
                    "Portfolio": escape(standing.portfolio or "") or "none",
                    **_checkins(standing, zone),
                    "Start": _dates(project.start_baseline, project.start_forecast, project.start_actual),
                    "Finish": _dates(project.finish_baseline, project.finish_forecast, project.finish_actual),
                    "Cost": _amounts(project),
                    "Open": _open(standing),
                }
            ),
            *_report(standing, now, zone),
            *_buttons(project, may),
        ],
    )


def welcome(standing: Standing) -> Message:
    """What a project's channel should know: who answers for it, when it is asked, and what anybody can do."""
    project = standing.project
    return Message(
        text=f"{project.key} {plain(project.name)} is followed here. {plain(_rhythm(standing), 300)}",
        blocks=[
            header(f"{project.key} · {project.name}"),
            section(f"This project is followed here. {_rhythm(standing)}"),
            fields({**_people(standing), "Portfolio": escape(standing.portfolio or "") or "none"}),
            context(
                *_anybody(standing),
                f"How it stands: `/pmo project {project.key}`",
            ),
        ],
    )


def told(standing: Standing, role: Role, *, by: str, zone: str) -> Message:
    """What somebody is told who has just become manager, sponsor or deputy of a project."""
    project = standing.project
    name = f"*{project.key}* {escape(project.name)}"
    said = {
        Role.MANAGER: f"You manage {name}. {_first(standing, zone)}",
        Role.SPONSOR: f"You sponsor {name}. What its manager cannot solve comes to you, here, for your decision.",
        Role.DEPUTY: f"You are the deputy for {name}. You can check in and change its records, as its manager does.",
    }[role]
    ways = f"`/pmo project {project.key}` shows how it stands, `/pmo help` what you can do."
    return Message(
        text=f"You are {role} of {project.key} {plain(project.name)}.",
        blocks=[section(said), context(f"{mention(by)} set this up. {ways}")],
    )


def added(standing: Standing, *, zone: str, is_silent: bool = False) -> Message:
    """What whoever added a project reads: that it is kept, and what happens next."""
    project = standing.project
    names = [mention(person.slack_id) for people in standing.held.values() for person in people]
    is_told = project.channel and not is_silent
    where = f" and introduced the project in {channel_link(project.channel)}" if is_told else ""
    said = join_lines(
        f"*{project.key}* {escape(project.name)} is set up.",
        f"I tell {text.listed(names)} of their part{where}.",
        SILENT if is_silent else "",
        _first_of(standing, zone),
        f"`/pmo project {project.key}` shows how it stands.",
    )
    return Message(text=f"{project.key} is set up.", blocks=[section(said)])


def list_mine(keys: Collection[tuple[int, str, str]]) -> Message:
    """What `/pmo project` says without a key: the projects it could have meant."""
    if not keys:
        return Message(text="Name a project, such as `/pmo project APOLLO`. `/pmo portfolio` lists them all.")
    lines = [f"`/pmo project {key}` {escape(name, 120)}" for _, key, name in keys]
    return Message(text="\n".join(["Which project? You have these:", *lines]))


def said_health(project: Project) -> str:
    """The health of a project as a word and a letter, without mark-up."""
    if not project.state.is_live:
        return state_word(project.state)
    rating = project.reported_health
    return f"{health.word(rating)} ({rating.letter})"


def _health(project: Project, zone: str) -> str:
    """The reported health with its age; the computed one and why, where it says otherwise."""
    if not project.state.is_live:
        return f"*{state_word(project.state).capitalize()}*: nobody is asked for check-ins."
    if project.reported_at is None:
        return join_lines(f"{text.health(project.reported_health)}: there is no report yet.", _computed(project))
    runs = f"{health.colour(project.reported_health)} for {plural(project.health_runs, 'report')}"
    since = f"since {day(project.health_since)}" if project.health_since else ""
    age = f"reported {when(project.reported_at, zone, 'ago')}"
    said = " · ".join(filter(None, [f"*{text.health(project.reported_health)}*", runs, since, age]))
    return join_lines(said, _computed(project))


def _computed(project: Project) -> str:
    if project.computed_health is project.reported_health or not project.computed_health.is_rating:
        return ""
    because = text.listed(map(escape, project.computed_because)) if project.computed_because else "of its signals"
    return f"By its signals it is {text.health(project.computed_health)}, because {because}."


def _people(standing: Standing) -> dict[str, str]:
    return {
        role.value.capitalize(): text.listed(mention(person.slack_id) for person in standing.held.get(role, []))
        if standing.held.get(role)
        else "nobody"
        for role in (Role.MANAGER, Role.SPONSOR, Role.DEPUTY)
    }


def _checkins(standing: Standing, zone: str) -> dict[str, str]:
    """How often its check-ins are asked for, and when next."""
    if not standing.charter.has(Service.CHECKINS):
        return {}
    if standing.schedule is None:
        return {"Check-ins": "never"}
    coming = f"next {when(standing.asked_next, zone)}" if standing.asked_next else _resting(standing)
    return {"Check-ins": join_lines(_often(standing), coming)}


def _resting(standing: Standing) -> str:
    """Why nobody is asked now."""
    charter = standing.charter
    if charter.has(Service.CHECKINS) and not charter.asks(is_pilot=standing.project.is_pilot):
        return "none before the workspace goes live"
    return "none while it rests"


def _often(standing: Standing) -> str:
    """The cadence in words, with the zone it is kept in."""
    schedule = standing.schedule
    if schedule is None:
        return "never"
    rule = Cadence(schedule.rrule, schedule.local_time, schedule.anchor)
    zones = [person.timezone for person in standing.held.get(Role.MANAGER, [])][:1]
    zone = schedule.timezone or "".join(zones)
    return f"{cadence.in_words(rule)} ({zone})" if zone else cadence.in_words(rule)


def _rhythm(standing: Standing) -> str:
    if not standing.project.state.is_live:
        return f"It is {state_word(standing.project.state)}: nobody is asked for check-ins."
    if not standing.charter.has(Service.CHECKINS):
        return "Its card says how it stands."
    return f"Its manager is asked for a check-in {_often(standing)}."


def _first(standing: Standing, zone: str) -> str:
    """When a manager is asked first."""
    next_due_at = standing.asked_next
    if next_due_at is None:
        return f"Check-ins: {_resting(standing)}." if standing.charter.has(Service.CHECKINS) else ""
    return f"Your first check-in is due {when(next_due_at, zone)}: I ask you here, {_often(standing)}."


def _first_of(standing: Standing, zone: str) -> str:
    next_due_at = standing.asked_next
    if next_due_at is None and standing.schedule is not None and standing.charter.has(Service.CHECKINS):
        return f"Check-ins: {_resting(standing)}."
    return f"The first check-in is asked for {when(next_due_at, zone)}, {_often(standing)}." if next_due_at else ""


def _dates(baseline: date | None, forecast: date | None, actual: date | None) -> str:
    late = f" ({text.shift(workdays.between(baseline, forecast))})" if baseline and forecast else ""
    return join_lines(
        f"baseline {day(baseline)}" if baseline else "",
        f"forecast {day(forecast)}{late}" if forecast else "",
        f"actual {day(actual)}" if actual else "",
    )


def _amounts(project: Project) -> str:
    def said(name: str, amount: Decimal | None) -> str:
        return "" if amount is None else f"{name} {money.short(amount, project.currency)}"

    baseline, forecast = project.budget_baseline, project.budget_forecast
    over = money.ratio(forecast - baseline, baseline) if forecast is not None and baseline is not None else None
    more = f" ({money.change(over)})" if over is not None else ""
    return join_lines(
        said("budget", baseline), f"{said('forecast', forecast)}{more}", said("spent", project.budget_actual)
    )


def _open(standing: Standing) -> str:
    project, charter = standing.project, standing.charter
    worst = f", the worst {text.severity(project.worst_risk).lower()}" if project.worst_risk else ""
    return join_lines(
        f"{plural(project.open_risks, 'risk')}{worst}" if charter.has(Service.RAID) else "",
        plural(standing.open_escalations, "escalation") if charter.has(Service.ESCALATIONS) else "",
    )


def _anybody(standing: Standing) -> list[str]:
    has_raid = standing.charter.has(Service.RAID)
    return [f"Anybody: `/risk {standing.project.key} what may happen p4 i5`"] if has_raid else []


def _report(standing: Standing, now: datetime, zone: str) -> list[Block]:
    """What the newest report said."""
    report = standing.report
    if report is None:
        return []
    by = f" by {mention(standing.author.slack_id)}" if standing.author else ""
    parts = {
        "Why": report.cause,
        "Path to green": report.action,
        "Achieved": report.achievements,
        "Next": report.next_steps,
        "Decisions needed": report.decisions_needed,
    }
    said = [f"_{name}_\n{quote(words, SAID)}" for name, words in parts.items() if words]
    today = now.astimezone(cadence.zone_named(zone)).date()
    title = f"*Last report*, for the period up to {day(report.period_end, today)}{by}"
    return [section("\n".join([title, *said]))]


def _buttons(project: Project, may: Collection[Act]) -> list[Block]:
    """What this reader may do; nobody checks in on a project that rests."""
    found: list[Element] = [
        button(label, action_id, project.id, describes=f"{label}: {project.key}")
        for act, label, action_id in BUTTONS
        if act in may and (project.state.is_live or act is not Act.SUBMIT_CHECKIN)
    ]
    if Act.HIDE_PROJECT in may:
        found.append(_veil(project))
    return [actions(*found)] if found else []


def _veil(project: Project) -> Element:
    """The way to make a project confidential, and the way back."""
    if project.confidential:
        sure = confirm("Show it to everybody?", "Everybody here can see it then, with its risks.", "Show it")
        return button("Not confidential", UNHIDE, project.id, confirm=sure, describes=f"Show {project.key} to all")
    sure = confirm(
        "Make it confidential?",
        "Only its team, its sponsor and the leads of the PMO see it then. What I posted of it elsewhere is taken away; "
        "digests that went out stay.",
        "Make it so",
    )
    return button("Make confidential", HIDE, project.id, confirm=sure, describes=f"Make {project.key} confidential")
