"""Digests set up: the form of one, the list of all, and what is said when one was kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.rules import cadence
from bot.rules.cadence import Cadence
from bot.store.tables import Channel, Digest, Message, Schedule
from bot.views import blocks, text
from bot.views.blocks import Block, Option, View
from bot.views.places import question
from bot.views.text import escape

KEEP = "digest.keep"
EDIT = "digest.edit"
STOP = "digest.stop"
POST_NOW = "digest.now"
PORTFOLIO = "digest.portfolio"
CONFIDENTIAL = "digest.confidential"
EVERYTHING = "all"

MOST = 15


def whole(name: str) -> Option:
    """The choice of every portfolio there is."""
    return blocks.option(f"All of {name}", EVERYTHING)


def form(
    *,
    chosen: Option,
    values: Mapping[str, Any],
    zone: str,
    digest_id: int | None = None,
    confidential: Sequence[Option] | None = None,
    shared: Channel | None = None,
) -> View:
    """The form of a digest, new or with what it has; `confidential` is None where there is nothing to choose.

    `shared` is a channel about which a question is owed first.
    """
    return blocks.modal(
        "Edit the digest" if digest_id else "A new digest",
        KEEP,
        [
            blocks.text_input("name", "Name", value=values.get("name", ""), max_length=120),
            blocks.channel_input(
                "channel",
                "Channel",
                value=values.get("channel"),
                hint="A private channel has to invite PMO Bot first: /invite @pmo",
            ),
            blocks.external_select("portfolio", "What it is about", PORTFOLIO, chosen),
            blocks.select(
                "cadence",
                "How often",
                [blocks.option(each.label, each.id) for each in cadence.CHOICES],
                values.get("cadence"),
            ),
            blocks.time_input("time", "At", value=values.get("time", "09:00"), hint=f"Time in {zone}"),
            *_confidential(confidential),
            *question(shared),
        ],
        submit="Save",
        metadata={"digest": digest_id, "zone": zone},
    )


def project_option(number: int, key: str, name: str) -> Option:
    """A confidential project to choose."""
    return blocks.option(f"{key} {name}", number)


def _confidential(named: Sequence[Option] | None) -> list[Block]:
    if named is None:
        return []
    hint = "Left out unless you name them here, and while anybody reads the channel who may not see them."
    return [
        blocks.external_selects(
            "confidential", "Confidential projects", CONFIDENTIAL, named, optional=True, hint=hint, placeholder="None"
        )
    ]


def listing(running: Sequence[tuple[Digest, Schedule]]) -> Message:
    """The digests there are, with what can be done to each."""
    if not running:
        return Message("There are no digests yet. `/pmo digest add` makes one; `/pmo digest` shows you what it says.")
    shown = [block for digest, schedule in running[:MOST] for block in _listed(digest, schedule)]
    more = f"+ {len(running) - MOST} more" if len(running) > MOST else "`/pmo digest add` makes another."
    count = text.plural(len(running), "digest")
    return Message(f"{count}.", [blocks.section(f"*{count}*"), *shown, blocks.context(more)])


def _listed(digest: Digest, schedule: Schedule) -> list[Block]:
    often = cadence.in_words(Cadence(schedule.rrule, schedule.local_time, schedule.anchor))
    zone = schedule.timezone or "UTC"
    due = f" · next {text.when(schedule.next_due_at, zone)}" if schedule.next_due_at else ""
    stop = blocks.confirm("Stop this digest?", "Its editions stay where they are.", "Stop it", style="danger")
    return [
        blocks.section(f"*{escape(digest.name, 120)}* in {text.channel_link(digest.channel)}\n{often} ({zone}){due}"),
        blocks.actions(
            blocks.button("Edit", EDIT, digest.id, describes=f"Edit {digest.name}"),
            blocks.button("Post now", POST_NOW, digest.id, describes=f"Post {digest.name} now"),
            blocks.button("Stop", STOP, digest.id, style="danger", confirm=stop, describes=f"Stop {digest.name}"),
        ),
    ]


def kept(digest: Digest, schedule: Schedule, upcoming: Sequence[datetime], *, waits: bool = False) -> Message:
    """What was saved, and when it will be posted; `waits` while the workspace has not gone live."""
    dates = text.listed(text.when(each, schedule.timezone or "UTC") for each in upcoming)
    return Message(
        f"Saved. {text.plain(digest.name)} goes to {text.channel_link(digest.channel)}; the next three: {dates}. "
        f"{'None is posted before this workspace has gone live. ' if waits else ''}"
        "`/pmo digest` shows you what it says now."
    )
