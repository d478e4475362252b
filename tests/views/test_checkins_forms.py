"""The form of a status report: filled in with what was said last, asking for a path to green where one is owed."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.playground import lint
from bot.rules.terms import Dimension, Health
from bot.store.tables import Version
from bot.views import checkins_forms
from tests.views.test_reports import LONG, ZONE, a_project, a_report, green

WEEK = (date(2026, 11, 21), date(2026, 11, 27))
PATH = ["cause", "action", "action_owner", "action_due"]


def form(values: dict[str, Any] | None = None, **more: Any) -> Any:
    view = checkins_forms.form(more.pop("project", a_project()), WEEK, values or {}, zone=ZONE, **more)
    assert lint.view(view) is None
    return view


def inputs(view: Any) -> dict[str, Any]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def initial(view: Any, name: str) -> Any:
    element = inputs(view)[name]["element"]
    for key in ("initial_value", "initial_user", "initial_date"):
        if key in element:
            return element[key]
    return element.get("initial_option", {}).get("value")


def test_the_form_names_its_project_its_period_and_what_it_showed() -> None:
    view = form(stands=Version(a_report(), "UBOB"))

    assert json.loads(view["private_metadata"]) == {
        "project": 7,
        "start": "2026-11-21",
        "end": "2026-11-27",
        "seen": 3,
    }
    assert json.loads(form()["private_metadata"])["seen"] is None


def test_a_correction_says_what_it_corrects() -> None:
    view = form(stands=Version(a_report(), "UBOB"))

    assert "corrects the report by <@UBOB>" in view["blocks"][0]["elements"][0]["text"]
    assert view["submit"]["text"] == "Save the correction"
    assert "by an import" in str(form(stands=Version(a_report(), None)))
    assert form()["submit"]["text"] == "Send"


@pytest.mark.parametrize(("letter", "asked"), [(None, False), ("G", False), ("A", True), ("R", True)])
def test_amber_and_red_ask_for_a_path_to_green_and_require_it(letter: str | None, asked: bool) -> None:
    fields = inputs(form({"overall": letter}))

    assert [name for name in fields if name in PATH] == (PATH if asked else [])
    assert not any(fields[name].get("optional") for name in PATH if asked)


def test_a_path_that_was_typed_stays_in_sight_but_is_not_required() -> None:
    view = form({"overall": "G", "cause": "Vendor"})

    assert initial(view, "cause") == "Vendor"
    assert all(inputs(view)[name]["optional"] for name in PATH)
    assert "left out when you send it green" in str(view)


def test_names_of_fields_stay_the_same_so_that_slack_keeps_what_was_typed() -> None:
    def names(view: Any) -> set[tuple[str, str]]:
        return {(name, block["element"]["action_id"]) for name, block in inputs(view).items()}

    assert names(form({"overall": "G"})) < names(form({"overall": "A"}))


def test_every_dimension_starts_without_a_rating() -> None:
    view = form()

    assert [initial(view, each.value) for each in Dimension] == ["X"] * 7
    options = inputs(view)["schedule"]["element"]["options"]
    assert [each["value"] for each in options] == ["G", "A", "R", "X"]


def test_a_rating_of_a_finer_scale_is_not_lost() -> None:
    view = form({"overall": "AR", "cost": "AG"})

    assert [each["value"] for each in inputs(view)["overall"]["element"]["options"]] == ["G", "A", "AR", "R"]
    assert (initial(view, "overall"), initial(view, "cost")) == ("AR", "AG")


def test_the_form_is_filled_in_with_the_last_report() -> None:
    view = form(checkins_forms.prefilled(a_project(), a_report(), again=False))

    assert {name: initial(view, name) for name in inputs(view)} == {
        "overall": "A",
        "cause": "Vendor *late*",
        "action": "Second tester",
        "action_owner": "UBOB",
        "action_due": "2026-12-04",
        "schedule": "A",
        "cost": "X",
        "scope": "G",
        "resources": "X",
        "risk": "X",
        "benefits": "X",
        "quality": "X",
        "forecast_finish": "2027-03-15",
        "eac": "1080000",
        "achievements": None,
        "next_steps": "Go live",
        "decisions_needed": "One tester",
    }


def test_the_same_period_is_filled_in_with_all_that_was_said_of_it() -> None:
    assert checkins_forms.prefilled(a_project(), a_report(), again=True)["achievements"] == "UAT done"


def test_the_path_of_a_report_that_is_green_is_not_brought_back() -> None:
    values = checkins_forms.prefilled(a_project(), a_report(overall=Health.GREEN), again=False)

    assert not any(values.get(name) for name in PATH)


def test_where_a_report_said_nothing_the_projects_own_forecasts_stand() -> None:
    project = a_project(finish_forecast=date(2027, 4, 1), budget_forecast=Decimal("7.50"))

    for last in (None, green()):
        view = form(checkins_forms.prefilled(project, last, again=False))
        assert (initial(view, "forecast_finish"), initial(view, "eac")) == ("2027-04-01", "7.50")


def test_a_forecast_of_nothing_is_no_blank() -> None:
    values = checkins_forms.prefilled(
        a_project(budget_forecast=Decimal(9)), a_report(budget_forecast=Decimal(0)), again=False
    )

    assert initial(form(values), "eac") == "0"


def test_hints_say_what_was_planned() -> None:
    fields = inputs(form(planned="Run the rehearsal"))

    assert fields["achievements"]["hint"]["text"] == "Planned last time: Run the rehearsal"
    assert fields["forecast_finish"]["hint"]["text"] == "Planned: Fri 12 Feb 2027"
    assert fields["eac"]["hint"]["text"] == "Budget: GBP 1,000,000.00. Such as 1200000 or 1.2m."
    bare = inputs(form(project=a_project(finish_baseline=None, budget_baseline=None)))
    assert bare["eac"]["hint"]["text"] == "Such as 1200000 or 1.2m."


def test_a_note_is_the_first_thing_in_sight() -> None:
    other = Version(a_report(overall=Health.AMBER_GREEN), "UBOB")

    note = checkins_forms.overtaken(other, ZONE)

    view = form(note=note)
    assert view["blocks"][0]["type"] == "alert"
    assert "Sending this again corrects what <@UBOB> has reported meanwhile: 🟡" in view["blocks"][0]["text"]["text"]


def test_long_words_stay_within_slacks_limits() -> None:
    typed = dict.fromkeys(["cause", "action", "achievements", "next_steps", "decisions_needed"], LONG)

    form({"overall": "R", **typed}, project=a_project(name=LONG[:255]), planned=LONG)
