"""The probe of the store: every public verb that can be asked with what somebody may type or send, found by itself."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot import store
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.portfolios import Wanted
from bot.rules.references import Letter, Reference
from bot.rules.terms import EscalationLevel, Role
from tests.factories import NOW
from tests.probing import Target

NOT_PROBED: Mapping[str, str] = {
    "projects.keys": "knows every key, so that one that is taken is refused whoever has it; it is shown to nobody",
    "health.recompute_all": "has the health of all follow what the workspace agreed on, and tells only of how many",
    "workspaces.find": "finds a client before there is a wall",
    "workspaces.get_by_id": "finds a client before there is a wall",
    "workspaces.list_all": "for the operator: every client there is",
    "workspaces.serving": "finds a client before there is a wall",
    "workspaces.keep": "keeps what Slack says of an installation",
    "installations.consume_state": "an installation that was begun in a browser belongs to no client yet",
    "installations.issue_state": "an installation that was begun in a browser belongs to no client yet",
    "installations.list_all": "for the operator: every installation there is",
    "installations.list_live": "for the operator: every installation there is",
    "purges.begin": "for the operator, across workspaces",
    "purges.count": "for the operator, across workspaces",
    "purges.end": "for the operator, across workspaces",
    "purges.list_over": "for the clock, across workspaces",
    "purges.step": "for the operator, across workspaces",
}

ACROSS = ("claim", "set_right", "missing_guards", "waiting", "seal")
"""Verbs whose names begin so are the clock's, who works across workspaces."""


@dataclass(frozen=True)
class Verb:
    """A public function of the store, with the arguments that somebody could bring about."""

    name: str
    run: Callable[..., Any]
    makes: Mapping[str, Callable[[Target, Actor], Any]]

    def __call__(self, session: Any, target: Target, actor: Actor) -> str:
        """Ask it about a target; what it gives, in words, without what it was given."""
        given = {name: make(target, actor) for name, make in self.makes.items()}
        found = self.run(session, **given)
        told = repr([*found] if inspect.isgenerator(found) else found)
        return told.replace(target.key, "") if target.key in repr(given) else told


def verbs() -> Iterator[Verb]:
    """Every verb that can be asked without a row: whoever has a row of something sees it already."""
    for info in pkgutil.iter_modules(store.__path__):
        if info.ispkg or info.name in {"database", "wall", "prepared"}:
            continue
        module = importlib.import_module(f"bot.store.{info.name}")
        for name, run in vars(module).items():
            if not inspect.isfunction(run) or run.__module__ != module.__name__ or name.startswith(("_", *ACROSS)):
                continue
            makes = _arguments(run)
            if makes is not None and f"{info.name}.{name}" not in NOT_PROBED:
                yield Verb(f"{info.name}.{name}", run, makes)


def _arguments(run: Callable[..., Any]) -> Mapping[str, Callable[[Target, Actor], Any]] | None:
    """How each argument is made; None where one is a row, or something else that nobody types."""
    takes = [*inspect.signature(run).parameters.values()]
    if not takes or takes[0].name != "session":
        return None
    makes: dict[str, Callable[[Target, Actor], Any]] = {}
    for each in takes[1:]:
        if each.name in MADE and (each.name not in BARE or each.annotation in BARE[each.name]):
            makes[each.name] = _whole if each.annotation is Actor else MADE[each.name]
        elif each.default is inspect.Parameter.empty:
            return None
    return makes


BARE = {
    **dict.fromkeys(("key", "name", "typed", "to", "picked", "channel", "slack_id"), (str, str | None)),
    **dict.fromkeys(("project", "portfolio", "of", "number"), (int, int | None)),
}
"""Arguments that are meant only where they are a text, or a number, and not a row."""


def _number(target: Target, _: Actor) -> Any:
    return target.number


def _whole(_: Target, actor: Actor) -> Any:
    return actor


MADE: Mapping[str, Callable[[Target, Actor], Any]] = {
    **dict.fromkeys(
        (
            *("project_id", "risk_id", "escalation_id", "checkin_id", "digest_id", "portfolio_id", "person_id"),
            *("export_id", "number", "project", "portfolio", "of", "raiser"),
        ),
        _number,
    ),
    "numbers": lambda target, _: [target.number],
    "slack_id": lambda target, _: target.person,
    "slack_ids": lambda target, _: [target.person],
    "channel": lambda target, _: target.channel,
    "key": lambda target, _: target.key,
    "keys": lambda target, _: [target.key],
    "typed": lambda target, _: target.key[:3],
    "name": lambda _target, _: "a name",
    "picked": lambda target, _: str(target.number),
    "to": lambda target, _: target.channel,
    "ts": lambda _target, _: "1.1",
    "field": lambda _target, _: "person",
    "ref": lambda target, _: Reference(target.key, Letter.RISK, 1),
    "reference": lambda target, _: Reference(target.key, Letter.ESCALATION, 1),
    "wanted": lambda target, _: Wanted(portfolio=target.number),
    "actor": lambda _target, actor: actor,
    "by": lambda _target, actor: actor.person,
    "role": lambda _target, _: Role.PMO,
    "act": lambda _target, _: Act.SEE_CONFIDENTIAL,
    "level": lambda _target, _: EscalationLevel.SPONSOR,
    "period_end": lambda _target, _: date(2026, 11, 13),
    "previous": lambda _target, _: None,
    "now": lambda _target, _: NOW,
    "since": lambda _target, _: NOW - timedelta(days=30),
    "limit": lambda _target, _: 50,
    "days": lambda _target, _: 30,
}
