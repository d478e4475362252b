"""What Slack remembers: people, channels, messages, views, files and grants, as plain records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Values = dict[str, dict[str, Any]]
Kind = Literal["public", "private", "im"]
READABLE = frozenset({"text", "title", "caption", "label", "name", "alt_text"})


def words(part: Any) -> Iterator[str]:
    """Every text a person reads in blocks, in the order it is shown."""
    if isinstance(part, list):
        for inner in part:
            yield from words(inner)
    elif isinstance(part, dict):
        for key, inner in part.items():
            if key in READABLE and isinstance(inner, str):
                yield inner
            elif isinstance(inner, dict | list):
                yield from words(inner)


@dataclass
class Person:
    """Somebody with an account in a workspace; the bot's own user is one too."""

    handle: str
    real_name: str = ""
    tz: str = "Europe/London"
    email: str = ""
    title: str = ""
    id: str = ""
    team_id: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_stranger: bool = False
    online: bool = True
    locale: str = "en-GB"

    @property
    def name(self) -> str:
        """The name others see."""
        return self.real_name or self.handle


@dataclass
class Message:
    """One message of a channel; with `ephemeral_to` only that person sees it and the Web API does not know it."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str = ""
    app_id: str = ""
    thread_ts: str = ""
    broadcast: bool = False
    subtype: str = ""
    metadata: Json | None = None
    ephemeral_to: str = ""
    edited_ts: str = ""
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Values] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """All the words of it, block by block."""
        return "\n".join(words(self.blocks)) if self.blocks else self.text

    @property
    def is_reply(self) -> bool:
        """Whether it hangs below another message."""
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass
class Channel:
    """A public or private channel, or the direct messages of two people."""

    name: str
    kind: Kind = "public"
    id: str = ""
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False
    is_general: bool = False
    is_read_only: bool = False
    creator: str = ""
    created: int = 0
    messages: list[Message] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)

    def find(self, ts: str, *, ephemeral: bool = False) -> Message | None:
        """The message with that ts, or None; ephemeral ones only when asked for."""
        return next((m for m in self.messages if m.ts == ts and (ephemeral or not m.ephemeral_to)), None)

    def replies(self, ts: str) -> list[Message]:
        """The answers below a message that everybody sees, oldest first."""
        return [m for m in self.messages if m.thread_ts == ts and m.is_reply and not m.ephemeral_to]


@dataclass
class View:
    """A modal or an App Home as it stands before one person, with what was typed so far."""

    id: str
    team_id: str
    owner: str
    type: str
    blocks: list[Json]
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    callback_id: str = ""
    private_metadata: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    hash: str = ""
    root_view_id: str = ""
    previous_view_id: str = ""
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """All the words of it, title first."""
        return "\n".join(words([self.title, *self.blocks]))


@dataclass
class File:
    """An upload; `content` is base64 text, and `shared` names the channels that show it."""

    id: str
    name: str
    team_id: str
    user: str
    size: int
    secret: str
    title: str = ""
    alt_text: str = ""
    content: str = ""
    created: int = 0
    ready: bool = False
    shared: list[str] = field(default_factory=list)


@dataclass
class Grant:
    """What a token may do: `state` is active, revoked (token_revoked) or inactive (account_inactive).

    One without a team is of a whole org, in those of its workspaces that hold it.
    """

    token: str
    team_id: str
    kind: Literal["bot", "app"]
    scopes: list[str] = field(default_factory=list)
    state: Literal["active", "revoked", "inactive"] = "active"
    expires_at: float | None = None
    refresh_token: str = ""
    enterprise_id: str = ""


@dataclass
class Org:
    """An Enterprise Grid organisation, and its installation of the bot where it has one for all its workspaces."""

    id: str
    name: str
    domain: str
    bot_token: str = ""
    bot_user: str = ""
    bot_id: str = ""


@dataclass
class UserGroup:
    """A named group of people that can be mentioned."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)


@dataclass
class ResponseUrl:
    """A reply address: at most five uses in 30 minutes, and what it may replace."""

    id: str
    secret: str
    team_id: str
    channel: str
    user: str
    kind: Literal["commands", "actions"]
    expires_at: float
    uses: int = 0
    message_ts: str = ""
    thread_ts: str = ""


@dataclass
class Pending:
    """An event that the bot did not take, to be delivered again at `due` (seconds since 1970)."""

    payload: Json
    due: float
    attempt: int
    reason: str
    failed_at: float


@dataclass
class Workspace:
    """One client's Slack: its people, channels, open forms and the installation of the bot."""

    id: str
    name: str
    domain: str
    app_token: str
    signing_secret: str
    enterprise_id: str = ""
    enterprise_name: str = ""
    newest_blocks: bool = True
    usergroups_allowed: bool = True
    broadcasts_allowed: bool = True
    uploads_allowed: bool = True
    short_pages: bool = False
    bot_token: str = ""
    bot_user: str = ""
    bot_id: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        """Whether the bot is installed here now."""
        return bool(self.bot_token)

    def person(self, who: str) -> Person | None:
        """The person with that id, handle or real name, with or without @, or None."""
        if who in self.people:
            return self.people[who]
        name = who.removeprefix("@").casefold()
        same = (p for p in self.people.values() if name in (p.handle.casefold(), p.real_name.casefold()))
        return next(same, None)

    def channel(self, which: str) -> Channel | None:
        """The channel with that id or name, with or without #, or None; direct messages by id only."""
        if which in self.channels:
            return self.channels[which]
        name = which.removeprefix("#")
        return next((c for c in self.channels.values() if c.kind != "im" and c.name == name), None)

    def direct(self, one: str, other: str) -> Channel | None:
        """The direct messages of these two, or None while neither has opened them."""
        pair = {one, other}
        return next((c for c in self.channels.values() if c.kind == "im" and set(c.members) == pair), None)

    def view(self, view_id: str) -> View | None:
        """The open modal or published Home with that id, or None once it was closed."""
        return next((v for v in self.views() if v.id == view_id), None)

    def views(self) -> list[View]:
        """Every open modal and every published Home."""
        return [*(v for stack in self.modals.values() for v in stack), *self.homes.values()]
