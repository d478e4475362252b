"""Escalations on time: climbing once whoever looks, overdue once, and all whom it concerns see it."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.escalations import EscalationDraft
from bot.rules.terms import EscalationLevel, Role
from bot.schedules import escalations as schedule
from bot.store import Database, escalations
from bot.store import posts as store_posts
from bot.store.tables import EscalationEntry, Person, Post, Project, Workspace
from bot.views import escalations as views
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor, posts

ASK = EscalationDraft(
    project="",
    what="Vendor test is late",
    ask="Add a second tester",
    impact_if_nothing="9k a week",
    decide_by=date(2026, 11, 25),
    to=EscalationLevel.SPONSOR,
)
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 0, tzinfo=UTC)


def an_escalation(db: Database, workspace: Workspace, project: Project, by: Person) -> EscalationEntry:
    """Raised and put to the sponsor, with its posts, on Friday at three."""
    with db.transaction(workspace.id) as session:
        to = escalations.list_deciders(session, project.id, ASK.to, raiser=by.id, now=NOW)
        entry = escalations.raise_escalation(session, ASK, project=project, to=to, by=an_actor(db, by), now=NOW)
        for key, whom, message in views.posts(entry):
            store_posts.put(session, key, to=whom, message=message, now=NOW)
    return entry


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def raised(db: Database, workspace: Workspace) -> EscalationEntry:
    eva, farah = a_person(db, workspace, "Eva"), a_person(db, workspace, "Farah")
    a_person(db, workspace, "Ana", Role.PMO)
    return an_escalation(db, workspace, a_project(db, workspace, manager=eva, sponsor=farah), eva)


def by_key(db: Database, entry: EscalationEntry) -> dict[str, Post]:
    return {post.key.removeprefix(f"escalation:{entry.escalation.id}:"): post for post in posts(db)}


def test_what_nobody_acknowledges_is_put_to_the_pmo_once(db: Database, raised: EscalationEntry) -> None:
    assert schedule.climb_due(db, TUESDAY - timedelta(seconds=1)) == 0
    assert schedule.climb_due(db, TUESDAY) == 1
    assert schedule.climb_due(db, TUESDAY + timedelta(minutes=1)) == 0
    wanted = by_key(db, raised)
    assert set(wanted) == {"asked:UFARAH", "asked:UANA", "progress"}
    assert (wanted["asked:UANA"].to, wanted["progress"].to) == ("UANA", "UEVA")
    assert "Nobody acknowledged it in time" in wanted["asked:UFARAH"].wanted["text"]
    assert "needs your decision by Wed 25 Nov 2026" in wanted["asked:UANA"].wanted["text"]
    assert "Not acknowledged in time, so it went to the PMO (<@UANA>)" in wanted["progress"].wanted["text"]
    assert {key: post.version for key, post in wanted.items()} == {"asked:UFARAH": 2, "asked:UANA": 1, "progress": 2}


def test_a_sponsor_of_the_pmo_is_asked_in_the_same_place(db: Database, workspace: Workspace) -> None:
    eva, farah = a_person(db, workspace, "Eva"), a_person(db, workspace, "Farah", Role.PMO)
    entry = an_escalation(db, workspace, a_project(db, workspace, manager=eva, sponsor=farah), eva)
    schedule.climb_due(db, TUESDAY)
    wanted = by_key(db, entry)
    assert "needs your decision" in wanted["asked:UFARAH"].wanted["text"]
    schedule.climb_due(db, TUESDAY)
    assert by_key(db, entry)["asked:UFARAH"].version == 2


def test_where_the_pmo_is_nobody_the_raiser_sees_that(db: Database, workspace: Workspace) -> None:
    eva, farah = a_person(db, workspace, "Eva"), a_person(db, workspace, "Farah")
    entry = an_escalation(db, workspace, a_project(db, workspace, manager=eva, sponsor=farah), eva)
    assert schedule.climb_due(db, TUESDAY) == 1
    assert "the PMO (nobody is named yet)" in by_key(db, entry)["progress"].wanted["text"]


def test_a_decision_not_taken_in_time_is_overdue_for_all_to_see(db: Database, raised: EscalationEntry) -> None:
    assert schedule.fall_overdue(db, THURSDAY - timedelta(seconds=1)) == 0
    assert schedule.fall_overdue(db, THURSDAY) == 1
    assert schedule.fall_overdue(db, THURSDAY) == 0
    wanted = by_key(db, raised)
    assert "by Wed 25 Nov 2026 (overdue)" in wanted["asked:UFARAH"].wanted["text"]
    assert "Wed 25 Nov 2026 (overdue)" in str(wanted["progress"].wanted["blocks"])


def test_every_workspace_is_seen_to_behind_its_own_wall(
    db: Database, workspace: Workspace, raised: EscalationEntry
) -> None:
    other = a_workspace(db)
    eva, farah = a_person(db, other, "Eva"), a_person(db, other, "Farah")
    a_person(db, other, "Otto", Role.PMO)
    theirs = an_escalation(db, other, a_project(db, other, manager=eva, sponsor=farah), eva)
    assert schedule.climb_due(db, TUESDAY) == 2
    asked = {post.workspace_id: post.to for post in posts(db) if post.to in {"UANA", "UOTTO"}}
    assert asked == {workspace.id: "UANA", other.id: "UOTTO"}
    assert theirs.escalation.id != raised.escalation.id


def test_many_workers_climb_and_count_each_once(db: Database, workspace: Workspace, raised: EscalationEntry) -> None:
    eva, farah = a_person(db, workspace, "Eva2"), a_person(db, workspace, "Farah2")
    for key in ("GEMINI", "MERCURY"):
        project = a_project(db, workspace, key, manager=eva, sponsor=farah)
        for _ in range(2):
            an_escalation(db, workspace, project, eva)
    climbed: list[int] = []
    overdue: list[int] = []

    def work() -> None:
        climbed.append(schedule.climb_due(db, THURSDAY))
        overdue.append(schedule.fall_overdue(db, THURSDAY))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    overdue.append(schedule.fall_overdue(db, THURSDAY))
    assert (sum(climbed), sum(overdue)) == (5, 5)
    with db.across_workspaces() as session:
        assert escalations.next_due_at(session) is None
