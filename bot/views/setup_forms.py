"""Setting up: the form of each step."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from bot.rules import cadence, calendars, services, tolerances
from bot.rules.setup import MOST_PEOPLE, MOST_PILOTS, REGISTER_MB, Figures, Step
from bot.rules.terms import Role
from bot.store.tables import Project, Workspace
from bot.views import text
from bot.views.blocks import (
    Block,
    Option,
    View,
    actions,
    checkboxes,
    context,
    date_input,
    external_select,
    external_selects,
    file_input,
    modal,
    number_input,
    option,
    people_input,
    person_input,
    section,
    select,
    text_input,
    time_input,
)
from bot.views.setup import STEPS, TOLERANCES, back_button, counted

SCOPE: Final = "setup.scope"
SERVICES: Final = "setup.services"
ROLES: Final = "setup.roles"
DEFAULTS: Final = "setup.defaults"
CALENDAR: Final = "setup.calendar"
THRESHOLDS: Final = "setup.tolerances"
REGISTER: Final = "setup.register"
PILOTS: Final = "setup.pilots"
DIGEST: Final = "setup.digest"
LIVE: Final = "setup.go_live"
REVIEW: Final = "setup.review"
ZONES: Final = "setup.zones"
COUNTRIES: Final = "setup.countries"
PROJECTS: Final = "setup.projects"
NOWHERE: Final = "none"
"""What stands for no country: a choice that was made cannot be emptied in Slack."""
COMING: Final = 5
KINDS: Final = ("csv", "xlsx")


def scope(workspace: Workspace, sponsor: str | None) -> View:
    """What the PMO is there for."""
    return _form(
        Step.SCOPE,
        SCOPE,
        [
            text_input(
                "scope",
                "What does this PMO do, and for whom?",
                value=workspace.scope or "",
                multiline=True,
                hint="What it is responsible for, what it reports to whom, and what it leaves to others.",
            ),
            person_input("sponsor", "Sponsor of the PMO", value=sponsor, optional=True),
        ],
    )


def switches(workspace: Workspace) -> View:
    """Which services are on."""
    on = [service.value for service in services.CATALOGUE if service.value not in workspace.services_off]
    offered = [option(offer.name, service.value, offer.does) for service, offer in services.CATALOGUE.items()]
    hint = "A service that is off is nowhere to be seen. What it kept stays, and is there again when it is on."
    return _form(Step.SERVICES, SERVICES, [checkboxes("services", "What is on", offered, on, hint=hint)])


def roles(held: Mapping[Role, Sequence[str]]) -> View:
    """Who holds the roles of the workspace."""
    return _form(
        Step.ROLES,
        ROLES,
        [
            _people(Role.PMO, "PMO", held, "They set up projects and digests, and decide what climbs up to them."),
            _people(Role.EXECUTIVE, "Executives", held, "They read every project and the digests.", optional=True),
            _people(Role.AUDITOR, "Auditors", held, "They read everything and change nothing.", optional=True),
            context("Whoever gets a role is told. `/pmo role` gives one for a portfolio alone, or for a time."),
        ],
    )


def defaults(workspace: Workspace) -> View:
    """What new projects begin with."""
    choices = [option(each.label, each.id) for each in cadence.CHOICES]
    return _form(
        Step.DEFAULTS,
        DEFAULTS,
        [
            select("cadence", "Check-ins are due", choices, workspace.cadence),
            time_input("time", "At", value=workspace.cadence_time, hint="In the zone of each project's manager"),
            external_select("zone", "Zone of the PMO", ZONES, zone_option(workspace.timezone), min_query_length=2),
            text_input("currency", "Currency", value=workspace.currency, max_length=3, hint="Three letters: GBP, EUR"),
            time_input("quiet_from", "Quiet from", value=f"{workspace.quiet_from:%H:%M}"),
            time_input(
                "quiet_until",
                "Quiet until",
                value=f"{workspace.quiet_until:%H:%M}",
                hint="In each reader's zone. What can wait is said after it; nobody is asked at night.",
            ),
            context("Projects that are there keep what they have; `/pmo project KEY edit` changes one."),
        ],
    )


def holidays(workspace: Workspace, today: date) -> View:
    """The days on which nobody works."""
    closed = frozenset(map(date.fromisoformat, workspace.closed_days))
    coming = calendars.Calendar(workspace.country or "", closed).upcoming(today, COMING)
    said = [f"{text.day(day)}{f' {name}' if name else ''}" for day, name in coming]
    return _form(
        Step.CALENDAR,
        CALENDAR,
        [
            external_select(
                "country",
                "Public holidays of",
                COUNTRIES,
                country_option(workspace.country),
                optional=True,
                hint="Type the beginning of a country; for one country its regions are offered too.",
            ),
            text_input(
                "closed",
                "Closed days of your own",
                value=calendars.written(closed),
                multiline=True,
                optional=True,
                hint="One a line, such as 24 dec 2026, or 24 dec 2026 to 1 jan 2027",
            ),
            context(f"Next: {'; '.join(said)}" if said else "No closed day within a year."),
            context("What is due on such a day is due on the next working day, and no clock of an escalation runs."),
        ],
    )


def thresholds(workspace: Workspace) -> View:
    """From when it shows that a project is off, and how long people have."""
    now = tolerances.kept(workspace.tolerances)
    shown: list[Block] = []
    for name, (label, unit) in TOLERANCES.items():
        value, default = getattr(now, name), getattr(tolerances.DEFAULT, name)
        least, most = tolerances.BOUNDS[name]
        shown.append(
            number_input(
                name,
                f"{label}{f' ({unit})' if unit else ''}",
                value=value,
                decimals=isinstance(value, Decimal),
                least=least,
                most=most,
                optional=True,
                hint=f"Left empty: {default}",
            )
        )
    return _form(Step.TOLERANCES, THRESHOLDS, [*shown, context("The health of every project follows at once.")])


def register() -> View:
    """A file with the projects that are there."""
    return _form(
        Step.REGISTER,
        REGISTER,
        [
            file_input(
                "file",
                "Your register",
                KINDS,
                hint=f"CSV or XLSX, up to {REGISTER_MB} MB: one row a project, its columns as you have them.",
            ),
            date_input("as_of", "It tells of the state on", optional=True, hint="Left empty: today"),
            text_input(
                "columns",
                "What columns mean",
                multiline=True,
                optional=True,
                hint="Only where I should read one otherwise, a line each: Budget (£m) = bac (£m)",
            ),
            context("I show you first what would be added, changed and refused. Nothing goes in before you say so."),
        ],
        submit="Read it",
    )


def pilots(chosen: Sequence[Project], *, is_live: bool) -> View:
    """The projects that are asked before all others."""
    said = "This workspace is live: every project is asked." if is_live else "Before you go live, only these are asked."
    return _form(
        Step.PILOTS,
        PILOTS,
        [
            external_selects(
                "pilots",
                "Pilot projects",
                PROJECTS,
                [project_option(each) for each in chosen],
                most=MOST_PILOTS,
                optional=True,
                hint="Three to five are enough to learn from.",
            ),
            context(said),
        ],
    )


def digest(preview: Sequence[Block]) -> View:
    """What the first digest would say now, before its channel is chosen."""
    intro = section("*This is what the digest says now*, to you alone. Next you choose its channel and its day.")
    return modal("First digest", DIGEST, [intro, *preview], submit="Choose its channel")


def go_live(*, live: int, pilots: int, digests: int, taken: bool) -> View:
    """What happens by going live, or the way back from it."""
    projects, channels = text.plural(live, "live project"), text.plural(digests, "digest")
    if taken:
        said = f"*This workspace is live:* {projects}, {channels}."
        return modal("Go live", LIVE, [section(said), actions(back_button())])
    said = (
        f"From now on the managers of {projects} are asked for check-ins when they are due, and {channels} "
        f"go out on their days. Until now only {text.plural(pilots, 'pilot')} were asked. What fell due meanwhile is "
        "not asked late."
    )
    return modal("Go live", LIVE, [section(said)], submit="Go live")


def live_already(live: int) -> View:
    """That nothing has to be done to be live."""
    return modal("Go live", LIVE, [section(f"*This workspace is live already:* {text.plural(live, 'live project')}.")])


def review(figures: Figures) -> View:
    """What the services came to, and room for what follows from it."""
    return _form(
        Step.REVIEW,
        REVIEW,
        [
            section(counted(figures)),
            text_input(
                "note",
                "What do you keep, what do you change?",
                multiline=True,
                optional=True,
                hint="It is kept in the audit trail. Services and thresholds are changed in their own steps.",
            ),
        ],
        submit="Keep the review",
    )


def zone_option(name: str) -> Option:
    """A zone to choose."""
    return option(name, name)


def country_option(place: str | None) -> Option:
    """A country or region to choose, or none."""
    return option(calendars.name_of(place), place) if place else option("No public holidays", NOWHERE)


def project_option(project: Project) -> Option:
    """A project to choose."""
    return option(f"{project.key} {project.name}", project.id)


def _people(role: Role, label: str, held: Mapping[Role, Sequence[str]], hint: str, *, optional: bool = False) -> Block:
    values = held.get(role, ())
    return people_input(role.value, label, values=values, most=MOST_PEOPLE, optional=optional, hint=hint)


def _form(step: Step, callback: str, shown: Sequence[Block], *, submit: str = "Save") -> View:
    return modal(STEPS[step][0], callback, shown, submit=submit)
