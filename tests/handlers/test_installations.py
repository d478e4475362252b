"""Installations: thrown out, the bot stops at once; taken from a team of an org, it stops there."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import manifest, store
from bot.app import Bot
from bot.handlers import installations
from bot.installations import NotHere
from bot.messenger import Dead, Retry
from bot.playground import Clock, Org, Playground, Workspace
from bot.store.tables import Installation, Message
from bot.store.tables import Workspace as Row
from tests.bots import SOCKET, running
from tests.browsers import PUBLIC, Browser
from tests.factories import NOW

ORG_WIDE: dict[str, Any] = manifest.read(PUBLIC)


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(Clock(NOW), ORG_WIDE, rate_limits=False, ack_seconds=30) as slack:
        yield slack
    assert slack.warnings == []


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    return slack.add_workspace("Acme", people=["ada"], channels=["#apollo"], install=False)


@pytest.fixture
def globex(slack: Playground) -> Org:
    return slack.add_org("Globex")


@pytest.fixture
def places(labs: Workspace, works: Workspace) -> tuple[Workspace, Workspace]:
    """Both workspaces of Globex."""
    return labs, works


@pytest.fixture
def labs(slack: Playground, globex: Org) -> Workspace:
    return slack.add_workspace("Labs", people=["zoe"], channels=["#labs"], org=globex)


@pytest.fixture
def works(slack: Playground, globex: Org) -> Workspace:
    return slack.add_workspace("Works", people=["max"], channels=["#works"], org=globex)


@pytest.fixture
def bot(slack: Playground, new_database: Callable[[str], str]) -> Iterator[Bot]:
    with running(slack, None, new_database("sqlite"), SOCKET) as bot:
        yield bot


@pytest.fixture
def installs(bot: Bot) -> Callable[..., None]:
    def installs(place: Workspace | Org, by: str = "") -> None:
        page = Browser(bot.asgi).installs(place, by=by)
        assert page.status_code == 200, page.text

    return installs


def row(bot: Bot, place: Workspace | Org) -> Row:
    team, org = (None, place.id) if isinstance(place, Org) else (place.id, None)
    with bot.db.reading_across() as session:
        found = store.workspaces.find(session, team, org)
    assert found is not None
    return found


def installed(bot: Bot, place: Workspace | Org) -> Installation:
    with bot.db.reading(row(bot, place).id) as session:
        found = store.installations.find(session)
    assert found is not None
    return found


def say(bot: Bot, place: Workspace | Org, key: str, to: str, now: datetime = NOW) -> None:
    with bot.db.transaction(row(bot, place).id) as session:
        store.posts.put(session, key, to=to, message=Message(key), now=now)


def channel(workspace: Workspace, name: str) -> str:
    found = workspace.channel(name)
    assert found is not None
    return found.id


def test_thrown_out_its_tokens_are_gone_and_nothing_more_is_said(
    slack: Playground, bot: Bot, acme: Workspace, installs: Callable[..., None]
) -> None:
    installs(acme)
    bot.tick(slack.clock())
    said = slack.traffic.count("chat.postMessage")
    say(bot, acme, "late", channel(acme, "#apollo"))
    slack.uninstall(acme)
    bot.tick(slack.clock() + timedelta(minutes=1))

    assert row(bot, acme).removed_at == slack.clock()
    assert installed(bot, acme).token is None
    assert slack.traffic.count("chat.postMessage") == said
    assert bot.next_due() is None
    with pytest.raises(NotHere):
        bot.messenger.open_dm(row(bot, acme).id, "U1")


def test_installed_again_it_goes_on(
    slack: Playground, bot: Bot, acme: Workspace, installs: Callable[..., None]
) -> None:
    installs(acme)
    before = row(bot, acme)
    slack.uninstall(acme)
    slack.clock.advance(timedelta(days=1))
    installs(acme)
    answer = slack.as_("ada").types("/pmo help", "#apollo")

    assert (row(bot, acme).id, row(bot, acme).removed_at, row(bot, acme).state) == (before.id, None, before.state)
    assert answer is not None
    assert "/pmo help" in answer.shown


def told(bot: Bot, body: dict[str, Any]) -> int:
    return bot.edge.dispatch(SOCKET, {"type": "event_callback", "event_id": "Ev1", **body}, {}).status


@pytest.mark.parametrize(
    ("event", "ended"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UB"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["UADA"]}}, False),
        ({"type": "tokens_revoked"}, False),
    ],
)
def test_only_the_bots_own_end_is_the_end(
    bot: Bot, acme: Workspace, installs: Callable[..., None], event: dict[str, Any], ended: bool
) -> None:
    installs(acme)

    assert told(bot, {"team_id": acme.id, "event": event}) == 200
    assert (row(bot, acme).removed_at is not None) is ended


def test_what_is_told_late_of_a_former_installation_ends_nothing(
    slack: Playground, bot: Bot, acme: Workspace, installs: Callable[..., None]
) -> None:
    installs(acme)
    slack.uninstall(acme)
    then = int(slack.clock().timestamp())
    slack.clock.advance(timedelta(minutes=5))
    installs(acme)
    late = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UB"]}}

    assert told(bot, {"team_id": acme.id, "event": late, "event_time": then}) == 200
    assert row(bot, acme).removed_at is None
    assert told(bot, {"team_id": acme.id, "event": late, "event_time": int(slack.clock().timestamp())}) == 200
    assert row(bot, acme).removed_at is not None


@pytest.mark.parametrize(
    "body",
    [{}, {"team_id": "TNOBODY"}, {"enterprise_id": "ENOBODY"}, {"authorizations": []}, {"authorizations": None}],
)
@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "team_access_revoked", "team_ids": ["T1"]},
    ],
)
def test_what_is_told_of_somebody_unknown_is_taken(bot: Bot, body: dict[str, Any], event: dict[str, Any]) -> None:
    assert told(bot, {**body, "event": event}) == 200


def test_an_org_installs_for_its_workspaces_and_they_share_one_wall(
    slack: Playground, bot: Bot, globex: Org, places: tuple[Workspace, Workspace], installs: Callable[..., None]
) -> None:
    labs, works = places
    installs(globex, "zoe")
    for each in (labs, works):
        slack.add_app_to(each)
    bot.tick(slack.clock())
    answers = [slack.as_("zoe", labs).types("/pmo help", "#labs"), slack.as_("max", works).types("/pmo help", "#works")]
    slack.as_("max", works).opens_home()

    assert row(bot, globex).team_id is None
    assert all(answer is not None and "/pmo help" in answer.shown for answer in answers)
    assert len(slack.as_("zoe", labs).reads()) == 1
    assert slack.as_("max", works).home is not None


def test_whoever_let_it_into_an_org_hears_of_it_as_soon_as_a_workspace_has_it(
    slack: Playground, bot: Bot, globex: Org, labs: Workspace, installs: Callable[..., None]
) -> None:
    installs(globex, "zoe")
    bot.tick(slack.clock())
    slack.add_app_to(labs)
    slack.clock.advance(timedelta(hours=2))
    bot.tick(slack.clock())

    assert len(slack.as_("zoe", labs).reads()) == 1


def test_a_teams_own_installation_is_another_client(
    slack: Playground, bot: Bot, globex: Org, labs: Workspace, installs: Callable[..., None]
) -> None:
    installs(globex)
    installs(labs)

    assert row(bot, labs).id != row(bot, globex).id
    slack.uninstall(labs)
    assert row(bot, labs).removed_at is not None
    assert row(bot, globex).removed_at is None


def test_a_team_taken_from_the_org_is_answered_no_more_and_its_admins_are_told(
    slack: Playground, bot: Bot, globex: Org, places: tuple[Workspace, Workspace], installs: Callable[..., None]
) -> None:
    labs, works = places
    installs(globex, "zoe")
    for each in (labs, works):
        slack.add_app_to(each)
    slack.take_app_from(works)
    slack.clock.advance(timedelta(minutes=1))
    bot.tick(slack.clock())
    slack.clock.advance(timedelta(minutes=1))
    bot.tick(slack.clock())
    late = {"team_id": works.id, "enterprise_id": globex.id, "command": "/pmo", "user_id": "U1", "trigger_id": "1"}
    answer = bot.edge.dispatch(SOCKET, late, {})

    assert installed(bot, globex).lost_teams == [works.id]
    assert "not installed" in str(answer.body)
    assert [works.id in message.shown for message in slack.as_("zoe", labs).reads()][-1]
    assert row(bot, globex).removed_at is None
    slack.add_app_to(works)
    assert installed(bot, globex).lost_teams == []


def test_a_team_is_told_of_once(
    slack: Playground, bot: Bot, globex: Org, labs: Workspace, installs: Callable[..., None]
) -> None:
    installs(globex, "zoe")
    slack.add_app_to(labs)
    lost = {"type": "team_access_revoked", "team_ids": ["T7"]}
    for _ in range(2):
        assert told(bot, {"enterprise_id": globex.id, "event": lost}) == 200
    with bot.db.reading(row(bot, globex).id) as session:
        found = store.posts.find(session, f"installation:lost:{int(NOW.timestamp())}:{slack.as_('zoe', labs).me.id}")

    assert found is not None
    assert found.version == 1
    assert installed(bot, globex).lost_teams == ["T7"]


def test_a_whole_org_can_throw_it_out(
    slack: Playground, bot: Bot, globex: Org, labs: Workspace, installs: Callable[..., None]
) -> None:
    installs(globex)
    slack.add_app_to(labs)
    slack.uninstall(globex)

    assert row(bot, globex).removed_at is not None
    lost = {"type": "team_access_revoked", "team_ids": [labs.id]}
    assert told(bot, {"enterprise_id": globex.id, "event": lost}) == 200
    assert installed(bot, globex).lost_teams == []


def test_when_slack_takes_the_token_no_more_the_workspace_is_left_alone(
    slack: Playground, bot: Bot, acme: Workspace, installs: Callable[..., None]
) -> None:
    installs(acme)
    bot.tick(slack.clock())
    say(bot, acme, "late", channel(acme, "#apollo"))
    slack.misbehave("chat.postMessage", "account_inactive")
    slack.clock.advance(timedelta(minutes=1))
    bot.tick(slack.clock())

    assert row(bot, acme).removed_at == slack.clock()
    assert installed(bot, acme).token is None


def test_an_admin_who_holds_it_back_for_now_ends_nothing(
    slack: Playground, bot: Bot, acme: Workspace, installs: Callable[..., None]
) -> None:
    installs(acme)
    slack.misbehave("conversations.open", "accesslimited")
    with pytest.raises(Dead):
        bot.messenger.open_dm(row(bot, acme).id, slack.as_("ada").me.id)

    assert row(bot, acme).removed_at is None
    assert bot.messenger.open_dm(row(bot, acme).id, slack.as_("ada").me.id)


def test_what_was_refused_for_a_former_token_is_tried_with_the_new_one(
    slack: Playground, bot: Bot, acme: Workspace, installs: Callable[..., None]
) -> None:
    installs(acme)
    number = row(bot, acme).id

    assert isinstance(bot.installations.hear(number, "xoxb-former", Dead("token_revoked")), Retry)
    assert row(bot, acme).removed_at is None
    assert isinstance(bot.installations.hear(number, acme.bot_token, Dead("token_revoked")), Dead)
    assert row(bot, acme).removed_at is not None
    assert isinstance(bot.installations.hear(number, acme.bot_token, Dead("token_revoked")), NotHere)


def test_every_event_of_these_is_nobodys_act() -> None:
    assert [route.act for route in installations.ROUTES] == [None] * 4
