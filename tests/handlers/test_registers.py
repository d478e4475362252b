"""A register dropped into the form: at the field what is wrong with it, in the chat what became of it."""

from typing import Any

from bot.playground.hands import Hands
from bot.rules.terms import RegisterState
from bot.store.tables import RegisterFile
from tests.journeys.chat import about, answers, buttons, form
from tests.office import Office

REGISTER = b"Project,Key,Manager\nApollo lander,APOLLO,Eva Lindqvist\n"


def drops(person: Hands, content: bytes = REGISTER, name: str = "r.csv", **values: Any) -> str:
    """Drop a file into the form of `/pmo import`; what that becomes."""
    person.types("/pmo import", "#general")
    person.fills(file=[(name, content)], **values)
    errors = person.submits()
    assert errors == {}, errors
    shown = form(person).shown
    person.closes()
    return shown


def registers(office: Office) -> list[RegisterFile]:
    from sqlmodel import select

    with office.bot.db.across_workspaces() as session:
        return list(session.exec(select(RegisterFile)))


def test_a_file_is_read_shown_and_imported_once(office: Office) -> None:
    assert "*I am reading r.csv.*" in drops(office.ana)
    office.settle()
    preview = about(office.ana, "r.csv: what would change")
    assert buttons(preview) == ["Import", "Leave it"]
    assert "APOLLO Apollo lander" in preview.shown

    office.ana.presses(preview, "Import")
    office.ana.presses(preview, "Import")
    office.settle()
    assert "r.csv is imported" in about(office.ana, "is imported").shown
    assert f"*Manager*\n<@{office.id('eva')}>" in answers(office.ana, "/pmo project APOLLO")
    [file] = registers(office)
    assert (file.state, file.content, file.people) == (
        RegisterState.IMPORTED,
        None,
        {"eva lindqvist": office.id("eva")},
    )


def test_what_is_left_goes_nowhere(office: Office) -> None:
    drops(office.ana)
    office.settle()
    office.ana.presses(about(office.ana, "what would change"), "Leave it")
    office.settle()
    assert "nothing of it went in" in about(office.ana, "was left").shown
    assert "APOLLO" not in answers(office.ana, "/pmo portfolio")
    assert registers(office)[0].content is None


def test_only_whoever_dropped_it_says_what_becomes_of_it(office: Office) -> None:
    office.ana.types("/pmo role @hana pmo", "#general")
    drops(office.ana)
    office.settle()
    preview = about(office.ana, "what would change")
    with office.bot.db.transaction(office.row.id) as session:
        session.merge(registers(office)[0]).person_id = 2
    office.ana.presses(preview, "Import")
    assert "Only whoever dropped this register" in office.ana.reads()[-1].shown


def test_the_form_says_what_is_wrong_with_the_file(office: Office) -> None:
    office.ana.types("/pmo import", "#general")
    assert set(office.ana.submits()) == {"file"}
    office.ana.fills(file=[("r.csv", b"x" * (5 * 1024 * 1024 + 1))])
    assert "larger than 5 MB" in office.ana.submits()["file"]
    office.ana.fills(file=[("r.csv", REGISTER)], columns="Who is manager")
    assert set(office.ana.submits()) == {"columns"}
    assert registers(office) == []


def test_columns_can_be_said_to_mean_something_else(office: Office) -> None:
    drops(office.ana, b"Project,Responsible\nApollo,Eva Lindqvist\n", columns="Responsible = manager")
    office.settle()
    assert "Responsible is manager" in about(office.ana, "what would change").shown
