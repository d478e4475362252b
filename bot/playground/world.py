"""The whole of the local Slack: workspaces, tokens and counters, safe for threads and kept in one JSON file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from pydantic import TypeAdapter

from bot.playground.clock import Clock
from bot.playground.records import Channel, Grant, Org, Pending, Person, View, Workspace


@dataclass
class State:
    """Everything that survives a restart."""

    now: datetime
    app_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    signing_secret: str = ""
    app_token: str = ""
    counters: dict[str, int] = field(default_factory=dict)
    last_ts: int = 0
    orgs: dict[str, Org] = field(default_factory=dict)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)


OTHERS = "T0OTHERS"
"""The team of another organisation; its people are met in channels that are shared with it (Slack Connect)."""
_STATE = TypeAdapter(State)


class World:
    """The state with its lock; whoever reads or changes it holds `lock`, and nobody holds it while calling the bot."""

    def __init__(self, clock: Clock, state: State | None = None) -> None:
        self.clock = clock
        self.lock = RLock()
        self.state = state or State(now=clock())
        self._watchers: list[Callable[[], None]] = []
        if not self.state.app_id:
            self._make_app()

    @property
    def workspaces(self) -> dict[str, Workspace]:
        """Workspaces by id."""
        return self.state.workspaces

    def org_of(self, workspace: Workspace) -> Org | None:
        """The org whose installation the bot in this workspace is of; None where it was let in alone, or not at all."""
        org = self.state.orgs.get(workspace.enterprise_id)
        return org if org and org.bot_token and org.bot_token == workspace.bot_token else None

    def held_by(self, org: Org) -> list[Workspace]:
        """The workspaces of an org that its installation may serve."""
        return [each for each in self.workspaces.values() if self.org_of(each) is org]

    def new_id(self, prefix: str) -> str:
        """The next id of its kind, such as U00000007; ids are the same in every run."""
        number = self.state.counters.get(prefix, 0) + 1
        self.state.counters[prefix] = number
        return f"{prefix}{number:08d}"

    def new_secret(self, prefix: str) -> str:
        """A token-like text that is unique and the same in every run."""
        return f"{prefix}{self.new_id('secret-').removeprefix('secret-')}"

    def next_ts(self) -> str:
        """A message's ts: the virtual moment in microseconds, always later than the one before."""
        micros = int(self.clock().timestamp() * 1_000_000)
        self.state.last_ts = max(micros, self.state.last_ts + 1)
        return f"{self.state.last_ts // 1_000_000}.{self.state.last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        """The mark of one version of a view."""
        return f"{int(self.clock().timestamp())}.{self.new_id('hash').removeprefix('hash')}"

    def add_person(self, workspace: Workspace, person: Person) -> Person:
        """Give somebody an account."""
        person.id = person.id or self.new_id("U")
        person.team_id = person.team_id or (OTHERS if person.is_stranger else workspace.id)
        person.email = person.email or f"{person.handle}@{workspace.domain}.example"
        workspace.people[person.id] = person
        return person

    def add_channel(self, workspace: Workspace, channel: Channel) -> Channel:
        """Open a channel; its members may be named by handle."""
        channel.id = channel.id or self.new_id({"public": "C", "private": "G", "im": "D"}[channel.kind])
        channel.created = channel.created or int(self.clock().timestamp())
        channel.members = [self._member(workspace, who) for who in channel.members]
        workspace.channels[channel.id] = channel
        return channel

    def open_direct(self, workspace: Workspace, one: str, other: str) -> Channel:
        """The direct messages of these two, opened if need be."""
        found = workspace.direct(one, other)
        return found or self.add_channel(workspace, Channel(name="", kind="im", members=[one, other]))

    def top_modal(self, workspace: Workspace, user: str) -> View | None:
        """The modal this person sees, or None."""
        stack = workspace.modals.get(user)
        return stack[-1] if stack else None

    def watch(self, callback: Callable[[], None]) -> None:
        """Have `callback` called after each change, on whatever thread made it."""
        self._watchers.append(callback)

    def changed(self) -> None:
        """Tell everybody who watches that something is different."""
        for callback in self._watchers:
            callback()

    def save(self, path: Path) -> None:
        """Write everything to one file, whole or not at all."""
        with self.lock:
            self.state.now = self.clock().astimezone(UTC)
            content = _STATE.dump_json(self.state)
        partial = path.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(path)

    @classmethod
    def load(cls, path: Path, *, running: bool = False) -> "World":
        """The world as it was saved, its clock at the moment it was saved."""
        state = _STATE.validate_json(path.read_bytes())
        return cls(Clock(state.now, running=running), state)

    def _member(self, workspace: Workspace, who: str) -> str:
        person = workspace.person(who)
        if person is None:
            raise ValueError(f"{who} has no account in {workspace.name}")
        return person.id

    def _make_app(self) -> None:
        state = self.state
        state.app_id = self.new_id("A")
        state.client_id = f"1.{self.new_secret('')}"
        state.client_secret = self.new_secret("client-secret-")
        state.signing_secret = self.new_secret("signing-secret-")
        state.app_token = self.new_secret("xapp-1-")
        state.grants[state.app_token] = Grant(state.app_token, "", "app", ["connections:write"])
