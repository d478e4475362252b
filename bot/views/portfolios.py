"""Portfolios: the list of projects, a line each, with what it can be narrowed to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.rules import cadence, health, money
from bot.rules.health import Change
from bot.rules.portfolios import PAGE, Line, Page, Wanted
from bot.rules.terms import Health
from bot.store.tables import Message
from bot.views import text
from bot.views.blocks import (
    Block,
    Element,
    Option,
    View,
    actions,
    button,
    context,
    external_menu,
    header,
    menu,
    modal,
    option,
    section,
)
from bot.views.projects import SHOW as SHOW_PROJECT
from bot.views.projects_changes import state_word
from bot.views.text import day, escape, plain, plural

SHOW: Final = "portfolio.show"
OF: Final = "portfolio.of"
WINDOW: Final = "portfolio.window"
WORST_FIRST: Final = sorted(Health, reverse=True)
CHOICES: Final = (
    ("Any health", frozenset[Health]()),
    ("Needs attention (R, AR, A)", frozenset({Health.RED, Health.AMBER_RED, Health.AMBER})),
    *((f"[{each.letter}] {health.word(each)}", frozenset({each})) for each in WORST_FIRST if each is not Health.DONE),
)


def message(page: Page, *, now: datetime, zone: str, may_add: bool) -> Message:
    """A page of the list for one reader, with its figures in the text too."""
    return Message(text=plain(_title(page)) + ". " + _counts(page), blocks=_blocks(page, now, zone, may_add))


def window(page: Page, *, now: datetime, zone: str, may_add: bool) -> View:
    """The same over Slack, where there is no message to answer with."""
    return modal("Portfolio", WINDOW, _blocks(page, now, zone, may_add), close="Close")


def choices(found: Sequence[tuple[int, str]], wanted: Wanted) -> list[Option]:
    """The portfolios to choose from; each carries the whole of what is wanted, from the first page on."""
    anew = replace(wanted, page=0)
    every = option("All portfolios", replace(anew, portfolio=None).packed())
    return [every, *(option(name, replace(anew, portfolio=number).packed()) for number, name in found)]


def line(project: Line, *, now: datetime, zone: str) -> str:
    """One project: letter and how it moved, then figures: `[R] worse *PAYROLL* · red 1 run · fcst ... · upd 3d`."""
    moved = project.change.value if project.change in {Change.WORSE, Change.BETTER} else ""
    named = f"*{project.key}* {escape(project.name, 80)}"
    facts = [_rated(project), _forecast(project), _cost(project), _age(project, now, zone)]
    mark, letter = text.health_short(project.health).split(" ")
    return " · ".join(filter(None, [" ".join(filter(None, [f"{mark} [{letter}]", moved, named])), *facts]))


def _blocks(page: Page, now: datetime, zone: str, may_add: bool) -> list[Block]:
    lines = [
        section(line(each, now=now, zone=zone), button("Open", SHOW_PROJECT, each.id, describes=f"Open {each.key}"))
        for each in page.lines
    ]
    return [
        header(_title(page)),
        section(_counts(page)),
        *(lines or [section(_empty(page, may_add))]),
        *_controls(page),
    ]


def _title(page: Page) -> str:
    return f"Portfolio {page.portfolio}" if page.portfolio else "All projects"


def _counts(page: Page) -> str:
    """How many there are of each health, worst first, whatever the list is narrowed to."""
    shown = [f"{text.health_short(each)} {page.counts[each]}" for each in WORST_FIRST if page.counts.get(each)]
    return " · ".join([f"*{plural(sum(page.counts.values()), 'project')}*", *shown])


def _empty(page: Page, may_add: bool) -> str:
    if page.wanted.healths or page.wanted.portfolio:
        return "No project is like that now. Choose *Any health* or *All portfolios* below to see the others."
    if may_add:
        return "There are no projects yet. `/pmo project add` sets the first one up."
    return "There are no projects yet. Your PMO sets them up with `/pmo project add`."


def _controls(page: Page) -> list[Block]:
    """The menus that narrow the list, and the pages where there are several."""
    wanted = replace(page.wanted, page=0)
    healths = [option(label, replace(wanted, healths=each).packed()) for label, each in CHOICES]
    chosen = option(page.portfolio or "All portfolios", wanted.packed())
    elements: list[Element] = [
        menu(f"{SHOW}:health", "Health", healths, wanted.packed()),
        external_menu(f"{OF}:{wanted.packed()}", "Portfolio", chosen),
    ]
    if page.wanted.page:
        elements.append(button("Previous", f"{SHOW}:previous", page.wanted.turned(-1).packed()))
    if page.has_next:
        elements.append(button("Next", f"{SHOW}:next", page.wanted.turned(1).packed()))
    return [actions(*elements), *_where(page)]


def _where(page: Page) -> list[Block]:
    if page.total <= PAGE:
        return []
    return [context(f"{page.first} to {page.first + len(page.lines) - 1} of {page.total}, the worst first")]


def _rated(project: Line) -> str:
    """For how long it has been rated so, and what its signals say where that is worse; or why it has no rating."""
    if not project.state.is_live:
        return state_word(project.state)
    if project.reported_at is None:
        worse, rated = project.computed.needs_path_to_green, "no report yet"
    else:
        worse = health.is_watermelon(project.reported, project.computed)
        rated = f"{health.colour(project.reported)} {plural(project.runs, 'run')}"
    return f"{rated}, by its signals {health.colour(project.computed)}" if worse else rated


def _forecast(project: Line) -> str:
    if project.finish_forecast is None:
        return ""
    late = "" if project.slip is None else f" ({text.shift(project.slip)})"
    return f"fcst {day(project.finish_forecast)}{late}"


def _cost(project: Line) -> str:
    """What it is to cost against what was planned, in its currency; what is not known is a dash."""
    if project.budget is None and project.eac is None:
        return ""

    def short(amount: Decimal | None) -> str:
        return text.NOTHING if amount is None else money.short(amount)

    return f"EAC {short(project.eac)}/{short(project.budget)} {project.currency}"


def _age(project: Line, now: datetime, zone: str) -> str:
    """The days since its report, as the reader counts days."""
    if project.reported_at is None:
        return ""
    home = cadence.zone_named(zone)
    return f"upd {(now.astimezone(home).date() - project.reported_at.astimezone(home).date()).days}d"
