"""Entries: rows of several periods become one project with its history."""

from datetime import date
from typing import Any

import pytest

from bot.rules.registers import entries
from bot.rules.registers.cells import Person
from bot.rules.registers.entries import ProjectEntry, ReportEntry
from bot.rules.terms import Health


def a_row(year: int | None, name: str = "Apollo", external_id: str | None = None, **values: Any) -> ProjectEntry:
    end = date(year, 12, 31) if year else None
    report = ReportEntry(f"row {year}", end, values.pop("health", Health.GREEN))
    return ProjectEntry(f"row {year}", name, end, external_id, reports=(report,), **values)


def joined(*rows: ProjectEntry) -> list[ProjectEntry]:
    return entries.joined(rows)[0]


def test_rows_of_one_name_are_one_project_with_a_report_each_the_oldest_first() -> None:
    (project,) = joined(a_row(2021, "Apollo", health=Health.RED), a_row(2019, "APOLLO "), a_row(2020, "Apollo!"))

    assert [report.period_end for report in project.reports] == [date(year, 12, 31) for year in (2019, 2020, 2021)]
    assert (project.name, project.period_end, project.health) == ("Apollo", date(2021, 12, 31), Health.RED)


def test_an_id_joins_rows_whose_name_changed_and_the_former_name_is_known() -> None:
    (project,) = joined(a_row(2020, "Armour MBT 2025", "MOD_0104"), a_row(2021, "Armour Main Battle Tank", "mod_0104"))

    assert project.name == "Armour Main Battle Tank"
    assert project.former_names == ("Armour MBT 2025",)
    assert project.identity == "id:mod_0104"


def test_rows_before_there_were_ids_are_joined_by_name() -> None:
    projects = joined(a_row(2018), a_row(2019), a_row(2020, external_id="P-1"), a_row(2021, "Apollo 2", "P-1"))

    assert [(project.name, len(project.reports)) for project in projects] == [("Apollo 2", 4)]


def test_a_row_without_id_finds_the_newest_project_of_its_name() -> None:
    projects = joined(a_row(2019, external_id="P-1"), a_row(2020), a_row(2021))

    assert [(project.external_id, len(project.reports)) for project in projects] == [("P-1", 3)]


def test_other_ids_are_other_projects_though_they_share_a_name() -> None:
    projects = joined(
        a_row(2019, external_id="P-0001"), a_row(2020, external_id="P-0002"), a_row(2020, external_id="Q")
    )

    assert [project.external_id for project in projects] == ["P-0001", "P-0002", "Q"]


def test_an_id_whose_letters_changed_is_the_same() -> None:
    (project,) = joined(a_row(2020, external_id="DH_0031_1314-Q1"), a_row(2021, external_id="DOH_0031_1314-Q1"))

    assert project.external_id == "DOH_0031_1314-Q1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, "P-1", True),
        ("P-1", "", True),
        ("MoD_0109", "MOD_0109", True),
        ("DH_0031", "DOH_0031", True),
        ("A-1", "B-1", False),
        ("P-0001", "P-0002", False),
    ],
)
def test_which_ids_may_be_one(one: str | None, other: str | None, same: bool) -> None:
    assert entries.same_id(one, other) is same


def test_a_second_row_for_the_same_period_is_left_out() -> None:
    first, second = a_row(None), a_row(None, "apollo")

    assert entries.joined([first, second]) == ([first], [(second, first)])


def test_the_newest_values_count_and_only_what_describes_is_taken_from_before() -> None:
    ana = Person("Ana")
    old = a_row(2020, category="IT", sponsor=ana, finish=date(2027, 1, 1), currency="GBP")
    new = a_row(2021, category="ICT", finish=None)

    (project,) = joined(old, new)

    assert (project.category, project.sponsor, project.finish, project.currency) == ("ICT", ana, None, "")


def test_without_an_id_the_identity_is_the_name_without_case_and_signs() -> None:
    assert a_row(2021, "GOV.UK Verify").identity == "name:gov uk verify"


def test_portfolios_of_one_name_get_the_spelling_of_the_most() -> None:
    rows = [
        a_row(None, "a", portfolio="MoD"),
        a_row(None, "b", portfolio="MOD"),
        a_row(None, "c", portfolio="MOD"),
        a_row(None, "d"),
    ]

    projects = joined(*rows)

    assert [project.portfolio for project in projects] == ["MOD", "MOD", "MOD", None]
    assert entries.other_spellings(rows, projects) == ['"MoD" was taken as "MOD"']


def test_a_project_without_report_is_not_rated() -> None:
    assert ProjectEntry("row 2", "Apollo").health is Health.NOT_SET


@pytest.mark.parametrize(
    "values",
    [{"health": Health.RED}, {"commentary": "x"}, {"finish": date(2026, 1, 1)}, {"comments": {"cost": "x"}}],
)
def test_a_report_that_tells_anything_is_one(values: dict[str, Any]) -> None:
    assert not ReportEntry("row 2", None, **values).says_nothing
    assert ReportEntry("row 2", None).says_nothing
