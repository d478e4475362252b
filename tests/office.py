"""An office for tests that read as a chat: people in a strict local Slack, the bot, and the clock they share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import yaml

from bot.app import Bot
from bot.playground import Channel, Clock, Person, Playground, Workspace
from bot.playground.hands import Hands
from bot.playground.local import Local
from bot.playground.page import routes
from bot.store import workspaces
from bot.store.tables import Workspace as Row
from tests.audited import watched
from tests.bots import SOCKET, running

PATIENCE = 30.0
"""Seconds that Slack waits for an answer here: three are Slack's own, and more than a busy machine can promise."""
THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
MANIFEST = yaml.safe_load((Path(__file__).parent.parent / "app_manifest.yml").read_text())
STAFF = (
    Person("ana", real_name="Ana Lopes", tz="Europe/London", is_admin=True),
    Person("ben", real_name="Ben Carter", tz="America/New_York"),
    Person("eva", real_name="Eva Lindqvist", tz="Europe/Stockholm"),
    Person("farah", real_name="Farah Haddad", tz="Europe/London"),
    Person("hana", real_name="Hana Weiss", tz="Europe/Stockholm"),
    Person("guest", real_name="Gus Guest", tz="Europe/London", is_restricted=True),
)


@dataclass
class Office:
    """Northwind: Ana is the PMO, Ben and Eva manage, Farah sponsors, Hana works with them, Gus is a guest."""

    slack: Playground
    workspace: Workspace
    bot: Bot
    local: Local

    def __getattr__(self, handle: str) -> Hands:
        return self.slack.as_(handle, self.workspace)

    @property
    def row(self) -> Row:
        """The workspace as the store has it."""
        with self.bot.db.across_workspaces() as session:
            found = workspaces.find(session, self.workspace.id)
        assert found is not None
        return found

    def settle(self) -> None:
        """Let the bot say all it has to say."""
        self.local.settle()

    def id(self, name: str) -> str:
        """The id in Slack of a person or a #channel."""
        found = self.workspace.channel(name) if name.startswith("#") else self.workspace.person(name)
        assert found is not None
        return found.id

    def has_project(self, key: str = "APOLLO", **more: Any) -> None:
        """Ana adds a project that Eva manages and Farah sponsors, in the channel of its name."""
        self.ana.types("/pmo project add", "#general")
        fields = {
            "name": key.title(),
            "key": key,
            "manager": "@eva",
            "sponsor": "@farah",
            "channel": f"#{key.lower()}",
        }
        self.ana.fills(fields | more)
        errors = self.ana.submits()
        assert errors == {}, errors
        if self.ana.modal:
            self.ana.closes()
        self.settle()


@contextmanager
def an_office(
    database_url: str,
    wire: str = SOCKET,
    *,
    at: datetime = THURSDAY,
    with_page: bool = False,
    admins: tuple[str, ...] = (),
) -> Iterator[Office]:
    """An office with its doors open; in the end nobody has seen anything go wrong, and Slack refused no answer.

    Nor was anything changed that the audit trail does not tell of.

    `admins` are those whom PMO_ADMINS names, by their handles.
    """
    slack = Playground(Clock(at), MANIFEST, ack_seconds=PATIENCE)
    people = [Person(**vars(person)) for person in STAFF]
    channels: list[str | Channel] = [
        "#general",
        "#apollo",
        "#gemini",
        "#board",
        Channel("secret", "private", members=["ana"]),
    ]
    workspace = slack.add_workspace("Northwind", people=people, channels=channels)
    local = Local(slack, cast(Bot, None))  # the page stands before the bot, which has to know where Slack is
    slack.start(routes(slack, local) if with_page else ())
    try:
        named = tuple(person.id for handle in admins if (person := workspace.person(f"@{handle}")))
        with running(slack, workspace, database_url, wire, pmo_admins=named) as local.bot:
            office = Office(slack, workspace, local.bot, local)
            office.settle()
            with watched(local.bot.db) as watch:
                yield office
            assert watch.unnoted == []
    finally:
        slack.stop()
    assert slack.warnings == []
    assert slack.notes == []
