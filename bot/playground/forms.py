"""Views before a person: built, stacked, changed and closed, with what was typed so far."""

from typing import Any

from bot.playground import inputs, lint
from bot.playground.records import Json, View, Workspace
from bot.playground.refusals import Refusal
from bot.playground.world import World

STACK = 3


def judge(workspace: Workspace, content: Any, kind: str, current: View | None = None) -> None:
    """Refuse a view that Slack would, or of another kind; an external_id belongs to one view of the workspace."""
    verdict = lint.view(content, newest=workspace.newest_blocks)
    if verdict:
        raise Refusal.by(verdict)
    if content["type"] != kind:
        raise Refusal.argument(f"must be a {kind} view", "view/type")
    wanted = content.get("external_id")
    others = (v for v in workspace.views() if current is None or v.id != current.id)
    if wanted and any(v.external_id == wanted for v in others):
        raise Refusal("duplicate_external_id")


def build(world: World, workspace: Workspace, user: str, content: Json, *, conversation: str = "") -> View:
    """A new view of that content, with its inputs at their first values."""
    view = View(id=world.new_id("V"), team_id=workspace.id, owner=user, type=content["type"], blocks=[])
    _fill(world, view, content)
    view.root_view_id = view.id
    view.values = inputs.first_values(view.blocks, conversation=conversation)
    return view


def _fill(world: World, view: View, content: Json) -> None:
    view.blocks = inputs.name_blocks(world, content["blocks"])
    view.title, view.submit, view.close = content.get("title"), content.get("submit"), content.get("close")
    view.callback_id = content.get("callback_id") or ""
    view.private_metadata = content.get("private_metadata") or ""
    view.external_id = content.get("external_id") or view.id
    view.clear_on_close = bool(content.get("clear_on_close"))
    view.notify_on_close = bool(content.get("notify_on_close"))
    view.hash = world.new_hash()


def change(world: World, view: View, content: Json) -> None:
    """Show other content in a view; typed values stay where block_id and action_id do."""
    before = view.values
    _fill(world, view, content)
    view.values = inputs.kept_values(before, view.blocks)
    view.errors = {}
    world.changed()


def open_first(world: World, workspace: Workspace, view: View) -> None:
    """Show a modal as the only one."""
    workspace.modals[view.owner] = [view]
    world.changed()


def push(world: World, workspace: Workspace, view: View) -> None:
    """Show a modal on top of the others; a fourth is refused."""
    stack = workspace.modals.setdefault(view.owner, [])
    if len(stack) >= STACK:
        raise Refusal("push_limit_reached")
    if stack:
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
    stack.append(view)
    world.changed()


def close(world: World, workspace: Workspace, view: View, *, all_of_them: bool = False) -> list[View]:
    """Take a modal away, or the whole stack; returns what was closed, the top first."""
    stack = workspace.modals.get(view.owner, [])
    gone = stack[::-1] if all_of_them else [v for v in stack if v.id == view.id]
    workspace.modals[view.owner] = [v for v in stack if v not in gone]
    world.changed()
    return gone
