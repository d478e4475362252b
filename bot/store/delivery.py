"""Delivery: who says which post, at which pace, and how it ended."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, bindparam, case, func, or_, true, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from bot.rules import cadence
from bot.rules import delivery as rules
from bot.rules.delivery import LONGEST_BACKOFF, LONGEST_HOLD, End, Pace, Priority, Step
from bot.store import people, posts
from bot.store.tables import Channel, Lane, Message, Person, Post, Project, Workspace
from bot.store.workspaces import served

LEASE = timedelta(seconds=60)
GONE_PEOPLE = frozenset({"user_disabled", "user_not_found", "users_not_found", "user_not_visible"})
EVERYTHING = "*"
"""The lane of all that is said in a workspace."""
_WAYS = (EVERYTHING, *(step.value for step in Step if step.asks_slack))


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that this worker has for as long as its LEASE, and the step to take.

    `channel` is a person's id where no direct message with them is known. The post is as it was when it was claimed;
    `doubted_since` is since when Slack may have it, `until` the end of the reader's quiet hours.
    """

    post: Post
    step: Step
    channel: str
    thread_ts: str | None
    zone: ZoneInfo
    until: datetime | None
    doubted_since: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim: what is known of the post now, and of the version that was claimed.

    `wait` names lanes that are held, and until when; `limited` is whether Slack itself said so. `is_broken` is
    whether nothing can be said at that address.
    """

    claim: Claim
    post: Mapping[str, Any] = field(default_factory=dict)
    version: Mapping[str, Any] = field(default_factory=dict)
    wait: Sequence[tuple[str, datetime]] = ()
    limited: bool = False
    is_broken: bool = False

    @property
    def ended(self) -> End | None:
        """How it ended, if it did."""
        return self.version.get("ended")


# --- claiming


def claim(session: Session, now: datetime, *, pace: Pace, flying: Counter[int]) -> list[Claim]:
    """Take posts to be seen to now, the most urgent first, then the oldest; `flying` counts calls by workspace.

    A post waits for those before it at its address, and for the lanes of its address, its method and its workspace:
    so order holds and Slack's pace is kept. What another worker holds is passed over.
    """
    free = pace.at_once - flying.total()
    limit = free if free > 0 else pace.spare + free
    full = [workspace for workspace, calls in flying.items() if calls >= pace.share]
    if limit <= 0:
        return []
    query = _claimable(now, full, Priority.BULK if free > 0 else Priority.URGENT).limit(limit)
    rows = session.execute(query.with_for_update(of=Post, skip_locked=True)).all()
    homes = select(Workspace).where(col(Workspace.id).in_({row[0].workspace_id for row in rows}))
    home = {workspace.id: workspace for workspace in session.exec(homes)} if rows else {}
    found = [_step(row, home[row[0].workspace_id], now) for row in rows]
    claims = _within_pace(session, found, now, pace, flying)
    for each in claims:
        each.post.lease_until = now + LEASE
        each.post.attempts += each.step.asks_slack
        if each.step is Step.POST:
            each.post.unsure_since = now
    session.flush()
    return claims


def next_at(session: Session, now: datetime) -> datetime | None:
    """When the next lane is free that a due post waits for, or None when none does."""
    waiting = select(Post.id).where(col(Post.workspace_id) == Lane.workspace_id, col(Post.due_at) <= now)
    there, anywhere = waiting.where(col(Post.to) == Lane.address).exists(), waiting.exists()
    query = (
        select(Lane.free_at)
        .where(*_holds(Lane, now), or_(there, col(Lane.address).in_(_WAYS) & anywhere), served(Lane))
        .order_by(col(Lane.free_at))
    )
    return session.exec(query.limit(1)).first()


def is_ahead(session: Session, now: datetime) -> bool:
    """Whether a post waits for a moment that lies further ahead than anything is put off: the clock went back."""
    return session.exec(select(Post.id).where(*_ahead(now)).limit(1)).first() is not None


def set_right(session: Session, now: datetime) -> int:
    """What waits for a moment from before the clock went back is due now; how many posts that are."""
    return session.exec(update(Post).where(*_ahead(now)).values(due_at=now)).rowcount


def _ahead(now: datetime) -> tuple[Any, ...]:
    return col(Post.due_at) > now + LONGEST_BACKOFF, or_(col(Post.not_before).is_(None), col(Post.not_before) <= now)


def _claimable(now: datetime, full: Collection[int], least: Priority) -> Any:
    parent = aliased(Post)
    known = (col(Person.workspace_id) == Post.workspace_id) & (col(Person.slack_id) == Post.to)
    above = (col(parent.workspace_id) == Post.workspace_id) & (col(parent.key) == Post.under)
    lane = aliased(Lane)
    held_up = select(lane.id).where(
        lane.workspace_id == Post.workspace_id, col(lane.address).in_(_lanes()), *_holds(lane, now)
    )
    has_room = or_(col(Post.priority) == Priority.URGENT, col(Post.workspace_id).not_in(full)) if full else true()
    # As `served` has it, but looked up post by post: so that posts are read in their order, and no more than are taken.
    is_served = select(Workspace.id).where(Workspace.id == Post.workspace_id, col(Workspace.removed_at).is_(None))
    return (
        select(Post, Person.dm_channel, Person.timezone, parent.ts)
        .outerjoin(Person, known)
        .outerjoin(parent, above)
        .where(
            col(Post.due_at) <= now,
            col(Post.priority) <= least,
            _is_free(Post, now),
            ~_before(now).exists(),
            ~held_up.exists(),
            has_room,
            is_served.exists(),
        )
        .order_by(col(Post.priority), col(Post.due_at), col(Post.id))
        .execution_options(populate_existing=True)
    )


def _is_free(post: Any, now: datetime) -> ColumnElement[bool]:
    """Whether nobody has it: a lease that ends later than any that begins now was taken before the clock went back."""
    lease = col(post.lease_until)
    return or_(lease.is_(None), lease <= now, lease > now + LEASE)


def _before(now: datetime) -> Any:
    """What has to be said at the same address first: what is being said, the parent of a reply, what comes before it.

    What waits for a later moment of its own keeps nobody waiting.
    """
    other = aliased(Post)
    comes_first = or_(
        col(other.priority) < Post.priority, (col(other.priority) == Post.priority) & (col(other.id) < Post.id)
    )
    under_way = or_(col(other.due_at) <= now, col(other.attempts) > 0)
    return select(other.id).where(
        other.workspace_id == Post.workspace_id,
        other.to == Post.to,
        col(other.due_at).is_not(None),
        col(other.id) != Post.id,
        or_(
            ~_is_free(other, now),
            (col(other.key) == Post.under) & col(other.ts).is_(None),
            comes_first & under_way & col(other.under).is_distinct_from(Post.key),
        ),
    )


def _lanes() -> tuple[Any, ...]:
    """The lanes a post goes by: the method that will be called, its whole workspace, and where it is new its address.

    What stands there already may be changed at once: Slack counts new messages to a channel only.
    """
    on_show, in_doubt = col(Post.ts).is_not(None), col(Post.unsure_since).is_not(None)
    method = case(
        (on_show & col(Post.withdrawn), Step.DELETE.value),
        (on_show, Step.UPDATE.value),
        (in_doubt & col(Post.under).is_not(None), Step.LOOK_IN_THREAD.value),
        (in_doubt, Step.LOOK.value),
        else_=Step.POST.value,
    )
    return case((on_show, EVERYTHING), else_=Post.to), method, EVERYTHING


def _holds(lane: Any, now: datetime) -> tuple[Any, ...]:
    return col(lane.free_at) > now, col(lane.free_at) <= now + LONGEST_HOLD


def _step(row: Any, home: Workspace, now: datetime) -> Claim:
    post, dm_channel, zone_name, parent_ts = row
    zone = cadence.zone_or(zone_name, home.timezone)
    to_person = post.to[:1] in {"U", "W"}
    until = rules.quiet_until(now, zone, (home.quiet_from, home.quiet_until)) if to_person else None
    step = rules.next_step(
        on_show=post.ts is not None and post.channel is not None,
        withdrawn=post.withdrawn,
        in_doubt=post.unsure_since is not None,
        in_thread=parent_ts is not None,
        expired=post.expires_at is not None and post.expires_at <= now,
        quiet=until is not None and not (post.any_hour and not rules.is_late(post.moment, now)),
    )
    channel = (dm_channel or post.to) if to_person else post.to
    return Claim(post, step, channel, parent_ts, zone, until, post.unsure_since)


def _within_pace(
    session: Session, claims: Sequence[Claim], now: datetime, pace: Pace, flying: Counter[int]
) -> list[Claim]:
    """Of these claims, those that may go now by the budget of their workspace and method; the lanes then know it."""
    calls = [each for each in claims if each.step.asks_slack]
    spent = _spent(session, {(each.post.workspace_id, each.step) for each in calls}, now)
    left = {way: rules.allowance(free_at, pace.a_minute(way[1]), now) for way, free_at in spent.items()}
    room = {workspace: pace.share - flying[workspace] for workspace, _ in left}
    taken: Counter[tuple[int, Step]] = Counter()
    kept = []
    for each in claims:
        way = each.post.workspace_id, each.step
        has_room = each.post.priority is Priority.URGENT or room.get(way[0], 1) > 0
        if each.step.asks_slack and not (taken[way] < left[way] and has_room):
            continue
        if each.step.asks_slack:
            taken[way] += 1
            room[way[0]] -= 1
        kept.append(each)
    free = {
        (workspace, step.value): rules.spent(spent[workspace, step], count, pace.a_minute(step), now)
        for (workspace, step), count in taken.items()
    }
    free |= {(each.post.workspace_id, each.post.to): now + rules.PACE for each in kept if each.step is Step.POST}
    _hold(session, free)
    return kept


def _spent(session: Session, ways: Collection[tuple[int, Step]], now: datetime) -> dict[tuple[int, Step], Any]:
    """When the next call of each method is free in each workspace, None where none was made; kept for this worker."""
    if not ways:
        return {}
    wanted = tuple_(col(Lane.workspace_id), col(Lane.address)).in_([(number, step.value) for number, step in ways])
    rows = session.exec(select(Lane).where(wanted).order_by(col(Lane.id)).with_for_update()).all()
    known = {(lane.workspace_id, lane.address): lane.free_at for lane in rows}
    right = {way: known.get((way[0], way[1].value)) for way in ways}
    return {way: None if free_at and free_at > now + LONGEST_HOLD else free_at for way, free_at in right.items()}


def part(session: Session, post: Post, rest: Sequence[Message], *, now: datetime) -> None:
    """Want what is too much for one message as replies to it, and no more than that; for a session of the workspace."""
    about = session.exec(select(Project).where(Project.id == post.project_id)).one_or_none()
    for number, message in enumerate(rest, 1):
        posts.put(
            session,
            f"{post.key}:rest:{number}",
            to=post.to,
            message=message,
            now=now,
            under=post.under or post.key,
            about=about,
            priority=post.priority,
            not_before=post.moment,
            expires_at=post.expires_at,
            any_hour=True,
        )
    for number in range(len(rest), post.parts):
        posts.withdraw(session, f"{post.key}:rest:{number + 1}", now=now)
    post.parts = len(rest)


# --- noting


def note(session: Session, outcomes: Sequence[Outcome], now: datetime) -> int:
    """Keep what became of some claims; how many of them were not this worker's any more, of which nothing is kept.

    A version that was wanted meanwhile stays due. In a few statements however many there are.
    """
    if not outcomes:
        return 0
    rows = [_values(each, now) for each in outcomes]
    noted = session.connection().execute(_NOTE, rows).rowcount
    _hold(session, _held(session, outcomes, now))
    met = [
        {"workspace": each.claim.post.workspace_id, "person": each.claim.post.to, "channel": each.post["channel"]}
        for each in outcomes
        if each.post.get("channel") and each.claim.post.to == each.claim.channel != each.post["channel"]
    ]
    if met:
        session.connection().execute(_MET, met)
    return len(outcomes) - noted


def _values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    post = outcome.claim.post
    values = {f"this_{name}": getattr(post, name) for name in ("id", "lease_until", "version")}
    kept = {name: outcome.post.get(name, getattr(post, name)) for name in _OF_POST}
    ended_at = now if outcome.ended else None
    version = {"ended": None, "ended_at": ended_at, "trouble": None, "due_at": None, **outcome.version}
    kept |= {name: version.get(name, getattr(post, name)) for name in _OF_VERSION}
    return values | {f"new_{name}": value for name, value in kept.items()}


def _held(session: Session, outcomes: Iterable[Outcome], now: datetime) -> dict[tuple[int, str], datetime]:
    """The lanes that are held, and until when.

    Where Slack told one channel to wait it means that channel; where it tells a second one, it means the workspace.
    """
    free: dict[tuple[int, str], datetime] = {}
    for outcome in outcomes:
        post = outcome.claim.post
        if outcome.claim.step is Step.POST:
            claimed_at = (post.lease_until or now) - LEASE
            free[post.workspace_id, post.to] = max(claimed_at + rules.PACE, now + rules.AFTER)
        for address, until in outcome.wait:
            free[post.workspace_id, address] = until
        if outcome.limited and outcome.claim.step is Step.POST:
            until = max(until for _, until in outcome.wait)
            if _limit(session, post, now, until):
                free[post.workspace_id, Step.POST.value] = until
    return free


def _limit(session: Session, post: Post, now: datetime, until: datetime) -> bool:
    """Note that Slack told this address to wait; whether another one of the workspace waits for the same reason."""
    mine = (col(Lane.workspace_id) == post.workspace_id) & (col(Lane.address) == post.to)
    session.exec(update(Lane).where(mine).values(limited_until=until))
    others = select(Lane.id).where(
        Lane.workspace_id == post.workspace_id, Lane.address != post.to, col(Lane.limited_until) > now
    )
    return session.exec(others.limit(1)).first() is not None


def _hold(session: Session, free: Mapping[tuple[int, str], datetime]) -> None:
    """Nothing goes by these lanes before then."""
    if free:
        rows = [{"workspace_id": number, "address": to, "free_at": at} for (number, to), at in sorted(free.items())]
        session.connection().execute(_HOLD[session.get_bind().dialect.name], rows)


def mark_broken(session: Session, post: Post, why: str, *, now: datetime) -> bool:
    """Note that nothing can be said at a post's address; whether that is news since something was said there.

    Somebody whom Slack does not know any more is asked for nothing from now on, so that others are.
    """
    session.exec(update(Channel).where(col(Channel.slack_id) == post.to).values(trouble=why[:64]))
    if why in GONE_PEOPLE:
        gone = session.exec(select(Person).where(Person.slack_id == post.to, col(Person.deactivated_at).is_(None)))
        for person in gone.all():
            people.lost(session, person, now=now)
    said = select(func.max(Post.delivered_at)).where(Post.to == post.to).scalar_subquery()
    before = select(Post.id).where(
        Post.to == post.to,
        Post.id != post.id,
        Post.ended == End.GIVEN_UP,
        or_(said.is_(None), col(Post.ended_at) >= said),
    )
    return session.exec(before.limit(1)).first() is None


def list_missed(session: Session, *, since: datetime, limit: int) -> tuple[Sequence[Post], int]:
    """What was not said in time and dropped since then, the newest first, and how much that is in all."""
    missed = select(Post).where(Post.ended == End.EXPIRED, col(Post.ended_at) > since)
    count = select(func.count()).select_from(missed.subquery())
    newest = missed.order_by(col(Post.ended_at).desc(), col(Post.id).desc()).limit(limit)
    return session.exec(newest).all(), session.exec(count).one()


_OF_POST = ("channel", "ts", "delivered_version", "delivered_at", "unsure_since")
_OF_VERSION = ("due_at", "ended", "ended_at", "trouble", "attempts", "plainness", "not_before")


def _make_note(posts: Table) -> Any:
    """What became of a post; of the version that was claimed only where no other is wanted by now."""
    is_same = posts.c.version == bindparam("this_version")
    new = {name: bindparam(f"new_{name}", type_=posts.c[name].type) for name in (*_OF_POST, *_OF_VERSION)}
    version = {name: case((is_same, new[name]), else_=posts.c[name]) for name in _OF_VERSION}
    lease = posts.c.lease_until == bindparam("this_lease_until", type_=posts.c.lease_until.type)
    note = posts.update().where(posts.c.id == bindparam("this_id"), lease)
    return note.values(lease_until=None, **{name: new[name] for name in _OF_POST}, **version)


def _make_met(people: Table) -> Any:
    them = (people.c.workspace_id == bindparam("workspace")) & (people.c.slack_id == bindparam("person"))
    return people.update().where(them).values(dm_channel=bindparam("channel"))


def _make_hold(insert: Any, lanes: Table) -> Any:
    new = insert(lanes)
    return new.on_conflict_do_update(index_elements=["workspace_id", "address"], set_={"free_at": new.excluded.free_at})


_NOTE = _make_note(Post.__table__)  # type: ignore[attr-defined]
_MET = _make_met(Person.__table__)  # type: ignore[attr-defined]
_HOLD = {
    "postgresql": _make_hold(postgresql.insert, Lane.__table__),  # type: ignore[attr-defined]
    "sqlite": _make_hold(sqlite.insert, Lane.__table__),  # type: ignore[attr-defined]
}
