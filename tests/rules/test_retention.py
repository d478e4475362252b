"""For how long a client's records are kept."""

from datetime import UTC, datetime

import pytest

from bot.errors import Refused
from bot.rules import retention


@pytest.mark.parametrize(
    ("typed", "days"), [("90", 90), (" 90 days ", 90), ("1 day", 1), ("30d", 30), ("0", 0), ("3650 DAYS", 3650)]
)
def test_days_are_read_as_people_type_them(typed: str, days: int) -> None:
    assert retention.days(typed) == days


@pytest.mark.parametrize("typed", ["", "-1", "3651", "99999999", "90 weeks", "ninety", "1.5"])
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="/pmo retention 90 days"):
        retention.days(typed)


def test_records_go_so_many_days_after_the_bot() -> None:
    removed = datetime(2026, 11, 20, 15, tzinfo=UTC)

    assert retention.ends_at(removed, 30) == datetime(2026, 12, 20, 15, tzinfo=UTC)
