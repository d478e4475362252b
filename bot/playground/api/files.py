"""files.*: an upload in three steps, and reading it back."""

import base64
from typing import Any

from bot.playground import payloads, posting
from bot.playground.api.chat import announce_message
from bot.playground.calls import Call, Method
from bot.playground.records import Channel, File, Json, Message
from bot.playground.refusals import Refusal
from bot.playground.world import World

ALT_TEXT = 1000
MOST_BYTES = 1_000_000_000
CHANNELS = 100


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to send that many bytes."""
    name, length = call.must("filename"), call.must("length")
    if not call.workspace.uploads_allowed:
        raise Refusal("file_uploads_disabled")
    if not length.isdecimal() or int(length) < 1:
        raise Refusal.argument("must be greater than 0", "length")
    if int(length) > MOST_BYTES:
        raise Refusal("file_upload_size_restricted")
    if len(call.text("alt_txt")) > ALT_TEXT:
        raise Refusal("alt_txt_too_large")
    file = File(
        id=call.world.new_id("F"),
        name=name,
        team_id=call.workspace.id,
        user=call.bot.id,
        size=int(length),
        secret=call.world.new_secret("up-"),
        alt_text=call.text("alt_txt"),
        created=int(call.now.timestamp()),
    )
    call.workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{call.services.url()}/upload/{file.id}/{file.secret}"}


def receive(world: World, file_id: str, secret: str, body: bytes) -> bool:
    """The bytes of an upload came; they count only if as many as announced."""
    with world.lock:
        found = next((w.files[file_id] for w in world.workspaces.values() if file_id in w.files), None)
        if found is None or found.secret != secret or found.ready or len(body) != found.size:
            return False
        found.content = base64.b64encode(body).decode()
        return True


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: the uploads become files, shown in a channel when one is named."""
    uploads = _uploads(call)
    channels = [_channel(call, c) for c in _channel_ids(call)]
    for file, title in uploads:
        file.ready, file.title = True, title or file.name
    for channel in channels:
        _share(call, channel, [file for file, _ in uploads])
    return {"files": [payloads.file(file, call.services.url()) for file, _ in uploads]}


def _uploads(call: Call) -> list[tuple[File, str]]:
    wanted: Any = call.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise Refusal.argument("missing required field: files", "files")
    return [_upload(call, row) for row in wanted]


def _upload(call: Call, row: Any) -> tuple[File, str]:
    found = call.workspace.files.get(row.get("id", "")) if isinstance(row, dict) else None
    if found is None or found.ready or not found.content or found.user != call.bot.id:
        raise Refusal("file_not_found")
    return found, str(row.get("title") or "")


def _channel_ids(call: Call) -> list[str]:
    ids = [c for c in (call.text("channel_id") or call.text("channels")).split(",") if c]
    if len(ids) > CHANNELS:
        raise Refusal("channels_limit_exceeded")
    return ids


def _channel(call: Call, channel_id: str) -> Channel:
    found = call.workspace.channels.get(channel_id)
    if found is None or (found.kind != "public" and call.bot.id not in found.members):
        raise Refusal("channel_not_found")
    if call.bot.id not in found.members:
        raise Refusal("not_in_channel")
    if found.is_archived or found.is_read_only:
        raise Refusal("posting_to_channel_denied")
    posting.check_thread(found, call.text("thread_ts"))
    return found


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    content = posting.Content(call.text("initial_comment"))
    message: Message = posting.by_bot(call.world, call.workspace, channel, content)
    message.files, message.thread_ts, message.subtype = [f.id for f in files], call.text("thread_ts"), "file_share"
    for file in files:
        file.shared.append(channel.id)
    posting.keep(call.world, channel, message)
    announce_message(call, channel, message)


def info(call: Call) -> Json:
    """files.info: one file the bot may see."""
    found = call.workspace.files.get(call.must("file"))
    if found is None or not found.ready:
        raise Refusal("file_not_found")
    return {"file": payloads.file(found, call.services.url())}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
}
