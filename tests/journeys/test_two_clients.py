"""Two clients of one PMO: each installs the bot itself and lives its own week, and one leaves in the middle of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot import manifest, store
from bot.playground import Clock, Person, Playground
from bot.playground.hands import Hands
from bot.playground.local import Local
from bot.playground.traffic import Exchange
from tests.bots import HTTP, SOCKET, running
from tests.browsers import PUBLIC, Browser
from tests.journeys.chat import about, answers, assert_in_order, at, newest, sends
from tests.journeys.conftest import MONDAY
from tests.office import PATIENCE, Office

PROJECTS = [f"MOON{number}" for number in range(1, 9)]


@dataclass
class Clients:
    """Both clients, the bot they share, and a browser to install it with."""

    northwind: Office
    contoso: Office
    browser: Browser

    @property
    def slack(self) -> Playground:
        return self.northwind.slack

    def said_to(self, office: Office) -> list[Exchange]:
        """What the bot has posted into a client's Slack, and Slack took."""
        posts = self.slack.traffic.list("chat.postMessage")
        return [each for each in posts if each.workspace == office.workspace.id and not each.error]


@pytest.fixture(params=[(HTTP, "postgresql"), (SOCKET, "sqlite")], ids="-".join)
def clients(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Clients]:
    wire, engine = request.param
    with Playground(Clock(MONDAY), manifest.read(PUBLIC), ack_seconds=PATIENCE) as slack:
        channels = ["#general", "#board", "#moon"]
        ana, eva = Person("ana", tz="Europe/London", is_admin=True), Person("eva", tz="Europe/Stockholm")
        ida, tom = Person("ida", tz="Europe/London", is_admin=True), Person("tom", tz="Europe/Berlin")
        one = slack.add_workspace("Northwind", [ana, eva], channels, install=False)
        other = slack.add_workspace("Contoso", [ida, tom], channels, install=False)
        with running(slack, None, new_database(engine), wire) as bot:
            local = Local(slack, bot)
            yield Clients(Office(slack, one, bot, local), Office(slack, other, bot, local), Browser(bot.asgi))
    assert slack.warnings == []
    assert slack.notes == []


def test_two_clients_and_the_end_of_one(clients: Clients) -> None:
    both_install_the_bot(clients)
    each_has_a_project_of_the_same_name(clients)
    each_manager_is_asked_at_home_and_answers(clients)
    neither_sees_anything_of_the_other(clients)
    one_leaves_while_it_is_being_told_things(clients)
    the_other_goes_on(clients)
    it_comes_back_and_finds_everything(clients)


def both_install_the_bot(clients: Clients) -> None:
    """Each admin goes to the page, allows it, and gets a first message."""
    for office, admin in ((clients.northwind, "ana"), (clients.contoso, "ida")):
        page = clients.browser.installs(office.workspace, by=admin)
        assert f"PMO Bot is installed in {office.workspace.name}" in page.text
        for channel in office.workspace.channels.values():
            channel.members.append(office.workspace.bot_user)
        office.settle()
        assert len(hands(office, admin).reads()) == 1


def hands(office: Office, handle: str) -> Hands:
    return office.slack.as_(handle, office.workspace)


def adds(office: Office, admin: str, manager: str, key: str, **more: Any) -> None:
    hands(office, admin).types("/pmo project add", "#general")
    sends(office, hands(office, admin), **{"name": key.title(), "key": key, "manager": f"@{manager}"} | more)


def each_has_a_project_of_the_same_name(clients: Clients) -> None:
    """APOLLO is another project in each; each board gets a digest of its own."""
    adds(clients.northwind, "ana", "eva", "APOLLO", channel="#moon")
    adds(clients.contoso, "ida", "tom", "APOLLO", channel="#moon")
    for office, admin in ((clients.northwind, "ana"), (clients.contoso, "ida")):
        hands(office, admin).types("/pmo digest add", "#general")
        sends(office, hands(office, admin), channel="#board")


def each_manager_is_asked_at_home_and_answers(clients: Clients) -> None:
    """At three in their own zone; each answer is told where its own people are."""
    clients.northwind.local.move_to(at(20, 15))
    for office, manager, said in (
        (clients.northwind, "eva", "The legs fold"),
        (clients.contoso, "tom", "The hatch opens"),
    ):
        who = hands(office, manager)
        prompt = about(who, "How is APOLLO?")
        who.presses(prompt, "Check in")
        sends(office, who, achievements=said, overall="G")
        assert said in newest(who, "#moon").shown
    assert "Saved as APOLLO-R1" in answers(hands(clients.northwind, "eva"), "/risk APOLLO The legs may bend p4 i5")
    assert "Saved as APOLLO-R1" in answers(hands(clients.contoso, "tom"), "/risk APOLLO The hatch may jam p2 i2")
    clients.northwind.settle()
    clients.northwind.local.move_to(at(23, 9))
    assert_in_order(newest(hands(clients.northwind, "ana"), "#board").shown, "Northwind", "APOLLO")
    assert_in_order(newest(hands(clients.contoso, "ida"), "#board").shown, "Contoso", "APOLLO")


def neither_sees_anything_of_the_other(clients: Clients) -> None:
    """The same words ask for another record in each."""
    assert "The legs may bend" in answers(hands(clients.northwind, "eva"), "/pmo APOLLO-R1")
    assert "The hatch may jam" in answers(hands(clients.contoso, "tom"), "/pmo APOLLO-R1")
    theirs = {"eva": ("hatch", "Contoso"), "ana": ("hatch", "Contoso"), "tom": ("legs", "Northwind"), "ida": ("legs",)}
    for office in (clients.northwind, clients.contoso):
        for person in office.workspace.people.values():
            if not person.is_bot:
                who = hands(office, person.handle)
                seen = [message.shown for place in (None, "#moon", "#board") for message in who.reads(place)]
                who.opens_home()
                assert who.home is not None
                assert not [word for word in theirs[person.handle] if word in " ".join([*seen, who.home.shown])]


def one_leaves_while_it_is_being_told_things(clients: Clients) -> None:
    """Eight questions for one person take eight seconds: after three Northwind throws the bot out."""
    for office, admin, manager in ((clients.northwind, "ana", "eva"), (clients.contoso, "ida", "tom")):
        for key in PROJECTS:
            adds(office, admin, manager, key)
    northwind, contoso = clients.northwind, clients.contoso
    northwind.local.move_to(at(27, 13, 59))
    northwind.slack.clock.move_to(at(27, 14))
    before = {office.workspace.id: len(clients.said_to(office)) for office in (northwind, contoso)}

    def asked(office: Office) -> int:
        return len(clients.said_to(office)) - before[office.workspace.id]

    while asked(northwind) < 3:
        northwind.bot.tick(northwind.slack.clock())
        northwind.slack.clock.advance(timedelta(seconds=1.1))
    assert asked(northwind) < len(PROJECTS) + 1
    northwind.slack.uninstall(northwind.workspace)
    contoso.settle()

    assert asked(northwind) == 3
    assert asked(contoso) == len(PROJECTS) + 1
    assert northwind.row.removed_at is not None
    with northwind.bot.db.reading(northwind.row.id) as session:
        kept = store.installations.find(session)
        assert kept is not None
        assert (kept.token, kept.refresh_token) == (None, None)


def the_other_goes_on(clients: Clients) -> None:
    """A week later Contoso is asked and told as ever; Northwind hears nothing and costs nothing."""
    northwind, contoso = clients.northwind, clients.contoso
    calls = len([each for each in northwind.slack.traffic.list() if each.workspace == northwind.workspace.id])
    contoso.local.move_to(at(4, 16, month=12))

    assert "How is MOON8?" in " ".join(message.shown for message in hands(contoso, "tom").reads())
    assert_in_order(newest(hands(contoso, "ida"), "#board").shown, "Contoso", "2026-W49")
    assert len([e for e in northwind.slack.traffic.list() if e.workspace == northwind.workspace.id]) == calls


def it_comes_back_and_finds_everything(clients: Clients) -> None:
    """Installed again, Northwind has its projects and risks, and is asked for this week alone."""
    northwind = clients.northwind
    already = len(hands(northwind, "eva").reads())
    clients.browser.installs(northwind.workspace, by="ana")
    northwind.settle()

    assert "The legs may bend" in answers(hands(northwind, "eva"), "/pmo APOLLO-R1")
    asked = [message.shown for message in hands(northwind, "eva").reads()[already:]]
    assert sum("How is APOLLO?" in shown for shown in asked) == 1
