"""The charter: what a workspace and its PMO have agreed on, as rules ask for it."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from bot.rules import calendars, tolerances
from bot.rules.calendars import Calendar
from bot.rules.terms import Service, WorkspaceState
from bot.rules.tolerances import Tolerances


@dataclass(frozen=True, slots=True)
class Charter:
    """How far setting up is, the services that are off, the tolerances, and the days on which nobody works."""

    state: WorkspaceState = WorkspaceState.OPERATING
    off: frozenset[Service] = frozenset()
    tolerances: Tolerances = tolerances.DEFAULT
    calendar: Calendar = field(default=calendars.NONE)

    def has(self, service: Service | None) -> bool:
        """Whether a service is on; what belongs to no service always is."""
        return service not in self.off

    def asks(self, *, is_pilot: bool) -> bool:
        """Whether a project is asked for check-ins: before a workspace has gone live, only its pilots are."""
        return self.has(Service.CHECKINS) and (is_pilot or self.state.is_live)


DEFAULT: Final = Charter()


BETWEEN: Final = "\x1f"
"""What stands between the parts of an agreed text; neither JSON nor a place has it."""


@lru_cache(maxsize=4096)
def kept(agreed: str) -> Charter:
    """The charter from what is kept of a workspace: state, services off, tolerances, country and closed days.

    Lists and maps are JSON, as the database has them. Every click asks for one, and most are alike: what was read
    once is not read again.
    """
    state, off, changed, country, closed = agreed.split(BETWEEN)
    return Charter(
        state=WorkspaceState(state),
        off=frozenset(Service(name) for name in json.loads(off) if name in set(Service)),
        tolerances=tolerances.kept(json.loads(changed)),
        calendar=Calendar(country, frozenset(map(date.fromisoformat, json.loads(closed)))),
    )
