"""Forgetting: a leaver's words stay, and who they were does not."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.errors import Refused
from bot.rules.actors import Actor

REVERSIBLE: Final = timedelta(days=30)
"""For how long a forgotten person can be brought back; after that nobody can, the operator included."""

_PSEUDONYM: Final = re.compile(r"Former colleague [1-9][0-9]*")
_ID: Final = r"[UW][A-Z0-9]{6,20}"
# An id in a text: a mention, what is left of one where Slack gave no name, or the whole text.
_NAMED: Final = re.compile(rf"<@({_ID})(?:\|[^<>]*)?>|@({_ID})\b|\A({_ID})\Z")
SOMEBODY: Final = "Former colleague"


def pseudonym(number: int) -> str:
    """What the so-and-so-manieth person to be forgotten in a workspace is called, in place of name and Slack id."""
    return f"{SOMEBODY} {number}"


def mentioned(text: str) -> str | None:
    """The id in Slack of whoever is mentioned, when the text is that mention and nothing else."""
    found = re.fullmatch(rf"<@({_ID})(?:\|[^<>]*)?>", text.strip())
    return found[1] if found else None


def is_pseudonym(text: str | None) -> bool:
    """Whether this stands in the place of somebody's id in Slack: nothing can be said to them."""
    return bool(text and _PSEUDONYM.fullmatch(text))


def renamed(text: str, slack_id: str, name: str, to: str) -> str:
    """A text with one person called otherwise, wherever it names them as Slack does: by mention, id or @name."""
    mentioned = re.sub(rf"<@{slack_id}(?:\|[^<>]*)?>", to, text)
    bare = re.sub(rf"@?\b{slack_id}\b", to, mentioned)
    return re.sub(rf"@{re.escape(name)}(?!\w)", to, bare) if name else bare


def veiled(text: str, known: Container[str]) -> str:
    """A text of history as it is shown: an id in it that is nobody's any more is a former colleague's."""
    if "@" not in text and text[:1] not in {"U", "W"}:
        return text

    def show(found: re.Match[str]) -> str:
        slack_id = next(filter(None, found.groups()))
        return found[0] if slack_id in known else SOMEBODY

    return _NAMED.sub(show, text)


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody answers for: nobody can be forgotten who still does, for then nobody would.

    `managed` and `sponsored` are keys of projects that are not over; the rest are counts of what is open.
    """

    managed: tuple[str, ...] = ()
    sponsored: tuple[str, ...] = ()
    risks: int = 0
    checkins: int = 0
    escalations: int = 0

    def __bool__(self) -> bool:
        return bool(self.managed or self.sponsored or self.risks or self.checkins or self.escalations)


def check(actor: Actor, slack_id: str, *, is_bot: bool, field: str | None = None) -> None:
    """Refused for whoever cannot be forgotten by this actor: themself, or an app.

    So the last who may forget is never forgotten: somebody must be left to bring them back.
    """
    if slack_id == actor.slack_id:
        raise Refused("You cannot forget yourself: ask somebody else of your PMO to do it.", field)
    if is_bot:
        raise Refused("That is an app, not a person. There is nothing to forget.", field)


def successor(held: Held, leaver: str, chosen: str | None, *, field: str) -> str | None:
    """Who takes over, None where there is nothing to take over; Refused, at the field, until somebody is named."""
    if not held:
        return None
    if not chosen:
        raise Refused("Choose who takes over: this person still answers for something.", field)
    if chosen == leaver:
        raise Refused("Choose somebody else: this is who is to be forgotten.", field)
    return chosen
