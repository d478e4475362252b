"""For how long records are kept, said and changed."""

from sqlmodel import select

from bot.playground.records import Message
from bot.store.tables import AuditEntry
from tests.office import Office


def said(answer: Message | None) -> str:
    """What somebody was answered."""
    assert answer is not None
    return answer.shown


def test_alone_it_says_how_it_is(office: Office) -> None:
    answer = office.ana.types("/pmo retention", "#general")

    assert "its records are kept for 30 days, and then deleted" in said(answer)


def test_days_change_it_and_are_noted(office: Office) -> None:
    answer = office.ana.types("/pmo retention 90 days", "#general")

    assert "kept for 90 days after PMO Bot is removed. It was 30 days before" in said(answer)
    assert office.row.retention_days == 90
    with office.bot.db.reading(office.row.id) as session:
        (noted,) = session.exec(select(AuditEntry).where(AuditEntry.record == f"workspaces:{office.row.id}")).all()[-1:]
    assert noted.changes == {"retention_days": [30, 90]}


def test_the_same_again_changes_nothing(office: Office) -> None:
    assert "nothing was changed" in said(office.ana.types("/pmo retention 30", "#general"))


def test_none_at_all_is_said_plainly(office: Office) -> None:
    assert "deleted at once" in said(office.ana.types("/pmo retention 0", "#general"))
    assert "deleted at once" in said(office.ana.types("/pmo retention", "#general"))


def test_what_is_no_number_of_days_is_refused(office: Office) -> None:
    assert "Say it in days" in said(office.ana.types("/pmo retention for ever", "#general"))


def test_only_admins_may(office: Office) -> None:
    assert "Only PMO admins can do that" in said(office.eva.types("/pmo retention 1", "#general"))
    assert office.row.retention_days == 30
