"""The command line's imports: a file read, kept in each workspace, and told so that a person can check it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from bot import store
from bot.errors import Refused
from bot.rules.audit import IMPORT
from bot.rules.registers import reading, told
from bot.rules.registers.reading import Register
from bot.rules.registers.sheets import title
from bot.rules.registers.told import counted
from bot.store import Database
from bot.store.imports import NOT_KEPT, Imported
from bot.store.imports_found import Pair
from bot.store.tables import Workspace

SHOWN = 20
"""How many projects that were added or changed are named, unless all are asked for."""


class _Untouched(Exception):
    """A dry run is over: nothing is to be kept."""


def projects(
    db: Database,
    file: Path,
    *,
    teams: Sequence[str],
    mapping: Mapping[str, str],
    as_of: date | None,
    now: datetime,
    dry_run: bool,
    show_all: bool = False,
) -> Iterator[str]:
    """Import a register of projects into workspaces, named by their Slack teams, and tell line by line what happened.

    Each workspace is a transaction of its own. Refused says why the file, or a workspace, cannot be used.
    """
    workspaces = _workspaces(db, teams)
    register = reading.read(file.read_bytes(), file.name, mapping, as_of=as_of)
    yield from _read(file.name, register, as_of)
    for workspace in workspaces:
        done = _keep(db, workspace, register, source=file.name, now=now, dry_run=dry_run)
        yield from _kept(workspace, done, None if show_all else SHOWN)
    yield from _section(f"Refused: {len(register.refused)}", map(str, register.refused))
    if dry_run:
        yield from ("", "Dry run: nothing was written.")


def _workspaces(db: Database, teams: Sequence[str]) -> list[Workspace]:
    with db.across_workspaces() as session:
        known = {workspace.team_id: workspace for workspace in store.workspaces.list_all(session)}
    listed = ", ".join(f"{team} ({workspace.name})" for team, workspace in known.items())
    if not known:
        raise Refused("There is no workspace yet. Install the bot in Slack, or start it once, and import then.")
    if unknown := [team for team in teams if team not in known]:
        raise Refused(f"There is no workspace {', '.join(unknown)}. There is: {listed}.")
    if not teams and len(known) > 1:
        raise Refused(f"There are several workspaces: say which with --workspace. There is: {listed}.")
    return [known[team] for team in dict.fromkeys(teams or known)]


def _keep(
    db: Database, workspace: Workspace, register: Register, *, source: str, now: datetime, dry_run: bool
) -> Imported:
    done: list[Imported] = []
    with suppress(_Untouched), db.transaction(workspace.id, via=IMPORT) as session:
        done.append(store.imports.keep_projects(session, register.projects, source=source, now=now))
        if dry_run:
            raise _Untouched
    return done[0]


# --- telling -------------------------------------------------------------------------------------------------


def _read(name: str, register: Register, as_of: date | None) -> Iterator[str]:
    reports = sum(len(project.reports) for project in register.projects)
    counts = (counted(register.rows, "row"), counted(len(register.projects), "project"), counted(reports, "report"))
    yield f"{name}: {', '.join(counts)}"
    columns = register.columns
    width = max(len(title(column.title)) for column in columns.read)
    mapping = register.mapping
    fields = {column.field.name for column in columns.read}
    yield from _section(
        "Columns", (f"{title(column.title):{width}}  is {mapping[column.title]}" for column in columns.read)
    )
    yield from _section("Columns not read", map(title, columns.unread))
    yield from _section("Read, but not kept yet", sorted(fields & NOT_KEPT))
    yield from _section("Notes", [*register.notes, *_on_period(fields, as_of)])


def _on_period(fields: set[str], as_of: date | None) -> list[str]:
    if fields & {"year", "period_end"}:
        return []
    told = f"{as_of}, as --as-of says" if as_of else "today; if it is older, say so with --as-of 2026-03-31"
    return [f"no column says which period a row is of: the register was taken to tell of {told}"]


def _kept(workspace: Workspace, done: Imported, most: int | None) -> Iterator[str]:
    yield ""
    added, reports = counted(len(done.added), "project"), counted(done.reports, "report")
    told = f"{added} added, {len(done.changed)} changed, {done.unchanged} as before"
    yield f"{workspace.name} ({workspace.team_id}): {told}; {reports} added, {done.corrected} corrected"
    yield from _section("New portfolios", [", ".join(done.portfolios)] if done.portfolios else [])
    yield from _section("Added", _first(most, [f"{pair.project.key:10}  {pair.project.name}" for pair in done.added]))
    yield from _section("Changed", _first(most, [_changed(pair) for pair in done.changed]))
    yield from _section(f"Not placed: {len(done.unplaced)}", map(str, done.unplaced))


def _first(most: int | None, lines: Sequence[str]) -> list[str]:
    rest = len(lines) - most if most is not None else 0
    return [*lines[:most], f"and {rest} more (--all names them)"] if rest > 0 else list(lines)


def _changed(pair: Pair) -> str:
    return f"{pair.project.key:10}  {pair.project.name}: {told.changed(pair.changes)}"


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading with its lines below it; nothing when there are none."""
    found = list(lines)
    if found:
        yield from ("", heading, *(f"  {line}" for line in found))
