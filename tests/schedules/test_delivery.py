"""Delivery: whatever Slack answers, each post ends as it must."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Undeliverable
from bot.messenger import Dead, Messenger, Retry, TooRich, Uncertain, Unchangeable
from bot.schedules import delivery
from bot.store import Database, posts
from bot.store.tables import Channel, Message, Post, Workspace
from tests.factories import NOW, a_person, a_workspace
from tests.factories import posts as all_posts

MINUTE = timedelta(minutes=1)


@dataclass
class Slack(Messenger):
    """What was said, in order; the next answers may be refusals."""

    said: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    plainness: list[int] = field(default_factory=list)

    def _hear(self, *what: Any) -> None:
        self.said.append(what)
        if self.refusals:
            raise self.refusals.pop(0)

    def post(
        self,
        workspace: int,
        channel: str,
        message: Mapping[str, Any],
        *,
        thread_ts: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        plainness: int = 0,
    ) -> tuple[str, str]:
        self.plainness.append(plainness)
        self._hear("post", channel, message["text"], thread_ts)
        return channel, f"{len(self.said)}.0"

    def update(self, workspace: int, channel: str, ts: str, message: Mapping[str, Any], *, plainness: int = 0) -> None:
        self._hear("update", channel, ts, message["text"])

    def delete(self, workspace: int, channel: str, ts: str) -> None:
        self._hear("delete", channel, ts)

    def open_dm(self, workspace: int, slack_id: str) -> str:
        self._hear("open", slack_id)
        return f"D{slack_id}"


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def put(db: Database, workspace: Workspace) -> Callable[..., None]:
    def put(key: str = "a", text: str = "Hello", *, to: str = "C1", under: str | None = None) -> None:
        with db.transaction(workspace.id) as session:
            posts.put(session, key, to=to, message=Message(text), now=NOW, under=under)

    return put


def the_post(db: Database) -> Post:
    [post] = all_posts(db)
    return post


def test_what_is_wanted_is_posted_then_updated_then_taken_away(
    db: Database, workspace: Workspace, slack: Slack, put: Callable[..., None]
) -> None:
    put()
    assert delivery.deliver_due(db, NOW, slack) == 1
    put(text="Changed")
    delivery.deliver_due(db, NOW + MINUTE, slack)
    with db.transaction(workspace.id) as session:
        posts.withdraw(session, "a", now=NOW)
    delivery.deliver_due(db, NOW + 2 * MINUTE, slack)
    assert delivery.deliver_due(db, NOW + 3 * MINUTE, slack) == 0
    assert slack.said == [("post", "C1", "Hello", None), ("update", "C1", "1.0", "Changed"), ("delete", "C1", "1.0")]


def test_what_was_never_said_needs_no_taking_away(
    db: Database, workspace: Workspace, slack: Slack, put: Callable[..., None]
) -> None:
    put()
    with db.transaction(workspace.id) as session:
        posts.withdraw(session, "a", now=NOW)
    assert delivery.deliver_due(db, NOW, slack) == 1
    assert slack.said == []


def test_a_person_is_written_to_in_a_conversation_opened_once(
    db: Database, workspace: Workspace, slack: Slack, put: Callable[..., None]
) -> None:
    a_person(db, workspace)
    put(to="UANA")
    put("b", "More", to="UANA")
    for minute in range(2):
        delivery.deliver_due(db, NOW + minute * MINUTE, slack)
    assert slack.said == [("open", "UANA"), ("post", "DUANA", "Hello", None), ("post", "DUANA", "More", None)]


def test_what_belongs_under_a_post_goes_into_its_thread(db: Database, slack: Slack, put: Callable[..., None]) -> None:
    put()
    put("b", "More", under="a")
    for minute in range(2):
        delivery.deliver_due(db, NOW + minute * MINUTE, slack)
    assert slack.said[1] == ("post", "C1", "More", "1.0")


def test_slacks_wait_is_kept_for_the_whole_channel(db: Database, slack: Slack, put: Callable[..., None]) -> None:
    put()
    slack.refusals = [Retry("ratelimited", after=30)]
    assert delivery.deliver_due(db, NOW, slack) == 0
    put("b", "More")
    assert delivery.deliver_due(db, NOW + MINUTE / 4, slack) == 0
    assert delivery.deliver_due(db, NOW + MINUTE / 2, slack) == 1
    assert [said[2] for said in slack.said] == ["Hello", "Hello"]


@pytest.mark.parametrize("trouble", [Retry("http_503"), Uncertain("the line broke")])
def test_what_failed_is_tried_again_after_longer_and_longer(
    db: Database, slack: Slack, put: Callable[..., None], trouble: Exception
) -> None:
    put()
    waits = []
    now = NOW
    for _ in range(3):
        slack.refusals = [trouble]
        delivery.deliver_due(db, now, slack)
        due = the_post(db).due_at
        assert due is not None
        waits.append(due - now)
        now = due
    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert delivery.deliver_due(db, now, slack) == 1
    assert (the_post(db).due_at, the_post(db).trouble) == (None, None)


@pytest.mark.parametrize("refusal", [Undeliverable("is_archived"), Dead("account_inactive")])
def test_what_slack_will_never_take_is_given_up_with_the_reason(
    db: Database, workspace: Workspace, slack: Slack, put: Callable[..., None], refusal: Undeliverable | Dead
) -> None:
    with db.transaction(workspace.id) as session:
        session.add(Channel(slack_id="C1", name="apollo"))
    put()
    slack.refusals = [refusal]
    assert delivery.deliver_due(db, NOW, slack) == 0
    assert (the_post(db).due_at, the_post(db).trouble) == (None, refusal.code)
    with db.reading(workspace.id) as session:
        assert session.get_one(Channel, 1).trouble == refusal.code


def test_what_cannot_be_changed_any_more_is_said_anew(db: Database, slack: Slack, put: Callable[..., None]) -> None:
    put()
    delivery.deliver_due(db, NOW, slack)
    put(text="Changed")
    slack.refusals = [Unchangeable("message_not_found")]
    assert delivery.deliver_due(db, NOW + MINUTE, slack) == 1
    assert slack.said[1:] == [("update", "C1", "1.0", "Changed"), ("post", "C1", "Changed", None)]
    assert the_post(db).ts == "3.0"


def test_a_form_that_slack_refuses_goes_again_plainer_at_slacks_pace(
    db: Database, slack: Slack, put: Callable[..., None]
) -> None:
    put()
    slack.refusals = [TooRich("invalid_blocks"), TooRich("invalid_blocks")]
    delivered = [delivery.deliver_due(db, NOW + second * delivery.PACE / 2, slack) for second in range(5)]
    assert delivered == [0, 0, 0, 0, 1]
    assert slack.plainness == [0, 1, 2]
    put(text="Changed")
    assert the_post(db).plainness == 0
