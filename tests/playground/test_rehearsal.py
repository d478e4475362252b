"""The sample: its people live through its weeks as anybody would, and nothing goes wrong."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.playground import Clock, Playground, rehearsal, sample
from bot.playground.filling import Impossible
from bot.playground.local import Local
from bot.rules.projects import KEY_LENGTH
from tests.bots import SOCKET, running
from tests.office import MANIFEST, Office

NOW = datetime(2026, 11, 18, 11, tzinfo=UTC)
WEEKS = 2


@pytest.fixture
def northwind(monkeypatch: pytest.MonkeyPatch, new_database: Callable[[str], str]) -> Iterator[Office]:
    """The sample workspace after two of its weeks."""
    monkeypatch.setattr(rehearsal, "WEEKS", WEEKS)
    with Playground(Clock(rehearsal.first_monday(NOW)), MANIFEST) as slack:
        workspace = rehearsal.move_in(slack)
        with running(slack, workspace, new_database("sqlite"), SOCKET) as bot:
            told: list[str] = []
            local = Local(slack, bot)
            rehearsal.live_through(local, told.append)
            assert told == [f"Living through the sample's week {week} of 2" for week in (1, 2)]
            yield Office(slack, workspace, bot, local)
        assert slack.warnings == []
        assert slack.notes == []


def test_two_weeks_of_the_sample(northwind: Office) -> None:
    ana, board = northwind.ana, northwind.ana.reads(sample.BOARD)
    assert northwind.local.now() == datetime(2026, 11, 16, 10, tzinfo=UTC)

    listed = ana.types("/pmo portfolio operations", "#general")
    assert listed is not None
    assert "Portfolio Operations" in listed.shown
    for key in ("PAYROLL", "WAREHOUSE", "FLEET", "INVOICES"):
        assert key in listed.shown

    assert len(board) == WEEKS
    assert "reports 12 of 12" in board[-1].shown
    assert "*Portfolio:* 12 live" in board[-1].shown
    assert "*worse* STOREWIFI G>A" in board[-1].shown
    assert "STOREWIFI-R2 Contractor may go out of business" in board[-1].shown

    datahub = [message.shown for message in ana.reads("#proj-datahub")]
    assert sum("[R] Off track" in shown for shown in datahub) == WEEKS
    assert any("DATAHUB-R1 Nobody may want to own the product data" in shown for shown in datahub)
    assert any("Decided on DATAHUB-E1" in shown for shown in datahub)
    assert any("Name an owner in each region" in shown for shown in datahub)


def test_a_risk_of_the_sample_is_closed_in_its_week(northwind: Office) -> None:
    cards = [each.shown for each in northwind.ana.reads("#proj-storewifi") if "Permits for the masts" in each.shown]
    assert len(cards) == 1
    assert "Closed as avoided by" in cards[0]


def test_its_weeks_end_on_the_last_monday() -> None:
    assert rehearsal.first_monday(NOW) == datetime(2026, 9, 21, tzinfo=UTC)
    assert rehearsal.first_monday(NOW) + sample.WEEKS * timedelta(days=7) == datetime(2026, 11, 16, tzinfo=UTC)


def test_a_form_that_is_not_taken_is_a_bug_of_the_sample(office: Office) -> None:
    office.ana.types("/pmo project add", "#general")
    with pytest.raises(Impossible, match=r"ana could not send the form: .*manager"):
        rehearsal._send(office.ana, {"name": "Apollo"})


@pytest.mark.parametrize("story", sample.STORIES, ids=lambda story: story.key)
def test_every_story_has_its_weeks_its_people_and_a_reason_for_trouble(story: sample.Story) -> None:
    people = {each.handle for each in sample.PEOPLE}
    assert len(story.ratings) == sample.WEEKS
    assert set(story.ratings) <= set("GAR=-")
    assert len(story.key) <= KEY_LENGTH
    assert {story.manager, story.sponsor, story.deputy} - {None} <= people
    assert {trouble.owner for trouble in story.troubles} <= people
    in_trouble = [week for week, rating in enumerate(story.ratings) if rating in "AR"]
    assert not in_trouble or story.troubles[0].week <= in_trouble[0]


def test_the_sample_has_12_projects_of_3_portfolios_and_8_people_in_5_zones() -> None:
    assert len({story.key for story in sample.STORIES}) == 12
    assert len({story.portfolio for story in sample.STORIES}) == 3
    assert len({each.handle for each in sample.PEOPLE}) == 8
    assert len({each.zone for each in sample.PEOPLE}) == 5
