"""Digests on time: published once, by whoever ticks first, with the rest in the thread."""

from datetime import UTC, datetime, time, timedelta

from bot.rules.cadence import Cadence
from bot.rules.terms import Health
from bot.schedules import digests as on_time
from bot.store import Database, digests, schedules
from bot.store.tables import Schedule, Workspace
from tests.factories import NOW, a_project, a_workspace, posts

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


def a_digest(db: Database, workspace: Workspace) -> Schedule:
    weekly = Cadence("FREQ=WEEKLY;BYDAY=MO", time(9), MONDAY.date())
    with db.transaction(workspace.id) as session:
        digest = digests.add(session, name="Board", channel="CBOARD", portfolio_id=None, now=NOW)
        return schedules.keep(session, weekly, digest_id=digest.id, timezone="Europe/London", now=NOW)


def keys(db: Database) -> list[str]:
    return [post.key.partition(":")[2].partition(":")[2] for post in posts(db)]


def test_an_edition_is_published_on_its_day_and_once(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace)
    a_digest(db, workspace)
    assert on_time.publish_due(db, MONDAY - timedelta(seconds=1)) == 0
    assert on_time.publish_due(db, MONDAY) == 1
    assert on_time.publish_due(db, MONDAY) == 0
    [post] = posts(db)
    assert (post.to, post.key, post.workspace_id) == ("CBOARD", "digest:1:2026-W48", workspace.id)


def test_a_weekend_down_makes_one_late_edition_that_says_as_of_when(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace)
    schedule = a_digest(db, workspace)
    late = MONDAY + 2 * WEEK + timedelta(days=2)
    assert on_time.publish_due(db, late) == 1
    assert on_time.publish_due(db, late) == 0
    [edition] = [post for post in posts(db) if not post.key.endswith(":passed")]
    assert "as of Wed 9 Dec 2026, 09:00 Europe/London" in edition.wanted["text"]
    assert (edition.key, edition.moment) == ("digest:1:2026-W50", MONDAY + 2 * WEEK)
    assert edition.expires_at is not None
    assert edition.expires_at > late
    with db.reading(workspace.id) as session:
        planned = schedules.of_digest(session, schedule.digest_id or 0)
    assert planned is not None
    assert planned.next_due_at == MONDAY + 3 * WEEK


def test_editions_that_are_passed_over_are_listed_as_missed(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace)
    a_digest(db, workspace)
    late = MONDAY + 2 * WEEK
    on_time.publish_due(db, late)
    passed = [post for post in posts(db) if post.key.endswith(":passed")]
    assert [post.key for post in passed] == ["digest:1:2026-W48:passed", "digest:1:2026-W49:passed"]
    assert all(post.expires_at == post.moment < late for post in passed)
    assert passed[0].wanted["text"] == "The digest Board of 2026-W48 was due."


def test_one_asked_for_between_two_is_one_more(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace)
    schedule = a_digest(db, workspace)
    on_time.publish_due(db, MONDAY)
    with db.transaction(workspace.id) as session:
        schedules.bring_forward(session, session.merge(schedule), MONDAY + timedelta(hours=5))
    on_time.publish_due(db, MONDAY + timedelta(hours=5))
    assert keys(db) == ["2026-W48", "2026-W48.2"]
    on_time.publish_due(db, MONDAY + WEEK)
    assert keys(db)[-1] == "2026-W49"


def test_the_next_edition_knows_what_changed(db: Database) -> None:
    workspace = a_workspace(db)
    apollo = a_project(db, workspace, reported_health=Health.GREEN)
    a_digest(db, workspace)
    on_time.publish_due(db, MONDAY)
    with db.transaction(workspace.id) as session:
        session.merge(apollo).reported_health = Health.RED
    on_time.publish_due(db, MONDAY + WEEK)
    shown = str(posts(db)[-1].wanted["blocks"])
    assert "*worse* APOLLO G>R" in shown


def test_what_does_not_fit_goes_into_the_thread(db: Database) -> None:
    workspace = a_workspace(db)
    for number in range(40):
        a_project(db, workspace, f"P{number}", reported_health=Health.RED)
    a_digest(db, workspace)
    on_time.publish_due(db, MONDAY)
    first, *more = posts(db)
    assert {post.under for post in more} == {first.key}
    assert keys(db) == ["2026-W48", "2026-W48:more:1"]


def test_each_clients_digest_is_its_own(db: Database) -> None:
    for name in ("Ours", "Theirs"):
        workspace = a_workspace(db)
        a_project(db, workspace, name.upper(), reported_health=Health.RED)
        a_digest(db, workspace)
    assert on_time.publish_due(db, MONDAY) == 2
    ours, theirs = posts(db)
    assert ("OURS" in str(ours.wanted), "THEIRS" in str(ours.wanted)) == (True, False)
    assert ("OURS" in str(theirs.wanted), "THEIRS" in str(theirs.wanted)) == (False, True)
