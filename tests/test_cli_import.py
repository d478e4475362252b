"""The import command: what it tells, what it keeps, and how it ends."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import cli_import
from bot.errors import Refused
from bot.rules.terms import Health
from bot.store import Database
from bot.store.tables import AuditEntry, Portfolio, Project, StatusReport, Workspace
from tests.factories import NOW, a_workspace

SHARED = Path(__file__).parents[2] / "shared" / "data"
REGISTER = """ID;Name;Department;PM;RAG;Finish;Budget (£m);Year budget;Mood
A-1;Apollo;Space;Ana;AG;13.03.2027;1,5;7;good
Z-1;Zeus;Space;;Exempt under Section 43;TBD;-;;bad
Total;;;;;;1,5;;
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="cp1252")
    return path


def told(db: Database, file: Path, *teams: str, **values: Any) -> list[str]:
    options: dict[str, Any] = {"mapping": {}, "as_of": None, "now": NOW, "dry_run": False}
    return list(cli_import.projects(db, file, teams=teams, **(options | values)))


def rows(db: Database, workspace: Workspace) -> tuple[int, ...]:
    with db.reading(workspace.id) as session:
        return tuple(len(session.exec(select(kind)).all()) for kind in (Project, StatusReport, Portfolio, AuditEntry))


def test_it_tells_what_was_read_kept_and_refused(db: Database, register: Path) -> None:
    workspace = a_workspace(db, name="Northwind", team_id="T1")

    assert (
        "\n".join(told(db, register))
        == """\
register.csv: 3 rows, 2 projects, 1 report

Columns
  ID           is id
  Name         is name
  Department   is business_unit
  PM           is manager
  RAG          is health
  Finish       is finish
  Budget (£m)  is bac (GBP m)
  Year budget  is year_budget

Columns not read
  Mood

Read, but not kept yet
  year_budget

Notes
  read as Windows-1252 text with semicolons between columns
  column "Year budget": no unit is stated, so amounts count as they stand; for millions map to "year_budget (m)"
  row 4 "Total" is a total, not a project
  no column says which period a row is of: the register was taken to tell of today; \
if it is older, say so with --as-of 2026-03-31

Northwind (T1): 2 projects added, 0 changed, 0 as before; 1 report added, 0 corrected

New portfolios
  Space

Added
  APOLLO      Apollo
  ZEUS        Zeus

Not placed: 1
  row 2, manager: "Ana" is nobody the bot knows here

Refused: 2
  row 3, column "RAG": "Exempt under Section 43" is not a rating; left not set
  row 3, column "Finish": "TBD" is not a date; left blank"""
    )
    assert rows(db, workspace) == (2, 1, 1, 3)


def test_again_it_tells_that_all_is_as_it_was(db: Database, register: Path) -> None:
    workspace = a_workspace(db, name="Northwind", team_id="T1")
    told(db, register)
    before = rows(db, workspace)

    assert "Northwind (T1): 0 projects added, 0 changed, 2 as before; 0 reports added, 0 corrected" in told(
        db, register
    )
    assert rows(db, workspace) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(db: Database, register: Path) -> None:
    workspace = a_workspace(db)

    dry = told(db, register, dry_run=True)

    assert rows(db, workspace) == (0, 0, 0, 0)
    assert dry == [*told(db, register), "", "Dry run: nothing was written."]


def test_what_changed_is_told_with_the_value_before_and_now(db: Database, register: Path) -> None:
    a_workspace(db)
    told(db, register)
    text = (
        REGISTER.replace("AG;13.03.2027;1,5", "R;13.04.2027;2,5").replace("Space", "Sky\nHall").replace("PM", "Stage")
    )
    register.write_text(text.replace("Sky\nHall", "Sky Hall").replace("Ana", "On hold"), encoding="cp1252")

    lines = told(db, register)

    (apollo,) = [line for line in lines if "Apollo: " in line]
    for part in (
        "budget_baseline 1,500,000.00 -> 2,500,000.00",
        "reported_health AG -> R",
        "finish_forecast 2027-03-13 -> 2027-04-13",
        "state executing -> on_hold",
        "portfolio Space -> Sky Hall",
        "1 report kept",
    ):
        assert part in apollo


def test_a_long_list_is_cut_unless_all_is_asked_for(db: Database, tmp_path: Path) -> None:
    a_workspace(db)
    file = tmp_path / "long.csv"
    file.write_text("Name,RAG\n" + "".join(f"Project {number},A\n" for number in range(25)), encoding="utf-8")

    assert "  and 5 more (--all names them)" in told(db, file, dry_run=True)
    assert not any("more (--all" in line for line in told(db, file, dry_run=True, show_all=True))


def test_the_day_it_tells_of_can_be_said(db: Database, register: Path) -> None:
    workspace = a_workspace(db)

    lines = told(db, register, as_of=date(2026, 9, 30))

    assert any(line.endswith("taken to tell of 2026-09-30, as --as-of says") for line in lines)
    with db.reading(workspace.id) as session:
        assert {report.period_end for report in session.exec(select(StatusReport))} == {date(2026, 9, 30)}


def test_a_mapping_says_what_a_column_tells(db: Database, register: Path) -> None:
    workspace = a_workspace(db)

    lines = told(db, register, mapping={"Mood": "commentary", "RAG": "ignore"})

    assert "  Mood         is commentary" in lines
    with db.reading(workspace.id) as session:
        assert {report.cause for report in session.exec(select(StatusReport))} == {"good", "bad"}
        assert {report.overall for report in session.exec(select(StatusReport))} == {Health.NOT_SET}


def test_workspaces_are_named_by_their_team(db: Database, register: Path) -> None:
    with pytest.raises(Refused, match="There is no workspace yet"):
        told(db, register)
    one = a_workspace(db, team_id="T1", name="One")
    two = a_workspace(db, team_id="T2", name="Two")
    with pytest.raises(Refused, match=r"say which with --workspace\. There is: T1 \(One\), T2 \(Two\)\."):
        told(db, register)
    with pytest.raises(Refused, match=r"There is no workspace T3\."):
        told(db, register, "T1", "T3")

    told(db, register, "T2", "T2")
    assert (rows(db, one)[0], rows(db, two)[0]) == (0, 2)
    told(db, register, "T1", "T2")
    assert (rows(db, one)[0], rows(db, two)[0]) == (2, 2)


def test_a_file_of_which_nothing_can_be_read_is_refused(db: Database, register: Path) -> None:
    a_workspace(db)
    register.write_text("Titel;Ampel\nApollo;A\n", encoding="utf-8")

    with pytest.raises(Refused, match="No column holds the names of the projects"):
        told(db, register)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the files of ../shared are not here")
def test_the_british_portfolio_is_told_so_that_a_person_can_read_it(db: Database) -> None:
    a_workspace(db, name="Northwind", team_id="T1")

    lines = told(db, SHARED / "gmpp" / "uk_2021.csv")

    assert "Northwind (T1): 184 projects added, 0 changed, 0 as before; 184 reports added, 0 corrected" in lines
    assert "Refused: 59" in lines
    assert all(len(line) < 400 for line in lines)


def command(database: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SLACK")}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", "import", "projects", *map(str, arguments)],
        env=env | {"DATABASE_URL": database, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_ends_with_0_done_1_refused_and_2_wrong_usage(
    new_database: Callable[[str], str], register: Path
) -> None:
    url = new_database("sqlite")
    db = Database(url)

    refused = command(url, register)
    workspace = a_workspace(db)
    usage = command(url, register, "--map", "Mood")
    missing = command(url, register.with_name("none.csv"))
    done = command(
        url, register, "--map", "Mood=commentary", "--workspace", str(workspace.team_id), "--as-of", "2026-09-30"
    )

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("There is no workspace yet.")
    assert (usage.returncode, missing.returncode) == (2, 2)
    assert 'write it as "Whole life cost=bac (£m)"' in usage.stderr
    assert (done.returncode, done.stderr) == (0, "")
    assert "  Mood         is commentary" in done.stdout.splitlines()
    assert rows(db, workspace)[0] == 2
    db.close()
