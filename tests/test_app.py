"""The whole bot against the local Slack: both wires, who is known, what goes wrong, and how it ends."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from bot import handlers, schedules, store
from bot.app import Bot, make_bot, utc_now
from bot.errors import Refused
from bot.handlers.calls import Respond, Tell
from bot.handlers.routing import Route, action, command, event, view
from bot.playground import Clock, Playground, Workspace
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.schedules import Job
from bot.store import Database
from bot.store.tables import Message
from bot.views.blocks import actions, button
from tests.bots import HTTP, SOCKET, of_routes, running, the_settings
from tests.factories import NOW, a_workspace

COMMANDS = [
    {"command": name, "description": "x", "should_escape": True} for name in ("/pmo", "/risk", "/checkin", "/escalate")
]
EVENTS = ["app_home_opened", "app_uninstalled", "message.im", "user_change"]
MANIFEST = {
    "display_information": {"name": "PMO Bot"},
    "features": {
        "bot_user": {"display_name": "pmo"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "slash_commands": COMMANDS,
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "im:write", "im:history", "users:read"]}},
    "settings": {"event_subscriptions": {"bot_events": EVENTS}, "interactivity": {"is_enabled": True}},
}


@pytest.fixture(params=[HTTP, SOCKET])
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(Clock(NOW), MANIFEST, rate_limits=False, ack_seconds=30) as slack:
        yield slack


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    return slack.add_workspace("Acme", people=["ada", "bob"], channels=["#apollo"])


Run = Callable[..., Any]


@pytest.fixture
def run(slack: Playground, acme: Workspace, new_database: Callable[[str], str]) -> Run:
    def run(*routes: Route, wire: str = SOCKET, **more: Any) -> Any:
        modules = of_routes(*routes) if routes else handlers.MODULES
        return running(slack, acme, new_database("sqlite"), wire, modules=modules, **more)

    return run


def test_a_command_is_answered_to_whoever_typed_it(slack: Playground, run: Run, wire: str) -> None:
    with run(wire=wire):
        answer = slack.as_("ada").types("/pmo help", "#apollo")

    assert answer is not None
    assert "/pmo help" in answer.text
    assert answer.ephemeral_to == slack.as_("ada").me.id
    assert (slack.warnings, slack.notes) == ([], [])


def test_another_clients_posts_never_go_to_this_slack(slack: Playground, run: Run) -> None:
    with run() as bot:
        theirs = a_workspace(bot.db)
        with bot.db.transaction(theirs.id) as session:
            store.posts.put(session, "a", to="C1", message=Message("Secret"), now=NOW)
        bot.tick(slack.clock())
        with bot.db.reading(theirs.id) as session:
            post = store.posts.find(session, "a")

    assert slack.traffic.count("chat.postMessage") == 0
    assert post is not None
    assert post.trouble == "not_installed_here"
    assert post.due_at is not None


def test_what_was_typed_arrives_whole(slack: Playground, run: Run, wire: str) -> None:
    heard: list[str] = []

    def hear(ack: Ack, text: str) -> None:
        heard.append(text)
        ack()

    with run(command("risk", Act.RAISE_RISK, hear), wire=wire):
        for text in ("APOLLO payload mass {over}", "{", "  two\nlines \u2019 "):
            slack.as_("ada").types(f"/risk {text}", "#apollo")

    assert heard == ["APOLLO payload mass {over}", "{", "two\nlines \u2019"]
    assert slack.warnings == []


def test_who_acts_for_the_first_time_is_asked_of_slack_once(slack: Playground, run: Run) -> None:
    seen: list[Actor] = []

    def see(ack: Ack, actor: Actor) -> None:
        seen.append(actor)
        ack()

    with run(command("risk", Act.RAISE_RISK, see)):
        slack.as_("ada").types("/risk one", "#apollo")
        slack.as_("ada").types("/risk two", "#apollo")

    assert [actor.slack_id for actor in seen] == [slack.as_("ada").me.id] * 2
    assert slack.traffic.count("users.info") == 1


def test_slack_is_asked_once_whose_token_it_is(slack: Playground, run: Run) -> None:
    with run():
        for _ in range(3):
            slack.as_("ada").types("/pmo help", "#apollo")

    assert slack.traffic.count("auth.test") == 1


def test_somebody_slack_does_not_tell_about_in_time_may_try_again(slack: Playground, run: Run) -> None:
    slack.misbehave("users.info", "500")
    with run():
        first = slack.as_("ada").types("/pmo help", "#apollo")
        second = slack.as_("ada").types("/pmo help", "#apollo")

    assert first is not None
    assert "try again" in first.text
    assert second is not None
    assert "/pmo help" in second.text


def test_a_deactivated_account_is_turned_away(slack: Playground, acme: Workspace, run: Run) -> None:
    with run() as bot:
        with bot.db.transaction(1) as session:
            gone = {"id": slack.as_("ada").me.id, "deleted": True, "tz": "Europe/London"}
            store.people.keep(session, gone, now=NOW)
        slack.as_("ada").me.deleted = True
        answer = call_as_deleted(slack)

    assert "cannot be used" in answer


def call_as_deleted(slack: Playground) -> str:
    """Slack's client would not let them type; a request that was on its way arrives all the same."""
    ada = slack.as_("ada")
    form = {
        "command": "/pmo",
        "text": "help",
        "team_id": ada.workspace.id,
        "user_id": ada.me.id,
        "channel_id": ada.place("#apollo").id,
        "trigger_id": "1.1",
    }
    return str(slack.delivery.command(form).body)


def test_without_the_right_it_is_said_who_has_it(slack: Playground, acme: Workspace, run: Run) -> None:
    reached: list[Actor] = []

    def reach(ack: Ack, actor: Actor) -> None:
        reached.append(actor)
        ack()

    routes = command("project add", Act.ADD_PROJECT, reach)
    with run(routes, pmo_admins=(slack.as_("bob").me.id,)):
        refusal = slack.as_("ada").types("/pmo project add", "#apollo")
        slack.as_("bob").types("/pmo project add", "#apollo")

    assert refusal is not None
    assert "the PMO" in refusal.text
    assert [actor.slack_id for actor in reached] == [slack.as_("bob").me.id]


def test_a_failure_is_told_with_the_number_that_is_in_the_log(
    slack: Playground, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(ack: Ack) -> None:
        raise ZeroDivisionError

    with run(command("risk", Act.RAISE_RISK, fail)):
        answer = slack.as_("ada").types("/risk secret words", "#apollo")

    assert answer is not None
    _, _, rest = answer.text.partition("number ")
    assert "Nothing was saved." in rest
    assert rest[:8] in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


def test_a_handler_that_forgets_to_answer_is_found_out(slack: Playground, run: Run, wire: str) -> None:
    with run(command("risk", Act.RAISE_RISK, lambda text: None), wire=wire):
        answer = slack.as_("ada").types("/risk", "#apollo")

    assert answer is not None
    assert "Something went wrong" in answer.text


def test_a_failed_event_comes_again_and_a_handled_one_does_not(slack: Playground, run: Run, wire: str) -> None:
    came: list[str] = []

    def hear(text: str, key: str) -> None:
        came.append(key)
        if len(came) == 1:
            raise ConnectionError

    with run(event("message.im", Act.SEE_HELP, hear), wire=wire):
        slack.as_("ada").types("hello", "@pmo")
        slack.clock.advance(timedelta(minutes=10))
        slack.delivery.redeliver_due()

    assert len(came) == 2
    assert len(set(came)) == 1


def test_an_event_told_twice_is_dealt_with_once(slack: Playground, run: Run) -> None:
    done: list[str] = []

    def once(actor: Actor, db: Database, key: str, now: Any) -> None:
        with db.transaction(actor.workspace, once=key, now=now):
            done.append(key)

    slack.misbehave("event", "twice")
    with run(event("message.im", Act.SEE_HELP, once)):
        slack.as_("ada").types("hello", "@pmo")

    assert len(done) == 1
    assert slack.warnings == []


def test_what_nobody_listens_to_is_acknowledged(slack: Playground, run: Run, wire: str) -> None:
    with run(command("risk", Act.RAISE_RISK, lambda ack: ack()), wire=wire):
        ada = slack.as_("ada")
        ada.types("hello", "@pmo")
        ada.opens_home()
        answer = ada.types("/pmo what", "#apollo")

    assert answer is not None
    assert "no longer known" in answer.text
    assert slack.warnings == []


def told(slack: Playground, acme: Workspace, **body: Any) -> dict[str, Any]:
    return {"team": {"id": acme.id}, "user": {"id": slack.as_("ada").me.id}, **body}


FIELD = {"type": "input", "block_id": "title"}
WRITTEN = {"type": "message", "channel_type": "im"}


def an_old_form(*blocks: Any) -> dict[str, Any]:
    return {"id": "V1", "type": "modal", "callback_id": "old", "blocks": [*blocks]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"type": "block_actions", "actions": [{"action_id": "old", "type": "button"}]}, ""),
        ({"type": "block_actions", "actions": [{"action_id": "o", "type": "button", "url": "https://a.b"}]}, ""),
        ({"type": "block_suggestion", "action_id": "old", "value": ""}, '{"options": []}'),
        (
            {"type": "view_submission", "view": {"id": "V1", "type": "modal", "callback_id": "old", "blocks": [FIELD]}},
            "open the form anew",
        ),
        (
            {"type": "view_submission", "view": {"id": "V1", "type": "modal", "callback_id": "old", "blocks": []}},
            "open the form anew",
        ),
        ({"type": "view_closed", "view": {"id": "V1", "type": "modal", "callback_id": "old", "blocks": []}}, ""),
        ({"type": "interactive_message", "callback_id": "old", "actions": [{"type": "button"}]}, ""),
        (
            {
                "type": "event_callback",
                "event": {"type": "message", "channel_type": "im", "subtype": "message_changed"},
            },
            "",
        ),
        ({"type": "event_callback", "event": {"type": "message", "channel_type": "im"}, "user": None}, ""),
        ({"type": "something_new"}, ""),
        ({"ssl_check": "1"}, ""),
    ],
)
def test_what_is_old_or_new_to_us_is_acknowledged(
    slack: Playground, acme: Workspace, run: Run, body: dict[str, Any], said: str
) -> None:
    with run() as bot:
        answer = bot.edge.dispatch("socket_mode", {**told(slack, acme), **body}, {})

    assert answer.status == 200
    assert said in answer.body if said else not answer.body


def test_a_command_without_end_is_refused_in_words(slack: Playground, run: Run) -> None:
    with run(command("risk", Act.SEE_HELP, lambda tell: tell("Saved."))):
        ada = slack.as_("ada")
        answers = [ada.types("/risk " + "a " * words, "#apollo") for words in (1500, 1501)]

    assert [answer.text if answer else "" for answer in answers] == [
        "Saved.",
        "Keep a command to 3,000 characters; a form takes that much in each of its fields.",
    ]


def test_somebody_whom_slack_does_not_show_us_is_told_so(slack: Playground, acme: Workspace, run: Run) -> None:
    event = {"type": "app_mention", "user": "USTRANGER", "channel": "C00000001", "text": "hello"}
    with run() as bot:
        answer = bot.edge.dispatch(SOCKET, {"type": "event_callback", "team_id": acme.id, "event": event}, {})

    assert answer.status == 200


def test_an_event_of_somebody_slack_does_not_tell_about_comes_again(
    slack: Playground, acme: Workspace, run: Run
) -> None:
    slack.misbehave("users.info", "500")
    event = {"type": "message", "channel_type": "im", "user": slack.as_("ada").me.id, "channel": "D1"}
    with run() as bot:
        answer = bot.edge.dispatch(
            "http", json.dumps({"type": "event_callback", "team_id": acme.id, "event": event}), {}
        )

    assert answer.status == 500


def test_an_answer_is_put_in_the_place_of_the_message(slack: Playground, acme: Workspace, run: Run) -> None:
    def ask(tell: Tell) -> None:
        tell(Message("Close it?", [actions(button("Close", "close"))]))

    def close(ack: Ack, respond: Respond) -> None:
        ack()
        assert respond("Closed.", replace_original=True)

    with run(command("risk", Act.RAISE_RISK, ask), action("close", Act.CLOSE_RISK, close), pmo_admins=("U00000001",)):
        ada = slack.as_("ada")
        question = ada.types("/risk", "#apollo")
        ada.presses(question, "Close")

    assert [message.text for message in ada.reads("#apollo")] == ["Closed."]
    assert slack.warnings == []


def test_a_click_is_answered_beside_the_message(slack: Playground, run: Run) -> None:
    def ask(tell: Tell) -> None:
        tell(Message("Close it?", [actions(button("Close", "close"))]))

    with run(command("risk", Act.RAISE_RISK, ask), action("close", Act.CLOSE_RISK, lambda ack: ack())):
        ada = slack.as_("ada")
        ada.presses(ada.types("/risk", "#apollo"), "Close")

    assert "Ask an admin of this Slack." in ada.reads("#apollo")[-1].text
    assert slack.warnings == []


def test_a_form_keeps_what_was_typed_when_it_cannot_be_saved(slack: Playground, run: Run, wire: str) -> None:
    def open_form(ack: Ack, client: WebClient, trigger: str) -> None:
        client.views_open(trigger_id=trigger, view=a_form())
        ack()

    def refuse(ack: Ack) -> None:
        raise Refused("Not in the past.", field="due")

    with run(command("risk", Act.RAISE_RISK, open_form), view("risk", Act.RAISE_RISK, refuse), wire=wire):
        ada = slack.as_("ada")
        ada.types("/risk", "#apollo")
        ada.fills(title="A risk", due="2026-01-01")
        errors = ada.submits()

    assert errors == {"due": "Not in the past."}
    assert ada.modal is not None
    assert slack.warnings == []


def a_form() -> dict[str, Any]:
    def field(name: str, kind: str) -> dict[str, Any]:
        label = {"type": "plain_text", "text": name}
        return {"type": "input", "block_id": name, "label": label, "element": {"type": kind, "action_id": name}}

    words = {name: {"type": "plain_text", "text": name} for name in ("title", "submit")}
    blocks = [field("title", "plain_text_input"), field("due", "datepicker")]
    return {"type": "modal", "callback_id": "risk", **words, "blocks": blocks}


def test_a_trigger_that_came_too_late_asks_to_try_again(slack: Playground, run: Run) -> None:
    def late(ack: Ack, client: WebClient, trigger: str) -> None:
        slack.clock.advance(timedelta(seconds=4))
        client.views_open(trigger_id=trigger, view=a_form())
        ack()

    with run(command("risk", Act.RAISE_RISK, late)):
        answer = slack.as_("ada").types("/risk", "#apollo")

    assert answer is not None
    assert "three seconds" in answer.text


def test_a_workspace_that_is_not_installed_is_told_so(slack: Playground, run: Run) -> None:
    with run(wire=HTTP):
        form = {"command": "/pmo", "text": "help", "team_id": "TOTHER", "user_id": "U1", "trigger_id": "1"}
        reply = slack.delivery.command(form)

    assert "not installed" in str(reply.body)


def test_an_organisation_wide_installation_is_known_by_the_persons_workspace(
    slack: Playground, acme: Workspace, run: Run
) -> None:
    ada = {"id": slack.as_("ada").me.id, "team_id": acme.id}
    body = {
        "type": "view_submission",
        "team": None,
        "user": ada,
        "view": {"id": "V1", "type": "modal", "callback_id": "risk"},
    }
    with run(view("risk", Act.RAISE_RISK, lambda ack: ack())) as bot:
        answer = bot.edge.dispatch(SOCKET, body, {})

    assert (answer.status, answer.body) == (200, "")


def test_which_workspace_it_is_is_looked_up_once_a_minute(
    slack: Playground, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    serving = store.workspaces.serving

    def note(session: Any, team_id: str, enterprise_id: str | None) -> Any:
        asked.append(team_id)
        return serving(session, team_id, enterprise_id)

    with run() as bot:
        monkeypatch.setattr(store.workspaces, "serving", note)
        for _ in range(3):
            slack.as_("ada").types("/pmo help", "#apollo")
        assert len(asked) == 1
        slack.clock.advance(timedelta(minutes=1))
        slack.as_("ada").types("/pmo help", "#apollo")
        assert len(asked) == 2
        assert bot.edge.taking


def test_without_a_database_people_are_told_and_events_come_again(
    slack: Playground, acme: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> Any:
        raise OSError

    with run() as bot:
        monkeypatch.setattr(store.workspaces, "serving", gone)
        opened = {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1"}}
        event = bot.edge.dispatch(SOCKET, {"team_id": acme.id, **opened}, {})
        typed = bot.edge.dispatch(SOCKET, {"team_id": acme.id, "command": "/pmo", "user_id": "U1"}, {})

    assert (event.status, typed.status) == (500, 200)
    assert "Something went wrong" in typed.body


def test_an_uninstalled_app_is_still_heard(slack: Playground, acme: Workspace, run: Run) -> None:
    told: list[Any] = []
    with run(event("app_uninstalled", None, lambda body: told.append(body["team_id"]))):
        slack.uninstall(acme)

    assert told == [acme.id]


def test_everything_goes_to_the_slack_of_the_settings(slack: Playground, run: Run, wire: str) -> None:
    with run(wire=wire) as bot:
        assert bot.line.url == slack.api_url
        assert bot.messenger.open_dm(1, slack.as_("ada").me.id).startswith("D")

    assert slack.traffic.count("conversations.open") == 1


def test_a_tick_does_what_is_due(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    moments: list[Any] = []

    def note(now: datetime) -> int:
        moments.append(now)
        return 1

    monkeypatch.setattr(schedules, "JOBS", (Job("note", note),))
    with run() as bot:
        assert bot.tick(NOW) == {"note": 1, "failed": 0}

    assert moments == [NOW]


def setting(event: threading.Event) -> int:
    event.set()
    return 1


def test_left_to_itself_it_ticks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ticked, delivered = threading.Event(), threading.Event()
    monkeypatch.setattr(schedules, "EVERY", 0.01)
    jobs = (Job("due", lambda: setting(ticked)), Job("say", lambda: setting(delivered), at_once=True))
    monkeypatch.setattr(schedules, "JOBS", jobs)
    with run(ticking=True):
        assert ticked.wait(5)
        assert delivered.wait(5)


def test_a_token_that_slack_does_not_take_is_named(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str]
) -> None:
    settings = the_settings(slack, acme, new_database("sqlite"), slack_bot_token="xoxb-wrong")
    bot = make_bot(settings, clock=slack.clock)
    with pytest.raises(Refused, match="SLACK_BOT_TOKEN"):
        bot.start()
    assert bot.stop()


def test_an_app_token_that_slack_does_not_take_is_named(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str]
) -> None:
    settings = the_settings(slack, acme, new_database("sqlite"), slack_app_token="xapp-wrong")
    bot = make_bot(settings, clock=slack.clock)
    with pytest.raises(Refused, match="SLACK_APP_TOKEN"):
        bot.start(ticking=False)
    assert bot.stop()


def test_a_slack_that_is_not_there_is_named(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str]
) -> None:
    settings = the_settings(slack, acme, new_database("sqlite"), slack_api_url="http://127.0.0.1:1/api/")
    bot = make_bot(settings, clock=slack.clock)
    with pytest.raises(Refused, match=r"127\.0\.0\.1:1"):
        bot.start()
    assert bot.stop()


def test_bolt_does_not_read_the_environment(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = the_settings(slack, acme, new_database("sqlite"))
    strangers = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x", "SLACK_BOT_TOKEN": "xoxb-x"}
    for name, value in {**strangers, "HTTPS_PROXY": "http://127.0.0.1:1", "SLACK_VERIFICATION_TOKEN": "x"}.items():
        monkeypatch.setenv(name, value)
    bot = make_bot(settings, clock=slack.clock)

    assert bot.bolt.oauth_flow is None
    assert bot.bolt.client.proxy is None
    assert not strangers.keys() & os.environ.keys()
    bot.start(ticking=False)
    assert bot.stop()


def test_the_libraries_that_log_bodies_are_hushed(run: Run) -> None:
    with run():
        assert not logging.getLogger("slack_bolt").isEnabledFor(logging.INFO)
        assert not logging.getLogger("slack_sdk").isEnabledFor(logging.INFO)


def no_longer_taking(bot: Bot) -> bool:
    """Whether the bot stops taking while something still runs."""
    return any(not bot.edge.taking for _ in range(10_000_000))


def test_socket_mode_ends_only_when_what_runs_was_answered(slack: Playground, run: Run) -> None:
    begun, go_on, stopped = threading.Event(), threading.Event(), threading.Event()

    def work(tell: Tell) -> None:
        begun.set()
        go_on.wait(5)
        tell("done")

    answers: list[Any] = []
    with run(command("risk", Act.RAISE_RISK, work)) as bot:
        typing = threading.Thread(target=lambda: answers.append(slack.as_("ada").types("/risk", "#apollo")))
        typing.start()
        assert begun.wait(5)
        ending = threading.Thread(target=lambda: setting(stopped) if bot.stop(5) else None)
        ending.start()
        assert no_longer_taking(bot)
        go_on.set()
        typing.join()
        ending.join()

    assert stopped.is_set()
    assert answers[0].text == "done"


@contextmanager
def a_process(slack: Playground, acme: Workspace, database_url: str, wire: str) -> Iterator[tuple[Any, int]]:
    """`python -m bot run` as its own process, once it listens, and the port it listens on."""
    settings = the_settings(slack, acme, database_url, wire)
    secrets = {
        "SLACK_BOT_TOKEN": acme.bot_token,
        "SLACK_SIGNING_SECRET": acme.signing_secret,
        "SLACK_APP_TOKEN": acme.app_token if wire == SOCKET else "",
        "SLACK_API_URL": settings.slack_api_url,
        "DATABASE_URL": database_url,
        "PORT": "0",
        "LOG_FORMAT": "json",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env={**os.environ, **secrets},
        cwd=Path(__file__).parent.parent,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    lines: list[str] = []
    try:
        for line in process.stderr:
            lines.append(line)
            if '"listening"' in line:
                yield process, int(line.partition('"port": ')[2].partition(",")[0].rstrip("}\n "))
                break
        else:
            pytest.fail("".join(lines))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize(
    ("wire", "number"), [(HTTP, signal.SIGTERM), (SOCKET, signal.SIGTERM), (SOCKET, signal.SIGINT)]
)
def test_told_to_end_it_ends_with_0(
    slack: Playground, acme: Workspace, database_url: Callable[[str], str], wire: str, number: signal.Signals
) -> None:
    with a_process(slack, acme, database_url("sqlite"), wire) as (process, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as ready:
            assert ready.status == 200
        process.send_signal(number)
        _, said = process.communicate(timeout=15)

    assert process.returncode == 0, said


def test_told_to_end_it_answers_what_it_has_begun(
    slack: Playground, acme: Workspace, new_database: Callable[[str], str], wire: str
) -> None:
    begun = threading.Event()
    slack.clock.move_to(utc_now(), back=True)
    slack.misbehave("users.info", "timeout_before", when=lambda _asked: bool(setting(begun)))
    with a_process(slack, acme, new_database("sqlite"), wire) as (process, port):
        if wire == HTTP:
            slack.deliver_over_http(f"http://127.0.0.1:{port}/slack/events")
        with ThreadPoolExecutor(1) as typing:
            answer = typing.submit(slack.as_("ada").types, "/pmo help", "#apollo")
            assert begun.wait(10)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=15)

    assert process.returncode == 0, said
    message = answer.result()
    assert message is not None
    assert "try again" in message.text


def test_how_many_posts_wait_is_shown(run: Run) -> None:
    with run() as bot:
        with bot.db.transaction(1) as session:
            store.posts.put(session, "a:1", to="C1", message=Message("Hello"), now=NOW)
        assert bot.web.figures().count(b"pmo_posts_waiting 1.0") == 1


def test_the_real_clock_knows_its_zone() -> None:
    assert utc_now().utcoffset() == timedelta(0)
