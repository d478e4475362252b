"""What Slack tells of people is kept, where we have to do with them."""

from datetime import UTC, datetime

from bot.store import people, projects, schedules
from tests.office import Office


def test_a_manager_who_moves_is_asked_at_the_same_hour_of_their_day(office: Office) -> None:
    office.has_project()
    office.slack.change_person(office.workspace, "eva", tz="Asia/Tokyo")
    with office.bot.db.reading(office.row.id) as session:
        schedule = schedules.of_project(session, projects.get(session, "APOLLO").id)
    assert schedule is not None
    assert schedule.next_due_at == datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_who_left_is_marked_and_strangers_are_not_kept(office: Office) -> None:
    office.has_project()
    for handle in ("eva", "hana"):
        office.slack.change_person(office.workspace, handle, deleted=True)
    with office.bot.db.reading(office.row.id) as session:
        eva = people.find(session, office.id("eva"))
        assert people.find(session, office.id("hana")) is None
    assert eva is not None
    assert eva.deactivated_at == office.slack.clock()
