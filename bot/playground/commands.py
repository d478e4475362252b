"""Slash commands: only those declared, answered within three seconds, or the person sees an error."""

from typing import Any

from bot.playground import payloads, posting, response_urls, typing_text
from bot.playground.calls import Call
from bot.playground.records import Channel, Json, Message, ResponseUrl
from bot.playground.refusals import Refusal
from bot.playground.seat import Seat
from bot.playground.wire import Reply

FAILURES = {"http_timeout": "operation_timeout"}


def run(seat: Seat, channel: Channel, line: str) -> str:
    """Send a typed command to the bot and show its answer; returns what went wrong, or nothing."""
    name, _, text = line.partition(" ")
    declared = seat.slack.manifest.commands.get(name) if seat.me.team_id == seat.workspace.id else None
    if declared is None or not seat.workspace.installed or "commands" not in seat.slack.scopes(seat.workspace):
        return notice(seat, channel, f"{name} is not a valid command.")
    with seat.world.lock:
        row = _reply_address(seat, channel)
        sent = typing_text.sent(text, seat.workspace, labels=True) if declared.should_escape else text
        form = _form(seat, channel, name, sent.strip())
        form["response_url"] = response_urls.issue(seat.world, seat.workspace, seat.slack.url, row)
    reply = seat.slack.delivery.command(form)
    return _answered(seat, channel, line, row, reply)


def notice(seat: Seat, channel: Channel, text: str) -> str:
    """A line from Slack itself that only this person sees."""
    with seat.world.lock:
        message = Message(ts=seat.world.next_ts(), channel=channel.id, user="USLACKBOT", text=text)
        message.ephemeral_to = seat.me.id
        posting.keep(seat.world, channel, message)
    return text


def _reply_address(seat: Seat, channel: Channel) -> ResponseUrl:
    return ResponseUrl("", "", seat.workspace.id, channel.id, seat.me.id, "commands", 0.0)


def _form(seat: Seat, channel: Channel, name: str, text: str) -> Json:
    form: Json = {
        "token": payloads.TOKEN,
        "team_id": seat.workspace.id,
        "team_domain": seat.workspace.domain,
        "channel_id": channel.id,
        "channel_name": payloads.channel_name(channel),
        "user_id": seat.me.id,
        "user_name": seat.me.handle,
        "command": name,
        "text": text,
        "api_app_id": seat.world.state.app_id,
        "is_enterprise_install": "true" if seat.world.org_of(seat.workspace) else "false",
        "trigger_id": seat.slack.triggers.issue(seat.workspace.id, seat.me.id, channel.id),
    }
    if seat.workspace.enterprise_id:
        form |= {"enterprise_id": seat.workspace.enterprise_id, "enterprise_name": seat.workspace.enterprise_name}
    return form


def _answered(seat: Seat, channel: Channel, line: str, row: ResponseUrl, reply: Reply) -> str:
    name = line.partition(" ")[0]
    if reply.problem:
        code = FAILURES.get(reply.problem, "dispatch_failed")
        return notice(seat, channel, f'{name} failed with the error "{code}"')
    if reply.body in (None, "", {}):
        return ""
    args: Json = reply.body if isinstance(reply.body, dict) else {"text": _text(reply.body)}
    with seat.world.lock:
        if args.get("response_type") == "in_channel":
            typed = Message(ts=seat.world.next_ts(), channel=channel.id, user=seat.me.id, text=line)
            posting.keep(seat.world, channel, typed)
        call = Call("command", args, seat.slack.services, workspace_or_none=seat.workspace)
        try:
            response_urls.reply(call, seat.workspace, row)
        except Refusal as refusal:
            why = refusal.more.get("response_metadata", {}).get("messages", [])
            seat.slack.notes.extend(why)
            return notice(seat, channel, f'{name} failed with the error "{refusal.error}"')
    return ""


def _text(body: Any) -> str:
    return body if isinstance(body, str) else str(body)
