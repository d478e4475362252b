"""Who did what is read back by who may, page by page; what is refused leaves an entry too."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.playground.records import Message
from bot.store import audit, projects
from bot.store.tables import AuditEntry
from tests.office import Office

FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)


@pytest.fixture
def apollo(office: Office) -> Office:
    """An office with Apollo, on which Eva has reported, with a risk that Hana raised."""
    office.has_project("APOLLO")
    office.local.move_to(FRIDAY)
    office.eva.types("/checkin APOLLO", "#general")
    office.eva.fills(overall="G", next_steps="Go on")
    assert office.eva.submits() == {}
    office.hana.types("/risk APOLLO Vendor may slip the API p3 i4", "#general")
    office.settle()
    return office


def plainly(office: Office, message: Message) -> str:
    """What somebody reads, without marks, and people by the names of their handles."""
    named = {office.id(handle): f"@{handle}" for handle in ("ana", "eva", "farah", "hana")}
    return re.sub(r"<@(\w+)>", lambda found: named[found[1]], message.shown).replace("*", "")


def asks(office: Office, words: str, who: str = "ana") -> Message:
    answer = office.slack.as_(who).types(words, "#general")
    assert answer is not None
    assert answer.ephemeral_to == office.id(who)
    return answer


def entries(office: Office) -> list[AuditEntry]:
    with office.bot.db.reading(office.row.id) as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))))


def test_the_trail_of_a_record_tells_what_was_done_to_it(apollo: Office) -> None:
    shown = plainly(apollo, asks(apollo, "/pmo audit apollo-r1"))
    assert "The audit trail of APOLLO-R1, the newest entry first" in shown
    assert "APOLLO-R1 raised · by @hana" in shown
    assert "/pmo risk" in shown
    assert "event: Vendor may slip the API" in shown
    assert "APOLLO added" not in shown


def test_the_trail_of_a_project_has_all_its_records(apollo: Office) -> None:
    shown = plainly(apollo, asks(apollo, "/pmo audit APOLLO"))
    for said in (
        "APOLLO-R1 raised · by @hana",
        "APOLLO report up to",
        "APOLLO reported · by @eva",
        "in a form",
        "APOLLO added · by @ana",
        "manager: @eva",
        "sponsor: @farah",
        "check-ins: every Friday",
    ):
        assert said in shown
    assert shown.index("APOLLO-R1 raised") < shown.index("APOLLO added")


def test_the_trail_of_somebody_has_what_they_did_and_what_was_done_to_them(apollo: Office) -> None:
    asks(apollo, "/pmo role @hana executive")
    shown = plainly(apollo, asks(apollo, "/pmo audit @hana"))
    assert "@hana granted executive · by @ana" in shown
    assert "APOLLO-R1 raised · by @hana" in shown
    assert "APOLLO added" not in shown


def test_the_trail_alone_shows_the_latest_and_is_turned_in_its_place(apollo: Office) -> None:
    with apollo.bot.db.transaction(apollo.row.id) as session:
        project = projects.get(session, "APOLLO")
        for number in range(12):
            audit.record(session, project, what=f"step {number}", by=None, now=FRIDAY)
    first = asks(apollo, "/pmo audit")
    assert "step 11" in first.shown
    assert "step 1 ·" not in first.shown
    apollo.ana.presses(first, "Older")
    [second] = [message for message in apollo.ana.reads("#general") if message.ephemeral_to]
    assert "step 1 ·" in second.shown
    assert "step 11" not in second.shown
    apollo.ana.presses(second, "Newer")
    [third] = [message for message in apollo.ana.reads("#general") if message.ephemeral_to]
    assert "step 11" in third.shown
    assert "Newer" not in third.shown


def test_a_page_that_cannot_take_the_place_of_the_other_is_shown_beside_it(apollo: Office) -> None:
    for number in range(6):
        asks(apollo, f"/risk APOLLO Something {number} p1 i1")
    first = asks(apollo, "/pmo audit")
    apollo.slack.misbehave("response_url", "500")
    apollo.ana.presses(first, "Older")
    assert "The audit trail, the newest entry first" in plainly(apollo, apollo.ana.reads("#general")[-1])


def test_a_page_with_nothing_on_it_becomes_the_first(apollo: Office) -> None:
    for number in range(6):
        asks(apollo, f"/risk APOLLO Something {number} p1 i1")
    first = asks(apollo, "/pmo audit")
    apollo.ana.presses(first, "Older")
    [second] = [message for message in apollo.ana.reads("#general") if "Newer" in message.shown]
    [buttons] = [block for block in second.blocks if block["type"] == "actions"]
    for button in buttons["elements"]:
        button["value"] = "all/<1"
    apollo.ana.presses(second, "Newer")
    assert "Something 5" in apollo.ana.reads("#general")[-1].shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/pmo audit APOLLO-R9", "There is no APOLLO-R9"),
        ("/pmo audit APOLLO-L1", "There is no APOLLO-L1"),
        ("/pmo audit ZEUS", "no project with that key"),
        ("/pmo audit @guest", "Nobody like that"),
        ("/pmo audit what is this", "/pmo audit APOLLO-R12"),
    ],
)
def test_what_is_not_there_is_said(apollo: Office, words: str, said: str) -> None:
    assert said in asks(apollo, words).shown


def test_an_auditor_may_read_it_and_a_manager_may_not(apollo: Office) -> None:
    asks(apollo, "/pmo role @hana auditor")
    assert "APOLLO-R1 raised" in plainly(apollo, asks(apollo, "/pmo audit APOLLO", "hana"))
    assert "can do that" in asks(apollo, "/pmo audit APOLLO", "eva").shown


def test_a_refusal_is_noted_once_a_minute_and_act(apollo: Office) -> None:
    before = len(entries(apollo))
    for _ in range(3):
        asks(apollo, "/pmo audit APOLLO", "eva")
    asks(apollo, "/pmo role @eva pmo", "eva")
    refused = entries(apollo)[before:]
    assert [(each.what, each.changes["act"][1], each.via) for each in refused] == [
        ("refused", "see_audit", "command audit"),
        ("refused", "manage_roles", "command role"),
    ]
    apollo.local.move_to(apollo.slack.clock() + timedelta(minutes=1))
    asks(apollo, "/pmo audit APOLLO", "eva")
    assert [each.changes["act"][1] for each in entries(apollo) if each.what == "refused"][-1] == "see_audit"
    shown = plainly(apollo, asks(apollo, "/pmo audit @eva"))
    assert shown.count("Refused: see audit · by @eva") == 2


def test_a_refusal_in_a_project_names_it(apollo: Office) -> None:
    apollo.local.settle()
    asks(apollo, "/checkin APOLLO", "hana")
    [refused] = [each for each in entries(apollo) if each.what == "refused"]
    assert refused.changes == {"act": [None, "submit_checkin"]}
