"""A project that only its own may know of: for everybody else it is as if there were none."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.playground import Channel
from bot.playground.records import Message
from tests.office import Office

WHO = ("hana", "ben")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def secret(office: Office) -> Office:
    """APOLLO is known to all; GEMINI, which Eva manages and Farah sponsors, lives in a private channel, is."""
    office.has_project()
    office.slack.add_channel(office.workspace, Channel("gem", "private", members=["ana", "eva", "farah"]))
    office.ana.invites("@pmo", "#gem")
    office.has_project("GEMINI", channel="#gem", confidential=["yes"])
    office.eva.types("/risk GEMINI The buyer may walk away p4 i5", "#gem")
    office.settle()
    return office


def answer(office: Office, who: str, words: str, where: str = "#general") -> Message | None:
    return office.slack.as_(who).types(words, where)


def said(office: Office, who: str, words: str) -> str:
    message = answer(office, who, words)
    assert message is not None
    return message.shown


def test_its_own_see_it_and_its_channel_hears_of_it(secret: Office) -> None:
    for who in ("eva", "farah", "ana"):
        shown = said(secret, who, "/pmo project GEMINI")
        assert "Confidential: its team, its sponsor and the leads of the PMO see it" in shown
        assert "GEMINI" in said(secret, who, "/pmo portfolio")
    assert "The buyer may walk away" in secret.eva.reads("#gem")[-1].shown


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    "words",
    [
        "/pmo project {}",
        "/pmo history {}",
        "/pmo team {}",
        "/pmo team {} add @hana member",
        "/pmo risks {}",
        "/pmo {}-R1",
        "/pmo {}-E1",
        "/checkin {}",
    ],
)
def test_naming_it_is_like_naming_none(secret: Office, who: str, words: str) -> None:
    hidden, none = (said(secret, who, words.format(key)) for key in ("GEMINI", "NOSUCH"))
    assert hidden.replace("GEMINI", "NOSUCH") == none


@pytest.mark.parametrize("who", WHO)
def test_a_line_that_names_it_opens_the_form_as_for_none(secret: Office, who: str) -> None:
    person = secret.slack.as_(who)
    forms = []
    for key in ("GEMINI", "NOSUCH"):
        assert answer(secret, who, f"/risk {key} Something may happen p2 i2") is None
        assert person.modal is not None
        forms.append(person.modal.shown.replace(key, "KEY"))
        person.closes()
    assert forms[0] == forms[1]
    assert "1 to 1 of 1" in said(secret, "eva", "/pmo risks GEMINI")


@pytest.mark.parametrize("who", WHO)
def test_no_list_home_suggestion_or_help_knows_it(secret: Office, who: str) -> None:
    person = secret.slack.as_(who)
    for words in ("/pmo portfolio", "/pmo risks", "/pmo project", "/pmo help", "/pmo history", "/pmo team"):
        assert "gemini" not in said(secret, who, words).lower()
    assert "1 project" in said(secret, who, "/pmo portfolio") or "APOLLO" in said(secret, who, "/pmo portfolio")
    person.types("/risk", "#general")
    assert person.suggestions("project", "") == ["APOLLO Apollo"]
    person.closes()
    person.opens_home()
    assert person.home is not None
    assert "GEMINI" not in person.home.shown


def test_its_key_cannot_be_found_out_by_adding_a_project(secret: Office) -> None:
    secret.ana.types("/pmo role @hana analyst", "#general")
    refusals = []
    for key in ("APOLLO", "GEMINI"):
        secret.hana.types("/pmo project add", "#general")
        secret.hana.fills(name="New", key=key, manager="@ben")
        refusals.append(list(secret.hana.submits().values()))
        secret.hana.closes()
    assert refusals == [["This key is taken: choose another."]] * 2


def test_an_analyst_does_not_see_it_and_a_lead_does(secret: Office) -> None:
    secret.ana.types("/pmo role @hana analyst", "#general")
    assert "no project with that key" in said(secret, "hana", "/pmo project GEMINI")
    secret.ana.types("/pmo role @hana pmo", "#general")
    assert "GEMINI" in said(secret, "hana", "/pmo project GEMINI")


def test_who_joins_the_team_sees_it_and_who_leaves_keeps_nothing(secret: Office) -> None:
    secret.eva.types("/pmo team GEMINI add @hana member", "#gem")
    secret.settle()
    assert "You are in the team of *GEMINI*" in secret.hana.reads()[-1].shown
    assert "GEMINI" in said(secret, "hana", "/pmo portfolio")
    secret.eva.types("/pmo team GEMINI remove @hana", "#gem")
    secret.settle()
    assert not any("GEMINI" in message.shown for message in secret.hana.reads())
    assert "GEMINI" not in said(secret, "hana", "/pmo portfolio")


def test_making_one_confidential_takes_its_cards_out_of_a_public_channel(office: Office) -> None:
    office.has_project()
    office.eva.types("/risk APOLLO The vendor may slip p2 i2", "#apollo")
    office.settle()
    assert len(office.hana.reads("#apollo")) >= 2
    card = answer(office, "farah", "/pmo project APOLLO")
    office.farah.presses(card, "Make confidential")
    office.settle()
    assert "nothing is posted there" in office.farah.reads("#general")[-1].shown
    assert not any("APOLLO" in message.shown for message in office.hana.reads("#apollo"))
    card = answer(office, "farah", "/pmo project APOLLO")
    office.farah.presses(card, "Not confidential")
    assert "Apollo" in said(office, "hana", "/pmo project APOLLO")


def test_a_manager_hides_it_in_its_form_and_a_deputy_may_not(office: Office) -> None:
    office.has_project(deputy="@hana")
    office.hana.types("/pmo project APOLLO edit", "#general")
    assert office.hana.modal is not None
    assert "Confidential" not in office.hana.modal.shown
    office.hana.closes()
    office.eva.types("/pmo project APOLLO edit", "#general")
    office.eva.fills(confidential=["yes"])
    assert office.eva.submits() == {}
    assert office.eva.modal is not None
    assert "confidential: no → yes" in office.eva.modal.shown
    assert "nothing is posted there" in office.eva.modal.shown
    assert "no project with that key" in said(office, "ben", "/pmo project APOLLO")
    assert "APOLLO" in said(office, "hana", "/pmo project APOLLO")


def test_a_digest_tells_of_it_where_it_is_named_and_every_reader_may_see_it(secret: Office) -> None:
    for channel, named in (("#gem", ["GEMINI"]), ("#board", ["GEMINI"]), ("#general", [])):
        secret.ana.types("/pmo digest add", "#general")
        secret.ana.fills(channel=channel, confidential=named)
        assert secret.ana.submits() == {}
        secret.ana.closes()
    secret.local.move_to(MONDAY)
    assert "GEMINI" in secret.ana.reads("#gem")[-1].shown
    for channel in ("#board", "#general"):
        assert "APOLLO" in secret.ana.reads(channel)[-1].shown
        assert "GEMINI" not in secret.ana.reads(channel)[-1].shown
    secret.ana.invites("@hana", "#gem")
    secret.local.move_to(MONDAY + timedelta(days=7))
    assert "2026-W49" in secret.hana.reads("#gem")[-1].shown
    assert "GEMINI" not in secret.hana.reads("#gem")[-1].shown


def test_who_edits_a_digest_without_seeing_it_neither_sees_nor_drops_its_name(secret: Office) -> None:
    secret.ana.types("/pmo digest add", "#general")
    secret.ana.fills(channel="#gem", confidential=["GEMINI"])
    assert secret.ana.submits() == {}
    secret.ana.closes()
    secret.ana.types("/pmo role @hana analyst", "#general")
    listed = answer(secret, "hana", "/pmo digests")
    secret.hana.presses(listed, "Edit")
    assert secret.hana.modal is not None
    assert "GEMINI" not in secret.hana.modal.shown
    assert "Confidential" not in secret.hana.modal.shown
    secret.hana.fills(name="Renamed")
    assert secret.hana.submits() == {}
    secret.local.move_to(MONDAY)
    assert "GEMINI" in secret.ana.reads("#gem")[-1].shown


def test_a_preview_shows_each_reader_their_own(secret: Office) -> None:
    assert "GEMINI" in said(secret, "ana", "/pmo digest")
    secret.ana.types("/pmo role @hana executive", "#general")
    assert "GEMINI" not in said(secret, "hana", "/pmo digest")
