"""Posts: putting twice says it once, and each kind has its order, its time and its end."""

from datetime import timedelta

from sqlmodel import select

from bot.rules.delivery import End, Priority
from bot.store import Database, posts
from bot.store.tables import Message, Post, Workspace
from tests.factories import NOW, a_workspace, given_up, said
from tests.factories import posts as all_posts

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
HELLO, CHANGED = Message("Hello", [{"type": "divider"}]), Message("Hello again")


def put(db: Database, workspace: Workspace, key: str = "a", message: Message = HELLO) -> None:
    with db.transaction(workspace.id) as session:
        posts.put(session, key, to="C1", message=message, now=NOW)


def say(db: Database) -> None:
    with db.across_workspaces() as session:
        for post in all_posts(db):
            said(session.merge(post), "C1", "1.1")


def the_post(db: Database) -> Post:
    [post] = all_posts(db)
    return post


def test_putting_twice_wants_it_once(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    put(db, workspace)
    assert the_post(db).version == 1
    say(db)
    put(db, workspace)
    assert (the_post(db).version, the_post(db).due_at, the_post(db).ended) == (1, None, End.SAID)


def test_a_changed_message_is_due_again(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    say(db)
    put(db, workspace, message=CHANGED)
    post = the_post(db)
    assert (post.version, post.delivered_version, post.ts, post.wanted["text"]) == (2, 1, "1.1", "Hello again")
    assert (post.due_at, post.ended, post.ended_at) == (NOW, None, None)


def test_what_is_withdrawn_is_due_to_go_and_may_come_back(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    with db.transaction(workspace.id) as session:
        posts.withdraw(session, "a", now=NOW)
        posts.withdraw(session, "a", now=NOW)
        posts.withdraw(session, "never there", now=NOW)
    assert (the_post(db).withdrawn, the_post(db).version) == (True, 2)
    put(db, workspace)
    assert (the_post(db).withdrawn, the_post(db).version) == (False, 3)


def test_each_kind_is_said_in_its_manner_unless_somebody_says_otherwise(db: Database) -> None:
    workspace = a_workspace(db)
    later = NOW + HOUR
    with db.transaction(workspace.id) as session:
        posts.put(session, "digest:1:2026-W48", to="C1", message=HELLO, now=NOW)
        posts.put(session, "digest:2:2026-W48", to="C1", message=HELLO, now=NOW, not_before=later)
        posts.put(
            session,
            "digest:3:2026-W48",
            to="C1",
            message=HELLO,
            now=NOW,
            priority=Priority.URGENT,
            not_before=NOW - HOUR,
            expires_at=later,
            any_hour=True,
        )
    by_kind, delayed, otherwise = all_posts(db)
    assert (by_kind.priority, by_kind.due_at, by_kind.any_hour) == (Priority.BULK, NOW, False)
    assert (by_kind.moment, by_kind.expires_at) == (NOW, NOW + 3 * DAY)
    assert (delayed.due_at, delayed.expires_at) == (later, later + 3 * DAY)
    assert (otherwise.priority, otherwise.due_at, otherwise.any_hour) == (Priority.URGENT, NOW, True)
    assert (otherwise.moment, otherwise.expires_at) == (NOW - HOUR, later)


def test_a_post_from_before_its_moment_was_kept_goes_by_when_it_was_wanted(db: Database) -> None:
    put(db, a_workspace(db))
    post = the_post(db)
    post.wanted_at = None
    assert post.moment == NOW


def test_what_waits_is_counted_and_its_moment_known(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    with db.reading(workspace.id) as session:
        assert (posts.count_waiting(session), posts.next_due_at(session)) == (1, NOW)
        assert posts.find_at(session, "C1", "1.1") is None
    say(db)
    with db.reading(workspace.id) as session:
        assert (posts.count_waiting(session), posts.next_due_at(session)) == (0, None)
        found = posts.find_at(session, "C1", "1.1")
    assert found is not None
    assert found.key == "a"


def test_somebody_may_have_it_said_after_all(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    with db.transaction(workspace.id) as session:
        post = posts.find(session, "a")
        assert post is not None
        given_up(post)
        session.flush()
        posts.say_again(session, post, now=NOW + 30 * DAY)
    post = the_post(db)
    assert (post.due_at, post.ended, post.trouble, post.expires_at) == (NOW + 30 * DAY, None, None, NOW + 37 * DAY)


def test_somebody_may_have_it_dropped_but_not_what_was_said(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    put(db, workspace, "b")
    with db.transaction(workspace.id) as session:
        b = posts.find(session, "b")
        assert b is not None
        said(b, "C1")
        session.flush()
        for post in session.exec(select(Post)).all():
            posts.drop(session, post, now=NOW + HOUR)
    dropped, there = all_posts(db)
    assert (dropped.due_at, dropped.ended, dropped.ended_at) == (None, End.DROPPED, NOW + HOUR)
    assert there.ended is End.SAID
