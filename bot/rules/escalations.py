"""Escalations: a decision asked of somebody above, with a clock for each level."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.rules import cadence, transitions, words
from bot.rules.charter import DEFAULT, Charter
from bot.rules.fields import TEXT, Fields
from bot.rules.references import KEY
from bot.rules.terms import EscalationLevel, EscalationState

MOVES: Final[Mapping[EscalationState, frozenset[EscalationState]]] = {
    EscalationState.RAISED: frozenset(
        {EscalationState.ACKNOWLEDGED, EscalationState.DECIDED, EscalationState.WITHDRAWN}
    ),
    EscalationState.ACKNOWLEDGED: frozenset({EscalationState.DECIDED, EscalationState.WITHDRAWN}),
    EscalationState.DECIDED: frozenset({EscalationState.CLOSED}),
    EscalationState.WITHDRAWN: frozenset(),
    EscalationState.CLOSED: frozenset(),
}
"""The lifecycle of an escalation; who decides at once has acknowledged too."""


@dataclass(frozen=True, slots=True)
class EscalationDraft:
    """What is the matter, what is asked, what happens if nobody does anything, until when, of which level."""

    project: str
    what: str
    ask: str
    impact_if_nothing: str
    decide_by: date
    to: EscalationLevel
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class OneLine:
    """An escalation as understood from one line: what is asked, until when.

    `word` is the first word when it may be a project's key, as it was typed. Whether it is one, the caller knows:
    if not, `whole` puts it back into the ask.
    """

    word: str | None
    ask: str
    decide_by: date | None

    @property
    def key(self) -> str | None:
        """The project key that the line may begin with, in capitals."""
        return self.word.rstrip(":,").upper() if self.word else None

    @property
    def whole(self) -> "OneLine":
        """The same line, its first word being no key but part of the ask."""
        return replace(self, word=None, ask=f"{self.word or ''} {self.ask}".strip())


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why."""

    decision: str
    reason: str


def draft(values: Mapping[str, Any], today: date) -> EscalationDraft:
    """The escalation of a sent form, to the sponsor unless it says otherwise; Refused with the faults of all fields."""
    fields = Fields(values)
    escalation = EscalationDraft(
        project=fields.text("project", needs="Choose the project."),
        what=fields.text("what", needs="Say what is the matter."),
        ask=fields.text("ask", needs="Say what you ask for: what is to be decided?"),
        impact_if_nothing=fields.text("impact_if_nothing", needs="Say what waiting costs: days, money or benefit."),
        decide_by=fields.day("decide_by", needs="Say by when you need it.", earliest=today) or today,
        to=fields.choice("to", {each.value: each for each in EscalationLevel}) or EscalationLevel.SPONSOR,
        evidence=fields.text("evidence", most=1000) or None,
    )
    fields.settle()
    return escalation


def one_line(text: str, today: date) -> OneLine:
    """An escalation from one line such as: APOLLO we need a second tester by fri. Never refuses.

    A date after "by" may stand anywhere and once; every other word is kept, the first as a possible key.
    """
    said, decide_by = words.date_after("by", words.unmarked(words.tidy(text)).split(), today)
    word = said.pop(0) if said and re.fullmatch(KEY, said[0].rstrip(":,")) else None
    return OneLine(word, " ".join(said), decide_by)


def decision(values: Mapping[str, Any]) -> Decision:
    """The decision of a sent form; Refused unless it states what and why."""
    fields = Fields(values)
    decided = Decision(
        decision=fields.text("decision", needs="Say what you decide.", most=TEXT),
        reason=fields.text("reason", needs="Say why: the people who act on it will ask.", most=TEXT),
    )
    fields.settle()
    return decided


def move(state: EscalationState, to: EscalationState) -> EscalationState:
    """The new state; Refused when the lifecycle of an escalation has no such step."""
    return transitions.step(MOVES, state, to)


def next_level(level: EscalationLevel) -> EscalationLevel | None:
    """The level above: the PMO above the sponsor; None above the PMO."""
    return EscalationLevel.PMO if level is EscalationLevel.SPONSOR else None


def climb(state: EscalationState, level: EscalationLevel) -> EscalationLevel:
    """The level that an unacknowledged escalation goes to, raised anew; Refused when it cannot climb."""
    above = next_level(level)
    if above is None or state is not EscalationState.RAISED:
        raise Refused("This escalation cannot go higher: it is acknowledged, over or at the last level.")
    return above


def acknowledge_by(raised_at: datetime, zone: ZoneInfo, charter: Charter = DEFAULT) -> datetime:
    """The end of the time to acknowledge, in UTC: so many working days of the workspace later.

    Days are those of the decider's zone, and it ends at the same local time: Friday 15:00 is Tuesday 15:00. What is
    raised at a weekend or on a holiday counts from the next working day on.
    """
    local = raised_at.astimezone(zone)
    last = charter.calendar.plus(local.date(), charter.tolerances.acknowledge_working_days)
    return cadence.moment(last, local.time(), zone)


def overdue_at(decide_by: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the day to decide by is over in the decider's zone."""
    return cadence.moment(decide_by + timedelta(days=1), time(), zone)


def is_overdue(state: EscalationState, decide_by: date, today: date) -> bool:
    """Whether a decision is owed whose day has passed; on the day itself it is not overdue."""
    return state.is_open and decide_by < today
