"""The web: the edge that everything from Slack comes over, and the pages that say how the bot is."""

from bot.web.edge import Edge, Meters
from bot.web.installing import Installing
from bot.web.pages import Web
from bot.web.socket import Socket

__all__ = ["Edge", "Installing", "Meters", "Socket", "Web"]
