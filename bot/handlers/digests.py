"""Digests: read one for yourself, and set up those that a channel gets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import forms
from bot.handlers.calls import Nudge, Respond, Tell
from bot.handlers.routing import action, command, options, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database, Session
from bot.store.digests import Previous
from bot.store.tables import Digest, Message, Schedule
from bot.views.digests_forms import EVERYTHING

CANNOT_SPEAK = "PMO Bot cannot see that channel. Write `/invite @pmo` in it, then save again."
ARCHIVED = "That channel is archived: choose another, or open it again first."


def preview(text: str, actor: Actor, db: Database, now: datetime, ack: Ack, respond: Respond, tell: Tell) -> None:
    """Show this person alone what a digest would say now; `text` may name a portfolio.

    A workspace that refuses the newest blocks gets the same without them.
    """
    zone = rules.cadence.zone_named(actor.zone)
    with db.reading(actor) as session:
        portfolio = _named(session, text)
        previous = _previous(session, portfolio)
        snapshot = store.digests.snapshot(session, portfolio_id=portfolio, now=now, previous=previous)
    summary = rules.digests.summarise(snapshot)
    period = rules.digests.period(now.astimezone(zone))
    message, _ = views.digests.edition(summary, period=period, zone=actor.zone, thread=False)
    if respond(message):
        ack()
    else:
        tell(Message(message.text, views.blocks.older(message.blocks)))


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


def open_form(actor: Actor, db: Database, client: WebClient, trigger: str, ack: Ack) -> None:
    """Open the form of a new digest: Mondays at nine in the zone of whoever asks."""
    with db.reading(actor) as session:
        workspace = store.workspaces.get(session)
    values = {"name": f"{workspace.name} weekly", "cadence": rules.cadence.WEEKLY_MONDAY}
    form = views.digests_forms.form(chosen=views.digests_forms.whole(workspace.name), values=values, zone=actor.zone)
    client.views_open(trigger_id=trigger, view=form)
    ack()


def edit(value: str, actor: Actor, db: Database, client: WebClient, trigger: str, ack: Ack) -> None:
    """Open the form with what a digest has."""
    with db.reading(actor) as session:
        digest, schedule = _running(session, value)
        workspace = store.workspaces.get(session)
        portfolio = store.portfolios.find(session, digest.portfolio_id) if digest.portfolio_id else None
    chosen = views.digests_forms.whole(workspace.name)
    if portfolio is not None:
        chosen = views.blocks.option(portfolio.name, portfolio.id)
    common = rules.cadence.choice_of(store.schedules.cadence_of(schedule))
    values = {
        "name": digest.name,
        "channel": digest.channel,
        "cadence": common.id if common else None,
        "time": f"{schedule.local_time:%H:%M}",
    }
    zone = schedule.timezone or actor.zone
    form = views.digests_forms.form(chosen=chosen, values=values, zone=zone, digest_id=digest.id)
    client.views_open(trigger_id=trigger, view=form)
    ack()


def suggest_portfolios(value: str, actor: Actor, db: Database, ack: Ack) -> None:
    """Offer the whole workspace, and the portfolios whose name holds what was typed."""
    with db.reading(actor) as session:
        found = store.portfolios.search(session, value)
        workspace = store.workspaces.get(session)
    offered = [views.blocks.option(name, number) for number, name in found]
    ack(views.blocks.suggestions([views.digests_forms.whole(workspace.name), *offered]))


def keep(
    view: dict[str, Any], actor: Actor, db: Database, now: datetime, client: WebClient, key: str, tell: Tell
) -> None:
    """The form was sent: keep the digest and its cadence, and say when it will be posted."""
    ids = forms.metadata(view)
    zone = rules.cadence.zone_named(ids["zone"])
    draft = rules.digests.draft(forms.read(view), now.astimezone(zone).date())
    _check_channel(client, draft.channel)
    with db.transaction(actor, once=key, now=now) as session:
        digest = _kept(session, draft, ids.get("digest"), actor, now)
        schedule = store.schedules.keep(session, draft.cadence, digest_id=digest.id, timezone=zone.key, now=now)
    tell(views.digests_forms.kept(digest, schedule, rules.cadence.upcoming(draft.cadence, zone, now, 3)))


def _kept(session: Session, draft: rules.digests.Draft, number: int | None, actor: Actor, now: datetime) -> Digest:
    portfolio = None if draft.portfolio == EVERYTHING else int(draft.portfolio)
    values: Mapping[str, Any] = {"name": draft.name, "channel": draft.channel, "portfolio_id": portfolio}
    if number is None:
        digest = store.digests.add(session, **values, now=now)
        changes = {name: (None, value) for name, value in values.items()}
    else:
        digest, _ = _running(session, number)
        changes = store.audit.change(digest, **values)
    store.audit.record(session, digest, what="edited" if number else "added", by=actor.person, now=now, changes=changes)
    return digest


def _check_channel(client: WebClient, channel: str) -> None:
    """Refused, at the field, when the bot could not speak there."""
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except SlackApiError:
        raise Refused(CANNOT_SPEAK, field="channel") from None
    if found.get("is_archived"):
        raise Refused(ARCHIVED, field="channel")
    if found.get("is_private") and not found.get("is_member"):
        raise Refused(CANNOT_SPEAK, field="channel")


def show_all(actor: Actor, db: Database, tell: Tell) -> None:
    """List the digests there are."""
    with db.reading(actor) as session:
        running = store.digests.list_running(session)
    tell(views.digests_forms.listing(running))


def stop(value: str, actor: Actor, db: Database, now: datetime, key: str, tell: Tell) -> None:
    """Stop a digest: nothing more is due."""
    with db.transaction(actor, once=key, now=now) as session:
        digest, schedule = _running(session, value)
        store.schedules.pause(session, schedule)
        changes = store.audit.change(digest, stopped_at=now)
        store.audit.record(session, digest, what="stopped", by=actor.person, now=now, changes=changes)
    tell(f"Stopped: {views.text.escape(digest.name)} is not posted any more. `/pmo digest add` makes a new one.")


def post_now(value: str, actor: Actor, db: Database, now: datetime, key: str, nudge: Nudge, tell: Tell) -> None:
    """Have an edition posted at once; the regular ones come as planned."""
    with db.transaction(actor, once=key, now=now) as session:
        digest, schedule = _running(session, value)
        store.schedules.bring_forward(session, schedule, now)
        store.audit.record(session, digest, what="posted now", by=actor.person, now=now)
    nudge()
    tell(f"{views.text.escape(digest.name)} is on its way to {views.text.channel_link(digest.channel)}.")


def _running(session: Session, number: str | int) -> tuple[Digest, Schedule]:
    digest = store.digests.get(session, int(number))
    schedule = store.schedules.of_digest(session, digest.id)
    if digest.stopped_at is not None or schedule is None:
        raise Refused("That digest was stopped. `/pmo digest add` makes a new one.")
    return digest, schedule


ROUTES = (
    command("digest add", Act.MANAGE_DIGESTS, open_form, says="a weekly summary for a channel"),
    command("digest", Act.SEE_DIGEST, preview, usage="[PORTFOLIO]", says="the summary as it is now, for you alone"),
    command("digests", Act.MANAGE_DIGESTS, show_all, says="the summaries that channels get"),
    action(views.digests_forms.EDIT, Act.MANAGE_DIGESTS, edit),
    action(views.digests_forms.STOP, Act.MANAGE_DIGESTS, stop),
    action(views.digests_forms.POST_NOW, Act.MANAGE_DIGESTS, post_now),
    options(views.digests_forms.PORTFOLIO, Act.MANAGE_DIGESTS, suggest_portfolios),
    view(views.digests_forms.KEEP, Act.MANAGE_DIGESTS, keep),
)
