"""Exports: every table is in them or named as left out, whatever is added later, and everything comes back."""

import io
import json
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlmodel import SQLModel, select

from bot import store
from bot.rules.exports import Form, Part
from bot.rules.registers import reading
from bot.rules.terms import Health, Role, Severity
from bot.store import Database, exports_register, exports_rows
from bot.store.exports_rows import LEFT_OUT, NAMED_BY, Count
from bot.store.tables import Person, Project, Risk, StatusReport, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace

TODAY = date(2026, 11, 20)


def walled_tables() -> set[str]:
    """Every table with a workspace, from the metadata itself."""
    return {table.name for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.columns}


def test_every_table_of_a_workspace_is_exported_or_left_out_for_a_reason() -> None:
    left_out = {name for name in LEFT_OUT if "." not in name}

    assert walled_tables() == set(exports_rows.exported()) | left_out
    assert not set(exports_rows.exported()) & left_out
    assert all(reason for reason in LEFT_OUT.values())


def test_every_column_that_is_left_out_is_one() -> None:
    for name in LEFT_OUT:
        table, _, column = name.partition(".")
        assert table in SQLModel.metadata.tables, name
        assert not column or column in SQLModel.metadata.tables[table].columns, name


def test_no_secret_has_a_column_in_any_export() -> None:
    titles = {f"{table}.{title}" for table in exports_rows.exported() for title in exports_rows.titles(table)}

    assert not {title for title in titles if "token" in title or "secret" in title}
    assert "posts.wanted" not in titles


def test_parents_come_before_children() -> None:
    order = [kind.__tablename__ for kind in exports_rows.walled()]

    assert order.index("people") < order.index("risks")
    assert order.index("projects") < order.index("status_reports")
    assert order.index("audit") < order.index("audit_seals")


def test_what_has_a_name_has_that_column() -> None:
    for table, column in NAMED_BY.items():
        assert column in SQLModel.metadata.tables[table].columns


def an_office(db: Database) -> Workspace:
    """A workspace with something in it of which every reading is known."""
    ours = a_workspace(db, name="Northwind")
    ana, ben = a_person(db, ours, "Ana Lopes", Role.PMO, slack_id="U0ANALOPES"), a_person(db, ours, "Ben")
    a_portfolio(db, ours, "Change")
    project = a_project(
        db, ours, manager=ana, sponsor=ben, description="=cmd|' /C calc'!A0", budget_baseline=Decimal(5)
    )
    with db.transaction(ours.id) as session:
        session.add(
            Risk(
                project_id=project.id,
                ref="APOLLO-R1",
                event="=1+1 may slip, says <@U0GONE999>",
                probability=4,
                impact=5,
                score=20,
                severity=Severity.VERY_HIGH,
                owner_id=ben.id,
                raised_by=ana.id,
                raised_at=NOW,
            )
        )
        session.add(
            StatusReport(
                project_id=project.id,
                author_id=ana.id,
                period_start=TODAY,
                period_end=TODAY,
                reported_at=NOW,
                overall=Health.RED,
                computed=Health.AMBER,
                dimensions={"schedule": 6},
                cause="@U0GONE999 left; <@U0ANALOPES> stayed",
                action_owner_id=ben.id,
                budget_forecast=Decimal("1.25"),
            )
        )
        store.posts.put(session, "risk:1:card", to="CAPOLLO", message=store.tables.Message("said"), now=NOW)
    return ours


def written(db: Database, whose: Any, part: Part, form: Form, *, of: int | None = None) -> tuple[bytes, int]:
    into = io.BytesIO()
    with db.snapshot(whose) as session:
        count = exports_rows.write(session, part, form, into, now=NOW, of=of)
    return into.getvalue(), count.rows


def test_json_holds_every_table_and_can_be_put_back_as_it_was(db: Database, new_database: Any) -> None:
    ours = an_office(db)
    an_office(db)

    content, count = written(db, ours.id, Part.ALL, Form.JSON)

    told = json.loads(content)
    assert (told["format"], told["version"], told["workspace"]["name"]) == ("pmo-bot", 1, "Northwind")
    assert list(told["tables"]) == list(exports_rows.exported())
    assert count == sum(len(rows) for rows in told["tables"].values())
    assert {row["workspace_id"] for rows in told["tables"].values() for row in rows} == {ours.id}
    kept = {table: rows_of(db, ours.id, table) for table in exports_rows.exported()}
    back = {table: [made(table, row) for row in rows] for table, rows in told["tables"].items()}
    unveiled = {"status_reports"}
    assert {t: r for t, r in back.items() if t not in unveiled} == {t: r for t, r in kept.items() if t not in unveiled}


def rows_of(db: Database, workspace: int, table: str) -> list[dict[str, Any]]:
    """The rows as the database has them."""
    known = SQLModel.metadata.tables[table]
    columns = [column for column in known.columns if f"{table}.{column.name}" not in LEFT_OUT]
    with db.across_workspaces() as session:
        found = session.execute(
            sqlalchemy.select(*columns).where(known.c.workspace_id == workspace).order_by(known.c.id)
        )
        return [dict(row._mapping) for row in found]


def made(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the JSON file as Python has it: what a program that reads the file would do."""
    columns = SQLModel.metadata.tables[table].columns
    return {name: _made(value, columns[name].type) for name, value in row.items()}


def _made(value: Any, kind: Any) -> Any:
    ranks, words = getattr(kind, "ranks", None), getattr(kind, "enum_class", None)
    if value is None:
        return None
    if made := ranks or words:
        return made(value)
    python = kind.impl_instance.python_type if hasattr(kind, "impl_instance") else kind.python_type
    if type(kind).__name__ == "Money":
        return Decimal(value)
    if python in {datetime, date, time}:
        return python.fromisoformat(value)
    return value


def test_csv_names_people_and_projects_beside_their_numbers_and_makes_texts_safe(db: Database) -> None:
    ours = an_office(db)

    content, _ = written(db, ours.id, Part.RISKS, Form.CSV)

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["risks.csv"]
        titles, row = packed.read("risks.csv").decode("utf-8-sig").split("\r\n")[:2]
    assert "project_id,project," in titles
    assert "owner_id,owner," in titles
    assert "raised_by,raised_by_name," in titles
    assert ",APOLLO,APOLLO-R1,\"'=1+1 may slip" in row
    assert ",Ben," in row
    assert ",Ana Lopes," in row
    assert ",very_high,assessed," in row


def test_the_whole_holds_the_settings_too(db: Database) -> None:
    content, _ = written(db, an_office(db).id, Part.ALL, Form.CSV)

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert "Northwind" in packed.read("settings.csv").decode()
        assert set(packed.namelist()) == {f"{name}.csv" for name in ("settings", *exports_rows.exported())}


def test_history_names_nobody_who_is_not_known_any_more(db: Database) -> None:
    ours = an_office(db)
    with db.reading(ours.id) as session:
        (report,) = exports_rows.rows(session, "status_reports")

    assert report["cause"] == "Former colleague left; <@U0ANALOPES> stayed"


def test_the_projects_come_back_through_our_own_import_and_change_nothing(db: Database) -> None:
    ours = an_office(db)
    with db.transaction(ours.id) as session:
        project = session.exec(select(Project)).one()
        project.name, project.identity = "Apollo – the = one", "id:mod_0109"
        project.start_baseline, project.finish_forecast = date(2026, 1, 5), date(2027, 3, 31)
        project.description = "=cmd|' /C calc'!A0"
        project.portfolio_id = store.portfolios.find_or_add(session, "Change", by=None, now=NOW).id
        report = session.exec(select(StatusReport)).one()
        for name, value in store.reports.columns(session, project).items():
            setattr(project, name, value)
        store.health.recompute(session, project)
        assert report.overall is project.reported_health
    a_project(db, ours, "NEVER", budget_baseline=Decimal("1234567.89"), finish_baseline=date(2027, 1, 1))
    before = everything(db, ours)

    content, _ = written(db, ours.id, Part.PROJECTS, Form.CSV)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        register = reading.read(packed.read("projects.csv"), "projects.csv")
    with db.transaction(ours.id) as session:
        done = store.imports.keep_projects(session, register.projects, source="projects.csv", now=NOW)

    assert list(map(str, register.refused)) == []
    assert {column.title for column in register.columns.read} == {"Project ID", *exports_register.REGISTER}
    assert (done.added, done.changed, done.unchanged, done.reports, done.unplaced) == ((), (), 2, 0, ())
    assert everything(db, ours) == before


def test_an_imported_register_comes_back_the_same_from_a_workbook_too(db: Database) -> None:
    ours = a_workspace(db)
    with db.transaction(ours.id) as session:
        register = reading.read(
            b"Project name,Project ID,Portfolio,RAG,Schedule RAG,Commentary,Budget,Forecast cost,Finish,Period end\n"
            b"Apollo,MOD_1,Change,AR,R,Late,1200000,1300000,2027-01-31,2026-09-30\n"
            b"Apollo,MOD_1,Change,R,R,Later,1200000,1400000,2027-02-28,2026-10-31\n",
            "register.csv",
        )
        store.imports.keep_projects(session, register.projects, source="register.csv", now=NOW)
    before = everything(db, ours)

    content, _ = written(db, ours.id, Part.PROJECTS, Form.XLSX)
    with db.transaction(ours.id) as session:
        again = reading.read(content, "export.xlsx")
        done = store.imports.keep_projects(session, again.projects, source="export.xlsx", now=NOW)

    assert (done.changed, done.unchanged, done.reports, done.corrected) == ((), 1, 0, 0)
    assert everything(db, ours) == before


def everything(db: Database, ours: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {table: rows_of(db, ours.id, table) for table in ("projects", "project_roles", "status_reports", "audit")}


def test_what_is_kept_about_somebody_is_theirs_and_nobody_elses(db: Database) -> None:
    ours = an_office(db)
    with db.reading(ours.id) as session:
        ben = session.exec(select(Person).where(Person.name == "Ben")).one()

    content, count = written(db, ours.id, Part.MINE, Form.JSON, of=ben.id)

    tables = json.loads(content)["tables"]
    assert [row["name"] for row in tables["people"]] == ["Ben"]
    assert [row["ref"] for row in tables["risks"]] == ["APOLLO-R1"]
    assert [row["role"] for row in tables["project_roles"]] == ["sponsor"]
    assert [row["action_owner_id"] for row in tables["status_reports"]] == [ben.id]
    assert "portfolios" not in tables
    assert "projects" in tables
    assert count == sum(len(rows) for rows in tables.values())


def test_a_person_gets_no_row_of_a_project_that_is_hidden_from_them(db: Database) -> None:
    ours = an_office(db)
    with db.reading(ours.id) as session:
        ana = session.exec(select(Person).where(Person.name == "Ana Lopes")).one()
        project = session.exec(select(Project.id)).one()
    with db.transaction(ours.id) as session:
        row = session.exec(select(Project)).one()
        store.audit.record(session, row, what="edited", by=ana.id, now=NOW)
    with db.reading(ours.id) as session, store.inside(session, ours.id, hidden={project}):
        seen = {table: list(exports_rows.rows(session, table, of=ana.id)) for table in exports_rows.of_part(Part.MINE)}

    assert {table for table, rows in seen.items() if rows} <= {"people", "role_grants", "audit"}
    assert not [row for row in seen["audit"] if row["project_id"] == project]


def test_rows_are_read_a_page_at_a_time(db: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports_rows, "PAGE", 4)
    monkeypatch.setattr(exports_register, "PAGE", 4)
    ours = a_workspace(db)
    for number in range(9):
        a_project(db, ours, f"P{number}")

    with db.reading(ours.id) as session:
        rows = list(exports_rows.rows(session, "projects"))
        register = list(exports_register.rows(session, exports_rows.Names(session).name))

    assert [row["key"] for row in rows] == [f"P{number}" for number in range(9)]
    assert [row[2] for row in register] == [f"P{number}" for number in range(9)]


def test_a_role_that_several_have_is_left_blank_for_a_register_names_one(db: Database) -> None:
    ours = a_workspace(db)
    ana, ben = a_person(db, ours, "Ana"), a_person(db, ours, "Former colleague 1", slack_id="Former colleague 1")
    project = a_project(db, ours, manager=ana, deputy=ben)
    with db.transaction(ours.id) as session:
        session.add(store.tables.ProjectRole(project_id=project.id, person_id=ben.id, role=Role.MANAGER))

    with db.reading(ours.id) as session:
        (row,) = exports_register.rows(session, exports_rows.Names(session).name)
    told = dict(zip(exports_register.titles(), row, strict=True))

    assert told["Manager"] is None
    assert told["Deputy"] == "Former colleague 1"


def test_counting_changes_nothing() -> None:
    count = Count()

    assert list(count.of("abc")) == ["a", "b", "c"]
    assert count.rows == 3
