"""Slack is asked who reads a channel before a digest tells what not everybody may know, and now and then of others."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.errors import Undeliverable
from bot.messenger import Dead, Retry
from bot.rules.terms import Role
from bot.schedules import channels
from bot.store import Database, digests
from bot.store import channels as kept
from bot.store.tables import Channel, Digest, Project, Schedule, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, posts


class Slack:
    """Answers what a channel is and who is in it, or raises what it was told to; notes what was asked."""

    def __init__(self, trouble: Exception | None = None, members: list[str] | None = None, **told: Any) -> None:
        self.trouble, self.told, self.present = trouble, told, members
        self.asked: list[str] = []

    def channel(self, _workspace: int, slack_id: str) -> dict[str, Any]:
        self.asked.append(slack_id)
        if self.trouble:
            raise self.trouble
        return {"id": slack_id, "name": "board", "is_private": True, **self.told}

    def members(self, _workspace: int, slack_id: str) -> list[str] | None:
        self.asked.append(f"{slack_id} members")
        return self.present


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def gemini(db: Database, workspace: Workspace) -> Project:
    return a_project(db, workspace, "GEMINI", confidential=True, channel=None)


def a_digest(db: Database, workspace: Workspace, *named: Project, due: timedelta = timedelta(minutes=5)) -> Digest:
    with db.transaction(workspace.id) as session:
        digest = digests.add(session, name="Weekly", channel="CBOARD", portfolio_id=None, now=NOW)
        digests.name(session, digest, [project.id for project in named])
        session.add(
            Schedule(
                digest_id=digest.id,
                rrule="FREQ=WEEKLY;BYDAY=MO",
                local_time=time(9),
                anchor=date(2026, 1, 5),
                next_due_at=NOW + due,
            )
        )
    return digest


def look(db: Database, slack: Slack, *, later: timedelta = timedelta(0)) -> int:
    return channels.look_due(db, NOW + later, slack)  # type: ignore[arg-type]


def found(db: Database, workspace: Workspace) -> Channel | None:
    with db.reading(workspace.id) as session:
        return kept.find(session, "CBOARD")


def test_who_reads_is_asked_shortly_before_a_digest_that_names_a_project(
    db: Database, workspace: Workspace, gemini: Project
) -> None:
    a_digest(db, workspace, gemini)
    slack = Slack(members=["UEVA", "UANA"])
    assert look(db, slack) == 2  # once for its readers, once as any channel that is in use
    channel = found(db, workspace)
    assert channel is not None
    assert (channel.members, channel.members_at, channel.is_private) == (["UANA", "UEVA"], NOW, True)
    assert look(db, slack, later=timedelta(minutes=9)) == 0
    assert look(db, slack, later=timedelta(minutes=11)) == 1


def test_of_a_digest_that_names_none_or_is_far_off_nobody_asks_who_reads(
    db: Database, workspace: Workspace, gemini: Project
) -> None:
    a_digest(db, workspace)
    slack = Slack()
    look(db, slack)
    assert slack.asked == ["CBOARD"]
    a_digest(db, workspace, gemini, due=timedelta(minutes=11))
    look(db, slack)
    assert slack.asked == ["CBOARD"]


def test_channels_in_use_are_looked_at_once_a_day(db: Database, workspace: Workspace) -> None:
    a_project(db, workspace, "OLD", channel="COLD", state="closed")
    for number in range(channels.BATCH + 1):
        a_project(db, workspace, f"P{number}X", channel=f"C{number}")
    slack = Slack()
    assert look(db, slack) == channels.BATCH
    assert look(db, slack) == 0
    assert look(db, slack, later=channels.PACE) == 1
    assert look(db, slack, later=channels.PACE * 2) == 0
    assert sorted(slack.asked) == [f"C{number}" for number in range(channels.BATCH + 1)]
    assert look(db, slack, later=timedelta(days=1, minutes=1)) == channels.BATCH


def test_one_that_came_to_be_shared_is_asked_about_once(db: Database, workspace: Workspace) -> None:
    a_person(db, workspace, "Ana", Role.PMO)
    a_digest(db, workspace)
    look(db, Slack(is_ext_shared=True))
    look(db, Slack(is_ext_shared=True), later=timedelta(days=2))
    [question] = posts(db, workspace)
    assert (question.to, "shared with another organisation" in question.wanted["text"]) == ("UANA", True)
    channel = found(db, workspace)
    assert channel is not None
    assert channel.is_held_back


@pytest.mark.parametrize("trouble", [Retry("ratelimited", after=90), Retry("down"), Dead("x"), Undeliverable("gone")])
def test_what_goes_wrong_rests_it_and_who_reads_stays_unknown(
    db: Database, workspace: Workspace, gemini: Project, trouble: Exception
) -> None:
    a_digest(db, workspace, gemini)
    slack = Slack(trouble, members=["UANA"])
    assert look(db, slack) == 0
    assert look(db, slack, later=timedelta(seconds=30)) == 0
    assert slack.asked == ["CBOARD", "CBOARD"]
    channel = found(db, workspace)
    assert channel is None or channel.members is None
    assert look(db, Slack(members=["UANA"]), later=timedelta(seconds=91)) >= 1


def test_who_comes_or_goes_makes_it_unknown_again(db: Database, workspace: Workspace, gemini: Project) -> None:
    a_digest(db, workspace, gemini)
    look(db, Slack(members=["UANA"]))
    with db.transaction(workspace.id) as session:
        kept.forget_readers(session, "CBOARD")
    channel = found(db, workspace)
    assert channel is not None
    assert (channel.members, channel.members_at) == (None, None)
