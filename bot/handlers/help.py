"""Help: what can be asked of the bot, written from the routing table itself."""

from collections.abc import Sequence

from bot.handlers.calls import Tell
from bot.handlers.routing import HELP, Route, Table, command
from bot.rules.access import Act
from bot.rules.actors import Actor

SHORT = ("checkin", "risk", "escalate")


def answer(tell: Tell, text: str, table: Table, actor: Actor) -> None:
    """Say what this person can ask for; for words nobody knows, what may have been meant."""
    open_to = [route for route in table.commands() if route.act is not None and actor.may_ever(route.act)]
    about = [route for route in open_to if text and route.id.startswith(text.lower())]
    tell("\n".join([*_opening(text, about, table), *_usages(about or open_to)]))


def _opening(text: str, about: Sequence[Route], table: Table) -> list[str]:
    if about:
        return []
    if not text:
        return ["*What you can ask PMO Bot*"]
    nearest = table.nearest(text)
    meant = f" Did you mean `/pmo {nearest.id}`?" if nearest else ""
    return [f"I do not know that command.{meant}", "*What you can ask PMO Bot*"]


def _usages(routes: Sequence[Route]) -> list[str]:
    return [f"`{_written(route)}` {route.says}".rstrip() for route in routes]


def _written(route: Route) -> str:
    words = f"/{route.id}" if route.id in SHORT else f"/pmo {route.id}"
    return f"{words} {route.usage}".rstrip()


ROUTES = (command(HELP, Act.SEE_HELP, answer, usage="[WORDS]", says="what you can ask for"),)
