"""Delivery: Slack is made to agree with the posts that are wanted; the one road for everything the bot says."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

import structlog

from bot import rules, store, views
from bot.messenger import Messenger
from bot.rules.delivery import End, Pace, Step
from bot.schedules import undelivered
from bot.schedules.speaking import outcome_of, see_to
from bot.store import Database, Session, inside
from bot.store.delivery import Claim, Outcome
from bot.store.tables import Message, Post

LOOK = 0.05  # seconds: while Slack is slow, so often is looked whether there is something else to say
Clock = Callable[[], datetime]
Errand = tuple[Claim, Message]
log = structlog.get_logger(__name__)


def deliver_due(db: Database, clock: Clock, messenger: Messenger, pace: Pace, ending: Callable[[], bool]) -> int:
    """Say what can be said now, until there is nothing more or the end has come; say how many messages Slack took.

    This thread keeps the books: in each turn it notes what became of some posts and claims others. Beside it as many
    calls to Slack as the pace allows are under way, one for each address at most, and none waits for another.
    """
    said = 0
    outcomes: Sequence[Outcome] = ()
    flying: dict[Future[Outcome], Claim] = {}
    with ThreadPoolExecutor(pace.at_once + pace.spare, thread_name_prefix="speaking") as speakers:
        while True:
            busy = Counter(claim.post.workspace_id for claim in flying.values())
            for claim, message in _turn(db, clock(), outcomes, None if ending() else pace, busy):
                flying[speakers.submit(see_to, claim, message, messenger, clock)] = claim
            if not flying:
                return said
            done, _ = wait(flying, LOOK, FIRST_COMPLETED)
            outcomes = [outcome_of(future, flying.pop(future), clock()) for future in done]
            said += sum(outcome.ended is End.SAID for outcome in outcomes)


def next_at(db: Database, now: datetime) -> datetime | None:
    """When there is something to say again that waits now for nothing but Slack's pace; None when nothing does."""
    with db.reading_across() as session:
        return store.delivery.next_at(session, now)


def _turn(
    db: Database, now: datetime, outcomes: Sequence[Outcome], pace: Pace | None, busy: Counter[int]
) -> list[Errand]:
    """Note what became of some posts, have people told who must know, and take others, each in its words."""
    with db.across_workspaces() as session:
        lost = store.delivery.note(session, outcomes, now)
        undelivered.tell(session, outcomes, now)
        claims = store.delivery.claim(session, now, pace=pace, flying=busy) if pace else []
        errands = [(claim, _worded(session, claim, now)) for claim in claims]
    if lost:
        log.warning("claims lost", count=lost)
    return errands


def _offered(session: Session, post: Post) -> Message:
    """The message as it is wanted, with nothing to press that belongs to a service that is off there."""
    with inside(session, post.workspace_id):
        off = store.workspaces.charter(session).off
    message = Message(**post.wanted)
    return Message(message.text, views.services.without(message.blocks, off)) if off else message


def _worded(session: Session, claim: Claim, now: datetime) -> Message:
    """The message as it goes out now: marked when it is late, and what is too much for one in replies below it."""
    post, message = claim.post, _offered(session, claim.post)
    if claim.step not in {Step.POST, Step.UPDATE, Step.DELETE}:
        return message
    if claim.step is Step.POST and rules.delivery.is_late(post.moment, now):
        message = views.delivery.late(message, post.moment, claim.zone.key)
    first, *rest = [message] if post.withdrawn else views.delivery.parts(message)
    if rest or post.parts:
        with inside(session, post.workspace_id):
            store.delivery.part(session, post, rest, now=now)
    return first
