"""Somebody who visits the page over HTTP."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.playground import Message, Playground, Workspace
from bot.playground.page.place import field_name
from tests.playground.page import samples
from tests.playground.page.asking import Client
from tests.playground.page.stub import Bot, Clockwork

ORIGIN = {"origin": "http://testserver"}


@dataclass
class Visit:
    """Somebody at the page."""

    slack: Playground
    workspace: Workspace
    bot: Bot
    clockwork: Clockwork
    client: Client
    who: str = "ana"

    @property
    def me(self) -> str:
        return self.slack.as_(self.who).me.id

    @property
    def base(self) -> str:
        return f"/w/{self.workspace.id}/{self.me}"

    def channel(self, name: str) -> str:
        return self.slack.as_(self.who).place(name).id

    def sees(self, where: str = "@pmo", query: str = "") -> str:
        """What stands there, without its tags and spaces."""
        place = where if where == "home" else self.channel(where)
        answer = self.client.get(f"{self.base}/{place}{query}")
        assert answer.status_code == 200
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())

    def html(self, where: str = "@pmo", query: str = "") -> str:
        place = where if where == "home" else self.channel(where)
        return " ".join(self.client.get(f"{self.base}/{place}{query}").text.split())

    def does(self, deed: str, files: Any = None, **form: Any) -> dict[str, Any]:
        answer = self.client.post(f"{self.base}/{deed}", data=form, files=files, headers=ORIGIN)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def posts(self, *blocks: samples.Json, channel: str = "#apollo") -> Message:
        self.bot.calls("chat.postMessage", channel=channel, text="said", blocks=list(blocks))
        found = self.workspace.channel(channel)
        assert found
        return found.messages[-1]

    def acts(self, message: Message, block: str, action: str, value: str = "", **form: Any) -> dict[str, Any]:
        where = {"_channel": message.channel, "_ts": message.ts}
        return self.does("act", **where, _block=block, _action=action, _value=value, **form)

    def opens_form(self) -> str:
        """The risk form comes up."""
        self.does("say", _channel=self.channel("#apollo"), text="/risk")
        modal = self.slack.as_(self.who).modal
        assert modal
        return modal.id

    def fields(self, **values: Any) -> dict[str, Any]:
        return {field_name(name, name): value for name, value in values.items()}
