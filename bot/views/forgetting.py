"""Forgetting: whom, what it will change, what it did, and the way back while there is one."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.rules.forgetting import REVERSIBLE, SOMEBODY, Held
from bot.store.tables import Forgotten, Message
from bot.views.blocks import (
    Block,
    Element,
    Option,
    View,
    actions,
    button,
    confirm,
    context,
    external_select,
    fields,
    header,
    modal,
    option,
    person_input,
    section,
)
from bot.views.text import escape, listed, mention, plural, when

WHO: Final = "forget.who"
FORM: Final = "forget.form"
UNDO: Final = "forget.undo"
SHOWN: Final = 10
DAYS: Final = REVERSIBLE.days


def ask() -> View:
    """Whom: everybody the bot knows, those too whom Slack does not list any more."""
    return modal(
        "Forget somebody",
        WHO,
        [
            external_select("who", "Who", WHO, None, min_query_length=1, placeholder="Start of the name"),
            context("You see what will change before anything does."),
        ],
        submit="Show me",
    )


def suggested(person_id: int, name: str, *, has_left: bool) -> Option:
    """Somebody to choose."""
    return option(name, person_id, "Has left" if has_left else "")


def preview(person_id: int, name: str, *, held: Held, counts: dict[str, int], deputy: str | None) -> View:
    """What forgetting this person changes, what stays, and who takes over what they still answer for."""
    stays = {what: f"{count:,}" for what, count in counts.items()}
    return modal(
        "Forget somebody",
        FORM,
        [
            section(
                f"*{escape(name)}* becomes *{SOMEBODY}* with a number, everywhere: name and Slack id go, also from "
                "texts that mention them. What they wrote and decided stays."
            ),
            fields(stays),
            *_taking_over(held, deputy),
            context(
                f"For {DAYS} days it can be undone with `/pmo forget undo`; after that nobody can, not even whoever "
                "runs PMO Bot. Roles end. Messages they were sent stay in their Slack. Where others wrote their name "
                "without an @, it stays."
            ),
        ],
        submit="Forget",
        metadata={"person": person_id},
    )


def _taking_over(held: Held, deputy: str | None) -> list[Block]:
    if not held:
        return []
    return [
        section(f"*They still answer for* {listed(_still(held))}. All of it goes to one person."),
        person_input("successor", "Who takes over?", value=deputy),
    ]


def _still(held: Held) -> Iterator[str]:
    if held.managed:
        yield f"{', '.join(held.managed)} as manager"
    if held.sponsored:
        yield f"{', '.join(held.sponsored)} as sponsor"
    for count, what in ((held.risks, "open risk"), (held.checkins, "check-in"), (held.escalations, "decision")):
        if count:
            yield plural(count, what)


def done(forgotten: Forgotten, *, pseudonym: str, successor: str | None, zone: str) -> Message:
    """What whoever did it reads: the pseudonym, who has it now, and the way back."""
    said = f"They are {pseudonym} from now on."
    over = f" {mention(successor)} takes over what they answered for, and is told." if successor else ""
    until = f"Until {when(forgotten.kept_until, zone)} this can be undone." if forgotten.kept_until else ""
    return Message(
        f"{said}{over}", [section(f"*{pseudonym}* it is from now on.{over}"), context(until), actions(_undo(forgotten))]
    )


def took_over(*, projects: Sequence[str], risks: int, escalations: int, checkins: int, by: str) -> Message:
    """What somebody is told who takes over from a colleague who left."""
    what = [*projects, *(plural(count, what) for count, what in _counts(risks, escalations, checkins) if count)]
    said = f"You take over from a colleague who left: {listed(what)}."
    return Message(
        said, [section(said), context(f"{mention(by)} did this. `/checkin` and your Home show what is due.")]
    )


def _counts(risks: int, escalations: int, checkins: int) -> tuple[tuple[int, str], ...]:
    return (risks, "risk"), (escalations, "decision"), (checkins, "check-in")


def reversible(known: Sequence[tuple[Forgotten, str, str]], zone: str) -> Message:
    """Those who can be brought back, each with the pseudonym and who it was, which whoever may forget may see."""
    if not known:
        said = f"Nobody was forgotten in the last {DAYS} days, so nothing can be undone."
        return Message(said, [section(said)])
    blocks: list[Block] = [header("Forgotten, and not yet for good")]
    for forgotten, pseudonym, name in known[:SHOWN]:
        until = f" · until {when(forgotten.kept_until, zone)}" if forgotten.kept_until else ""
        blocks += [section(f"*{pseudonym}* was {escape(name)}{until}"), actions(_undo(forgotten))]
    more = [context(f"and {len(known) - SHOWN} more")] if len(known) > SHOWN else []
    return Message(f"{plural(len(known), 'person', 'people')} can be brought back.", [*blocks, *more])


def undone(slack_id: str) -> str:
    """What whoever brought somebody back reads."""
    return (
        f"{mention(slack_id)} is known again, also in the texts that nobody has changed since. Roles are not given "
        "back: `/pmo role` and `/pmo team` do that."
    )


def _undo(forgotten: Forgotten) -> Element:
    sure = confirm("Bring them back?", "Their name and Slack id are put back where they were.", "Bring back")
    return button("Bring back", UNDO, forgotten.id, confirm=sure)
