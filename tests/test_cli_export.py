"""The command line's exports and purges: all of it or nothing, and nobody else's."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli, cli_export
from bot.errors import Refused
from bot.store import Database, exports_rows
from tests.factories import NOW, a_workspace
from tests.store.test_exports_rows import an_office
from tests.store.test_purges import left, removed


def told(db: Database, into: Path, *teams: str) -> list[str]:
    return list(cli_export.export(db, into, teams=teams, now=NOW))


def test_one_workspace_is_a_folder_of_files(db: Database, tmp_path: Path) -> None:
    ours = an_office(db)

    lines = told(db, tmp_path / "out" / "pmo")

    folder = tmp_path / "out" / "pmo"
    assert {path.name for path in folder.iterdir()} == {
        "export.json",
        "settings.csv",
        *(f"{table}.csv" for table in exports_rows.exported()),
    }
    assert json.loads((folder / "export.json").read_text())["workspace"]["name"] == "Northwind"
    with (folder / "risks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["event"] for row in csv.DictReader(file)] == ["'=1+1 may slip, says <@U0GONE999>"]
    assert lines[0].startswith(f"Northwind ({ours.team_id}): ")
    assert "Written to" in lines[-1]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["pmo"]
    assert folder.stat().st_mode & 0o077 == 0


def test_several_have_a_folder_each(db: Database, tmp_path: Path) -> None:
    ours, theirs = an_office(db), an_office(db)

    told(db, tmp_path / "pmo")

    assert {path.name for path in (tmp_path / "pmo").iterdir()} == {ours.team_id, theirs.team_id}


def test_one_of_several_is_named(db: Database, tmp_path: Path) -> None:
    ours, _ = an_office(db), an_office(db)

    told(db, tmp_path / "pmo", ours.team_id or "")

    workspace = json.loads((tmp_path / "pmo" / "export.json").read_text())["workspace"]
    assert workspace["team_id"] == ours.team_id


def test_it_is_noted_in_the_trail(db: Database, tmp_path: Path) -> None:
    ours = an_office(db)
    told(db, tmp_path / "pmo")

    with db.reading(ours.id) as session:
        noted = list(exports_rows.rows(session, "audit"))[-1]
    assert (noted["what"], noted["via"], noted["person_id"]) == ("exported", "pmo-bot export", None)


def test_a_folder_that_holds_something_is_not_touched(db: Database, tmp_path: Path) -> None:
    an_office(db)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")

    with pytest.raises(Refused, match="not empty"):
        told(db, tmp_path / "full")
    with pytest.raises(Refused, match="not empty"):
        told(db, tmp_path / "full" / "mine.txt")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_an_empty_folder_will_do(db: Database, tmp_path: Path) -> None:
    an_office(db)
    (tmp_path / "pmo").mkdir()

    told(db, tmp_path / "pmo")

    assert (tmp_path / "pmo" / "export.json").exists()


def test_what_goes_wrong_in_the_middle_leaves_nothing(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_office(db)
    monkeypatch.setattr(exports_rows, "heading", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        told(db, tmp_path / "out" / "pmo")

    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_workspace_is_refused_with_those_that_are_there(db: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no workspace yet"):
        told(db, tmp_path / "pmo")
    a_workspace(db, name="Northwind", team_id="T0ACME")

    with pytest.raises(Refused, match=r"no workspace TX. There is: T0ACME \(Northwind\)"):
        told(db, tmp_path / "pmo", "TX")


def test_a_workspace_where_the_bot_is_at_work_is_not_purged(db: Database) -> None:
    ours = an_office(db)

    with pytest.raises(Refused, match="still installed in Northwind"):
        cli_export.purge(db, ours.slack_id)
    assert cli_export.purge(db, ours.slack_id, even_installed=True)[0].id == ours.id


def test_a_purge_says_how_much_goes_and_leaves_nothing(db: Database) -> None:
    ours, theirs = an_office(db), an_office(db)
    removed(db, ours)
    others = left(db, theirs)

    found, rows = cli_export.purge(db, ours.slack_id)

    assert rows == sum(left(db, ours).values())
    assert cli_export.delete(db, found, now=NOW) >= rows
    assert left(db, ours) == {}
    assert left(db, theirs) == others


# --- as an operator types it ---------------------------------------------------------------------------------


@pytest.fixture
def typed(new_database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Run a command on a database with one workspace that the bot was removed from."""
    url = new_database("sqlite")
    database = Database(url)
    workspace = an_office(database)
    removed(database, workspace)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)

    def run(*words: str, answer: str = "") -> tuple[int, str]:
        try:
            result = CliRunner().invoke(cli.app, [*words], input=answer, catch_exceptions=False)
        except Refused as refused:
            return 1, refused.message
        return result.exit_code, result.output

    yield run, workspace, database
    database.close()


def test_exporting_ends_with_nought(typed) -> None:  # type: ignore[no-untyped-def]
    run, _, _ = typed

    code, said = run("export", "pmo")

    assert code == 0
    assert "Written to pmo" in said
    assert Path("pmo/export.json").exists()


def test_what_is_refused_ends_with_one_and_wrong_usage_with_two(typed) -> None:  # type: ignore[no-untyped-def]
    run, _, _ = typed

    assert run("export", "pmo", "--workspace", "TX")[0] == 1
    assert run("export")[0] == 2
    assert run("purge")[0] == 2


def test_nothing_is_purged_without_a_yes(typed) -> None:  # type: ignore[no-untyped-def]
    run, workspace, database = typed
    before = left(database, workspace)

    code, said = run("purge", "--workspace", workspace.slack_id, answer="n\n")

    assert (code, said) == (1, "Nothing was deleted.")
    assert left(database, workspace) == before


@pytest.mark.parametrize(("more", "answer"), [(["--yes"], ""), ([], "y\n")])
def test_with_a_yes_everything_goes(typed, more: list[str], answer: str) -> None:  # type: ignore[no-untyped-def]
    run, workspace, database = typed

    code, said = run("purge", "--workspace", workspace.slack_id, *more, answer=answer)

    assert code == 0
    assert "rows of Northwind" in said
    assert left(database, workspace) == {}
