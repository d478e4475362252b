"""The ground that is fuzzed on: a whole bot and a strict Slack in one process, with no line between them.

Everything goes the real way, signed and over the pages into the real edge; only the sockets are left out, or ten
thousand cases would take an hour. Slack judges whatever the bot says, and every word of it is looked through.
"""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient, WebhookResponse
from sqlmodel import func, select

from bot.app import Bot, make_bot
from bot.playground import Channel, Clock, Person, Playground, response_urls
from bot.playground.local import Local
from bot.playground.records import Json
from bot.playground.wire import Envelope, Reply, Retry, encoded, signed
from bot.rules.terms import Role
from bot.store import Database, inside, posts
from bot.store.tables import Workspace as Row
from bot.store.tables.columns import Walled
from tests.bots import HTTP, the_settings
from tests.factories import a_person, a_project, a_workspace
from tests.fuzz.cases import Cases
from tests.fuzz.crawl import Crawl
from tests.fuzz.inert import alive_in
from tests.fuzz.week import live
from tests.office import MANIFEST, STAFF, THURSDAY, Office

SECRET = "tusk-of-the-narwhal"
"""In every row of the other client; it must never be seen here."""
ELSEWHERE = "NARWHAL"


class Slack(Playground):
    """A strict Slack that is called instead of asked over a line."""

    def __init__(self) -> None:
        super().__init__(Clock(THURSDAY), MANIFEST, ack_seconds=60, rate_limits=False, port=1)
        self.heard: list[Any] = []
        """What the bot has said since somebody looked: the arguments of its calls."""
        self.opened: list[Any] = []
        """The windows that it has opened since, as Slack has them."""

    def called(self, client: WebClient, method: str, given: dict[str, Any]) -> Any:
        """A call of the Web API."""
        arguments = {name: value for part in given.values() if isinstance(part, dict) for name, value in part.items()}
        arguments = json.loads(json.dumps(arguments))
        self.heard.append(arguments)
        answer = self.api.call(method, arguments, {"authorization": f"Bearer {client.token}"})
        self.opened += [answer.body["view"]] if "view" in answer.body else []
        response = SlackResponse(
            client=client,
            http_verb="POST",
            api_url=method,
            req_args={},
            data=answer.body,
            headers=answer.headers,
            status_code=answer.status,
        )
        return response.validate()  # type: ignore[no-untyped-call]

    def answered(self, hook: WebhookClient, body: Json) -> WebhookResponse:
        """An answer over a response_url."""
        self.heard.append(body)
        team, number, secret = (*urlsplit(hook.url).path.split("/")[3:6], "", "", "")[:3]
        answer = response_urls.use(self.services, team, number, secret, json.loads(json.dumps(body)))
        return WebhookResponse(url=hook.url, status_code=answer.status, body=answer.content.decode(), headers={})


class Way:
    """The way to the bot: through its pages, on a loop of their own."""

    seconds = 60.0

    def __init__(self, slack: Slack, bot: Bot) -> None:
        self._slack = slack
        self._bot = bot
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.sent: list[tuple[Envelope, Json]] = []
        """Everything that Slack has sent, to be sent again with a difference."""

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        """What Slack sends."""
        self.sent.append((kind, deepcopy(payload)))
        kind_of_content, body = encoded(kind, payload)
        status, answer = self.post(body, kind_of_content)
        return Reply("" if status == 200 else "http_error", status, read(answer))

    def post(
        self, body: bytes, content_type: str, *, method: str = "POST", path: str = "/slack/events"
    ) -> tuple[int, bytes]:
        """Any bytes, rightly signed; the status and the body of the answer."""
        secret = self._slack.world.state.signing_secret
        headers = {"content-type": content_type, **signed(body, secret, int(self._slack.clock().timestamp()))}
        return asyncio.run_coroutine_threadsafe(self._ask(method, path, body, headers), self._loop).result(60)

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        said: list[Any] = []
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": path,
            "query_string": b"",
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            said.append(message)

        await self._bot.asgi(scope, receive, send)
        return said[0]["status"], b"".join(message.get("body", b"") for message in said[1:])

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Trouble(logging.Handler):
    """Keeps every log line that tells of an error with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it; Bolt's word that a workspace is not known is no error of ours."""
        if record.exc_info or "exception" in str(record.msg):
            self.lines.append(str(record.msg))


class Ground:
    """Northwind with its bot, another client in the same database, and what was seen to go wrong."""

    def __init__(self, slack: Slack, office: Office, way: Way, other: Row) -> None:
        self.slack = slack
        self.office = office
        self.way = way
        self.other = other
        self.put: list[Json] = []
        self.seen: list[Any] = []
        self.trouble = Trouble()
        self.lived: list[tuple[Envelope, Json]] = []
        self.cases = 0

    @cached_property
    def forms(self) -> dict[str, Json]:
        """Every form there is, as it was sent first, or as it opens."""
        return Crawl(self).go() | forms_in(self.lived)

    @property
    def db(self) -> Database:
        """The database of both clients."""
        return self.office.bot.db

    def send(self, kind: Envelope, payload: Any) -> tuple[int, Any]:
        """Send something, and look whether all that has to hold does; the status and the answer."""
        content_type, body = request(kind, payload)
        status, answer = self.way.post(body, content_type)
        self.check(status, answer)
        return status, read(answer)

    def check(self, status: int, answer: bytes) -> None:
        """What has to hold after whatever was sent: an answer, no fault of ours, and nothing said that is alive."""
        self.cases += 1
        Cases.tried += 1
        said = [*self.slack.heard, *self.put, read(answer)]
        self.seen = [*self.slack.opened, *said]
        self.slack.opened.clear()
        self.slack.heard.clear()
        self.put.clear()
        troubles, self.trouble.lines = self.trouble.lines, []
        assert troubles == [], troubles
        assert status < 500, status
        for each in said:
            assert alive_in(each) == [], each
            assert SECRET not in str(each)

    def trigger(self, payload: Json, who: str = "ana") -> Json:
        """The payload as if somebody had just acted, not again."""
        fresh = self.slack.triggers.issue(self.office.workspace.id, self.office.id(who), self.office.id("#apollo"))
        payload = deepcopy(payload)
        payload |= {"trigger_id": fresh} if "trigger_id" in payload else {}
        payload |= {"event_id": f"Ev{self.cases}"} if "event_id" in payload else {}
        for action in payload.get("actions") or ():
            action["action_ts"] = f"{self.cases}.0"
        return payload

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """How many rows the other client has in each table, and the newest of them."""
        with self.db.across_workspaces() as session, inside(session, self.other.id):
            return {
                table.__name__: tuple(session.exec(select(func.count(), func.max(table.id)).select_from(table)).one())
                for table in walled()
            }


def walled(kind: type[Walled] = Walled) -> Iterator[type[Walled]]:
    """Every table whose rows belong to a workspace."""
    for table in kind.__subclasses__():
        if hasattr(table, "__table__"):
            yield table
        yield from walled(table)


def request(kind: Envelope, payload: Any) -> tuple[str, bytes]:
    """A request as bytes, and their kind; a form cannot carry halves of characters, and JSON need not be an object."""
    if not isinstance(payload, dict):
        return "application/json", json.dumps(payload).encode()
    if kind == "slash_commands":
        return "application/x-www-form-urlencoded", urlencode(payload, errors="replace").encode()
    return encoded(kind, payload)


def read(answer: bytes) -> Any:
    """An answer, as JSON where it is some."""
    try:
        return json.loads(answer or b"null")
    except ValueError:
        return answer.decode()


@contextmanager
def a_ground(database_url: str) -> Iterator[Ground]:
    """Set up both clients and live through a little of Northwind's week; in the end all is whole."""
    slack = Slack()
    people = [Person(**vars(person)) for person in STAFF]
    channels: list[str | Channel] = ["#general", "#apollo", "#gemini", "#board"]
    workspace = slack.add_workspace("Northwind", people=people, channels=channels)

    def call(client: WebClient, method: str, **given: Any) -> Any:
        return slack.called(client, method, given)

    def answer(hook: WebhookClient, body: Json) -> WebhookResponse:
        return slack.answered(hook, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.playground.triggers.SECONDS", Way.seconds)  # a busy machine is no slow bot
        patch.setattr(WebClient, "api_call", call)
        patch.setattr(WebhookClient, "send_dict", answer)
        bot = make_bot(the_settings(slack, workspace, database_url, HTTP), clock=slack.clock)
        bot.db.upgrade()
        patch.setattr(bot.db, "_flush", lambda: None)  # a power cut is not what is tried here
        bot.start(ticking=False)
        way = Way(slack, bot)
        slack.delivery.wire = way
        ground = Ground(slack, Office(slack, workspace, bot, Local(slack, bot)), way, an_other_client(bot.db))
        put = posts.put

        def noted(session: Any, key: str, **given: Any) -> Any:
            ground.put.append(given["message"].payload())
            return put(session, key, **given)

        patch.setattr(posts, "put", noted)
        logging.getLogger().addHandler(ground.trouble)
        try:
            live(ground.office)
            slack.delivery.settle()
            ground.lived = list(way.sent)
            ground.check(200, b"")
            before = ground.rows()
            yield ground
            assert ground.rows() == before
            assert bot.db.faults() == []
            assert slack.notes == []
        finally:
            logging.getLogger().removeHandler(ground.trouble)
            slack.delivery.settle()
            slack.delivery.stop()
            way.close()
            assert bot.stop(5)


def forms_in(sent: list[tuple[Envelope, Json]]) -> dict[str, Json]:
    """Each form that was sent, as it was filled in first."""
    found = [payload for _, payload in reversed(sent) if payload.get("type") == "view_submission"]
    return {payload["view"]["callback_id"]: payload for payload in found}


def an_other_client(db: Database) -> Row:
    """Somebody else's workspace, with rows whose numbers can be guessed and whose words must not be seen."""
    other = a_workspace(db, name=f"Other {SECRET}")
    boss = a_person(db, other, SECRET, Role.PMO, slack_id="UOTHER1")
    a_project(db, other, ELSEWHERE, manager=boss, name=SECRET, channel="COTHER1")
    return other
