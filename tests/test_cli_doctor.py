"""What the doctor says of the audit trail."""

from datetime import timedelta

import pytest
from sqlalchemy import NullPool, create_engine, text

from bot.cli_doctor import Finding, of_audit
from bot.rules.terms import WorkspaceState
from bot.schedules import audit as sealing
from bot.store import Database, audit, audit_seals, workspaces
from bot.store.tables import Project
from tests.factories import NOW, a_project, a_workspace

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def apollo(db: Database) -> Project:
    """Apollo, with three sealed entries."""
    apollo = a_project(db, a_workspace(db, team_id="T1"))
    with db.transaction(apollo.workspace_id) as session:
        for what in ("added", "edited", "closed"):
            audit.record(session, apollo, what=what, by=None, now=NOW)
    sealing.seal_new(db)
    return apollo


def tamper(db: Database, edit: str) -> None:
    """Change something as whoever owns the database can, and leave no other trace."""
    with create_engine(db.url, poolclass=NullPool).begin() as connection:
        if not db.is_sqlite:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.execute(text(edit))
            return
        query = text("select name, sql from sqlite_master where type = 'trigger'")
        guards = connection.execute(query).all()
        for name, _ in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(text(edit))
        for _, made in guards:
            connection.exec_driver_sql(made)


def test_a_sound_trail_is_told_with_its_last_seal(db: Database, apollo: Project) -> None:
    a_workspace(db, team_id="T2")
    with db.reading(apollo.workspace_id) as session:
        last = audit_seals.verify(session, now=SOON).last
    assert sorted(of_audit(db, SOON), key=lambda found: found.name) == [
        Finding("audit of T1", f"3 entries as sealed, the last as {last}", sound=True),
        Finding("audit of T2", "0 entries as sealed, the last as none", sound=True),
    ]
    assert len(last) == 64


def test_the_row_that_was_tampered_with_is_named_and_others_trails_are_sound(db: Database, apollo: Project) -> None:
    gemini = a_project(db, a_workspace(db, team_id="T2"), "GEMINI")
    with db.transaction(gemini.workspace_id) as session:
        audit.record(session, gemini, what="added", by=None, now=NOW)
    sealing.seal_new(db)
    tamper(db, "update audit set why = 'it was agreed' where what = 'edited'")
    tampered, sound = sorted(of_audit(db, SOON), key=lambda found: found.name)
    with db.reading(apollo.workspace_id) as session:
        edited = audit.list_of(session, apollo)[1].id
    assert tampered.said.startswith(
        f"entry {edited} (projects:{apollo.id} edited, 20 Nov 2026 15:00 UTC) is not as it was sealed"
    )
    assert "backup" in tampered.said
    assert (tampered.sound, sound.sound) == (False, True)


def test_a_trail_that_nothing_guards_any_more_is_told(db: Database, apollo: Project) -> None:
    with create_engine(db.url, poolclass=NullPool).begin() as connection:
        on = "" if db.is_sqlite else " on audit"
        connection.exec_driver_sql(f"drop trigger audit_not_deleted{on}")
    unguarded, trail = of_audit(db, SOON)
    assert (unguarded.name, unguarded.sound, trail.sound) == ("audit", False, True)
    assert unguarded.said == "anybody can change the trail: audit_not_deleted is dropped or off (docs/operate.md)"


def test_a_trail_that_is_being_deleted_is_not_looked_at(db: Database, apollo: Project) -> None:
    with db.across_workspaces() as session:
        [workspace] = workspaces.list_all(session)
        workspace.state = WorkspaceState.CLOSED
    assert list(of_audit(db, SOON)) == []
