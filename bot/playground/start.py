"""`pmo-bot playground`: a local Slack with its page, the bot, and the sample workspace, kept under .playground/."""

import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from bot import manifest, vault
from bot.app import Bot, make_bot
from bot.playground import page, rehearsal
from bot.playground.clock import Clock
from bot.playground.local import Local
from bot.playground.records import Person, Workspace
from bot.playground.server import Playground
from bot.settings import Settings

FOLDER: Final = Path(".playground")
KEPT: Final = "slack.json"
KEY: Final = "key"
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
    if is_new:
        slack.add_workspace("Contoso", [Person("ida", is_admin=True), "tom"], ["#general"], install=False)
    bot = make_bot(_settings(slack, workspace, folder, admins=_first(workspace) if empty else ()), clock=slack.clock)
    bot.db.upgrade()
    local = Local(slack, bot)
    try:
        slack.start([*page.routes(slack, local), *_installing(bot)])
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
    told = manifest.read()
    told["oauth_config"] |= {"redirect_urls": [f"http://127.0.0.1:{port}{manifest.REDIRECT_PATH}"]}
    if kept.exists():
        return Playground.load(kept, told, port=port), False
    now = Clock()
    return Playground(now if empty else Clock(rehearsal.first_monday(now())), told, port=port), True


def _move_in(slack: Playground, *, empty: bool) -> Workspace:
    if not empty:
        return rehearsal.move_in(slack)
    return slack.add_workspace("Northwind", people=[Person("ana", is_admin=True), "ben"], channels=["#general"])


def _first(workspace: Workspace) -> tuple[str, ...]:
    """Whoever would have let the bot in: the first of Slack's admins."""
    return tuple(person.id for person in workspace.people.values() if person.is_admin)[:1]


def _settings(slack: Playground, workspace: Workspace, folder: Path, *, admins: tuple[str, ...]) -> Settings:
    """What somebody would put into .env for this Slack; `admins` are told how to begin."""
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'pmo.db'}",
        slack_api_url=slack.api_url,
        slack_bot_token=workspace.bot_token,
        slack_app_token=workspace.app_token,
        slack_client_id=slack.world.state.client_id,
        slack_client_secret=slack.world.state.client_secret,
        pmo_encryption_keys=_key(folder / KEY),
        public_url=slack.url,
        pmo_admins=admins,
    )


def _key(kept: Path) -> str:
    """The key that tokens are sealed with here, made once."""
    if not kept.exists():
        kept.write_text(vault.new_key(), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _installing(bot: Bot) -> list[BaseRoute]:
    """The bot's own pages, over which another workspace lets it in, and the address at Slack that they lead back to."""
    paths = (manifest.INSTALL_PATH, manifest.REDIRECT_PATH)
    return [*(Route(path, bot.asgi) for path in paths), Route("/app_redirect", _opened)]


def _opened(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/w/{request.query_params.get('team', '')}", 303)


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
