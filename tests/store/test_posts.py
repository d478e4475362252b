"""Posts: putting twice says it once, order holds, one worker at a time, Slack's pace."""

from datetime import timedelta

from bot.store import Database, posts
from bot.store.tables import Message, Post, Workspace
from tests.factories import NOW, a_workspace

SECOND = timedelta(seconds=1)
HELLO, CHANGED = Message("Hello", [{"type": "divider"}]), Message("Hello again")


def put(db: Database, workspace: Workspace, key: str = "a", message: Message = HELLO, *, to: str = "C1") -> None:
    with db.transaction(workspace.id) as session:
        posts.put(session, key, to=to, message=message, now=NOW)


def claim(db: Database, *, after: timedelta = timedelta(0)) -> list[Post]:
    with db.across_workspaces() as session:
        return list(posts.claim(session, NOW + after, limit=10))


def deliver(db: Database, post: Post, *, after: timedelta = timedelta(0)) -> None:
    with db.across_workspaces() as session:
        posts.delivered(session, post, channel="C1", ts="1.1", now=NOW + after, pace=SECOND)


def keys(found: list[Post]) -> list[str]:
    return [post.key for post in found]


def test_putting_twice_says_it_once(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    put(db, workspace)
    [post] = claim(db)
    deliver(db, post)
    put(db, workspace)
    assert claim(db, after=5 * SECOND) == []


def test_a_changed_message_is_said_again(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    deliver(db, *claim(db))
    put(db, workspace, message=CHANGED)
    [post] = claim(db, after=5 * SECOND)
    assert (post.version, post.delivered_version, post.ts, post.wanted["text"]) == (2, 1, "1.1", "Hello again")


def test_a_change_during_delivery_is_not_lost(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    [post] = claim(db)
    put(db, workspace, message=CHANGED)
    deliver(db, post)
    [again] = claim(db, after=5 * SECOND)
    assert (again.version, again.delivered_version) == (2, 1)


def test_what_is_withdrawn_is_due_to_go_and_may_come_back(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    with db.transaction(workspace.id) as session:
        posts.withdraw(session, "a", now=NOW)
        posts.withdraw(session, "a", now=NOW)
        posts.withdraw(session, "never there", now=NOW)
    [post] = claim(db)
    assert (post.withdrawn, post.version) == (True, 2)
    put(db, workspace)
    with db.reading(workspace.id) as session:
        back = posts.find(session, "a")
    assert back is not None
    assert (back.withdrawn, back.version) == (False, 3)


def test_order_holds_within_an_address_only(db: Database) -> None:
    workspace, other = a_workspace(db), a_workspace(db)
    put(db, workspace, "first")
    put(db, workspace, "second")
    put(db, workspace, "elsewhere", to="C2")
    put(db, other, "another client's channel of the same name")
    assert keys(claim(db)) == ["first", "elsewhere", "another client's channel of the same name"]


def test_the_next_at_an_address_waits_a_second(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace, "first")
    put(db, workspace, "second")
    deliver(db, *claim(db))
    assert claim(db, after=SECOND / 2) == []
    [second] = claim(db, after=SECOND)
    deliver(db, second, after=SECOND)
    put(db, workspace, "third")
    assert claim(db, after=SECOND) == []
    assert keys(claim(db, after=2 * SECOND)) == ["third"]


def test_a_claim_holds_until_its_lease_ends(db: Database) -> None:
    put(db, a_workspace(db))
    assert len(claim(db)) == 1
    assert claim(db, after=posts.LEASE - SECOND) == []
    [post] = claim(db, after=posts.LEASE)
    assert post.attempts == 2


def test_what_is_postponed_comes_again_and_what_is_given_up_does_not(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    [post] = claim(db)
    with db.across_workspaces() as session:
        posts.postponed(session, post, until=NOW + 30 * SECOND, why="ratelimited")
    assert claim(db, after=29 * SECOND) == []
    [post] = claim(db, after=30 * SECOND)
    with db.across_workspaces() as session:
        posts.given_up(session, post, why="is_archived", now=NOW)
    with db.reading(workspace.id) as session:
        assert posts.count_waiting(session) == 0
        assert posts.next_due_at(session) is None
        gone = posts.find(session, "a")
    assert gone is not None
    assert gone.trouble == "is_archived"


def test_a_post_is_found_where_slack_shows_it(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    with db.reading(workspace.id) as session:
        assert posts.next_due_at(session) == NOW
        assert posts.find_at(session, "C1", "1.1") is None
    deliver(db, *claim(db))
    with db.reading(workspace.id) as session:
        found = posts.find_at(session, "C1", "1.1")
    assert found is not None
    assert found.key == "a"
