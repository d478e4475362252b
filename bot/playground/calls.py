"""One call of a Web API method: its arguments, the token behind it, and how it is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.playground.manifest import Manifest
from bot.playground.records import Channel, Grant, Json, Org, Person, Workspace
from bot.playground.refusals import Refusal
from bot.playground.triggers import Triggers
from bot.playground.world import World

MOST_PER_PAGE = 1000
TRUE = (True, "true", "1", 1, "True")


@dataclass(frozen=True)
class Code:
    """A person let the app in, into a workspace or (an id E...) a whole org.

    The app may turn this into a token once, within ten minutes.
    """

    team_id: str
    user: str
    scopes: list[str]
    redirect_uri: str
    issued_at: float


@dataclass
class Services:
    """What the methods work on."""

    world: World
    manifest: Manifest
    announce: Callable[[Workspace | Org, str, Json], None]
    url: Callable[[], str]
    triggers: Triggers
    ticket: Callable[[], str]
    codes: dict[str, Code] = field(default_factory=dict)


@dataclass
class Call:
    """A call that has been let in: its token is good and may do this."""

    method: str
    args: Json
    services: Services
    grant: Grant | None = None
    workspace_or_none: Workspace | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The state, whose lock the caller holds."""
        return self.services.world

    @property
    def workspace(self) -> Workspace:
        """The workspace of the token."""
        if self.workspace_or_none is None:
            raise Refusal("team_not_found")
        return self.workspace_or_none

    @property
    def org(self) -> Org | None:
        """The org whose token it is; None for the token of one workspace."""
        return self.world.state.orgs.get(self.grant.enterprise_id) if self.grant else None

    @property
    def bot(self) -> Person:
        """The bot's own user."""
        return self.workspace.people[self.workspace.bot_user]

    @property
    def now(self) -> datetime:
        """The virtual moment."""
        return self.world.clock()

    @property
    def scopes(self) -> list[str]:
        """What the token was granted."""
        return self.grant.scopes if self.grant else []

    def text(self, name: str, default: str = "") -> str:
        """An argument that is a text; numbers are taken as they are written."""
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, bool | list | dict):
            raise Refusal.argument("must be a string", name)
        return str(value)

    def must(self, name: str) -> str:
        """An argument without which the call makes no sense."""
        value = self.text(name)
        if not value:
            raise Refusal.argument(f"missing required field: {name}", name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """An argument that is true or false, as JSON or form."""
        value = self.args.get(name)
        return default if value is None else value in TRUE

    def json(self, name: str, error: str) -> Any:
        """An argument that is JSON, perhaps written as a text; broken JSON is refused with `error`."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as broken:
            raise Refusal(error) from broken

    def may(self, scope: str) -> bool:
        """Whether the token was granted that scope."""
        return scope in self.scopes

    def needs(self, *scopes: str) -> None:
        """Refuse unless one of these scopes was granted."""
        if not any(self.may(scope) for scope in scopes):
            raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(self.scopes))

    def channel(self, name: str = "channel") -> Channel:
        """The channel an argument names by its id; what the bot may not know of is not found."""
        found = self.workspace.channels.get(self.must(name))
        if found is None or (found.kind != "public" and self.bot.id not in found.members):
            raise Refusal("channel_not_found")
        return found

    def person(self, name: str = "user") -> Person:
        """The person an argument names by id."""
        found = self.workspace.people.get(self.must(name))
        if found is None:
            raise Refusal("user_not_found")
        if found.is_stranger:
            raise Refusal("user_not_visible")
        return found

    def page(self, rows: list[Json], default: int = 100) -> tuple[list[Json], Json]:
        """One page of the rows and the response_metadata with the cursor of the next; a page may be short."""
        limit, start = self._limit(default), self._start(len(rows))
        if self.workspace.short_pages:
            limit = (limit + 1) // 2
        end = start + limit
        cursor = f"next:{self.method}:{end}" if end < len(rows) else ""
        return rows[start:end], {"next_cursor": cursor}

    def _limit(self, default: int) -> int:
        value = self.text("limit", str(default))
        if not value.isdecimal() or not 1 <= int(value) <= MOST_PER_PAGE:
            raise Refusal("invalid_limit")
        return int(value)

    def _start(self, count: int) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        head, _, start = cursor.rpartition(":")
        if head != f"next:{self.method}" or not start.isdecimal() or int(start) > count:
            raise Refusal("invalid_cursor")
        return int(start)


@dataclass(frozen=True)
class Method:
    """What a method needs before it runs: a kind of token and one of some scopes."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "none"] = "bot"


READ = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY = {"public": "channels:history", "private": "groups:history", "im": "im:history"}
