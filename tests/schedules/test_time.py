"""Time set right: a clock that went back keeps nothing waiting for what it has been past."""

from datetime import timedelta

import structlog

from bot.schedules import time
from bot.store import Database, posts
from bot.store.tables import Message
from tests.factories import NOW, a_project, a_workspace
from tests.factories import posts as all_posts

DAY = timedelta(days=1)


def test_what_was_put_off_before_the_clock_went_back_is_due_again(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace, next_due_at=NOW + DAY)
    with db.transaction(workspace.id) as session:
        posts.put(session, "a", to="C1", message=Message("Hello"), now=NOW)
        posts.put(session, "b", to="C1", message=Message("Later"), now=NOW, not_before=NOW + DAY)
    assert time.set_right(db, NOW) == 0
    with db.across_workspaces() as session:
        session.merge(all_posts(db)[0]).due_at = NOW + DAY
    with structlog.testing.capture_logs() as lines:
        assert time.set_right(db, NOW) == 1
    assert [line["event"] for line in lines] == ["the clock went back"]
    assert [post.due_at for post in all_posts(db)] == [NOW, NOW + DAY]
