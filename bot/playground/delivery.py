"""Delivery to the bot: events with their retries, commands and interactions without."""

from concurrent.futures import ThreadPoolExecutor

from bot.playground import payloads
from bot.playground.faults import Faults
from bot.playground.manifest import Manifest
from bot.playground.records import Json, Org, Pending, Workspace
from bot.playground.traffic import Traffic
from bot.playground.wire import Envelope, NoWire, Reply, Retry, Wire
from bot.playground.world import World

RETRY_AFTER = {1: 0.0, 2: 60.0, 3: 300.0}
KINDS: dict[Envelope, str] = {"events_api": "event", "interactive": "interactive", "slash_commands": "command"}


class Delivery:
    """Sends what happened to the bot; the caller must not hold the world's lock."""

    def __init__(self, world: World, manifest: Manifest, faults: Faults, traffic: Traffic) -> None:
        self.wire: Wire = NoWire()
        self._world = world
        self._manifest = manifest
        self._faults = faults
        self._traffic = traffic
        self._background = ThreadPoolExecutor(1, thread_name_prefix="playground-events")

    def announce(self, place: Workspace | Org, event: str, inner: Json) -> None:
        """An event that nobody waits for: delivered soon, in order, on another thread."""
        payload = self._payload(place, event, inner)
        if payload is not None:
            self._background.submit(self._deliver, payload)

    def tell(self, workspace: Workspace, event: str, inner: Json) -> Reply | None:
        """An event delivered now; None when the bot is not installed, not subscribed or lacks the scope."""
        payload = self._payload(workspace, event, inner)
        return self._deliver(payload) if payload is not None else None

    def settle(self) -> None:
        """Wait until every event announced so far was delivered or given up."""
        self._background.submit(lambda: None).result()

    def stop(self) -> None:
        """Deliver nothing more."""
        self._background.shutdown(cancel_futures=True)

    def command(self, form: Json) -> Reply:
        """A slash command, sent once."""
        return self._send("slash_commands", form, form["command"])

    def interact(self, payload: Json) -> Reply:
        """An interaction or a request for options, sent once."""
        return self._send("interactive", payload, payload["type"])

    def redeliver_due(self) -> int:
        """Deliver again what the bot did not take and whose time has come; says how many it took now."""
        now = self._world.clock().timestamp()
        with self._world.lock:
            due = [p for p in self._world.state.pending if p.due <= now]
            self._world.state.pending = [p for p in self._world.state.pending if p.due > now]
        return sum(self._again(p) for p in due)

    def _payload(self, place: Workspace | Org, event: str, inner: Json) -> Json | None:
        with self._world.lock:
            grant = self._world.state.grants.get(place.bot_token)
            if grant is None or not self._manifest.sends(event, grant.scopes):
                return None
            if isinstance(place, Org):
                return payloads.event_of_org(self._world, place, inner)
            return payloads.event(self._world, place, inner)

    def _deliver(self, payload: Json) -> Reply:
        """The first delivery and, if it fails, the retry at once; later ones wait for their time."""
        reply = self._send("events_api", payload, payload["event"]["type"])
        if reply.problem and not reply.no_retry:
            first = Pending(payload, 0.0, 1, reply.problem, self._world.clock().timestamp())
            self._again(first)
        return reply

    def _again(self, pending: Pending) -> bool:
        retry = Retry(pending.attempt, pending.reason)
        reply = self._send("events_api", pending.payload, pending.payload["event"]["type"], retry)
        following = RETRY_AFTER.get(pending.attempt + 1)
        if reply.problem and not reply.no_retry and following is not None:
            due = pending.failed_at + following
            later = Pending(pending.payload, due, pending.attempt + 1, reply.problem, pending.failed_at)
            with self._world.lock:
                self._world.state.pending.append(later)
        return not reply.problem

    def _send(self, kind: Envelope, payload: Json, what: str, retry: Retry | None = None) -> Reply:
        fault = self._faults.take(KINDS[kind], payload)
        started = self._world.clock.real_seconds()
        if fault and fault.how == "lost":
            reply = Reply("http_timeout", status=0)
        else:
            reply = self.wire.send(kind, payload, retry)
            if fault and fault.how == "twice":
                reply = self.wire.send(kind, payload, Retry(1, "http_timeout"))
        self._traffic.add(
            self._world.clock(),
            "event",
            what,
            str(payload.get("team_id") or (payload.get("team") or {}).get("id", "")),
            status=reply.status,
            error=reply.problem,
            sent=len(str(payload)),
            received=reply.size,
            ms=(self._world.clock.real_seconds() - started) * 1000,
        )
        self._world.changed()
        return reply
