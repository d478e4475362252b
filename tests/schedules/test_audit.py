"""The clock seals what was noted, client by client, and nothing twice."""

import pytest

from bot import schedules
from bot.schedules import audit as sealing
from bot.store import Database, audit
from bot.store.tables import Project
from tests.factories import NOW, a_project, a_workspace


def note(db: Database, project: Project, times: int = 1) -> None:
    with db.transaction(project.workspace_id) as session:
        for _ in range(times):
            audit.record(session, project, what="edited", by=None, now=NOW)


def test_what_was_noted_is_sealed_once(db: Database) -> None:
    apollo, gemini = a_project(db, a_workspace(db)), a_project(db, a_workspace(db))
    assert sealing.seal_new(db) == 0
    note(db, apollo, 2)
    note(db, gemini)
    assert sealing.seal_new(db) == 3
    assert sealing.seal_new(db) == 0


def test_all_of_it_is_sealed_batch_by_batch(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    note(db, a_project(db, a_workspace(db)), 5)
    assert sealing.seal_new(db) == 5


def test_it_is_the_last_of_a_tick_so_that_nothing_of_it_is_left() -> None:
    assert schedules.JOBS[-1].run is sealing.seal_new
