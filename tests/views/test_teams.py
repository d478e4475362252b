"""A project's team as it is shown, changed and told of."""

import pytest

from bot.playground import lint
from bot.rules.terms import Role
from bot.store.tables import Message, Person, Project
from bot.views import teams
from tests.factories import NOW

APOLLO = Project(id=7, key="APOLLO", name="Apollo <data>", currency="GBP", created_at=NOW)
TEAM = {Role.MANAGER: ["UEVA"], Role.MEMBER: ["UANN", "UBEN"]}


def somebody(slack_id: str) -> Person:
    return Person(slack_id=slack_id, name=slack_id, timezone="Europe/London")


def shown(message: Message) -> str:
    return str(message.blocks)


@pytest.mark.parametrize("may_change", [True, False])
def test_everybody_sees_who_has_which_part_and_who_may_change_it(may_change: bool) -> None:
    card = teams.card(APOLLO, TEAM, may_change=may_change)
    assert "*Manager*: <@UEVA>" in card.text
    assert "*Member*: <@UANN> and <@UBEN>" in card.text
    assert "*Sponsor*: nobody" in card.text
    assert (teams.OPEN in shown(card), "add @ann member" in shown(card)) == (may_change, may_change)
    assert lint.message(card.blocks) is None


def test_the_form_shows_the_team_or_what_was_entered() -> None:
    form = teams.form(APOLLO, TEAM, {}, seen=3)
    assert lint.view(form) is None
    first = {block["block_id"]: block["element"] for block in form["blocks"]}
    assert first["manager"]["initial_user"] == "UEVA"
    assert first["members"]["initial_users"] == ["UANN", "UBEN"]
    again = teams.form(APOLLO, TEAM, {"manager": "UBEN", "members": []}, seen=3)
    entered = {block["block_id"]: block["element"] for block in again["blocks"]}
    assert entered["manager"]["initial_user"] == "UBEN"
    assert "initial_users" not in entered["members"]


def test_a_change_says_who_had_a_part_and_the_way_back() -> None:
    saved = teams.saved(APOLLO, {Role.SPONSOR: ([somebody("UFARAH")], [])})
    assert "• Sponsor: <@UFARAH> → nobody" in shown(saved)
    assert "7;sponsor=UFARAH" in shown(saved)
    assert lint.message(saved.blocks) is None
    assert "nothing was changed" in teams.saved(APOLLO, {}).text


def test_who_joins_and_who_leaves_is_told() -> None:
    for message in (teams.joined(APOLLO, by="UEVA"), teams.left(APOLLO, Role.MEMBER, by="UEVA")):
        assert "Apollo &lt;data&gt;" in shown(message)
        assert lint.message(message.blocks) is None
    assert "not the sponsor of APOLLO" in teams.left(APOLLO, Role.SPONSOR, by="UEVA").text
