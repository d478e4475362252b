"""Errors: what a person is told when something cannot be done, or has gone wrong."""

import secrets
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError

from bot import store
from bot.errors import Denied, Refused
from bot.handlers import forms
from bot.handlers.calls import Call
from bot.handlers.routing import Kind
from bot.rules.access import Act
from bot.store import Repeated
from bot.store.tables import Person
from bot.views import text

LAST_RETRY = 3
TOO_LATE = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }
)
TRY_AGAIN = "Slack gives a form three seconds to open, and they were over. Please try again."
log = structlog.get_logger(__name__)


class NotAcknowledged(RuntimeError):
    """A handler returned without an answer: our bug, and Slack would show an error of its own."""


def guard(call: Call, answer: Callable[[Call], None]) -> BoltResponse | None:
    """Run the answer to a call; whatever goes wrong, the person gets one and Slack an acknowledgement.

    An event that fails keeps its 500, so that Slack brings it again.
    """
    try:
        answer(call)
    except Repeated as again:
        call.ack(again.answer) if again.answer else call.ack()
    except Refused as refused:
        if isinstance(refused, Denied):
            _noted(call, refused)
        _told(call, partial(_refuse, call, refused))
    except Exception as error:
        return _broken(call, error)
    return None


def fallback(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer what never reached a handler: a kind of request nobody listens to, or a failure before the routing."""
    if isinstance(error, BoltUnhandledRequestError):
        log.warning("unmatched", kind=str(body.get("type", ""))[:40])
        return BoltResponse(status=200)
    number = _logged(error, kind=str(body.get("type", "command"))[:40])
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": sorry(number)})
    if body.get("type") == "view_submission" and (fields := forms.inputs(body.get("view") or {})):
        return BoltResponse(status=200, body={"response_action": "errors", "errors": {fields[0]: sorry(number)}})
    return BoltResponse(status=500)


def sorry(number: str, *, saved: bool = False) -> str:
    """What a person reads when it was our fault."""
    kept = "What you entered was saved." if saved else "Nothing was saved."
    return f"Something went wrong, number {number}. {kept} If it happens again, give that number to your PMO."


def mark(call: Call, refused: Refused) -> dict[str, str]:
    """The refusal as Slack's `errors`: each at its field; what belongs to no field goes to the first one."""
    known = {block_id.partition(":")[0]: block_id for block_id in reversed(forms.inputs(call.view))}
    marked = {known[name]: said for name, said in refused.fields.items() if name in known}
    left = [said for name, said in refused.fields.items() if name not in known]
    if not refused.fields:
        left = [refused.message]
    if left and known:
        first = forms.inputs(call.view)[0]
        marked[first] = " ".join(filter(None, [marked.get(first), *left]))
    return marked


def _noted(call: Call, denied: Denied) -> None:
    """Leave it in the audit trail that somebody was denied an act: once a minute, however often they try."""
    who = call.actor
    if who is None:
        return
    minute = f"{call.now.astimezone(UTC):%Y-%m-%dT%H:%M}"
    try:
        with call.db.transaction(who, once=f"denied:{who.person}:{denied.act}:{minute}", now=call.now) as session:
            store.audit.refused(session, denied.act, project=denied.project, by=who.person, now=call.now)
    except Repeated:
        pass
    except Exception as error:
        _logged(error, kind=call.kind, id=call.id, workspace=call.workspace, unnoted=True)


def _refuse(call: Call, refused: Refused) -> None:
    marked = mark(call, refused) if call.kind is Kind.VIEW else {}
    if marked:
        first = next(iter(marked))
        named = _whom_to_ask(call, refused, by=lambda person: person.name)
        call.ack(response_action="errors", errors={**marked, first: f"{marked[first]}{named}"})
    else:
        named = _whom_to_ask(call, refused, by=lambda person: text.mention(person.slack_id))
        call.tell(f"{refused.message}{named}")


def _whom_to_ask(call: Call, refused: Refused, *, by: Callable[[Person], str]) -> str:
    """Who could do what this person may not, one or two of them by name; nothing where asking would not help."""
    if not isinstance(refused, Denied) or not call.workspace:
        return ""
    with call.db.reading(call.actor or call.workspace) as session:
        if refused.whom is None:
            able = store.people.list_who_may(session, Act(refused.act), project=refused.project, now=call.now)
        else:
            able = store.people.list_by_slack_id(session, refused.whom)
    if not able and refused.whom is None:
        return " Ask an admin of this Slack."
    named = [by(person) for person in able if person.slack_id != call.user][:2]
    return f" Ask {' or '.join(named)}." if named else ""


def _broken(call: Call, error: Exception) -> BoltResponse | None:
    if _is_too_late(error):
        log.info("too late for a form", kind=call.kind, id=call.id)
        _told(call, partial(_refuse, call, Refused(TRY_AGAIN)))
        return None
    lost = call.kind is Kind.EVENT and call.retry >= LAST_RETRY
    number = _logged(error, kind=call.kind, id=call.id, workspace=call.workspace, lost=lost)
    if call.kind is Kind.EVENT:
        return BoltResponse(status=500)
    excuse = Refused(sorry(number, saved=_was_saved(call)))
    _told(call, partial(_refuse, call, excuse))
    return None


def _told(call: Call, tell: Callable[[], None]) -> None:
    """Tell it; when even that fails, acknowledge at least."""
    try:
        tell()
    except Exception as error:
        if not _is_too_late(error):
            _logged(error, kind=call.kind, id=call.id, workspace=call.workspace, untold=True)
        if call.ack.response is None:
            call.ack()


class _OnlyAsked(Exception):
    """Ends a transaction that was opened to look whether a key is taken."""


def _was_saved(call: Call) -> bool:
    """Whether the work was kept before something broke: its key is in the inbox then."""
    if not call.workspace:
        return False
    try:
        with call.db.transaction(call.workspace, once=call.key, now=call.now):
            raise _OnlyAsked
    except Repeated:
        return True
    except _OnlyAsked:
        return False
    except Exception as error:
        _logged(error, kind=call.kind, id=call.id, workspace=call.workspace)
        return False


def _logged(error: Exception, **ids: Any) -> str:
    number = secrets.token_hex(4)
    code = {"code": _code(error)} if isinstance(error, SlackApiError) else {}
    log.error("went wrong", number=number, exc_info=error, **ids, **code)
    return number


def _is_too_late(error: Exception) -> bool:
    """Whether Slack refused to open a window because whoever asked for it has waited too long."""
    return isinstance(error, SlackApiError) and _code(error) in TOO_LATE


def _code(error: SlackApiError) -> str:
    """Slack's word for it; older trigger errors hide behind invalid_arguments."""
    code = str(error.response.get("error", ""))
    said = " ".join((error.response.get("response_metadata") or {}).get("messages") or ())
    return "expired_trigger_id" if code == "invalid_arguments" and "trigger" in said else code
