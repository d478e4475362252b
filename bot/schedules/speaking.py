"""Speaking: one claimed post, the one call to Slack it needs, and what its end means; nothing is kept here."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

import structlog

from bot import rules
from bot.errors import Undeliverable
from bot.messenger import (
    RATE_LIMITED,
    Dead,
    Faulty,
    Messenger,
    Retry,
    TooRich,
    Uncertain,
    Unchangeable,
    Unseen,
)
from bot.rules.delivery import ALARMING, LONGEST_HOLD, SKEW, Doubt, End, Step
from bot.store.delivery import EVERYTHING, Claim, Outcome
from bot.store.tables import Message

log = structlog.get_logger(__name__)


def see_to(claim: Claim, message: Message, messenger: Messenger, clock: Callable[[], datetime]) -> Outcome:
    """Do what is to be done for a post, and say what became of it, whatever Slack answered."""
    try:
        return _done(claim, message, messenger, clock)
    except Retry as busy:
        return _busy(claim, busy, clock())
    except Uncertain as unknown:
        return _later(claim, str(unknown), clock())
    except Unseen as unseen:
        return _unseen(claim, str(unseen), clock())
    except TooRich as refused:
        return _plainer(claim, refused, clock())
    except Unchangeable as gone:
        return _anew(claim, gone, clock())
    except Undeliverable as refused:
        return _refused(claim, refused)
    except Dead as dead:
        return _dead(claim, dead, clock())


def outcome_of(future: Future[Outcome], claim: Claim, now: datetime) -> Outcome:
    """What became of a claim; after a bug of ours it is tried again later, and Slack may have it."""
    bug = future.exception()
    if bug is None:
        return future.result()
    log.error("post broken by a bug", post=claim.post.id, workspace=claim.post.workspace_id, exc_info=bug)
    return _later(claim, "our_bug", now)


def _done(claim: Claim, message: Message, messenger: Messenger, clock: Callable[[], datetime]) -> Outcome:
    """Take the step; what Slack refuses is raised."""
    post, words = claim.post, message.payload()
    where = post.channel or claim.channel
    match claim.step:
        case Step.POST:
            mark = post.key, post.version
            where, ts = messenger.post(
                post.workspace_id, where, words, thread_ts=claim.thread_ts, mark=mark, plainness=post.plainness
            )
            return _shown(claim, where, ts, post.version, clock())
        case Step.UPDATE:
            messenger.update(post.workspace_id, where, post.ts or "", words, plainness=post.plainness)
            return _shown(claim, where, post.ts, post.version, clock())
        case Step.DELETE:
            messenger.delete(post.workspace_id, where, post.ts or "")
            return _shown(claim, where, None, post.version, clock())
        case Step.LOOK | Step.LOOK_IN_THREAD:
            return _looked(claim, messenger, clock)
        case Step.DROP:
            return Outcome(claim, {"delivered_version": post.version}, {"ended": End.DROPPED})
        case Step.EXPIRE:
            return Outcome(claim, {}, {"ended": End.EXPIRED, "trouble": post.trouble})
        case Step.HOLD:
            return Outcome(claim, {}, {"due_at": claim.until, "not_before": claim.until})


def _looked(claim: Claim, messenger: Messenger, clock: Callable[[], datetime]) -> Outcome:
    """Look whether Slack has it after all: then nothing was lost, and otherwise nothing is said twice."""
    post, channel = claim.post, claim.channel
    since = claim.doubted_since or post.moment
    if channel == post.to and channel[:1] in {"U", "W"}:
        channel = messenger.open_dm(post.workspace_id, channel)
    found = messenger.find(
        post.workspace_id, channel, post.key, since=since - SKEW, until=since + SKEW, thread_ts=claim.thread_ts
    )
    log.info("post looked for", post=post.id, workspace=post.workspace_id, found=found is not None)
    if found is None:
        return Outcome(claim, {"unsure_since": None}, _due(claim, clock(), post.trouble))
    return _shown(claim, channel, *found, clock())


def _shown(claim: Claim, channel: str, ts: str | None, version: int, now: datetime) -> Outcome:
    """Slack shows this version there (or, with no ts, nothing any more); where it is not the wanted one, it is due."""
    post = claim.post
    known = {"channel": channel, "ts": ts, "delivered_version": version, "delivered_at": now, "unsure_since": None}
    is_wanted = version == post.version and post.withdrawn is (ts is None)
    return Outcome(claim, known, {"ended": End.SAID, "attempts": 0} if is_wanted else _due(claim, now))


def _busy(claim: Claim, busy: Retry, now: datetime) -> Outcome:
    """Slack does not take it now: where a time is named, it is left in peace for so long, and no attempt counts.

    A limit is that of the address or of the method; what else names a time is about the whole workspace.
    """
    sure = {"unsure_since": claim.doubted_since}
    if busy.after is None:
        return _later(claim, busy.code, now, sure=True)
    until = now + min(timedelta(seconds=busy.after), LONGEST_HOLD)
    limited = busy.code == RATE_LIMITED
    way = (claim.post.to if claim.step is Step.POST else claim.step.value) if limited else EVERYTHING
    _log(claim, "post must wait", busy.code, alarm=busy.after >= LONGEST_HOLD.total_seconds())
    return Outcome(claim, sure, _due(claim, now, busy.code), [(way, until)], limited=limited)


def _later(claim: Claim, why: str, now: datetime, *, sure: bool = False) -> Outcome:
    """Try again after longer and longer; unless that is `sure`, Slack may have it all the same."""
    post = claim.post
    _log(claim, "post postponed", why, alarm=post.attempts >= ALARMING)
    known = {"unsure_since": claim.doubted_since} if sure else {}
    return Outcome(claim, known, {"due_at": now + rules.delivery.backoff(post.attempts, post.id), "trouble": why})


def _unseen(claim: Claim, why: str, now: datetime) -> Outcome:
    """Nobody can look whether Slack has it: its kind decides whether it is said again or somebody is asked."""
    _log(claim, "post uncertain", why)
    if rules.delivery.manner(claim.post.key).in_doubt is Doubt.ASK:
        return Outcome(claim, {}, {"ended": End.UNCERTAIN, "trouble": why})
    return Outcome(claim, {"unsure_since": None}, _due(claim, now, why))


def _plainer(claim: Claim, refused: TooRich, now: datetime) -> Outcome:
    """Slack refused the form, not the words: they go again without what it may not know, at Slack's pace."""
    _log(claim, "post made plainer", refused.code, said=refused.detail)
    version = {**_due(claim, now, refused.code), "plainness": claim.post.plainness + 1}
    return Outcome(claim, {"unsure_since": claim.doubted_since}, version)


def _anew(claim: Claim, gone: Unchangeable, now: datetime) -> Outcome:
    """What can be changed no more is said anew."""
    _log(claim, "post said anew", gone.code)
    return Outcome(claim, {"channel": None, "ts": None}, _due(claim, now))


def _refused(claim: Claim, refused: Undeliverable) -> Outcome:
    """Slack will never take it: the place is broken, or (Faulty) we are, which is an alarm."""
    _log(claim, "post given up", refused.code, alarm=True, said=refused.detail)
    version = {"ended": End.GIVEN_UP, "trouble": refused.code}
    sure = {"unsure_since": claim.doubted_since}
    is_broken = claim.step is not Step.DELETE and not isinstance(refused, Faulty)
    return Outcome(claim, sure, version, is_broken=is_broken)


def _dead(claim: Claim, dead: Dead, now: datetime) -> Outcome:
    """The bot is out of this workspace, or an admin holds it back: nothing is tried there for an hour."""
    _log(claim, "workspace silent", dead.code, alarm=True)
    wait = [(EVERYTHING, now + LONGEST_HOLD)]
    return Outcome(claim, {"unsure_since": claim.doubted_since}, _due(claim, now, dead.code), wait)


def _due(claim: Claim, now: datetime, why: str | None = None) -> dict[str, object]:
    """Due again at once, the attempt not counted."""
    return {"due_at": now, "attempts": max(claim.post.attempts - 1, 0), "trouble": why}


def _log(claim: Claim, what: str, why: str, *, alarm: bool = False, said: str = "") -> None:
    say = log.error if alarm else log.warning
    say(what, post=claim.post.id, workspace=claim.post.workspace_id, why=why, **({"said": said} if said else {}))
