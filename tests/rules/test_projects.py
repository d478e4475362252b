"""Projects: keys, forms and their lifecycle."""

import re
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import cadence, projects
from bot.rules.cadence import Cadence
from bot.rules.projects import ProjectDraft
from bot.rules.terms import ProjectState

SUNDAY = date(2026, 11, 22)


def a_form(**values: Any) -> dict[str, Any]:
    return {"name": "Apollo data platform", "key": "APOLLO", "manager": "U1"} | values


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Apollo data platform", (), "APOLLO"),
        ("Apollo data platform", {"APOLLO"}, "ADP"),
        ("Apollo data platform", {"APOLLO", "ADP"}, "APOLLO2"),
        ("Apollo", {"APOLLO", "APOLLO2"}, "APOLLO3"),
        ("The Project of a Payroll", (), "PAYROLL"),
        ("Infrastructure renewal", (), "INFRASTRUC"),
        ("Infrastructure", {"INFRASTRUC"}, "INFRASTRU2"),
        ("New HR system", (), "HR"),
        ("HS2", (), "HS2"),
        ("2027 budget", (), "BUDGET"),
        ("X ray", (), "RAY"),
        ("X y", (), "XY"),
        ("Überführung Straße", (), "UBERFUHRUN"),
        ("Café-Crème", {"CAFE"}, "CC"),
        ("Проект", (), "PROJECT1"),
        ("项目 2027", {"PROJECT1"}, "PROJECT2"),
        ("", (), "PROJECT1"),
        ("The", (), "PROJECT1"),
        ("Help", (), "HELP2"),
        ("a b c d e f g h i j k l", {"X"}, "BCDEFGHIJK"),
    ],
)
def test_a_key_is_made_of_the_name(name: str, taken: set[str], key: str) -> None:
    assert projects.suggest_key(name, taken) == key


@given(st.text(), st.integers(0, 120))
def test_a_suggested_key_is_always_free_and_always_a_key(name: str, others: int) -> None:
    taken: set[str] = set()
    for _ in range(others % 15):
        taken.add(projects.suggest_key(name, taken))

    key = projects.suggest_key(name, taken)

    assert projects.check_key(key, taken) == key
    assert len(taken) == others % 15


def test_a_key_is_kept_in_capitals() -> None:
    assert projects.check_key(" apollo2 ") == "APOLLO2"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "2 to 10 letters"),
        ("A", "2 to 10 letters"),
        ("ABCDEFGHIJK", "2 to 10 letters"),
        ("2APOLLO", "begins with a letter"),
        ("APÖLLO", "2 to 10 letters"),
        ("AP-1", "2 to 10 letters"),
        ("Help", "is a command"),
        ("hermes", "is taken"),
    ],
)
def test_a_key_that_will_not_do_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        projects.check_key(text, {"HERMES"})

    assert set(refused.value.fields) == {"key"}


def test_a_project_is_asked_every_friday_at_three_unless_it_says_otherwise() -> None:
    project = projects.draft(a_form(), SUNDAY)

    assert project == ProjectDraft(
        name="Apollo data platform",
        key="APOLLO",
        portfolio=None,
        manager="U1",
        sponsor=None,
        deputy=None,
        channel=None,
        cadence=Cadence("FREQ=WEEKLY;BYDAY=FR", time(15), date(2026, 11, 27)),
    )


def test_all_that_a_form_can_say() -> None:
    values = a_form(key="ap2", portfolio="3", sponsor="U2", deputy="U3", channel="C1", cadence="fortnightly_th")

    project = projects.draft(values | {"cadence_time": "10:00"}, SUNDAY, taken={"APOLLO"})

    assert project == ProjectDraft(
        name="Apollo data platform",
        key="AP2",
        portfolio="3",
        manager="U1",
        sponsor="U2",
        deputy="U3",
        channel="C1",
        cadence=cadence.fortnightly(3, time(10), SUNDAY),
    )


def test_every_fault_of_a_form_is_told_at_once() -> None:
    values = {"key": "1", "sponsor": "x", "channel": "general", "cadence": "hourly", "name": "x" * 201}

    with pytest.raises(Refused) as refused:
        projects.draft(values, SUNDAY)

    assert list(refused.value.fields) == ["name", "key", "manager", "sponsor", "channel", "cadence"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": "hermes"}, "key"),
        ({"deputy": "U1"}, "deputy"),
        ({"cadence_time": "25:00"}, "cadence_time"),
        ({"channel": "D1"}, "channel"),
    ],
)
def test_what_will_not_do_is_refused_at_its_field(values: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        projects.draft(a_form(**values), SUNDAY, taken={"HERMES"})

    assert set(refused.value.fields) == {field}


def test_a_missing_key_is_asked_for_in_words() -> None:
    with pytest.raises(Refused) as refused:
        projects.draft(a_form(key=None), SUNDAY)

    assert refused.value.fields == {"key": "Give the project a key, such as APOLLO."}


BEFORE = projects.draft(a_form(cadence="fortnightly_th", cadence_time="10:00"), SUNDAY)


def test_an_edited_project_keeps_its_key() -> None:
    assert projects.draft(a_form(key="OTHER"), SUNDAY, taken={"APOLLO"}, was=BEFORE).key == "APOLLO"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, BEFORE.cadence),
        ({"cadence": "fortnightly_th", "cadence_time": "10:00"}, BEFORE.cadence),
        ({"cadence": "fortnightly_th", "cadence_time": "11:00"}, replace(BEFORE.cadence, at=time(11))),
        ({"cadence_time": "11:00"}, replace(BEFORE.cadence, at=time(11))),
        ({"cadence": "weekly_th"}, cadence.weekly(3, time(10), date(2026, 12, 1))),
    ],
)
def test_an_unchanged_cadence_keeps_its_parity(values: dict[str, str], expected: Cadence) -> None:
    edited = projects.draft(a_form(**values), date(2026, 12, 1), was=BEFORE)

    assert edited.cadence == expected


STEPS = {
    (ProjectState.PROPOSED, ProjectState.APPROVED),
    (ProjectState.APPROVED, ProjectState.INITIATING),
    (ProjectState.INITIATING, ProjectState.PLANNING),
    (ProjectState.PLANNING, ProjectState.EXECUTING),
    (ProjectState.EXECUTING, ProjectState.CLOSING),
    (ProjectState.CLOSING, ProjectState.CLOSED),
    (ProjectState.CLOSED, ProjectState.POST_REVIEWED),
    (ProjectState.PLANNING, ProjectState.ON_HOLD),
    (ProjectState.EXECUTING, ProjectState.ON_HOLD),
    (ProjectState.ON_HOLD, ProjectState.PLANNING),
    (ProjectState.ON_HOLD, ProjectState.EXECUTING),
    *product(
        set(ProjectState) - {ProjectState.CLOSED, ProjectState.POST_REVIEWED, ProjectState.CANCELLED},
        [ProjectState.CANCELLED],
    ),
}


@pytest.mark.parametrize(("state", "to"), list(product(ProjectState, repeat=2)))
def test_the_lifecycle_of_a_project(state: ProjectState, to: ProjectState) -> None:
    if (state, to) in STEPS:
        assert projects.move(state, to) is to
    else:
        with pytest.raises(Refused):
            projects.move(state, to)


def test_a_project_on_hold_resumes_where_it_was_held() -> None:
    held = {"state": ProjectState.ON_HOLD, "held_from": ProjectState.PLANNING}

    assert projects.move(**held, to=ProjectState.PLANNING) is ProjectState.PLANNING
    assert projects.move(**held, to=ProjectState.CANCELLED) is ProjectState.CANCELLED
    with pytest.raises(Refused, match="put on hold while planning"):
        projects.move(**held, to=ProjectState.EXECUTING)


def test_the_words_of_commands_are_no_keys() -> None:
    assert all(re.fullmatch(r"[A-Z]+", word) for word in projects.RESERVED)
    assert {"ADD", "EDIT", "HELP"} <= projects.RESERVED


@pytest.mark.parametrize(
    ("state", "held_from", "expected"),
    [
        (ProjectState.PLANNING, None, ["executing", "on_hold", "cancelled"]),
        (ProjectState.ON_HOLD, None, ["planning", "executing", "cancelled"]),
        (ProjectState.ON_HOLD, ProjectState.PLANNING, ["planning", "cancelled"]),
        (ProjectState.EXECUTING, ProjectState.PLANNING, ["closing", "on_hold", "cancelled"]),
        (ProjectState.CANCELLED, None, []),
    ],
)
def test_the_ways_a_project_can_go(state: ProjectState, held_from: ProjectState | None, expected: list[str]) -> None:
    assert projects.ways(state, held_from) == tuple(map(ProjectState, expected))


def test_a_baseline_is_dates_and_a_budget_and_blank_is_not_known() -> None:
    project = projects.draft(a_form(start="2026-12-01", finish="2026-12-01", budget="1.2m"), SUNDAY)

    assert (project.start, project.finish, project.budget) == (
        date(2026, 12, 1),
        date(2026, 12, 1),
        Decimal(1_200_000),
    )


def test_a_project_does_not_finish_before_it_starts() -> None:
    with pytest.raises(Refused, match="before it starts") as refused:
        projects.draft(a_form(start="2026-12-02", finish="2026-12-01"), SUNDAY)

    assert set(refused.value.fields) == {"finish"}


def test_a_project_begins_executing_and_moves_when_it_is_edited() -> None:
    held = replace(BEFORE, state=ProjectState.ON_HOLD)

    assert projects.draft(a_form(state="closing"), SUNDAY).state is ProjectState.EXECUTING
    assert projects.draft(a_form(), SUNDAY, was=held).state is ProjectState.ON_HOLD
    assert projects.draft(a_form(state="closing"), SUNDAY, was=BEFORE).state is ProjectState.CLOSING
    assert projects.draft(a_form(state="executing"), SUNDAY, was=BEFORE).state is ProjectState.EXECUTING


@pytest.mark.parametrize("state", ["closed", "executing", "nowhere"])
def test_a_project_cannot_be_edited_into_any_state(state: str) -> None:
    held = replace(BEFORE, state=ProjectState.ON_HOLD)

    with pytest.raises(Refused) as refused:
        projects.draft(a_form(state=state), SUNDAY, was=held, held_from=ProjectState.PLANNING)

    assert set(refused.value.fields) == {"state"}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, set()),
        ({"start": date(2026, 12, 2)}, {"start"}),
        ({"finish": None, "budget": Decimal(2)}, {"finish", "budget"}),
    ],
)
def test_a_baseline_that_is_set_is_kept(changes: dict[str, Any], faults: set[str]) -> None:
    was = replace(BEFORE, start=date(2026, 12, 1), finish=date(2027, 3, 1), budget=Decimal(1))

    if not faults:
        projects.keep_baseline(was, replace(was, **changes))
    else:
        with pytest.raises(Refused, match="Only the PMO") as refused:
            projects.keep_baseline(was, replace(was, **changes))
        assert set(refused.value.fields) == faults


def test_a_baseline_that_is_not_set_yet_can_be_set() -> None:
    projects.keep_baseline(BEFORE, replace(BEFORE, start=date(2026, 12, 1), budget=Decimal(1)))


@pytest.mark.parametrize(("ticked", "confidential"), [(["yes"], True), ([], False), (None, False)])
def test_a_box_makes_a_project_confidential(ticked: list[str] | None, confidential: bool) -> None:
    assert projects.draft(a_form(confidential=ticked), SUNDAY).confidential is confidential
    hidden = replace(BEFORE, confidential=True)
    assert projects.draft(a_form(confidential=ticked), SUNDAY, was=hidden).confidential is confidential


def test_who_is_not_shown_the_box_leaves_it_as_it_was() -> None:
    assert projects.draft(a_form(), SUNDAY).confidential is False
    assert projects.draft(a_form(), SUNDAY, was=replace(BEFORE, confidential=True)).confidential is True
