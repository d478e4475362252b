"""How many cases were tried."""


class Cases:
    """Counted while the fuzzers run, and told at the end."""

    tried = 0
