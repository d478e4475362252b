"""The composition root: every part is made here once, and given to those who need it."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from types import ModuleType

from pydantic import SecretStr
from slack_bolt import App

from bot import handlers, logs, manifest, schedules, store
from bot.installations import ANSWERED_WITHIN, Installations, KeptInstallations, States
from bot.messenger import Line, Messenger
from bot.rules.addresses import is_of
from bot.rules.delivery import Pace
from bot.settings import Settings, forget_environment
from bot.store import Database, Session
from bot.store.tables import Workspace
from bot.vault import Vault
from bot.web import Edge, Installing, Meters, Socket, Web
from bot.web.serving import leave, serve

Now = Callable[[], datetime]
NOT_INSTALLED = "PMO Bot is not installed in this workspace any more. Ask one of its Slack admins to install it again."


def utc_now() -> datetime:
    """The real clock; everything else is told the time."""
    return datetime.now(UTC)


class Bot:
    """All parts, joined: `start` and `stop` are its life, `asgi` its pages, `tick` its clock turned by hand."""

    def __init__(self, settings: Settings, db: Database, clock: Now, modules: Iterable[ModuleType]) -> None:
        line = Line(
            settings.slack_api_url,
            token=_secret(settings.slack_bot_token),
            client_id=settings.slack_client_id or "",
            client_secret=_secret(settings.slack_client_secret),
            proxy=settings.proxy,
        )
        self.settings = settings
        self.line = line
        self.db = db
        self.clock = clock
        self.vault = Vault(_secret(settings.pmo_encryption_keys))
        self.installations = Installations(db, line, self.vault, clock, install_url=settings.install_url)
        self.messenger = Messenger(self.installations.client_for, self.installations.hear)
        self.scheduler = schedules.make_scheduler()
        self.pace = Pace(messages_a_minute=settings.messages_a_minute, at_once=settings.speakers)
        self.nudge = schedules.register(self.scheduler, db=db, clock=clock, messenger=self.messenger, pace=self.pace)
        self.bolt = make_bolt(line, self.installations)
        self.table = handlers.register(self.bolt, db=db, clock=clock, nudge=self.nudge, modules=modules)
        self.edge = Edge(self.bolt, Meters(), trusts=partial(is_of, api=settings.slack_api_url))
        self.socket: Socket | None = None
        self.web = self._make_web()
        self.asgi = self.web.asgi()

    def start(self, *, ticking: bool = True) -> None:
        """Learn whose bot this is, meet Slack and set the clock going; Refused names what stands in the way.

        Without `ticking` nothing happens by itself, and `tick` is for whoever asked for that.
        """
        self.meet()
        if ticking:
            self.keep_time()
        token = self.settings.slack_app_token
        if token is not None:
            self.socket = Socket(self.bolt, token.get_secret_value(), self.edge, threads=self.settings.threads)
            with self.line.trusting("SLACK_APP_TOKEN"):
                self.socket.connect()

    def meet(self) -> None:
        """Know the workspaces the bot is in; Refused when Slack or the keys do not let it speak there."""
        if self.settings.slack_bot_token is not None:
            self.installations.introduce(self.settings.pmo_admins, welcome=welcome)
        self.installations.look_over()

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
        return schedules.run_all(self.db, now, self.messenger, pace=self.pace)

    def next_due(self) -> datetime | None:
        """The next moment at which there is anything to do, or None."""
        return schedules.next_due_at(self.db)

    def serve(self) -> bool:
        """Run until the process is told to end; whether everything ended in time."""
        logs.catch()
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
            installing=self._make_installing(),
        )

    def _make_installing(self) -> Installing | None:
        """The pages over which workspaces install the bot, where that was asked for."""
        settings = self.settings
        if not settings.over_oauth:
            return None
        kept = KeptInstallations(
            self.db,
            self.vault,
            self.clock,
            welcome=welcome,
            changed=self._installed,
            install_url=settings.install_url,
        )
        return Installing(
            client_id=settings.slack_client_id or "",
            client_secret=_secret(settings.slack_client_secret),
            scopes=manifest.scopes(),
            slack_url=settings.slack_api_url,
            public_url=settings.public_url or "",
            states=States(self.db, self.clock),
            installations=kept,
            exchange=self.installations.exchange,
        )

    def _installed(self) -> None:
        self.installations.forget()
        self.nudge()

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


def welcome(session: Session, workspace: Workspace, installer: str, now: datetime) -> None:
    """Whoever let the bot in (by Slack id) is told what it does and how to begin; all or nothing with letting it in."""
    handlers.setup.welcome(session, workspace, installer, now)


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


def _secret(held: SecretStr | None) -> str:
    return held.get_secret_value() if held is not None else ""


def _within(seconds: float, end: Callable[[], object]) -> bool:
    """Whether ending something took no longer than that; it goes on behind us if not."""
    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()
