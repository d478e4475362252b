"""Hearing: what Slack's refusals mean for an installation, and what whoever speaks is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltContext

from bot import store
from bot.installations import Installations, NotHere
from bot.installations.tokens import LEASE
from bot.messenger import Dead, Faulty, Lacking, Line, Retry
from bot.playground import Playground
from bot.playground import Workspace as Place
from bot.store import Database
from bot.store.installations import Grant
from bot.store.installations import Place as Where
from bot.store.tables import Workspace
from bot.vault import Vault
from tests.factories import posts


@pytest.fixture
def installations(db: Database, line: Line, vault: Vault, slack: Playground) -> Installations:
    return Installations(db, line, vault, slack.clock)


@pytest.fixture
def let_in(db: Database, vault: Vault, acme: Place, slack: Playground) -> Callable[..., Workspace]:
    """Keep Acme with the token that Slack gave it."""

    def let_in(*, renewable: bool = True, by: str | None = "UADA") -> Workspace:
        grant = slack.world.state.grants[acme.bot_token]
        ends = slack.clock() + timedelta(hours=12) if renewable else None
        refresh = vault.seal(grant.refresh_token) if renewable else None
        given = Grant(grant.scopes, vault.seal(grant.token), refresh, ends)
        where = Where(acme.id, None, "Acme", acme.bot_user, acme.bot_id)
        with db.across_workspaces() as session:
            return store.installations.let_in(session, where, given, now=slack.clock(), by=by)

    return let_in


def removed(db: Database, workspace: Workspace) -> bool:
    with db.reading(workspace.id) as session:
        return store.workspaces.get(session).removed_at is not None


def test_what_says_nothing_of_the_installation_is_raised_as_it_is(
    installations: Installations, let_in: Callable[..., Workspace], db: Database
) -> None:
    workspace = let_in()
    for fault in (Retry("http_503"), Faulty("no_text"), Dead("accesslimited", for_now=True), Lacking("missing_scope")):
        assert installations.hear(workspace.id, "xoxb-any", fault) is fault

    assert not removed(db, workspace)
    assert posts(db) == []


def test_a_token_that_is_over_too_early_is_renewed_and_the_call_tried_again(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, db: Database
) -> None:
    workspace = let_in()
    before = acme.bot_token
    answer = installations.hear(workspace.id, before, Dead("token_expired"))

    assert isinstance(answer, Retry)
    assert acme.bot_token != before
    assert installations.token_for(workspace.id) == acme.bot_token
    assert not removed(db, workspace)


def test_while_another_renews_it_the_call_is_tried_again(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, db: Database, slack: Playground
) -> None:
    workspace = let_in()
    with db.transaction(workspace.id) as session:
        row = store.installations.find(session)
        assert row is not None
        assert store.installations.claim_renewal(session, row, now=slack.clock(), lease=LEASE)

    assert isinstance(installations.hear(workspace.id, acme.bot_token, Dead("token_expired")), Retry)
    assert slack.traffic.count("oauth.v2.access") == 0


@pytest.mark.parametrize("end", [("500", Retry), ("invalid_refresh_token", Dead)])
def test_what_is_over_and_cannot_be_renewed_ends_or_waits(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, slack: Playground, end: Any
) -> None:
    how, kind = end
    workspace = let_in()
    slack.misbehave("oauth.v2.access", how)

    assert isinstance(installations.hear(workspace.id, acme.bot_token, Dead("token_expired")), kind)


def test_a_token_that_cannot_be_renewed_at_all_is_dead(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, db: Database
) -> None:
    workspace = let_in(renewable=False)

    assert isinstance(installations.hear(workspace.id, acme.bot_token, Dead("token_expired")), Dead)
    assert removed(db, workspace)


def test_a_scope_that_is_lacking_is_said_to_the_admins_by_name(
    installations: Installations, let_in: Callable[..., Workspace], db: Database
) -> None:
    workspace = let_in()
    fault = Lacking("missing_scope", "canvases:write,canvases:read")
    for _ in range(2):
        assert installations.hear(workspace.id, "xoxb-any", fault) is fault

    [post] = posts(db)
    assert post.to == "UADA"
    assert "canvases:write." in post.wanted["text"]
    assert post.version == 1


def test_of_a_workspace_that_is_gone_nothing_is_said(installations: Installations, db: Database) -> None:
    fault = Lacking("missing_scope", "users:read")
    assert installations.hear(1, "xoxb-any", fault) is fault
    assert isinstance(installations.hear(1, "xoxb-any", Dead("token_revoked")), NotHere)
    assert posts(db) == []


def authorized(installations: Installations, acme: Place) -> str | None:
    found = installations(context=BoltContext(), enterprise_id=None, team_id=acme.id)
    return found.bot_token if found is not None else None


def test_a_request_gets_a_token_that_is_good(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, slack: Playground
) -> None:
    let_in()
    first = authorized(installations, acme)
    slack.clock.advance(timedelta(hours=13))
    second = authorized(installations, acme)

    assert second == acme.bot_token != first


def test_a_request_of_whom_slack_gives_no_token_is_nobodys(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, slack: Playground
) -> None:
    let_in()
    slack.clock.advance(timedelta(hours=13))
    slack.misbehave("oauth.v2.access", "invalid_refresh_token")

    assert authorized(installations, acme) is None
    assert authorized(installations, acme) is None


def test_no_part_shows_a_token(
    installations: Installations, let_in: Callable[..., Workspace], acme: Place, line: Line, vault: Vault
) -> None:
    let_in()
    authorized(installations, acme)

    assert acme.bot_token not in repr((installations, line, vault)) + str(vars(vault))
