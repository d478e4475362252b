"""A strict local Slack: for trying the bot and for testing it, with no account."""

from bot.playground.clock import Clock
from bot.playground.filling import Impossible
from bot.playground.hands import Hands
from bot.playground.records import Channel, Message, Org, Person, View, Workspace
from bot.playground.server import Playground

__all__ = ["Channel", "Clock", "Hands", "Impossible", "Message", "Org", "Person", "Playground", "View", "Workspace"]
