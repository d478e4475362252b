"""The digest as executives read it: decisions first, then what changed, then the portfolio in numbers and pictures."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.rules import digests, health, money, workdays
from bot.rules.digests import ClosedLine, DecisionLine, Digest, Funds, ProjectLine, RiskLine
from bot.rules.terms import Health, Service
from bot.store.tables import Message
from bot.views import blocks, packing, text
from bot.views.blocks import Block, Cell
from bot.views.escalations import DECIDE
from bot.views.packing import Part
from bot.views.text import escape

ATTENTION = 8
NOT_ADMITTED = 5
MISSING = 20
ROWS = 10
IN_THREAD = 200
SAID = 4000
WHERE = "`/pmo portfolio` lists them all"


def edition(digest: Digest, *, period: str, zone: str, thread: bool = True) -> tuple[Message, list[Message]]:
    """The one message of an edition, and what goes into its thread; without a thread the rest is only counted."""
    parts = _parts(digest, period, zone)
    shown, left = packing.packed(parts, thread=thread)
    message = Message(text=said(digest, period, zone), blocks=shown)
    return message, packing.thread(left, most=IN_THREAD, more=WHERE) if thread else []


def passed(name: str, period: str) -> Message:
    """What was not published while the bot was away."""
    return Message(f"The digest {text.plain(name)} of {period} was due.")


def _parts(digest: Digest, period: str, zone: str) -> list[Part | Sequence[Block]]:
    today = digest.as_of.date()
    head = [blocks.header(f"PMO digest · {digest.name} · {period}"), blocks.context(_as_of(digest, zone))]
    if not digest.live:
        return [head, [blocks.section("There are no live projects yet. The PMO adds one with `/pmo project add`.")]]
    found: list[Part | Sequence[Block] | None] = [
        head,
        _decisions(digest, today),
        [blocks.section(_changed(digest))],
        [blocks.section(_portfolio(digest)), _chart(digest)],
        _attention(digest, today),
        _table(digest, today),
        _not_admitted(digest),
        _risks(digest),
        _missing(digest),
        [blocks.context("How it is rated, and all commands: `/pmo help` · every project: `/pmo portfolio`")],
    ]
    return [part for part in found if part]


def _as_of(digest: Digest, zone: str) -> str:
    if Service.CHECKINS in digest.off:
        return f"As of {text.when(digest.as_of, zone)}"
    received = f"reports {digest.received} of {digest.expected}" if digest.expected else "no reports were due yet"
    return f"As of {text.when(digest.as_of, zone)} · {received}"


def _decisions(digest: Digest, today: date) -> Part | Sequence[Block]:
    """What somebody owes an answer to, most urgent first, each with the way to give it."""
    asked = (*digest.decisions, *digest.decisions_rest)
    if Service.ESCALATIONS in digest.off:
        return []
    if not asked:
        return [blocks.section("*Decisions needed:* none")]
    lines = [_decision(number, each, today) for number, each in enumerate(asked, 1)]
    buttons = [
        blocks.section(line, blocks.button("Decide", DECIDE, each.id, describes=f"Decide {each.ref}"))
        for line, each in zip(lines, asked[: digests.TOP], strict=False)
    ]
    return Part(f"*Decisions needed ({len(asked)})*", lines, "decision", len(digest.decisions), blocks=buttons)


def _decision(number: int, asked: DecisionLine, today: date) -> str:
    late = " (overdue)" if asked.decide_by < today else ""
    seen = " · acknowledged" if asked.acknowledged else ""
    whom = text.listed([text.mention(each) for each in asked.to[:3]] or ["the PMO"])
    return text.join_lines(
        f"*{number}. {asked.project}: {escape(asked.ask, 300)}* ({asked.ref})",
        f"{whom} by *{text.day(asked.decide_by, today)}*{late}{seen} · waiting costs: "
        f"{escape(asked.impact_if_nothing, 200)}",
    )


def _changed(digest: Digest) -> str:
    if digest.since is None:
        return "*Changed:* this is the first edition; the next one says what changed."
    since = text.day(digest.since.date(), digest.as_of.date())
    changes = digest.changes
    said = [
        _moves("worse", changes.worse),
        _moves("better", changes.better),
        _names("new", [f"{each.key} {escape(each.name, 60)}" for each in changes.new]),
        _names("ended", [_ended(each) for each in changes.closed]),
    ]
    return f"*Changed since {since}:* " + (" | ".join(filter(None, said)) or "nothing")


def _moves(word: str, lines: Sequence[ProjectLine]) -> str:
    return _names(word, [f"{each.key} {_letter(each.previous)}>{each.reported.letter}" for each in lines])


def _ended(line: ClosedLine) -> str:
    return f"{line.key} ({line.state.value.replace('_', ' ')})"


def _letter(rating: Health | None) -> str:
    return (rating or Health.NOT_SET).letter


def _names(word: str, names: Sequence[str], most: int = 12) -> str:
    if not names:
        return ""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"*{word}* {', '.join(names[:most])}{more}"


def _portfolio(digest: Digest) -> str:
    """Counts and shares of budget by letter, and the money; never one colour alone."""
    shares = digest.funds[0].shares if len(digest.funds) == 1 else {}
    counts = " · ".join(
        f"{text.health_short(rating)} {count}{_of_budget(shares.get(rating))}"
        for rating, count in digest.counts.items()
    )
    return text.join_lines(f"*Portfolio:* {digest.live:,} live · {counts}", *map(_funds, digest.funds))


def _of_budget(share: object) -> str:
    return f" ({money.share(share)} of budget)" if share else ""  # type: ignore[arg-type]


def _funds(funds: Funds) -> str:
    known = f" (known of {funds.with_bac} of {funds.projects})" if funds.with_bac < funds.projects else ""
    line = f"Budget {money.short(funds.bac, funds.currency)}{known}"
    if funds.eac is None or funds.overrun is None:
        return line
    of = f" for the {funds.with_eac} with both" if funds.with_eac < funds.with_bac else ""
    return f"{line} · forecast {money.short(funds.eac, funds.currency)} ({money.change(funds.overrun)}){of}"


def _chart(digest: Digest) -> Block:
    """How many projects have each rating, worst to best: on a narrow screen the end is out of sight."""
    ratings = [rating for rating in digests.ORDER if digest.counts.get(rating)]
    names = [f"{rating.letter} {health.word(rating)}" for rating in ratings]
    return blocks.bar(
        "Projects by reported health",
        names,
        {"Projects": [digest.counts[rating] for rating in ratings]},
        x_label="Reported health",
        y_label="Projects",
    )


def _attention(digest: Digest, today: date) -> Part | Sequence[Block]:
    """Red and newly amber projects: two lines each, what it is and what is done about it."""
    ambers = text.plural(digest.steady_ambers, "amber project")
    steady = f"{ambers} without change" if digest.steady_ambers else ""
    if not digest.attention:
        return [blocks.section(f"*Red and newly amber:* none{f' · {steady}' if steady else ''}")]
    title = f"*Red and newly amber ({len(digest.attention)})*{f' · {steady}' if steady else ''}"
    lines = [_project(each, today) for each in digest.attention]
    return Part(title, lines, "project", ATTENTION)


def _project(line: ProjectLine, today: date) -> str:
    rated = health.letters(line.dimensions) if line.dimensions else "no dimensions rated"
    facts = filter(None, [_finish(line, today), _cost(line)])
    first = " · ".join([f"*[{line.reported.letter}] {line.key}* {escape(line.name, 28)}", rated, *facts])
    return text.join_lines(first, " · ".join([_because(line, today), digests.age(line)]))


def _because(line: ProjectLine, today: date) -> str:
    cause = f"because {escape(line.cause, 60)}" if line.cause else "*no cause given*"
    if not line.action:
        return f"{cause} · *no path to green*"
    by = f", {text.day(line.action_due, today)}" if line.action_due else ", *no date*"
    owner = text.mention(line.action_owner) if line.action_owner else "*no owner*"
    return f"{cause} · fix: {escape(line.action, 45)}, {owner}{by}"


def _finish(line: ProjectLine, today: date) -> str:
    if line.forecast_finish is None:
        return ""
    slip = workdays.between(line.baseline_finish, line.forecast_finish) if line.baseline_finish else 0
    return f"forecast {text.day(line.forecast_finish, today)}" + (f" ({slip:+} wd)" if slip else "")


def _cost(line: ProjectLine) -> str:
    if line.eac is None:
        return ""
    of = f"/{money.short(line.bac)}" if line.bac is not None else ""
    return f"EAC {money.short(line.eac, line.currency)}{of}"


def _table(digest: Digest, today: date) -> Sequence[Block]:
    """The same projects as a table that can be sorted."""
    if not digest.attention:
        return []
    header = ["Project", "Health", "Before", "Forecast finish", "EAC / budget", "Fix due", "Runs"]
    rows: list[list[Cell]] = [
        [
            each.key,
            f"{each.reported.letter} {health.word(each.reported)}",
            _letter(each.previous) if each.previous is not None else "new",
            _finish(each, today).removeprefix("forecast ") or text.NOTHING,
            _cost(each).removeprefix("EAC ") or text.NOTHING,
            text.day(each.action_due, today) if each.action_due else text.NOTHING,
            blocks.number(each.runs, str(each.runs)),
        ]
        for each in digest.attention[:ROWS]
    ]
    return [blocks.data_table("Red and newly amber projects", header, rows, page_size=ROWS)]


def _not_admitted(digest: Digest) -> Part | None:
    """Rated worse by the facts than by people."""
    lines = [
        f"*{each.key}* reported {each.reported.letter}, computed {each.computed.letter}: "
        f"{escape('; '.join(each.because), 200) or 'see its card'}"
        for each in digest.not_admitted
    ]
    return Part(f"*Not admitted ({len(lines)})*", lines, "project", NOT_ADMITTED) if lines else None


def _risks(digest: Digest) -> Sequence[Block]:
    if Service.RAID in digest.off:
        return []
    if not digest.risks:
        return [blocks.section("*Worst open risks:* none is open")]
    more = digest.open_risks - len(digest.risks)
    lines = [_risk(each, digest.as_of.date()) for each in digest.risks]
    left = f"_+ {text.plural(more, 'open risk')}: `/pmo risks`_" if more > 0 else None
    return [blocks.section(text.join_lines("*Worst open risks*", *lines, left))]


def _risk(line: RiskLine, today: date) -> str:
    owner = text.mention(line.owner) if line.owner else "*no owner*"
    late = " (overdue)" if line.due and line.due < today else ""
    due = f", due {text.day(line.due, today)}{late}" if line.due else ", *no date*"
    return f"{text.severity(line.severity, line.score)} · {line.ref} {escape(line.event, 120)} · {owner}{due}"


def _missing(digest: Digest) -> Part | None:
    lines = [f"{each.key}{f' ({each.missed} in a row)' if each.missed > 1 else ''}" for each in digest.missing]
    return Part(f"*Missing reports ({len(lines)})*", lines, "report", MISSING) if lines else None


def said(digest: Digest, period: str, zone: str) -> str:
    """The figures as sentences, for notifications and screen readers, who get nothing else."""
    counts = text.listed(f"{count} {health.colour(rating)}" for rating, count in digest.counts.items())
    sentences: Iterable[str] = [
        f"PMO digest of {text.plain(digest.name)}, {period}, as of {text.clock(digest.as_of, zone)}.",
        "" if Service.CHECKINS in digest.off else f"{digest.received} of {digest.expected} reports were given.",
        "" if Service.ESCALATIONS in digest.off else _needed(digest),
        *(_ask(each) for each in digest.decisions),
        f"{text.plural(digest.live, 'live project')}: {counts}." if digest.live else "There are no live projects.",
        *(f"{_funds(each)}." for each in digest.funds),
        *(_state(each) for each in digest.attention[:ATTENTION]),
        *(
            f"{each.key} reported {health.colour(each.reported)}, computed {health.colour(each.computed)}."
            for each in digest.not_admitted[:NOT_ADMITTED]
        ),
        *(
            f"Risk {each.ref}, {text.severity(each.severity, each.score)}: {text.plain(each.event, 80)}."
            for each in digest.risks
        ),
        f"{text.plural(len(digest.missing), 'report is', 'reports are')} missing." if digest.missing else "",
    ]
    return text.cut_mrkdwn(" ".join(filter(None, sentences)), SAID)


def _needed(digest: Digest) -> str:
    return f"{text.plural(len(digest.decisions) + len(digest.decisions_rest), 'decision')} needed."


def _ask(asked: DecisionLine) -> str:
    return f"{asked.project}: {text.plain(asked.ask)}, by {text.day(asked.decide_by)}."


def _state(line: ProjectLine) -> str:
    because = f" because {text.plain(line.cause, 90)}" if line.cause else ""
    return f"{line.key} is {digests.age(line)}{because}."
