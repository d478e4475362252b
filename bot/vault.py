"""The vault: what must not be read from a copy of the database is sealed in it."""

import re
from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import Refused

NO_KEY_FITS = (
    "A stored token was sealed with a key that is not in PMO_ENCRYPTION_KEYS. Put that key back, after the newest; "
    "then pmo-bot keys rotate makes it dispensable. If it is lost, have the bot installed again."
)
MAKE_ONE = "pmo-bot keys new prints one"


class Locked(Refused):
    """Nothing that is sealed can be opened with the keys at hand."""


class Vault:
    """Seals with the first key, and opens with whichever fits; shows neither keys nor what is sealed."""

    def __init__(self, keys: str) -> None:
        self._fernets = [Fernet(key) for key in split(keys)]

    def seal(self, secret: str) -> str:
        """The secret as it may be kept; raises Locked without a key."""
        return self._locks().encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """The secret again; raises Locked when no key fits."""
        return _turned(self._locks().decrypt, sealed)

    def reseal(self, sealed: str) -> str:
        """The same secret, sealed with the first key; raises Locked when no key fits."""
        return _turned(self._locks().rotate, sealed)

    def _locks(self) -> MultiFernet:
        if not self._fernets:
            raise Locked(f"There is no key: set PMO_ENCRYPTION_KEYS ({MAKE_ONE}).")
        return MultiFernet(self._fernets)


def _turned(turn: Callable[[bytes], bytes], sealed: str) -> str:
    try:
        return turn(sealed.encode()).decode()
    except InvalidToken:
        raise Locked(NO_KEY_FITS) from None


def split(keys: str) -> list[str]:
    """The keys of a setting, with commas or blanks between; ValueError when one is no key."""
    found = re.findall(r"[^\s,;]+", keys)
    for key in found:
        Fernet(key)
    return found


def new_key() -> str:
    """A key nobody has seen before."""
    return Fernet.generate_key().decode()
