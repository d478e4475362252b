"""Purges: a client whose time is over leaves one row, and the others lose none."""

from datetime import timedelta

import pytest
import sqlalchemy
from sqlmodel import SQLModel, select

from bot import store
from bot.rules.terms import WorkspaceState
from bot.store import Database, purges
from bot.store.tables import Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace
from tests.store.test_exports_rows import an_office

DAY = timedelta(days=1)


def removed(db: Database, workspace: Workspace) -> None:
    with db.across_workspaces() as session:
        store.workspaces.removed(session, store.workspaces.get_by_id(session, workspace.id), now=NOW)


def over(db: Database, now=NOW) -> list[int]:  # type: ignore[no-untyped-def]
    with db.across_workspaces() as session:
        return [workspace.id for workspace in purges.list_over(session, now)]


def purged(db: Database, workspace: Workspace, *, limit: int = 3) -> int:
    """Everything gone, a few rows to a transaction; how many transactions that took."""
    with db.across_workspaces() as session:
        purges.begin(session, store.workspaces.get_by_id(session, workspace.id), NOW)
    steps = 0
    while True:
        with db.across_workspaces() as session:
            if not purges.step(session, workspace.id, limit=limit):
                break
        steps += 1
    with db.across_workspaces() as session:
        purges.end(session, workspace.id, NOW)
    return steps


def left(db: Database, workspace: Workspace) -> dict[str, int]:
    """How many rows each table still has of it, by the tables themselves."""
    walled = [table for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.columns]
    with db.across_workspaces() as session:
        counts = {
            table.name: session.execute(
                sqlalchemy.select(sqlalchemy.func.count())
                .select_from(table)
                .where(table.c.workspace_id == workspace.id)
            ).scalar_one()
            for table in walled
        }
    return {name: count for name, count in counts.items() if count}


def row(db: Database, workspace: Workspace) -> Workspace:
    with db.across_workspaces() as session:
        return store.workspaces.get_by_id(session, workspace.id)


def test_records_are_kept_for_as_long_as_was_agreed(db: Database) -> None:
    ours, theirs = a_workspace(db, retention_days=2), a_workspace(db)
    removed(db, ours)

    assert over(db, NOW + 2 * DAY - timedelta(seconds=1)) == []
    assert over(db, NOW + 2 * DAY) == [ours.id]
    assert theirs.id not in over(db, NOW + 99 * DAY)


def test_everything_goes_but_a_closed_row_without_a_name(db: Database) -> None:
    ours, theirs = an_office(db), an_office(db)
    before, other = left(db, ours), left(db, theirs)
    assert {"people", "projects", "status_reports", "risks", "posts", "audit"} <= set(before)
    removed(db, ours)

    steps = purged(db, ours, limit=1)

    assert left(db, ours) == {}
    assert left(db, theirs) == other
    assert steps > len(before)
    tombstone = row(db, ours)
    assert (tombstone.state, tombstone.purged_at) == (WorkspaceState.CLOSED, NOW)
    assert tombstone.purged_rows >= sum(before.values())
    assert (tombstone.name, tombstone.bot_id, tombstone.enterprise_id, tombstone.scope) == ("", "", None, None)
    assert str(ours.team_id) not in str(tombstone)


def test_a_report_that_was_corrected_goes_after_its_correction(db: Database) -> None:
    ours = an_office(db)
    with db.transaction(ours.id) as session:
        first = session.exec(select(store.tables.StatusReport)).one()
        values = first.model_dump(exclude={"id"}) | {"supersedes_id": first.id}
        session.add(store.tables.StatusReport(**values))
    removed(db, ours)

    purged(db, ours, limit=1)

    assert left(db, ours) == {}


def test_what_was_stopped_in_the_middle_goes_on_and_does_not_come_back(db: Database) -> None:
    ours = an_office(db)
    removed(db, ours)
    with db.across_workspaces() as session:
        purges.begin(session, store.workspaces.get_by_id(session, ours.id), NOW)
        assert purges.step(session, ours.id, limit=1) == 1

    assert over(db, NOW) == [ours.id]
    assert row(db, ours).purged_rows == 1
    with db.across_workspaces() as session:
        assert store.workspaces.find(session, ours.team_id) is None
    purged(db, ours)
    assert over(db, NOW + 999 * DAY) == []


def test_whoever_installs_it_again_within_the_time_finds_everything(db: Database) -> None:
    ours = an_office(db)
    removed(db, ours)
    kept = left(db, ours)

    with db.across_workspaces() as session:
        again = store.workspaces.keep(
            session, team_id=ours.team_id, enterprise_id=None, name="Northwind", bot_user_id="U1", bot_id="B1", now=NOW
        )

    assert again.id == ours.id
    assert over(db, NOW + 999 * DAY) == []
    assert left(db, ours) == kept


def test_whoever_installs_it_again_after_that_starts_afresh(db: Database) -> None:
    ours = an_office(db)
    removed(db, ours)
    purged(db, ours)

    with db.across_workspaces() as session:
        again = store.workspaces.keep(
            session, team_id=ours.team_id, enterprise_id=None, name="Northwind", bot_user_id="U1", bot_id="B1", now=NOW
        )
        assert [workspace.id for workspace in store.workspaces.list_all(session)] == [again.id]

    assert again.id != ours.id
    assert left(db, again) == {}


def all_steps(db: Database, workspace: Workspace) -> None:
    with db.across_workspaces() as session:
        while purges.step(session, workspace.id, limit=99):
            pass


def test_the_trail_of_a_workspace_that_is_not_closed_stays(db: Database) -> None:
    ours = an_office(db)
    removed(db, ours)

    with pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"):
        all_steps(db, ours)

    assert "audit" in left(db, ours)


def test_rows_are_counted_before_they_go(db: Database) -> None:
    ours = a_workspace(db)
    a_person(db, ours, "Ana")
    a_portfolio(db, ours)
    a_project(db, ours)

    with db.reading_across() as session:
        assert purges.count(session, ours.id) == sum(left(db, ours).values())
