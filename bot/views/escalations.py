"""Escalations: what the decider is asked, what the raiser sees of it, and what the project's channel learns."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from bot.rules.terms import EscalationLevel, EscalationState
from bot.store.tables import EscalationEntry, Message
from bot.views.blocks import Block, Element, actions, button, confirm, context, fields, header, section
from bot.views.text import channel_link, day, escape, join_lines, link, listed, mention, plain, plural, quote, when

OPEN: Final = "escalation.open"
OPEN_FROM_RISK: Final = "escalation.open_from_risk"
ACKNOWLEDGE: Final = "escalation.acknowledge"
DECIDE: Final = "escalation.decide"
WITHDRAW: Final = "escalation.withdraw"
TURN: Final = "escalation.turn"
SHOWN: Final = 300
ASKED: Final = {
    EscalationState.RAISED: "Decision asked",
    EscalationState.ACKNOWLEDGED: "Decision asked",
    EscalationState.DECIDED: "Decided",
    EscalationState.WITHDRAWN: "Withdrawn",
    EscalationState.CLOSED: "Decided",
}
LEVELS: Final = {EscalationLevel.SPONSOR: "the sponsor", EscalationLevel.PMO: "the PMO"}


def posts(entry: EscalationEntry) -> Iterator[tuple[str, str, Message]]:
    """All that is to be seen of an escalation: the key of each post, whom it goes to, and what it says."""
    escalation = entry.escalation
    levels = {slack_id: EscalationLevel(level) for level, slack_id in escalation.asked}
    for slack_id, level in levels.items():
        yield escalation.asked_key(slack_id), slack_id, asked(entry, level)
    yield escalation.progress_key, entry.raised_by, progress(entry)
    if escalation.state is EscalationState.DECIDED and entry.project.channel:
        yield escalation.card_key, entry.project.channel, card(entry)


def asked(entry: EscalationEntry, level: EscalationLevel) -> Message:
    """What somebody who was asked at a level sees: the question with its buttons, or how it ended."""
    escalation = entry.escalation
    is_theirs = escalation.state.is_open and escalation.level is level
    return Message(
        text=f"{_asks(entry)} {_stands(entry, level)}",
        blocks=[
            header(f"{escalation.ref} {ASKED[escalation.state]}: {escalation.what}"),
            section(_first_line_bold(_stands(entry, level))),
            *_question(entry),
            *([actions(*_deciding(entry))] if is_theirs else []),
        ],
    )


def progress(entry: EscalationEntry) -> Message:
    """What the raiser sees: every step with its time and its people, and what happens next."""
    escalation = entry.escalation
    steps = [*_steps(entry)]
    return Message(
        text=f"Your escalation {escalation.ref}: {plain(escalation.what, SHOWN)}. {steps[-1]} {_next(entry)}",
        blocks=[
            header(f"{escalation.ref} {escalation.what}"),
            section(join_lines(*(f"• {step}" for step in steps))),
            *_question(entry),
            context(_next(entry)),
            *([actions(_withdraw_button(entry))] if escalation.state.is_open else []),
        ],
    )


def card(entry: EscalationEntry) -> Message:
    """What the project's channel learns: that a decision was taken, by whom, and why."""
    escalation = entry.escalation
    return Message(
        text=f"Decided on {escalation.ref}, {plain(escalation.what, SHOWN)}: {plain(escalation.decision or '', SHOWN)}",
        blocks=[
            section(
                join_lines(f"*Decided on {escalation.ref}: {escape(escalation.what, SHOWN)}*", _outcome(entry, 1200))
            ),
            context(f"Asked by {mention(entry.raised_by)} · decided by {_when_decided(entry)}"),
        ],
    )


def raised(entry: EscalationEntry, notices: Sequence[str] = ()) -> Message:
    """What somebody is told who has just escalated: whom it went to, and what happens next."""
    escalation = entry.escalation
    text = f"*Saved as {escalation.ref}* and put to {_put_to(entry)}."
    said = join_lines(text, *notices, _next(entry), "You see each step in your messages with me.")
    return Message(text=said, blocks=[section(said)])


def page(
    entries: Sequence[tuple[EscalationEntry, bool, bool]], *, first: int, total: int, today: date, size: int
) -> Message:
    """A page of open escalations, the overdue first; each with whether this person decides, and may withdraw, it."""
    if not entries:
        return _empty()
    last = first + len(entries)
    turns = [
        *([button("Previous", f"{TURN}:back", max(0, first - size))] if first else []),
        *([button("Next", f"{TURN}:on", last)] if last < total else []),
    ]
    lines = [line(entry, today) for entry, _, _ in entries]
    return Message(
        text=join_lines(f"{plural(total, 'open escalation')}, the most urgent first:", *lines),
        blocks=[
            header("Open escalations"),
            *(
                block
                for said, (entry, decides, withdraws) in zip(lines, entries, strict=True)
                for block in _listed(said, entry, decides=decides, withdraws=withdraws)
            ),
            context(f"{first + 1} to {last} of {total}, the most urgent first. `/escalate` asks for a decision."),
            *([actions(*turns)] if turns else []),
        ],
    )


def line(entry: EscalationEntry, today: date) -> str:
    """An escalation in a list: what is asked, of whom, by when, and whether somebody has seen it."""
    escalation = entry.escalation
    late = " *(overdue)*" if escalation.decide_by < today else ""
    seen = f"seen by {mention(entry.acknowledged_by)}" if entry.acknowledged_by else "not seen yet"
    return join_lines(
        f"*{escalation.ref}* {escape(escalation.what, SHOWN)}",
        f"Asked: {escape(escalation.ask, SHOWN)}",
        f"By {day(escalation.decide_by)}{late} · {_put_to(entry)}, {seen} · raised by {mention(entry.raised_by)}",
    )


def already(entry: EscalationEntry) -> str:
    """What somebody is told who comes too late: who acknowledged, decided or withdrew it, when, and the decision."""
    escalation = entry.escalation
    last = [*_steps(entry)][-1]
    return f"*{escalation.ref}* {last}" if escalation.state.is_open else f"*{escalation.ref}* is over. {last}"


def not_yours(entry: EscalationEntry, *, is_own: bool = False) -> str:
    """What somebody is told whose decision it is not, or not any more; who asks does not decide."""
    why = "you raised it, and who asks does not decide" if is_own else "only they decide it"
    return f"{entry.escalation.ref} lies with {LEVELS[entry.escalation.level]} now: {why}."


def acknowledged(entry: EscalationEntry) -> str:
    """That it was acknowledged, and what is still owed."""
    by = day(entry.escalation.decide_by)
    return f"*{entry.escalation.ref}*: {mention(entry.raised_by)} is told that you have seen it. Please decide by {by}."


def decided(entry: EscalationEntry) -> str:
    """That a decision was kept, and who learns of it."""
    raiser, channel = mention(entry.raised_by), entry.project.channel
    told = f"{raiser} and {channel_link(channel)} learn of it now" if channel else f"{raiser} learns of it now"
    return f"*{entry.escalation.ref}* is decided. {told}."


def withdrawn(entry: EscalationEntry) -> str:
    """That it was withdrawn, and who is told."""
    return f"*{entry.escalation.ref}* is withdrawn; {_put_to(entry)} see that nothing is asked any more."


def escalated_already(entry: EscalationEntry) -> str:
    """That a risk waits for a decision already."""
    by = day(entry.escalation.decide_by)
    return f"*{entry.risk}* is escalated already, as {entry.escalation.ref}: {_put_to(entry)}, by {by}."


def _asks(entry: EscalationEntry) -> str:
    escalation = entry.escalation
    asked = f"{plain(escalation.what, SHOWN)}. {plain(escalation.ask, SHOWN)}"
    return f"{escalation.ref}, {entry.project.key}: {asked} By {day(escalation.decide_by)}."


def _question(entry: EscalationEntry) -> list[Block]:
    """What is asked, and what a decision has to know."""
    escalation = entry.escalation
    source = f" from {link(escalation.evidence, 'a message')}" if escalation.evidence else ""
    risk = f" · risk {entry.risk}" if entry.risk else ""
    raised = f"Raised by {mention(entry.raised_by)}{source}, {when(escalation.raised_at, entry.zone)}{risk}"
    return [
        fields(
            {
                "What is asked": escape(escalation.ask, 1500),
                "If nothing is done": escape(escalation.impact_if_nothing, 1500),
                "Decide by": _by(entry),
                "Project": f"{entry.project.key} {escape(entry.project.name, SHOWN)}",
            }
        ),
        context(raised),
    ]


def _by(entry: EscalationEntry) -> str:
    late = " (overdue)" if entry.escalation.is_overdue else ""
    return f"{day(entry.escalation.decide_by)}{late}"


def _stands(entry: EscalationEntry, level: EscalationLevel) -> str:
    """Where it stands, for somebody who was asked at this level."""
    escalation = entry.escalation
    if not escalation.state.is_open:
        return [*_steps(entry)][-1]
    if escalation.level is not level:
        at = f", {when(escalation.climbed_at, entry.zone)}" if escalation.climbed_at else ""
        return f"Nobody acknowledged it in time, so it went to the PMO{at}. There is nothing left for you to do."
    if entry.acknowledged_by:
        return f"{mention(entry.acknowledged_by)} has acknowledged it. A decision is needed by {_by(entry)}."
    sponsors = _people(escalation.put_to(EscalationLevel.SPONSOR))
    unseen = f"The sponsor{sponsors} did not acknowledge it in time. " if escalation.climbed_at else ""
    return f"{unseen}{mention(entry.raised_by)} needs your decision by {_by(entry)}.{_clock(entry)}"


def _first_line_bold(said: str) -> str:
    """The first line in bold; quotations after it stay as they are, for bold ends with its line."""
    first, *rest = said.split("\n", 1)
    return "\n".join([f"*{first}*", *rest])


def _clock(entry: EscalationEntry) -> str:
    until = entry.escalation.climbs_at
    return f" Acknowledge it by {when(until, entry.zone)}, or it goes to the PMO." if until else ""


def _steps(entry: EscalationEntry) -> Iterator[str]:
    """What has happened, oldest first; each step with its people and its time."""
    escalation = entry.escalation
    first = EscalationLevel.SPONSOR if escalation.climbed_at else escalation.level
    asked = _people(escalation.put_to(first))
    yield f"Raised, and put to {LEVELS[first]}{asked}, {when(escalation.raised_at, entry.zone)}."
    if escalation.climbed_at:
        office = _people(escalation.put_to(EscalationLevel.PMO))
        yield f"Not acknowledged in time, so it went to the PMO{office}, {when(escalation.climbed_at, entry.zone)}."
    if escalation.acknowledged_at:
        at = when(escalation.acknowledged_at, entry.zone)
        yield f"Acknowledged by {mention(entry.acknowledged_by)}, {at}."
    if escalation.decided_at:
        yield f"Decided by {_when_decided(entry)}:\n{_outcome(entry, 600)}"
    if escalation.withdrawn_at:
        yield f"Withdrawn by {mention(entry.withdrawn_by)}, {when(escalation.withdrawn_at, entry.zone)}."


def _when_decided(entry: EscalationEntry) -> str:
    at = entry.escalation.decided_at
    return f"{mention(entry.decided_by)}, {when(at, entry.zone)}" if at else "nobody yet"


def _outcome(entry: EscalationEntry, most: int) -> str:
    escalation = entry.escalation
    return f"{quote(escalation.decision or '', most)}\nBecause:\n{quote(escalation.reason or '', most)}"


def _next(entry: EscalationEntry) -> str:
    """What happens next, for whoever raised it."""
    escalation = entry.escalation
    if escalation.state is EscalationState.DECIDED:
        return "Next: act on the decision."
    if not escalation.state.is_open:
        return "Nothing is asked any more."
    if escalation.climbs_at:
        return f"Next: {_put_to(entry)} has until {when(escalation.climbs_at, entry.zone)}; then it goes to the PMO."
    return f"Next: {_put_to(entry)} decides by {_by(entry)}, and you see it here."


def _put_to(entry: EscalationEntry) -> str:
    """Whom it lies with now."""
    level = entry.escalation.level
    return f"{LEVELS[level]}{_people(entry.escalation.put_to(level))}"


def _people(slack_ids: Sequence[str]) -> str:
    return f" ({listed(mention(slack_id) for slack_id in slack_ids)})" if slack_ids else " (nobody is named yet)"


def _listed(said: str, entry: EscalationEntry, *, decides: bool, withdraws: bool) -> Iterator[Block]:
    yield section(said)
    buttons = [*(_deciding(entry) if decides else []), *([_withdraw_button(entry)] if withdraws else [])]
    if buttons:
        yield actions(*buttons)


def _deciding(entry: EscalationEntry) -> list[Element]:
    escalation = entry.escalation
    seen = button("Acknowledge", ACKNOWLEDGE, escalation.id, describes=f"Acknowledge {escalation.ref}")
    decide = button("Decide", DECIDE, escalation.id, style="primary", describes=f"Decide on {escalation.ref}")
    return [seen, decide] if escalation.state is EscalationState.RAISED else [decide]


def _withdraw_button(entry: EscalationEntry) -> Element:
    ref = entry.escalation.ref
    question = confirm("Withdraw it?", f"{ref} is then over, and those who were asked see that.", "Withdraw")
    return button("Withdraw", WITHDRAW, entry.escalation.id, confirm=question, describes=f"Withdraw {ref}")


def _empty() -> Message:
    text = "No decision is waiting that you may see. `/escalate` asks for one."
    return Message(text=text, blocks=[section(text)])
