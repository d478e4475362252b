"""Digests: read one for yourself, and set up those that a channel gets."""

from datetime import datetime

from slack_bolt import Ack

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.routing import action, command, of
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import Service
from bot.store import Database, Session
from bot.store.digests import Previous
from bot.store.tables import Digest, Message, Schedule

NOT_LIVE = "Digests go out once this workspace has gone live: `/pmo setup`. `/pmo digest` shows you what one says now."


def preview(text: str, actor: Actor, db: Database, now: datetime, ack: Ack, respond: Respond, tell: Tell) -> None:
    """Show this person alone what a digest would say now; `text` may name a portfolio.

    A workspace that refuses the newest blocks gets the same without them.
    """
    with db.reading(actor) as session:
        message = as_of_now(session, actor, now, portfolio=_named(session, text))
    if respond(message):
        ack()
    else:
        tell(Message(message.text, views.blocks.older(message.blocks)))


def as_of_now(session: Session, actor: Actor, now: datetime, *, portfolio: int | None = None) -> Message:
    """What a digest of the workspace, or of one portfolio, would say now."""
    previous = _previous(session, portfolio)
    snapshot = store.digests.snapshot(session, portfolio_id=portfolio, now=now, previous=previous)
    summary = rules.digests.summarise(snapshot)
    period = rules.digests.period(now.astimezone(rules.cadence.zone_named(actor.zone)))
    message, _ = views.digests.edition(summary, period=period, zone=actor.zone, thread=False)
    return message


def _previous(session: Session, portfolio: int | None) -> Previous | None:
    """The last edition of a digest about the same, None before the first."""
    same = (digest.id for digest, _ in store.digests.list_running(session) if digest.portfolio_id == portfolio)
    return next(filter(None, (store.digests.previous_edition(session, digest_id) for digest_id in same)), None)


def _named(session: Session, name: str) -> int | None:
    if not name:
        return None
    named = {each.lower(): number for each, number in store.portfolios.names(session).items()}
    if name.lower() not in named:
        known = ", ".join(store.portfolios.names(session)) or "none yet"
        raise Refused(f"There is no portfolio of that name. There are: {known}.")
    return named[name.lower()]


def show_all(actor: Actor, db: Database, tell: Tell) -> None:
    """List the digests there are."""
    with db.reading(actor) as session:
        running = store.digests.list_running(session)
    tell(views.digests_forms.listing(running))


def stop(number: int, actor: Actor, db: Database, now: datetime, key: str, tell: Tell) -> None:
    """Stop a digest: nothing more is due."""
    with db.transaction(actor, once=key, now=now) as session:
        digest, schedule = running(session, number)
        store.schedules.pause(session, schedule)
        changes = store.audit.change(digest, stopped_at=now)
        store.audit.record(session, digest, what="stopped", by=actor.person, now=now, changes=changes)
    tell(f"Stopped: {views.text.escape(digest.name)} is not posted any more. `/pmo digest add` makes a new one.")


def post_now(number: int, actor: Actor, db: Database, now: datetime, key: str, nudge: Nudge, tell: Tell) -> None:
    """Have an edition posted at once; the regular ones come as planned."""
    if not actor.charter.state.is_live:
        raise Refused(NOT_LIVE)
    with db.transaction(actor, once=key, now=now) as session:
        digest, schedule = running(session, number)
        store.schedules.bring_forward(session, schedule, now)
        store.audit.record(session, digest, what="posted now", by=actor.person, now=now)
    nudge()
    tell(f"{views.text.escape(digest.name)} is on its way to {views.text.channel_link(digest.channel)}.")


def running(session: Session, number: int) -> tuple[Digest, Schedule]:
    """A digest with its cadence; Refused when it was stopped."""
    digest = store.digests.get(session, number)
    schedule = store.schedules.of_digest(session, digest.id)
    if digest.stopped_at is not None or schedule is None:
        raise Refused("That digest was stopped. `/pmo digest add` makes a new one.")
    return digest, schedule


ROUTES = of(
    Service.DIGESTS,
    command("digest", Act.SEE_DIGEST, preview, usage="[PORTFOLIO]", says="the summary as it is now, for you alone"),
    command("digests", Act.MANAGE_DIGESTS, show_all, says="the summaries that channels get"),
    action(views.digests_forms.STOP, Act.MANAGE_DIGESTS, stop),
    action(views.digests_forms.POST_NOW, Act.MANAGE_DIGESTS, post_now),
)
