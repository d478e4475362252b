"""`pmo-bot playground`: a local Slack with its page, the bot, and the sample workspace, kept under .playground/."""

import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

import yaml

from bot.app import make_bot
from bot.playground import page, rehearsal
from bot.playground.clock import Clock
from bot.playground.local import Local
from bot.playground.records import Person, Workspace
from bot.playground.server import Playground
from bot.settings import Settings

FOLDER: Final = Path(".playground")
KEPT: Final = "slack.json"
MANIFEST: Final = Path(__file__).parent.parent.parent / "app_manifest.yml"
SAVE_EVERY: Final = 5  # seconds, at the most
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class _Ended(Exception):
    """It is time to end, and the sample is not lived through yet."""


def main(*, port: int, fresh: bool, empty: bool, say: Callable[[str], object], folder: Path = FOLDER) -> None:
    """Serve the playground until SIGTERM or SIGINT; what happened in it is there again the next time.

    `fresh` forgets what was there, `empty` leaves the sample workspace out; OSError when the port is taken. A sample
    that was not lived through to its end is begun anew.
    """
    if fresh or not (folder / KEPT).exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    ending = Event()
    for number in SIGNALS:
        signal.signal(number, lambda _number, _frame: ending.set())
    _serve(folder, port or _free_port(), empty=empty, say=say, ending=ending)


def _serve(folder: Path, port: int, *, empty: bool, say: Callable[[str], object], ending: Event) -> None:
    kept = folder / KEPT
    slack, is_new = _slack(kept, port, empty=empty)
    workspace = next(iter(slack.world.workspaces.values()), None) or _move_in(slack, empty=empty)
    bot = make_bot(_settings(slack, workspace, folder), clock=slack.clock)
    bot.db.upgrade()
    local = Local(slack, bot)
    try:
        slack.start(page.routes(slack, local))
        bot.start(ticking=False)
        if is_new and not empty:
            rehearsal.live_through(Local(slack, bot, on_move=lambda _moment: _go_on(ending)), say)
        slack.clock.run()
        bot.keep_time()
        say(f"The playground is at {slack.url}")
        _keep(slack, kept, ending)
    except _Ended:
        return
    finally:
        bot.stop()
        slack.stop()
    slack.save(kept)


def _go_on(ending: Event) -> None:
    if ending.is_set():
        raise _Ended


def _slack(kept: Path, port: int, *, empty: bool) -> tuple[Playground, bool]:
    """Slack as it was left, or a new one: now, or at the Monday on which the sample begins."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    if kept.exists():
        return Playground.load(kept, manifest, port=port), False
    now = Clock()
    return Playground(now if empty else Clock(rehearsal.first_monday(now())), manifest, port=port), True


def _move_in(slack: Playground, *, empty: bool) -> Workspace:
    if not empty:
        return rehearsal.move_in(slack)
    return slack.add_workspace("Northwind", people=[Person("ana", is_admin=True), "ben"], channels=["#general"])


def _settings(slack: Playground, workspace: Workspace, folder: Path) -> Settings:
    """What somebody would put into .env for this Slack."""
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'pmo.db'}",
        slack_api_url=slack.api_url,
        slack_bot_token=workspace.bot_token,
        slack_app_token=workspace.app_token,
    )


def _keep(slack: Playground, kept: Path, ending: Event) -> None:
    """Write down what happened, at first and then now and again, until it is time to end."""
    changed = Event()
    slack.on_change(changed.set)
    slack.save(kept)
    while not ending.wait(SAVE_EVERY):
        if changed.is_set():
            changed.clear()
            slack.save(kept)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
