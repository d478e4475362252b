"""What was to be kept for a while goes when that is over, and nothing else does."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot import store
from bot.rules.exports import Form, Part
from bot.rules.terms import Role
from bot.schedules import privacy
from bot.store import Database
from bot.store.tables import Forgotten, InboxEntry, Message, Post
from tests.factories import NOW, a_person, a_workspace, an_actor
from tests.store.test_exports_rows import an_office
from tests.store.test_purges import left, removed, row

DAY = timedelta(days=1)


def test_what_nobody_may_keep_any_longer_goes(db: Database) -> None:
    ours = a_workspace(db)
    ana, ben = a_person(db, ours, "Ana", Role.ADMIN), a_person(db, ours, "Ben")
    with db.transaction(ours.id, once="action:1", now=NOW) as session:
        store.forgetting.forget(session, store.people.get(session, ben.id), by=ana.id, now=NOW)
        export = store.exports.ask(session, Part.RISKS, Form.CSV, by=an_actor(db, ana), now=NOW)
        store.exports.sent(session, export, now=NOW)
        for key in ("gone", "kept", "late"):
            store.posts.put(session, key, to="CAPOLLO", message=Message("said"), now=NOW)
    with db.across_workspaces() as session:
        said = {post.key: post for post in session.exec(select(Post))}
        for post in said.values():
            post.due_at = None
        said["gone"].withdrawn = said["late"].withdrawn = True
        said["late"].created_at = NOW + 9 * DAY

    assert privacy.keep_promises(db, NOW + DAY) == 0
    assert privacy.keep_promises(db, NOW + 31 * DAY) == 4

    with db.reading(ours.id) as session:
        assert session.exec(select(Forgotten.kept)).one() is None
        assert session.exec(select(InboxEntry)).all() == []
        assert sorted(session.exec(select(Post.key))) == ["kept", "late"]
    assert privacy.keep_promises(db, NOW + 31 * DAY) == 0


def test_a_client_goes_when_its_time_is_over_and_the_others_stay(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "ROWS", 2)
    ours, theirs = an_office(db), an_office(db)
    count, others = sum(left(db, ours).values()), left(db, theirs)
    removed(db, ours)

    assert privacy.keep_promises(db, NOW + 29 * DAY) == 0
    assert privacy.keep_promises(db, NOW + 30 * DAY) >= count

    assert left(db, ours) == {}
    assert left(db, theirs) == others
    assert row(db, ours).purged_at == NOW + 30 * DAY
    assert privacy.keep_promises(db, NOW + 31 * DAY) == 0


def test_a_purge_that_was_stopped_goes_on_with_the_next_tick(db: Database) -> None:
    ours = an_office(db)
    removed(db, ours)
    with db.across_workspaces() as session:
        store.purges.begin(session, store.workspaces.get_by_id(session, ours.id), NOW)
        store.purges.step(session, ours.id, limit=1)

    privacy.keep_promises(db, NOW)

    assert left(db, ours) == {}
    assert row(db, ours).purged_at == NOW
