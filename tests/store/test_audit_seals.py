"""The trail is append-only in the database itself, chained entry by entry, and a break of it is found and named."""

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from bot.rules.audit import seal as seal_of
from bot.schedules import audit as sealing
from bot.store import Database, audit, audit_seals
from bot.store.audit_seals import Chain
from bot.store.tables import AuditEntry, AuditSeal, Project, UnsealedEntry, Workspace
from tests.factories import NOW, a_project, a_workspace


def note(db: Database, project: Project, *whats: str) -> None:
    with db.transaction(project.workspace_id) as session:
        for what in whats:
            audit.record(session, project, what=what, by=None, now=NOW, changes={"name": ("a", "ä")}, why="because")


def sealed(db: Database, workspace: Workspace) -> list[AuditSeal]:
    with db.reading(workspace.id) as session:
        return list(session.exec(select(AuditSeal).order_by(col(AuditSeal.number))))


def numbers(db: Database, workspace: Workspace) -> list[int]:
    with db.reading(workspace.id) as session:
        return list(session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id))))


def left(db: Database) -> int:
    with db.across_workspaces() as session:
        return len(session.exec(select(UnsealedEntry)).all())


def verified(db: Database, workspace: Workspace, minutes: int = 0) -> Chain:
    with db.reading(workspace.id) as session:
        return audit_seals.verify(session, now=NOW + timedelta(minutes=minutes))


@pytest.fixture
def client(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def apollo(db: Database, client: Workspace) -> Project:
    return a_project(db, client)


@pytest.fixture
def chain(db: Database, apollo: Project) -> Project:
    """Apollo, with five entries that are sealed."""
    note(db, apollo, "added", "edited", "held", "resumed", "closed")
    assert sealing.seal_new(db) == 5
    return apollo


def directly(db: Database, *edits: str, around: bool = False) -> None:
    """Do something with SQL of one's own; `around` the guards and keys, as whoever owns the database can."""
    engine = create_engine(db.url, poolclass=NullPool)
    with engine.begin() as connection:
        if around and db.is_sqlite:
            for name in audit_seals.GUARDS_OF_ENGINE["sqlite"]:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        elif around:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for edit in edits:
            connection.execute(text(edit))


REWRITING = [
    "update audit set what = 'nothing'",
    "update audit set person_id = null where id = 1",
    "delete from audit",
    "update audit_seals set hash = ''",
    "update audit_seals set number = number + 10",
    "delete from audit_seals",
]


@pytest.mark.parametrize("edit", REWRITING)
def test_the_database_itself_refuses_to_rewrite_the_trail(
    db: Database, client: Workspace, chain: Project, edit: str
) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        directly(db, edit)
    assert verified(db, client).broken == ""
    assert len(numbers(db, client)) == 5


def test_an_entry_that_waits_for_its_seal_is_guarded_as_well(db: Database, apollo: Project) -> None:
    note(db, apollo, "added")
    for edit in ("update audit set what = 'nothing'", "delete from audit"):
        with pytest.raises(IntegrityError, match="append-only"):
            directly(db, edit)


def test_putting_another_row_in_the_place_of_one_is_refused(db: Database, client: Workspace, chain: Project) -> None:
    [first, *_] = numbers(db, client)
    [seal, *_] = sealed(db, client)
    entry = f"audit (id, workspace_id, at, record, what, changes) values ({first}, {client.id}, "
    entry += "'2026-11-20 15:00:00', 'projects:1', 'nothing', '{}')"
    chained = "audit_seals (id, workspace_id, number, hash) values"
    edits = [
        f"insert into {entry} on conflict (id) do update set what = excluded.what",
        f"insert into {chained} ({first}, {client.id}, 99, '') on conflict (id) do update set hash = excluded.hash",
    ]
    if db.is_sqlite:
        edits += [
            f"insert or replace into {entry}",
            f"insert or replace into {chained} ({first}, {client.id}, 99, '')",
            f"insert or replace into {chained} (99, {client.id}, 1, '')",
            f"update or replace audit set id = {first + 1} where id = {first}",
        ]
    for edit in edits:
        with pytest.raises(IntegrityError, match="append-only"):
            directly(db, edit)
    assert sealed(db, client)[0].hash == seal.hash
    assert verified(db, client).broken == ""


def test_emptying_the_table_is_refused(db: Database, client: Workspace, chain: Project) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("audit", "audit_seals", "workspaces"):
        with pytest.raises(IntegrityError, match="append-only"):
            directly(db, f"truncate {table} cascade")
    assert verified(db, client).sealed == 5


def test_the_trail_of_a_client_who_is_gone_for_good_may_go(db: Database, client: Workspace, chain: Project) -> None:
    stays = a_project(db, a_workspace(db), "GEMINI")
    note(db, stays, "added")
    directly(db, f"update workspaces set state = 'closed' where id = {client.id}")
    with pytest.raises(IntegrityError, match="append-only"):
        directly(db, f"update audit set what = 'nothing' where workspace_id = {client.id}")
    with pytest.raises(IntegrityError, match="append-only"):
        directly(db, "delete from audit_seals", "delete from audit")
    directly(db, *(f"delete from {table} where workspace_id = {client.id}" for table in ("audit_seals", "audit")))
    assert numbers(db, client) == []


def test_every_entry_is_sealed_after_the_one_before(db: Database, client: Workspace, chain: Project) -> None:
    seals = sealed(db, client)
    assert [seal.number for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.id for seal in seals] == numbers(db, client)
    last = ""
    with db.reading(client.id) as session:
        for seal in seals:
            entry = session.exec(select(AuditEntry).where(AuditEntry.id == seal.id)).one()
            last = seal_of(last, entry.model_dump())
            assert seal.hash == last
    assert left(db) == 0
    assert verified(db, client) == Chain(5, last)


def test_each_client_has_a_chain_of_its_own(db: Database, client: Workspace, chain: Project) -> None:
    theirs = a_workspace(db)
    gemini = a_project(db, theirs, "GEMINI")
    note(db, gemini, "added")
    note(db, chain, "reopened")
    note(db, gemini, "edited")
    assert sealing.seal_new(db) == 3
    assert [seal.number for seal in sealed(db, theirs)] == [1, 2]
    assert [seal.number for seal in sealed(db, client)] == [1, 2, 3, 4, 5, 6]
    assert (verified(db, client).broken, verified(db, theirs).broken) == ("", "")


def test_nothing_is_left_however_much_there_is(
    db: Database, client: Workspace, apollo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    monkeypatch.setattr(audit_seals, "AT_ONCE", 2)
    note(db, apollo, *(["edited"] * 10))
    assert sealing.seal_new(db) == 10
    assert sealing.seal_new(db) == 0
    assert (left(db), verified(db, client).sealed, verified(db, client).broken) == (0, 10, "")


def test_an_entry_that_is_committed_late_is_sealed_behind_those_that_came_first(
    new_database: Callable[[str], str],
) -> None:
    with closing(Database(new_database("postgresql"))) as db:
        client = a_workspace(db)
        apollo = a_project(db, client)
        with db.transaction(client.id) as slow:
            audit.record(slow, apollo, what="slow", by=None, now=NOW)
            note(db, apollo, "quick", "quick")
            assert sealing.seal_new(db) == 2
        assert sealing.seal_new(db) == 1
        slow_one, *quick = numbers(db, client)
        assert [seal.id for seal in sealed(db, client)] == [*quick, slow_one]
        assert (left(db), verified(db, client).broken) == (0, "")


def test_what_was_rolled_back_leaves_nothing_to_seal(db: Database, client: Workspace, apollo: Project) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction(client.id) as session:  # noqa: PT012
        audit.record(session, apollo, what="edited", by=None, now=NOW)
        _ = 1 / 0
    note(db, apollo, "edited")
    assert sealing.seal_new(db) == 1
    assert verified(db, client).broken == ""


def test_who_seals_holds_up_nobody_who_writes_and_a_second_one_passes_on(
    new_database: Callable[[str], str],
) -> None:
    with closing(Database(new_database("postgresql"))) as db:
        client = a_workspace(db)
        apollo = a_project(db, client)
        note(db, apollo, "added")
        with db.transaction(client.id) as session:
            assert audit_seals.seal(session, limit=9) == 1
            note(db, apollo, "edited")
            with db.transaction(client.id) as second:
                assert audit_seals.seal(second, limit=9) == 0
        assert sealing.seal_new(db) == 1
        assert (left(db), verified(db, client).sealed, verified(db, client).broken) == (0, 2, "")


def test_many_who_seal_and_write_at_once_make_one_chain(db: Database, client: Workspace, apollo: Project) -> None:
    gate = threading.Barrier(6)
    failed: list[BaseException] = []

    def work(turns: int, do: Callable[[], object]) -> None:
        gate.wait()
        try:
            for _ in range(turns):
                do()
        except BaseException as error:
            failed.append(error)

    threads = [
        *(threading.Thread(target=work, args=(10, lambda: note(db, apollo, "edited", "edited"))) for _ in range(3)),
        *(threading.Thread(target=work, args=(10, lambda: sealing.seal_new(db))) for _ in range(3)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealing.seal_new(db)
    assert failed == []
    assert [seal.number for seal in sealed(db, client)] == list(range(1, 61))
    assert (left(db), verified(db, client).broken) == (0, "")


CHANGED: dict[str, tuple[str, str]] = {
    "what": ("update audit set what = 'nothing' where id = :third", "not as it was sealed"),
    "who": ("update audit set person_id = null, why = 'else' where id = :third", "not as it was sealed"),
    "from what to what": ("""update audit set changes = '{"name": ["a", "b"]}' where id = :third""", "not as it was"),
    "when": ("update audit set at = '2026-11-20 14:59:59' where id = :third", "not as it was sealed"),
    "its seal": ("update audit_seals set hash = 'f00d' where id = :third", "not as it was sealed"),
}


@pytest.mark.parametrize("part", CHANGED)
def test_a_row_that_was_edited_around_the_guards_is_named(
    db: Database, client: Workspace, chain: Project, part: str
) -> None:
    edit, said = CHANGED[part]
    third = numbers(db, client)[2]
    directly(db, edit.replace(":third", str(third)), around=True)
    found = verified(db, client)
    assert found.broken.startswith(f"entry {third} (projects:{chain.id} ")
    assert said in found.broken
    assert found.sealed == 2


def test_a_row_that_was_taken_out_is_named(db: Database, client: Workspace, chain: Project) -> None:
    third = numbers(db, client)[2]
    directly(db, f"delete from audit where id = {third}", around=True)
    assert verified(db, client).broken == f"entry {third} is missing"


def test_a_row_that_was_taken_out_with_its_seal_is_found(db: Database, client: Workspace, chain: Project) -> None:
    third, fourth = numbers(db, client)[2:4]
    directly(db, f"delete from audit_seals where id = {third}", f"delete from audit where id = {third}", around=True)
    found = verified(db, client)
    assert found.broken == f"the entry sealed as number 3, before entry {fourth}, is missing"


def test_a_row_that_was_moved_to_another_client_is_missing(db: Database, client: Workspace, chain: Project) -> None:
    theirs = a_workspace(db)
    third = numbers(db, client)[2]
    directly(db, f"update audit set workspace_id = {theirs.id}, project_id = null where id = {third}", around=True)
    assert verified(db, client).broken == f"entry {third} is missing"
    assert f"entry {third} " in verified(db, theirs).broken


def test_rows_in_another_order_are_found(db: Database, client: Workspace, chain: Project) -> None:
    second, third = numbers(db, client)[1:3]
    directly(
        db,
        f"update audit_seals set number = 99 where id = {second}",
        f"update audit_seals set number = 2 where id = {third}",
        f"update audit_seals set number = 3 where id = {second}",
        around=True,
    )
    found = verified(db, client)
    assert found.broken.startswith(f"entry {third} ")
    assert found.broken.endswith("not as it was sealed, or not in its place")
    assert found.sealed == 1


def test_a_row_that_slipped_in_around_the_guards_has_no_seal(db: Database, client: Workspace, chain: Project) -> None:
    slip = (
        "insert into audit (id, workspace_id, at, record, what, changes) "
        f"values (4711, {client.id}, '2027-01-01 00:00:00', 'projects:1', 'edited', '{{}}')"
    )
    directly(db, slip, around=True)
    assert verified(db, client).broken == "entry 4711 (projects:1 edited, 01 Jan 2027 00:00 UTC) has no seal"


def test_a_row_that_waits_for_its_seal_may_wait_a_little(db: Database, client: Workspace, chain: Project) -> None:
    note(db, chain, "reopened")
    newest = numbers(db, client)[-1]
    assert verified(db, client, minutes=5).broken == ""
    assert verified(db, client, minutes=6).broken.startswith(f"entry {newest} (projects:{chain.id} reopened,")


def test_a_row_that_was_taken_out_before_it_was_sealed_is_named(
    db: Database, client: Workspace, chain: Project
) -> None:
    note(db, chain, "reopened")
    newest = numbers(db, client)[-1]
    directly(db, f"delete from audit where id = {newest}", around=True)
    assert sealing.seal_new(db) == 0
    assert verified(db, client).broken == f"entry {newest} is missing, and was never sealed"


def test_the_guards_are_there_and_missed_when_they_are_not(db: Database, chain: Project) -> None:
    with db.across_workspaces() as session:
        assert audit_seals.missing_guards(session) == []
    directly(db, "drop trigger audit_not_changed" + ("" if db.is_sqlite else " on audit"))
    if not db.is_sqlite:
        directly(db, "alter table audit_seals disable trigger audit_seals_not_emptied")
    with db.across_workspaces() as session:
        missing = audit_seals.missing_guards(session)
    assert missing == ["audit_not_changed"] + ([] if db.is_sqlite else ["audit_seals_not_emptied"])
