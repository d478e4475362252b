"""The forms ask the same of a new project and of one that is there, and lose nothing that was typed."""

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from bot.playground import lint
from bot.rules import cadence, projects
from bot.rules.cadence import Cadence
from bot.rules.projects import ProjectDraft
from bot.rules.terms import ProjectState
from bot.store.tables import Person, Project
from bot.views import projects_forms
from tests.factories import NOW

APOLLO = Project(id=7, key="APOLLO", name="Apollo", currency="GBP", created_at=NOW)
DRAFT = ProjectDraft(
    name="Apollo",
    key="APOLLO",
    portfolio="3",
    manager="U1",
    sponsor=None,
    deputy="U2",
    channel="C1",
    cadence=cadence.weekly(4, time(15), date(2026, 11, 20)),
    start=None,
    finish=date(2027, 2, 12),
    budget=Decimal("1200000.00"),
    state=ProjectState.EXECUTING,
)
CHANGE = projects_forms.portfolio_option(3, "Change")


def element(form: dict[str, Any], block_id: str) -> dict[str, Any]:
    [block] = [block for block in form["blocks"] if block.get("block_id") == block_id]
    found: dict[str, Any] = block["element"]
    return found


def an_edit_form(draft: ProjectDraft = DRAFT, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"seen": 5, "ways": projects.ways(draft.state), "was": draft, "portfolio": CHANGE}
    return projects_forms.edit_form(APOLLO, projects_forms.filled(draft), **(given | more))


def test_what_the_form_is_filled_with_makes_the_same_draft_again() -> None:
    assert projects.draft(projects_forms.filled(DRAFT), date(2026, 12, 1), was=DRAFT) == DRAFT


def test_a_new_project_is_asked_on_fridays_at_three_unless_told_otherwise() -> None:
    form = projects_forms.add_form({})
    assert element(form, "cadence")["initial_option"]["value"] == cadence.WEEKLY_FRIDAY
    assert element(form, "cadence_time")["initial_time"] == "15:00"
    told = projects_forms.add_form({"cadence": "workdays", "cadence_time": time(9, 30)})
    assert element(told, "cadence")["initial_option"]["value"] == "workdays"
    assert element(told, "cadence_time")["initial_time"] == "09:30"
    assert lint.view(form) is None


def test_a_name_is_heard_and_a_suggested_key_comes_in_a_field_of_its_own() -> None:
    form = projects_forms.add_form({"name": "Apollo", "key": "APOLLO"}, suggested="APOLLO")
    [name, key] = form["blocks"][:2]
    assert (name["dispatch_action"], name["element"]["action_id"]) == (True, projects_forms.NAMED)
    assert (key["block_id"], key["element"]["initial_value"]) == ("key:APOLLO", "APOLLO")
    assert json.loads(form["private_metadata"]) == {"suggested": "APOLLO"}


def test_the_edit_form_shows_what_is_there() -> None:
    form = an_edit_form()
    assert element(form, "portfolio")["initial_option"]["value"] == "3"
    assert element(form, "manager")["initial_user"] == "U1"
    assert "initial_user" not in element(form, "sponsor")
    assert element(form, "channel")["initial_conversation"] == "C1"
    assert element(form, "finish")["initial_date"] == "2027-02-12"
    assert element(form, "budget")["initial_value"] == "1,200,000"
    assert [option["text"]["text"] for option in element(form, "state")["options"]] == [
        "Executing (as it is)",
        "Closing",
        "On hold",
        "Cancelled",
    ]
    assert json.loads(form["private_metadata"]) == {"project": 7, "seen": 5}
    assert lint.view(form) is None


def test_a_cadence_of_ones_own_may_stay_as_it_is() -> None:
    own = Cadence("FREQ=WEEKLY;BYDAY=MO,TH", time(15), date(2026, 11, 2))
    form = an_edit_form(replace(DRAFT, cadence=own))
    [block] = [block for block in form["blocks"] if block.get("block_id") == "cadence"]
    assert block["optional"] is True
    assert "initial_option" not in block["element"]
    assert block["element"]["placeholder"]["text"] == "As it is: every Monday and Thursday at 15:00"


def test_who_edited_meanwhile_is_named_with_what_they_changed() -> None:
    sam, ulla = (Person(slack_id=each, name=each, timezone="UTC") for each in ("U0SAM", "U0ULLA"))
    edits = [("Ben <b>", {"sponsor": [[sam], [ulla]]}), ("Cy", {"finish_baseline": [None, "2027-03-01"]})]
    form = an_edit_form(edits=edits)
    assert form["blocks"][0]["type"] == "alert"
    assert form["blocks"][1]["text"]["text"] == (
        "*Ben &lt;b&gt;* changed meanwhile:\n• sponsor: <@U0SAM> → <@U0ULLA>\n"
        "*Cy* changed meanwhile:\n• finish: nothing → Mon 1 Mar 2027"
    )
    assert lint.view(form) is None


def test_a_portfolio_can_be_named_anew() -> None:
    assert projects_forms.new_portfolio_option("Run").value == "new:Run"
