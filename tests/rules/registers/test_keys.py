"""Keys: every project of a register gets its own."""

import re
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.references import KEY
from bot.rules.registers.keys import Keys


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


def test_ten_thousand_projects_of_one_name_get_keys_in_seconds() -> None:
    keys, start = Keys(set()), perf_counter()

    taken = [keys.take("Project") for _ in range(10_000)]

    assert len(set(taken)) == 10_000
    assert perf_counter() - start < 10


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
