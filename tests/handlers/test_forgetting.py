"""Somebody leaves, and is forgotten: preview, hand over, forget, bring back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.playground.records import Message
from bot.store.tables import AuditEntry, Escalation, Forgotten, Person, Risk
from tests.office import Office


def said(answer: Message | None) -> str:
    """What somebody was answered."""
    assert answer is not None
    return answer.shown


def people(office: Office) -> dict[str, Person]:
    with office.bot.db.reading(office.row.id) as session:
        return {person.slack_id: person for person in session.exec(select(Person))}


def one(office: Office, kind: Any, **values: Any) -> Any:
    with office.bot.db.reading(office.row.id) as session:
        return session.exec(select(kind).filter_by(**values)).one()


@pytest.fixture
def hana_wrote(office: Office) -> Office:
    """Hana raised a risk, which a card in the channel shows."""
    office.has_project()
    office.hana.types("/risk APOLLO Vendor may slip p4 i5", "#apollo")
    office.ana.types(f"/risk APOLLO Testers are missing p2 i2 <@{office.id('hana')}>", "#apollo")
    office.settle()
    return office


def forgets(office: Office, whom: str, **fields: Any) -> Any:
    """Ana forgets somebody; what she reads at the end."""
    office.ana.types(f"/pmo forget @{whom}", "#general")
    if fields:
        office.ana.fills(fields)
    errors = office.ana.submits()
    assert errors == {}, errors
    done = office.ana.modal
    office.settle()
    return done


def test_the_preview_says_what_will_change_and_changes_nothing(hana_wrote: Office) -> None:
    office = hana_wrote
    office.ana.types("/pmo forget @hana", "#general")

    form = office.ana.modal
    assert form is not None
    assert "*hana* becomes *Former colleague* with a number" in form.shown
    assert "Risks" in form.shown
    assert "For 30 days it can be undone" in form.shown
    office.ana.closes()
    assert people(office)[office.id("hana")].name == "hana"


def test_forgotten_somebody_is_a_pseudonym_in_what_the_channel_shows(hana_wrote: Office) -> None:
    office = hana_wrote
    hana = office.id("hana")
    assert any(hana in message.shown for message in office.ben.reads("#apollo"))

    done = forgets(office, "hana", successor="@eva") if owns(office) else forgets(office, "hana")

    assert "Former colleague 1" in done.shown
    after = [message.shown for message in office.ben.reads("#apollo")]
    assert not any(hana in shown for shown in after)
    assert any("Former colleague 1" in shown for shown in after)
    assert office.id("hana") not in people(office)
    noted = one(office, AuditEntry, what="forgotten")
    assert noted.via == "view forget.form"


def owns(office: Office) -> bool:
    with office.bot.db.reading(office.row.id) as session:
        hana = session.exec(select(Person.id).where(Person.slack_id == office.id("hana"))).one()
        return bool(session.exec(select(Risk.id).where(Risk.owner_id == hana)).all())


def test_whoever_answers_for_something_hands_it_over_in_the_same_form(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk APOLLO Vendor may slip p4 i5", "#apollo")
    office.settle()
    office.ana.types("/pmo forget @eva", "#general")
    form = office.ana.modal
    assert form is not None
    assert "*They still answer for* APOLLO as manager" in form.shown

    office.ana.fills(successor="@hana")
    assert office.ana.submits() == {}
    office.settle()

    done = office.ana.modal
    assert done is not None
    assert f"<@{office.id('hana')}> takes over" in done.shown
    told = "\n".join(message.shown for message in office.hana.reads())
    assert "You take over from a colleague who left: APOLLO" in told
    assert office.id("eva") not in told
    assert f"<@{office.id('hana')}>" in said(office.ana.types("/pmo project APOLLO", "#general"))


def test_without_a_successor_nothing_happens(office: Office) -> None:
    office.has_project()
    office.ana.types("/pmo forget @eva", "#general")

    errors = office.ana.submits()

    assert "successor" in errors
    assert office.id("eva") in people(office)


def test_a_guest_cannot_take_over(office: Office) -> None:
    office.has_project()
    office.ana.types("/pmo forget @eva", "#general")
    office.ana.fills(successor="@guest")

    assert "successor" in office.ana.submits()
    assert office.id("eva") in people(office)


def test_open_decisions_and_check_ins_go_over_and_are_seen_there(office: Office) -> None:
    office.has_project()
    office.eva.types("/escalate", "#apollo")
    office.eva.fills(
        {
            "project": "APOLLO",
            "what": "Choose a vendor",
            "ask": "Choose",
            "impact_if_nothing": "Late",
            "decide_by": "2026-11-27",
        }
    )
    assert office.eva.submits() == {}
    office.settle()

    forgets(office, "farah", successor="@hana")

    escalation = one(office, Escalation)
    assert escalation.asked[-1] == ["sponsor", office.id("hana")]
    assert escalation.asked[0] == ["sponsor", "Former colleague 1"]
    assert any("Choose a vendor" in message.shown for message in office.hana.reads())


def test_alone_it_asks_whom_and_finds_who_left(office: Office) -> None:
    office.hana.types("/pmo help", "#general")
    office.slack.change_person(office.workspace, "hana", deleted=True)
    office.slack.delivery.settle()
    office.ana.types("/pmo forget", "#general")

    assert office.ana.suggestions("who", "han") == ["hana"]
    office.ana.fills(who="hana")
    assert office.ana.submits() == {}

    form = office.ana.modal
    assert form is not None
    assert "*hana* becomes *Former colleague*" in form.shown
    assert office.ana.submits() == {}
    assert "Former colleague 1" in people(office)


def test_a_name_is_as_good_as_a_mention(office: Office) -> None:
    office.hana.types("/pmo help", "#general")

    office.ana.types("/pmo forget hana", "#general")

    assert office.ana.modal is not None


def test_nobody_of_that_name_is_said(office: Office) -> None:
    assert "I know nobody like that" in said(office.ana.types("/pmo forget Zoe", "#general"))
    assert "I know nobody like that" in said(office.ana.types("/pmo forget @hana", "#general"))


def test_nobody_forgets_themself(office: Office) -> None:
    assert "You cannot forget yourself" in said(office.ana.types("/pmo forget @ana", "#general"))


def test_only_admins_may(office: Office) -> None:
    assert "Only PMO admins can do that" in said(office.eva.types("/pmo forget @hana", "#general"))


def test_it_can_be_undone_from_the_list(hana_wrote: Office) -> None:
    office = hana_wrote
    forgets(office, "hana", **({"successor": "@eva"} if owns(office) else {}))

    listed = office.ana.types("/pmo forget undo", "#general")
    assert "*Former colleague 1* was hana" in said(listed)
    office.ana.presses(listed, "Bring back")
    office.settle()

    assert people(office)[office.id("hana")].name == "hana"
    assert any(office.id("hana") in message.shown for message in office.ben.reads("#apollo"))
    assert "Nobody was forgotten" in said(office.ana.types("/pmo forget undo", "#general"))


def test_after_thirty_days_the_list_is_empty(hana_wrote: Office) -> None:
    office = hana_wrote
    forgets(office, "hana", **({"successor": "@eva"} if owns(office) else {}))

    office.slack.clock.advance(timedelta(days=30))
    office.bot.tick(office.slack.clock())

    assert "Nobody was forgotten" in said(office.ana.types("/pmo forget undo", "#general"))
    assert one(office, Forgotten).kept is None


def test_whoever_comes_back_is_somebody_new(office: Office) -> None:
    office.hana.types("/pmo help", "#general")
    forgets(office, "hana")

    office.hana.types("/pmo help", "#general")

    known = people(office)
    assert {known[office.id("hana")].name, known["Former colleague 1"].name} == {"hana", "Former colleague 1"}


def test_whoever_forgets_can_take_over_and_is_not_told_what_they_know(office: Office) -> None:
    office.has_project()

    forgets(office, "eva", successor="@ana")

    assert not any("You take over" in message.shown for message in office.ana.reads())


def test_what_is_chosen_is_one_of_the_list(office: Office) -> None:
    office.ana.types("/pmo forget", "#general")

    assert "who" in office.ana.submits()


def test_oneself_cannot_be_chosen(office: Office) -> None:
    office.ana.types("/pmo forget", "#general")
    office.ana.fills(who="ana")

    assert "You cannot forget yourself" in office.ana.submits()["who"]


def test_bringing_back_is_said_also_where_the_list_cannot_be_changed(office: Office) -> None:
    office.hana.types("/pmo help", "#general")
    forgets(office, "hana")
    listed = office.ana.types("/pmo forget undo", "#general")
    office.slack.misbehave("response_url", "500")

    office.ana.presses(listed, "Bring back")
    office.settle()

    assert people(office)[office.id("hana")].name == "hana"


def test_two_who_forget_at_once_do_it_once(office: Office) -> None:
    office.hana.types("/pmo help", "#general")
    office.ana.types("/pmo forget @hana", "#general")
    with office.bot.db.transaction(office.row.id) as session:
        from bot import store

        hana = store.people.find(session, office.id("hana"))
        assert hana is not None
        store.forgetting.forget(session, hana, by=hana.id, now=office.slack.clock())

    assert office.ana.submits() != {} or "forgotten already" in office.ana.modal.shown  # type: ignore[union-attr]
    assert sum(name.startswith("Former") for name in people(office)) == 1
