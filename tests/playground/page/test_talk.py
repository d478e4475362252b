"""What one person sees of a channel."""

from datetime import timedelta

import pytest

from bot.playground import Channel, Message, Person, Playground, Workspace
from bot.playground.page import lists, talk
from bot.playground.page.seen import Seen
from bot.playground.page.talk import Said
from tests.playground.page.stub import NOW, a_slack


@pytest.fixture
def slack() -> Playground:
    """Northwind, with nothing said yet."""
    return a_slack()[0]


@pytest.fixture
def northwind(slack: Playground) -> Workspace:
    """The only workspace."""
    return next(iter(slack.world.workspaces.values()))


def person(northwind: Workspace, handle: str) -> Person:
    """The person with that handle."""
    found = northwind.person(handle)
    assert found
    return found


def apollo(northwind: Workspace) -> Channel:
    """The channel everybody is in."""
    found = northwind.channel("#apollo")
    assert found
    return found


def says(slack: Playground, who: str, text: str, **more: object) -> Message:
    """Somebody writes in #apollo."""
    slack.as_(who).types(text, "#apollo", **more)  # type: ignore[arg-type]
    return apollo(next(iter(slack.world.workspaces.values()))).messages[-1]


def seen_by(slack: Playground, northwind: Workspace, handle: str) -> list[Said]:
    """#apollo as somebody sees it."""
    me = person(northwind, handle)
    eyes = lists.reader(northwind, me, slack.clock(), "/w/T/U")
    channel = apollo(northwind)
    return list(talk.said(northwind, channel, talk.in_channel(channel, me.id), eyes, "main"))


def test_one_breath_has_one_name(slack: Playground, northwind: Workspace) -> None:
    says(slack, "ana", "one")
    says(slack, "ana", "two")
    says(slack, "bo", "three")
    slack.clock.advance(timedelta(minutes=6))
    says(slack, "bo", "four")

    assert [said.follows for said in seen_by(slack, northwind, "ana")] == [False, True, False, False]


def test_a_day_begins_where_the_reader_is(slack: Playground, northwind: Workspace) -> None:
    slack.clock.move_to(NOW + timedelta(hours=3))
    says(slack, "ana", "at 17:30 in London, 23:00 in Kolkata")
    slack.clock.advance(timedelta(hours=2))
    says(slack, "ana", "at 19:30 in London, 01:00 in Kolkata")

    assert [said.day for said in seen_by(slack, northwind, "ana")] == ["Today", ""]
    assert [said.day for said in seen_by(slack, northwind, "bo")] == ["Yesterday", "Today"]


def test_replies_are_counted_and_kept_below(slack: Playground, northwind: Workspace) -> None:
    root = says(slack, "ana", "question")
    says(slack, "bo", "answer", thread=root)
    says(slack, "cleo", "another", thread=root)

    said = seen_by(slack, northwind, "ana")

    assert [one.message.text for one in said] == ["question"]
    assert (said[0].replies, said[0].last_reply) == (2, "today at 14:30")
    assert [face.initials for face in said[0].repliers] == ["BC", "CM"]
    below = talk.in_thread(apollo(northwind), person(northwind, "ana").id, root.ts)
    assert [message.text for message in below] == ["question", "answer", "another"]


def test_what_is_said_to_one_is_seen_by_one(slack: Playground, northwind: Workspace) -> None:
    slack.as_("ana").types("/pmo help", "#apollo")

    assert [said.message.text for said in seen_by(slack, northwind, "ana")] == ["You typed: help"]
    assert seen_by(slack, northwind, "bo") == []


def test_unread_is_what_others_said_since(slack: Playground, northwind: Workspace) -> None:
    says(slack, "bo", "more than a day old")
    slack.clock.advance(timedelta(hours=25))
    seen = Seen()
    seen.begin(slack.clock())
    seen.begin(slack.clock() + timedelta(days=9))
    channel, ana, bo = apollo(northwind), person(northwind, "ana").id, person(northwind, "bo").id
    slack.clock.advance(timedelta(minutes=1))
    says(slack, "bo", "one")
    says(slack, "cleo", "two")

    assert (seen.unread(channel, ana), seen.unread(channel, bo)) == (2, 1)

    seen.mark(channel, ana)

    assert (seen.unread(channel, ana), seen.unread(channel, bo)) == (0, 1)


def test_faces_are_made_of_names(northwind: Workspace) -> None:
    bot = lists.face(northwind, northwind.bot_user)

    assert (bot.name, bot.initials, bot.is_app) == ("PMO Bot", "PB", True)
    assert lists.face(northwind, "USLACKBOT").name == "Slackbot"
    assert lists.face(northwind, "U404").initials == "U"
    assert lists.face(northwind, "").name == "Somebody"


def test_direct_messages_are_called_after_the_other(slack: Playground, northwind: Workspace) -> None:
    ana = person(northwind, "ana")
    with_bo = slack.as_("ana").place("@bo")
    northwind.people.pop(person(northwind, "cleo").id)

    assert lists.channel_name(northwind, with_bo, ana) == "Bo Chen"
    assert lists.channel_name(northwind, Channel("", "im", members=[ana.id, "U404"]), ana) == "U404"


def test_archived_and_foreign_channels_are_not_in_the_sidebar(slack: Playground, northwind: Workspace) -> None:
    seen = Seen()

    assert [one.name for one in lists.entries(northwind, person(northwind, "ana"), seen)] == [
        "apollo",
        "board",
        "lunch",
    ]
    assert [one.name for one in lists.entries(northwind, person(northwind, "bo"), seen)] == ["apollo", "lunch"]


@pytest.mark.parametrize("zone", ["Nowhere/Nothing", "", "../etc"])
def test_an_unknown_zone_counts_as_utc(zone: str) -> None:
    assert str(lists.zone(Person("x", tz=zone))) == "UTC"
