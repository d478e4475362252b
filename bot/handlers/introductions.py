"""Introductions: who the people are that somebody picked, asked of Slack where we do not know yet."""

from collections.abc import Iterable
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import store
from bot.errors import Refused
from bot.store import Database
from bot.store.tables import Person


def meet(
    client: WebClient, db: Database, workspace: int, picked: Iterable[tuple[str, str | None]], *, now: datetime
) -> None:
    """Know everybody who was picked, by field and Slack id, for a role; Refused, at their field, for who cannot hold one.

    Where Slack cannot be asked in time, the person is taken as they are, and Slack is asked again later.
    """
    faults = {}
    for field, slack_id in picked:
        if slack_id:
            fault = _fault(_known(client, db, workspace, slack_id, now))
            if fault:
                faults[field] = fault
    if faults:
        raise Refused(fields=faults)


def _known(client: WebClient, db: Database, workspace: int, slack_id: str, now: datetime) -> Person | None:
    """The person, None when Slack shows nobody of that id here."""
    with db.reading(workspace) as session:
        person = store.people.find(session, slack_id)
    if person is not None and person.refreshed_at is not None:
        return person
    try:
        user = client.users_info(user=slack_id)["user"]
    except SlackApiError as refused:
        if refused.response.get("error") in {"user_not_found", "user_not_visible"}:
            return None
        user = None
    except OSError:
        user = None
    with db.transaction(workspace) as session:
        return store.people.keep(session, user, now=now) if user else store.people.find_or_add(session, slack_id)


def _fault(person: Person | None) -> str:
    if person is None:
        return "Slack shows nobody like that here: choose somebody of this workspace."
    if person.is_bot:
        return "That is an app: choose a person."
    if person.deactivated_at is not None:
        return "Their account is deactivated: choose somebody else."
    return "Guests can hold no role here: choose a full member." if person.is_guest else ""
