"""What a person is told, in each place where something can go wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from slack_bolt import Ack, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import col, select

from bot import store
from bot.errors import Denied, Refused
from bot.handlers import errors
from bot.handlers.calls import Call, check, run
from bot.handlers.routing import Kind, Table, command, event
from bot.playground import Clock, Playground
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database, inbox
from bot.store.tables import AuditEntry, Message, Portfolio, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor, posts

INPUTS = [{"type": "section"}, {"type": "input", "block_id": "title"}, {"type": "input", "block_id": "due:2"}]
FORM = {"view": {"id": "V1", "type": "modal", "blocks": INPUTS}}
PAGE = {"view": {"id": "V1", "type": "modal", "blocks": INPUTS[:1]}}


class Spoken(WebClient):
    """A client that keeps what it is asked to say, and fails when told to."""

    def __init__(self, refusal: str = "") -> None:
        super().__init__(base_url="http://127.0.0.1:1/api/", retry_handlers=[])
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusal = refusal

    def api_call(self, api_method: str, **given: Any) -> Any:
        self.calls.append((api_method, given.get("json") or given.get("params") or {}))
        if self.refusal:
            raise refused(self.refusal)
        return {"ok": True}


def refused(code: str, **more: Any) -> SlackApiError:
    return SlackApiError("no", {"ok": False, "error": code, **more})  # type: ignore[no-untyped-call]


@pytest.fixture
def db(new_database: Callable[[str], str]) -> Iterator[Database]:
    db = Database(new_database("sqlite"), pool=2)
    yield db
    db.close()


@pytest.fixture
def make(db: Database) -> Callable[..., Call]:
    workspace = a_workspace(db).id

    def make(kind: Kind, body: dict[str, Any] | None = None, client: WebClient | None = None, **more: Any) -> Call:
        given: dict[str, Any] = {"workspace": workspace, "user": "U1", "channel": "C1"}
        return Call(
            kind=kind,
            id="x",
            body=body or {"trigger_id": "1.2"},
            ack=Ack(),  # type: ignore[no-untyped-call]
            client=client or Spoken(),
            db=db,
            now=NOW,
            nudge=lambda: None,
            table=Table([]),
            **given | more,
        )

    return make


Make = Callable[..., Call]


def raising(error: Exception) -> Callable[[Call], None]:
    def fail(_call: Call) -> None:
        raise error

    return fail


def answer(call: Call) -> Any:
    """What Slack gets back."""
    assert call.ack.response is not None
    return call.ack.response.body


@pytest.mark.parametrize(
    ("refusal", "marked"),
    [
        (Refused("No.", field="title"), {"title": "No."}),
        (Refused("No.", field="due"), {"due:2": "No."}),
        (Refused("No.", field="unknown"), {"title": "No."}),
        (Refused("No."), {"title": "No."}),
        (Refused(fields={"title": "A.", "due": "B.", "unknown": "C."}), {"title": "A. C.", "due:2": "B."}),
    ],
)
def test_a_form_shows_each_fault_at_its_field(make: Make, refusal: Refused, marked: dict[str, str]) -> None:
    call = make(Kind.VIEW, FORM)
    errors.guard(call, raising(refusal))

    assert '"response_action": "errors"' in answer(call)
    assert errors.mark(call, refusal) == marked


def test_a_page_without_fields_becomes_the_refusal(make: Make) -> None:
    call = make(Kind.VIEW, PAGE)
    errors.guard(call, raising(Refused("No.")))

    assert '"response_action": "update"' in answer(call)
    assert "No." in answer(call)


def test_a_command_is_refused_to_who_typed_it_alone(make: Make) -> None:
    call = make(Kind.COMMAND)
    errors.guard(call, raising(Refused("{No}.")))

    assert answer(call) == '{"response_type": "ephemeral", "text": "{No}."}'


def test_a_click_in_a_window_is_refused_in_a_window(make: Make) -> None:
    client = Spoken()
    errors.guard(make(Kind.ACTION, {**FORM, "trigger_id": "1.2"}, client), raising(Refused("No.")))

    assert [method for method, _ in client.calls] == ["views.push"]


def test_a_click_on_the_home_page_is_refused_in_a_window(make: Make) -> None:
    client = Spoken()
    body = {"view": {"id": "V1", "type": "home"}, "trigger_id": "1.2"}
    errors.guard(make(Kind.ACTION, body, client), raising(Refused("No.")))

    assert [method for method, _ in client.calls] == ["views.open"]


def test_a_click_whose_address_is_used_up_is_refused_in_the_channel(make: Make) -> None:
    client = Spoken()
    call = make(Kind.ACTION, {"response_url": "http://127.0.0.1:1/used"}, client)
    errors.guard(call, raising(Refused("No.")))

    assert client.calls == [("chat.postEphemeral", {"channel": "C1", "user": "U1", "text": "No."})]


def test_a_shortcut_without_a_message_is_refused_in_a_window(make: Make) -> None:
    client = Spoken()
    errors.guard(make(Kind.SHORTCUT, client=client), raising(Refused("No.")))

    assert [method for method, _ in client.calls] == ["views.open"]


def test_a_menu_that_cannot_offer_anything_offers_nothing(make: Make) -> None:
    call = make(Kind.OPTIONS)
    errors.guard(call, raising(Refused("No.")))

    assert answer(call) == '{"options": []}'


def test_a_form_that_was_closed_is_not_answered(make: Make) -> None:
    call = make(Kind.CLOSED, FORM)
    errors.guard(call, raising(Refused("No.")))

    assert answer(call) == ""


@pytest.mark.parametrize(
    ("event_type", "channel", "user", "method"),
    [
        ("message", "D1", "U1", ["chat.postMessage"]),
        ("app_mention", "C1", "U1", ["chat.postEphemeral"]),
        ("app_mention", "", "U1", []),
        ("app_home_opened", "D1", "U1", []),
    ],
)
def test_who_wrote_to_the_bot_is_answered_and_who_only_looked_is_not(
    make: Make, event_type: str, channel: str, user: str, method: list[str]
) -> None:
    client = Spoken()
    call = make(Kind.EVENT, {"event": {"type": event_type}}, client, channel=channel, user=user)
    errors.guard(call, raising(Refused("No.")))

    assert [asked for asked, _ in client.calls] == method
    assert answer(call) == ""


def test_what_was_dealt_with_before_is_answered_as_then(make: Make) -> None:
    call, again = make(Kind.VIEW, FORM), make(Kind.VIEW, FORM)

    def keep(call: Call) -> None:
        with call.db.transaction(call.workspace, once=call.key, now=call.now) as session:
            inbox.remember(session, {"response_action": "clear"})
        call.ack(response_action="clear")

    errors.guard(call, keep)
    errors.guard(again, keep)

    assert answer(again) == answer(call) == '{"response_action": "clear"}'


def test_what_was_dealt_with_before_without_an_answer_is_acknowledged(make: Make) -> None:
    def keep(call: Call) -> None:
        with call.db.transaction(call.workspace, once=call.key, now=call.now):
            call.ack()

    for call in (make(Kind.VIEW, FORM), make(Kind.VIEW, FORM)):
        errors.guard(call, keep)
        assert answer(call) == ""


def an_actor_of(call: Call) -> Actor:
    person = a_person(call.db, workspaces(call.db)[0])
    return replace(an_actor(call.db, person), via="command x")


def workspaces(db: Database) -> list[Workspace]:
    with db.reading_across() as session:
        return [*store.workspaces.list_all(session)]


def noted(db: Database) -> list[tuple[str, Any, int | None]]:
    """What the audit trail has of refusals: the act, from where, and the project."""
    with db.reading_across() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.what == "refused").order_by(col(AuditEntry.id)))
        return [(entry.changes["act"][1], entry.via, entry.project_id) for entry in found]


def test_a_denial_is_noted_once_for_each_person_act_and_minute(make: Make, db: Database) -> None:
    first = make(Kind.COMMAND)
    ana = an_actor_of(first)
    apollo = a_project(db, workspaces(db)[0])
    later = NOW + timedelta(minutes=1)
    for now, act in ((NOW, "close_risk"), (NOW, "close_risk"), (NOW, "edit_risk"), (later, "close_risk")):
        call = make(Kind.COMMAND, actor=ana)
        call.now = now
        errors.guard(call, raising(Denied("Only the PMO.", act=act, project=apollo.id, whom=())))
        assert "Only the PMO." in answer(call)
    assert noted(db) == [(act, "command x", apollo.id) for act in ("close_risk", "edit_risk", "close_risk")]


def test_a_denial_is_noted_although_what_was_begun_is_undone(make: Make, db: Database) -> None:
    ana = an_actor_of(make(Kind.COMMAND))
    call = make(Kind.COMMAND, actor=ana)

    def begin(call: Call) -> None:
        with call.db.transaction(ana, once=call.key, now=NOW) as session:
            session.add(Portfolio(name="Undone", created_at=NOW))
            raise Denied("No.", act="add_project", whom=())

    errors.guard(call, begin)
    assert noted(db) == [("add_project", "command x", None)]
    with db.reading_across() as session:
        assert session.exec(select(Portfolio)).all() == []


@pytest.mark.parametrize("error", [Refused("No."), Denied("No.", act="add_project", whom=())])
def test_what_is_no_denial_or_nobodys_is_not_noted(make: Make, db: Database, error: Refused) -> None:
    is_denial = isinstance(error, Denied)
    call = make(Kind.COMMAND, actor=None if is_denial else an_actor_of(make(Kind.COMMAND)))
    errors.guard(call, raising(error))
    assert "No." in answer(call)
    assert noted(db) == []


def test_a_denial_that_cannot_be_noted_is_told_all_the_same(make: Make, db: Database) -> None:
    call = make(Kind.COMMAND, actor=an_actor_of(make(Kind.COMMAND)))
    with structlog.testing.capture_logs() as lines:
        errors.guard(call, raising(Denied("No.", act="close_risk", project=4711, whom=())))
    assert "No." in answer(call)
    assert [line["unnoted"] for line in lines] == [True]


def test_a_failure_says_its_number_and_that_nothing_was_saved(make: Make) -> None:
    call = make(Kind.VIEW, FORM)
    with structlog.testing.capture_logs() as lines:
        errors.guard(call, raising(ValueError("secret words")))

    [line] = lines
    assert f"number {line['number']}. Nothing was saved." in answer(call)
    assert (line["kind"], line["id"], line["workspace"]) == (Kind.VIEW, "x", call.workspace)


def test_a_failure_after_saving_says_so(make: Make) -> None:
    def keep_and_fail(call: Call) -> None:
        with call.db.transaction(call.workspace, once=call.key, now=call.now):
            pass
        raise ZeroDivisionError

    call = make(Kind.COMMAND)
    errors.guard(call, keep_and_fail)

    assert "What you entered was saved." in answer(call)


def test_a_failure_of_the_database_is_told_too(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise OSError

    monkeypatch.setattr(Database, "transaction", gone)
    call = make(Kind.COMMAND)
    errors.guard(call, raising(OSError()))

    assert "Something went wrong" in answer(call)


def test_a_failed_event_is_left_to_slack_and_called_lost_at_the_last_retry(make: Make) -> None:
    body = {"event": {"type": "message"}}
    with structlog.testing.capture_logs() as lines:
        replies = [errors.guard(make(Kind.EVENT, body, retry=retry), raising(ValueError())) for retry in (0, 3)]

    assert [reply.status for reply in replies if isinstance(reply, BoltResponse)] == [500, 500]
    assert [line["lost"] for line in lines] == [False, True]


@pytest.mark.parametrize(
    "error",
    [
        refused("expired_trigger_id"),
        refused("trigger_exchanged"),
        refused("invalid_arguments", response_metadata={"messages": ["expired trigger"]}),
    ],
)
def test_a_late_trigger_asks_to_try_again(make: Make, error: SlackApiError) -> None:
    call = make(Kind.COMMAND)
    errors.guard(call, raising(error))

    assert "try again" in answer(call)


def test_slacks_own_word_for_a_failure_is_in_the_log(make: Make) -> None:
    with structlog.testing.capture_logs() as lines:
        errors.guard(make(Kind.COMMAND), raising(refused("view_too_large", response_metadata={})))

    assert lines[0]["code"] == "view_too_large"


def test_when_even_the_refusal_cannot_be_told_slack_is_acknowledged(make: Make) -> None:
    call = make(Kind.SHORTCUT, client=Spoken("internal_error"))
    errors.guard(call, raising(Refused("No.")))

    assert answer(call) == ""


def test_when_telling_fails_before_the_acknowledgement_it_follows(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_call: Call, _said: object) -> None:
        raise ValueError

    call = make(Kind.COMMAND)
    monkeypatch.setattr(Call, "tell", fail)
    errors.guard(call, raising(Refused("No.")))

    assert answer(call) == ""


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"type": "dialog_submission"}, 500, ""),
        ({"type": "event_callback"}, 500, ""),
        ({"command": "/pmo"}, 200, "Something went wrong"),
        ({"type": "view_submission", **FORM}, 200, '"response_action": "errors"'),
        ({"type": "view_submission", **PAGE}, 500, ""),
    ],
)
def test_what_fails_before_any_handler_is_answered_as_well_as_can_be(
    body: dict[str, Any], status: int, said: str
) -> None:
    reply = errors.fallback(OSError(), body)

    assert reply.status == status
    assert said in reply.body


def test_what_nobody_listens_to_is_acknowledged_and_noted() -> None:
    unhandled = BoltUnhandledRequestError(request=BoltRequest(body="", mode="http"), current_response=None)
    with structlog.testing.capture_logs() as lines:
        reply = errors.fallback(unhandled, {"type": "something_new"})

    assert reply.status == 200
    assert (lines[0]["event"], lines[0]["kind"]) == ("unmatched", "something_new")


def test_a_message_with_blocks_is_told_with_them(make: Make) -> None:
    block = {"type": "divider"}
    call = make(Kind.COMMAND)
    call.tell(Message("Saved.", [block]))
    assert '"blocks": [{"type": "divider"}]' in answer(call)

    call = make(Kind.VIEW, FORM)
    call.tell(Message("Saved.", [block]))
    assert '"blocks": [{"type": "divider"}]' in answer(call)

    call = make(Kind.VIEW, FORM)
    call.tell(Message("Saved."))
    assert "Saved." in answer(call)


def test_an_answer_over_an_address_that_is_used_up_is_no_error(make: Make) -> None:
    with Playground(Clock(NOW)) as slack:
        assert not make(Kind.COMMAND).respond("nobody hears")
        assert not make(Kind.COMMAND, {"response_url": f"{slack.url}/response/gone"}).respond("nobody hears")


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        (Kind.VIEW, FORM, "view:V1"),
        (Kind.CLOSED, FORM, "closed:V1"),
        (Kind.EVENT, {"event_id": "Ev1"}, "event:Ev1"),
        (Kind.COMMAND, {"trigger_id": "1.2"}, "command:1.2"),
        (Kind.SHORTCUT, {"trigger_id": "1.2"}, "shortcut:1.2"),
        (Kind.ACTION, {"container": {"message_ts": "5.1"}, "actions": [{"action_ts": "6.1"}]}, "action:C1:5.1:6.1"),
        (Kind.ACTION, {"message": {"ts": "5.1"}, "actions": [{"action_ts": "6.1"}]}, "action:C1:5.1:6.1"),
    ],
)
def test_an_interaction_is_known_by_its_key(make: Make, kind: Kind, body: dict[str, Any], key: str) -> None:
    assert make(kind, body).key == key


def test_a_click_in_a_window_is_known_by_the_window(make: Make) -> None:
    assert make(Kind.ACTION, {**FORM, "actions": [{"action_ts": "6.1"}]}, channel="").key == "action:V1::6.1"


@pytest.mark.parametrize("kind", Kind)
def test_what_has_no_key_is_never_taken_for_something_else(make: Make, kind: Kind) -> None:
    body: dict[str, Any] = {"actions": [{}]}
    call = make(kind, body)

    assert call.key == call.key
    assert call.key != make(kind, body).key


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ({"type": "button", "value": "8"}, "8"),
        ({"type": "button"}, ""),
        ({"type": "static_select", "selected_option": {"value": "high"}}, "high"),
        ({"type": "users_select", "selected_user": "U2"}, "U2"),
    ],
)
def test_the_value_of_a_click(make: Make, action: dict[str, Any], value: Any) -> None:
    assert make(Kind.ACTION, {"actions": [action]}).value == value


def test_the_value_of_a_menu_is_what_was_typed(make: Make) -> None:
    assert make(Kind.OPTIONS, {"value": "apo\0"}).value == "apo"


def test_a_function_gets_what_it_names(make: Make) -> None:
    got: list[Any] = []

    def answer(text: str, key: str, now: datetime, shortcut: Any, event: Any) -> None:
        got.extend([text, key, now, shortcut, event])

    call = make(Kind.COMMAND, text="APOLLO")
    run(command("risk", Act.RAISE_RISK, answer), call)

    assert got == ["APOLLO", "command:1.2", NOW, call.body, {}]


def test_a_function_that_names_what_there_is_not_is_found_at_start() -> None:
    with pytest.raises(ValueError, match="colour"):
        check(event("message.im", None, lambda colour: None))


@pytest.mark.parametrize(
    ("kind", "name", "body", "passes"),
    [
        (Kind.ACTION, "open", {"actions": [{"url": "https://a.b"}]}, True),
        (Kind.ACTION, "open", {"actions": [{}]}, False),
        (Kind.EVENT, "message.im.message_changed", {}, True),
        (Kind.EVENT, "message.im", {}, False),
    ],
)
def test_links_edits_and_bots_need_no_answer(
    make: Make, kind: Kind, name: str, body: dict[str, Any], passes: bool
) -> None:
    call = make(kind, body or {"event": {}})
    call.id = name

    assert call.passes_by is passes


def test_a_click_carries_the_number_of_a_row(make: Make) -> None:
    assert make(Kind.ACTION, {"actions": [{"type": "button", "value": "8"}]}).number == 8
    with pytest.raises(Refused, match="open it anew"):
        _ = make(Kind.ACTION, {"actions": [{"type": "button", "value": "APOLLO"}]}).number


def test_what_cannot_be_said_where_somebody_is_is_said_to_them_alone(make: Make) -> None:
    call = make(Kind.EVENT, {"event": {"type": "app_mention"}, "event_id": "Ev1"}, Spoken("user_not_in_channel"))
    call.tell("Here it is.")

    [post] = posts(call.db)
    assert (post.to, post.wanted["text"]) == ("U1", "Here it is.")


def test_a_window_that_comes_too_late_for_a_refusal_is_no_fault(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    late = Spoken("expired_trigger_id")
    call = make(Kind.ACTION, {"view": {"type": "modal"}, "actions": [{}], "trigger_id": "1"}, late)
    errors.guard(call, raising(Refused("No.")))

    assert call.ack.response is not None
    assert caplog.records == []
