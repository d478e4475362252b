"""Everything one person sees at one moment, gathered for the templates while the world holds still."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.playground.manifest import Command, Manifest, Shortcut
from bot.playground.page import dates, lists, talk
from bot.playground.page.lists import Entry, Face
from bot.playground.page.place import Place
from bot.playground.page.reader import Json, Reader
from bot.playground.page.seen import Seen
from bot.playground.page.talk import Said
from bot.playground.records import Channel, Message, Person, View, Workspace
from bot.playground.traffic import Exchange

NEWEST = 80  # messages that are drawn unless all are asked for
TRAFFIC = 60  # exchanges in the drawer


@dataclass(frozen=True)
class Wish:
    """What of Slack somebody wants to see: App Home when there is no channel, a thread beside it, all or the newest."""

    channel: Channel | None
    thread: str = ""
    all: bool = False


@dataclass
class Screen:
    """What the templates draw; `closed` says why nothing can be written, `opens` that the app is to be told.

    `install` is where somebody lets the app in, while it is not.
    """

    workspace: Workspace
    person: Person
    face: Face
    base: str
    title: str
    tab: str
    now: datetime
    now_words: str
    due_words: str
    app_name: str
    channel: Channel | None = None
    bot_channel: str = ""
    is_bot_chat: bool = False
    opens: bool = False
    install: str = ""
    thread: str = ""
    closed: str = ""
    joinable: bool = False
    earlier: int = 0
    persons: list[tuple[Person, Face, str]] = field(default_factory=list)
    workspaces: list[tuple[Workspace, str]] = field(default_factory=list)
    bot_entries: list[Entry] = field(default_factory=list)
    channel_entries: list[Entry] = field(default_factory=list)
    direct_entries: list[Entry] = field(default_factory=list)
    messages: list[Said] = field(default_factory=list)
    thread_messages: list[Said] = field(default_factory=list)
    home: View | None = None
    home_place: Place | None = None
    modals: list[tuple[View, Place]] = field(default_factory=list)
    traffic: list[Json] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    message_shortcuts: list[Shortcut] = field(default_factory=list)
    global_shortcuts: list[Shortcut] = field(default_factory=list)
    mentionable: list[Person] = field(default_factory=list)


def of(
    workspace: Workspace, person: Person, wish: Wish, *, manifest: Manifest, now: datetime, due: datetime | None
) -> Screen:
    """A screen with who and where; what stands in it is added by `show_lists` and `show_content`."""
    base = f"/w/{workspace.id}/{person.id}"
    zone = lists.zone(person)
    local = now.astimezone(zone)
    direct = workspace.direct(person.id, workspace.bot_user)
    bot_channel = direct.id if direct else ""
    channel = wish.channel
    return Screen(
        workspace=workspace,
        person=person,
        face=lists.face(workspace, person.id),
        base=base,
        title=_title(workspace, channel, person) if channel else manifest.app_name,
        tab="messages" if channel else "home",
        now=local,
        now_words=f"{dates.long_day(local)}, {dates.clock(local)}",
        due_words=_when(due.astimezone(zone), local) if due else "",
        app_name=manifest.app_name,
        channel=channel,
        bot_channel=bot_channel,
        is_bot_chat=bool(channel and channel.id == bot_channel),
        opens=channel is None or channel.id == bot_channel,
        install=f"/slack/install?team={workspace.id}" if manifest.redirect_urls and not workspace.installed else "",
        thread=wish.thread,
        closed=_closed(channel, person, bot_channel, manifest),
        joinable=bool(channel and not channel.is_archived and person.id not in channel.members),
        commands=list(manifest.commands.values()),
        message_shortcuts=[one for one in manifest.shortcuts if one.type == "message"],
        global_shortcuts=[one for one in manifest.shortcuts if one.type == "global"],
    )


def show_lists(screen: Screen, workspaces: Sequence[Workspace], seen: Seen) -> None:
    """Add the sidebar, the people one can be and the workspaces one can go to."""
    workspace, person = screen.workspace, screen.person
    for entry in lists.entries(workspace, person, seen):
        if entry.kind != "im":
            screen.channel_entries.append(entry)
        else:
            (screen.bot_entries if entry.id == screen.bot_channel else screen.direct_entries).append(entry)
    for other in lists.humans(workspace):
        where = f"/w/{workspace.id}/{other.id}{_same_place(screen, other)}"
        screen.persons.append((other, lists.face(workspace, other.id), where))
    screen.mentionable = [other for other, _, _ in screen.persons if other.id != person.id]
    screen.workspaces = [(one, f"/w/{one.id}") for one in workspaces]


def _same_place(screen: Screen, other: Person) -> str:
    """The end of the address where somebody else would be: this channel, their own chat with the bot, or Home."""
    if screen.is_bot_chat:
        return ""
    return f"/{screen.channel.id}" if screen.channel and lists.can_see(screen.channel, other) else "/home"


def show_content(screen: Screen, wish: Wish) -> None:
    """Add the messages, the thread, the home and the forms that stand before this person."""
    workspace, person = screen.workspace, screen.person
    eyes = lists.reader(workspace, person, screen.now, screen.base)
    if wish.channel:
        messages = talk.in_channel(wish.channel, person.id)
        shown = messages if wish.all else messages[-NEWEST:]
        screen.earlier = len(messages) - len(shown)
        screen.messages = _said(screen, wish.channel, shown, eyes, "main")
        if wish.thread:
            below = talk.in_thread(wish.channel, person.id, wish.thread)
            screen.thread_messages = _said(screen, wish.channel, below, eyes, "thread")
    else:
        screen.home = workspace.homes.get(person.id)
        screen.home_place = _place(screen.home, eyes, "home") if screen.home else None
    screen.modals = [(view, _place(view, eyes, "modal")) for view in workspace.modals.get(person.id, [])]


def show_traffic(screen: Screen, exchanges: Sequence[Exchange]) -> None:
    """Add what passed between Slack and the bot, the newest first."""
    for exchange in reversed(exchanges[-TRAFFIC:]):
        row = asdict(exchange)
        screen.traffic.append(row | {"json": json.dumps(row, indent=2, default=str, ensure_ascii=False)})


def _title(workspace: Workspace, channel: Channel, person: Person) -> str:
    return ("" if channel.kind == "im" else "#") + lists.channel_name(workspace, channel, person)


def _said(screen: Screen, channel: Channel, messages: list[Message], eyes: Reader, pane: str) -> list[Said]:
    return list(talk.said(screen.workspace, channel, messages, eyes, pane))


def _place(view: View, eyes: Reader, kind: str) -> Place:
    return Place(eyes, kind, view.id, errors=view.errors, values=view.values)


def _closed(channel: Channel | None, person: Person, bot_channel: str, manifest: Manifest) -> str:
    """Why this person cannot write here, or nothing."""
    if channel is None:
        return ""
    if channel.is_archived:
        return "This channel is archived; it can be read, nothing can be written."
    if channel.is_read_only:
        return "Only some people may write in this channel."
    if person.id not in channel.members:
        return "You are looking in from outside; join the channel to write."
    if channel.id == bot_channel and not manifest.people_may_write:
        return "Sending messages to this app has been turned off."
    return ""


def _when(due: datetime, now: datetime) -> str:
    return f"{dates.near(due, now) or f'{due:%a} {due.day} {due:%b}'} {dates.clock(due)}"
