"""The composition root: every part is made here once, and given to those who need it."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize

from bot import handlers, logs, schedules, store
from bot.messenger import Line, Messenger, Retry
from bot.rules.terms import Role
from bot.settings import Settings, forget_environment
from bot.store import Database
from bot.store.tables import Workspace
from bot.web import Edge, Meters, Socket, Web
from bot.web.serving import leave, serve

Now = Callable[[], datetime]
ANSWERED_WITHIN = 2  # seconds; who waits has three
SPOKEN_WITHIN = 15  # seconds
ELSEWHERE = 600.0  # seconds until somebody else's posts are looked at again
KNOWN_FOR = timedelta(seconds=60)
NOT_INSTALLED = "PMO Bot is not installed in this workspace any more. Ask one of its Slack admins to install it again."


def utc_now() -> datetime:
    """The real clock; everything else is told the time."""
    return datetime.now(UTC)


class Installations(Authorize):
    """The workspaces the bot is in, looked up at most once a minute each; Slack is never asked."""

    def __init__(self, db: Database, line: Line, clock: Now) -> None:
        self._db = db
        self._line = line
        self._clock = clock
        self._known: dict[str, tuple[datetime, Workspace | None]] = {}
        self._ours: int | None = None
        self._speaking = line.client(SPOKEN_WITHIN, line.token)

    def __call__(self, *, context: BoltContext, team_id: str | None, **_more: Any) -> AuthorizeResult | None:
        """Whose request this is, for Bolt; the workspace's number goes along in the context."""
        workspace = self._find(team_id) if team_id else None
        if workspace is None:
            return None
        context["workspace"] = workspace.id
        return AuthorizeResult(
            enterprise_id=workspace.enterprise_id,
            team_id=workspace.team_id,
            bot_user_id=workspace.bot_user_id,
            bot_id=workspace.bot_id,
            bot_token=self._line.token,
        )

    def client_for(self, workspace: int) -> Any:
        """The client to speak with in a workspace; raises Retry for one that the token is not of.

        Its posts are not lost: they wait for a bot that may speak there, and never go to another client's Slack.
        """
        if workspace != self._ours:
            raise Retry("not_installed_here", after=ELSEWHERE)
        return self._speaking

    def introduce(self, admins: tuple[str, ...]) -> Workspace:
        """Ask Slack once whose token this is, and keep that workspace and its admins; raises Refused."""
        told = self._line.whose_token(SPOKEN_WITHIN)
        now = self._clock()
        with self._db.across_workspaces() as session:
            workspace = store.workspaces.keep(session, now=now, **_installed(told))
        with self._db.transaction(workspace.id) as session:
            for slack_id in admins:
                person = store.people.find_or_add(session, slack_id)
                store.people.grant(session, person, Role.PMO, by=None, now=now)
        self._known.clear()
        self._ours = workspace.id
        return workspace

    def _find(self, team_id: str) -> Workspace | None:
        now = self._clock()
        looked_up, workspace = self._known.get(team_id, (None, None))
        if looked_up is None or not looked_up <= now < looked_up + KNOWN_FOR:
            with self._db.across_workspaces() as session:
                workspace = store.workspaces.find(session, team_id)
            self._known[team_id] = (now, workspace)
        return workspace


class Bot:
    """All parts, joined: `start` and `stop` are its life, `asgi` its pages, `tick` its clock turned by hand."""

    def __init__(self, settings: Settings, db: Database, clock: Now, modules: Iterable[ModuleType]) -> None:
        token = settings.slack_bot_token
        line = Line(settings.slack_api_url, token=token.get_secret_value() if token else "", proxy=settings.proxy)
        self.settings = settings
        self.line = line
        self.db = db
        self.clock = clock
        self.installations = Installations(db, line, clock)
        self.messenger = Messenger(self.installations.client_for)
        self.scheduler = schedules.make_scheduler()
        self.nudge = schedules.register(self.scheduler, db=db, clock=clock, messenger=self.messenger)
        self.bolt = make_bolt(line, self.installations)
        self.table = handlers.register(self.bolt, db=db, clock=clock, nudge=self.nudge, modules=modules)
        self.edge = Edge(self.bolt, Meters())
        self.socket: Socket | None = None
        self.web = self._make_web()
        self.asgi = self.web.asgi()

    def start(self, *, ticking: bool = True) -> None:
        """Learn whose bot this is, meet Slack and set the clock going; Refused names what stands in the way.

        Without `ticking` nothing happens by itself, and `tick` is for whoever asked for that.
        """
        self.installations.introduce(self.settings.pmo_admins)
        if ticking:
            self.keep_time()
        token = self.settings.slack_app_token
        if token is not None:
            self.socket = Socket(self.bolt, token.get_secret_value(), self.edge, threads=self.settings.threads)
            with self.line.trusting("SLACK_APP_TOKEN"):
                self.socket.connect()

    def keep_time(self) -> None:
        """Have what is due done each second, and what is nudged at once."""
        self.nudge.start()
        self.scheduler.start()

    def stop(self, within: float = 10.0) -> bool:
        """Stop taking, let what runs end and be answered, then hang up; whether all ended within so many seconds."""
        until = time.monotonic() + within

        def left() -> float:
            return max(0.0, until - time.monotonic())

        ended = self.edge.drain(left())
        if self.socket:
            ended &= _within(left(), self.socket.close)
        if self.scheduler.running:
            ended &= _within(left(), self.scheduler.shutdown)
        ended &= self.nudge.stop(left())
        self.web.close()
        self.db.close()
        return ended

    def tick(self, now: datetime) -> dict[str, int]:
        """Do once everything that is due at that moment, delivery included; how much of each."""
        return schedules.run_all(self.db, now, self.messenger)

    def next_due(self) -> datetime | None:
        """The next moment at which there is anything to do, or None."""
        return schedules.next_due_at(self.db)

    def serve(self) -> bool:
        """Run until the process is told to end; whether everything ended in time."""
        ended = serve(self.asgi, self.settings.host, self.settings.port, start=self.start, stop=self.stop)
        leave(ended=ended)
        return ended

    def _make_web(self) -> Web:
        secret = self.settings.slack_signing_secret
        over_http = secret is not None and not self.settings.socket_mode
        checks = {"database": self.db.is_current} | ({} if over_http else {"slack": self._is_connected})
        return Web(
            self.edge,
            secret=secret.get_secret_value() if secret and over_http else None,
            clock=self.clock,
            threads=self.settings.threads,
            checks=checks,
            waiting=self._count_waiting,
        )

    def _count_waiting(self) -> int:
        with self.db.across_workspaces() as session:
            return store.posts.count_waiting(session)

    def _is_connected(self) -> bool:
        return self.socket is not None and self.socket.is_connected()


def make_bot(
    settings: Settings,
    *,
    clock: Now = utc_now,
    db: Database | None = None,
    modules: Iterable[ModuleType] = handlers.MODULES,
) -> Bot:
    """A bot, not yet started; its database is to be migrated already."""
    forget_environment()
    return Bot(settings, db or Database(settings.database_url, pool=settings.database_pool), clock, modules)


def make_bolt(line: Line, installations: Installations) -> App:
    """Bolt as we use it: answers before it responds, asks Slack nothing by itself, logs no body."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.WARNING)
    bolt = App(
        client=line.client(ANSWERED_WITHIN),
        authorize=installations,  # type: ignore[arg-type]
        process_before_response=True,
        token_verification_enabled=False,
        request_verification_enabled=False,  # the edge has done it
        ssl_check_enabled=False,
        raise_error_for_unhandled_request=True,
        attaching_conversation_kwargs_enabled=False,
        user_facing_authorize_error_message=NOT_INSTALLED,
        listener_executor=ThreadPoolExecutor(1, thread_name_prefix="bolt"),
        logger=quiet,
        name="pmo-bot",
    )
    logs.hush()
    return bolt


def _installed(told: Any) -> dict[str, Any]:
    return {
        "team_id": told["team_id"],
        "enterprise_id": told.get("enterprise_id"),
        "name": told.get("team") or told["team_id"],
        "bot_user_id": told["user_id"],
        "bot_id": told["bot_id"],
    }


def _within(seconds: float, end: Callable[[], object]) -> bool:
    """Whether ending something took no longer than that; it goes on behind us if not."""
    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()
