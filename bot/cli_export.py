"""The command line's exports and purges: everything of a workspace as files, or gone."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot import rules, schedules, store
from bot.errors import Refused
from bot.rules.exports import Form, Part
from bot.store import Database, Session
from bot.store.exports_rows import Count
from bot.store.tables import Workspace

JSON = "export.json"
VIA = "pmo-bot export"


def export(db: Database, into: Path, *, teams: Sequence[str], now: datetime) -> Iterator[str]:
    """Write everything of workspaces, named by their Slack teams or all, and tell line by line what was written.

    Several have a folder each. The folder is there when everything is in it, or not at all; only its owner may read it.
    """
    workspaces = find(db, teams)
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused(f"{into} is there already, and not empty. Name a folder that is not there yet.")
    into.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent))
    try:
        for workspace in workspaces:
            folder = made / workspace.slack_id if len(workspaces) > 1 else made
            rows = _write(db, workspace, folder, now)
            yield f"{workspace.name} ({workspace.slack_id}): {rows:,} rows"
        made.replace(into)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    yield f"Written to {into}: a CSV file for each kind of record, and everything in {JSON}."


def purge(db: Database, team: str, *, even_installed: bool = False) -> tuple[Workspace, int]:
    """The workspace that is to be deleted, and how many rows it has; Refused while the bot is still installed there."""
    (workspace,) = find(db, [team])
    if workspace.removed_at is None and not even_installed:
        raise Refused(
            f"PMO Bot is still installed in {workspace.name}. Remove it there first, or say --even-installed where "
            "Slack cannot be asked any more."
        )
    with db.reading_across() as session:
        return workspace, store.purges.count(session, workspace.id)


def delete(db: Database, workspace: Workspace, *, now: datetime) -> int:
    """Delete everything of a workspace; how many rows went."""
    return schedules.privacy.purge(db, workspace.id, now)


def find(db: Database, teams: Sequence[str]) -> list[Workspace]:
    """The workspaces of these Slack teams or orgs, all where none is named; Refused for one that is not there."""
    with db.reading_across() as session:
        known = {workspace.slack_id: workspace for workspace in store.workspaces.list_all(session)}
    if not known:
        raise Refused("There is no workspace yet.")
    if unknown := [team for team in teams if team not in known]:
        listed = ", ".join(f"{team} ({workspace.name})" for team, workspace in known.items())
        raise Refused(f"There is no workspace {', '.join(unknown)}. There is: {listed}.")
    return [known[team] for team in dict.fromkeys(teams or known)]


def _write(db: Database, workspace: Workspace, folder: Path, now: datetime) -> int:
    """Every table as a CSV file and all of them as one JSON file, of one moment; how many rows there are."""
    folder.mkdir(exist_ok=True)
    with db.snapshot(workspace.id) as session:
        count = _write_csv(session, folder)
        with (folder / JSON).open("wb") as file:
            store.exports_rows.write(session, Part.ALL, Form.JSON, file, now=now)
    with db.transaction(workspace.id, via=VIA) as session:
        changes = {"part": (None, Part.ALL), "rows": (None, count.rows)}
        store.audit.record(session, workspace, what="exported", by=None, now=now, changes=changes)
    return count.rows


def _write_csv(session: Session, folder: Path) -> Count:
    count = Count()
    for name, titles, rows in store.exports_rows.tables(session, Part.ALL, count):
        with (folder / f"{name}.csv").open("wb") as file:
            rules.exports.write_text(rules.exports.csv_lines(titles, rows), file)
    return count
