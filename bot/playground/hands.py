"""What a person does in Slack: types, reads, presses, chooses, fills in, sends; tests read as a chat."""

import base64
from datetime import timedelta
from typing import Any

from bot.playground import commands, filling, happenings, inputs, interactions
from bot.playground.eyes import Eyes, Target
from bot.playground.filling import Impossible
from bot.playground.records import Channel, File, Json, Message, View


class Hands(Eyes):
    """One person at their keyboard; what Slack's client would not let them do raises Impossible."""

    # typing

    def types(self, text: str, in_: str | Channel | None = None, *, thread: Message | None = None) -> Message | None:
        """Type a slash command or a message; returns the newest message they see as an answer, or None."""
        channel = self.place(thread.channel if thread else in_)
        self._may_write(channel)
        before = f"{self.slack.world.state.last_ts / 1_000_000:.6f}"
        if text.startswith("/"):
            self._command(text, channel, thread)
        else:
            self._note(happenings.message_posted(self.seat, channel, text, thread))
        return self._newest(channel, before)

    def _command(self, text: str, channel: Channel, thread: Message | None) -> None:
        if thread:
            name = text.partition(" ")[0]
            said = commands.notice(self.seat, channel, f"{name} is not supported in threads. Sorry!")
            self._note(said)
            return
        self._note(commands.run(self.seat, channel, text))

    def _may_write(self, channel: Channel) -> None:
        if self.me.deleted:
            raise Impossible(f"{self.me.handle} is deactivated")
        if channel.is_archived or channel.is_read_only or self.me.id not in channel.members:
            raise Impossible(f"{self.me.handle} cannot write in {channel.name or channel.id}")
        with_bot = channel.kind == "im" and self.workspace.bot_user in channel.members
        if with_bot and not self.slack.manifest.people_may_write:
            raise Impossible("Sending messages to this app has been turned off.")

    def _newest(self, channel: Channel, before: str) -> Message | None:
        seen = [m for m in channel.messages if m.ephemeral_to in ("", self.me.id) and m.user != self.me.id]
        return seen[-1] if seen and seen[-1].ts > before else None

    def edits(self, message: Message, text: str) -> None:
        """Change a message of their own."""
        self._note(happenings.message_edited(self.seat, message, text))

    def deletes(self, message: Message) -> None:
        """Take back a message of their own."""
        self._note(happenings.message_deleted(self.seat, message))

    def reacts(self, message: Message, emoji: str) -> None:
        """Put an emoji below a message."""
        self._note(happenings.reaction_added(self.seat, message, emoji.strip(":")))

    # pressing and choosing

    def presses(
        self, target: Target | None, name: str, *, block_id: str = "", value: str = "", confirm: bool = True
    ) -> View | None:
        """Press a button by its label or action_id; returns the form they then see, or None.

        `target` None is the form in front of them. A button that asks first is confirmed unless `confirm` is False.
        """
        target = self._fresh(target)
        block, element = interactions.element_in(target, name, block_id, value)
        if element["type"] not in inputs.BUTTONS or element["type"] == "overflow":
            raise Impossible(f"{name} is no button")
        if self.me.id not in element.get("visible_to_user_ids", [self.me.id]):
            raise Impossible(f"{self.me.handle} does not see {name}")
        if element.get("confirm") and not confirm:
            return self.modal
        self.browser = element.get("url", self.browser)
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        self._note(interactions.act(self.seat, target, action))
        return self.modal

    def clicks_link(self, target: Target | None, name: str) -> str:
        """Follow a button that is a link; returns its address."""
        target = self._fresh(target)
        _, element = interactions.element_in(target, name)
        if not element.get("url"):
            raise Impossible(f"{name} is no link")
        self.presses(target, name)
        return self.browser

    def selects(self, target: Target | None, name: str, choice: Any, *, block_id: str = "") -> View | None:
        """Choose in a menu, a picker, checkboxes or an overflow that stands in a message, a form or a Home."""
        target = self._fresh(target)
        block, element = interactions.element_in(target, name, block_id)
        if element["type"] in inputs.BUTTONS - {"overflow"}:
            raise Impossible(f"{name} is a button")
        if element["type"] == "overflow":
            option = filling.pick(element["options"], choice)
            self.browser = option.get("url", self.browser)
            return self._dispatch(target, block, element, {"selected_option": filling.chosen(option)})
        held = self._hold(target, block, element, choice)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return self.modal
        return self._dispatch(target, block, element, held)

    def _dispatch(self, target: Target, block: Json, element: Json, held: Json) -> View | None:
        action = {**held, "type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        self._note(interactions.act(self.seat, target, action))
        return self.modal

    def _hold(self, target: Target, block: Json, element: Json, choice: Any) -> Json:
        """Keep a choice as this person sees it now; another person's choices in a message are their own."""

        def suggest(typed: str) -> list[Json]:
            place = (block["block_id"], element["action_id"])
            found, warning = interactions.suggestions(self.seat, target, place, typed[: self._query(element, typed)])
            self._note(warning)
            return found

        if element["type"] == "file_input":
            value: Any = [self._file(one) for one in choice]
            self._check_files(element, value)
        else:
            value = filling.value_for(element, choice, filling.Sight(self.workspace, self.me.id, suggest))
        held = inputs.entry(element, value)
        with self.slack.world.lock:
            self._values(target).setdefault(block["block_id"], {})[element["action_id"]] = held
            self.slack.world.changed()
        return held

    def _values(self, target: Target) -> dict[str, dict[str, Any]]:
        if isinstance(target, View):
            return target.values
        target.values[self.me.id] = inputs.kept_values(target.values.get(self.me.id, {}), target.blocks)
        return target.values[self.me.id]

    @staticmethod
    def _query(element: Json, typed: str) -> int:
        if len(typed) < element.get("min_query_length", 3):
            raise Impossible(f"{typed!r} is shorter than the menu asks for")
        return len(typed)

    # forms

    def fills(self, values: dict[str, Any] | None = None, /, **more: Any) -> None:
        """Fill in inputs of the form in front of them, by block_id or what stands before its colon; None empties one.

        Texts and numbers are typed, options named by label or value, people by handle, days and times as values or ISO.
        """
        for block_id, wanted in {**(values or {}), **more}.items():
            view = self._fresh(None)
            block, element = self._input(view, block_id)
            held = self._hold(view, block, element, wanted)
            if block.get("dispatch_action"):
                self._dispatch(view, block, element, held)

    @staticmethod
    def _input(view: Target, block_id: str) -> tuple[Json, Json]:
        asked = [(b, e) for b, e in inputs.elements(view.blocks) if b["type"] == "input"]
        found = {b["block_id"].partition(":")[0]: (b, e) for b, e in asked} | {b["block_id"]: (b, e) for b, e in asked}
        if block_id not in found:
            raise Impossible(f"the form has no {block_id!r}, only {[b['block_id'] for b, _ in asked]}")
        return found[block_id]

    def submits(self) -> dict[str, str]:
        """Send the form; returns errors by block_id ("" for trouble with the bot), or {} when it was taken."""
        view = self._form()
        if not view.submit:
            raise Impossible("the form has no button to send it")
        errors = interactions.submit(self.seat, view)
        self._note(errors.get("", ""))
        return errors

    def closes(self) -> View | None:
        """Close the form in front of them; returns the one below, or None."""
        self._note(interactions.close(self.seat, self._form()))
        return self.modal

    def suggestions(self, block_id: str, typed: str, target: Target | None = None) -> list[str]:
        """Type into an external menu; returns the labels the bot offers."""
        target = self._fresh(target)
        place = next(((b, e) for b, e in inputs.elements(target.blocks) if block_id == b["block_id"]), None)
        if place is None or not place[1]["type"].endswith("external_select"):
            raise Impossible(f"{block_id} is no external menu")
        self._query(place[1], typed)
        ids = (block_id, place[1]["action_id"])
        found, warning = interactions.suggestions(self.seat, target, ids, typed)
        self._note(warning)
        return [filling.label(option) for option in found]

    def shortcut(self, name: str, message: Message | None = None) -> View | None:
        """Use a shortcut by its name or callback_id, on a message if one is given; returns the form they then see."""
        kind = "message" if message else "global"
        declared = [s for s in self.slack.manifest.shortcuts if s.type == kind and name in (s.name, s.callback_id)]
        if not declared or not self.workspace.installed:
            raise Impossible(f"there is no {kind} shortcut {name!r}")
        if message and self.place(message.channel).find(message.ts) is None:
            raise Impossible("only a message that everybody sees has shortcuts")
        self._note(interactions.shortcut(self.seat, declared[0], message))
        return self.modal

    # rooms

    def invites(self, who: str, in_: str | Channel | None = None) -> None:
        """Bring somebody, or the bot by its handle, into a channel."""
        self._note(happenings.joined(self.seat, who, self.place(in_)))

    def removes(self, who: str, from_: str | Channel | None = None) -> None:
        """Take somebody, or the bot, out of a channel."""
        self._note(happenings.left(self.seat, who, self.place(from_)))

    def waits(self, by: timedelta) -> None:
        """Let time pass, and whatever Slack has to deliver again be delivered."""
        self.slack.clock.advance(by)
        self.slack.delivery.redeliver_due()

    def _file(self, given: Any) -> Json:
        name, content = given if isinstance(given, tuple) else (str(given), b"content")
        with self.slack.world.lock:
            file = File(self.slack.world.new_id("F"), name, self.workspace.id, self.me.id, len(content), "", ready=True)
            file.content = base64.b64encode(content).decode()
            self.workspace.files[file.id] = file
        return happenings.file_shown(self.slack, file)

    @staticmethod
    def _check_files(element: Json, files: list[Json]) -> None:
        if len(files) > element.get("max_files", 10):
            raise Impossible("too many files")
        kinds = element.get("filetypes")
        if kinds and any(f["filetype"] not in kinds for f in files):
            raise Impossible(f"only {kinds} are taken")
