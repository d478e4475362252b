"""views.*: modals are opened, stacked and changed, and App Homes published."""

from typing import Any

from bot.playground import forms, payloads, posting
from bot.playground.calls import Call, Method
from bot.playground.records import Json, View
from bot.playground.refusals import Refusal
from bot.playground.triggers import Trigger


def open_(call: Call) -> Json:
    """views.open: a modal for the person whose trigger it is, in place of any that was open."""
    content = _content(call, "modal")
    trigger = _trigger(call)
    view = forms.build(call.world, call.workspace, trigger.user, content, conversation=trigger.channel)
    forms.open_first(call.world, call.workspace, view)
    return _answer(call, view)


def push(call: Call) -> Json:
    """views.push: a modal on top of the one the trigger came from; three at most."""
    content = _content(call, "modal")
    trigger = _trigger(call)
    if not call.workspace.modals.get(trigger.user):
        raise Refusal("not_found")
    view = forms.build(call.world, call.workspace, trigger.user, content, conversation=trigger.channel)
    forms.push(call.world, call.workspace, view)
    return _answer(call, view)


def update(call: Call) -> Json:
    """views.update: an open view, found by its id or external_id; with `hash` only if nobody changed it since."""
    found = _find(call)
    content = _content(call, found.type, found)
    _check_hash(call, found)
    forms.change(call.world, found, content)
    return _answer(call, found)


def publish(call: Call) -> Json:
    """views.publish: one person's App Home."""
    person = call.workspace.people.get(call.must("user_id"))
    if not call.services.manifest.home_tab:
        raise Refusal("not_enabled")
    if person is None or person.is_bot:
        raise Refusal.argument("invalid user", "user_id")
    home = call.workspace.homes.get(person.id)
    content = _content(call, "home", home)
    if home is None:
        home = forms.build(call.world, call.workspace, person.id, content)
        call.workspace.homes[person.id] = home
        call.world.changed()
        return _answer(call, home)
    _check_hash(call, home)
    forms.change(call.world, home, content)
    return _answer(call, home)


def _content(call: Call, kind: str, current: View | None = None) -> Json:
    content: Any = call.json("view", "invalid_arguments")
    if content is None:
        raise Refusal.argument("missing required field: view", "view")
    forms.judge(call.workspace, content, kind, current)
    posting.check_videos(call, content["blocks"])
    return dict(content)


def _trigger(call: Call) -> Trigger:
    trigger = call.services.triggers.use(call.must("trigger_id"))
    if trigger.team_id != call.workspace.id:
        raise Refusal("invalid_trigger_id")
    return trigger


def _find(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise Refusal.argument("missing required field: view_id", "view_id")
    for view in call.workspace.views():
        if view.id == view_id or (external_id and view.external_id == external_id):
            return view
    raise Refusal("not_found")


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise Refusal("hash_conflict")


def _answer(call: Call, view: View) -> Json:
    return {"view": payloads.view(view, call.world, call.workspace)}


METHODS = {
    "views.open": Method(open_),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
