"""Who may read of a confidential project: in a message, in a channel, in a digest."""

from datetime import timedelta
from typing import Any

import pytest

from bot.rules.terms import Role
from bot.store import Database, audiences, channels, digests, posts, projects, roles, teams
from bot.store.tables import Digest, Message, Person, Project, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def people(db: Database, workspace: Workspace) -> dict[str, Person]:
    """Ana leads the PMO, Eva manages, Farah sponsors; Exe is an executive and Ben has nothing to do with it."""
    held = {"Ana": [Role.PMO], "Exe": [Role.EXECUTIVE], "Eva": [], "Farah": [], "Ben": []}
    return {name: a_person(db, workspace, name, *some) for name, some in held.items()}


@pytest.fixture
def gemini(db: Database, workspace: Workspace, people: dict[str, Person]) -> Project:
    return a_project(
        db, workspace, "GEMINI", manager=people["Eva"], sponsor=people["Farah"], confidential=True, channel="CGEM"
    )


def seen(db: Database, workspace: Workspace, slack_id: str, members: list[str] | None = None, **more: Any) -> None:
    with db.transaction(workspace.id) as session:
        channels.seen(session, {"id": slack_id, "name": "gem", **more}, now=NOW)
        if members is not None:
            channels.read_by(session, slack_id, members, now=NOW)


def a_digest(db: Database, workspace: Workspace, *named: Project) -> Digest:
    with db.transaction(workspace.id) as session:
        digest = digests.add(session, name="Weekly", channel="CBOARD", portfolio_id=None, now=NOW)
        digests.name(session, digest, [project.id for project in named])
    return digest


def test_its_readers_are_its_own_and_the_leads_of_the_pmo(
    db: Database, workspace: Workspace, people: dict[str, Person], gemini: Project
) -> None:
    change = a_portfolio(db, workspace)
    with db.transaction(workspace.id) as session:
        projects.get_by_id(session, gemini.id).portfolio_id = change.id
        session.flush()
        roles.grant(session, people["Ben"], Role.PMO, by=None, now=NOW, portfolio=change.id)
        assert audiences.list_readers(session, gemini.id, now=NOW) == {"UANA", "UEVA", "UFARAH", "UBEN"}


@pytest.mark.parametrize(("to", "may"), [("UEVA", True), ("UANA", True), ("UEXE", False), ("UBEN", False)])
def test_a_message_goes_to_who_may_see_it(
    db: Database, workspace: Workspace, gemini: Project, to: str, may: bool
) -> None:
    with db.transaction(workspace.id) as session:
        posts.put(session, "told", to=to, message=Message("Secret"), now=NOW, about=gemini)
        assert (posts.find(session, "told") is not None) is may


@pytest.mark.parametrize(
    ("channel", "may"),
    [
        (None, False),
        ({"is_private": False}, False),
        ({"is_private": True}, True),
        ({"is_private": True, "is_ext_shared": True}, False),
    ],
)
def test_a_channel_is_told_only_where_it_is_a_private_one_of_ours(
    db: Database, workspace: Workspace, gemini: Project, channel: dict[str, Any] | None, may: bool
) -> None:
    if channel is not None:
        seen(db, workspace, "CGEM", **channel)
    with db.reading(workspace.id) as session:
        assert audiences.may_read(session, gemini, "CGEM", now=NOW) is may


def test_what_was_said_before_is_taken_away_where_it_may_not_be_read(
    db: Database, workspace: Workspace, people: dict[str, Person]
) -> None:
    apollo = a_project(db, workspace, manager=people["Eva"], channel="CGEM")
    with db.transaction(workspace.id) as session:
        for to in ("CGEM", "UEVA", "UBEN"):
            posts.put(session, f"told:{to}", to=to, message=Message("Apollo"), now=NOW, about=apollo)
        project = projects.get_by_id(session, apollo.id)
        projects.hide(session, project, hidden=True, by=people["Ana"].id, now=NOW)
        gone = {to for to in ("CGEM", "UEVA", "UBEN") if (post := posts.find(session, f"told:{to}")) and post.withdrawn}
        assert gone == {"CGEM", "UBEN"}
        posts.put(session, "told:CGEM", to="CGEM", message=Message("More"), now=NOW, about=project)
        posts.restore(session, "told:UBEN", now=NOW)
        for to in gone:
            post = posts.find(session, f"told:{to}")
            assert post is not None
            assert post.withdrawn
        assert projects.hide(session, project, hidden=True, by=people["Ana"].id, now=NOW) == {}


def test_who_leaves_its_team_keeps_nothing_of_it(
    db: Database, workspace: Workspace, people: dict[str, Person], gemini: Project
) -> None:
    with db.transaction(workspace.id) as session:
        posts.put(session, "told", to="UEVA", message=Message("Secret"), now=NOW, about=gemini)
        project = projects.get_by_id(session, gemini.id)
        teams.change(session, project, {Role.MANAGER: ["UBEN"]}, by=people["Ana"].id, now=NOW)
        post = posts.find(session, "told")
        assert post is not None
        assert post.withdrawn


def test_a_digest_leaves_out_what_it_does_not_name(db: Database, workspace: Workspace, gemini: Project) -> None:
    a_project(db, workspace)
    digest = a_digest(db, workspace)
    seen(db, workspace, "CBOARD", ["UANA"], is_private=True)
    with db.reading(workspace.id) as session:
        assert audiences.list_hidden(session, digest, now=NOW) == {gemini.id}


def test_where_nothing_is_confidential_nothing_is_left_out(db: Database, workspace: Workspace) -> None:
    a_project(db, workspace)
    digest = a_digest(db, workspace)
    with db.reading(workspace.id) as session:
        assert audiences.list_hidden(session, digest, now=NOW) == frozenset()


APP = "UAPP"


@pytest.mark.parametrize(
    ("members", "channel", "after", "told"),
    [
        (["UANA", "UEVA"], {"is_private": True}, 0, True),
        (["UANA", "UEVA", APP], {"is_private": True}, 0, True),
        (["UANA", "UEXE"], {"is_private": True}, 0, False),
        (["UANA", "UNKNOWN"], {"is_private": True}, 0, False),
        (["UANA"], {"is_private": False}, 0, False),
        (["UANA"], {"is_private": True, "is_ext_shared": True}, 0, False),
        (["UANA"], {"is_private": True}, 13, False),
        ([], {"is_private": True}, 0, False),
        (None, {"is_private": True}, 0, False),
    ],
)
def test_a_digest_tells_what_it_names_where_every_reader_may_see_it(
    *,
    db: Database,
    workspace: Workspace,
    gemini: Project,
    members: list[str] | None,
    channel: dict[str, bool],
    after: int,
    told: bool,
) -> None:
    a_person(db, workspace, "App", is_bot=True)
    digest = a_digest(db, workspace, gemini)
    seen(db, workspace, "CBOARD", members, **channel)
    with db.reading(workspace.id) as session:
        hidden = audiences.list_hidden(session, digest, now=NOW + timedelta(minutes=after))
    assert hidden == (frozenset() if told else {gemini.id})


def test_who_edits_a_digest_changes_only_what_they_see_of_its_names(
    db: Database, workspace: Workspace, people: dict[str, Person], gemini: Project
) -> None:
    hermes = a_project(db, workspace, "HERMES", manager=people["Ben"], confidential=True)
    digest = a_digest(db, workspace, gemini, hermes)
    with db.transaction(workspace.id) as session:
        assert [key for _, key, _ in digests.list_named(session, digest.id)] == ["GEMINI", "HERMES"]
        session.info["hidden"] = {gemini.id}
        assert digests.name(session, digest, [hermes.id]) == {}
        assert digests.name(session, digest, []) == {"confidential": ([hermes.id], [])}
    with db.reading(workspace.id) as session:
        assert [key for _, key, _ in digests.list_named(session, digest.id)] == ["GEMINI"]
        assert [key for _, key, _ in projects.list_confidential(session, "her")] == ["HERMES"]
