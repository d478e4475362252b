"""The charter: what is kept of a workspace, as rules ask for it."""

from datetime import date
from decimal import Decimal

from bot.rules import charter
from bot.rules.charter import DEFAULT, Charter
from bot.rules.terms import Service, WorkspaceState


def agreed(*parts: str) -> str:
    return charter.BETWEEN.join(parts)


def test_who_agreed_on_nothing_has_the_default() -> None:
    assert charter.kept(agreed("operating", "[]", "{}", "", "[]")) == DEFAULT
    assert DEFAULT.has(Service.RAID)
    assert DEFAULT.has(None)
    assert DEFAULT.asks(is_pilot=False)


def test_what_is_kept_is_given_back() -> None:
    kept = charter.kept(
        agreed("design", '["digests", "of_another_release"]', '{"plus_percent": "5"}', "GB", '["2026-12-24"]')
    )

    assert kept.off == {Service.DIGESTS}
    assert not kept.has(Service.DIGESTS)
    assert kept.tolerances.plus_percent == Decimal(5)
    assert kept.calendar.is_closed(date(2026, 12, 24))
    assert kept.calendar.is_closed(date(2026, 12, 25))


def test_before_going_live_only_pilots_are_asked_and_nobody_where_check_ins_are_off() -> None:
    waiting = Charter(state=WorkspaceState.DEPLOYMENT)

    assert waiting.asks(is_pilot=True)
    assert not waiting.asks(is_pilot=False)
    assert not Charter(off=frozenset({Service.CHECKINS})).asks(is_pilot=True)
