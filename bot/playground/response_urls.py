"""Reply addresses: five uses in thirty minutes, and what a reply may replace or delete."""

from bot.playground import inputs, posting
from bot.playground.api import Answer
from bot.playground.calls import Call, Services
from bot.playground.records import Channel, Json, Message, ResponseUrl, Workspace
from bot.playground.refusals import Refusal
from bot.playground.world import World

USES = 5
SECONDS = 1800
CONTENT = ("text", "blocks", "attachments", "response_type", "replace_original", "thread_ts")


def issue(world: World, workspace: Workspace, base: str, row: ResponseUrl) -> str:
    """A fresh address for answering one act."""
    row.id, row.secret = world.new_id("R"), world.new_secret("hook-")
    row.expires_at = world.clock().timestamp() + SECONDS
    workspace.response_urls[row.id] = row
    return f"{base}/hooks/{row.kind}/{workspace.id}/{row.id}/{row.secret}"


def use(services: Services, team: str, number: str, secret: str, args: Json) -> Answer:
    """Answer a POST to such an address: 200, 404 when it is used up or too old, 400 when the reply is wrong."""
    with services.world.lock:
        workspace = services.world.workspaces.get(team)
        row = workspace.response_urls.get(number) if workspace else None
        if workspace is None or row is None or row.secret != secret:
            return Answer(404, {"ok": False, "error": "invalid_url"}, team_id=team)
        if row.uses >= USES:
            return Answer(404, {"ok": False, "error": "used_url"}, team_id=team)
        if services.world.clock().timestamp() > row.expires_at:
            return Answer(404, {"ok": False, "error": "expired_url"}, team_id=team)
        row.uses += 1
        call = Call("response_url", args, services, workspace_or_none=workspace)
        try:
            reply(call, workspace, row)
        except Refusal as refusal:
            return Answer(400, refusal.body(), team_id=team)
        return Answer(200, {"ok": True}, team_id=team)


def reply(call: Call, workspace: Workspace, row: ResponseUrl) -> Message | None:
    """Say something new, or replace or delete the message that was acted on."""
    channel = workspace.channels[row.channel]
    if channel.is_archived:
        raise Refusal("is_archived")
    if call.flag("delete_original"):
        _delete(call, channel, row)
        return None
    kind = call.text("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise Refusal.argument("must be one of: ephemeral, in_channel", "response_type")
    content = posting.content_of(call, workspace)
    if call.flag("replace_original"):
        return _replace(call, channel, row, content)
    message = posting.by_bot(call.world, workspace, channel, content)
    message.ephemeral_to = row.user if kind == "ephemeral" else ""
    message.thread_ts = _thread(call, channel, row, kind)
    return posting.keep(call.world, channel, message)


def _thread(call: Call, channel: Channel, row: ResponseUrl, kind: str) -> str:
    wanted = call.text("thread_ts")
    if not wanted:
        return row.thread_ts if kind == "ephemeral" else ""
    if kind != "in_channel":
        raise Refusal.argument("thread_ts needs response_type in_channel", "thread_ts")
    posting.check_thread(channel, wanted)
    return wanted


def _original(channel: Channel, row: ResponseUrl) -> Message:
    """The bot's message that was acted on; the line a person typed cannot be replaced."""
    found = channel.find(row.message_ts, ephemeral=True) if row.message_ts else None
    if found is None or not found.bot_id:
        raise Refusal("message_not_found")
    return found


def _replace(call: Call, channel: Channel, row: ResponseUrl, content: posting.Content) -> Message:
    original = _original(channel, row)
    if original.ephemeral_to and call.text("response_type") == "in_channel":
        raise Refusal.argument("an ephemeral message cannot become in_channel", "response_type")
    if call.text("thread_ts"):
        raise Refusal.argument("thread_ts needs replace_original false", "thread_ts")
    original.blocks = inputs.name_blocks(call.world, content.blocks or [])
    original.text = content.text if content.text is not None else posting.fallback(original.blocks)
    original.attachments = content.attachments
    call.world.changed()
    return original


def _delete(call: Call, channel: Channel, row: ResponseUrl) -> None:
    if any(call.args.get(key) for key in CONTENT):
        raise Refusal.argument("delete_original stands alone", "delete_original")
    channel.messages.remove(_original(channel, row))
    call.world.changed()
