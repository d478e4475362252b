"""Risks: raised by cause, event and effect, scored by probability and impact, closed with an outcome."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.errors import Refused
from bot.rules import transitions, words
from bot.rules.fields import LINE, SCALE, TEXT, Fields
from bot.rules.references import KEY
from bot.rules.terms import RiskOutcome, RiskState, Severity

ASSUMED: Final = 3
"""The probability and the impact of a risk of which nobody said them."""
UNDO_WITHIN: Final = timedelta(minutes=30)
"""For how long a risk that was just raised may be taken back; Slack's answers can be changed for as long."""

MOVES: Final[Mapping[RiskState, frozenset[RiskState]]] = {
    RiskState.IDENTIFIED: frozenset({RiskState.ASSESSED, RiskState.CLOSED, RiskState.REJECTED}),
    RiskState.ASSESSED: frozenset({RiskState.RESPONSE_PLANNED, RiskState.CLOSED, RiskState.REJECTED}),
    RiskState.RESPONSE_PLANNED: frozenset({RiskState.MONITORING, RiskState.CLOSED, RiskState.REJECTED}),
    RiskState.MONITORING: frozenset({RiskState.CLOSED, RiskState.REJECTED}),
    RiskState.CLOSED: frozenset({RiskState.IDENTIFIED}),
    RiskState.REJECTED: frozenset(),
}
"""The lifecycle of a risk; a closed one may be reopened, a rejected one may not."""


@dataclass(frozen=True, slots=True)
class RiskDraft:
    """A risk as somebody states it: because of the cause the event may happen, which has the effect.

    `project` is what the form names it by, `owner` a Slack id, probability and impact are 1 to 5, `evidence` is a
    link to what it was raised from.
    """

    project: str
    event: str
    probability: int
    impact: int
    cause: str = ""
    effect: str = ""
    owner: str | None = None
    due: date | None = None
    evidence: str | None = None

    @property
    def score(self) -> int:
        """Probability times impact, 1 to 25."""
        return score(self.probability, self.impact)

    @property
    def severity(self) -> Severity:
        """The band of the score."""
        return severity(self.score)


@dataclass(frozen=True, slots=True)
class OneLine:
    """A risk as understood from one line; `assumed` names what was not said and taken as 3.

    `word` is the first word when it may be a project's key, as it was typed. Whether it is one, the caller knows:
    if not, `whole` puts it back into the event.
    """

    word: str | None
    event: str
    probability: int
    impact: int
    owner: str | None
    due: date | None
    assumed: tuple[str, ...]

    @property
    def key(self) -> str | None:
        """The project key that the line may begin with, in capitals."""
        return self.word.rstrip(":,").upper() if self.word else None

    @property
    def whole(self) -> "OneLine":
        """The same line, its first word being no key but part of the event."""
        return replace(self, word=None, event=f"{self.word or ''} {self.event}".strip())

    def draft(self, project: str) -> RiskDraft:
        """The risk of a project; Refused when the line says nothing that may happen, or too much."""
        if not self.event:
            raise Refused("Say what may happen, such as: /risk APOLLO Vendor may slip p4 i5 due fri", field="event")
        if len(self.event) > LINE:
            raise Refused(f"Keep it to {LINE} characters; these are {len(self.event)}.", field="event")
        return RiskDraft(project, self.event, self.probability, self.impact, owner=self.owner, due=self.due)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a risk ended, and what is to be remembered of it."""

    outcome: RiskOutcome
    note: str


def score(probability: int, impact: int) -> int:
    """Probability times impact, each 1 to 5 (PMBOK's qualitative analysis); Refused outside of the scale."""
    for name, value in (("probability", probability), ("impact", impact)):
        if not 1 <= value <= 5:
            raise Refused(f"Give the {name} as a number from 1 to 5.", field=name)
    return probability * impact


def severity(points: int) -> Severity:
    """The band of a score: 1-4 low, 5-9 moderate, 10-14 high, 15-25 very high; an edge takes the higher."""
    if points >= 15:
        return Severity.VERY_HIGH
    if points >= 10:
        return Severity.HIGH
    return Severity.MODERATE if points >= 5 else Severity.LOW


def is_unanswered(band: Severity, owner: object | None, due: date | None) -> bool:
    """A high or very high risk is unanswered until it has an owner and a date (rule EW13)."""
    return band >= Severity.HIGH and (owner is None or due is None)


def draft(
    values: Mapping[str, Any], today: date, *, due_before: date | None = None, is_brief: bool = False
) -> RiskDraft:
    """The risk of a sent form; Refused with the faults of all its fields.

    Cause, event and effect are needed, owner and date are not; the date must not have passed, unless it is
    `due_before`, the one the risk had already. A brief one, raised in one line, goes without cause and effect.
    """
    fields = Fields(values)
    risk = RiskDraft(
        project=fields.text("project", needs="Choose the project."),
        cause=fields.text("cause", needs="" if is_brief else "Say what it comes from: because of what?"),
        event=fields.text("event", needs="Say what may happen."),
        effect=fields.text("effect", needs="" if is_brief else "Say what it would do: which date, amount or benefit?"),
        probability=fields.choice("probability", SCALE, needs="Say how likely it is.") or ASSUMED,
        impact=fields.choice("impact", SCALE, needs="Say how bad it would be.") or ASSUMED,
        owner=fields.person("owner"),
        due=fields.day("due", earliest=today, was=due_before),
        evidence=fields.text("evidence", most=1000) or None,
    )
    fields.settle()
    return risk


def closing(values: Mapping[str, Any]) -> Closing:
    """How a risk ended, from a sent form; Refused without an outcome."""
    fields = Fields(values)
    outcome = fields.choice("outcome", {each.value: each for each in RiskOutcome}, needs="Say how it ended.")
    note = fields.text("note", most=TEXT)
    fields.settle()
    return Closing(outcome or RiskOutcome.EXPIRED, note)


def move(state: RiskState, to: RiskState) -> RiskState:
    """The new state; Refused when the lifecycle of a risk has no such step."""
    return transitions.step(MOVES, state, to)


def undone(state: RiskState, *, raised_at: datetime, now: datetime, is_touched: bool) -> RiskState:
    """The state of a risk that was raised by mistake: rejected, at once or never.

    Refused later than UNDO_WITHIN, and when it `is_touched`: somebody else changed it or escalated it.
    """
    if is_touched:
        raise Refused("Somebody has worked with this risk since. Close it instead, with how it ended.")
    if now - raised_at > UNDO_WITHIN:
        minutes = UNDO_WITHIN // timedelta(minutes=1)
        raise Refused(f"This was raised more than {minutes} minutes ago. Close it instead, with how it ended.")
    return move(state, RiskState.REJECTED)


def rescoring(values: Mapping[str, Any]) -> tuple[int, int]:
    """Probability and impact from a sent form; Refused unless both are chosen."""
    fields = Fields(values)
    probability = fields.choice("probability", SCALE, needs="Say how likely it is.")
    impact = fields.choice("impact", SCALE, needs="Say how bad it would be.")
    fields.settle()
    return probability or ASSUMED, impact or ASSUMED


def rescored(state: RiskState) -> RiskState:
    """The state of a risk once it is scored anew: one that was only identified is assessed; Refused when closed."""
    if not state.is_open:
        raise Refused(f"This risk is {state.value}: reopen it before you score it.")
    return RiskState.ASSESSED if state is RiskState.IDENTIFIED else state


def one_line(text: str, today: date) -> OneLine:
    """A risk from one line such as: APOLLO Vendor may slip p4 i5 due fri @ana.

    Probability (p1-p5), impact (i1-i5), the date after "due" and the first person mentioned may stand anywhere and
    once; every other word is kept, the first as a possible key, the rest as the event. Never refuses.
    """
    text, owner = _owner(words.tidy(text))
    said = words.unmarked(text).split()
    said, probability = _rating("p", said)
    said, impact = _rating("i", said)
    said, due = words.date_after("due", said, today)
    word = said.pop(0) if said and re.fullmatch(KEY, said[0].rstrip(":,")) else None
    assumed = tuple(name for name, value in (("probability", probability), ("impact", impact)) if value is None)
    return OneLine(
        word=word,
        event=_unquoted(" ".join(said)),
        probability=probability or ASSUMED,
        impact=impact or ASSUMED,
        owner=owner,
        due=due,
        assumed=assumed,
    )


def _owner(text: str) -> tuple[str, str | None]:
    """The text without the first person mentioned, and that person."""
    found = re.search(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>", text)
    return (f"{text[: found.start()]} {text[found.end() :]}", found[1]) if found else (text, None)


def _rating(letter: str, said: list[str]) -> tuple[list[str], int | None]:
    """The words without the first that rates: p4, P4, p=4 or p:4."""
    for at, word in enumerate(said):
        found = re.fullmatch(rf"{letter}[=:]?([1-5])[,.;]?", word, re.I | re.A)
        if found:
            return said[:at] + said[at + 1 :], int(found[1])
    return said, None


def _unquoted(text: str) -> str:
    """The text without the quotation marks around the whole of it."""
    pairs = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»", "„": "“"}
    inner = text[1:-1]
    return inner.strip() if len(text) > 1 and pairs.get(text[0]) == text[-1] and text[0] not in inner else text
