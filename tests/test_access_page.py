"""docs/access.md says what the matrix says."""

from bot.rules.terms import Role
from tests.access_page import GROUPS, PAGE, page


def test_the_page_is_what_the_matrix_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.access_page"


def test_every_role_has_a_column() -> None:
    assert sorted(role for roles in GROUPS.values() for role in roles) == sorted(Role)
