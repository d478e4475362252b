"""Digests: what is told, and in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.rules import digests
from bot.rules.digests import Changes, ClosedLine, DecisionLine, Digest, ProjectLine, RiskLine, Snapshot
from bot.rules.terms import EscalationLevel, Health, ProjectState, RiskState, Severity

X, B, G, AG, A, AR, R = Health
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LAST_WEEK = datetime(2026, 11, 16, 9, tzinfo=UTC)


def a_project(key: str = "APOLLO", reported: Health = G, **values: Any) -> ProjectLine:
    return ProjectLine(key=key, name=key.title(), **({"reported": reported, "previous": reported} | values))


def a_decision(ref: str, decide_by: date) -> DecisionLine:
    return DecisionLine(1, ref, "APOLLO", "late", "a tester", "9k a week", decide_by, EscalationLevel.SPONSOR)


def a_risk(ref: str, score: int) -> RiskLine:
    return RiskLine(1, ref, "APOLLO", "Vendor may slip", score, Severity.HIGH, RiskState.ASSESSED)


def told(*projects: ProjectLine, since: datetime | None = LAST_WEEK, **values: Any) -> Digest:
    return digests.summarise(Snapshot("Northwind", NOW, since, projects, **values))


def keys(lines: Sequence[ProjectLine | ClosedLine]) -> list[str]:
    return [line.key for line in lines]


def test_an_empty_portfolio_has_a_digest_too() -> None:
    digest = told()

    assert (digest.name, digest.as_of, digest.since) == ("Northwind", NOW, LAST_WEEK)
    assert (digest.received, digest.expected, digest.live, digest.open_risks, digest.steady_ambers) == (0, 0, 0, 0, 0)
    assert (digest.counts, digest.funds, digest.missing, bool(digest.changes)) == ({}, (), (), False)


def test_reports_are_counted_among_the_projects_that_were_asked() -> None:
    digest = told(a_project("A1"), a_project("B1", missed=2), a_project("C1", missed=1), a_project("D1", asked=False))

    assert (digest.received, digest.expected, digest.live) == (1, 3, 4)


def test_who_is_missing_longest_comes_first() -> None:
    digest = told(
        a_project("D1", missed=1), a_project("C1", missed=3), a_project("B1"), a_project("A1", missed=1, reported=R)
    )

    assert [(line.key, line.missed) for line in digest.missing] == [("C1", 3), ("A1", 1), ("D1", 1)]


def test_a_project_that_was_never_asked_is_not_missing() -> None:
    assert told(a_project(asked=False, missed=1)).missing == ()


def test_decisions_are_told_by_their_day_five_of_them_first() -> None:
    refs = [f"APOLLO-E{n}" for n in range(1, 8)]
    decisions = [a_decision(ref, date(2026, 12, 10 - n)) for n, ref in enumerate(refs)]

    digest = told(decisions=[*decisions, a_decision("APOLLO-E0", date(2026, 12, 4))])

    assert [each.ref for each in digest.decisions] == [f"APOLLO-E{n}" for n in (0, 7, 6, 5, 4)]
    assert [each.ref for each in digest.decisions_rest] == ["APOLLO-E3", "APOLLO-E2", "APOLLO-E1"]


def test_worst_risks_first_and_the_number_of_all() -> None:
    risks = [a_risk(f"APOLLO-R{n}", score) for n, score in enumerate([12, 25, 9, 20, 25, 4, 16])]

    digest = told(risks=risks, open_risks=40)

    assert [each.score for each in digest.risks] == [25, 25, 20, 16, 12]
    assert [each.ref for each in digest.risks[:2]] == ["APOLLO-R1", "APOLLO-R4"]
    assert digest.open_risks == 40
    assert told(risks=risks).open_risks == 7


def test_what_changed_since_the_edition_before() -> None:
    ended = ClosedLine("OLD", "Old", ProjectState.CLOSED, previous=A)
    projects = [
        a_project("SAME", A, previous=A),
        a_project("WORSE", A, previous=G),
        a_project("WORST", R, previous=AG),
        a_project("BETTER", AG, previous=R),
        a_project("NEW", R, previous=None),
        a_project("RATED", R, previous=X),
        a_project("SILENT", X, previous=R),
    ]

    changes = told(*projects, closed=[ended]).changes

    assert (keys(changes.worse), keys(changes.better)) == (["WORST", "WORSE"], ["BETTER"])
    assert (keys(changes.new), changes.closed) == (["NEW"], (ended,))
    assert changes


def test_the_first_edition_has_nothing_to_compare_with() -> None:
    changes = told(a_project(previous=None), a_project("B1", R, previous=G), since=None).changes

    assert changes == Changes()
    assert not changes


@pytest.mark.parametrize(
    "changes",
    [
        Changes(worse=(a_project(),)),
        Changes(better=(a_project(),)),
        Changes(new=(a_project(),)),
        Changes(closed=(ClosedLine("OLD", "Old", ProjectState.CLOSED),)),
    ],
)
def test_any_change_is_a_change(changes: Changes) -> None:
    assert changes


def test_ratings_are_counted_worst_first_and_blank_is_x() -> None:
    counts = told(
        a_project("A1", G), a_project("B1", R), a_project("C1", X), a_project("D1", G), a_project("E1", A)
    ).counts

    assert list(counts.items()) == [(R, 1), (A, 1), (G, 2), (X, 1)]


def test_red_and_newly_amber_projects_want_attention() -> None:
    projects = [
        a_project("STEADY", A, previous=A),
        a_project("EASED", A, previous=R),
        a_project("GRAVE", AR, previous=A),
        a_project("NEW", A, previous=None),
        a_project("RED", R, previous=R),
        a_project("FINE", G, previous=A),
        a_project("BLANK", X, previous=A),
    ]

    digest = told(*projects)

    assert keys(digest.attention) == ["RED", "GRAVE", "EASED", "NEW"]
    assert digest.steady_ambers == 1


def test_the_worst_then_the_largest_then_the_key_comes_first() -> None:
    projects = [
        a_project("B1", R, bac=Decimal(5)),
        a_project("NONE", R, bac=None),
        a_project("ZERO", R, bac=Decimal(0)),
        a_project("C1", R, bac=Decimal(90)),
        a_project("A1", R, bac=Decimal(5)),
        a_project("AMBER", A, previous=G, bac=Decimal(900)),
    ]

    assert keys(told(*projects).attention) == ["C1", "A1", "B1", "ZERO", "NONE", "AMBER"]


def test_what_is_not_admitted() -> None:
    projects = [
        a_project("HONEST", R, computed=R),
        a_project("MELON", G, computed=A),
        a_project("GLOOMY", A, computed=G),
        a_project("BLANK", X, computed=R),
        a_project("AMBER", A, computed=R),
    ]

    assert keys(told(*projects).not_admitted) == ["AMBER", "MELON"]


def test_money_is_a_sum_over_a_sum_and_only_over_what_is_known() -> None:
    # Vector RAG-04: sum, then divide; the mean of the single ratios would say 0.9556.
    projects = [
        a_project("A1", G, currency="EUR", bac=Decimal(100), eac=Decimal(80)),
        a_project("B1", R, currency="EUR", bac=Decimal(900), eac=Decimal(1000)),
        a_project("C1", X, currency="EUR", bac=Decimal(1000)),
        a_project("D1", A, currency="EUR", eac=Decimal(7)),
        a_project("E1", G),
    ]

    (funds,) = told(*projects).funds

    assert (funds.currency, funds.projects, funds.with_bac, funds.with_eac) == ("EUR", 4, 3, 2)
    assert (funds.bac, funds.eac, funds.eac_bac) == (Decimal(2000), Decimal(1080), Decimal(1000))
    assert funds.overrun == Decimal("0.08")
    assert list(funds.shares.items()) == [(R, Decimal("0.45")), (G, Decimal("0.05")), (X, Decimal("0.5"))]


def test_currencies_are_never_added_up() -> None:
    projects = [
        a_project("A1", currency="USD", bac=Decimal(1)),
        a_project("B1", currency="EUR", bac=Decimal(1)),
        a_project("C1", currency="EUR", bac=Decimal(1)),
        a_project("D1", currency="CHF", bac=Decimal(1)),
    ]

    assert [funds.currency for funds in told(*projects).funds] == ["EUR", "CHF", "USD"]


def test_without_budgets_there_are_no_shares_and_without_forecasts_no_overrun() -> None:
    (no_budget,) = told(a_project(currency="EUR", bac=Decimal(0), eac=Decimal(5))).funds
    (no_forecast,) = told(a_project(currency="EUR", bac=Decimal(5))).funds

    assert (no_budget.shares, no_budget.overrun) == ({}, None)
    assert (no_forecast.eac, no_forecast.eac_bac, no_forecast.overrun) == (None, None, None)


@given(st.lists(st.tuples(st.sampled_from(Health), st.none() | st.decimals(0, 10**9, places=2)), max_size=30))
def test_every_project_is_told_once_and_shares_make_a_whole(projects: list[tuple[Health, Decimal | None]]) -> None:
    digest = told(*(a_project(f"P{n}", rating, bac=bac) for n, (rating, bac) in enumerate(projects)))

    assert sum(digest.counts.values()) == digest.live == len(projects)
    assert len(digest.attention) + digest.steady_ambers == sum(rating >= A for rating, _ in projects)
    for funds in digest.funds:
        assert not funds.shares or abs(sum(funds.shares.values(), Decimal(-1))) < Decimal("1e-20")


class Counted(Sequence[Any]):
    """A sequence that counts how often it is walked."""

    def __init__(self, lines: list[Any]) -> None:
        self.lines, self.taken = lines, 0

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, at: Any) -> Any:
        self.taken += 1
        return self.lines[at]

    def __iter__(self) -> Iterator[Any]:
        for line in self.lines:
            self.taken += 1
            yield line


@pytest.mark.parametrize("size", [10, 10_000])
def test_ten_thousand_projects_are_walked_no_more_often_than_ten(size: int) -> None:
    projects = Counted([a_project(f"P{n}", Health(n % 7), previous=Health(n % 5)) for n in range(size)])

    digest = digests.summarise(Snapshot("Northwind", NOW, LAST_WEEK, projects))

    assert projects.taken == size
    assert digest.live == size


@pytest.mark.parametrize(
    ("reported", "runs", "expected"),
    [(R, 2, "red 2 runs"), (A, 1, "amber 1 run"), (AR, 0, "amber/red 0 runs"), (X, 3, "not rated 3 runs")],
)
def test_the_age_of_a_rating(reported: Health, runs: int, expected: str) -> None:
    assert digests.age(a_project(reported=reported, runs=runs)) == expected


@pytest.mark.parametrize(
    ("reported", "previous", "newly"), [(A, G, True), (A, A, False), (AR, A, True), (A, None, True), (R, G, False)]
)
def test_newly_amber(reported: Health, previous: Health | None, newly: bool) -> None:
    assert digests.is_newly_amber(replace(a_project(reported=reported), previous=previous)) is newly


@pytest.mark.parametrize(
    ("day", "week"), [((2026, 11, 23), "2026-W48"), ((2027, 1, 1), "2026-W53"), ((2027, 1, 4), "2027-W01")]
)
def test_an_edition_belongs_to_the_iso_week_of_its_day(day: tuple[int, int, int], week: str) -> None:
    assert digests.period(datetime(*day, 9, tzinfo=UTC)) == week


FORM = {"name": "Board", "channel": "C1", "portfolio": "all", "cadence": "weekly_mo", "time": "09:00"}


def test_a_digest_is_stated_by_a_form() -> None:
    draft = digests.draft(FORM, date(2026, 11, 20))
    assert (draft.name, draft.channel, draft.portfolio) == ("Board", "C1", "all")
    assert (draft.cadence.rrule, draft.cadence.at.hour) == ("FREQ=WEEKLY;BYDAY=MO", 9)


def test_a_digest_form_shows_all_faults_at_once() -> None:
    with pytest.raises(Refused) as refused:
        digests.draft({}, date(2026, 11, 20))
    assert set(refused.value.fields) == set(FORM)


@pytest.mark.parametrize(
    ("values", "named"), [({}, None), ({"confidential": None}, ()), ({"confidential": ["7"]}, ("7",))]
)
def test_a_digest_names_confidential_projects_where_it_is_asked(
    values: dict[str, object], named: tuple[str, ...] | None
) -> None:
    assert digests.draft(FORM | values, date(2026, 11, 20)).confidential == named
