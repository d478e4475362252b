"""Slack itself: its state, its Web API, its two roads to the bot."""

from bot.playground.api import Api
from bot.playground.calls import Services
from bot.playground.clock import Clock
from bot.playground.delivery import Delivery
from bot.playground.faults import Faults
from bot.playground.limits import Limits
from bot.playground.manifest import Manifest
from bot.playground.payloads import TOKEN
from bot.playground.records import Json, Workspace
from bot.playground.sockets import SocketWire
from bot.playground.traffic import Traffic
from bot.playground.triggers import Triggers
from bot.playground.wire import ACK_SECONDS, HttpWire
from bot.playground.world import World


class Slack:
    """The machinery of the local Slack with one app, by default on Socket Mode.

    `warnings` are what people saw go wrong, `notes` why Slack refused what the bot answered: a test wants both empty.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        manifest: Json | None = None,
        *,
        world: World | None = None,
        ack_seconds: float = ACK_SECONDS,
        rate_limits: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.world = world or World(clock or Clock())
        self.clock = self.world.clock
        self.manifest = Manifest(manifest)
        self.faults = Faults()
        self.traffic = Traffic()
        self.limits = Limits(enabled=rate_limits)
        self.triggers = Triggers(self.clock)
        self.delivery = Delivery(self.world, self.manifest, self.faults, self.traffic)
        self.sockets = SocketWire(self.world.state.app_id, ack_seconds)
        self.sockets.on_change = self.world.changed
        self.delivery.wire = self.sockets
        self.services = Services(
            self.world, self.manifest, self.delivery.announce, lambda: self.url, self.triggers, self._ticket
        )
        self.api = Api(self.services, self.limits)
        self.warnings: list[str] = []
        self.notes: list[str] = []
        self.host, self.port = host, port
        self._ack_seconds = ack_seconds

    @property
    def url(self) -> str:
        """Where the playground is."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """The base of the Web API, for SLACK_API_URL."""
        return f"{self.url}/api/"

    def deliver_over_http(self, events_url: str) -> None:
        """Turn Socket Mode off and post everything to that URL, signed."""
        self.sockets.enabled = False
        self.sockets.disconnect("link_disabled")
        secret = self.world.state.signing_secret
        self.delivery.wire = HttpWire(events_url, secret, self.clock, self._ack_seconds)

    def verifies(self, events_url: str) -> bool:
        """Whether the app at that URL echoes a challenge, without which Slack does not take a request URL."""
        wire = HttpWire(events_url, self.world.state.signing_secret, self.clock, self._ack_seconds)
        challenge = self.world.new_secret("challenge-")
        body = wire.send("events_api", {"type": "url_verification", "challenge": challenge, "token": TOKEN}).body
        return challenge in (body, body.get("challenge") if isinstance(body, dict) else None)

    def deliver_over_sockets(self) -> None:
        """Turn Socket Mode on."""
        self.sockets.enabled = True
        self.delivery.wire = self.sockets

    def scopes(self, workspace: Workspace) -> list[str]:
        """What the bot was granted in that workspace."""
        grant = self.world.state.grants.get(workspace.bot_token)
        return grant.scopes if grant else []

    def _ticket(self) -> str:
        ticket = self.sockets.ticket()
        return f"ws://{self.host}:{self.port}/link?ticket={ticket}&app_id={self.world.state.app_id}"
