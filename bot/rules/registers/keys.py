"""Keys for the projects of a register: many at once, each found in the same time however many there are."""

from bot.rules.projects import KEY_LENGTH, suggest_key


class Keys:
    """The keys in use; each project that takes one gets a key that nobody else has."""

    def __init__(self, taken: set[str] | frozenset[str]) -> None:
        self._taken = set(taken)
        self._counted: dict[str, int] = {}

    def take(self, name: str, wanted: str | None = None) -> str:
        """The wanted key when it is free, else one suggested from the name: its word, its initials, else a number."""
        key = wanted if wanted and wanted not in self._taken else self._suggested(name)
        self._taken.add(key)
        return key

    def _suggested(self, name: str) -> str:
        first = suggest_key(name)
        if first not in self._taken:
            return first
        second = suggest_key(name, {first})
        return second if second not in self._taken else self._numbered(first.rstrip("0123456789"))

    def _numbered(self, stem: str) -> str:
        while True:
            number = self._counted[stem] = self._counted.get(stem, 1) + 1
            key = f"{stem[: KEY_LENGTH - len(str(number))]}{number}"
            if key not in self._taken:
                return key
