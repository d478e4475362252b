"""Slack's date tokens, in the reader's own zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.playground.page import dates
from bot.playground.page.reader import Reader
from tests.playground.page.samples import EPOCH

DAY = 86_400


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("{date_num}", "2025-11-18"),
        ("{date_slash}", "18/11/2025"),
        ("{date}", "18 November 2025"),
        ("{date_short}", "18 Nov 2025"),
        ("{date_long}", "Tuesday, 18 November 2025"),
        ("{date_long_full}", "Tuesday, 18 November 2025"),
        ("{date_short_pretty} at {time}", "18 Nov 2025 at 15:00"),
        ("{time_secs}", "15:00:00"),
        ("{ago}", "3 days ago"),
        ("{day_divider_pretty}", "Tuesday, 18 November 2025"),
        ("{nonsense} {time}", "{nonsense} 15:00"),
    ],
)
def test_every_token_has_its_words(eyes: Reader, form: str, words: str) -> None:
    assert dates.written(EPOCH - 3 * DAY, form, eyes) == words


@pytest.mark.parametrize(
    ("days", "form", "words"),
    [
        (0, "{date_pretty}", "today"),
        (1, "{date_pretty}", "tomorrow"),
        (-1, "Due {date_short_pretty}", "Due yesterday"),
        (0, "{date}", "21 November 2025"),
        (-1, "{day_divider_pretty}", "Yesterday"),
    ],
)
def test_pretty_forms_name_the_days_nearby(eyes: Reader, days: int, form: str, words: str) -> None:
    assert dates.written(EPOCH + days * DAY, form, eyes) == words


def test_a_date_is_the_readers_own(eyes: Reader) -> None:
    in_auckland = replace(eyes, zone=ZoneInfo("Pacific/Auckland"))

    assert dates.written(EPOCH, "{date_num} {time}", in_auckland) == "2025-11-22 04:00"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-5), "5 hours ago"),
        (timedelta(days=2), "in 2 days"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(gap: timedelta, words: str) -> None:
    now = datetime(2025, 11, 21, tzinfo=UTC)

    assert dates.ago(now + gap, now) == words


def test_a_stamp_carries_the_exact_moment(eyes: Reader) -> None:
    drawn = dates.stamp(EPOCH, "then <b>", eyes)

    assert 'datetime="2025-11-21T15:00:00+00:00"' in drawn
    assert 'title="Friday, 21 November 2025 at 15:00:00"' in drawn
    assert ">then &lt;b&gt;<" in drawn
