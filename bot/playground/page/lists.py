"""Who and what one person can see: names, faces, channels, and the eyes that texts are drawn for."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.playground.page.reader import Reader
from bot.playground.page.seen import Seen
from bot.playground.records import Channel, Person, Workspace

TINTS = 8
NAMES = {"USLACKBOT": "Slackbot"}


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar."""

    id: str
    name: str
    kind: str
    unread: int


@dataclass(frozen=True)
class Face:
    """How somebody looks: name, initials, a colour of their own, and whether it is an app."""

    name: str
    initials: str
    tint: int
    is_app: bool


def zone(person: Person) -> ZoneInfo:
    """A person's own zone; one the machine does not know counts as UTC."""
    try:
        return ZoneInfo(person.tz)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def reader(workspace: Workspace, person: Person, now: datetime, base: str) -> Reader:
    """The eyes of a person: names of all people, and of the channels that they can see."""
    seen = [channel for channel in workspace.channels.values() if can_see(channel, person)]
    return Reader(
        now=now,
        zone=zone(person),
        person=person.id,
        people={one.id: one.name for one in workspace.people.values()},
        channels={channel.id: channel_name(workspace, channel, person) for channel in seen},
        kinds={channel.id: channel.kind for channel in seen},
        base=base,
        left=frozenset(one.id for one in workspace.people.values() if one.deleted),
    )


def can_see(channel: Channel, person: Person) -> bool:
    """Public channels are for all, private ones and direct messages for their members."""
    return channel.kind == "public" or person.id in channel.members


def channel_name(workspace: Workspace, channel: Channel, person: Person) -> str:
    """A channel's name; direct messages are called after the other one."""
    if channel.kind != "im":
        return channel.name
    other = next((member for member in channel.members if member != person.id), person.id)
    return workspace.people[other].name if other in workspace.people else other


def entries(workspace: Workspace, person: Person, seen: Seen) -> list[Entry]:
    """The channels and direct messages of a person, by name; archived ones are left out."""
    found = [
        Entry(channel.id, channel_name(workspace, channel, person), channel.kind, seen.unread(channel, person.id))
        for channel in workspace.channels.values()
        if can_see(channel, person) and not channel.is_archived
    ]
    return sorted(found, key=lambda entry: entry.name.casefold())


def humans(workspace: Workspace) -> list[Person]:
    """The people one can be: everybody with an account who is no bot."""
    return [person for person in workspace.people.values() if not person.is_bot and not person.deleted]


def face(workspace: Workspace, user: str) -> Face:
    """How somebody looks; one who is not known looks like their id."""
    person = workspace.people.get(user)
    name = (person.name if person else NAMES.get(user, user)).strip() or "Somebody"
    words = name.split()
    initials = "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper()
    return Face(name, initials, sum(map(ord, user)) % TINTS, bool(person and person.is_bot))
