"""Delivery: order within an address, one worker at a time, Slack's pace, and a clock that may go back."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import event
from sqlmodel import select

from bot.rules.delivery import PACE, End, Pace, Step
from bot.store import Database, delivery, posts
from bot.store.delivery import Claim, Outcome
from bot.store.tables import Lane, Message, Workspace
from tests.factories import NOW, a_workspace
from tests.factories import posts as all_posts

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def put(db: Database, workspace: Workspace, key: str = "a", *, to: str = "C1", text: str = "Hello") -> None:
    with db.transaction(workspace.id) as session:
        posts.put(session, key, to=to, message=Message(text), now=NOW)


def claim(
    db: Database, after: timedelta = timedelta(0), pace: Pace | None = None, flying: Mapping[int, int] | None = None
) -> list[Claim]:
    with db.across_workspaces() as session:
        return delivery.claim(session, NOW + after, pace=pace or Pace(at_once=10), flying=Counter(flying))


def note(db: Database, *outcomes: Outcome, after: timedelta = timedelta(0)) -> int:
    with db.across_workspaces() as session:
        return delivery.note(session, outcomes, NOW + after)


def said(each: Claim) -> Outcome:
    known = {"channel": "C1", "ts": "1.1", "delivered_version": each.post.version, "unsure_since": None}
    return Outcome(each, known, {"ended": End.SAID})


def keys(found: list[Claim]) -> list[str]:
    return [each.post.key for each in found]


def test_order_holds_within_an_address_only(db: Database) -> None:
    workspace, other = a_workspace(db), a_workspace(db)
    put(db, workspace, "first")
    put(db, workspace, "second")
    put(db, workspace, "elsewhere", to="C2")
    put(db, other, "another client's channel of the same name")
    assert keys(claim(db)) == ["first", "elsewhere", "another client's channel of the same name"]


def test_the_next_at_an_address_waits_a_second(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace, "first")
    put(db, workspace, "second")
    note(db, *map(said, claim(db)))
    assert claim(db, SECOND / 2) == []
    [second] = claim(db, PACE)
    note(db, said(second))
    put(db, workspace, "third")
    assert claim(db, PACE) == []
    assert keys(claim(db, 2 * PACE)) == ["third"]


def test_one_is_said_at_a_time_however_slow_slack_is(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace, "first")
    assert keys(claim(db)) == ["first"]
    put(db, workspace, "answer:urgent")
    assert claim(db, 10 * SECOND) == []


def test_a_claim_holds_until_its_lease_ends_and_then_slack_may_have_it(db: Database) -> None:
    put(db, a_workspace(db))
    [first] = claim(db)
    assert (first.step, first.doubted_since) == (Step.POST, None)
    assert claim(db, delivery.LEASE - SECOND) == []
    [again] = claim(db, delivery.LEASE)
    assert (again.step, again.doubted_since, again.post.attempts) == (Step.LOOK, NOW, 2)


def test_a_change_during_delivery_is_not_lost(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace)
    [each] = claim(db)
    put(db, workspace, text="Changed")
    assert note(db, said(each)) == 0
    [again] = claim(db, MINUTE)
    assert (again.step, again.post.version, again.post.delivered_version) == (Step.UPDATE, 2, 1)
    assert again.post.ended is None


def test_who_lost_a_claim_notes_nothing(db: Database) -> None:
    put(db, a_workspace(db))
    [late] = claim(db)
    claim(db, delivery.LEASE)
    assert note(db, said(late), after=delivery.LEASE) == 1
    [post] = all_posts(db)
    assert post.ts is None


def test_nothing_is_noted_where_nothing_became_of_anything(db: Database) -> None:
    assert note(db) == 0


def test_many_ends_cost_as_few_statements_as_one(db: Database) -> None:
    workspace = a_workspace(db)
    counts = []
    for number in (1, 9):
        for key in range(number):
            put(db, workspace, f"{number}:{key}", to=f"C{number}{key}")
        claims = claim(db, pace=Pace(messages_a_minute=6000, at_once=40))
        assert len(claims) == number
        with db.across_workspaces() as session:
            sent: list[str] = []
            event.listen(session.connection(), "before_cursor_execute", lambda *given, to=sent: to.append(given[2]))
            delivery.note(session, [*map(said, claims)], NOW)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_workspace_has_its_share_of_the_calls_and_no_more(db: Database) -> None:
    workspace, other = a_workspace(db), a_workspace(db)
    for number in range(9):
        put(db, workspace, f"a{number}", to=f"C{number}")
    put(db, other, "b")
    claims = claim(db, pace=Pace(at_once=8))
    assert Counter(each.post.workspace_id for each in claims) == {workspace.id: 4}
    assert keys(claim(db, pace=Pace(at_once=8), flying={workspace.id: 4})) == ["b"]


def test_what_is_urgent_has_room_of_its_own(db: Database) -> None:
    workspace = a_workspace(db)
    for number in range(4):
        put(db, workspace, f"a{number}", to=f"C{number}")
        put(db, workspace, f"answer:{number}", to=f"D{number}")
    pace = Pace(at_once=12)
    assert keys(claim(db, pace=pace, flying={workspace.id: 12})) == ["answer:0", "answer:1"]
    assert claim(db, pace=pace, flying={workspace.id: 14}) == []


def test_what_is_not_said_costs_no_pace(db: Database) -> None:
    workspace = a_workspace(db)
    for number in range(4):
        put(db, workspace, f"digest:{number}:2026-W47", to=f"C{number}")
    claims = claim(db, 4 * DAY, pace=Pace(messages_a_minute=30, at_once=8))
    assert [each.step for each in claims] == [Step.EXPIRE] * 4
    with db.across_workspaces() as session:
        assert session.exec(select(Lane)).all() == []


def test_a_clock_that_went_back_keeps_nothing_waiting(db: Database) -> None:
    workspace = a_workspace(db)
    put(db, workspace, "first")
    put(db, workspace, "second", to="C2")
    with db.transaction(workspace.id) as session:
        posts.put(session, "meant", to="C3", message=Message("Later"), now=NOW, not_before=NOW + 3 * DAY)
    first, second = claim(db, 2 * DAY)
    note(db, said(first), Outcome(second, {"unsure_since": None}, {"due_at": NOW + 2 * DAY + MINUTE}), after=2 * DAY)
    put(db, workspace, "third")
    assert keys(claim(db)) == ["third"]  # the lane of C1 was free in two days
    with db.across_workspaces() as session:
        assert delivery.is_ahead(session, NOW)
        assert delivery.set_right(session, NOW) == 1
        assert not delivery.is_ahead(session, NOW)
    assert keys(claim(db)) == ["second"]


def test_what_was_wanted_before_the_clock_went_back_is_said_all_the_same(db: Database) -> None:
    put(db, a_workspace(db))
    with db.across_workspaces() as session:
        assert delivery.set_right(session, NOW - DAY) == 1
    assert keys(claim(db, -DAY)) == ["a"]


def test_a_lease_from_before_the_clock_went_back_is_none(db: Database) -> None:
    put(db, a_workspace(db))
    claim(db, DAY)
    assert [each.step for each in claim(db)] == [Step.LOOK]


def test_what_is_missed_is_listed_newest_first(db: Database) -> None:
    workspace = a_workspace(db)
    for number in range(3):
        put(db, workspace, f"digest:{number}:2026-W47", to=f"C{number}")
    for hours, each in enumerate(claim(db, 4 * DAY)):
        note(db, Outcome(each, {}, {"ended": End.EXPIRED}), after=4 * DAY + hours * HOUR)
    with db.reading(workspace.id) as session:
        found, total = delivery.list_missed(session, since=NOW + 4 * DAY, limit=1)
    assert ([post.key for post in found], total) == (["digest:2:2026-W47"], 2)
