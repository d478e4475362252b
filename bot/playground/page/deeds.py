"""What the page's buttons and fields do: each is an act of the person's hands, and the answer says how it went."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData

from bot.playground import Hands, Impossible, inputs, interactions
from bot.playground.page import controls as clock
from bot.playground.page import fields, lists
from bot.playground.page.controls import Controls
from bot.playground.page.fields import Offered
from bot.playground.records import Channel, Json, Message, View

if TYPE_CHECKING:
    from bot.playground import Playground

OK: Json = {"ok": True, "error": ""}
GONE = "That is not there any more."
WARNINGS = {
    "⚠ http_timeout": "The app did not answer in time.",
    "⚠ http_error": "The app answered with an error.",
    "⚠ connection_failed": "The app cannot be reached. Is it running?",
}


class Deeds:
    """Everything that can be done on the page; each deed takes the person's hands and what their browser sent."""

    def __init__(self, slack: "Playground", controls: Controls) -> None:
        self._slack = slack
        self._controls = controls
        self._offered = Offered()
        self._deeds: dict[str, Callable[[Hands, FormData], Json]] = {
            "say": self._say,
            "act": self._act,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "suggest": self._suggest,
            "opens": self._opens,
            "join": self._join,
            "clock": self._clock,
        }

    def __contains__(self, name: str) -> bool:
        """Whether there is such a deed."""
        return name in self._deeds

    def do(self, name: str, hands: Hands, form: FormData) -> Json:
        """Do it; what Slack would not let them do is said, not raised."""
        try:
            return self._deeds[name](hands, form)
        except Impossible as impossible:
            return _refused(str(impossible))

    def _say(self, hands: Hands, form: FormData) -> Json:
        """A message or a command; what goes wrong with a command Slack says in the channel itself."""
        channel = _channel(hands, form)
        thread = channel.find(_text(form, "thread"))
        hands.types(_text(form, "text").replace("\r\n", "\n").strip(), channel, thread=thread)
        return OK

    def _act(self, hands: Hands, form: FormData) -> Json:
        """A button was pressed, or something was chosen that the bot wants to know at once."""
        target = _target(hands, form)
        block, element = _element(target, form)
        fields.keep(hands, target, form, self._offered, lists.zone(hands.me))
        name, block_id, value = element["action_id"], block["block_id"], _text(form, "_value")
        if element["type"] == "overflow":
            hands.selects(target, name, {"value": value}, block_id=block_id)
            return _said(hands.warning)
        if element["type"] in inputs.BUTTONS - {"feedback_buttons"}:
            hands.presses(target, name, block_id=block_id)
            return _said(hands.warning)
        held = {"value": value}
        if element["type"] in inputs.VALUES:
            held = fields.values_of(target, hands.me)[block_id][name]
        action = {**held, "type": element["type"], "action_id": name, "block_id": block_id}
        return _said(interactions.act(hands.seat, target, action))

    def _submit(self, hands: Hands, form: FormData) -> Json:
        """The form in front of them is sent; what is refused stands at its field afterwards."""
        fields.keep(hands, _target(hands, form), form, self._offered, lists.zone(hands.me))
        errors = hands.submits()
        return {"ok": not errors, "error": errors.get("", "")}

    def _close(self, hands: Hands, form: FormData) -> Json:
        """The form in front of them is closed, or the whole stack."""
        _target(hands, form)
        left = hands.closes()
        while left and _text(form, "_all"):
            left = hands.closes()
        return _said(hands.warning)

    def _shortcut(self, hands: Hands, form: FormData) -> Json:
        message = _message(hands, form) if _text(form, "_ts") else None
        hands.shortcut(_text(form, "_callback"), message)
        return _said(hands.warning)

    def _suggest(self, hands: Hands, form: FormData) -> Json:
        """Somebody types into an external list: what the bot offers for it."""
        target = _target(hands, form)
        block, element = _element(target, form)
        ids = (block["block_id"], element["action_id"])
        typed = _text(form, "_value")
        options, warning = interactions.suggestions(hands.seat, target, ids, typed)
        self._offered.note(hands.me, *ids, options)
        return {**_said(warning), "options": [_line(option) for option in options]}

    def _opens(self, hands: Hands, form: FormData) -> Json:
        if _text(form, "tab") == "home":
            hands.opens_home()
        else:
            hands.goes_to(hands.dm.id)
        return _said(hands.warning)

    def _join(self, hands: Hands, form: FormData) -> Json:
        hands.invites(hands.me.id, _channel(hands, form))
        return OK

    def _clock(self, hands: Hands, form: FormData) -> Json:
        moved = clock.step(self._controls, _text(form, "step"), lists.zone(hands.me))
        self._slack.world.changed()
        return OK if moved else _refused("Nothing is due.")


def _refused(why: str) -> Json:
    return {"ok": False, "error": why}


def _said(warning: str) -> Json:
    """How an act ended, in the words a person is shown."""
    return _refused(WARNINGS.get(warning, warning)) if warning else OK


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _channel(hands: Hands, form: FormData) -> Channel:
    found = hands.workspace.channels.get(_text(form, "_channel"))
    if found is None:
        raise Impossible(GONE)
    return hands.place(found.id)


def _message(hands: Hands, form: FormData) -> Message:
    found = _channel(hands, form).find(_text(form, "_ts"), ephemeral=True)
    if found is None:
        raise Impossible(GONE)
    return found


def _target(hands: Hands, form: FormData) -> Message | View:
    """The message, form or home that was touched; a form must be the one in front of them."""
    wanted = _text(form, "_view")
    if not wanted:
        return _message(hands, form)
    for view in (hands.modal, hands.home):
        if view and view.id == wanted:
            return view
    raise Impossible(GONE)


def _element(target: Message | View, form: FormData) -> tuple[Json, Json]:
    wanted = (_text(form, "_block"), _text(form, "_action"))
    for block, element in inputs.elements(target.blocks):
        if (block["block_id"], element["action_id"]) == wanted:
            return block, element
    raise Impossible(GONE)


def _line(option: Json) -> dict[str, Any]:
    """An option as the page lists it."""
    description = option.get("description") or {}
    return {"value": option.get("value"), "text": option["text"]["text"], "description": description.get("text", "")}
