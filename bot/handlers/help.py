"""Help: what can be asked of the bot, written from the routing table itself."""

from collections.abc import Sequence

from bot.handlers.calls import Tell
from bot.handlers.routing import DOOR, HELP, Route, Table, command, nearest
from bot.rules.access import Act
from bot.rules.actors import Actor

SHORT = ("checkin", "risk", "escalate")
EVERYTHING = "*What you can ask PMO Bot*"


def answer(tell: Tell, text: str, table: Table, actor: Actor) -> None:
    """Say what this person can ask for; for words nobody knows, what may have been meant."""
    open_to = [route for route in table.commands() if route.act is not None and actor.may_ever(route.act)]
    about = [route for route in open_to if text and route.id.startswith(text.lower())]
    tell("\n".join(_usages(about) if about else [*_unknown(text, open_to), EVERYTHING, *_usages(open_to)]))


def _unknown(text: str, open_to: Sequence[Route]) -> list[str]:
    """What was typed is not said again: it may be anything."""
    meant = nearest(text, open_to)
    guess = f" Did you mean `{_words(meant)}`?" if meant else ""
    return [f"I do not know that command.{guess}"] if text else []


def _usages(routes: Sequence[Route]) -> list[str]:
    return [f"`{f'{_words(route)} {route.usage}'.rstrip()}` {route.says}".rstrip() for route in routes]


def _words(route: Route) -> str:
    return f"/{route.id}" if route.id in SHORT else f"{DOOR} {route.id}"


ROUTES = (command(HELP, Act.SEE_HELP, answer, usage="[WORDS]", says="what you can ask for"),)
