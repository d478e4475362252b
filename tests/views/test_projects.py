"""The card says how a project stands; people and its channel are told what they have to know."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.playground import lint
from bot.rules.access import Act
from bot.rules.terms import Health, ProjectState, Role, Severity
from bot.store.tables import Message, Person, Project, Schedule, Standing, StatusReport
from bot.views import checkins, projects, projects_changes
from tests.factories import NOW

BERLIN = "Europe/Berlin"
ANA = Person(id=1, slack_id="U1", name="Ana", timezone=BERLIN)
SAM = Person(id=2, slack_id="U2", name="Sam", timezone="Europe/London")
EVERY = tuple(Act)


def a_standing(**values: Any) -> Standing:
    """Apollo, red for two reports, with a manager, a sponsor and everything known."""
    given: dict[str, Any] = {
        "state": ProjectState.EXECUTING,
        "channel": "C1",
        "reported_at": NOW - timedelta(days=3),
        "reported_health": Health.RED,
        "computed_health": Health.RED,
        "health_since": date(2026, 11, 6),
        "health_runs": 2,
        "finish_baseline": date(2027, 2, 12),
        "finish_forecast": date(2027, 3, 15),
        "budget_baseline": Decimal(1_000_000),
        "budget_forecast": Decimal(1_080_000),
        "open_risks": 3,
        "worst_risk": Severity.VERY_HIGH,
    }
    project = Project(id=7, key="APOLLO", name="Apollo R&D platform", currency="GBP", created_at=NOW)
    for name, value in (given | values).items():
        setattr(project, name, value)
    due = None if not project.state.is_live else datetime(2026, 11, 27, 14, tzinfo=UTC)
    schedule = Schedule(
        id=1,
        project_id=7,
        rrule="FREQ=WEEKLY;BYDAY=FR",
        local_time=time(15),
        anchor=date(2026, 11, 6),
        next_due_at=due,
    )
    report = StatusReport(
        id=1,
        project_id=7,
        period_start=date(2026, 11, 14),
        period_end=date(2026, 11, 20),
        reported_at=NOW,
        overall=Health.RED,
        computed=Health.RED,
        cause="Vendor <late>",
        action="Second vendor",
    )
    return Standing(
        project=project,
        portfolio="Change",
        held={Role.MANAGER: [ANA], Role.SPONSOR: [SAM]},
        schedule=schedule,
        report=report,
        author=ANA,
        open_escalations=1,
    )


def a_bare_one() -> Standing:
    """A project nobody has said anything of."""
    project = Project(id=8, key="BARE", name="Bare", currency="GBP", created_at=NOW)
    return Standing(project, None, {}, None, None, None, 0)


def shown(message: Message) -> str:
    return str(message.blocks)


def a_card(standing: Standing, may: tuple[Act, ...] = EVERY) -> Message:
    return projects.card(standing, now=NOW, zone=BERLIN, may=may)


def fields_of(message: Message) -> dict[str, str]:
    [block] = [block for block in message.blocks if "fields" in block]
    return dict(field["text"].strip("*").split("*\n") for field in block["fields"])


def test_the_card_says_how_a_project_stands() -> None:
    card = a_card(a_standing())
    assert card.text == "APOLLO Apollo R&amp;D platform: Off track (R)."
    assert card.blocks[0]["text"]["text"] == "APOLLO · Apollo R&D platform"
    health = card.blocks[1]["text"]["text"]
    assert health.startswith("*🟥 [R] Off track* · red for 2 reports · since Fri 6 Nov 2026 · reported <!date^")
    found = fields_of(card)
    assert found.pop("Check-ins").startswith("every Friday at 15:00 (Europe/Berlin)\nnext <!date^1795788000^")
    assert found == {
        "Manager": "<@U1>",
        "Sponsor": "<@U2>",
        "Deputy": "nobody",
        "Channel": "<#C1>",
        "Portfolio": "Change",
        "Start": "–",
        "Finish": "baseline Fri 12 Feb 2027\nforecast Mon 15 Mar 2027 (+21 wd)",
        "Cost": "budget GBP 1m\nforecast GBP 1.08m (+8.0%)",
        "Open": "3 risks, the worst very high\n1 escalation",
    }
    assert "_Why_\n> Vendor &lt;late&gt;\n_Path to green_\n> Second vendor" in card.blocks[3]["text"]["text"]


def test_the_card_says_why_where_the_signals_say_otherwise() -> None:
    said = a_card(
        a_standing(reported_health=Health.GREEN, computed_because=["finish forecast 21 working days late"])
    ).blocks[1]["text"]["text"]
    assert said.endswith("By its signals it is 🟥 [R] Off track, because finish forecast 21 working days late.")
    vague = a_card(a_standing(reported_health=Health.GREEN)).blocks[1]["text"]["text"]
    assert vague.endswith("because of its signals.")
    assert "signals" not in shown(a_card(a_standing(computed_health=Health.NOT_SET)))


def test_the_card_of_a_project_that_said_nothing_yet() -> None:
    card = a_card(a_bare_one())
    assert card.text == "BARE Bare: No data (X)."
    assert card.blocks[1]["text"]["text"] == "⚪ [X] No data: there is no report yet."
    assert "there is no report yet.\nBy its signals it is 🟥 [R] Off track" in shown(
        a_card(a_standing(reported_at=None, reported_health=Health.NOT_SET))
    ).replace("\\n", "\n")
    assert fields_of(card)["Check-ins"] == "never"
    assert fields_of(card)["Cost"] == "–"
    assert "Last report" not in shown(card)


def test_a_project_that_rests_is_not_asked_and_has_no_check_in() -> None:
    card = a_card(a_standing(state=ProjectState.ON_HOLD))
    assert card.text == "APOLLO Apollo R&amp;D platform: on hold."
    assert "nobody is asked" in card.blocks[1]["text"]["text"]
    assert fields_of(card)["Check-ins"].endswith("none while it rests")
    assert checkins.OPEN not in shown(card)


@pytest.mark.parametrize(
    ("may", "action_ids"),
    [
        (EVERY, ["checkin.open", "risk.open", "escalation.open", "project.edit", "team.open", "project.hide"]),
        ((Act.RAISE_RISK,), ["risk.open"]),
        ((), []),
    ],
)
def test_the_card_offers_what_the_reader_may_do(may: tuple[Act, ...], action_ids: list[str]) -> None:
    card = a_card(a_standing(), may)
    buttons = [element for block in card.blocks for element in block.get("elements", [])]
    assert [button["action_id"] for button in buttons] == action_ids
    assert all(button["value"] == "7" for button in buttons)


def test_money_and_dates_show_what_is_known() -> None:
    only_forecast = a_card(a_standing(finish_baseline=None, budget_baseline=None, budget_actual=Decimal(10)))
    assert fields_of(only_forecast)["Finish"] == "forecast Mon 15 Mar 2027"
    assert fields_of(only_forecast)["Cost"] == "forecast GBP 1.08m\nspent GBP 10"
    without_budget = a_card(a_standing(budget_baseline=Decimal(0), finish_actual=date(2027, 3, 1)))
    assert fields_of(without_budget)["Cost"] == "budget GBP 0\nforecast GBP 1.08m"
    assert fields_of(without_budget)["Finish"].endswith("actual Mon 1 Mar 2027")


def test_the_channel_is_told_who_answers_and_what_to_do() -> None:
    welcome = projects.welcome(a_standing())
    said = shown(welcome)
    assert "every Friday at 15:00 (Europe/Berlin)" in welcome.text
    assert "<@U1>" in said
    assert "/risk APOLLO" in said
    assert "It is on hold" in shown(projects.welcome(a_standing(state=ProjectState.ON_HOLD)))
    assert "check-in never" in shown(projects.welcome(a_bare_one()))


def test_each_is_told_of_their_own_part() -> None:
    def said(role: Role, standing: Standing) -> str:
        return str(projects.told(standing, role, by="U9", zone=BERLIN).blocks[0]["text"]["text"])

    assert said(Role.MANAGER, a_standing()).startswith(
        "You manage *APOLLO* Apollo R&amp;D platform. Your first check-in is due <!date^"
    )
    assert "escalat" not in said(Role.DEPUTY, a_standing())
    assert said(Role.SPONSOR, a_standing()).startswith("You sponsor *APOLLO*")
    assert "rests" in said(Role.MANAGER, a_standing(state=ProjectState.ON_HOLD))
    assert "<@U9> set this up." in shown(projects.told(a_standing(), Role.DEPUTY, by="U9", zone=BERLIN))


def test_whoever_added_a_project_reads_what_happens_next() -> None:
    said = shown(projects.added(a_standing(), zone=BERLIN))
    assert "I tell <@U1> and <@U2> of their part and introduced the project in <#C1>." in said
    assert "The first check-in is asked for <!date^" in said
    quiet = shown(projects.added(a_standing(channel=None, state=ProjectState.ON_HOLD), zone=BERLIN))
    assert "introduced" not in quiet
    assert "first check-in" not in quiet


def test_whoever_edited_a_project_reads_what_was_changed() -> None:
    project = a_standing().project
    changes = {
        "name": ("Apollo", "Apollo <2>"),
        "sponsor": ([], [SAM]),
        "state": (ProjectState.EXECUTING, ProjectState.ON_HOLD),
        "channel": (None, "C2"),
        "finish_baseline": (None, date(2027, 2, 12)),
        "budget_baseline": ("5000.00", Decimal(1_200_000)),
        "identity": ("a", "b"),
    }
    assert projects_changes.edited(project, changes).blocks[0]["text"]["text"].splitlines() == [
        "Saved for *APOLLO*:",
        "• name: Apollo → Apollo &lt;2&gt;",
        "• sponsor: nothing → <@U2>",
        "• state: executing → on hold",
        "• channel: nothing → <#C2>",
        "• finish: nothing → Fri 12 Feb 2027",
        "• budget: 5,000.00 → 1,200,000.00",
    ]
    assert "nothing was changed" in projects_changes.edited(project, {}).text


def test_without_a_key_ones_own_projects_are_named() -> None:
    assert "`/pmo project APOLLO` Apollo" in projects.list_mine([(7, "APOLLO", "Apollo")]).text
    assert "/pmo portfolio" in projects.list_mine([]).text


@pytest.mark.parametrize("name", ["Apollo", "<!channel> *x* `y`" * 14, "👨‍👩‍👧‍👦" * 30])
@pytest.mark.parametrize("state", list(ProjectState))
def test_a_strict_slack_takes_every_message(name: str, state: ProjectState) -> None:
    standing = a_standing(name=name[:255], state=state)
    bare = replace(a_bare_one(), project=standing.project)
    for each in (standing, bare):
        messages = [
            a_card(each),
            projects.welcome(each),
            projects.added(standing, zone=BERLIN),
            *(projects.told(each, role, by="U9", zone=BERLIN) for role in (Role.MANAGER, Role.SPONSOR, Role.DEPUTY)),
        ]
        assert [lint.message(message.blocks) for message in messages] == [None] * len(messages)
        assert "<!channel>" not in str([(message.text, message.blocks[1:]) for message in messages])
