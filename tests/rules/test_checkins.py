"""Check-ins: what a report owes, and when there is nothing to say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules import checkins
from bot.rules.checkins import ReportDraft
from bot.rules.terms import CheckinState, Dimension, Health

TODAY = date(2026, 11, 22)
PATH = {"cause": "vendor test late", "action": "2nd tester", "action_owner": "U1", "action_due": "2026-11-22"}


def a_report(**values: Any) -> ReportDraft:
    return replace(ReportDraft(Health.GREEN, dict.fromkeys(Dimension, Health.GREEN)), **values)


def test_a_green_report_owes_nothing_more() -> None:
    report = checkins.draft({"overall": "G"}, TODAY)

    assert report == ReportDraft(Health.GREEN, dict.fromkeys(Dimension, Health.NOT_SET))
    assert not report.has_path


def test_all_that_a_report_can_say() -> None:
    values = {
        **{
            "overall": "A",
            "schedule": "R",
            "cost": "AG",
            "scope": "X",
            "quality": "B",
            "forecast_finish": "2027-03-14",
        },
        **{"eac": "1.08m", "achievements": "UAT done", "next_steps": "go-live", "decisions_needed": "2nd tester"},
    }

    report = checkins.draft(values | PATH, TODAY)

    assert report == ReportDraft(
        overall=Health.AMBER,
        dimensions=dict.fromkeys(Dimension, Health.NOT_SET)
        | {
            Dimension.SCHEDULE: Health.RED,
            Dimension.COST: Health.AMBER_GREEN,
            Dimension.QUALITY: Health.DONE,
        },
        cause="vendor test late",
        action="2nd tester",
        action_owner="U1",
        action_due=TODAY,
        forecast_finish=date(2027, 3, 14),
        eac=Decimal(1080000),
        achievements="UAT done",
        next_steps="go-live",
        decisions_needed="2nd tester",
    )
    assert report.has_path


@pytest.mark.parametrize("letter", ["A", "AR", "R"])
def test_amber_and_worse_owe_a_path_to_green_all_of_it_at_once(letter: str) -> None:
    with pytest.raises(Refused) as refused:
        checkins.draft({"overall": letter}, TODAY)

    assert list(refused.value.fields) == ["cause", "action", "action_owner", "action_due"]
    assert checkins.draft({"overall": letter} | PATH, TODAY).has_path


@pytest.mark.parametrize("missing", sorted(PATH))
def test_a_path_to_green_is_whole(missing: str) -> None:
    with pytest.raises(Refused) as refused:
        checkins.draft({"overall": "R"} | PATH | {missing: None}, TODAY)

    assert set(refused.value.fields) == {missing}


def test_the_date_of_a_path_has_not_passed() -> None:
    with pytest.raises(Refused, match="has passed") as refused:
        checkins.draft({"overall": "A"} | PATH | {"action_due": "2026-11-21"}, TODAY)

    assert set(refused.value.fields) == {"action_due"}


def test_what_stays_of_an_old_path_does_not_hinder_a_green_report() -> None:
    report = checkins.draft({"overall": "G"} | PATH | {"action_due": "2026-11-21"}, TODAY)

    assert report.action_due == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("field", "value"), [("overall", None), ("overall", "X"), ("overall", "B"), ("overall", "green"), ("cost", "Q")]
)
def test_a_rating_is_one_of_the_letters(field: str, value: str | None) -> None:
    with pytest.raises(Refused) as refused:
        checkins.draft({"overall": "G", field: value}, TODAY)

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("field", ["cause", "action", "achievements", "next_steps", "decisions_needed"])
def test_texts_are_as_short_as_a_digest_wants_them(field: str) -> None:
    assert checkins.draft({"overall": "G", field: "x" * 300}, TODAY)
    with pytest.raises(Refused) as refused:
        checkins.draft({"overall": "G", field: "x" * 301}, TODAY)

    assert set(refused.value.fields) == {field}


def test_blank_money_is_not_zero() -> None:
    assert checkins.draft({"overall": "G", "eac": " "}, TODAY).eac is None
    assert checkins.draft({"overall": "G", "eac": "0"}, TODAY).eac == 0


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({"overall": "A"}, True),
        ({"overall": "R"}, True),
        ({"overall": "G"}, False),
        ({"overall": "X"}, False),
        ({"overall": None}, False),
        ({}, False),
    ],
)
def test_the_form_asks_for_a_path_when_the_whole_is_amber_or_worse(values: dict[str, Any], needed: bool) -> None:
    assert checkins.needs_path(values) is needed


def test_no_change_says_the_same_again_but_not_what_was_achieved() -> None:
    last = a_report(eac=Decimal(5), achievements="UAT done", next_steps="go-live", decisions_needed="tester")

    assert checkins.unchanged(last, TODAY) == replace(last, achievements="")


def test_no_change_needs_a_report_before() -> None:
    with pytest.raises(Refused, match="no report yet"):
        checkins.unchanged(None, TODAY)


def test_red_is_never_unchanged() -> None:
    with pytest.raises(Refused, match="red wants an answer"):
        checkins.unchanged(a_report(overall=Health.RED, action_due=TODAY), TODAY)


def test_amber_is_unchanged_only_until_its_date() -> None:
    amber = a_report(overall=Health.AMBER, action_due=TODAY)

    assert checkins.unchanged(amber, TODAY) == amber
    with pytest.raises(Refused, match="path to green has passed"):
        checkins.unchanged(amber, date(2026, 11, 23))


def test_old_dates_of_a_green_report_and_reports_without_a_path_do_not_matter() -> None:
    green = a_report(action_due=date(2020, 1, 1))
    imported = a_report(overall=Health.AMBER)

    assert checkins.unchanged(green, TODAY) == green
    assert checkins.unchanged(imported, TODAY) == imported


@pytest.mark.parametrize(("state", "to"), list(product(CheckinState, repeat=2)))
def test_a_request_is_answered_or_missed_once(state: CheckinState, to: CheckinState) -> None:
    if state is CheckinState.REQUESTED and to is not CheckinState.REQUESTED:
        assert checkins.move(state, to) is to
    else:
        with pytest.raises(Refused):
            checkins.move(state, to)


@pytest.mark.parametrize("missing", ["action", "action_owner", "action_due"])
def test_half_a_path_is_none(missing: str) -> None:
    path = {"action": "2nd tester", "action_owner": "U1", "action_due": TODAY}

    assert a_report(**path).has_path
    assert not a_report(**path | {missing: None}).has_path
