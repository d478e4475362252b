"""Interactions: presses, choices, forms and shortcuts, as payloads to the bot, and what its answers do."""

from typing import Any

from bot.playground import filling, forms, inputs, lint, payloads, response_urls
from bot.playground.filling import Impossible
from bot.playground.manifest import Shortcut
from bot.playground.records import Channel, Json, Message, ResponseUrl, View
from bot.playground.refusals import Refusal
from bot.playground.seat import Seat
from bot.playground.wire import Reply

TROUBLE = "We had some trouble connecting. Try again?"


def send(seat: Seat, payload: Json) -> tuple[Reply, str]:
    """Deliver one interaction; the warning is what the person sees when the bot did not take it."""
    if not seat.workspace.installed:
        return Reply("connection_failed"), "This app is not installed any more."
    if not seat.slack.manifest.interactive:
        return Reply("connection_failed"), "This app is not configured to handle interactive responses."
    reply = seat.slack.delivery.interact(payload)
    return reply, f"⚠ {reply.problem}" if reply.problem else ""


def act(seat: Seat, target: Message | View, action: Json) -> str:
    """Send block_actions for one element of a message, a modal or a Home."""
    with seat.world.lock:
        action = {**action, "action_ts": seat.world.next_ts()}
        payload = _in_view(seat, target) if isinstance(target, View) else _in_message(seat, target)
        payload["actions"] = [action]
    return send(seat, payload)[1]


def _in_view(seat: Seat, view: View) -> Json:
    return payloads.interaction(
        "block_actions",
        seat.world,
        seat.workspace,
        seat.me,
        container={"type": "view", "view_id": view.id},
        trigger_id=seat.slack.triggers.issue(seat.workspace.id, seat.me.id),
        view=payloads.view(view, seat.world, seat.workspace),
        state={"values": view.values},
    )


def _in_message(seat: Seat, message: Message) -> Json:
    channel = seat.workspace.channels[message.channel]
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = bool(message.ephemeral_to)
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return payloads.interaction(
        "block_actions",
        seat.world,
        seat.workspace,
        seat.me,
        container=container,
        trigger_id=seat.slack.triggers.issue(seat.workspace.id, seat.me.id, channel.id),
        channel=payloads.channel_ref(channel),
        message=payloads.message(message, channel, seat.workspace, seat.slack.url),
        state={"values": inputs.kept_values(message.values.get(seat.me.id, {}), message.blocks)},
        response_url=_reply_address(seat, channel, message),
    )


def _reply_address(seat: Seat, channel: Channel, message: Message | None) -> str:
    row = ResponseUrl("", "", seat.workspace.id, channel.id, seat.me.id, "actions", 0.0)
    if message:
        row.message_ts, row.thread_ts = message.ts, message.thread_ts
    return response_urls.issue(seat.world, seat.workspace, seat.slack.url, row)


def shortcut(seat: Seat, declared: Shortcut, message: Message | None) -> str:
    """Send a global shortcut, or a message shortcut for that message."""
    with seat.world.lock:
        more: Json = {"callback_id": declared.callback_id, "action_ts": seat.world.next_ts()}
        if message:
            channel = seat.workspace.channels[message.channel]
            more |= {
                "message_ts": message.ts,
                "message": payloads.message(message, channel, seat.workspace, seat.slack.url),
                "channel": payloads.channel_ref(channel),
                "response_url": _reply_address(seat, channel, message),
            }
        more["trigger_id"] = seat.slack.triggers.issue(
            seat.workspace.id, seat.me.id, message.channel if message else ""
        )
        kind = "message_action" if message else "shortcut"
        payload = payloads.interaction(kind, seat.world, seat.workspace, seat.me, **more)
    return send(seat, payload)[1]


def suggestions(seat: Seat, target: Message | View, place: tuple[str, str], typed: str) -> tuple[list[Json], str]:
    """Ask the bot for the choices of an external list; the warning says why there are none."""
    with seat.world.lock:
        more: Json = {"block_id": place[0], "action_id": place[1], "value": typed}
        if isinstance(target, View):
            more["container"] = {"type": "view", "view_id": target.id}
            more["view"] = payloads.view(target, seat.world, seat.workspace)
        else:
            channel = seat.workspace.channels[target.channel]
            more["container"] = {"type": "message", "message_ts": target.ts, "channel_id": channel.id}
            more["message"] = payloads.message(target, channel, seat.workspace, seat.slack.url)
            more["channel"] = payloads.channel_ref(channel)
        payload = payloads.interaction("block_suggestion", seat.world, seat.workspace, seat.me, **more)
    reply, warning = send(seat, payload)
    if warning:
        return [], warning
    verdict = lint.options(reply.body)
    if verdict:
        seat.slack.notes.extend(verdict.messages)
        return [], "⚠ invalid options"
    return filling.offered(reply.body), ""


def submit(seat: Seat, view: View) -> dict[str, str]:
    """Check the form as the client does, send it, and do what the bot answers; returns errors by block_id."""
    errors = client_errors(view)
    if not errors:
        with seat.world.lock:
            payload = _submission(seat, view)
        reply, warning = send(seat, payload)
        errors = {"": TROUBLE} if warning else answered(seat, view, reply.body)
    with seat.world.lock:
        view.errors = errors
        seat.world.changed()
    return errors


def client_errors(view: View) -> dict[str, str]:
    """What the client refuses to send: required inputs left empty, numbers out of bounds."""
    errors = {}
    for block, element in inputs.elements(view.blocks):
        if block["type"] == "input":
            held = view.values[block["block_id"]][element["action_id"]]
            errors[block["block_id"]] = filling.problem(block, held)
    return {block_id: said for block_id, said in errors.items() if said}


def _submission(seat: Seat, view: View) -> Json:
    return payloads.interaction(
        "view_submission",
        seat.world,
        seat.workspace,
        seat.me,
        trigger_id=seat.slack.triggers.issue(seat.workspace.id, seat.me.id),
        view=payloads.view(view, seat.world, seat.workspace),
        response_urls=_response_urls(seat, view),
    )


def _response_urls(seat: Seat, view: View) -> list[Json]:
    rows = []
    for block, element in inputs.elements(view.blocks):
        if element.get("response_url_enabled") and block["type"] == "input":
            held = view.values[block["block_id"]][element["action_id"]]
            chosen = held.get("selected_conversation") or held.get("selected_channel")
            if chosen:
                address = _reply_address(seat, seat.workspace.channels[chosen], None)
                place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": chosen}
                rows.append({**place, "response_url": address})
    return rows


def answered(seat: Seat, view: View, body: Any) -> dict[str, str]:
    """Do what the bot's answer to a form says; an answer Slack does not understand is trouble, and the form stays."""
    with seat.world.lock:
        if body in (None, "", {}):
            forms.close(seat.world, seat.workspace, view)
            return {}
        try:
            return _response_action(seat, view, body)
        except Refusal as refusal:
            seat.slack.notes.append(f"{refusal.error}: {refusal.more}")
            return {"": TROUBLE}


def _response_action(seat: Seat, view: View, body: Any) -> dict[str, str]:
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        forms.close(seat.world, seat.workspace, view, all_of_them=True)
        return {}
    if action == "errors":
        return _field_errors(view, body.get("errors"))
    if action not in ("update", "push"):
        raise Refusal("invalid_response_action", body=str(body)[:200])
    forms.judge(seat.workspace, body.get("view"), "modal", view if action == "update" else None)
    if action == "update":
        forms.change(seat.world, view, body["view"])
    else:
        forms.push(seat.world, seat.workspace, forms.build(seat.world, seat.workspace, view.owner, body["view"]))
    return {}


def _field_errors(view: View, errors: Any) -> dict[str, str]:
    fields = {b["block_id"] for b, _ in inputs.elements(view.blocks) if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - fields:
        raise Refusal("invalid_errors", errors=errors, fields=sorted(fields))
    if not all(isinstance(said, str) and said for said in errors.values()):
        raise Refusal("invalid_errors", errors=errors)
    return {str(block_id): str(said) for block_id, said in errors.items()}


def close(seat: Seat, view: View) -> str:
    """Close a modal with its button; the bot hears of it only with notify_on_close."""
    with seat.world.lock:
        gone = forms.close(seat.world, seat.workspace, view, all_of_them=view.clear_on_close)
        notified = [
            payloads.interaction(
                "view_closed",
                seat.world,
                seat.workspace,
                seat.me,
                view=payloads.view(closed, seat.world, seat.workspace),
                is_cleared=view.clear_on_close,
            )
            for closed in gone
            if closed.notify_on_close
        ]
    warnings = [send(seat, payload)[1] for payload in notified]
    return next(filter(None, warnings), "")


def element_in(target: Message | View, name: str, block_id: str = "", value: str = "") -> tuple[Json, Json]:
    """The one element that is called that: its action_id, label, placeholder, or the id of its block."""
    found = [
        (block, element)
        for block, element in inputs.elements(target.blocks)
        if name in _names(block, element)
        and block_id in ("", block["block_id"])
        and value in ("", str(element.get("value", "")))
    ]
    if not found:
        seen = [_names(b, e)[:3] for b, e in inputs.elements(target.blocks)]
        raise Impossible(f"there is no {name!r} here, only {seen}")
    if len(found) > 1:
        raise Impossible(f"there are {len(found)} of {name!r}; say block_id or value")
    return found[0]


def _names(block: Json, element: Json) -> list[str]:
    words = [element.get(key, {}) for key in ("text", "placeholder")]
    names = [element["action_id"], *(w["text"] for w in words if isinstance(w, dict) and "text" in w)]
    return [*names, str(element.get("accessibility_label", "")), block["block_id"]]
