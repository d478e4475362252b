"""Registers: what a file that was dropped would become, what became of it, and what could not be read."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.rules.registers.reading import Register
from bot.rules.registers.told import Outcome
from bot.store.tables import Message, RegisterFile
from bot.views import text
from bot.views.blocks import Block, actions, button, confirm, context, header, section
from bot.views.text import escape, join_lines, plain, plural

IMPORT: Final = "register.import"
LEAVE: Final = "register.leave"
SHOWN: Final = 8
"""How many projects are named of those added, and of those changed."""
TOLD: Final = 2_800
"""Characters of refused cells in one message of the thread."""
MESSAGES: Final = 20
"""How many messages the thread gets at most."""


def asked(register: RegisterFile) -> str:
    """What whoever dropped a file reads at once."""
    return f"*I am reading {escape(register.name, 100)}.* I write to you here in a moment what it would change."


def being_read(register: RegisterFile) -> Message:
    """That it is being read."""
    return _said(f"Reading {plain(register.name)} …")


def importing(register: RegisterFile) -> Message:
    """That it is going in."""
    return _said(f"Importing {plain(register.name)} …")


def dropped(register: RegisterFile) -> Message:
    """That nothing of it went in."""
    return _said(f"{plain(register.name)} was left: nothing of it went in. `/pmo import` takes it again.")


def refused(register: RegisterFile, why: str) -> Message:
    """That it cannot be used, and why."""
    said = f"{plain(register.name)} cannot be imported: {why}"
    again = "Mend it and drop it again: `/pmo import`. Nothing was changed."
    shown = f"*{escape(register.name, 100)}* cannot be imported.\n{escape(why, 2000)}"
    return Message(said, [section(shown), context(again)])


def preview(file: RegisterFile, register: Register, outcome: Outcome) -> Message:
    """What would be added, changed and refused; nothing was kept yet."""
    name = escape(file.name, 100)
    said = f"{plain(file.name)}: {_counts(outcome)}. Nothing is changed yet."
    sure = confirm("Import it?", f"{_counts(outcome)}.", "Import")
    buttons = [
        button("Import", IMPORT, file.id, style="primary", confirm=sure, describes=f"Import {file.name}"),
        button("Leave it", LEAVE, file.id, describes=f"Leave {file.name}"),
    ]
    nothing = not (outcome.added or outcome.changed or outcome.reports or outcome.corrected)
    shown: list[Block] = [
        header(f"{file.name}: what would change"),
        section(join_lines(f"*{name}* · {plural(register.rows, 'row')} read", _counts(outcome))),
        *_listed("Would be added", outcome.added),
        *_listed("Would be changed", outcome.changed),
        *_listed("Not placed", outcome.unplaced),
        *_refused(register),
        context(_columns(register)),
        *_notes(register),
        section("*Nothing would change:* all of it is here already.") if nothing else actions(*buttons),
    ]
    return Message(said, shown)


def imported(file: RegisterFile, register: Register, outcome: Outcome, *, waits: bool = False) -> Message:
    """What went in; `waits` while nobody but pilots is asked."""
    said = f"{plain(file.name)} is imported: {_counts(outcome)}."
    return Message(
        said,
        [
            section(join_lines(f"*{escape(file.name, 100)} is imported*", _counts(outcome))),
            *_listed("Added", outcome.added),
            *_listed("Changed", outcome.changed),
            *_listed("Not placed", outcome.unplaced),
            *_refused(register),
            context(
                "Nobody is asked for check-ins before you go live, but pilot projects: `/pmo setup` goes on."
                if waits
                else "`/pmo portfolio` lists the projects; managers are asked when their next check-in is due."
            ),
        ],
    )


def faults(register: Register) -> list[Message]:
    """Every cell that was not taken as it stands: row, column, why; for the thread."""
    pages: list[list[str]] = [[]]
    for cell in register.refused:
        line = f"• {escape(str(cell), 500)}"
        if sum(map(len, pages[-1])) + len(line) > TOLD:
            pages.append([])
        pages[-1].append(line)
    pages = [page for page in pages if page]
    left = sum(map(len, pages[MESSAGES:]))
    if left:
        pages[MESSAGES - 1].append(f"… and {left} more: `pmo-bot import projects FILE --dry-run` names them all.")
    return [Message("Not read as it stands:", [section("\n".join(page))]) for page in pages[:MESSAGES]]


def _said(words: str) -> Message:
    return Message(words, [section(words)])


def _counts(outcome: Outcome) -> str:
    projects = f"{plural(len(outcome.added), 'project')} added, {len(outcome.changed)} changed"
    reports = f"{plural(outcome.reports, 'report')} added, {outcome.corrected} corrected"
    return f"{projects}, {outcome.unchanged} as before; {reports}"


def _listed(title: str, lines: Sequence[str]) -> list[Block]:
    if not lines:
        return []
    more = [f"_and {len(lines) - SHOWN} more_"] if len(lines) > SHOWN else []
    return [section("\n".join([f"*{title} ({len(lines)})*", *(escape(line, 200) for line in lines[:SHOWN]), *more]))]


def _refused(register: Register) -> list[Block]:
    if not register.refused:
        return []
    count = plural(len(register.refused), "cell or row", "cells or rows")
    return [section(f"*Refused: {count}.* The thread names each.")]


def _columns(register: Register) -> str:
    read: Iterable[tuple[Any, str]] = register.mapping.items()
    said = "; ".join(f"{escape(str(title), 60)} is {escape(field, 40)}" for title, field in read)
    unread = [escape(str(each), 60) for each in register.columns.unread]
    return f"Columns: {said or 'none'}." + (f" Not read: {text.listed(unread)}." if unread else "")


def _notes(register: Register) -> list[Block]:
    return [context(*(escape(note, 300) for note in register.notes[:5]))] if register.notes else []
