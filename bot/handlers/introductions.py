"""Introductions: who the people are that somebody picked, asked of Slack where we do not know yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import store
from bot.errors import Refused
from bot.rules.audit import SLACK
from bot.store import Database

NOBODY = "Slack shows nobody like that here. Choose somebody of this workspace."


def meet(
    client: WebClient, db: Database, workspace: int, picked: Iterable[tuple[str, str | None]], *, now: datetime
) -> None:
    """Know everybody who was picked, by field and Slack id; Refused, at their fields, for all who cannot act here.

    Where Slack cannot be asked in time, the person is taken as they are, and Slack is asked again later.
    """
    faults: dict[str, str] = {}
    for field, slack_id in picked:
        try:
            if slack_id:
                _know(client, db, workspace, slack_id, field, now)
        except Refused as refused:
            faults |= refused.fields
    if faults:
        raise Refused(fields=faults)


def _know(client: WebClient, db: Database, workspace: int, slack_id: str, field: str, now: datetime) -> None:
    with db.reading(workspace) as session:
        person = store.people.find(session, slack_id)
        if person is not None and person.refreshed_at is not None:
            store.people.responsible(session, slack_id, field=field)
            return
    user = _ask(client, slack_id, field)
    with db.transaction(workspace, via=SLACK) as session:
        if user is not None:
            store.people.keep(session, user, now=now)
        store.people.responsible(session, slack_id, field=field)


def _ask(client: WebClient, slack_id: str, field: str) -> dict[str, Any] | None:
    """What Slack says of somebody, None when it does not say now; Refused when there is nobody like that."""
    try:
        user: dict[str, Any] = client.users_info(user=slack_id)["user"]
    except SlackApiError as refused:
        if refused.response.get("error") in {"user_not_found", "user_not_visible"}:
            raise Refused(NOBODY, field) from None
        return None
    except OSError:
        return None
    return user
