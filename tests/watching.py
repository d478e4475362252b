"""What the whole test-suite logs is looked through: no token, no signature, nothing that anybody typed.

Whatever the playground hands out as a secret, and whatever its people type, fill in and say, is remembered while the
tests run; after each test its log lines and what it wrote to stderr must hold nothing of it.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.playground import delivery, wire, world
from bot.playground.lint import objects_in
from bot.playground.records import Json

TELLING = 16
"""Characters from which on a text can only have come from where it was typed: "help" may stand anywhere."""
LOOKED_AT = ("log", "stderr")


class Watch:
    """Everything that must not be seen in a log."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.words: set[str] = set()

    def note(self, payload: Json) -> None:
        """Remember what people say in something that Slack sends."""
        self.words.update(text for text in map(str.strip, typed_in(payload)) if len(text) >= TELLING and " " in text)

    def leaks(self, told: str) -> list[str]:
        """What of it a log holds."""
        return [each for each in (*self.secrets, *self.words) if each in told]


def typed_in(payload: Json) -> Iterator[str]:
    """The texts of a payload that somebody typed: after a command, into a form, into a message."""
    yield str(payload.get("text") or "")
    yield str((payload.get("event") or {}).get("text") or "")
    yield str((payload.get("message") or {}).get("text") or "")
    for part in objects_in((payload.get("view") or {}).get("state") or {}):
        if isinstance(part.get("value"), str):
            yield part["value"]


WATCH = Watch()


def begin() -> None:
    """Watch the playground from now on; the tests' own browser is no part of the bot, and tells nothing."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    new_secret, send, signed = world.World.new_secret, delivery.Delivery._send, wire.signed

    def noted_secret(self: world.World, prefix: str) -> str:
        secret = new_secret(self, prefix)
        if prefix:  # an id without a word before it may stand anywhere
            WATCH.secrets.add(secret)
        return secret

    def noted_send(self: delivery.Delivery, kind: Any, payload: Json, *more: Any) -> Any:
        WATCH.note(payload)
        return send(self, kind, payload, *more)

    def noted_signature(*given: Any) -> dict[str, str]:
        headers = signed(*given)
        WATCH.secrets.add(headers["x-slack-signature"])
        return headers

    for owner, name, noted in (
        (world.World, "new_secret", noted_secret),
        (delivery.Delivery, "_send", noted_send),
        (wire, "signed", noted_signature),
    ):
        setattr(owner, name, noted)


def judge(report: pytest.TestReport, watch: Watch = WATCH) -> None:
    """Fail a test, when it is over, for what its logs hold."""
    if report.when != "teardown":
        return
    told = "".join(text for title, text in report.sections if any(kind in title for kind in LOOKED_AT))
    found = watch.leaks(told) if told else []
    if found:
        report.outcome = "failed"
        report.longrepr = f"the log of {report.nodeid} holds what it must not: {found[:5]}"
