"""Help: what can be asked of the bot, written from the routing table itself."""

from collections.abc import Sequence

from bot import store
from bot.handlers.calls import Tell
from bot.handlers.routing import DOOR, HELP, Route, Table, command, nearest
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.store import Database

SHORT = ("checkin", "risk", "escalate")
EVERYTHING = "*What you can ask PMO Bot*"
REFERENCES = "`/pmo APOLLO-R12` shows the record behind a reference; so does the reference alone in a message to me"
BEGIN = "*New here?* `/pmo setup` takes you from nothing to the first digest, step by step."


def answer(tell: Tell, text: str, table: Table, actor: Actor, db: Database) -> None:
    """Say what this person can ask for here; for words nobody knows, what may have been meant."""
    open_to = [route for route in table.commands() if _is_open_to(actor, route)]
    about = [route for route in open_to if text and route.id.startswith(text.lower())]
    if about:
        tell("\n".join(_usages(about)))
    else:
        everything = [EVERYTHING, *_usages(open_to), REFERENCES]
        tell("\n".join([*_unknown(text, open_to), *_beginning(actor, db), *everything]))


def _is_open_to(actor: Actor, route: Route) -> bool:
    """Whether somebody may ask for it, and it is on."""
    return route.act is not None and actor.may_ever(route.act) and actor.charter.has(route.service)


def _beginning(actor: Actor, db: Database) -> list[str]:
    """How to begin, for who can, until somebody has begun."""
    if not actor.may(Act.MANAGE_SETTINGS):
        return []
    with db.reading(actor) as session:
        return [] if store.setup.has_begun(session) else [BEGIN]


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
