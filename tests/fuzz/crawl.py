"""Everything that can be reached by typing each command and pressing each button once: so no form is forgotten."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot import handlers
from bot.handlers.routing import REFERENCE, Kind
from bot.playground import inputs
from bot.playground.lint import objects_in
from bot.playground.records import Json, View
from bot.playground.wire import Envelope

if TYPE_CHECKING:
    from tests.fuzz.ground import Ground

COMMANDS = [route.id for module in handlers.MODULES for route in module.ROUTES if route.kind is Kind.COMMAND]
AFTER = ("", "APOLLO", "APOLLO edit", "APOLLO-R1", "all", "<@{hana}|hana>")
NUMBER = re.compile("[0-9]+")
MOST = 600
"""Presses, in case a button leads to ever new ones."""


class Crawl:
    """Ana goes everywhere; what opens is kept, as it would be sent."""

    def __init__(self, ground: "Ground") -> None:
        self._ground = ground
        self._pressed: set[str] = set()
        self._left: list[Json] = []
        self.forms: dict[str, Json] = {}
        self._windows: dict[str, View] = {}
        self._ana = ground.office.id("ana")
        sent = ground.lived
        self._command = next(payload for kind, payload in sent if kind == "slash_commands")
        self._click = next(payload for _, payload in sent if payload.get("type") == "block_actions")
        self._form = next(payload for _, payload in sent if payload.get("type") == "view_submission")

    def go(self) -> dict[str, Json]:
        """Go everywhere; gives every form that opened, by its callback_id, as it is sent when nothing is filled in."""
        for words in COMMANDS:
            for after in AFTER:
                typed = "" if words == REFERENCE else words
                text = f"{typed} {after.format(hana=self._ground.office.id('hana'))}".strip()
                self._send("slash_commands", self._command | {"command": "/pmo", "text": text})
        for _ in range(MOST):
            if not self._left:
                break
            self._press(self._left.pop(0))
        return self.forms

    def _press(self, shown: Json) -> None:
        for block, element in inputs.elements(shown["blocks"]):
            known = f"{element.get('action_id')} {NUMBER.sub('', str(element.get('value')))}"
            if block["type"] != "input" and known not in self._pressed and not element.get("url"):
                self._pressed.add(known)
                self._send("interactive", self._clicked(shown, block, element))

    def _clicked(self, shown: Json, block: Json, element: Json) -> Json:
        action: Json = {name: element[name] for name in ("type", "action_id", "value") if name in element}
        chosen = (element.get("options") or [None])[0]
        action |= {"block_id": block.get("block_id", "b"), "action_ts": "1.0"}
        action |= {"selected_option": chosen} if chosen else {}
        click = {name: value for name, value in self._click.items() if name not in {"view", "message", "response_url"}}
        where = {"view": shown} if "callback_id" in shown else {"message": {"ts": "1.0", "blocks": shown["blocks"]}}
        return {**click, **where, "container": {}, "actions": [action]}

    def _send(self, kind: Envelope, payload: Json) -> None:
        """Send it from the window that it is done in, all others being closed."""
        modals = self._ground.office.workspace.modals
        here = self._windows.get((payload.get("view") or {}).get("id", ""))
        modals[self._ana] = [here] if here else []
        _, answer = self._ground.send(kind, self._ground.trigger(payload))
        self._windows |= {view.id: view for view in modals[self._ana]}
        self._left += [*self._shown(answer), *(each for seen in self._ground.seen for each in self._shown(seen))]
        self._ground.seen.clear()

    def _shown(self, said: Any) -> Iterator[Json]:
        """What can be pressed in what was said: messages, and windows that Slack knows."""
        for part in objects_in(said):
            if part.get("type") == "modal" and part.get("submit") and part.get("id"):
                self.forms.setdefault(part["callback_id"], self._form | {"view": part})
            if isinstance(part.get("blocks"), list) and (part.get("type") != "modal" or part.get("id")):
                yield part
