"""Exports: asked for, made by one worker, and never shown twice as far as that can be known."""

from datetime import timedelta

import pytest

from bot import store
from bot.errors import Refused
from bot.rules.exports import KEPT, Form, Part
from bot.rules.terms import Role
from bot.store import Database, exports
from bot.store.tables import Export, Person, Workspace
from tests.factories import NOW, a_person, a_workspace, an_actor

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def ours(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, ours: Workspace) -> Person:
    return a_person(db, ours, "Ana", Role.ADMIN)


def asked(db: Database, person: Person, part: Part = Part.RISKS) -> Export:
    with db.transaction(person.workspace_id) as session:
        return exports.ask(session, part, Form.CSV, by=an_actor(db, person), now=NOW)


def current(db: Database, export: Export) -> Export:
    with db.reading(export.workspace_id) as session:
        return exports.get(session, export.id)


def claim(db: Database, now=LATER) -> list[int]:  # type: ignore[no-untyped-def]
    with db.across_workspaces() as session:
        return [export.id for export in exports.claim_due(session, now, limit=9)]


def test_what_is_asked_for_is_made_by_one_worker_alone(db: Database, ana: Person) -> None:
    export = asked(db, ana)

    assert claim(db) == [export.id]
    assert claim(db) == []
    assert claim(db, LATER + exports.LEASE) == [export.id]
    assert current(db, export).attempts == 2


def test_nobody_waits_for_more_than_three(db: Database, ana: Person) -> None:
    for _ in range(3):
        asked(db, ana)

    with pytest.raises(Refused, match="Three files"):
        asked(db, ana)


def test_another_may_ask_while_somebody_waits(db: Database, ours: Workspace, ana: Person) -> None:
    for _ in range(3):
        asked(db, ana)

    assert asked(db, a_person(db, ours, "Ben")).id


def test_what_was_uploaded_counts_as_exported(db: Database, ana: Person) -> None:
    export = asked(db, ana)
    with db.transaction(ana.workspace_id) as session:
        exports.uploaded(session, export, file="F1", rows=12, now=LATER)
        (noted,) = store.audit.list_of(session, export)

    assert (current(db, export).file, current(db, export).rows) == ("F1", 12)
    assert (noted.what, noted.person_id, noted.at) == ("exported", ana.id, LATER)
    assert noted.changes == {"part": [None, "risks"], "form": [None, "csv"], "rows": [None, 12]}


def test_what_was_sent_is_over(db: Database, ana: Person) -> None:
    export = asked(db, ana)
    with db.transaction(ana.workspace_id) as session:
        exports.sent(session, export, now=LATER)

    assert current(db, export).sent_at == LATER
    assert claim(db) == []


def test_what_was_postponed_comes_again_and_stays_uncertain(db: Database, ana: Person) -> None:
    export = asked(db, ana)
    with db.transaction(ana.workspace_id) as session:
        exports.postponed(session, export, until=LATER, why="ratelimited", uncertain=True)
    export = current(db, export)
    with db.transaction(ana.workspace_id) as session:
        exports.postponed(session, export, until=LATER, why="unreachable")

    assert (current(db, export).trouble, current(db, export).is_uncertain) == ("unreachable", True)
    assert claim(db, NOW) == []
    assert claim(db) == [export.id]


def test_what_slack_lost_is_uploaded_anew(db: Database, ana: Person) -> None:
    export = asked(db, ana)
    with db.transaction(ana.workspace_id) as session:
        exports.uploaded(session, export, file="F1", rows=1, now=NOW)
        exports.lost(session, export, until=LATER)

    assert current(db, export).file is None
    assert claim(db) == [export.id]


def test_what_was_given_up_keeps_the_reason(db: Database, ana: Person) -> None:
    export = asked(db, ana)
    with db.transaction(ana.workspace_id) as session:
        exports.given_up(session, export, why="file_uploads_disabled")

    assert current(db, export).trouble == "file_uploads_disabled"
    assert claim(db) == []


def test_nothing_is_made_where_the_bot_is_not_installed_any_more(db: Database, ours: Workspace, ana: Person) -> None:
    asked(db, ana)
    with db.across_workspaces() as session:
        assert exports.next_due_at(session) == NOW
        store.workspaces.removed(session, store.workspaces.get_by_id(session, ours.id), now=NOW)

    with db.across_workspaces() as session:
        assert exports.next_due_at(session) is None
    assert claim(db) == []


def test_who_asked_for_what_is_kept_for_a_month_once_it_is_over(db: Database, ana: Person) -> None:
    over, waiting = asked(db, ana), asked(db, ana)
    with db.transaction(ana.workspace_id) as session:
        exports.sent(session, over, now=NOW)

    with db.across_workspaces() as session:
        assert exports.forget_old(session, NOW + KEPT, limit=9) == 0
        assert exports.forget_old(session, NOW + KEPT + timedelta(seconds=1), limit=9) == 1
    assert current(db, waiting).due_at == NOW
