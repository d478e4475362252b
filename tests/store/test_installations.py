"""Installations: who was let in where, whose request is whose, and what stops when the bot is thrown out."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from bot.rules.cadence import Cadence
from bot.rules.delivery import Pace
from bot.rules.terms import EscalationLevel, Role, WorkspaceState
from bot.store import Database, Session, delivery, escalations, installations, people, posts, schedules, workspaces
from bot.store.installations import Grant, Place
from bot.store.tables import (
    AuditEntry,
    Digest,
    Escalation,
    Installation,
    InstallState,
    Lane,
    Message,
    Person,
    Post,
    Workspace,
)
from tests.factories import NOW, a_person, a_project
from tests.factories import posts as all_posts

SEALED = Grant(("chat:write", "commands"), token="sealed", refresh_token="too", app_id="A1")
ACME = Place("T1", None, "Acme", "UBOT", "BBOT")
GLOBEX = Place(None, "E1", "Globex", "UORG", "BORG")
LATER = NOW + timedelta(hours=1)
WEEKLY = Cadence("FREQ=WEEKLY;BYDAY=FR", time(15), NOW.date())


def let_in(db: Database, place: Place = ACME, grant: Grant = SEALED, **more: Any) -> Workspace:
    with db.across_workspaces() as session:
        given: dict[str, Any] = {"now": NOW, "by": "UANA"} | more
        return installations.let_in(session, place, grant, **given)


def remove(db: Database, workspace: Workspace, **more: Any) -> bool:
    with db.across_workspaces() as session:
        found = workspaces.get_by_id(session, workspace.id)
        given: dict[str, Any] = {"now": NOW, "why": "app_uninstalled"} | more
        return installations.remove(session, found, **given)


def of(db: Database, workspace: Workspace) -> Installation:
    with db.reading(workspace.id) as session:
        row = installations.find(session)
    assert row is not None
    return row


def trail(db: Database, workspace: Workspace) -> list[str]:
    with db.reading(workspace.id) as session:
        return [entry.what for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))]


def test_a_workspace_is_kept_with_its_tokens_and_who_let_the_bot_in(db: Database) -> None:
    workspace = let_in(db)
    row = of(db, workspace)

    assert (workspace.team_id, workspace.slack_id, workspace.bot_user_id) == ("T1", "T1", "UBOT")
    assert (row.token, row.refresh_token, row.scopes) == ("sealed", "too", ["chat:write", "commands"])
    with db.reading(workspace.id) as session:
        assert installations.installer(session, row) == "UANA"
        assert [person.slack_id for person in people.list_with(session, Role.ADMIN, now=NOW)] == ["UANA"]
    assert "installed" in trail(db, workspace)


def test_a_whole_org_is_a_workspace_without_a_team(db: Database) -> None:
    org = let_in(db, GLOBEX)
    again = let_in(db, GLOBEX)

    assert (org.id, org.team_id, org.slack_id) == (again.id, None, "E1")


def test_no_row_shows_a_token(db: Database) -> None:
    assert "sealed" not in repr(of(db, let_in(db))) + repr(SEALED)


def test_a_team_belongs_to_its_own_installation_before_its_orgs(db: Database) -> None:
    org = let_in(db, GLOBEX)
    team = let_in(db, Place("T2", "E1", "Globex Labs", "UBOT", "BBOT"))
    with db.reading_across() as session:

        def serving(team_id: str | None, enterprise_id: str | None) -> int | None:
            found = workspaces.serving(session, team_id, enterprise_id)
            return found.id if found else None

        assert serving("T2", "E1") == team.id
        assert serving("T2", None) == team.id
        assert serving("T3", "E1") == org.id
        assert serving(None, "E1") == org.id
        assert serving("T3", None) is None
        assert serving("T3", "E2") is None
        assert serving(None, None) is None


def test_a_team_that_was_removed_is_served_by_its_org(db: Database) -> None:
    org = let_in(db, GLOBEX)
    remove(db, let_in(db, Place("T2", "E1", "Globex Labs", "UBOT", "BBOT")))
    with db.reading_across() as session:
        found = workspaces.serving(session, "T2", "E1")

    assert found is not None
    assert found.id == org.id


def test_an_org_is_there_once(db: Database) -> None:
    let_in(db, GLOBEX)
    twice = Workspace(enterprise_id="E1", name="Twice", bot_user_id="U", bot_id="B", created_at=NOW)
    with pytest.raises(IntegrityError), db.across_workspaces() as session:
        session.add(twice)


def test_removed_its_tokens_are_gone_and_it_knows_where_it_stood(db: Database) -> None:
    workspace = let_in(db)

    assert remove(db, workspace, now=LATER)
    assert not remove(db, workspace, now=LATER)
    row = of(db, workspace)
    with db.reading(workspace.id) as session:
        found = workspaces.get(session)
        assert installations.find_live(session) is None
    assert (row.token, row.refresh_token, row.expires_at) == (None, None, None)
    assert (found.removed_at, found.state, found.state_before) == (LATER, WorkspaceState.EXITING, workspace.state)
    assert trail(db, workspace)[-1] == "uninstalled"


def test_what_is_heard_of_former_tokens_removes_nothing(db: Database) -> None:
    workspace = let_in(db)
    version = of(db, workspace).version
    let_in(db, grant=Grant(("chat:write",), token="newer"))

    assert not remove(db, workspace, version=version)
    assert of(db, workspace).token == "newer"


def test_a_workspace_without_a_token_of_its_own_can_be_removed_too(db: Database) -> None:
    workspace = let_in(db, grant=Grant(("chat:write",)), by=None)

    assert remove(db, workspace)


def test_let_in_again_it_stands_where_it_stood(db: Database) -> None:
    before = let_in(db)
    remove(db, before)
    again = let_in(db, now=LATER)

    assert (again.id, again.removed_at, again.state, again.state_before) == (before.id, None, before.state, None)
    assert trail(db, again)[-1] == "reinstalled"
    assert of(db, again).installed_at == LATER


def test_only_who_lets_it_in_first_becomes_its_admin(db: Database) -> None:
    let_in(db)
    workspace = let_in(db, by="UBEN")
    with db.reading(workspace.id) as session:
        assert [person.slack_id for person in people.list_with(session, Role.ADMIN, now=NOW)] == ["UANA"]
        row = installations.find(session)
        assert row is not None
        assert installations.installer(session, row) == "UBEN"


def test_met_at_each_start_it_is_noted_once(db: Database) -> None:
    bare = Grant(("chat:write",))
    workspace = let_in(db, grant=bare, by=None)
    before = trail(db, workspace)
    let_in(db, grant=bare, by=None)
    assert trail(db, workspace) == before

    let_in(db, grant=Grant(("chat:write", "commands")), by=None)
    assert trail(db, workspace) == [*before, "reinstalled"]


def test_the_token_of_the_settings_takes_no_stored_one_away(db: Database) -> None:
    workspace = let_in(db)
    let_in(db, grant=Grant(("chat:write",)), by=None)

    assert of(db, workspace).token == "sealed"


def test_with_another_account_its_conversations_begin_anew(db: Database) -> None:
    workspace = let_in(db)
    a_person(db, workspace, "Ben", dm_channel="D1")
    let_in(db)
    with db.reading(workspace.id) as session:
        assert session.exec(select(Person.dm_channel).where(Person.slack_id == "UBEN")).one() == "D1"
    let_in(db, Place("T1", None, "Acme", "UOTHER", "BBOT"))
    with db.reading(workspace.id) as session:
        assert session.exec(select(Person.dm_channel).where(Person.slack_id == "UBEN")).one() is None


def test_back_again_it_says_what_is_still_worth_saying(db: Database) -> None:
    workspace = let_in(db)
    with db.transaction(workspace.id) as session:
        posts.put(session, "old", to="C1", message=Message("Old"), now=NOW - timedelta(days=8))
        for key in ("new", "planned"):
            posts.put(session, key, to="C1", message=Message("New"), now=NOW)
        session.exec(update(Post).where(col(Post.key) == "new").values(due_at=LATER, attempts=1))
        session.exec(update(Post).where(col(Post.key) == "planned").values(due_at=LATER))
        session.add(Lane(address="C1", free_at=LATER))
    remove(db, workspace)
    let_in(db, now=NOW)

    due = {post.key: (post.due_at, post.trouble) for post in all_posts(db, workspace)}
    assert due == {"old": (None, "too_late"), "new": (NOW, None), "planned": (LATER, None)}
    with db.reading(workspace.id) as session:
        assert session.exec(select(Lane)).all() == []


def test_those_that_are_there_are_listed_by_name(db: Database) -> None:
    globex, acme = let_in(db, GLOBEX), let_in(db)
    remove(db, let_in(db, Place("T9", None, "Gone", "U", "B")))
    with db.reading_across() as session:
        live = installations.list_live(session)
        everything = installations.list_all(session)

    assert [(workspace.id, row.workspace_id) for workspace, row in live] == [(acme.id, acme.id), (globex.id, globex.id)]
    assert len(everything) == 3


def test_teams_are_lost_and_found(db: Database) -> None:
    org = let_in(db, GLOBEX)
    with db.transaction(org.id) as session:
        row = installations.find(session)
        assert row is not None
        assert installations.lose_teams(session, row, ["T2", "T1"], now=NOW) == {"T1", "T2"}
        assert installations.lose_teams(session, row, ["T2"], now=NOW) == frozenset()
        installations.gain_teams(session, row, ["T1", "T7"], now=NOW)
    assert of(db, org).lost_teams == ["T2"]
    assert trail(db, org)[-2:] == ["teams lost", "teams gained"]


def test_of_many_one_renews(db: Database) -> None:
    workspace = let_in(db)
    row = of(db, workspace)
    won: list[bool] = []
    gate = threading.Barrier(6)

    def claim() -> None:
        gate.wait()
        with db.transaction(workspace.id) as session:
            won.append(installations.claim_renewal(session, row, now=NOW, lease=timedelta(seconds=30)))

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]


def test_a_claim_on_renewing_ends_and_is_over_when_it_was_done(db: Database) -> None:
    workspace = let_in(db)
    row = of(db, workspace)
    lease = timedelta(seconds=30)
    with db.transaction(workspace.id) as session:
        assert installations.claim_renewal(session, row, now=NOW, lease=lease)
        assert not installations.claim_renewal(session, row, now=NOW, lease=lease)
        assert installations.claim_renewal(session, row, now=NOW + lease, lease=lease)
        assert installations.renewed(session, row, token="new", refresh_token="newer", expires_at=LATER)
        assert not installations.renewed(session, row, token="late", refresh_token=None, expires_at=None)
        assert not installations.claim_renewal(session, row, now=LATER, lease=lease)
    kept = of(db, workspace)
    assert (kept.token, kept.refresh_token, kept.expires_at) == ("new", "newer", LATER)


def test_what_was_thrown_out_meanwhile_is_not_renewed(db: Database) -> None:
    workspace = let_in(db)
    row = of(db, workspace)
    remove(db, workspace)
    with db.transaction(workspace.id) as session:
        assert not installations.renewed(session, row, token="new", refresh_token=None, expires_at=None)
    assert of(db, workspace).token is None


def test_resealing_replaces_only_what_it_resealed(db: Database) -> None:
    workspace = let_in(db)
    row = of(db, workspace)
    with db.across_workspaces() as session:
        assert installations.reseal(session, row, token="again", refresh_token=None)
        assert not installations.reseal(session, row, token="late", refresh_token=None)
    assert (of(db, workspace).token, of(db, workspace).version) == ("again", row.version)


def test_a_state_is_good_once_and_for_a_while(db: Database) -> None:
    lasting = timedelta(minutes=10)
    with db.across_workspaces() as session:
        for digest in ("one", "two"):
            installations.issue_state(session, digest, now=NOW, lasting=lasting)
        assert installations.consume_state(session, "one", now=NOW)
        assert not installations.consume_state(session, "one", now=NOW)
        assert not installations.consume_state(session, "never", now=NOW)
        assert not installations.consume_state(session, "two", now=NOW + lasting)
        installations.issue_state(session, "three", now=NOW + lasting, lasting=lasting)
        assert session.exec(select(InstallState.digest)).all() == ["three"]


@pytest.fixture
def busy(db: Database) -> Workspace:
    """A workspace where everything is due that the clock brings."""
    workspace = let_in(db)
    eva = a_person(db, workspace, "Eva")
    project = a_project(db, workspace, manager=eva, next_due_at=NOW)
    with db.transaction(workspace.id) as session:
        posts.put(session, "a", to="C1", message=Message("Hello"), now=NOW)
        digest = Digest(name="Weekly", channel="C1", created_at=NOW)
        session.add(digest)
        session.flush()
        weekly = schedules.keep(session, WEEKLY, now=NOW, digest_id=digest.id)
        schedules.bring_forward(session, weekly, NOW)
        session.add(
            Escalation(
                project_id=project.id,
                ref="APOLLO-E1",
                what="A decision",
                ask="Decide",
                impact_if_nothing="None",
                decide_by=NOW.date(),
                level=EscalationLevel.SPONSOR,
                raised_by=eva.id,
                raised_at=NOW,
                climbs_at=NOW,
                overdue_at=NOW,
            )
        )
        people.find_or_add(session, "UNEW")
    return workspace


CLAIMS: dict[str, Callable[[Session], Any]] = {
    "posts": lambda session: delivery.claim(session, LATER, pace=Pace(), flying=Counter()),
    "posts, next": posts.next_due_at,
    "posts, waiting": posts.count_waiting,
    "check-ins": lambda session: schedules.claim_due(session, LATER, of="project", limit=9),
    "digests": lambda session: schedules.claim_due(session, LATER, of="digest", limit=9),
    "schedules, next": schedules.next_due_at,
    "escalations": lambda session: escalations.claim_unacknowledged(session, LATER, limit=9),
    "escalations, overdue": lambda session: escalations.claim_overdue(session, LATER, limit=9),
    "escalations, next": escalations.next_due_at,
    "people": lambda session: people.claim_to_refresh(session, LATER, limit=9, pace=timedelta(0)),
}


@pytest.mark.parametrize("what", CLAIMS)
def test_the_clock_passes_a_removed_workspace_by(db: Database, busy: Workspace, what: str) -> None:
    def found() -> Any:
        with db.across_workspaces() as session:
            claimed = CLAIMS[what](session)
            session.rollback()
            return claimed

    assert found()
    remove(db, busy)
    assert not found()
