"""The forms of setting up: Slack takes each, and each begins with what is agreed on."""

from typing import Any

import pytest

from bot.playground import lint
from bot.rules.setup import Figures
from bot.rules.terms import Role
from bot.store.tables import Project
from bot.views import setup_forms
from bot.views.blocks import View, section
from tests.factories import NOW
from tests.views.test_setup import LONG, a_workspace, words

FULL = a_workspace(
    scope=LONG[:3000], country="GB", closed_days=["2026-12-24"], services_off=["raid"], tolerances={"plus_percent": "5"}
)
PROJECT = Project(id=7, key="APOLLO", name=LONG[:255], currency="GBP", created_at=NOW)


@pytest.mark.parametrize(
    "form",
    [
        setup_forms.scope(FULL, "U0FARAH"),
        setup_forms.switches(FULL),
        setup_forms.roles({Role.PMO: ["U0ANA", "no id"], Role.EXECUTIVE: []}),
        setup_forms.defaults(FULL),
        setup_forms.holidays(FULL, NOW.date()),
        setup_forms.holidays(a_workspace(), NOW.date()),
        setup_forms.thresholds(FULL),
        setup_forms.register(),
        setup_forms.pilots([PROJECT], is_live=True),
        setup_forms.pilots([], is_live=False),
        setup_forms.digest([section("What it says")]),
        setup_forms.go_live(live=2, pilots=1, digests=1, taken=False),
        setup_forms.go_live(live=2, pilots=1, digests=1, taken=True),
        setup_forms.live_already(3),
        setup_forms.review(Figures(28)),
    ],
    ids=lambda form: form["callback_id"],
)
def test_slack_takes_it(form: View) -> None:
    assert lint.view(form) is None


def element(form: View, name: str) -> dict[str, Any]:
    [found] = [block["element"] for block in form["blocks"] if block.get("block_id") == name]
    return found  # type: ignore[no-any-return]


def test_forms_begin_with_what_is_agreed_on() -> None:
    on = element(setup_forms.switches(FULL), "services")["initial_options"]
    assert [each["value"] for each in on] == ["checkins", "escalations", "digests"]
    assert element(setup_forms.roles({Role.PMO: ["U0ANA"]}), "pmo")["initial_users"] == ["U0ANA"]
    assert element(setup_forms.thresholds(FULL), "plus_percent")["initial_value"] == "5"
    assert element(setup_forms.thresholds(FULL), "missed_to_red")["initial_value"] == "2"
    holidays = setup_forms.holidays(FULL, NOW.date())
    assert element(holidays, "country")["initial_option"]["value"] == "GB"
    assert "Next: Thu 24 Dec 2026; Fri 25 Dec 2026 Christmas Day" in words(holidays["blocks"])
    assert "No closed day within a year." in words(setup_forms.holidays(a_workspace(), NOW.date())["blocks"])


def test_a_register_is_one_file_of_two_kinds() -> None:
    file = element(setup_forms.register(), "file")

    assert (file["type"], file["filetypes"], file["max_files"]) == ("file_input", ["csv", "xlsx"], 1)


def test_who_is_live_goes_back_and_who_is_not_goes_live() -> None:
    assert setup_forms.go_live(live=2, pilots=1, digests=1, taken=False)["submit"]["text"] == "Go live"
    live = setup_forms.go_live(live=2, pilots=1, digests=1, taken=True)
    assert "submit" not in live
    assert live["blocks"][1]["elements"][0]["action_id"] == "setup.go_back"
