"""Home: a person's own page, with what they owe at the top."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from bot.rules import cadence
from bot.rules.home import CheckinLine, EscalationLine, Home, ProjectLine, RiskLine, Some
from bot.rules.portfolios import Wanted
from bot.rules.terms import Service
from bot.store.tables import Message
from bot.views import blocks, services, text
from bot.views.blocks import Block, Element, View, actions, button, context, header, section
from bot.views.checkins import OPEN as CHECK_IN
from bot.views.checkins import RISK as RAISE
from bot.views.portfolios import SHOW as PORTFOLIO
from bot.views.portfolios import WORST_FIRST
from bot.views.projects import SHOW as SHOW_PROJECT
from bot.views.projects_changes import state_word
from bot.views.setup import OPEN as SET_UP
from bot.views.text import day, escape, mention, plural, when

SHOW_RECORD: Final = "reference.show"
DOES: Final[Mapping[Service, str]] = {
    Service.CHECKINS: "Managers are asked for a check-in when one is due.",
    Service.RAID: "Risks are raised, owned and closed.",
    Service.ESCALATIONS: "Decisions are asked of whoever can take them.",
    Service.DIGESTS: "A digest goes out to those who steer.",
}
"""What the PMO does, service by service."""
ASKED: Final = 5
"""How many people of the PMO are named."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the page: the day it is for them, and their zone."""

    today: date
    zone: str


def page(home: Home, *, now: datetime, zone: str) -> View:
    """Everything that concerns one person, what they owe first; who has nothing here yet is told what this is."""
    reader = Reader(now.astimezone(cadence.zone_named(zone)).date(), zone)
    said = [
        *_list("Waiting for your answer", home.checkins, _checkin, reader, "`/checkin KEY` answers any of them"),
        *_list("Waiting for your decision", home.escalations, _escalation, reader, "`/pmo escalations`"),
        *_list("Your risks that are due", home.risks, _risk, reader, "`/pmo risks`"),
        *_list("Your projects", home.projects, _project, reader, "`/pmo portfolio`"),
        *_list("Escalations you raised", home.raised_escalations, _escalation, reader, "`/pmo escalations`"),
        *_list("Risks you raised", home.raised_risks, _risk, reader, "`/pmo risks`"),
    ]
    shown = [*_opening(home), *_office(home), *said, *_closing(home)]
    return blocks.home(services.without(shown, home.off))


def outside(said: str | Message) -> View:
    """The page of somebody who may see none of it: what this is, and why it is empty for them."""
    why = said if isinstance(said, str) else said.text
    return blocks.home([header("PMO Bot"), section(_about()), section(why)])


def _about() -> str:
    return (
        "Here the project management office keeps its projects: how they stand, their risks, and the decisions they "
        "need."
    )


def _opening(home: Home) -> list[Block]:
    """What this is, for who has nothing here yet, and what anybody can do."""
    first = [section(_what_this_is(home.off))] if home.is_empty else []
    elements: list[Element] = [
        button("Raise a risk", RAISE),
        button("See the portfolio", f"{PORTFOLIO}:home", Wanted().packed()),
    ]
    return [header("PMO Bot"), *first, actions(*elements), *_setting_up(home)]


def _setting_up(home: Home) -> list[Block]:
    """How far setting up is, for who sees to it, until the workspace has gone live."""
    if home.phase is None:
        return []
    said = f"*Setting up:* {home.phase.value}. Until you go live, only pilot projects are asked."
    return [section(said, button("Go on", SET_UP, describes="Go on with setting up"))]


def _what_this_is(off: Collection[Service]) -> str:
    does = [said for service, said in DOES.items() if service not in off]
    may = "see the portfolio, and raise a risk to any project" if Service.RAID not in off else "see the portfolio"
    return (
        f"Here the project management office keeps its projects and how they stand. {' '.join(does)}\n"
        f"You have no part in a project yet. You can still {may}."
    )


def _closing(home: Home) -> list[Block]:
    """Whom to ask, and where more is to be found."""
    named = [mention(slack_id) for slack_id in home.ask[:ASKED]]
    ask = f"Your PMO: {text.listed(named)}." if named else "No PMO is named yet: the admins of this Slack can do it."
    return [context(f"{ask} `/pmo help` shows all that can be asked for.")]


def _office(home: Home) -> list[Block]:
    office = home.office
    if office is None:
        return []
    rated = [f"{text.health_short(each)} {office.healths[each]}" for each in WORST_FIRST if office.healths.get(each)]
    unsaid = office.posts_in_trouble
    lines = [
        " · ".join([f"*{plural(sum(office.healths.values()), 'live project')}*", *rated]),
        " · ".join(
            [
                *_counted(home, Service.CHECKINS, f"{plural(office.checkins_open, 'check-in')} not answered yet"),
                *_counted(home, Service.ESCALATIONS, f"{plural(office.escalations_open, 'escalation')} open"),
                *([f"{plural(unsaid, 'message')} that Slack did not take"] if unsaid else []),
            ]
        ),
    ]
    return [header("The office"), section("\n".join(lines))]


def _counted(home: Home, service: Service, said: str) -> list[str]:
    return [] if service in home.off else [said]


def _list(title: str, some: Some[T], show: Callable[[T, Reader], Block], reader: Reader, where: str) -> Iterable[Block]:
    """A list with its title; what is left out is counted, with where to see it."""
    if not some:
        return []
    more = [context(f"+ {some.left} more: {where}")] if some.left else []
    return [header(title), *(show(line, reader) for line in some.lines), *more]


def _checkin(line: CheckinLine, reader: Reader) -> Block:
    """A check-in that is owed, with the way to give it."""
    asked = when(line.due_at, reader.zone, "ago")
    said = f"*{line.key}* {escape(line.name, 120)}\nup to {day(line.period_end, reader.today)} · asked {asked}"
    answer = button("Check in", CHECK_IN, line.project_id, style="primary", describes=f"Check in on {line.key}")
    return section(said, answer)


def _project(line: ProjectLine, reader: Reader) -> Block:
    """A project with its health, what one is in it, and when it is asked next."""
    roles = ", ".join(role.value for role in line.roles)
    named = f"*{line.key}* {escape(line.name, 120)} · {roles}"
    return section(
        f"{named}\n{_standing(line, reader)}", button("Open", SHOW_PROJECT, line.id, describes=f"Open {line.key}")
    )


def _standing(line: ProjectLine, reader: Reader) -> str:
    if not line.state.is_live:
        return state_word(line.state).capitalize()
    age = f", reported {when(line.reported_at, reader.zone, 'ago')}" if line.reported_at else ""
    asked = f" · next check-in {when(line.next_due_at, reader.zone)}" if line.next_due_at else ""
    return f"{text.health(line.health)}{age}{asked}"


def _risk(line: RiskLine, reader: Reader) -> Block:
    due = f" · due {_by(line.due, reader)}" if line.due else ""
    said = f"*{line.ref}* {escape(line.event, 200)}\n{text.severity(line.severity, line.score)}{due}"
    return section(said, _open(line.ref))


def _escalation(line: EscalationLine, reader: Reader) -> Block:
    seen = " · acknowledged" if line.is_acknowledged else ""
    said = f"*{line.ref}* {escape(line.what, 200)}\ndecide by {_by(line.decide_by, reader)}{seen}"
    return section(said, _open(line.ref))


def _open(ref: str) -> Element:
    return button("Open", SHOW_RECORD, ref, describes=f"Open {ref}")


def _by(due: date, reader: Reader) -> str:
    """A day, and whether it has passed."""
    return f"{day(due, reader.today)}{' · overdue' if due < reader.today else ''}"
