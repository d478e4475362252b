"""Registers: dirty files of every kind, the real ones of the British portfolio, and ten thousand rows."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.errors import Refused
from bot.rules.registers import reading
from bot.rules.registers.cells import Person
from bot.rules.registers.entries import ProjectEntry, ReportEntry
from bot.rules.registers.reading import Register
from bot.rules.terms import Dimension, Health, ProjectState
from tests.counting import calls

SHARED = Path(__file__).parents[4] / "shared" / "data"


def read(text: str, **mapping: str) -> Register:
    return reading.read(text.encode(), "register.csv", mapping)


def said(register: Register) -> list[str]:
    return [str(refused) for refused in register.refused]


def test_a_register_becomes_projects_with_a_report() -> None:
    register = read(
        "Project ID,Name,Programme,Department,Type,Sponsor,PM,Stage,RAG,RAG schedule,Schedule commentary,Commentary,"
        "Start,Baseline finish,Finish,Budget (£m),EAC (£m),Actual cost (£m),% complete,Last update\n"
        "P-014,Payroll,Back office,HR,IT,Ana Diaz,Bob Cole,In progress,A,R,Vendor late,Late,"
        "13/01/2026,28/02/2027,14/03/2027,1.00,1.08,0.4,40%,20/11/2026\n"
    )

    (project,) = register.projects
    assert register.refused == ()
    assert (project.external_id, project.name, project.portfolio) == ("P-014", "Payroll", "Back office")
    assert (project.business_unit, project.category, project.state) == ("HR", "IT", ProjectState.EXECUTING)
    assert project.sponsor == Person("Ana Diaz")
    assert (project.start, project.finish_baseline, project.finish) == (
        date(2026, 1, 13), date(2027, 2, 28), date(2027, 3, 14),
    )  # fmt: skip
    assert (project.currency, project.bac, project.eac) == ("GBP", Decimal(1_000_000), Decimal(1_080_000))
    (report,) = project.reports
    assert (report.period_end, report.health) == (date(2026, 11, 20), Health.AMBER)
    assert report.dimensions == {Dimension.SCHEDULE: Health.RED}
    assert report.comments == {Dimension.SCHEDULE: "Vendor late"}
    assert (report.commentary, report.finish, report.eac) == ("Late", date(2027, 3, 14), Decimal(1_080_000))
    assert (report.actual_cost, report.complete) == (Decimal(400_000), Decimal(40))


def test_a_refused_cell_never_costs_its_row() -> None:
    register = read(
        "Name,Baseline (£m),RAG,Finish\nApollo,Exempt under Section 43,A,TBD\nZeus,5,Reset,1/2/2026\n"
        "Hera,6,G,14/2/2026\n"
    )

    assert said(register) == [
        'row 2, column "Baseline (£m)": "Exempt under Section 43" is not an amount; left blank',
        'row 2, column "Finish": "TBD" is not a date; left blank',
        'row 3, column "RAG": "Reset" is not a rating; left not set',
    ]
    assert [(each.name, each.bac, each.health) for each in register.projects] == [
        ("Apollo", None, Health.AMBER), ("Zeus", Decimal(5_000_000), Health.NOT_SET),
        ("Hera", Decimal(6_000_000), Health.GREEN),
    ]  # fmt: skip
    assert register.refused[0].value == "Exempt under Section 43"


def test_blank_is_not_zero() -> None:
    register = read("Name,Budget (£m)\nApollo,\nZeus,0\nHera,-\n")

    assert [project.bac for project in register.projects] == [None, Decimal(0), None]
    assert register.refused == ()


def test_rows_that_are_no_projects_are_left_out_and_said() -> None:
    register = read(
        "ID,Name,RAG,Budget\n,Infrastructure,,\nNorth,,,\n1,Apollo,A,5\n2,n/a,R,6\nID,Name,RAG,Budget\n"
        "1,apollo,G,7\n,Grand total,,18\nTotal,,,18\n"
    )

    assert [project.name for project in register.projects] == ["Apollo"]
    assert said(register) == [
        'row 2: "Infrastructure" stands alone in its row and was taken for a heading; left out',
        'row 5: "2" stands in a row without the name of a project; left out',
        'row 7: "apollo" stands in row 4 already; left out',
    ]
    assert 'row 3 "North" is a heading, not a project' in register.notes
    assert 'row 6 "ID" repeats the header' in register.notes
    assert 'row 8 "Grand total" is a total, not a project' in register.notes
    assert 'row 9 "Total" is a total, not a project' in register.notes


def test_a_list_of_names_is_a_register() -> None:
    assert [project.name for project in read("Name\nApollo\nZeus\n").projects] == ["Apollo", "Zeus"]


def test_the_same_project_twice_is_left_out_the_second_time() -> None:
    register = read("Name,RAG\nApollo,A\nZeus,TBC\nAPOLLO,R\n")

    assert [project.health for project in register.projects] == [Health.AMBER, Health.NOT_SET]
    assert said(register) == [
        'row 3, column "RAG": "TBC" is not a rating; left not set',
        'row 4: "APOLLO" stands in row 2 already; left out',
    ]


def test_years_become_a_history_and_who_is_not_in_the_newest_has_left() -> None:
    register = read(
        "year,gmpp_id,project,dca,dca_commentary,whole_life_cost_gbp_m,end_date\n"
        "2020,P_0001,Apollo,AG,Good,10,2025-01-01\n2021,P_0001,Apollo II,R,Bad,,2026-01-01\n"
        "2019,,Apollo,,,9,2024-01-01\n2019,,Zeus,G,,-5,\n"
    )

    apollo, zeus = register.projects
    assert [report.health for report in apollo.reports] == [Health.NOT_SET, Health.AMBER_GREEN, Health.RED]
    assert [report.bac for report in apollo.reports] == [Decimal(9_000_000), Decimal(10_000_000), None]
    assert (apollo.name, apollo.bac, apollo.finish, apollo.state) == ("Apollo II", None, date(2026, 1, 1), None)
    assert (zeus.bac, zeus.state) == (Decimal(-5_000_000), ProjectState.CLOSED)
    assert register.notes[-1] == "not in the newest year of the register, and so taken as closed: 1 of 2 projects"


def test_a_period_that_is_told_is_reported_though_nothing_else_is() -> None:
    (project,) = read("year,project\n2021,Apollo\n").projects

    assert [report.health for report in project.reports] == [Health.NOT_SET]


def test_a_project_of_which_nothing_is_reported_has_no_report() -> None:
    assert read("Name,Sponsor\nApollo,Ana\n").projects[0].reports == ()


def test_a_register_without_periods_tells_of_the_day_it_is_said_to() -> None:
    register = reading.read(b"Name,RAG\nApollo,A\n", "register.csv", as_of=date(2026, 11, 20))

    assert register.projects[0].reports[0].period_end == date(2026, 11, 20)
    assert read("Name,RAG\nApollo,A\n").projects[0].period_end is None


def test_ids_that_changed_their_letters_are_said() -> None:
    register = read("year,id,name,rag\n2020,DH_0031,Beam,A\n2021,DOH_0031,Beam,G\n")

    assert len(register.projects) == 1
    assert register.notes[-1] == "projects whose id changed were joined with their newer row: DH_0031"


def test_a_second_rating_fills_the_blanks_of_the_first() -> None:
    register = read("name;colour_rating;colour_rating\nApollo;;Amber\nZeus;Red;\nHera;Exempt;Green\n")

    assert [project.health for project in register.projects] == [Health.AMBER, Health.RED, Health.NOT_SET]


def test_a_text_over_its_limit_is_cut_and_said() -> None:
    register = read(f"Name,RAG,Commentary\nApollo,A,{'x' * 3001}\n")

    assert register.projects[0].reports[0].commentary == "x" * 3000
    assert said(register)[0].endswith("has 3,001 characters; cut at 3,000")


def test_one_project_has_one_currency() -> None:
    register = read("Name,Budget,EAC,Currency\nApollo,£5,$6,\nZeus,£5,7,GBP\nHera,5,€6,EUR\nIris,£1,2,pounds\n")

    assert [(each.currency, each.bac, each.eac) for each in register.projects] == [
        ("GBP", Decimal(5), None), ("GBP", Decimal(5), Decimal(7)), ("EUR", Decimal(5), Decimal(6)),
        ("GBP", Decimal(1), Decimal(2)),
    ]  # fmt: skip
    assert said(register) == [
        'row 2, column "EAC": "$6" is in USD, the project in GBP; left blank',
        'row 5, column "Currency": "pounds" is not a currency; left blank',
    ]


def test_amounts_without_unit_count_as_they_stand_which_is_said() -> None:
    register = read("Name,Budget,EAC,Actual cost\nApollo,5,6m,7\n")

    assert register.notes[-1] == (
        'column "Budget", column "Actual cost": no unit is stated, so amounts count as they stand; '
        'for millions map to "bac (m)"'
    )
    assert read("Name,Budget\nApollo,5\n", Budget="bac (£m)").projects[0].bac == Decimal(5_000_000)
    assert not any("unit" in note for note in read("Name,Budget\nApollo,\n").notes)


def test_the_order_of_day_and_month_is_proved_by_the_column_or_by_the_others() -> None:
    proved = read("Name,Start,Finish\nApollo,03/04/2026,04/13/2026\n")
    unproved = read("Name,Start,Finish\nApollo,03/04/2026,2026-05-01\n")
    against = read("Name,Start,Finish,Actual start\nApollo,03/04/2026,04/13/2026,13/04/2026\n")

    assert proved.projects[0].start == date(2026, 3, 4)
    assert proved.notes[-1] == (
        'column "Start": dates were read as month/day/year, as the other columns of the file prove'
    )
    assert unproved.projects[0].start == date(2026, 4, 3)
    assert unproved.notes[-1] == (
        'column "Start": dates were read as day/month/year, though nothing in it proves which comes first'
    )
    assert against.projects[0].start == date(2026, 4, 3)


def test_a_turned_sheet_names_its_places_the_other_way_round() -> None:
    register = read("Project Name,Apollo,Zeus\nDepartment,HR,IT\nRAG,A,Exempt\n2015/16 Budget (£million),£1.5,2\n")

    assert [(project.name, project.year_budget) for project in register.projects] == [
        ("Apollo", Decimal(1_500_000)), ("Zeus", Decimal(2_000_000)),
    ]  # fmt: skip
    assert said(register) == ['column C, row "RAG": "Exempt" is not a rating; left not set']


def test_the_mapping_that_was_used_can_be_given_again() -> None:
    register = read("Project,Whole life cost (£m),RAG\nApollo,5,A\n")

    assert register.mapping == {"Project": "name", "Whole life cost (£m)": "bac (GBP m)", "RAG": "health"}
    assert read("Project,Whole life cost (£m),RAG\nApollo,5,A\n", **register.mapping).projects == register.projects


def test_without_names_there_is_no_register() -> None:
    with pytest.raises(Refused, match=r'Map the one that does to "name"\. The columns are: "Titel", "RAG"\.'):
        read("Titel,RAG\nApollo,A\n")


def test_a_workbook_is_read_like_a_text() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "Finish", "Budget (£m)", "% complete"], ["Apollo", date(2026, 4, 3), 1.5, 0.4]):
        sheet.append(row)
    sheet["D2"].number_format = "0%"
    file = io.BytesIO()
    book.save(file)

    (project,) = reading.read(file.getvalue(), "register.xlsx").projects

    assert (project.finish, project.bac, project.complete) == (date(2026, 4, 3), Decimal(1_500_000), Decimal(40))


def a_register(rows: int) -> str:
    lines = (f"P{n},Project {n},Unit {n % 30},A,{n % 28 + 1}/03/2026,£{n}.50,Commentary {n}\n" for n in range(rows))
    return "ID,Name,Department,RAG,Finish,Budget,Commentary\n" + "".join(lines)


def one_name(rows: int) -> str:
    return "ID,Name\n" + "".join(f"P-{n:05},Apollo\n" for n in range(rows))


@pytest.mark.parametrize("written", [a_register, one_name])
def test_ten_times_the_rows_take_ten_times_the_work(written: Callable[[int], str]) -> None:
    few, many = written(200), written(2_000)

    assert len(read(many).projects) == 2_000
    assert calls(lambda: read(many)) < 11 * calls(lambda: read(few))


CELLS = st.sampled_from(
    [
        "",
        "Apollo",
        "Total",
        "A",
        "£5m",
        "(3)",
        "31.12.75",
        "03/04/26",
        "n/a",
        "Exempt",
        "2021",
        "45%",
        "=1",
        '"',
        "Name",
        "\x92",
    ]
) | st.text(max_size=8)


@given(
    st.lists(
        st.sampled_from(["Name", "RAG", "Budget (£m)", "year", "id", "Finish", "Status", "% complete", "x", ""]),
        max_size=8,
    ),
    st.lists(st.lists(CELLS, max_size=8), max_size=6),
)
def test_no_cells_are_too_strange(header: list[str], rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([header, *rows])
    with suppress(Refused):
        register = reading.read(file.getvalue().encode("utf-8", "replace"), "register.csv")
        assert all(project.name for project in register.projects)
        assert len({project.identity for project in register.projects}) == len(register.projects)


# --- the real files ------------------------------------------------------------------------------------------

needs_files = pytest.mark.skipif(not SHARED.is_dir(), reason="the files of ../shared are not here")
LETTERS = ("G", "AG", "A", "AR", "R", "X")
MILLIONS = {"yearly_forecast": "year_forecast (£m)", "wlc_baseline_incl_NCG": "bac (£m)"}
MILLIONS_2019 = {"yearly_budget": "year_budget (£m)"} | MILLIONS
MILLIONS_2021 = {"total_baseline": "year_budget (£m)"} | MILLIONS


def billions(told: Iterable[ProjectEntry | ReportEntry]) -> str:
    return str(round(sum((entry.bac or Decimal(0) for entry in told), Decimal(0)) / Decimal(10**9), 1))


@needs_files
@pytest.mark.parametrize(
    ("name", "mapping", "letters", "sums"),
    [
        ("uk_2016.csv", {}, "G 10 AG 29 A 55 AR 38 R 6 X 5", (141, "436.5", 28)),
        ("uk_2019.csv", MILLIONS_2019, "G 4 AG 18 A 66 AR 38 R 4 X 3", (127, "441.8", 50)),
        ("uk_2021.csv", MILLIONS_2021, "G 12 AG 29 A 84 AR 44 R 7 X 8", (178, "542.0", 59)),
    ],
)
def test_a_published_year_goes_in_with_its_control_sums(
    name: str, mapping: dict[str, str], letters: str, sums: tuple[int, str, int]
) -> None:
    content = (SHARED / "gmpp" / name).read_bytes()

    register = reading.read(content, name, mapping)

    found = Counter(project.health.letter for project in register.projects)
    assert " ".join(f"{letter} {found[letter]}" for letter in LETTERS) == letters
    ends = sum(project.finish is not None for project in register.projects)
    assert (ends, billions(register.projects), len(register.refused)) == sums
    assert all(len(line) < 400 for line in said(register))
    assert reading.read(content, name, mapping) == register


@needs_files
def test_without_a_mapping_the_years_go_in_too() -> None:
    for name, count in (("uk_2016.csv", 143), ("uk_2019.csv", 133), ("uk_2021.csv", 184)):
        register = reading.read((SHARED / "gmpp" / name).read_bytes(), name)
        assert len(register.projects) == count


HISTORY = """2014 199 17 54 63 37 4 24 191 398.6
2015 188 28 44 64 40 8 4 180 488.9
2016 143 10 29 55 38 6 5 141 436.5
2017 143 5 23 71 34 4 6 140 455.5
2018 133 2 22 59 38 8 4 128 422.7
2019 133 4 18 66 38 4 3 127 441.8
2020 125 3 18 59 32 11 2 120 447.9
2021 184 12 29 84 44 7 8 178 542.0"""


@needs_files
def test_the_history_goes_in_year_by_year_with_its_control_sums() -> None:
    content = (SHARED / "gmpp_history_2014_2021.csv").read_bytes()

    register = reading.read(content, "gmpp_history_2014_2021.csv")

    by_year = defaultdict(list)
    for project in register.projects:
        for report in project.reports:
            assert report.period_end is not None
            by_year[report.period_end.year].append(report)
    found = []
    for year, reports in sorted(by_year.items()):
        letters = Counter(report.health.letter for report in reports)
        ends = sum(report.finish is not None for report in reports)
        counts = (letters[letter] for letter in LETTERS)
        found.append(" ".join(map(str, (year, len(reports), *counts, ends, billions(reports)))))
    assert found == HISTORY.split("\n")
    assert (len(register.projects), len(register.refused)) == (548, 16)
    assert not any(
        chr(code) in (project.description or "") for project in register.projects for code in range(0x80, 0xA0)
    )
