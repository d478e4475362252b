"""Keys: every project of a register gets its own."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.references import KEY
from bot.rules.registers.keys import Keys
from tests.counting import calls


def test_a_key_is_the_word_the_initials_or_a_number() -> None:
    keys = Keys({"ZEUS"})

    assert [keys.take("Apollo data platform") for _ in range(4)] == ["APOLLO", "ADP", "APOLLO2", "APOLLO3"]
    assert keys.take("Zeus") == "ZEUS2"


def test_a_wanted_key_is_given_when_it_is_free() -> None:
    keys = Keys(frozenset({"MARS"}))

    assert [keys.take("Apollo", "MOON"), keys.take("Apollo", "MOON"), keys.take("Apollo", "MARS")] == [
        "MOON", "APOLLO", "APOLLO2",
    ]  # fmt: skip


def test_a_taken_number_is_passed_over_and_long_words_make_room_for_it() -> None:
    keys = Keys({"COMMUNICAT", "COMMUNICA2"})

    assert keys.take("Communications") == "COMMUNICA3"


def of_one_name(projects: int) -> set[str]:
    keys = Keys(set())
    return {keys.take("Project") for _ in range(projects)}


def test_ten_times_the_projects_of_one_name_take_ten_times_the_work() -> None:
    assert len(of_one_name(10_000)) == 10_000
    assert calls(lambda: of_one_name(5_000)) < 11 * calls(lambda: of_one_name(500))


@given(
    st.lists(
        st.sampled_from(["Apollo", "Apollo 2", "A", "Ä", "日本", "12", "The project", "Apollo Orbit"]), max_size=40
    )
)
def test_all_keys_differ_and_are_keys(names: list[str]) -> None:
    keys = Keys(set())

    taken = [keys.take(name) for name in names]

    assert len(set(taken)) == len(names)
    assert all(re.fullmatch(KEY, key) for key in taken)
