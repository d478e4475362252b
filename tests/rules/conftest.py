"""Properties are tried on the same examples every time, and as many as a quick run bears."""

from hypothesis import settings

settings.register_profile("rules", derandomize=True, database=None, deadline=None, max_examples=150)
settings.load_profile("rules")
