"""Forgetting somebody: what a pseudonym is, where it goes, and who may not be forgotten."""

import pytest

from bot.errors import Refused
from bot.rules import forgetting
from bot.rules.actors import Actor
from bot.rules.forgetting import Held

ANA = Actor(workspace=1, person=1, slack_id="U0ANA123", name="Ana", zone="UTC", roles=frozenset())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Former colleague 7", True),
        ("Former colleague 0", False),
        ("Former colleague", False),
        ("Former colleague 7 says", False),
        ("U0ANA123", False),
        ("", False),
        (None, False),
    ],
)
def test_a_pseudonym_is_known_by_its_shape(text: str | None, is_one: bool) -> None:
    assert forgetting.is_pseudonym(text) is is_one


def test_what_is_made_is_known_again() -> None:
    assert forgetting.is_pseudonym(forgetting.pseudonym(12))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Ask <@U0BEN456> or <@U0BEN456|ben>", "Ask X or X"),
        ("@U0BEN456 said so", "X said so"),
        ("escalation:5:asked:U0BEN456", "escalation:5:asked:X"),
        ("U0BEN456", "X"),
        ("@Ben Carter said, @Ben Carters did not", "X said, @Ben Carters did not"),
        ("Ben Carter without an @ is left", "Ben Carter without an @ is left"),
        ("U0BEN4567 is another", "U0BEN4567 is another"),
    ],
)
def test_somebody_is_called_otherwise_wherever_slack_would_name_them(text: str, after: str) -> None:
    assert forgetting.renamed(text, "U0BEN456", "Ben Carter", "X") == after


def test_somebody_without_a_name_is_known_by_id_alone() -> None:
    assert forgetting.renamed("@ and @U0BEN456", "U0BEN456", "", "X") == "@ and X"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U0GONE99> was asked", "Former colleague was asked"),
        ("<@U0GONE99|gone> was asked", "Former colleague was asked"),
        ("@U0GONE99 was asked", "Former colleague was asked"),
        ("U0GONE99", "Former colleague"),
        ("<@U0ANA123> was asked", "<@U0ANA123> was asked"),
        ("UNIVERSAL rules, W3C2026", "UNIVERSAL rules, W3C2026"),
    ],
)
def test_history_shows_no_id_that_is_nobodys(text: str, shown: str) -> None:
    assert forgetting.veiled(text, {"U0ANA123"}) == shown


@pytest.mark.parametrize(
    ("text", "who"), [("<@U0BEN456|ben>", "U0BEN456"), (" <@U0BEN456> ", "U0BEN456"), ("ben", None), ("<@x>", None)]
)
def test_a_mention_alone_is_read(text: str, who: str | None) -> None:
    assert forgetting.mentioned(text) == who


def test_nobody_forgets_themself_so_that_the_last_admin_stays() -> None:
    with pytest.raises(Refused, match="ask somebody else") as refused:
        forgetting.check(ANA, "U0ANA123", is_bot=False, field="who")

    assert list(refused.value.fields) == ["who"]


def test_an_app_is_not_forgotten() -> None:
    with pytest.raises(Refused, match="not a person"):
        forgetting.check(ANA, "U0APP", is_bot=True)


def test_a_colleague_may_be() -> None:
    forgetting.check(ANA, "U0BEN456", is_bot=False)


@pytest.mark.parametrize(
    "held", [Held(managed=("A",)), Held(sponsored=("A",)), Held(risks=1), Held(checkins=1), Held(escalations=1)]
)
def test_whoever_answers_for_something_needs_a_successor(held: Held) -> None:
    with pytest.raises(Refused, match="Choose who takes over") as refused:
        forgetting.successor(held, "U0BEN456", None, field="successor")

    assert list(refused.value.fields) == ["successor"]


def test_nobody_takes_over_from_themself() -> None:
    with pytest.raises(Refused, match="somebody else"):
        forgetting.successor(Held(risks=1), "U0BEN456", "U0BEN456", field="successor")


def test_the_successor_is_who_was_chosen_and_nobody_where_there_is_nothing_to_take_over() -> None:
    assert forgetting.successor(Held(risks=1), "U0BEN456", "U0EVA789", field="successor") == "U0EVA789"
    assert forgetting.successor(Held(), "U0BEN456", "U0EVA789", field="successor") is None
