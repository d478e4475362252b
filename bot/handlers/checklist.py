"""The checklist of setting up: put before somebody, and brought up to date below the form that was sent."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import rules, store, views
from bot.handlers.calls import Tell
from bot.rules.actors import Actor
from bot.store import Database
from bot.views.blocks import View


def window(db: Database, actor: Actor, *, said: str = "", undo: int | None = None) -> View:
    """The checklist as it stands now."""
    with db.reading(actor) as session:
        taken, live = store.setup.list_taken(session), store.setup.count_live(session)
        state = store.workspaces.get(session).state
    if rules.setup.begins(state, taken, has_live_projects=live > 0):
        state = rules.setup.phase(taken)
    phases = rules.setup.checklist(taken, is_live=state.is_live)
    return views.setup.checklist(phases, state=state, live=live, zone=actor.zone, said=said, undo=undo)


def is_below(view: Mapping[str, Any]) -> bool:
    """Whether a form lies upon another window: then that is the checklist."""
    return bool(view.get("root_view_id")) and view["root_view_id"] != view["id"]


def refresh(
    client: WebClient, db: Database, actor: Actor, view_id: str, *, said: str = "", undo: int | None = None
) -> None:
    """Bring an open checklist up to date; one that was closed meanwhile stays so."""
    with suppress(SlackApiError):
        client.views_update(view_id=view_id, view=window(db, actor, said=said, undo=undo))


def answer(
    ack: Ack,
    tell: Tell,
    client: WebClient,
    db: Database,
    actor: Actor,
    view: Mapping[str, Any],
    *,
    said: str,
    undo: int | None = None,
) -> None:
    """A form of a step was sent: back to the checklist, which says so; without one the form becomes the answer."""
    if is_below(view):
        refresh(client, db, actor, view["root_view_id"], said=said, undo=undo)
        ack()
    else:
        tell(views.setup.saved(said, undo))
