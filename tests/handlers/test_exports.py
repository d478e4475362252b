"""Exports as people ask for them, up to the file in their hands."""

import base64
import csv
import io
import json
import zipfile

import openpyxl
import pytest
from sqlmodel import select

from bot.playground.records import Message
from bot.rules import workbooks
from bot.store.tables import AuditEntry, Export
from tests.office import Office


def said(answer: Message | None) -> str:
    """What somebody was answered."""
    assert answer is not None
    return answer.shown


def files(office: Office, handle: str) -> list[tuple[str, bytes]]:
    """The files in somebody's conversation with the bot, by name, oldest first."""
    found = office.workspace.files
    return [
        (found[number].name, base64.b64decode(found[number].content))
        for message in getattr(office, handle).reads()
        for number in message.files
    ]


def audited(office: Office, what: str) -> list[AuditEntry]:
    with office.bot.db.reading(office.row.id) as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.what == what)))


def test_a_command_brings_a_file_to_whoever_asked_alone(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk APOLLO =1+1 may slip p4 i5", "#apollo")

    answer = office.ana.types("/pmo export risks", "#general")
    office.settle()

    assert "being made" in said(answer)
    ((name, content),) = files(office, "ana")
    assert name == "northwind-risks-2026-11-19.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        (row,) = csv.DictReader(io.StringIO(packed.read("risks.csv").decode("utf-8-sig"), newline=""))
    assert (row["project"], row["ref"], row["event"]) == ("APOLLO", "APOLLO-R1", "'=1+1 may slip")
    assert "1 row. The file is here" in "\n".join(message.shown for message in office.ana.reads())
    assert files(office, "eva") == []


def test_the_form_offers_what_the_person_may_have(office: Office) -> None:
    office.ana.types("/pmo export", "#general")
    form = office.ana.modal
    assert form is not None
    assert "Everything" in form.shown
    office.ana.fills(part="all", form="json")
    assert office.ana.submits() == {}
    office.settle()

    ((name, content),) = files(office, "ana")
    assert name.endswith("-all-2026-11-19.json")
    assert json.loads(content)["workspace"]["name"] == "Northwind"


def test_somebody_without_rights_is_offered_what_is_theirs(office: Office) -> None:
    office.has_project()
    office.hana.types("/risk APOLLO Vendor may slip p4 i5", "#apollo")
    office.hana.types("/pmo export", "#general")
    form = office.hana.modal
    assert form is not None
    assert "What is kept about me" in form.shown
    assert "Everything" not in form.shown
    assert office.hana.submits() == {}
    office.settle()

    ((_, content),) = files(office, "hana")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        people = list(csv.DictReader(io.StringIO(packed.read("people.csv").decode("utf-8-sig"), newline="")))
        risks = packed.read("risks.csv").decode()
    assert [person["name"] for person in people] == ["hana"]
    assert "Vendor may slip" in risks


def test_more_than_that_is_refused(office: Office) -> None:
    answer = office.hana.types("/pmo export all", "#general")
    office.settle()

    assert "Only PMO admins can do that" in said(answer)
    assert files(office, "hana") == []


def test_words_that_mean_nothing_are_answered_with_an_example(office: Office) -> None:
    assert "/pmo export risks xlsx" in said(office.ana.types("/pmo export everything please", "#general"))


def test_a_workbook_opens(office: Office) -> None:
    office.has_project()

    office.ana.types("/pmo export projects xlsx", "#general")
    office.settle()

    ((_, content),) = files(office, "ana")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["projects"]
    assert [cell.value for cell in sheet[1]][:3] == ["Project ID", "Project name", "Key"]
    assert [cell.value for cell in sheet[2]][:3] == [None, "Apollo", "APOLLO"]


def test_it_is_noted_what_was_taken_along_and_how_much(office: Office) -> None:
    office.has_project()

    office.ana.types("/pmo export projects", "#general")
    office.settle()

    (noted,) = audited(office, "exported")
    assert noted.changes == {"part": [None, "projects"], "form": [None, "csv"], "rows": [None, 1]}
    assert noted.via == "command export"


def test_the_fourth_at_a_time_is_refused(office: Office) -> None:
    for _ in range(3):
        office.ana.types("/pmo export risks", "#general")

    assert "Three files" in said(office.ana.types("/pmo export risks", "#general"))


def test_whoever_loses_the_right_meanwhile_gets_no_file(office: Office) -> None:
    office.ana.types("/pmo export risks", "#general")
    with office.bot.db.across_workspaces() as session:
        export = session.exec(select(Export)).one()
    office.slack.change_person(office.workspace, "ana", is_admin=False)
    office.slack.delivery.settle()
    office.settle()

    assert files(office, "ana") == []
    assert "you may not have it any more" in office.ana.reads()[-1].shown
    with office.bot.db.reading(office.row.id) as session:
        assert session.exec(select(Export).where(Export.id == export.id)).one().trouble == "not_allowed"


# --- when Slack does not take it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "how"),
    [
        ("files.getUploadURLExternal", "429"),
        ("files.getUploadURLExternal", "reset_before"),
        ("upload", "500"),
        ("upload", "reset_after_accepting"),
        ("files.completeUploadExternal", "503"),
        ("files.completeUploadExternal", "reset_before"),
        ("files.completeUploadExternal", "reset_after_accepting"),
        ("files.completeUploadExternal", "fatal_error"),
    ],
)
def test_a_file_comes_once_whatever_goes_wrong_on_the_way(office: Office, method: str, how: str) -> None:
    office.slack.misbehave(method, how)

    office.ana.types("/pmo export risks", "#general")
    office.settle()

    assert len(files(office, "ana")) == 1
    assert "The file is here" in "\n".join(message.shown for message in office.ana.reads())
    assert len(audited(office, "exported")) == 1


def test_an_upload_that_slack_lost_is_made_anew(office: Office) -> None:
    office.slack.misbehave("files.completeUploadExternal", "file_not_found")

    office.ana.types("/pmo export risks", "#general")
    office.settle()

    assert len(files(office, "ana")) == 1
    assert office.slack.traffic.count("upload") == 2


def test_where_slack_takes_no_files_the_person_reads_why(office: Office) -> None:
    office.workspace.uploads_allowed = False

    office.ana.types("/pmo export risks", "#general")
    office.settle()

    assert "does not take files. Ask a Slack admin" in office.ana.reads()[-1].shown


def test_whoever_left_meanwhile_gets_nothing(office: Office) -> None:
    office.ana.types("/pmo export risks", "#general")
    office.slack.change_person(office.workspace, "ana", deleted=True)
    office.slack.delivery.settle()
    office.bot.tick(office.slack.clock())

    with office.bot.db.reading(office.row.id) as session:
        assert session.exec(select(Export)).one().trouble == "not_allowed"
    assert office.slack.traffic.count("upload") == 0


def test_what_no_sheet_can_hold_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "ROWS", 0)
    office.has_project()

    office.ana.types("/pmo export projects xlsx", "#general")
    office.settle()

    assert "more rows than a sheet can hold. Ask for CSV" in office.ana.reads()[-1].shown
