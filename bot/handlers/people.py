"""People: what Slack tells of them is kept, so that zones, names and who is gone stay true."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import store
from bot.handlers.calls import Nudge
from bot.handlers.routing import event
from bot.rules.audit import SLACK
from bot.store import Database


def changed(event: Mapping[str, Any], workspace: int, db: Database, now: datetime, nudge: Nudge) -> None:
    """Somebody changed, moved to another zone or left; those we have nothing to do with are not kept."""
    user = event["user"]
    with db.transaction(workspace, via=SLACK) as session:
        if store.people.find(session, user["id"]) is not None:
            store.people.keep(session, user, now=now)
    nudge()


ROUTES = (event("user_change", None, changed),)
