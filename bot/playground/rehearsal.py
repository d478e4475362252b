"""The rehearsal: the sample's weeks are lived through by its people, over the real wire, as anybody would."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.playground.filling import Impossible
from bot.playground.hands import Hands
from bot.playground.local import Local
from bot.playground.records import Channel, Message, Person, Workspace
from bot.playground.sample import (
    BOARD,
    ESCALATIONS,
    PEOPLE,
    RISKS,
    STORIES,
    WEEKS,
    Asked,
    Story,
    Trouble,
)
from bot.playground.server import Playground

Tell = Callable[[str], object]
WEEK: Final = timedelta(days=7)
MORNING: Final = timedelta(hours=10)
FRIDAY: Final = timedelta(days=4)
THREE: Final = time(15)
LATER: Final = timedelta(minutes=4)
"""Nobody answers at once, nor two at the same moment."""
DIMENSIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "G": {"schedule": "G", "cost": "G", "scope": "G", "resources": "G", "risk": "G"},
    "A": {"schedule": "A", "cost": "G", "scope": "G", "resources": "G", "risk": "A"},
    "R": {"schedule": "R", "cost": "A", "scope": "G", "resources": "A", "risk": "A"},
}
COST: Final = {"G": 100, "A": 103, "R": 108}
"""The forecast cost in per cent of the budget, by the rating."""


def first_monday(now: datetime) -> datetime:
    """The midnight (UTC) at which the sample's weeks begin, so that they end on the last Monday up to now."""
    last = datetime.combine(now.date() - timedelta(days=now.weekday()), time(), now.tzinfo)
    return last - WEEKS * WEEK


def move_in(slack: Playground) -> Workspace:
    """Northwind: its people, a channel for each project, and the board's."""
    people = [
        Person(each.handle, real_name=each.name, tz=each.zone, title=each.title, is_admin=each.is_admin)
        for each in PEOPLE
    ]
    channels: list[str | Channel] = ["#general", BOARD, *(_channel(story) for story in STORIES)]
    return slack.add_workspace("Northwind", people=people, channels=channels)


def live_through(local: Local, tell: Tell) -> None:
    """Eight weeks: projects set up, asked and answered, risks raised, decisions taken, digests read."""
    monday = local.now()
    local.move_to(monday + MORNING)
    _set_up(local, monday)
    for week in range(WEEKS):
        tell(f"Living through the sample's week {week + 1} of {WEEKS}")
        start = monday + week * WEEK
        local.move_to(start + timedelta(days=1) + MORNING)
        _raise_risks(local, week)
        _escalate(local, week, start)
        local.move_to(start + timedelta(days=2) + MORNING)
        _decide(local, week)
        _close_risks(local, week)
        for story in sorted(STORIES, key=lambda story: _answered_at(story, start)):
            local.move_to(_answered_at(story, start))
            _report(local, story, week, start)
        local.move_to(start + WEEK + MORNING)


def _channel(story: Story) -> str:
    return f"#proj-{story.key.lower()}"


def _set_up(local: Local, monday: datetime) -> None:
    ana = local.slack.as_("ana")
    for words in ("@ana pmo", "@farah executive", "@george executive"):
        ana.types(f"/pmo role {words}", "#general")
    for story in STORIES:
        _add(ana, story, monday)
        local.settle()
    ana.types("/pmo digest add", BOARD)
    _send(ana, {"name": "Northwind weekly", "channel": BOARD})
    local.settle()


def _add(ana: Hands, story: Story, monday: datetime) -> None:
    ana.types("/pmo project add", "#general")
    ana.fills(name=story.name)
    _send(
        ana,
        {
            _field(ana, "key"): story.key,
            "portfolio": story.portfolio,
            "manager": f"@{story.manager}",
            "sponsor": f"@{story.sponsor}",
            "deputy": f"@{story.deputy}" if story.deputy else None,
            "channel": _channel(story),
            "start": (monday - timedelta(days=90)).date(),
            "finish": (monday + WEEKS * WEEK + story.finish).date(),
            "budget": str(story.budget),
        },
    )


def _field(who: Hands, name: str) -> str:
    """The field of that name, however often it was made anew."""
    blocks = who.modal.blocks if who.modal else []
    return next(str(block["block_id"]) for block in blocks if block["block_id"].partition(":")[0] == name)


def _send(who: Hands, values: Mapping[str, Any]) -> None:
    """Fill in the form and send it; a form that is not taken is a bug of the sample's."""
    who.fills(dict(values))
    errors = who.submits()
    if errors:
        raise Impossible(f"{who.me.handle} could not send the form: {errors}")
    while who.modal:
        who.closes()


def _answered_at(story: Story, monday: datetime) -> datetime:
    """Some time after the question, which comes on Friday at three where the manager is."""
    zone = next(each.zone for each in PEOPLE if each.handle == story.manager)
    asked = datetime.combine((monday + FRIDAY).date(), THREE, ZoneInfo(zone))
    return asked.astimezone(UTC) + LATER * (1 + STORIES.index(story))


def _report(local: Local, story: Story, week: int, start: datetime) -> None:
    """One answer to one prompt, or none."""
    rating = story.ratings[week]
    manager = local.slack.as_(story.manager)
    prompt = _prompt(manager, story)
    if rating == "-" or prompt is None:
        return
    if rating == "=":
        manager.presses(prompt, "No change")
    else:
        manager.presses(prompt, "Check in")
        manager.fills(overall=rating)
        _send(manager, _answers(story, week, rating, start))
    local.settle()


def _prompt(manager: Hands, story: Story) -> Message | None:
    """The newest prompt for a project that is still to be answered."""
    asked = [each for each in manager.reads() if f"How is {story.key}?" in each.shown and "Check in" in each.shown]
    return asked[-1] if asked else None


def _answers(story: Story, week: int, rating: str, start: datetime) -> dict[str, Any]:
    late = sum(days for since, days in story.late if since <= week)
    finish = start + (WEEKS - week) * WEEK + story.finish + timedelta(days=late)
    answers: dict[str, Any] = {
        **DIMENSIONS[rating],
        "forecast_finish": finish.date(),
        "eac": str(story.budget * COST[rating] // 100),
        "achievements": story.news[week % len(story.news)] if story.news else None,
        "next_steps": story.plans[week % len(story.plans)] if story.plans else None,
    }
    if rating == "G":
        return answers
    trouble = _trouble(story, week)
    due = max(start + (trouble.week - week) * WEEK + timedelta(days=trouble.days + 4), start + WEEK)
    return answers | {
        "cause": trouble.cause,
        "action": trouble.action,
        "action_owner": f"@{trouble.owner}",
        "action_due": due.date(),
    }


def _trouble(story: Story, week: int) -> Trouble:
    return [trouble for trouble in story.troubles if trouble.week <= week][-1]


def _raise_risks(local: Local, week: int) -> None:
    for risk in RISKS:
        if risk.week == week:
            local.slack.as_(risk.by).types(f"/risk {risk.line}", "#general")
            local.settle()


def _close_risks(local: Local, week: int) -> None:
    for risk in RISKS:
        if risk.ended is None or risk.ended.week != week:
            continue
        manager = next(story.manager for story in STORIES if story.key == risk.project)
        hands = local.slack.as_(manager)
        card = next(each for each in reversed(hands.reads(f"#proj-{risk.project.lower()}")) if risk.event in each.shown)
        hands.presses(card, "Close")
        _send(hands, {"outcome": risk.ended.outcome, "note": risk.ended.note})
        local.settle()


def _escalate(local: Local, week: int, start: datetime) -> None:
    for asked in ESCALATIONS:
        if asked.week == week:
            raiser = local.slack.as_(asked.by)
            raiser.types("/escalate", _channel_of(asked))
            decide_by = (start + timedelta(days=asked.days + 1)).date()
            _send(
                raiser,
                {
                    "project": asked.project,
                    "what": asked.what,
                    "ask": asked.ask,
                    "impact_if_nothing": asked.if_nothing,
                    "decide_by": decide_by,
                },
            )
            local.settle()


def _channel_of(asked: Asked) -> str:
    return f"#proj-{asked.project.lower()}"


def _decide(local: Local, week: int) -> None:
    for asked in ESCALATIONS:
        if asked.week != week:
            continue
        sponsor = local.slack.as_(next(story.sponsor for story in STORIES if story.key == asked.project))
        question = next(each for each in reversed(sponsor.reads()) if asked.ask in each.shown)
        if asked.acknowledged:
            sponsor.presses(question, "Acknowledge")
        if asked.decision:
            sponsor.presses(question, "Decide")
            _send(sponsor, {"decision": asked.decision, "reason": asked.reason})
        local.settle()
