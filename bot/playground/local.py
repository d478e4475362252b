"""The bot and the local Slack in one process, with one clock: moving it lives through what lies between."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING

from bot.playground.server import Playground

if TYPE_CHECKING:
    from bot.app import Bot

PACE = timedelta(seconds=1.1)
"""A little more than the second that has to lie between two messages to one channel."""
SOON = timedelta(seconds=30)
"""What is due within this time is waited for before anybody looks."""
ROUNDS = 500
"""More rounds than any moment needs: a bot that is never done is a bug."""


class Local:
    """Slack, a bot, and the clock they share; these are the page's controls too."""

    def __init__(self, slack: Playground, bot: "Bot", *, on_move: Callable[[datetime], None] | None = None) -> None:
        self.slack = slack
        self.bot = bot
        self._on_move = on_move
        self._moving = RLock()

    def now(self) -> datetime:
        """The moment it is."""
        return self.slack.clock()

    def next_due(self) -> datetime | None:
        """The moment when the bot has something to do next, or None."""
        return self.bot.next_due()

    def advance(self, by: timedelta) -> None:
        """Let that much time pass, and everything happen that is due in it, each at its own moment."""
        self.move_to(self.now() + by)

    def move_to(self, moment: datetime) -> None:
        """Go to a later moment by way of everything that is due before it."""
        with self._moving:
            self.settle()
            while (due := self.next_due()) is not None and self.now() < due <= moment:
                self._step_to(due)
            if self.now() < moment:
                self._step_to(moment)

    def settle(self) -> None:
        """Have the bot do what is due, and say what it has to say, at Slack's pace, until nothing is left."""
        with self._moving:
            for _ in range(ROUNDS):
                self.slack.delivery.redeliver_due()
                self.slack.delivery.settle()
                done = sum(self.bot.tick(self.now()).values())
                due = self.next_due()
                if due is None or due > self.now() + SOON:
                    return
                if not done:
                    self.slack.clock.move_to(max(self.now() + PACE, due))
            raise RuntimeError("the bot is never done")

    def _step_to(self, moment: datetime) -> None:
        self.slack.clock.move_to(max(moment, self.now()))
        self.settle()
        if self._on_move:
            self._on_move(self.now())
