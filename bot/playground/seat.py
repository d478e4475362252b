"""Where somebody sits: which Slack, which workspace, which person."""

from dataclasses import dataclass

from bot.playground.records import Person, Workspace
from bot.playground.slack import Slack
from bot.playground.world import World


@dataclass(frozen=True)
class Seat:
    """One person in one workspace; whatever they do is done from here."""

    slack: Slack
    workspace: Workspace
    me: Person

    @property
    def world(self) -> World:
        """The state and its lock."""
        return self.slack.world
