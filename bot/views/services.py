"""Services: what is shown where one is off, and what somebody is told who asks for it."""

from collections.abc import Collection, Iterable

from bot.rules import services
from bot.rules.terms import Service
from bot.views import text
from bot.views.blocks import Block
from bot.views.text import mention

ASKED = 3
"""How many people are named who can switch a service on."""


def without(blocks: Iterable[Block], off: Collection[Service]) -> list[Block]:
    """The blocks without the buttons and menus of services that are off, and without rows that have none left."""
    if not off:
        return list(blocks)
    return [kept for block in blocks if (kept := _kept(block, off))]


def is_off(service: Service, office: Collection[str], *, may_switch: bool) -> str:
    """What somebody is told who asks for a service that is off: who, by Slack id, can switch it on."""
    named = text.listed(map(mention, list(office)[:ASKED])) if office else "The admins of this Slack"
    who = "You" if may_switch else named
    return services.is_off(service, who)


def _kept(block: Block, off: Collection[Service]) -> Block | None:
    if block.get("type") == "actions":
        elements = [each for each in block["elements"] if services.of_action(each.get("action_id", "")) not in off]
        return {**block, "elements": elements} if elements else None
    accessory = block.get("accessory")
    if accessory and services.of_action(accessory.get("action_id", "")) in off:
        return {name: value for name, value in block.items() if name != "accessory"}
    return block
