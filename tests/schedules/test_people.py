"""Slack is asked about people now and then, at a pace it bears, and never for ever about the same."""

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Undeliverable
from bot.messenger import Dead, Faulty, Retry
from bot.schedules import people
from bot.store import Database
from bot.store import people as kept
from bot.store.tables import Person, Workspace
from tests.factories import NOW, a_person, a_workspace

YESTERDAY = NOW - timedelta(days=1, seconds=1)


class Slack:
    """Answers who somebody is, or raises what it was told to; notes who was asked about."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.asked: list[str] = []

    def person(self, _workspace: int, slack_id: str) -> dict[str, Any]:
        self.asked.append(slack_id)
        if self.trouble:
            raise self.trouble
        return {"id": slack_id, "real_name": f"Renamed {slack_id}", "tz": "Asia/Tokyo"}


def refresh(db: Database, slack: Slack, *, later: timedelta = timedelta(0)) -> int:
    return people.refresh_due(db, NOW + later, slack)  # type: ignore[arg-type]


def found(db: Database, workspace: Workspace, slack_id: str) -> Person:
    with db.reading(workspace.id) as session:
        person = kept.find(session, slack_id)
    assert person is not None
    return person


def test_those_never_asked_about_come_first_then_the_oldest(db: Database) -> None:
    workspace, slack = a_workspace(db), Slack()
    a_person(db, workspace, "Ana")
    a_person(db, workspace, "Ben", refreshed_at=YESTERDAY)
    a_person(db, workspace, "Cy", refreshed_at=None)
    a_person(db, workspace, "Gone", refreshed_at=None, deactivated_at=NOW)
    assert refresh(db, slack) == 2
    assert slack.asked == ["UCY", "UBEN"]
    ben = found(db, workspace, "UBEN")
    assert (ben.name, ben.timezone, ben.refreshed_at) == ("Renamed UBEN", "Asia/Tokyo", NOW)


def test_a_workspace_is_asked_at_a_pace_and_others_do_not_wait_for_it(db: Database) -> None:
    first, slack = a_workspace(db), Slack()
    for number in range(people.BATCH + 1):
        a_person(db, first, f"P{number}", refreshed_at=None)
    assert refresh(db, slack) == people.BATCH
    a_person(db, a_workspace(db), "Zoe", refreshed_at=None)
    assert refresh(db, slack) == 1
    assert slack.asked[-1] == "UZOE"
    assert refresh(db, slack) == 0
    assert refresh(db, slack, later=people.PACE) == 1


@pytest.mark.parametrize(
    ("trouble", "rest"),
    [
        (Retry("ratelimited", 30), timedelta(seconds=30)),
        (Retry("unreachable"), people.LATER),
        (Dead("token_revoked"), people.LATER),
        (Faulty("missing_scope"), people.LATER),
    ],
)
def test_trouble_with_a_workspace_rests_it(db: Database, trouble: Exception, rest: timedelta) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, refreshed_at=None)
    assert refresh(db, Slack(trouble)) == 0
    assert refresh(db, slack := Slack(), later=rest - timedelta(seconds=1)) == 0
    assert slack.asked == []
    assert refresh(db, slack, later=rest) == 1


def test_somebody_slack_does_not_know_is_marked_and_never_asked_about_again(db: Database) -> None:
    workspace, slack = a_workspace(db), Slack(Undeliverable("user_not_found"))
    a_person(db, workspace, refreshed_at=None)
    assert refresh(db, slack) == 0
    assert found(db, workspace, "UANA").deactivated_at == NOW
    assert refresh(db, slack, later=timedelta(days=9)) == 0
    assert slack.asked == ["UANA"]
