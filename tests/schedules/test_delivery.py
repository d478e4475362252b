"""Delivery: whatever Slack answers, each post ends as it must, and nobody waits for somebody else's Slack."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog

from bot import store
from bot.errors import Undeliverable
from bot.messenger import Dead, Faulty, Messenger, Retry, TooRich, Uncertain, Unchangeable, Unseen
from bot.rules.delivery import PACE, End, Pace
from bot.rules.terms import Role
from bot.schedules import delivery
from bot.store import Database, people, posts
from bot.store.tables import Channel, Message, Post, Workspace
from bot.views import blocks
from tests.factories import NOW, a_person, a_project, a_workspace
from tests.factories import posts as all_posts

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHT = NOW.replace(hour=23)
"""Eleven at night in London."""


@dataclass
class Slack(Messenger):
    """What was said, in order; the next answers may be refusals, and `there` is what is found when it is looked."""

    said: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    plainness: list[int] = field(default_factory=list)
    there: dict[str, tuple[str, int]] = field(default_factory=dict)
    blocks: list[list[Any]] = field(default_factory=list)

    def _listen(self, *what: Any) -> None:
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
        mark: tuple[str, int] | None = None,
        plainness: int = 0,
    ) -> tuple[str, str]:
        self.plainness.append(plainness)
        self.blocks.append(message["blocks"])
        self._listen("post", channel, message["text"], thread_ts)
        return f"D{channel}" if channel.startswith("U") else channel, f"{len(self.said)}.0"

    def update(self, workspace: int, channel: str, ts: str, message: Mapping[str, Any], *, plainness: int = 0) -> None:
        self._listen("update", channel, ts, message["text"])

    def delete(self, workspace: int, channel: str, ts: str) -> None:
        self._listen("delete", channel, ts)

    def open_dm(self, workspace: int, slack_id: str) -> str:
        self._listen("open", slack_id)
        return f"D{slack_id}"

    def find(
        self, workspace: int, channel: str, key: str, *, since: datetime, until: datetime, thread_ts: str | None = None
    ) -> tuple[str, int] | None:
        self._listen("look", channel, key, thread_ts)
        return self.there.get(key)

    @property
    def texts(self) -> list[str]:
        """The words of what was posted, in order."""
        return [said[2] for said in self.said if said[0] == "post"]


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def slack() -> Slack:
    return Slack()


Put = Callable[..., None]


@pytest.fixture
def put(db: Database, workspace: Workspace) -> Put:
    def put(key: str = "a", text: str = "Hello", *, to: str = "C1", now: datetime = NOW, **more: Any) -> None:
        message = Message(text, more.pop("blocks", []))
        with db.transaction(more.pop("where", workspace).id) as session:
            posts.put(session, key, to=to, message=message, now=now, **more)

    return put


def deliver(db: Database, now: datetime, slack: Messenger, pace: Pace | None = None) -> int:
    return delivery.deliver_due(db, lambda: now, slack, pace or Pace(at_once=1), lambda: False)


def the_post(db: Database, key: str = "a") -> Post:
    [post] = [post for post in all_posts(db) if post.key == key]
    return post


def withdraw(db: Database, workspace: Workspace, key: str = "a") -> None:
    with db.transaction(workspace.id) as session:
        posts.withdraw(session, key, now=NOW)


def test_what_is_wanted_is_posted_then_updated_then_taken_away(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    put()
    assert deliver(db, NOW, slack) == 1
    put(text="Changed")
    deliver(db, NOW + MINUTE, slack)
    withdraw(db, workspace)
    deliver(db, NOW + 2 * MINUTE, slack)
    assert deliver(db, NOW + 3 * MINUTE, slack) == 0
    assert slack.said == [("post", "C1", "Hello", None), ("update", "C1", "1.0", "Changed"), ("delete", "C1", "1.0")]


def test_how_it_ended_is_kept_with_when_and_where(db: Database, slack: Slack, put: Put) -> None:
    put()
    deliver(db, NOW + MINUTE, slack)
    post = the_post(db)
    assert (post.ended, post.ended_at, post.channel, post.ts) == (End.SAID, NOW + MINUTE, "C1", "1.0")
    put(text="Changed")
    assert (the_post(db).ended, the_post(db).ended_at) == (None, None)


def test_what_was_never_said_needs_no_taking_away(db: Database, workspace: Workspace, slack: Slack, put: Put) -> None:
    put()
    withdraw(db, workspace)
    assert deliver(db, NOW, slack) == 0
    assert slack.said == []
    assert (the_post(db).ended, the_post(db).due_at) == (End.DROPPED, None)


def test_a_person_is_written_to_and_the_conversation_remembered(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    a_person(db, workspace)
    put(to="UANA")
    put("b", "More", to="UANA")
    for minute in range(2):
        deliver(db, NOW + minute * MINUTE, slack)
    assert slack.said == [("post", "UANA", "Hello", None), ("post", "DUANA", "More", None)]


def test_what_belongs_under_a_post_goes_into_its_thread(db: Database, slack: Slack, put: Put) -> None:
    put("b", "More", under="a", priority=0)
    put()
    for minute in range(2):
        deliver(db, NOW + minute * MINUTE, slack)
    assert slack.said == [("post", "C1", "Hello", None), ("post", "C1", "More", "1.0")]


# --- limits


def test_slacks_wait_is_kept_for_the_channel_and_nobody_else(db: Database, slack: Slack, put: Put) -> None:
    put()
    slack.refusals = [Retry("ratelimited", after=30)]
    assert deliver(db, NOW, slack) == 0
    put("b", "More")
    put("c", "Elsewhere", to="C2")
    assert deliver(db, NOW + MINUTE / 4, slack) == 1
    assert deliver(db, NOW + MINUTE / 2, slack) == 1
    assert slack.texts == ["Hello", "Elsewhere", "Hello"]
    assert the_post(db).ended is End.SAID


def test_two_channels_told_to_wait_are_the_whole_workspace(db: Database, slack: Slack, put: Put) -> None:
    other = a_workspace(db)
    put(to="C1")
    put("b", to="C2")
    slack.refusals = [Retry("ratelimited", after=30)] * 2
    deliver(db, NOW, slack)
    put("c", "Third channel", to="C3")
    put("d", "Another client", to="C1", where=other)
    deliver(db, NOW + MINUTE / 4, slack)
    assert slack.texts == ["Hello", "Hello", "Another client"]
    deliver(db, NOW + MINUTE / 2 + PACE, slack)
    assert sorted(slack.texts[3:]) == ["Hello", "Hello", "Third channel"]


def test_a_limit_of_another_method_holds_that_method_only(db: Database, slack: Slack, put: Put) -> None:
    put()
    put("b", to="C2")
    deliver(db, NOW, slack)
    put(text="Changed")
    slack.refusals = [Retry("ratelimited", after=30)]
    deliver(db, NOW + 2 * SECOND, slack)
    put("b", "Changed too", to="C2")
    put("c", "New", to="C3")
    deliver(db, NOW + 4 * SECOND, slack)
    assert [said[0] for said in slack.said] == ["post", "post", "update", "post"]


def test_no_attempt_counts_while_slack_says_to_wait(db: Database, slack: Slack, put: Put) -> None:
    put()
    for second in range(0, 90, 30):
        slack.refusals = [Retry("ratelimited", after=30)]
        deliver(db, NOW + second * SECOND, slack)
    assert the_post(db).attempts == 0
    assert the_post(db).trouble == "ratelimited"


def test_a_workspace_that_is_full_is_left_in_peace_and_is_an_alarm(db: Database, slack: Slack, put: Put) -> None:
    put()
    put("b", to="C2")
    slack.refusals = [Retry("message_limit_exceeded", after=3600)]
    with structlog.testing.capture_logs() as lines:
        deliver(db, NOW, slack, Pace(at_once=2))
    assert [line["log_level"] for line in lines] == ["error"]
    deliver(db, NOW + HOUR - SECOND, slack)
    assert len(slack.texts) <= 2
    put("c", to="C3")
    deliver(db, NOW + HOUR / 2, slack)
    assert len(slack.texts) <= 2


def test_a_budget_is_kept_for_each_workspace(db: Database, slack: Slack, put: Put) -> None:
    other = a_workspace(db)
    for number in range(40):
        put(f"a{number}", to=f"C{number}")
    put("b", "Another client", where=other)
    pace = Pace(messages_a_minute=60, at_once=4)
    assert deliver(db, NOW, slack, pace) == 4
    assert "Another client" in slack.texts
    said = 4 + sum(deliver(db, NOW + second * SECOND, slack, pace) for second in range(1, 60))
    assert said == 41
    assert delivery.next_at(db, NOW + MINUTE) is None


# --- uncertain ends


def test_what_failed_is_tried_again_after_longer_and_longer(db: Database, slack: Slack, put: Put) -> None:
    put()
    waits = []
    now = NOW
    for _ in range(12):
        slack.refusals = [Retry("unreachable")]
        deliver(db, now, slack)
        due = the_post(db).due_at
        assert due is not None
        waits.append((due - now).total_seconds())
        now = due
    assert all(0.75 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:9], 1))
    assert max(waits) <= 900
    assert deliver(db, now, slack) == 1
    assert (the_post(db).due_at, the_post(db).trouble) == (None, None)


def test_long_trouble_is_an_alarm(db: Database, slack: Slack, put: Put) -> None:
    put()
    levels = []
    for hour in range(9):
        slack.refusals = [Retry("http_503")]
        with structlog.testing.capture_logs() as lines:
            deliver(db, NOW + hour * HOUR, slack)
        levels += [line["log_level"] for line in lines]
    assert levels == ["warning"] * 7 + ["error"] * 2


def test_what_slack_may_have_is_looked_for_and_found(db: Database, slack: Slack, put: Put) -> None:
    put()
    slack.refusals = [Uncertain("the line broke")]
    assert deliver(db, NOW, slack) == 0
    assert deliver(db, NOW + SECOND, slack) == 0
    slack.there = {"a": ("7.7", 1)}
    assert deliver(db, NOW + MINUTE, slack) == 1
    assert [said[0] for said in slack.said] == ["post", "look"]
    assert (the_post(db).ended, the_post(db).ts, the_post(db).unsure_since) == (End.SAID, "7.7", None)


def test_what_slack_does_not_have_after_all_is_said(db: Database, slack: Slack, put: Put) -> None:
    put()
    slack.refusals = [Uncertain("the line broke")]
    deliver(db, NOW, slack)
    assert deliver(db, NOW + MINUTE, slack) == 1
    assert [said[0] for said in slack.said] == ["post", "look", "post"]


def test_an_older_version_that_is_found_is_brought_up_to_date(db: Database, slack: Slack, put: Put) -> None:
    put()
    slack.refusals = [Uncertain("the line broke")]
    deliver(db, NOW, slack)
    put(text="Changed", now=NOW + SECOND)
    slack.there = {"a": ("7.7", 1)}
    deliver(db, NOW + MINUTE, slack)
    deliver(db, NOW + 2 * MINUTE, slack)
    assert slack.said[1:] == [("look", "C1", "a", None), ("update", "C1", "7.7", "Changed")]


def test_what_slack_may_have_and_is_not_wanted_any_more_is_taken_away(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    put()
    slack.refusals = [Uncertain("the line broke")]
    deliver(db, NOW, slack)
    withdraw(db, workspace)
    slack.there = {"a": ("7.7", 1)}
    deliver(db, NOW + MINUTE, slack)
    deliver(db, NOW + 2 * MINUTE, slack)
    assert slack.said[1:] == [("look", "C1", "a", None), ("delete", "C1", "7.7")]
    assert the_post(db).ended is End.SAID


def test_a_reply_is_looked_for_in_its_thread(db: Database, slack: Slack, put: Put) -> None:
    put()
    put("b", under="a")
    deliver(db, NOW, slack)
    slack.refusals = [Uncertain("the line broke")]
    deliver(db, NOW + 2 * SECOND, slack)
    deliver(db, NOW + MINUTE, slack)
    assert slack.said[2] == ("look", "C1", "b", "1.0")


def test_somebody_never_written_to_is_looked_for_in_their_conversation(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    a_person(db, workspace)
    put(to="UANA")
    slack.refusals = [Uncertain("the line broke")]
    deliver(db, NOW, slack)
    slack.there = {"a": ("7.7", 1)}
    deliver(db, NOW + MINUTE, slack)
    assert slack.said[1:] == [("open", "UANA"), ("look", "DUANA", "a", None)]
    assert (the_post(db).channel, the_post(db).ts) == ("DUANA", "7.7")


def test_a_worker_that_dies_while_it_speaks_leaves_what_is_looked_for(db: Database, slack: Slack, put: Put) -> None:
    put()
    with db.across_workspaces() as session:
        assert store.delivery.claim(session, NOW, pace=Pace(), flying=Counter())
    assert deliver(db, NOW + MINUTE / 2, slack) == 0
    slack.there = {"a": ("7.7", 1)}
    assert deliver(db, NOW + MINUTE, slack) == 1
    assert [said[0] for said in slack.said] == ["look"]
    assert the_post(db).ended is End.SAID


def test_where_nobody_can_look_its_kind_decides(db: Database, workspace: Workspace, slack: Slack, put: Put) -> None:
    a_person(db, workspace, "Pia", Role.PMO)
    put("checkin:1:prompt", "How is it?")
    put("escalation:1:asked:UBOB", "Decide!", to="C2")
    slack.refusals = [Uncertain("the line broke")] * 2
    deliver(db, NOW, slack, Pace(at_once=4))
    slack.refusals = [Unseen("missing_scope")] * 2
    deliver(db, NOW + MINUTE, slack, Pace(at_once=4))
    deliver(db, NOW + 2 * MINUTE, slack)
    assert slack.texts.count("How is it?") == 2
    assert slack.texts.count("Decide!") == 1
    assert the_post(db, "escalation:1:asked:UBOB").ended is End.UNCERTAIN
    [asked] = [said for said in slack.said if said[1] == "UPIA"]
    assert "I do not know whether <#C2> has seen this" in asked[2]


def test_an_unanswered_look_is_made_again(db: Database, slack: Slack, put: Put) -> None:
    put()
    slack.refusals = [Uncertain("the line broke"), Retry("http_500"), Retry("ratelimited", after=20)]
    for minute in range(4):
        deliver(db, NOW + minute * MINUTE, slack)
    assert [said[0] for said in slack.said] == ["post", "look", "look", "look", "post"]


# --- what cannot be said


def test_what_slack_will_never_take_is_given_up_with_the_reason(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    with db.transaction(workspace.id) as session:
        session.add(Channel(slack_id="C1", name="apollo"))
    put()
    slack.refusals = [Undeliverable("is_archived")]
    assert deliver(db, NOW, slack) == 0
    post = the_post(db)
    assert (post.due_at, post.ended, post.ended_at, post.trouble) == (None, End.GIVEN_UP, NOW, "is_archived")
    with db.reading(workspace.id) as session:
        assert session.get_one(Channel, 1).trouble == "is_archived"


def test_the_owner_and_the_pmo_are_told_once_of_a_broken_channel(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    eva = a_person(db, workspace, "Eva")
    a_person(db, workspace, "Pia", Role.PMO)
    apollo = a_project(db, workspace, manager=eva)
    put("risk:1:card", "APOLLO-R1 may happen", about=apollo)
    put("risk:2:card", "APOLLO-R2 may happen", about=apollo)
    for minute in range(4):
        slack.refusals = [Undeliverable("is_archived")] if minute < 2 else []
        deliver(db, NOW + minute * MINUTE, slack)
    told = [said for said in slack.said if said[1].startswith("U")]
    assert sorted(said[1] for said in told) == ["UEVA", "UPIA"]
    assert all("I cannot speak in <#C1>: it is archived." in said[2] for said in told)
    shown = str(slack.blocks)
    assert "APOLLO-R1 may happen" in shown
    assert "Unarchive it" in shown


def test_a_channel_that_breaks_again_is_told_of_again(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    a_person(db, workspace, "Pia", Role.PMO)
    refusals = [Undeliverable("not_in_channel"), None, None, Undeliverable("not_in_channel"), None]
    for minute, refusal in enumerate(refusals):
        if minute in {0, 2, 3}:
            put(f"a{minute}")
        slack.refusals = [refusal] if refusal else []
        deliver(db, NOW + minute * MINUTE, slack)
    assert sum(said[1] in {"UPIA", "DUPIA"} for said in slack.said) == 2


def test_who_is_gone_is_asked_no_more_and_the_pmo_is_told(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    a_person(db, workspace, "Eva")
    a_person(db, workspace, "Pia", Role.PMO)
    put(to="UEVA")
    slack.refusals = [Undeliverable("user_disabled")]
    deliver(db, NOW, slack)
    deliver(db, NOW + MINUTE, slack)
    assert slack.said[-1][1] == "UPIA"
    assert "I cannot reach <@UEVA>: their account is not active any more." in slack.said[-1][2]
    with db.reading(workspace.id) as session:
        eva = people.find(session, "UEVA")
    assert eva is not None
    assert eva.deactivated_at == NOW


def test_our_own_fault_is_an_alarm_and_tells_nobody(db: Database, workspace: Workspace, slack: Slack, put: Put) -> None:
    a_person(db, workspace, "Pia", Role.PMO)
    put()
    slack.refusals = [Faulty("no_text")]
    with structlog.testing.capture_logs() as lines:
        deliver(db, NOW, slack)
    deliver(db, NOW + MINUTE, slack)
    assert [line["log_level"] for line in lines] == ["error"]
    assert len(slack.said) == 1
    assert the_post(db).ended is End.GIVEN_UP


@pytest.mark.parametrize("for_now", [False, True])
def test_a_dead_workspace_is_silent_and_loses_nothing(db: Database, slack: Slack, put: Put, for_now: bool) -> None:
    other = a_workspace(db)
    put()
    slack.refusals = [Dead("accesslimited", for_now=for_now)]
    deliver(db, NOW, slack)
    put("b", to="C2")
    put("c", "Another client", where=other)
    deliver(db, NOW + MINUTE, slack)
    assert slack.texts == ["Hello", "Another client"]
    assert deliver(db, NOW + HOUR, slack) == 2


def test_a_bug_on_the_way_breaks_one_post_alone(db: Database, slack: Slack, put: Put) -> None:
    put()
    put("b", "More", to="C2")
    slack.refusals = [KeyError("ts")]
    with structlog.testing.capture_logs() as lines:
        assert deliver(db, NOW, slack) == 1
    assert "post broken by a bug" in {line["event"] for line in lines}
    assert deliver(db, NOW + MINUTE, slack) == 1


def test_what_cannot_be_changed_any_more_is_said_anew(db: Database, slack: Slack, put: Put) -> None:
    put()
    deliver(db, NOW, slack)
    put(text="Changed", now=NOW + DAY)
    slack.refusals = [Unchangeable("message_not_found")]
    deliver(db, NOW + DAY, slack)
    deliver(db, NOW + DAY + PACE, slack)
    assert slack.said[1:] == [("update", "C1", "1.0", "Changed"), ("post", "C1", "Changed", None)]
    assert the_post(db).ts == "3.0"


def test_a_form_that_slack_refuses_goes_again_plainer_at_slacks_pace(db: Database, slack: Slack, put: Put) -> None:
    put()
    slack.refusals = [TooRich("invalid_blocks"), TooRich("invalid_blocks")]
    delivered = [deliver(db, NOW + second * PACE / 2, slack) for second in range(5)]
    assert delivered == [0, 0, 0, 0, 1]
    assert slack.plainness == [0, 1, 2]
    put(text="Changed")
    assert the_post(db).plainness == 0


# --- time


def test_nobody_is_rung_up_at_night(db: Database, workspace: Workspace, slack: Slack, put: Put) -> None:
    a_person(db, workspace, "Kai", timezone="Asia/Tokyo")
    put(to="UKAI")  # midnight there
    assert deliver(db, NOW, slack) == 0
    morning = datetime.fromisoformat("2026-11-21T08:30+09:00")
    assert the_post(db).due_at == morning
    assert deliver(db, morning - SECOND, slack) == 0
    assert deliver(db, morning, slack) == 1
    assert slack.texts == ["Hello"]


def test_an_answer_passes_the_night_and_what_waits_for_morning(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    a_person(db, workspace)
    put("b", "Tomorrow", to="UANA", now=NIGHT)
    deliver(db, NIGHT, slack)
    put("answer:1", "Here you are", to="UANA", now=NIGHT)
    assert deliver(db, NIGHT + SECOND, slack) == 1
    assert slack.texts == ["Here you are"]


def test_what_is_shown_already_changes_at_any_hour(db: Database, workspace: Workspace, slack: Slack, put: Put) -> None:
    a_person(db, workspace)
    put(to="UANA")
    deliver(db, NOW, slack)
    put(text="Changed", to="UANA", now=NIGHT)
    assert deliver(db, NIGHT, slack) == 1


def test_a_person_who_moves_is_left_in_peace_in_their_new_night(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    kai = a_person(db, workspace, "Kai", timezone="Asia/Tokyo")
    put(to="UKAI")
    deliver(db, NOW, slack)
    with db.transaction(workspace.id) as session:
        session.merge(kai).timezone = "America/New_York"
    put(text="Come back", to="UKAI")
    assert deliver(db, NOW, slack) == 1


def test_an_escalation_passes_a_digest(db: Database, slack: Slack, put: Put) -> None:
    put("digest:1:2026-W47", "Digest")
    put("risk:1:card", "Risk")
    put("escalation:1:asked:C1", "Decide!")
    for second in range(3):
        deliver(db, NOW + second * PACE, slack)
    assert slack.texts == ["Decide!", "Risk", "Digest"]


def test_what_is_not_worth_saying_any_more_is_not_said_and_the_pmo_is_told_once_a_day(
    db: Database, workspace: Workspace, slack: Slack, put: Put
) -> None:
    a_person(db, workspace, "Pia", Role.PMO)
    put("checkin:1:prompt", "How is APOLLO?", to="UEVA", expires_at=NOW + DAY)
    put("digest:1:2026-W47", "Digest")
    monday = NOW + 4 * DAY
    deliver(db, monday, slack, Pace(at_once=4))
    deliver(db, monday + MINUTE, slack)
    assert the_post(db, "checkin:1:prompt").ended is End.EXPIRED
    assert [said[1] for said in slack.said if said[0] == "post"] == ["UPIA"]
    told = the_post(db, "missed:2026-11-24:UPIA").wanted
    assert told["text"] == "2 messages could not be said in time, and I have dropped them."
    assert "check-in for <@UEVA>, due <!date" in str(told["blocks"])
    assert "digest for <#C1>" in str(told["blocks"])


def test_what_is_late_says_so(db: Database, slack: Slack, put: Put) -> None:
    put(blocks=[{"type": "divider"}])
    put("b", "Just in time", to="C2", not_before=NOW + HOUR)
    deliver(db, NOW + 2 * HOUR, slack)
    assert slack.texts[0].startswith("Hello This comes late: it was due <!date^")
    assert "This comes late" in str(slack.blocks[0][-1])
    assert slack.texts[1] == "Just in time"


def test_what_has_a_moment_is_not_said_before_it_and_keeps_nobody_waiting(db: Database, slack: Slack, put: Put) -> None:
    put(text="Later", not_before=NOW + HOUR)
    put("b", "Now")
    deliver(db, NOW, slack)
    deliver(db, NOW + HOUR, slack)
    assert slack.texts == ["Now", "Later"]


# --- too long for one message


def test_what_is_too_long_goes_on_in_the_thread_and_comes_back_when_it_is_shorter(
    db: Database, slack: Slack, put: Put
) -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{number} " + "x" * 2000}} for number in range(14)
    ]
    put(blocks=blocks)
    for second in range(4):
        deliver(db, NOW + second * PACE, slack)
    assert [said[3] for said in slack.said] == [None, "1.0", "1.0"]
    assert [block for page in slack.blocks for block in page] == blocks
    put(blocks=blocks[:1], now=NOW + MINUTE)
    for minute in range(1, 4):
        deliver(db, NOW + minute * MINUTE, slack)
    assert [said[0] for said in slack.said[3:]] == ["update", "delete", "delete"]


# --- many at a time


class Slow(Slack):
    """A Slack in which each call takes until it is let go, for one workspace."""

    def __init__(self, slow: int) -> None:
        super().__init__()
        self.slow = slow
        self.go_on = threading.Event()
        self.waiting = threading.Semaphore(0)

    def post(self, workspace: int, *given: Any, **more: Any) -> tuple[str, str]:
        if workspace == self.slow:
            self.waiting.release()
            assert self.go_on.wait(10)
        said = super().post(workspace, *given, **more)
        if workspace != self.slow:
            self.go_on.set()
        return said


def test_a_slow_slack_keeps_no_other_workspace_waiting(db: Database, workspace: Workspace, put: Put) -> None:
    other = a_workspace(db)
    for number in range(8):
        put(f"a{number}", f"Slow {number}", to=f"C{number}")
    put("b", "Another client", where=other)
    slow = Slow(workspace.id)
    assert deliver(db, NOW, slow, Pace(at_once=4)) == 9
    assert slow.texts[0] == "Another client"


def test_what_is_urgent_finds_room_beside_calls_that_hang(db: Database, workspace: Workspace, put: Put) -> None:
    for number in range(8):
        put(f"a{number}", f"Slow {number}", to=f"C{number}")
    slow = Slow(workspace.id)
    done = threading.Thread(target=lambda: deliver(db, NOW, slow, Pace(at_once=2)))
    done.start()
    assert slow.waiting.acquire(timeout=5)
    put("answer:1", "Here you are", to="C99")
    assert slow.waiting.acquire(timeout=5)
    slow.go_on.set()
    done.join()
    assert "Here you are" in slow.texts[:2]


def test_at_the_end_nothing_new_is_begun(db: Database, slack: Slack, put: Put) -> None:
    put()
    assert delivery.deliver_due(db, lambda: NOW, slack, Pace(), lambda: True) == 0
    assert slack.said == []


def test_when_to_look_again_is_when_a_lane_is_free(db: Database, slack: Slack, put: Put) -> None:
    put()
    put("b")
    deliver(db, NOW, slack)
    assert delivery.next_at(db, NOW) == NOW + PACE
    deliver(db, NOW + PACE, slack)
    assert delivery.next_at(db, NOW + PACE) is None


def test_a_claim_that_somebody_else_has_by_now_is_not_noted(db: Database, slack: Slack, put: Put) -> None:
    put()

    class Overslept(Slack):
        def post(self, workspace: int, channel: str, *given: Any, **more: Any) -> tuple[str, str]:
            with db.across_workspaces() as session:
                session.merge(the_post(db)).lease_until = NOW + HOUR
            return super().post(workspace, channel, *given, **more)

    with structlog.testing.capture_logs() as lines:
        deliver(db, NOW, Overslept())
    assert [line["event"] for line in lines] == ["claims lost"]
    assert the_post(db).ended is None


def test_a_card_goes_out_without_the_buttons_of_a_service_that_is_off(db: Database, slack: Slack) -> None:
    acme = a_workspace(db, services_off=["escalations"])
    row = blocks.actions(blocks.button("Close", "risk.close", 1), blocks.button("Escalate", "escalation.open", 1))
    with db.transaction(acme.id) as session:
        posts.put(session, "risk:1:card", to="C1", message=Message("A risk", [row]), now=NOW)
    deliver(db, NOW, slack)
    assert [[each["text"]["text"] for each in shown[0]["elements"]] for shown in slack.blocks] == [["Close"]]
