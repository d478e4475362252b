"""A whole bot for a test, joined to a playground over either wire."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from bot import handlers
from bot.app import Bot, make_bot
from bot.handlers.routing import Route
from bot.playground import Playground, Workspace
from bot.settings import Settings
from bot.vault import new_key
from bot.web.serving import listening, make_server
from tests.browsers import PUBLIC

KEY = new_key()
HTTP, SOCKET = "http", "socket_mode"


def the_settings(
    slack: Playground, workspace: Workspace | None, database_url: str, wire: str = HTTP, **more: Any
) -> Settings:
    """What somebody would put into .env for this playground: the token of one workspace or, with none, OAuth."""
    state = slack.world.state
    over_oauth = {
        "slack_client_id": state.client_id,
        "slack_client_secret": state.client_secret,
        "pmo_encryption_keys": KEY,
        "public_url": PUBLIC,
    }
    given = {
        "database_url": database_url,
        "slack_api_url": slack.api_url,
        "slack_signing_secret": state.signing_secret,
        "slack_app_token": state.app_token if wire == SOCKET else None,
        **({"slack_bot_token": workspace.bot_token} if workspace else over_oauth),
    }
    return Settings(_env_file=None, **given | more)


def of_routes(*routes: Route) -> Iterable[ModuleType]:
    """Routes as if a handler module offered them."""
    return (cast(ModuleType, SimpleNamespace(ROUTES=routes)),)


@contextmanager
def running(
    slack: Playground,
    workspace: Workspace | None,
    database_url: str,
    wire: str = HTTP,
    *,
    modules: Iterable[ModuleType] = handlers.MODULES,
    ticking: bool = False,
    **more: Any,
) -> Iterator[Bot]:
    """A bot that hears what happens in the playground; its clock is the playground's, and stands still unless told."""
    bot = make_bot(the_settings(slack, workspace, database_url, wire, **more), clock=slack.clock, modules=modules)
    bot.db.upgrade()
    with listening("127.0.0.1", 0) as door:
        server = make_server(bot.asgi)
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, name="bot")
        thread.start()
        try:
            if wire == HTTP:
                slack.deliver_over_http(f"http://127.0.0.1:{door.getsockname()[1]}/slack/events")
            bot.start(ticking=ticking)
            yield bot
        finally:
            slack.delivery.settle()
            server.should_exit = True
            thread.join()
            assert bot.stop(5)
