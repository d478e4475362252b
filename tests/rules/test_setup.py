"""Setting up: where it stands, which phase that is, and what its forms say."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules import setup
from bot.rules.setup import PHASES, Defaults, Standing, Step, Taken
from bot.rules.terms import Role, WorkspaceState

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = NOW.date()
QUIET = {"quiet_from": time(18), "quiet_until": "8:30"}
ALL = [step for steps in PHASES.values() for step in steps]


def taken(*steps: Step, skipped: bool = False) -> list[Taken]:
    return [Taken(step, skipped, "UANA", NOW) for step in steps]


def standings(*steps: Step, is_live: bool = False) -> dict[Step, Standing]:
    phases = setup.checklist(taken(*steps), is_live=is_live)
    return {line.step: line.standing for lines in phases.values() for line in lines}


def test_every_step_has_its_phase_once() -> None:
    assert sorted(ALL) == sorted(Step)


def test_the_first_open_step_is_next_whatever_was_done_after_it() -> None:
    found = standings(Step.SCOPE, Step.ROLES)

    assert found[Step.SCOPE] is Standing.DONE
    assert found[Step.SERVICES] is Standing.NEXT
    assert found[Step.ROLES] is Standing.DONE
    assert found[Step.DEFAULTS] is Standing.NOT_YET


def test_a_skipped_step_says_so_and_going_live_cannot_be_skipped() -> None:
    phases = setup.checklist(taken(Step.SCOPE, skipped=True), is_live=False)
    lines = {line.step: line for lines in phases.values() for line in lines}

    assert lines[Step.SCOPE].standing is Standing.SKIPPED
    assert lines[Step.SCOPE].taken == taken(Step.SCOPE, skipped=True)[0]
    assert lines[Step.SERVICES].may_skip
    assert not lines[Step.GO_LIVE].may_skip


def test_who_was_live_before_has_that_step_behind_them() -> None:
    assert standings(is_live=True)[Step.GO_LIVE] is Standing.DONE
    assert standings(is_live=False)[Step.GO_LIVE] is Standing.NOT_YET
    assert Standing.NEXT not in standings(*ALL).values()


def test_only_who_runs_nothing_yet_begins_anew() -> None:
    assert setup.begins(WorkspaceState.OPERATING, [], has_live_projects=False)
    assert not setup.begins(WorkspaceState.OPERATING, [], has_live_projects=True)
    assert not setup.begins(WorkspaceState.OPERATING, taken(Step.GO_LIVE), has_live_projects=False)
    assert not setup.begins(WorkspaceState.DESIGN, [], has_live_projects=False)


def test_the_phase_is_that_of_the_first_open_step_and_never_live_by_itself() -> None:
    assert setup.phase([]) is WorkspaceState.PREPARATION
    assert setup.phase(taken(Step.SCOPE, Step.SERVICES)) is WorkspaceState.DESIGN
    assert setup.phase(taken(*(set(ALL) - {Step.GO_LIVE}))) is WorkspaceState.DEPLOYMENT
    assert setup.phase(taken(*(set(ALL) - {Step.REVIEW}))) is WorkspaceState.DEPLOYMENT
    assert setup.phase(taken(*ALL)) is WorkspaceState.DEPLOYMENT


def test_a_scope_says_what_for() -> None:
    assert setup.scope({"scope": " All change ", "sponsor": "U0FARAH"}) == setup.Scope("All change", "U0FARAH")
    with pytest.raises(Refused) as refused:
        setup.scope({"scope": " "})
    assert set(refused.value.fields) == {"scope"}


def test_roles_name_each_person_once_and_somebody_of_the_pmo() -> None:
    found = setup.roles({"pmo": ["U1", "U1"], "executive": None})

    assert found == {Role.PMO: ("U1",), Role.EXECUTIVE: (), Role.AUDITOR: ()}
    with pytest.raises(Refused) as refused:
        setup.roles({"pmo": [], "auditor": [f"U{number}" for number in range(31)]})
    assert set(refused.value.fields) == {"pmo", "auditor"}


def test_defaults_are_a_choice_a_time_a_zone_and_a_currency() -> None:
    values = {"cadence": "weekly_fr", "time": time(14), "zone": "Europe/Stockholm", "currency": "sek"} | QUIET

    assert setup.defaults(values) == Defaults("weekly_fr", "14:00", "Europe/Stockholm", "SEK", time(18), time(8, 30))
    assert setup.defaults(values | {"time": "9:30"}).at == "09:30"


def test_every_default_that_is_wrong_is_named() -> None:
    with pytest.raises(Refused) as refused:
        setup.defaults({"cadence": "hourly", "time": None, "zone": "Mars/Olympus", "currency": "pounds"})
    assert set(refused.value.fields) == {"cadence", "time", "zone", "currency", *QUIET}


def test_a_calendar_is_a_place_and_days() -> None:
    assert setup.calendar({"country": "GB", "closed": "24 dec 2026"}, TODAY) == ("GB", ["2026-12-24"])
    assert setup.calendar({}, TODAY) == (None, [])
    with pytest.raises(Refused):
        setup.calendar({"country": "QQ"}, TODAY)


def test_pilots_are_few() -> None:
    assert setup.pilots({"pilots": ["7", "8", "7"]}) == [7, 8]
    assert setup.pilots({}) == []
    with pytest.raises(Refused) as refused:
        setup.pilots({"pilots": [str(number) for number in range(21)]})
    assert set(refused.value.fields) == {"pilots"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [(None, {}), ("Budget (£m) = bac (£m)\n\n Who=manager ", {"Budget (£m)": "bac (£m)", "Who": "manager"})],
)
def test_columns_are_said_a_line_each(typed: Any, read: dict[str, str]) -> None:
    assert setup.mapping({"columns": typed}) == read


@pytest.mark.parametrize("typed", ["Budget", "Who=manager\n= bac", "Budget ="])
def test_a_line_that_says_nothing_of_a_column_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        setup.mapping({"columns": typed})
    assert set(refused.value.fields) == {"columns"}
