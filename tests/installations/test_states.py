"""States: good once, for ten minutes, and of no use to who reads the database."""

from datetime import timedelta

from sqlmodel import select

from bot.installations import States
from bot.playground import Clock
from bot.store import Database
from bot.store.tables import InstallState
from tests.factories import NOW


def test_a_state_is_good_once(db: Database) -> None:
    states = States(db, Clock(NOW))
    state = states.issue()

    assert states.consume(state)
    assert not states.consume(state)
    assert not states.consume("made up")


def test_a_state_is_good_for_ten_minutes(db: Database) -> None:
    clock = Clock(NOW)
    states = States(db, clock)
    early, late = states.issue(), states.issue()
    clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
    assert states.consume(early)
    clock.advance(timedelta(seconds=1))
    assert not states.consume(late)


def test_no_two_are_alike_and_none_is_in_the_database(db: Database) -> None:
    states = States(db, Clock(NOW))
    issued = {states.issue() for _ in range(20)}
    with db.across_workspaces() as session:
        kept = set(session.exec(select(InstallState.digest)))

    assert len(issued) == len(kept) == 20
    assert not issued & kept
    assert min(len(state) for state in issued) >= 43
    assert states.logger.name == "bot.installations.states"
