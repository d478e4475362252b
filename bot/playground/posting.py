"""Messages being written: what they may hold, where they may stand, and how they are kept."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.playground import lint
from bot.playground.calls import Call
from bot.playground.inputs import name_blocks
from bot.playground.records import Channel, Json, Message, Workspace
from bot.playground.refusals import Refusal
from bot.playground.world import World

TEXT_CHARACTERS = 40_000
MARKDOWN_CHARACTERS = 12_000
METADATA_CHARACTERS = 16_000
ATTACHMENTS = 100
VIDEO_SCOPE = "links.embed:write"
BROADCASTS = ("<!channel>", "<!here>", "<!everyone>")


@dataclass
class Content:
    """What somebody wants a message to say; None where nothing was said about it."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None


def content_of(call: Call, workspace: Workspace) -> Content:
    """Read and judge the content of a message from a call's arguments; refused as Slack refuses it."""
    markdown = call.args.get("markdown_text")
    blocks = _blocks(call, workspace)
    attachments = _list(call, "attachments", "invalid_attachments", "invalid_attachments")
    if markdown is not None:
        return _markdown(call, str(markdown), blocks)
    text = call.args.get("text")
    if text is not None:
        text = call.text("text")
    if not text and not blocks and not attachments:
        raise Refusal("no_text")
    if len(text or "") > TEXT_CHARACTERS:
        raise Refusal("msg_too_long")
    if len(attachments or []) > ATTACHMENTS:
        raise Refusal("too_many_attachments")
    _judge_attachments(attachments or [], workspace)
    return Content(text, blocks, attachments or [], _metadata(call))


def _markdown(call: Call, markdown: str, blocks: list[Json] | None) -> Content:
    if call.args.get("text") or blocks:
        raise Refusal("markdown_text_conflict")
    if len(markdown) > MARKDOWN_CHARACTERS:
        raise Refusal("msg_too_long")
    if not markdown:
        raise Refusal("no_text")
    return Content(markdown, [{"type": "markdown", "text": markdown}], [], _metadata(call))


def _list(call: Call, name: str, broken: str, wrong: str) -> list[Any] | None:
    value = call.json(name, broken)
    if value is not None and not isinstance(value, list):
        raise Refusal(wrong)
    return value


def _blocks(call: Call, workspace: Workspace) -> list[Json] | None:
    """The blocks of a call, judged; an empty list is a wish for none."""
    blocks = _list(call, "blocks", "invalid_blocks_format", "invalid_blocks_format")
    if blocks:
        judge(blocks, workspace)
        check_videos(call, blocks)
    return blocks


def check_videos(call: Call, blocks: list[Json]) -> None:
    """Videos are for apps that may embed links."""
    if any(b.get("type") == "video" for b in lint.objects_in(blocks)) and not call.may(VIDEO_SCOPE):
        problem = f"[ERROR] video blocks need the scope {VIDEO_SCOPE}"
        raise Refusal("invalid_blocks", response_metadata={"messages": [problem]})


def judge(blocks: list[Any], workspace: Workspace) -> None:
    """Refuse blocks that Slack would refuse in a message of this workspace."""
    verdict = lint.message(blocks, newest=workspace.newest_blocks)
    if verdict:
        raise Refusal.by(verdict)
    _judge_files(blocks, workspace)


def _judge_files(blocks: list[Any], workspace: Workspace) -> None:
    """A picture from an upload must be one that was completed here."""
    for block in lint.objects_in(blocks):
        wanted = block.get("slack_file")
        if isinstance(wanted, dict) and wanted.get("id"):
            found = workspace.files.get(wanted["id"])
            if found is None or not found.ready:
                raise Refusal("invalid_blocks", response_metadata={"messages": ["[ERROR] invalid slack file"]})


def _judge_attachments(attachments: list[Any], workspace: Workspace) -> None:
    for attachment in attachments:
        if not isinstance(attachment, dict):
            raise Refusal("invalid_attachments")
        if attachment.get("blocks"):
            judge(attachment["blocks"], workspace)


def _metadata(call: Call) -> Json | None:
    value = call.json("metadata", "invalid_metadata_format")
    if value is None or value == {}:
        return None if value is None else {}
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise Refusal("invalid_metadata_format")
    if not isinstance(value.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(value, ensure_ascii=False)) > METADATA_CHARACTERS:
        raise Refusal("metadata_too_large")
    return value


def check_place(workspace: Workspace, channel: Channel, content: Content) -> None:
    """Refuse a message where the rules of the channel or the workspace forbid it."""
    if channel.is_archived:
        raise Refusal("is_archived")
    if channel.is_read_only:
        raise Refusal("restricted_action_read_only_channel")
    said = (content.text or "") + json.dumps(content.blocks or [])
    if not workspace.broadcasts_allowed and any(mention in said for mention in BROADCASTS):
        raise Refusal("restricted_action")


def check_thread(channel: Channel, thread_ts: str, *, broadcast: bool = False) -> None:
    """A reply hangs below a message of that channel which is not itself a reply."""
    if not thread_ts:
        if broadcast:
            raise Refusal.argument("reply_broadcast needs thread_ts", "reply_broadcast")
        return
    parent = channel.find(thread_ts)
    if parent is None or parent.is_reply or parent.subtype == "tombstone":
        raise Refusal("cannot_reply_to_message")


def keep(world: World, channel: Channel, message: Message) -> Message:
    """Put a message into its channel, with names for blocks and elements that have none."""
    message.blocks = name_blocks(world, message.blocks)
    channel.messages.append(message)
    world.changed()
    return message


def by_bot(world: World, workspace: Workspace, channel: Channel, content: Content) -> Message:
    """A message of the bot with that content, not yet kept."""
    return Message(
        ts=world.next_ts(),
        channel=channel.id,
        user=workspace.bot_user,
        bot_id=workspace.bot_id,
        app_id=world.state.app_id,
        text=content.text if content.text is not None else fallback(content.blocks or []),
        blocks=content.blocks or [],
        attachments=content.attachments,
        metadata=content.metadata or None,
    )


def fallback(blocks: list[Json]) -> str:
    """The text Slack builds for notifications when a message has blocks alone."""
    texts = [b["text"] for b in lint.objects_in(blocks) if isinstance(b.get("text"), str)]
    return " ".join(texts)
