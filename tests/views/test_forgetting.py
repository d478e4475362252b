"""What whoever forgets somebody reads: whom, what it changes, how it ended, and the way back."""

from datetime import timedelta
from typing import Any

from bot import views
from bot.playground import lint
from bot.rules.forgetting import Held
from bot.store.tables import Forgotten
from bot.views.text import mention
from tests.factories import NOW

HELD = Held(managed=("APOLLO", "GEMINI"), sponsored=("MARS",), risks=1, checkins=2, escalations=1)


def forgotten(**values: Any) -> Forgotten:
    defaults: dict[str, Any] = {
        "id": 3,
        "person_id": 2,
        "number": 7,
        "forgotten_at": NOW,
        "kept_until": NOW + timedelta(days=30),
    }
    return Forgotten(**(defaults | values))


def test_it_asks_whom() -> None:
    form = views.forgetting.ask()

    assert lint.view(form) is None
    assert form["blocks"][0]["element"]["type"] == "external_select"


def test_who_has_left_is_marked() -> None:
    stays, left = (views.forgetting.suggested(1, "Ana", has_left=gone) for gone in (False, True))

    assert lint.options(views.blocks.suggestions([stays, left])) is None
    assert "Has left" in str(views.blocks.suggestions([left]))


def test_the_preview_of_somebody_who_answers_for_nothing_has_nothing_to_fill_in() -> None:
    form = views.forgetting.preview(2, "Ana *Diaz*", held=Held(), counts={"Reports": 1200}, deputy=None)

    assert lint.view(form) is None
    assert not [block for block in form["blocks"] if block["type"] == "input"]
    assert "1,200" in str(form)
    assert "*Ana *Diaz**" not in str(form)


def test_the_preview_lists_what_goes_over_and_suggests_the_deputy() -> None:
    form = views.forgetting.preview(2, "Ana", held=HELD, counts={"Reports": 1}, deputy="U0BEN")

    assert lint.view(form) is None
    assert "APOLLO, GEMINI as manager, MARS as sponsor, 1 open risk, 2 check-ins and 1 decision" in str(form)
    (field,) = [block for block in form["blocks"] if block["type"] == "input"]
    assert field["element"]["initial_user"] == "U0BEN"


def test_done_says_who_it_is_now_and_until_when_it_can_be_undone() -> None:
    message = views.forgetting.done(
        forgotten(), pseudonym="Former colleague 7", successor="U0BEN", zone="Europe/London"
    )

    assert lint.message(message.blocks) is None
    assert message.text == (
        "They are Former colleague 7 from now on. <@U0BEN> takes over what they answered for, and is told."
    )
    assert "Sun 20 Dec 2026" in str(message.blocks)
    assert message.blocks[-1]["elements"][0]["value"] == "3"


def test_whoever_takes_over_is_told_of_what_without_a_name() -> None:
    message = views.forgetting.took_over(projects=["APOLLO"], risks=2, escalations=0, checkins=1, by="U0ANA")

    assert lint.message(message.blocks) is None
    assert message.text == "You take over from a colleague who left: APOLLO, 2 risks and 1 check-in."


def test_those_who_can_be_brought_back_are_listed_up_to_a_screen() -> None:
    known = [(forgotten(id=number), f"Former colleague {number}", "Ana") for number in range(1, 13)]

    message = views.forgetting.reversible(known, "Europe/London")

    assert lint.message(message.blocks) is None
    assert message.text == "12 people can be brought back."
    assert "and 2 more" in str(message.blocks)
    assert len([block for block in message.blocks if block["type"] == "actions"]) == 10


def test_an_empty_list_says_so() -> None:
    assert "Nobody was forgotten in the last 30 days" in views.forgetting.reversible([], "Europe/London").text


def test_brought_back_they_are_named_again() -> None:
    assert views.forgetting.undone("U0BEN").startswith("<@U0BEN> is known again")


def test_a_pseudonym_is_shown_as_it_is_where_others_are_mentioned() -> None:
    assert mention("Former colleague 7") == "Former colleague 7"
    assert mention("Former colleagues") == "nobody"
