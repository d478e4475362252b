"""Channels are known as Slack tells of them, and a new id replaces the old one everywhere."""

from datetime import timedelta

from sqlmodel import select

from bot.store import Database, audit, channels, posts, projects
from bot.store.tables import Channel, Digest, Message, Post
from tests.factories import NOW, a_project, a_workspace, given_up, said

HELLO = Message("Hello")


def test_a_channel_is_kept_once_as_last_seen(db: Database) -> None:
    workspace = a_workspace(db)
    with db.transaction(workspace.id) as session:
        assert channels.find(session, "C1") is None
        channels.keep(session, "C1", name="apollo")
        channels.keep(session, "C1", archived_at=NOW)
        [channel] = session.exec(select(Channel)).all()
    assert (channel.name, channel.archived_at) == ("apollo", NOW)


def test_a_channel_is_used_where_a_project_a_digest_or_the_bot_is(db: Database) -> None:
    workspace = a_workspace(db)
    a_project(db, workspace, channel="C1")
    with db.transaction(workspace.id) as session:
        session.add(Digest(name="Weekly", channel="C2", created_at=NOW))
        channels.keep(session, "C3")
        assert [channels.is_used(session, f"C{number}") for number in (1, 2, 3, 4)] == [True, True, True, False]


def test_what_was_given_up_of_late_is_tried_again_when_a_channel_comes_back(db: Database) -> None:
    workspace = a_workspace(db)
    with db.transaction(workspace.id) as session:
        channels.keep(session, "C1", archived_at=NOW, trouble="is_archived")
        for key, age in (("old", 8), ("new", 6)):
            posts.put(session, key, to="C1", message=HELLO, now=NOW - timedelta(days=age))
        posts.put(session, "elsewhere", to="C2", message=HELLO, now=NOW)
        posts.put(session, "said", to="C1", message=HELLO, now=NOW)
    with db.across_workspaces() as session:
        for post in session.exec(select(Post)).all():
            if post.key == "said":
                said(post, "C1")
            else:
                given_up(post)
    with db.transaction(workspace.id) as session:
        channel = channels.restored(session, "C1", now=NOW)
        assert (channel.archived_at, channel.trouble) == (None, None)
        due = session.exec(select(Post.key).where(Post.due_at == NOW)).all()
    assert due == ["new"]


def test_a_new_id_replaces_the_old_one_wherever_it_stood(db: Database) -> None:
    workspace, other = a_workspace(db), a_workspace(db)
    apollo = a_project(db, workspace, channel="COLD")
    theirs = a_project(db, other, channel="COLD")
    with db.transaction(workspace.id) as session:
        session.add(Digest(name="Weekly", channel="COLD", created_at=NOW))
        channels.keep(session, "COLD", name="apollo")
        channels.keep(session, "CNEW")
        posts.put(session, apollo.card_key, to="COLD", message=HELLO, now=NOW)
        post = posts.find(session, apollo.card_key)
        assert post is not None
        said(post, "COLD")
        channels.moved(session, "COLD", "CNEW", now=NOW)
        [entry] = audit.list_of(session, apollo)
        assert (entry.person_id, entry.changes) == (None, {"channel": ["COLD", "CNEW"]})
    with db.reading(workspace.id) as session:
        [channel] = session.exec(select(Channel)).all()
        assert (channel.slack_id, channel.name) == ("CNEW", "apollo")
        assert session.exec(select(Digest.channel)).all() == ["CNEW"]
        [post] = session.exec(select(Post)).all()
        assert (post.key, post.to, post.channel) == (f"project:{apollo.id}:card:CNEW", "CNEW", "CNEW")
    with db.reading(other.id) as session:
        assert projects.get_by_id(session, theirs.id).channel == "COLD"
