"""The computed health follows the columns of its project, and two who change them take turns."""

import threading
from datetime import date, timedelta

import pytest

from bot.errors import Refused
from bot.rules.terms import Health, Severity
from bot.store import Database, health
from tests.factories import a_project, a_workspace

FRIDAY = date(2026, 11, 20)


def test_every_signal_in_the_columns_counts(db: Database) -> None:
    workspace = a_workspace(db)
    apollo = a_project(
        db,
        workspace,
        dimensions={"scope": int(Health.GREEN)},
        missed_runs=1,
        worst_risk=Severity.VERY_HIGH,
        overdue_escalations=2,
        finish_baseline=FRIDAY,
        finish_forecast=FRIDAY + timedelta(weeks=1),
    )
    with db.transaction(workspace.id) as session:
        health.recompute(session, health.hold(session, apollo.id))
    with db.reading(workspace.id) as session:
        now = health.hold(session, apollo.id)
    assert now.computed_health is Health.AMBER
    assert now.computed_because == ["very high risk open", "1 check-in missed in a row", "2 decisions overdue"]


def test_a_project_that_is_not_there_is_not_held(db: Database) -> None:
    workspace = a_workspace(db)
    elsewhere = a_project(db, a_workspace(db))
    with db.transaction(workspace.id) as session, pytest.raises(Refused, match="not here any more"):
        health.hold(session, elsewhere.id)


def test_who_holds_it_sees_what_was_changed_before(db: Database) -> None:
    workspace = a_workspace(db)
    apollo = a_project(db, workspace)

    def count() -> None:
        for _ in range(5):
            with db.transaction(workspace.id) as session:
                held = health.hold(session, apollo.id)
                held.missed_runs += 1
                health.recompute(session, held)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading(workspace.id) as session:
        assert health.hold(session, apollo.id).missed_runs == 20
