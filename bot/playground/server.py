"""The playground: a local Slack that can be started, watched, saved and told to misbehave."""

import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.playground import happenings, installing, web
from bot.playground.clock import Clock
from bot.playground.faults import Fault
from bot.playground.filling import Impossible
from bot.playground.hands import Hands
from bot.playground.records import Channel, Grant, Json, Org, Person, UserGroup, Workspace
from bot.playground.slack import Slack
from bot.playground.wire import ACK_SECONDS
from bot.playground.world import World

PING_SECONDS = 0.25


class Playground(Slack):
    """A strict local Slack with its people: start it, act in it as somebody, save it, have it misbehave."""

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
        super().__init__(
            clock, manifest, world=world, ack_seconds=ack_seconds, rate_limits=rate_limits, host=host, port=port
        )
        self._hands: dict[tuple[str, str], Hands] = {}
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    # the server

    def start(self, extra_routes: Iterable[BaseRoute] = ()) -> "Playground":
        """Serve on a thread, on a free port unless one was given; takes connections when it returns."""
        listening = socket.create_server((self.host, self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.asgi_app(extra_routes),
            log_level="warning",
            server_header=False,
            lifespan="off",
            ws="websockets-sansio",
            # A bot that closes its connection waits for the next frame: pings make that soon.
            ws_ping_interval=PING_SECONDS,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [listening]}, name="playground", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and delivering."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join()
            self._server = None
        self.delivery.stop()

    def __enter__(self) -> "Playground":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def asgi_app(self, extra_routes: Iterable[BaseRoute] = ()) -> Starlette:
        """Everything Slack serves, with routes of a page beside it."""
        return Starlette(routes=[*web.routes(self), *extra_routes])

    def serves_at(self, host: str, port: int) -> None:
        """Say where another server shows `asgi_app`."""
        self.host, self.port = host, port

    # the app

    def install(self, workspace: Workspace, scopes: list[str] | None = None) -> Grant:
        """Let the app into a workspace with these scopes, those of the manifest if none are named."""
        with self.world.lock:
            return installing.install(self.world, self.manifest, workspace, scopes)

    def uninstall(self, place: Workspace | Org) -> None:
        """An admin removes the app from a workspace, or from a whole org; its tokens are dead and it is told."""
        with self.world.lock:
            installing.uninstall(self.world, place, self.delivery.announce)
        self.delivery.settle()

    def add_org(self, name: str) -> Org:
        """A new Enterprise Grid organisation; `add_workspace(..., org=it)` gives it workspaces."""
        with self.world.lock:
            domain = "".join(c if c.isalnum() else "-" for c in name.lower())
            org = Org(self.world.new_id("E"), name, domain)
            self.world.state.orgs[org.id] = org
            return org

    def add_app_to(self, workspace: Workspace) -> None:
        """The workspace's org, which installed the app as a whole, adds it to this one of its workspaces."""
        with self.world.lock:
            installing.add_to(self.world, self.manifest, self._org(workspace), workspace, self.delivery.announce)
        self.delivery.settle()

    def take_app_from(self, workspace: Workspace) -> None:
        """The workspace's org takes the app out of this one of its workspaces."""
        with self.world.lock:
            installing.take_from(self.world, self._org(workspace), workspace, self.delivery.announce)
        self.delivery.settle()

    def _org(self, workspace: Workspace) -> Org:
        org = self.world.state.orgs.get(workspace.enterprise_id)
        if org is None or not org.bot_token:
            raise Impossible(f"no org installed the app for {workspace.name}")
        return org

    # people and places

    def add_workspace(
        self,
        name: str,
        people: Iterable[str | Person] = (),
        channels: Iterable[str | Channel] = (),
        *,
        install: bool = True,
        org: Org | None = None,
        **flags: Any,
    ) -> Workspace:
        """A new workspace; a channel given by name is public and has everybody in it, the bot too when installed.

        One of an org is installed by the org, or by itself later on.
        """
        if org:
            flags |= {"enterprise_id": org.id, "enterprise_name": org.name}
        with self.world.lock:
            domain = "".join(c if c.isalnum() else "-" for c in name.lower())
            state = self.world.state
            workspace = Workspace(self.world.new_id("T"), name, domain, state.app_token, state.signing_secret, **flags)
            self.world.workspaces[workspace.id] = workspace
            for person in people:
                self.world.add_person(workspace, Person(person) if isinstance(person, str) else person)
            if install and not org:
                installing.install(self.world, self.manifest, workspace)
            for channel in channels:
                self.add_channel(workspace, channel)
            self.world.changed()
            return workspace

    def add_channel(self, workspace: Workspace, channel: str | Channel) -> Channel:
        """One more channel; members may be named by handle, the bot's too."""
        with self.world.lock:
            if isinstance(channel, str):
                everybody = [p.id for p in workspace.people.values() if not p.deleted]
                channel = Channel(channel.removeprefix("#"), members=everybody)
            return self.world.add_channel(workspace, channel)

    def add_person(self, workspace: Workspace, person: str | Person) -> Person:
        """One more person, as if they joined today."""
        joined = Person(person) if isinstance(person, str) else person
        happenings.person_joined(self, workspace, joined)
        return joined

    def add_usergroup(self, workspace: Workspace, handle: str, users: Iterable[str]) -> UserGroup:
        """A group of people, named by handle."""
        with self.world.lock:
            ids = [person.id for person in map(workspace.person, users) if person]
            group = UserGroup(self.world.new_id("S"), handle, handle, ids)
            workspace.usergroups[group.id] = group
            return group

    def as_(self, who: str, workspace: Workspace | None = None) -> Hands:
        """The hands of a person, in the first workspace unless another is named."""
        place = workspace or next(iter(self.world.workspaces.values()))
        person = place.person(who)
        if person is None:
            raise Impossible(f"there is no {who} in {place.name}")
        return self._hands.setdefault((place.id, person.id), Hands(self, place, person))

    def archive(self, workspace: Workspace, channel: str, *, archive: bool = True) -> None:
        """Close a channel, or open it again."""
        happenings.archived(self, workspace, self._channel(workspace, channel), archive=archive)

    def share(self, workspace: Workspace, channel: str, *, with_others: bool = True) -> None:
        """Share a channel with another organisation, or share it no more."""
        happenings.shared(self, workspace, self._channel(workspace, channel), with_others=with_others)

    def rename(self, workspace: Workspace, channel: str, name: str) -> None:
        """Give a channel another name."""
        happenings.renamed(self, workspace, self._channel(workspace, channel), name)

    def change_person(self, workspace: Workspace, who: str, **changes: Any) -> None:
        """Somebody's account changes: `tz`, `deleted`, `is_admin`, `real_name`, ..."""
        happenings.person_changed(self, workspace, self.as_(who, workspace).me, **changes)

    @staticmethod
    def _channel(workspace: Workspace, which: str) -> Channel:
        found = workspace.channel(which)
        if found is None:
            raise Impossible(f"there is no {which}")
        return found

    # tests and the page

    def misbehave(self, method: str, how: str, times: int = 1, **more: Any) -> None:
        """Have the next calls go wrong: see faults.KINDS; any other word is answered as that error code.

        `method` is a Web API method, "*", "response_url", "upload", or "event", "command", "interactive" for what goes
        to the bot. `channel=`, `when=` (a function of the arguments) and `retry_after=` narrow it.
        """
        self.faults.order(Fault(method, how, times, **more))

    def on_change(self, callback: Callable[[], None]) -> None:
        """Have `callback` called after each change, on whatever thread made it."""
        self.world.watch(callback)

    def save(self, path: Path) -> None:
        """Write the whole of it to a file."""
        self.world.save(path)

    @classmethod
    def load(cls, path: Path, manifest: Json | None = None, *, running: bool = False, **options: Any) -> "Playground":
        """A playground as it was saved, tokens and clock included."""
        return cls(manifest=manifest, world=World.load(path, running=running), **options)
