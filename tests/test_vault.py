"""The vault: sealed with the first key, opened with any, and never shown."""

import pytest

from bot.vault import Locked, Vault, new_key, split

TOKEN = "xoxb-" + "1" * 40


def test_what_is_sealed_does_not_show_and_can_be_opened() -> None:
    vault = Vault(new_key())
    sealed = vault.seal(TOKEN)

    assert TOKEN not in sealed
    assert vault.open(sealed) == TOKEN
    assert vault.seal(TOKEN) != sealed


def test_a_newer_key_in_front_seals_and_the_older_one_still_opens() -> None:
    old, new = new_key(), new_key()
    sealed = Vault(old).seal(TOKEN)
    both = Vault(f"{new}, {old}")

    assert both.open(sealed) == TOKEN
    assert Vault(new).open(both.reseal(sealed)) == TOKEN
    assert Vault(new).open(both.seal(TOKEN)) == TOKEN


@pytest.mark.parametrize("turn", ["open", "reseal"])
def test_a_key_that_does_not_fit_is_said_without_a_secret(turn: str) -> None:
    lost, at_hand = new_key(), new_key()
    sealed = Vault(lost).seal(TOKEN)
    with pytest.raises(Locked, match="PMO_ENCRYPTION_KEYS") as error:
        getattr(Vault(at_hand), turn)(sealed)

    assert not any(secret in repr(error.value) for secret in (sealed, lost, at_hand))
    assert error.value.__suppress_context__


def test_without_a_key_it_is_said_how_to_make_one() -> None:
    with pytest.raises(Locked, match="pmo-bot keys new"):
        Vault("").seal(TOKEN)


def test_it_shows_no_key() -> None:
    key = new_key()

    assert key not in repr(Vault(key)) + repr(vars(Vault(key)))


def test_keys_stand_with_commas_or_blanks_between() -> None:
    one, two = new_key(), new_key()

    assert split(f" {one},{two}\n") == [one, two]
    with pytest.raises(ValueError, match="32"):
        split(f"{one},x")
