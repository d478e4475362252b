"""A small Slack with a small bot in it, answering in the same process: what the page is tried on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground import Channel, Clock, Person, Playground, Workspace
from bot.playground.wire import Envelope, Reply, Retry
from tests.playground.page import samples
from tests.playground.page.samples import Json, asked, element, mrkdwn, option, plain

NOW = datetime(2025, 11, 21, 14, 30, tzinfo=UTC)

MANIFEST: Json = {
    "display_information": {"name": "PMO Bot"},
    "features": {
        "bot_user": {"display_name": "pmo"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "slash_commands": [
            {
                "command": "/pmo",
                "description": "Everything the office does",
                "usage_hint": "help",
                "should_escape": True,
            },
            {
                "command": "/risk",
                "description": "Raise a risk",
                "usage_hint": "[KEY what may happen]",
                "should_escape": True,
            },
            {"command": "/checkin", "description": "Report on a project", "usage_hint": "[KEY]", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Raise a risk", "type": "message", "callback_id": "risk_from_message", "description": "From this"},
            {"name": "New project", "type": "global", "callback_id": "new_project", "description": "Opens a form"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history", "im:write", "channels:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
    },
}
PROJECTS = {"7": "Apollo", "8": "Borealis", "9": "Cygnus"}

RISK_FORM: Json = {
    "type": "modal",
    "callback_id": "risk",
    "title": plain("Raise a risk"),
    "submit": plain("Raise"),
    "close": plain("Cancel"),
    "blocks": [
        asked(
            "What may happen", element("plain_text_input", "title", placeholder=plain("One sentence"), max_length=80)
        ),
        asked(
            "Project", element("external_select", "project", placeholder=plain("Find a project"), min_query_length=1)
        ),
        asked("Probability", element("static_select", "p", options=[option(str(n), str(n)) for n in range(1, 6)])),
        asked("Due", element("datepicker", "due"), optional=True, hint=plain("Leave it empty when nobody knows")),
        asked("Tell", element("multi_users_select", "tell", placeholder=plain("People")), optional=True),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [element("button", "explain", text=plain("What is a risk?"))],
        },
    ],
}
EXPLANATION: Json = {
    "type": "modal",
    "title": plain("What is a risk?"),
    "close": plain("Back"),
    "blocks": [{"type": "section", "text": plain("Something that may happen and would matter.")}],
}
HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("My projects")},
        {"type": "section", "block_id": "p", "text": mrkdwn("*Apollo* is amber"), "accessory": samples.BUTTONS[0]},
    ],
}


class Bot:
    """Answers a few commands and forms, and remembers what it was sent."""

    seconds = 3.0

    def __init__(self, slack: Playground) -> None:
        self._slack = slack
        self.heard: list[Json] = []
        self.problem: Any = ""

    def send(self, kind: Envelope, payload: Json, retry: Retry | None = None) -> Reply:
        """Take one payload as the wire would bring it."""
        self.heard.append(payload)
        if self.problem:
            return Reply(self.problem, status=0)
        if kind == "slash_commands":
            return self._command(payload)
        if kind == "events_api":
            return self._event(payload)
        return getattr(self, f"_{payload['type']}")(payload)  # type: ignore[no-any-return]

    def calls(self, method: str, **args: Any) -> Json:
        """Call Slack's Web API."""
        workspace = next(iter(self._slack.world.workspaces.values()))
        if str(args.get("channel", "")).startswith("#"):
            args["channel"] = workspace.channel(args["channel"]).id  # type: ignore[union-attr]
        answer = self._slack.api.call(method, {"token": workspace.bot_token, **args}, {})
        assert answer.body["ok"], answer.body
        return answer.body

    def last(self, kind: str) -> Json:
        """The newest payload of a kind."""
        return next(one for one in reversed(self.heard) if one.get("type", "command") == kind)

    def _command(self, payload: Json) -> Reply:
        if payload["text"]:
            return Reply(body={"response_type": "ephemeral", "text": f"You typed: {payload['text']}"})
        self.calls("views.open", trigger_id=payload["trigger_id"], view=RISK_FORM)
        return Reply()

    def _event(self, payload: Json) -> Reply:
        event = payload["event"]
        if event["type"] == "app_home_opened" and event["tab"] == "home":
            self.calls("views.publish", user_id=event["user"], view=HOME)
        if event["type"] == "message" and "bot_id" not in event:
            self.calls("chat.postMessage", channel=event["channel"], text=f"Thank you for “{event['text']}”")
        return Reply()

    def _block_actions(self, payload: Json) -> Reply:
        action = payload["actions"][0]["action_id"]
        if action == "explain":
            self.calls("views.push", trigger_id=payload["trigger_id"], view=EXPLANATION)
        if action == "check_in":
            self.calls("views.open", trigger_id=payload["trigger_id"], view=RISK_FORM)
        return Reply()

    def _block_suggestion(self, payload: Json) -> Reply:
        typed = payload["value"].casefold()
        found = [option(name, key) for key, name in PROJECTS.items() if name.casefold().startswith(typed)]
        return Reply(body={"options": found})

    def _view_submission(self, payload: Json) -> Reply:
        values = payload["view"]["state"]["values"]
        if "title" not in values:
            return Reply()
        if "slip" not in values["title"]["title"]["value"]:
            return Reply(body={"response_action": "errors", "errors": {"title": "Say what may slip."}})
        self.calls("chat.postMessage", channel="#apollo", text=f"Risk: {values['title']['title']['value']}")
        return Reply()

    def _view_closed(self, payload: Json) -> Reply:
        return Reply()

    def _shortcut(self, payload: Json) -> Reply:
        self.calls("views.open", trigger_id=payload["trigger_id"], view=RISK_FORM)
        return Reply()

    _message_action = _shortcut


class Clockwork:
    """The clock of the page, with something due at 16:00."""

    def __init__(self, slack: Playground) -> None:
        self._slack = slack
        self.due: datetime | None = NOW + timedelta(minutes=90)

    def now(self) -> datetime:
        return self._slack.clock()

    def advance(self, by: timedelta) -> None:
        self._slack.clock.advance(by)

    def next_due(self) -> datetime | None:
        return self.due

    def move_to(self, moment: datetime) -> None:
        self._slack.clock.move_to(moment)


def a_slack() -> tuple[Playground, Workspace, Bot]:
    """Ana, Bo and Cleo at Northwind, four channels, and the bot."""
    slack = Playground(Clock(NOW), MANIFEST, rate_limits=False)
    people: list[str | Person] = [
        Person("ana", "Ana Silva", "Europe/London", title="PMO lead"),
        Person("bo", "Bo Chen", "Asia/Kolkata", title="Project manager"),
        Person("cleo", "Cleo Martin", "America/New_York", title="Sponsor"),
    ]
    channels: list[str | Channel] = [
        "#apollo",
        Channel("board", "private", members=["ana"]),
        Channel("old", is_archived=True),
        Channel("lunch", members=["bo"]),
    ]
    northwind = slack.add_workspace("Northwind", people, channels)
    bot = Bot(slack)
    slack.delivery.wire = bot
    return slack, northwind, bot
