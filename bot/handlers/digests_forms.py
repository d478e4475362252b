"""Digests: set up by form, with the channel they go to and the confidential projects they may tell of."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import rules, store, views
from bot.errors import Refused
from bot.handlers import checklist, digests, forms, places
from bot.handlers.calls import Tell
from bot.handlers.routing import action, command, of, options, view
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.setup import Step
from bot.rules.terms import Service
from bot.store import Database, Session
from bot.store.tables import Channel, Digest, Workspace
from bot.views.blocks import Option, View
from bot.views.digests_forms import EVERYTHING


def open_form(actor: Actor, db: Database, client: WebClient, trigger: str, ack: Ack) -> None:
    """Open the form of a new digest."""
    client.views_open(trigger_id=trigger, view=new_form(db, actor))
    ack()


def new_form(db: Database, actor: Actor) -> View:
    """The form of a new digest: Mondays at nine in the zone of whoever asks."""
    with db.reading(actor) as session:
        workspace = store.workspaces.get(session)
        named = _named_options(session, None)
    values = {"name": f"{workspace.name} weekly", "cadence": rules.cadence.WEEKLY_MONDAY}
    whole = views.digests_forms.whole(workspace.name)
    return views.digests_forms.form(chosen=whole, values=values, zone=actor.zone, confidential=named)


def edit(number: int, actor: Actor, db: Database, client: WebClient, trigger: str, ack: Ack) -> None:
    """Open the form with what a digest has."""
    with db.reading(actor) as session:
        digest, schedule = digests.running(session, number)
        workspace = store.workspaces.get(session)
        chosen = _about(session, workspace, digest.portfolio_id)
        named = _named_options(session, digest.id)
    common = rules.cadence.choice_of(store.schedules.cadence_of(schedule))
    values = {
        "name": digest.name,
        "channel": digest.channel,
        "cadence": common.id if common else None,
        "time": f"{schedule.local_time:%H:%M}",
    }
    zone = schedule.timezone or actor.zone
    form = views.digests_forms.form(chosen=chosen, values=values, zone=zone, digest_id=digest.id, confidential=named)
    client.views_open(trigger_id=trigger, view=form)
    ack()


def suggest_portfolios(value: str, actor: Actor, db: Database, ack: Ack) -> None:
    """Offer the whole workspace, and the portfolios whose name holds what was typed."""
    with db.reading(actor) as session:
        found = store.portfolios.search(session, value)
        workspace = store.workspaces.get(session)
    offered = [views.blocks.option(name, number) for number, name in found]
    ack(views.blocks.suggestions([views.digests_forms.whole(workspace.name), *offered]))


def suggest_confidential(value: str, actor: Actor, db: Database, ack: Ack) -> None:
    """Offer the confidential projects that this person sees, by what was typed."""
    with db.reading(actor) as session:
        found = store.projects.list_confidential(session, value)
    ack(views.blocks.suggestions(views.digests_forms.project_option(*each) for each in found))


def _named_options(session: Session, digest_id: int | None) -> list[Option] | None:
    """The confidential projects that a digest names; None for who sees none that it could name."""
    if not store.projects.list_confidential(session, limit=1):
        return None
    named = store.digests.list_named(session, digest_id) if digest_id else []
    return [views.digests_forms.project_option(*each) for each in named]


def _about(session: Session, workspace: Workspace, portfolio_id: int | None) -> Option:
    """What a digest is about, as its form shows it."""
    portfolio = store.portfolios.find(session, portfolio_id) if portfolio_id else None
    if portfolio is None:
        return views.digests_forms.whole(workspace.name)
    return views.blocks.option(portfolio.name, portfolio.id)


def keep(
    view: dict[str, Any],
    actor: Actor,
    db: Database,
    now: datetime,
    client: WebClient,
    key: str,
    ack: Ack,
    tell: Tell,
) -> None:
    """The form was sent: keep the digest and its cadence, and say when it will be posted."""
    ids = forms.metadata(view)
    zone = rules.cadence.zone_named(ids.word("zone"))
    values = forms.read(view)
    draft = rules.digests.draft(values, now.astimezone(zone).date())
    channel = places.look(client, db, actor, draft.channel, now=now)
    if channel is None:
        raise Refused(places.CANNOT_SPEAK, field="channel")
    try:
        agreed = places.agree(channel, values, actor)
    except places.Shared as shared:
        ack(response_action="update", view=_ask_first(db, actor, draft, values, ids, shared.channel))
        return
    with db.transaction(actor, once=key, now=now) as session:
        places.keep_word(session, channel, agreed, actor, now)
        digest = _kept(session, draft, zone, ids.find_number("digest"), actor, now)
        schedule = store.schedules.keep(session, draft.cadence, digest_id=digest.id, timezone=zone.key, now=now)
        store.setup.take(session, Step.DIGEST, by=actor.person, now=now)
    if checklist.is_below(view):
        checklist.refresh(client, db, actor, view["root_view_id"])
    upcoming = rules.cadence.upcoming(draft.cadence, zone, now, 3, actor.charter.calendar)
    tell(views.digests_forms.kept(digest, schedule, upcoming, waits=not actor.charter.state.is_live))


def _kept(
    session: Session, draft: rules.digests.Draft, zone: ZoneInfo, number: int | None, actor: Actor, now: datetime
) -> Digest:
    picked = None if draft.portfolio == EVERYTHING else draft.portfolio
    chosen = store.portfolios.chosen(session, picked, by=actor.person, now=now)
    portfolio = chosen.id if chosen else None
    values: Mapping[str, Any] = {"name": draft.name, "channel": draft.channel, "portfolio_id": portfolio}
    if number is None:
        digest = store.digests.add(session, **values, now=now)
        changes: dict[str, tuple[Any, Any]] = {**store.audit.new(values)}
    else:
        digest, _ = digests.running(session, number)
        changes = store.audit.change(digest, **values)
    often = _often(session, digest), f"{rules.cadence.in_words(draft.cadence)} ({zone.key})"
    changes |= {"cadence": often} if len({*often}) > 1 else {}
    if draft.confidential is not None:
        changes |= store.digests.name(session, digest, _confidential(session, draft.confidential))
    store.audit.record(session, digest, what="edited" if number else "added", by=actor.person, now=now, changes=changes)
    return digest


def _often(session: Session, digest: Digest) -> str | None:
    """How often it is posted until now, and by whose clock."""
    schedule = store.schedules.of_digest(session, digest.id)
    if schedule is None:
        return None
    return f"{rules.cadence.in_words(store.schedules.cadence_of(schedule))} ({schedule.timezone})"


def _confidential(session: Session, picked: Collection[str]) -> list[int]:
    """The numbers of the projects that were picked; NotHere for one that this person does not see."""
    return [store.projects.get_by_id(session, forms.number(each, "confidential")).id for each in picked]


def _ask_first(
    db: Database,
    actor: Actor,
    draft: rules.digests.Draft,
    values: Mapping[str, Any],
    ids: forms.Carried,
    shared: Channel,
) -> View:
    """The form as it was sent, with the question that is owed about its channel."""
    with db.reading(actor) as session:
        portfolio = None if draft.portfolio == EVERYTHING else forms.number(draft.portfolio, "portfolio")
        chosen = _about(session, store.workspaces.get(session), portfolio)
        picked = _confidential(session, draft.confidential or ())
        found = [each for each in store.projects.list_confidential(session) if each[0] in picked]
        may_name = _named_options(session, None) is not None
    return views.digests_forms.form(
        chosen=chosen,
        values={**values, "time": f"{draft.cadence.at:%H:%M}"},
        zone=ids.word("zone"),
        digest_id=ids.find_number("digest"),
        confidential=[views.digests_forms.project_option(*each) for each in found] if may_name else None,
        shared=shared,
    )


ROUTES = of(
    Service.DIGESTS,
    command("digest add", Act.MANAGE_DIGESTS, open_form, says="a weekly summary for a channel"),
    action(views.digests_forms.EDIT, Act.MANAGE_DIGESTS, edit),
    options(views.digests_forms.PORTFOLIO, Act.MANAGE_DIGESTS, suggest_portfolios),
    options(views.digests_forms.CONFIDENTIAL, Act.MANAGE_DIGESTS, suggest_confidential),
    view(views.digests_forms.KEEP, Act.MANAGE_DIGESTS, keep),
)
