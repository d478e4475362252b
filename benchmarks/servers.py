"""The two sides of a comparison, each in a process of its own: a bare Bolt app, and the bot with everything on."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.error import URLError

from benchmarks.load import PROJECTS, SECRET

TEAM, USER = "T1", "UANA"
NO_TOKEN = "xoxb-none"  # noqa: S105 - nothing is said to Slack
KEY = urlsafe_b64encode(bytes(32)).decode()  # what that token is sealed with
PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Server:
    """A server that answers, and how it came to be."""

    port: int
    process: subprocess.Popen[bytes]
    seconds_to_answer: float

    @property
    def megabytes(self) -> float:
        """Resident memory now."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:  # noqa: PTH123
            line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def serving(kind: str, database: str = "") -> Iterator[Server]:
    """Start "bare" or "bot" and give it as soon as it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begun = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.servers", kind, str(port), database]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S603 - our own arguments
    try:
        _wait_for(port, process)
        yield Server(port, process, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
            return
        except (URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.005)


def seed(database: str) -> None:
    """A workspace with a manager of many projects, as `/risk` needs them."""
    from bot.rules.terms import Role
    from bot.store import Database, installations
    from bot.store.installations import Grant, Place
    from bot.store.tables import Person, Project, ProjectRole
    from bot.vault import Vault

    now = datetime.now(UTC)
    db = Database(database)
    db.upgrade()
    with db.across_workspaces() as session:
        place, grant = Place(TEAM, None, "Acme", "UBOT", "BBOT"), Grant(["chat:write"], Vault(KEY).seal(NO_TOKEN))
        workspace = installations.let_in(session, place, grant, now=now)
    with db.transaction(workspace.id) as session:
        ana = Person(slack_id=USER, name="Ana", timezone="Europe/London", refreshed_at=now)
        projects = [
            Project(key=f"PRJ{number}", name="Apollo", currency="GBP", channel=f"C{number}", created_at=now)
            for number in range(PROJECTS)
        ]
        session.add_all([ana, *projects])
        session.flush()
        session.add_all([ProjectRole(project_id=each.id, person_id=ana.id, role=Role.MANAGER) for each in projects[:3]])
    db.close()


def _bare(port: int) -> None:
    """The same edge around an app that acknowledges, and does nothing else."""
    from slack_bolt import Ack, App
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk import WebClient

    from bot.app import utc_now
    from bot.web import Edge, Meters, Web

    app = App(
        client=WebClient(retry_handlers=[]),
        authorize=lambda: AuthorizeResult(
            enterprise_id=None,
            team_id=TEAM,
            bot_token=NO_TOKEN,
            bot_user_id="UBOT",
            bot_id="BBOT",
        ),
        process_before_response=True,
        token_verification_enabled=False,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )

    @app.command("/risk")
    def acknowledge(ack: Ack) -> None:
        ack()

    web = Web(Edge(app, Meters(), trusts=lambda _: True), secret=SECRET, clock=utc_now, threads=16, checks={})
    _serve(web.asgi(), port)


def _bot(port: int, database: str) -> None:
    """The bot as `pmo-bot run` serves it, but for speaking to Slack: signature, actor, access, once, record, post."""
    from bot.app import make_bot
    from bot.settings import Settings

    os.environ |= {"PMO_ENCRYPTION_KEYS": KEY, "SLACK_SIGNING_SECRET": SECRET, "DATABASE_URL": database}
    _serve(make_bot(Settings()).asgi, port)


def _serve(asgi: object, port: int) -> None:
    import uvicorn

    uvicorn.run(asgi, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")  # type: ignore[arg-type]


if __name__ == "__main__":
    _kind, _port, _database = sys.argv[1:]
    _bare(int(_port)) if _kind == "bare" else _bot(int(_port), _database)
