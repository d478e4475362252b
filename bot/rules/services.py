"""Services: what the PMO does for a workspace, one of which may be switched off without a trace of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import Refused
from bot.rules.terms import Service

ALL_OFF: Final = "Keep one service at least: without any there is nothing that I could do here."


@dataclass(frozen=True, slots=True)
class Offer:
    """A service in words: its name, what it does, and the nouns that its buttons begin with (`risk.close`)."""

    name: str
    does: str
    nouns: frozenset[str]
    is_many: bool = True


CATALOGUE: Final[Mapping[Service, Offer]] = {
    Service.CHECKINS: Offer(
        "Check-ins",
        "managers are asked how their projects stand, on each project's cadence",
        frozenset({"checkin", "report"}),
    ),
    Service.RAID: Offer("RAID", "risks are raised, owned, scored and closed", frozenset({"risk"}), is_many=False),
    Service.ESCALATIONS: Offer(
        "Escalations",
        "decisions are asked of sponsors and the PMO, with a clock",
        frozenset({"escalation"}),
    ),
    Service.DIGESTS: Offer("Digests", "channels get the portfolio on a fixed day", frozenset({"digest"})),
}
"""Every service there is, in the order in which they are offered; a new one joins here, and is on."""

_BY_NOUN: Final[Mapping[str, Service]] = {noun: service for service, offer in CATALOGUE.items() for noun in offer.nouns}


def of_action(action_id: str) -> Service | None:
    """The service that a button or menu belongs to by its id, None for what is always there."""
    return _BY_NOUN.get(action_id.partition(".")[0])


def read_off(values: Mapping[str, Any]) -> list[str]:
    """The services that a sent form leaves off; Refused when it leaves none on."""
    wanted = set(values.get("services") or ())
    off = [service.value for service in Service if service.value not in wanted]
    if len(off) == len(Service):
        raise Refused(ALL_OFF, field="services")
    return off


def is_off(service: Service, who: str) -> str:
    """What somebody is told who asks for a service that is off; `who` can switch it on."""
    offer = CATALOGUE[service]
    is_, it = ("are", "them") if offer.is_many else ("is", "it")
    return f"{offer.name} {is_} switched off in this workspace. {who} can switch {it} on: `/pmo setup`."
