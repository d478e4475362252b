"""What a person sees in Slack: where they are, what stands there, which form is in front of them."""

from bot.playground import happenings
from bot.playground.filling import Impossible
from bot.playground.records import Channel, Message, Person, View, Workspace
from bot.playground.seat import Seat
from bot.playground.slack import Slack

Target = Message | View


class Eyes:
    """One person before their screen; what Slack's client would not show them raises Impossible.

    `warning` is what went wrong in the last act as the person saw it, or nothing; `browser` the last link followed.
    """

    def __init__(self, slack: Slack, workspace: Workspace, me: Person) -> None:
        self.slack = slack
        self.workspace = workspace
        self.me = me
        self.seat = Seat(slack, workspace, me)
        self.warning = ""
        self.browser = ""
        self._place = ""

    @property
    def dm(self) -> Channel:
        """Their direct messages with the bot."""
        with self.slack.world.lock:
            if not self.workspace.bot_user:
                raise Impossible("the bot is not installed here")
            return self.slack.world.open_direct(self.workspace, self.me.id, self.workspace.bot_user)

    @property
    def modal(self) -> View | None:
        """The form in front of them, or None."""
        return self.slack.world.top_modal(self.workspace, self.me.id)

    @property
    def home(self) -> View | None:
        """The bot's App Home as last published for them."""
        return self.workspace.homes.get(self.me.id)

    def place(self, where: str | Channel | None = None) -> Channel:
        """The channel of that name (`#apollo`), direct messages with somebody (`@pmo`, `@bob`), or where they are."""
        found = where if isinstance(where, Channel) else self._named(where or self._place)
        if found.kind != "public" and self.me.id not in found.members:
            raise Impossible(f"{self.me.handle} cannot see {found.name or found.id}")
        return found

    def _named(self, where: str) -> Channel:
        if where in ("", f"@{self.slack.manifest.bot_name}"):
            return self.dm
        person = self.workspace.person(where) if where.startswith("@") else None
        if person:
            with self.slack.world.lock:
                return self.slack.world.open_direct(self.workspace, self.me.id, person.id)
        found = self.workspace.channel(where)
        if found is None:
            raise Impossible(f"there is no {where}")
        return found

    def goes_to(self, where: str) -> Channel:
        """Open a channel; in the direct messages of the bot Slack tells it so."""
        channel = self.place(where)
        self._place = channel.id
        if self.workspace.bot_user in channel.members and channel.kind == "im":
            self._opened("messages", channel)
        return channel

    def reads(self, where: str | Channel | None = None, *, thread: Message | None = None) -> list[Message]:
        """What they see in a channel (the bot's direct messages if none is named), or in a thread, oldest first."""
        channel = self.dm if where is None and thread is None else self.place(thread.channel if thread else where)
        seen = [m for m in channel.messages if m.ephemeral_to in ("", self.me.id)]
        if thread:
            return [m for m in seen if thread.ts in (m.thread_ts, m.ts)]
        return [m for m in seen if not m.is_reply or m.broadcast]

    def opens_home(self) -> View | None:
        """Open the bot's App Home and look at it."""
        if not self.slack.manifest.home_tab:
            raise Impossible("the app has no Home tab")
        self._opened("home", self.dm)
        return self.home

    def _opened(self, tab: str, channel: Channel) -> None:
        reply = happenings.home_opened(self.seat, tab, channel)
        self._note("" if reply is None or not reply.problem else f"⚠ {reply.problem}")

    def _form(self) -> View:
        view = self.modal
        if view is None:
            raise Impossible(f"{self.me.handle} has no form open")
        return view

    def _fresh(self, target: Target | None) -> Target:
        """The target as it is now; what is gone or covered cannot be touched."""
        if target is None:
            return self._form()
        if isinstance(target, Message):
            return self._fresh_message(target)
        found = self.home if target.type == "home" else self.modal
        if found is None or found.id != target.id:
            raise Impossible("that view is not in front of them")
        return found

    def _fresh_message(self, message: Message) -> Message:
        channel = self.place(message.channel)
        found = channel.find(message.ts, ephemeral=True)
        if found is None or found.ephemeral_to not in ("", self.me.id):
            raise Impossible("that message is not there")
        return found

    def _note(self, warning: str) -> None:
        self.warning = warning
        if warning:
            self.slack.warnings.append(f"{self.me.handle}: {warning}")
