"""The clock of the playground is moved, and what lies between is lived through."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot.app import Bot
from bot.playground import Clock, Playground
from bot.playground.local import Local
from tests.office import THURSDAY, Office

FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, whose manager is asked on Friday at three in Stockholm."""
    office.has_project()
    return office


def said_at(office: Office, who: str, words: str) -> datetime:
    [message] = [message for message in office.slack.as_(who).reads() if words in message.shown]
    return datetime.fromtimestamp(float(message.ts), UTC)


def a_bot(done: int, due: datetime | None) -> Bot:
    """A bot that says at each tick that it did so much, and that its next work is due then."""
    return cast(Bot, SimpleNamespace(tick=lambda _now: {"work": done}, next_due=lambda: due))


def test_what_lies_between_happens_at_its_own_moment(apollo: Office) -> None:
    assert apollo.local.next_due() == FRIDAY
    apollo.local.move_to(FRIDAY + timedelta(days=3))
    assert apollo.local.now() == FRIDAY + timedelta(days=3)
    assert FRIDAY <= said_at(apollo, "eva", "How is APOLLO?") < FRIDAY + SECOND


def test_so_much_time_passes(apollo: Office) -> None:
    before = apollo.local.now()
    apollo.local.advance(timedelta(hours=1))
    assert apollo.local.now() == before + timedelta(hours=1)


def test_a_moment_that_has_passed_is_not_gone_back_to(apollo: Office) -> None:
    before = apollo.local.now()
    apollo.local.move_to(THURSDAY - timedelta(days=1))
    assert apollo.local.now() == before


def test_whoever_asks_is_told_of_each_moment_on_the_way(apollo: Office) -> None:
    told: list[datetime] = []
    local = Local(apollo.slack, apollo.bot, on_move=told.append)
    local.move_to(FRIDAY + timedelta(hours=1))
    assert [moment.replace(microsecond=0) for moment in told] == [FRIDAY, FRIDAY + timedelta(hours=1)]


def test_slacks_pace_is_kept_while_there_is_something_to_say(apollo: Office) -> None:
    for _ in range(3):
        apollo.eva.types("/risk APOLLO Vendor may slip p4 i5", "#general")
    before = apollo.local.now()
    apollo.settle()
    cards = [message for message in apollo.ana.reads("#apollo") if "Vendor may slip" in message.shown]
    assert len(cards) == 3
    assert apollo.slack.traffic.count("chat.postMessage") == len([*cards, "welcome", "manager", "sponsor"])
    assert apollo.local.now() - before >= 2 * SECOND


def test_what_is_due_much_later_is_not_waited_for() -> None:
    with Playground(Clock(THURSDAY)) as slack:
        Local(slack, a_bot(1, FRIDAY)).settle()
        assert slack.clock() == THURSDAY


def test_a_bot_that_is_never_done_is_a_bug() -> None:
    with Playground(Clock(THURSDAY)) as slack, pytest.raises(RuntimeError, match="never done"):
        Local(slack, a_bot(1, THURSDAY)).settle()
