"""The playground's page: a Slack to look at and to use, drawn on the server."""

from bot.playground.page.controls import Controls
from bot.playground.page.endpoints import routes

__all__ = ["Controls", "routes"]
