"""Text as people type it, and as Slack sends it on: mentions, channels and links in angle brackets."""

import re

from bot.playground.records import Workspace

TOKEN = re.compile(r"(?P<url>https?://[^\s<>|]+)|(?<![\w@])@(?P<who>[\w.\-]+)|(?<![\w&])#(?P<where>[\w\-]+)")
SPECIAL = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """The three characters that mean something to Slack, made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sent(text: str, workspace: Workspace, *, labels: bool) -> str:
    """A typed text with its mentions resolved; `labels` adds names, as commands with should_escape have them."""
    done, at = [], 0
    for found in TOKEN.finditer(text):
        done += [escape(text[at : found.start()]), _resolved(found, workspace, labels)]
        at = found.end()
    return "".join([*done, escape(text[at:])])


def _resolved(found: re.Match[str], workspace: Workspace, labels: bool) -> str:
    if found["url"]:
        return f"<{escape(found['url'])}>"
    if found["who"]:
        return _mention(found["who"], workspace, labels)
    channel = workspace.channel(found["where"])
    if channel is None:
        return found[0]
    return f"<#{channel.id}|{channel.name if channel.kind == 'public' else ''}>"


def _mention(name: str, workspace: Workspace, labels: bool) -> str:
    bare = name.rstrip(".-")
    rest = name[len(bare) :]
    if bare in SPECIAL:
        return f"<!{bare}>{rest}"
    group = next((g for g in workspace.usergroups.values() if g.handle == bare), None)
    if group:
        return f"<!subteam^{group.id}|@{group.handle}>{rest}" if labels else f"<!subteam^{group.id}>{rest}"
    person = next((p for p in workspace.people.values() if p.handle == bare), None)
    if person is None:
        return f"@{name}"
    return f"<@{person.id}|{person.handle}>{rest}" if labels else f"<@{person.id}>{rest}"
