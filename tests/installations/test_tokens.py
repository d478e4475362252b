"""Tokens: renewed once however many ask, never given to another client, and over when Slack says so."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot import store
from bot.installations import tokens as module
from bot.installations.tokens import AHEAD, LEASE, NotHere, Tokens
from bot.messenger import Dead, Line, Retry
from bot.playground import Playground
from bot.playground import Workspace as Place
from bot.store import Database
from bot.store.installations import Grant
from bot.store.installations import Place as Where
from bot.store.tables import Installation, Workspace
from bot.vault import Vault, new_key
from tests.bots import KEY
from tests.factories import a_workspace

LIFE = timedelta(hours=12)
WITHIN = 5


@pytest.fixture
def workspace(db: Database, slack: Playground, acme: Place, vault: Vault) -> Workspace:
    """Acme as the bot has it, with the token that Slack gave it and twelve hours to go."""
    grant = slack.world.state.grants[acme.bot_token]
    given = Grant(
        grant.scopes,
        vault.seal(grant.token),
        vault.seal(grant.refresh_token),
        datetime.fromtimestamp(grant.expires_at or 0, UTC),
    )
    where = Where(acme.id, None, "Acme", acme.bot_user, acme.bot_id)
    with db.across_workspaces() as session:
        return store.installations.let_in(session, where, given, now=slack.clock())


@pytest.fixture
def tokens(another: Callable[[], Tokens]) -> Tokens:
    return another()


def of(db: Database, workspace: Workspace) -> Installation:
    with db.reading(workspace.id) as session:
        row = store.installations.find(session)
    assert row is not None
    return row


def removed_at(db: Database, workspace: Workspace) -> datetime | None:
    with db.reading(workspace.id) as session:
        return store.workspaces.get(session).removed_at


def asked(slack: Playground) -> int:
    return slack.traffic.count("oauth.v2.access")


def test_a_token_is_given_as_long_as_it_lasts(
    tokens: Tokens, workspace: Workspace, acme: Place, slack: Playground
) -> None:
    assert tokens.of(workspace.id, within=WITHIN) == acme.bot_token
    slack.clock.advance(LIFE - AHEAD - timedelta(seconds=1))
    assert tokens.of(workspace.id, within=WITHIN) == acme.bot_token
    assert asked(slack) == 0


def test_before_it_ends_another_takes_its_place(
    tokens: Tokens, workspace: Workspace, acme: Place, slack: Playground, db: Database
) -> None:
    before = acme.bot_token
    slack.clock.advance(LIFE - AHEAD)
    given = tokens.of(workspace.id, within=WITHIN)

    assert given == acme.bot_token != before
    assert Vault(KEY).open(of(db, workspace).token or "") == given
    assert of(db, workspace).expires_at == slack.clock() + LIFE
    assert tokens.of(workspace.id, within=WITHIN) == given
    assert asked(slack) == 1


@pytest.mark.parametrize("late", [timedelta(0), AHEAD + timedelta(minutes=1)], ids=["still good", "over"])
def test_three_at_once_renew_once(
    another: Callable[[], Tokens], workspace: Workspace, acme: Place, slack: Playground, late: timedelta
) -> None:
    before = acme.bot_token
    slack.clock.advance(LIFE - AHEAD + late)
    gate, given = threading.Barrier(3), list[str]()

    def ask(tokens: Tokens) -> None:
        gate.wait()
        given.append(tokens.of(workspace.id, within=WITHIN))

    threads = [threading.Thread(target=ask, args=(another(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert asked(slack) == 1
    assert len(given) == 3
    assert acme.bot_token in given
    assert set(given) <= ({acme.bot_token, before} if not late else {acme.bot_token})


def test_while_slack_cannot_be_asked_the_old_one_does(
    tokens: Tokens, workspace: Workspace, acme: Place, slack: Playground
) -> None:
    slack.clock.advance(LIFE - AHEAD)
    slack.misbehave("oauth.v2.access", "500")

    assert tokens.of(workspace.id, within=WITHIN) == acme.bot_token
    assert tokens.of(workspace.id, within=WITHIN) == acme.bot_token
    assert asked(slack) == 1
    slack.clock.advance(LEASE)
    tokens.of(workspace.id, within=WITHIN)
    assert asked(slack) == 2


def test_when_it_is_over_and_slack_cannot_be_asked_it_is_tried_later(
    tokens: Tokens, workspace: Workspace, slack: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    slack.clock.advance(LIFE)
    slack.misbehave("oauth.v2.access", "reset_before")
    with pytest.raises(Retry, match="unreachable"):
        tokens.of(workspace.id, within=WITHIN)
    with pytest.raises(Retry, match="token_expired"):
        tokens.of(workspace.id, within=WITHIN)


def test_settings_that_slack_does_not_take_end_nothing(
    db: Database, workspace: Workspace, slack: Playground, vault: Vault
) -> None:
    slack.clock.advance(LIFE)
    misled = Tokens(db, Line(slack.api_url, client_id="1.2", client_secret="x"), vault, slack.clock)
    with pytest.raises(Retry, match="invalid_client_id"):
        misled.of(workspace.id, within=WITHIN)

    assert removed_at(db, workspace) is None


def test_a_token_that_cannot_be_renewed_is_the_end(
    tokens: Tokens, workspace: Workspace, slack: Playground, db: Database
) -> None:
    slack.clock.advance(LIFE - AHEAD)
    slack.misbehave("oauth.v2.access", "invalid_refresh_token")
    with pytest.raises(Dead, match="invalid_refresh_token"):
        tokens.of(workspace.id, within=WITHIN)

    assert removed_at(db, workspace) == slack.clock()
    assert of(db, workspace).token is None
    with pytest.raises(NotHere):
        tokens.of(workspace.id, within=WITHIN)


def test_thrown_out_while_it_was_renewed_it_has_no_token(
    tokens: Tokens, workspace: Workspace, slack: Playground, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = of(db, workspace)
    exchange = Line.exchange

    def thrown_out_meanwhile(line: Line, timeout: int, **given: str) -> object:
        answer = exchange(line, timeout, **given)
        tokens.end(row, "app_uninstalled")
        return answer

    monkeypatch.setattr(Line, "exchange", thrown_out_meanwhile)
    slack.clock.advance(LIFE)
    with pytest.raises(Retry, match="installed_anew"):
        tokens.of(workspace.id, within=WITHIN)

    assert of(db, workspace).token is None


def test_thrown_out_while_somebody_waits_there_is_nothing_to_wait_for(
    tokens: Tokens, workspace: Workspace, slack: Playground, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.clock.advance(LIFE)
    row = of(db, workspace)
    assert tokens.claim(row)
    monkeypatch.setattr(module, "Event", lambda: Ending(lambda: tokens.end(row, "app_uninstalled")))
    with pytest.raises(NotHere):
        tokens.of(workspace.id, within=WITHIN)


class Ending:
    """A wait in which something happens."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = happens

    def wait(self, _seconds: float) -> None:
        self._happens()


def test_a_token_without_an_end_is_never_renewed(db: Database, tokens: Tokens, vault: Vault, slack: Playground) -> None:
    grant = Grant(["chat:write"], vault.seal("xoxb-1"))
    with db.across_workspaces() as session:
        where = Where("T77", None, "Ever", "U", "B")
        workspace = store.installations.let_in(session, where, grant, now=slack.clock())
    slack.clock.advance(timedelta(days=900))

    assert tokens.of(workspace.id, within=WITHIN) == "xoxb-1"


def test_the_token_of_the_settings_is_for_its_own_workspace(db: Database, slack: Playground, vault: Vault) -> None:
    tokens = Tokens(db, Line(slack.api_url, token="xoxb-ours"), vault, slack.clock)
    ours, theirs, unknown = a_workspace(db), a_workspace(db), a_workspace(db)
    with db.across_workspaces() as session:
        for each in (ours, theirs):
            where = Where(each.team_id, None, each.name, "U", "B")
            store.installations.let_in(session, where, Grant(["chat:write"]), now=slack.clock())
    tokens.ours = ours.id

    assert tokens.of(ours.id, within=WITHIN) == "xoxb-ours"
    for each in (theirs, unknown):
        with pytest.raises(NotHere):
            tokens.of(each.id, within=WITHIN)


def test_with_the_wrong_key_it_waits_for_the_right_one(db: Database, workspace: Workspace, slack: Playground) -> None:
    tokens = Tokens(db, Line(slack.api_url), Vault(new_key()), slack.clock)
    with pytest.raises(Retry, match="locked"):
        tokens.of(workspace.id, within=WITHIN)

    assert removed_at(db, workspace) is None


def test_what_is_over_ends_once(tokens: Tokens, workspace: Workspace, db: Database) -> None:
    row = of(db, workspace)

    assert tokens.end(row, "token_revoked")
    assert not tokens.end(row, "token_revoked")
