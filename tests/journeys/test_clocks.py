"""Clocks that change: who is asked at three in the afternoon is asked at three, in summer and in winter."""

from datetime import datetime, timedelta

import pytest

from tests.journeys.chat import at, newest
from tests.journeys.conftest import AUTUMN
from tests.office import Office

MINUTE = timedelta(minutes=1)
LONDON = [at(23, 14, month=10), at(30, 15, month=10), at(6, 15)]
"""Three in the afternoon on Fridays; the clocks go back on 25 October."""
NEW_YORK = [at(23, 19, month=10), at(30, 19, month=10), at(6, 20)]
"""The same; the clocks go back on 1 November."""


@pytest.mark.at(AUTUMN)
def test_everybody_is_asked_at_three_by_the_clock_on_their_wall(office: Office) -> None:
    office.has_project("APOLLO", manager="@farah", sponsor="@hana")
    office.has_project("GEMINI", manager="@ben")
    for london, new_york in zip(LONDON, NEW_YORK, strict=True):
        assert_asked_at(office, "farah", london)
        assert_asked_at(office, "ben", new_york)


def assert_asked_at(office: Office, who: str, moment: datetime) -> None:
    """Somebody is asked at that moment, and not a minute before."""
    person = office.slack.as_(who)
    office.local.move_to(moment - MINUTE)
    before = len(person.reads())
    office.local.move_to(moment)
    assert len(person.reads()) == before + 1
    assert "How is" in newest(person).shown


@pytest.mark.at(AUTUMN)
def test_the_digest_stays_at_nine(office: Office) -> None:
    office.has_project()
    office.ana.types("/pmo digest add", "#general")
    office.ana.fills(channel="#board")
    office.ana.submits()
    for monday in [at(26, 9, month=10), at(2, 9)]:
        office.local.move_to(monday - MINUTE)
        before = len(office.farah.reads("#board"))
        office.local.move_to(monday)
        assert len(office.farah.reads("#board")) == before + 1


@pytest.mark.at(AUTUMN)
def test_somebody_who_moves_is_asked_at_three_where_they_are_now(office: Office) -> None:
    office.has_project(manager="@ben")
    assert_asked_at(office, "ben", NEW_YORK[0])
    office.slack.change_person(office.workspace, "ben", tz="Europe/London")
    assert_asked_at(office, "ben", LONDON[1])
