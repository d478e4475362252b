"""Registers dropped into a form, on both engines: claimed by one, shown, wanted, and let go."""

from datetime import datetime, timedelta

import pytest

from bot.errors import Refused
from bot.rules.terms import RegisterState
from bot.store import Database, registers
from bot.store.tables import Person, RegisterFile
from tests.factories import a_person, a_workspace


@pytest.fixture
def ana(db: Database) -> Person:
    return a_person(db, a_workspace(db))


@pytest.fixture
def dropped(db: Database, ana: Person, now: datetime) -> RegisterFile:
    with db.transaction(ana.workspace_id) as session:
        return registers.ask(
            session, file_id="F1", name="r.csv", columns={"Who": "manager"}, as_of=None, by=ana.id, now=now
        )


def claim(db: Database, now: datetime) -> list[RegisterFile]:
    with db.across_workspaces() as session:
        return list(registers.claim_due(session, now, limit=5))


def test_one_worker_has_it_until_its_lease_is_over(db: Database, dropped: RegisterFile, now: datetime) -> None:
    with db.across_workspaces() as session:
        assert registers.next_due_at(session) == now
    assert [(each.id, each.attempts) for each in claim(db, now)] == [(dropped.id, 1)]
    assert claim(db, now) == []
    assert [each.attempts for each in claim(db, now + registers.LEASE)] == [2]


def test_it_is_shown_wanted_and_ended(db: Database, ana: Person, dropped: RegisterFile, now: datetime) -> None:
    with db.transaction(ana.workspace_id) as session:
        registers.shown(session, dropped, b"a,b", {"eva": "U1"}, now=now)
    with db.transaction(ana.workspace_id) as session:
        file = registers.take(session, dropped.id)
        assert (file.state, file.content, file.people) == (RegisterState.SHOWN, b"a,b", {"eva": "U1"})
        assert file.due_at == now + registers.KEPT
        registers.wanted(session, file, now=now)
    with db.transaction(ana.workspace_id) as session:
        with pytest.raises(Refused, match="dealt with already"):
            registers.take(session, dropped.id)
        registers.ended(session, dropped, RegisterState.IMPORTED)
    assert claim(db, now + timedelta(days=9)) == []
    with db.transaction(ana.workspace_id) as session, pytest.raises(Refused):
        registers.take(session, 999)


def test_it_can_be_put_off(db: Database, ana: Person, dropped: RegisterFile, now: datetime) -> None:
    later = now + timedelta(minutes=1)
    with db.transaction(ana.workspace_id) as session:
        registers.postponed(session, dropped, until=later)
    assert claim(db, now) == []
    assert len(claim(db, later)) == 1


def test_another_workspace_cannot_take_it(db: Database, dropped: RegisterFile, ana: Person, now: datetime) -> None:
    with db.transaction(ana.workspace_id) as session:
        registers.shown(session, dropped, b"", {}, now=now)
    with db.transaction(a_workspace(db).id) as session, pytest.raises(Refused):
        registers.take(session, dropped.id)
